"""Whether someone's words name a champion or contact: by mention, id, or any of their names."""

import re
import unicodedata
from collections.abc import Iterable

from gpbot.people.types import RoleHolder

_SHORTEST_NAME = 3  # letters; "Al" alone is too often a word
_SPACED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "DIGIT")  # where a name stands between blanks or signs
_LETTER = r"[^\W_]"


def mentioned(text: str, holders: Iterable[RoleHolder]) -> tuple[RoleHolder, ...]:
    """Those of `holders` whom `text` names, erring on the side of finding one too many."""
    folded = _fold(text)
    return tuple(holder for holder in holders if _names(folded, holder))


def _names(folded: str, holder: RoleHolder) -> bool:
    return any(_has(folded, name) for name in _known_as(holder))


def _has(folded: str, name: str) -> bool:
    if not all(unicodedata.name(char, "").startswith(_SPACED) for char in name if char.isalnum()):
        return name in folded  # other scripts write no blanks, or join small words to names
    return re.search(rf"(?<!{_LETTER}){re.escape(name)}(?!{_LETTER})", folded) is not None


def _known_as(holder: RoleHolder) -> set[str]:
    names = {_fold(holder.slack_id)}
    for name in (holder.name, *holder.other_names):
        folded = _fold(name)
        names.add(folded)
        names.update(part for part in re.findall(rf"{_LETTER}+", folded) if len(part) >= _SHORTEST_NAME)
    return names - {""}


def _fold(text: str) -> str:
    """Case, accents, width and invisible characters aside."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cf"}).strip()
