"""The channel of an approved proposal: made once, told to everybody it concerns, and taken up again after a crash."""
