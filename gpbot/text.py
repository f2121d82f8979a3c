"""What every workflow asks of the words people write."""

import unicodedata

MAX_WORDS = 3000  # characters in one of Slack's text boxes
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: blanks and characters without width alone."""
    return all(unicodedata.category(char) in _UNSEEN for char in text)
