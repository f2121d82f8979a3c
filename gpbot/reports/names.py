"""Whether someone's words name a champion or contact: by mention, id, or any of their names."""

import re
import unicodedata
from collections.abc import Iterable

from gpbot.people.types import RoleHolder

_SHORTEST_NAME = 3  # letters; shorter ones only where they are written with a capital
_SHORTEST_BENT = 4  # letters; with one fewer, what is left could begin too many words
_SPACED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "DIGIT")  # where a name stands between blanks or signs
_LETTER = r"[^\W_]"


def mentioned(text: str, holders: Iterable[RoleHolder], *, in_full: bool = False) -> tuple[RoleHolder, ...]:
    """Those of `holders` whom `text` names, erring on the side of finding one too many: that costs a question.

    `in_full`: only by mention, id, or a whole name.
    """
    folded = _fold(text)
    return tuple(
        holder for holder in holders if _has_whole(folded, holder) or (not in_full and _has_part(text, folded, holder))
    )


def _has_whole(folded: str, holder: RoleHolder) -> bool:
    known_as = (holder.slack_id, holder.name, *holder.other_names)
    return any(_has(folded, name) for name in map(_fold, known_as) if name)


def _has_part(text: str, folded: str, holder: RoleHolder) -> bool:
    """One of their names alone, bent as languages bend names, or written as one word."""
    for name in (holder.name, *holder.other_names):
        letters = re.findall(rf"{_LETTER}+", name)
        if any(len(part) < _SHORTEST_NAME and part.istitle() and _has(text, part) for part in letters):
            return True
        parts = [*map(_fold, letters), "".join(map(_fold, letters))]
        if any(len(part) >= _SHORTEST_NAME and _has(folded, part, bent=True) for part in parts):
            return True
    return False


def _has(text: str, name: str, *, bent: bool = False) -> bool:
    if not all(unicodedata.name(char, "").startswith(_SPACED) for char in name if char.isalnum()):
        return name in text  # other scripts write no blanks, or join small words to names
    stem, ending = (name[:-1], rf"{_LETTER}{{0,3}}") if bent and len(name) >= _SHORTEST_BENT else (name, "")
    return re.search(rf"(?<!{_LETTER}){re.escape(stem)}{ending}(?!{_LETTER})", text) is not None


def _fold(text: str) -> str:
    """Case, accents, width and invisible characters aside."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cf"}).strip()
