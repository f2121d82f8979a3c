"""What people have in front of them, put together from what each workflow brings; it knows none of them."""
