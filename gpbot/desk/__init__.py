"""The Desk, where champions find what waits for them, and App Home when somebody opens it."""
