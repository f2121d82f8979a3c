"""What nobody can read, nor tell from its neighbours, without the keys."""
