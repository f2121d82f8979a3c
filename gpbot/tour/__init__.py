"""The practice workspace with gpbot in it: told as a story that checks itself, and to walk around in."""
