"""The workspace's public channels: what they are called, what they are for, and joining them."""
