"""Names in what people write: whether it names a champion or contact, and by what somebody can be found."""

import re
import unicodedata
from collections.abc import Iterable

from gpbot.people.types import RoleHolder, RoleName

LONGEST_START = 15  # letters; what is typed beyond is not looked at
_MOST_WORDS = 20
_SHORTEST_NAME = 3  # letters; shorter ones only where they are written with a capital
_SHORTEST_BENT = 5  # letters; of four, what is left could begin too many words
_LETTERS_ALONE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"})
_SPACED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "DIGIT")  # where a name stands between blanks or signs
_LETTER = r"[^\W_]"


def mentioned(text: str, holders: Iterable[RoleHolder], *, in_full: bool = False) -> tuple[RoleHolder, ...]:
    """Those of `holders` whom `text` names, erring on the side of finding one too many: that costs a question.

    `in_full`: only by mention, id, or a whole name.
    """
    unmarked, folded = _fold_marks(text), _fold(text)
    return tuple(
        holder
        for holder in holders
        if _has_whole(folded, holder) or (not in_full and _has_part(text, unmarked, folded, holder))
    )


def is_signed(text: str, slack_id: str, user_name: str) -> bool:
    """Whether `text` tells who wrote it; `user_name` is like "mona.said"."""
    writer = RoleHolder(
        slack_id=slack_id,
        role=RoleName.CHAMPION,
        name=re.sub(r"[\W\d_]+", " ", user_name).strip(),
        other_names=(),
        title="",
        reachable=True,
    )
    return bool(mentioned(text, [writer]))


def searched(text: str) -> frozenset[str]:
    """The words typed to find somebody, as `starts` has them; empty when it holds no letter or digit."""
    return frozenset(word[:LONGEST_START] for word in _words(text))


def starts(*texts: str) -> frozenset[str]:
    """All that the first twenty words of these begin with: "zo" is one of "Zoë O'Neill", and so is "oneill"."""
    words: list[str] = []
    for each in " ".join(texts).split():
        parts = _words(each)
        words += [*parts, "".join(parts)] if len(parts) > 1 else parts
    words = list(dict.fromkeys(words))[:_MOST_WORDS]
    return frozenset(word[:end] for word in words for end in range(1, min(len(word), LONGEST_START) + 1))


def _words(text: str) -> list[str]:
    return re.findall(rf"{_LETTER}+", _fold(text))


def _has_whole(folded: str, holder: RoleHolder) -> bool:
    known_as = (holder.slack_id, holder.name, *holder.other_names)
    return any(_has(folded, name) for name in map(_fold, known_as) if name)


def _has_part(text: str, unmarked: str, folded: str, holder: RoleHolder) -> bool:
    """One of their names alone, bent as languages bend names, or written as one word."""
    for name in (each for known_as in (holder.name, *holder.other_names) for each in (known_as, *known_as.split())):
        letters = re.findall(rf"{_LETTER}+", name)
        parts = {*map(_fold, letters), "".join(map(_fold, letters))}
        if any(len(part) < _SHORTEST_NAME and part.istitle() and _has(text, part) for part in letters):
            return True
        if any(len(part) >= _SHORTEST_NAME and _has(folded, part) for part in parts):
            return True
        if any(len(part) >= _SHORTEST_BENT and _has(folded, part, bent=True) for part in parts):
            return True
        # Bent, so short a name looks like everyday words ("they" for Theo): a capital tells it from them.
        if any(len(part) == _SHORTEST_BENT - 1 and _has(unmarked, part.title(), bent=True) for part in parts):
            return True
    return False


def _has(text: str, name: str, *, bent: bool = False) -> bool:
    stem, ending = (name[:-1], rf"{_LETTER}{{1,3}}") if bent else (name, "")
    if stem not in text:
        return False
    if not all(unicodedata.name(char, "").startswith(_SPACED) for char in name if char.isalnum()):
        return name in text  # other scripts write no blanks, or join small words to names
    return re.search(rf"(?<!{_LETTER}){re.escape(stem)}{ending}(?!{_LETTER})", text) is not None


def _fold(text: str) -> str:
    """Case, accents, width and invisible characters aside."""
    return _fold_marks(text).casefold().translate(_LETTERS_ALONE).strip()


def _fold_marks(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cf"})
