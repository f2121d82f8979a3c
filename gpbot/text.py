"""What holds for text in every script: what shows nothing, what turns the rest, and where it may be cut."""

import re

import regex  # type: ignore[import-untyped]  # it ships no types

MAX_WORDS = 3000  # characters in one of Slack's text boxes

# See docs/decisions/0049-regex-for-signs.md
_SHOWS_NOTHING = regex.compile(
    r"[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}"
    "\u2800"  # Braille's sign without a dot
    "\U0001d159"  # a note without a head
    "\U00013441\U00013442]*"  # blanks between hieroglyphs
)
_NOT_IN_AN_ADDRESS = re.compile(r"(?<![\w.+-])@|@(?![\w-]+\.\w)")
_ONE_SIGN = regex.compile(r"\X")
_TURNS = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")
_EMBEDDED, _END_EMBEDDED = frozenset("\u202a\u202b\u202d\u202e"), "\u202c"
_ISOLATED, _END_ISOLATED = frozenset("\u2066\u2067\u2068"), "\u2069"


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: blanks, characters without width, and letters that only fill."""
    return _SHOWS_NOTHING.fullmatch(text) is not None


def escaped(words: str) -> str:
    """People's words for use inside Slack's mrkdwn: no link or mention of theirs is obeyed, and nobody is rung."""
    safe = closed(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Slack also turns a bare @channel into a mention; a word joiner, which has no width, prevents it.
    return _NOT_IN_AN_ADDRESS.sub("@\u2060", safe)


def length(text: str) -> int:
    """As what counts in UTF-16 counts it: an emoji is two."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def whole(text: str, end: int) -> int:
    """The last place up to `end` that is not inside of what is read as one sign: a letter with its marks, a flag."""
    if end >= len(text) or text[max(end - 1, 0) : end + 1].isascii():
        return min(end, len(text))
    # From the start: whether two letters of flags belong together depends on all before them.
    for found in _ONE_SIGN.finditer(text):
        if found.end() > end:
            return int(found.start()) or end  # one sign that is longer than all there is room for
        if found.end() == end:
            return end
    return end


def start_of(text: str, most: int) -> str:
    """At most so many characters, no sign in parts, and nothing that turns what follows."""
    kept = text[: whole(text, most)]
    return ended if len(ended := closed(kept)) <= most else _TURNS.sub("", kept)


def closed(text: str) -> str:
    """The same, where every control that turns what follows ends in the text, so that nothing after it is turned."""
    if text.isascii() or _TURNS.search(text) is None:
        return text
    kept: list[str] = []
    opened: list[str] = []  # what ends each, the innermost last
    for char in text:
        if char in "\n\u2029":  # where a paragraph ends, all of them end
            kept += _ends(opened, 0)
        elif char in _EMBEDDED or char in _ISOLATED:
            opened.append(_END_EMBEDDED if char in _EMBEDDED else _END_ISOLATED)
        elif char == _END_ISOLATED:
            if char in opened:
                kept += _ends(opened, len(opened) - opened[::-1].index(char) - 1)
            continue
        elif char == _END_EMBEDDED:
            if opened[-1:] != [char]:
                continue
            opened.pop()
        kept.append(char)
    return "".join([*kept, *_ends(opened, 0)])


def _ends(opened: list[str], at: int) -> list[str]:
    """What ends those from `at` on, which are open no more."""
    ends = opened[at:][::-1]
    del opened[at:]
    return ends
