"""Everyday words of many languages, which are a name only where they are written like one."""

from functools import cache

import stopwordsiso

from gpbot.people.letters import fold

_SOME_MORE = """
may will mark rose hope faith grace joy summer dawn april june august sun moon star light love rich young long white
black brown green gray grey king queen prince cook baker smith hall hill wood stone field bell day knight price
"""


def is_everyday(raw: str) -> bool:
    """`raw`: a word of a text that was folded, small."""
    return raw in _everyday()


def is_everyday_in_arabic_letters(raw: str, *, arabic: bool) -> bool:
    """The same, of Arabic, or of the other languages that are written so: one's everyday word is another's name."""
    return raw in (_everyday_of("ar") if arabic else _everyday_of("fa", "ur", "ku"))


@cache
def _everyday_of(*languages: str) -> frozenset[str]:
    return frozenset(fold(word).casefold() for word in stopwordsiso.stopwords(languages))


@cache
def _everyday() -> frozenset[str]:
    words = stopwordsiso.stopwords(stopwordsiso.langs())
    return frozenset(fold(word).casefold() for word in words) | frozenset(_SOME_MORE.split())
