"""Arriving: finding channels, saying hello, being welcomed by a person, and a word after a week."""
