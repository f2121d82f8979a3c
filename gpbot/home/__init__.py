"""App Home and the Desk: what waits for one person, and nothing of what waits for another."""
