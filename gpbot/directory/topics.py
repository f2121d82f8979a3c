"""What a channel is about, from the words of its purpose, and how words are compared."""

import re
import unicodedata

LONGEST = 40
MOST = 10  # of one channel

_LINE = re.compile(r"(?im)^\s*topics?\s*:\s*(.+)$")
_TAG = re.compile(r"(?<![\w&/#.])#([^\W\d_][\w-]+)")
_LINK = re.compile(r"<[^<>]*>")  # a mention of a channel is no tag


def fold(words: str) -> str:
    """The same for words that differ in capitals, in their accents' spelling, or in blanks, dashes and underscores."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return re.sub(r"[\s_-]+", " ", folded).strip()


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
