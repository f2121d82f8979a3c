"""What a channel is about, from the words of its purpose, and how words are compared."""

import re
import unicodedata

from anyascii import anyascii

from gpbot.people.letters import fold as fold_letters
from gpbot.people.letters import same, script_of

LONGEST = 40
MOST = 10  # of one channel

_LINE = re.compile(r"(?im)^\s*topics?\s*:\s*(.+)$")
_TAG = re.compile(r"(?<![\w&/#.])#([^\W\d_][\w-]+)")
_APART = re.compile(r"[\s_-]+")
_LINK = re.compile(r"<[^<>]*>")  # a mention of a channel is no tag


def fold(words: str) -> str:
    """The same for words that differ in capitals, accents or habits of spelling, or in blanks, dashes, underscores."""
    letters = same(fold_letters(words.casefold()).casefold())
    bare = "".join(anyascii(char) if script_of(char) == "LATIN" else char for char in letters)
    # Of signs alone, such as emoji, no letter is left.
    return _spaced(bare.casefold()) or _spaced(unicodedata.normalize("NFKC", words).casefold())


def _spaced(words: str) -> str:
    return _APART.sub(" ", words).strip()


def topics_in(purpose: str) -> dict[str, str]:
    """Key → name: of a line `Topics: housing, legal advice`, or else of tags such as `#housing`."""
    text = _LINK.sub(" ", purpose)
    lines = _LINE.findall(text)
    names = [name for line in lines for name in re.split(r"[,;]", line)] if lines else _TAG.findall(text)
    found: dict[str, str] = {}
    for name in names:
        words = re.sub(r"[\s_]+|(?<=\w)-(?=\w)", " ", name).strip(" .#")
        key = fold(words)  # which may be longer: some letters stand for a whole line
        if key and max(len(words), len(key)) <= LONGEST and len(found) < MOST:
            found.setdefault(key, words[0].upper() + words[1:])
    return found
