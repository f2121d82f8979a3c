"""What a channel may be called: Slack's rules, and the words a community keeps for itself."""

import re
import unicodedata
from collections.abc import Collection

from gpbot.proposals.types import MOST_NAME

_LETTERS_ALONE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"})


def normalised(typed: str) -> str:
    """As Slack would have it: small letters, digits, - and _. Empty when nothing of it can stand in a name."""
    decomposed = unicodedata.normalize("NFKD", typed.casefold())
    letters = "".join(char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cf"})
    joined = re.sub(r"[^a-z0-9_-]+|-{2,}", "-", letters.translate(_LETTERS_ALONE))
    return re.sub(r"-{2,}", "-", joined).strip("-_")


def wrong_with(name: str, reserved: Collection[str]) -> str | None:
    """What to tell the person who proposes this normalised name; None when nothing is wrong."""
    if not name:
        return "Slack's channel names are made of the letters a to z, digits, - and _. Please write it with those."
    if len(name) > MOST_NAME:
        return f"A channel's name has at most {MOST_NAME} characters; this would have {len(name)}."
    kept = next((word for word in reserved if word and f"{name}-".replace("_", "-").startswith(f"{word}-")), None)
    if kept is not None:
        return f"Names that begin with “{kept}” are kept for the champions. Please choose another."
    return None
