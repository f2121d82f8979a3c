"""Channels that members propose: supported, decided by the champions, and opened."""
