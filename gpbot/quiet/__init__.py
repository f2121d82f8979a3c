"""Channels that were opened from a proposal and have gone quiet: stewards are asked, and champions decide."""
