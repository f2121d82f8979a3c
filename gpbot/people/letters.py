"""The letters of what people write: one spelling for what is read as the same, in every alphabet."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

_APOSTROPHES = "'’‘‛`´′ʹʺʻʼʽʾʿˈˊˋ՚׳״ꞌ＇"
_HYPHENS = "-‐‑‒–־᠆゠"
_SPACES_OF_NAMES = "_\u00b7・‧"

# Letters that are read alike and that keyboards and habits put for each other.
_ALIKE = {
    **dict.fromkeys("أإآٱاٲٳ", "ا"),
    **dict.fromkeys("ىيئیېےۍێ", "ی"),
    **dict.fromkeys("ؤوۆۇۋ", "و"),
    **dict.fromkeys("ةهہەھۀۃۂ", "ه"),
    **dict.fromkeys("كکڪګ", "ک"),
    **dict.fromkeys("ڕر", "ر"),
    **dict.fromkeys("ڵل", "ل"),
    "ء": "",
    "\u0640": "",  # a line that only makes the word longer
    **dict(zip("ךםןףץ", "כמנפצ", strict=True)),
    **dict(zip("ґєѐўӣӯ", "геєуиу", strict=True)),
    "ς": "σ",
    "ү": "у",
    "ұ": "у",
    "қ": "к",
    "ғ": "г",
    "ң": "н",
    "ө": "о",
    "һ": "х",
    "ә": "а",
}
# Ethiopic letters of one sound stand in rows of eight.
_ETHIOPIC = {
    chr(row + at): chr(same + at)
    for row, same in ((0x1210, 0x1200), (0x1280, 0x1200), (0x1220, 0x1230), (0x12D0, 0x12A0), (0x1340, 0x1338))
    for at in range(7)
} | {"ሃ": "ሀ", "ሓ": "ሀ", "ኃ": "ሀ", "ኻ": "ሀ", "ኣ": "አ", "ዓ": "አ"}

_RUN_LETTERS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WITH_MARKS = "\u0900-\u0dff\u0f00-\u0fff"
WORD = re.compile(rf"[{_RUN_LETTERS}]+|(?:[^\W_{_RUN_LETTERS}]|[{_WITH_MARKS}])+")
RUN = re.compile(rf"[{_RUN_LETTERS}]+")
BLANK_IN_RUN = re.compile(rf"(?<=[{_RUN_LETTERS}])\s+(?=[{_RUN_LETTERS}])")
_BACKWARDS = re.compile("\u202e([^\u202c]*)\u202c?")

_SAME = str.maketrans(_ALIKE | _ETHIOPIC)


class _Table(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(char: str) -> str:
    category = unicodedata.category(char)
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if char in _SPACES_OF_NAMES:
        return " "
    if category in {"Cf", "Me", "Cc"}:
        return " " if char.isspace() else ""
    if category == "Mn" and (combining := unicodedata.combining(char)):
        kept = combining in {7, 8, 9, 103, 107, 118, 122} and char != "\u0670"  # marks that make another letter
        return char if kept else ""
    if category == "Mn" and "VARIATION SELECTOR" in unicodedata.name(char, ""):
        return ""
    if category == "So" and len(plain := anyascii(char)) == 1 and plain.isalpha():
        return plain  # a letter in a circle or a box
    if category[0] in "LNM" or char.isascii():
        return char
    return " "


_TABLE = _Table()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Word:
    """One word, or a run of an alphabet that writes no blanks."""

    letters: str  # small, in one spelling of its own alphabet
    raw: str  # small, as it is written
    capital: bool  # written with one, or of an alphabet that has none
    script: str  # "LATIN", "ARABIC" …


def fold(text: str) -> str:
    """Without width, marks, and what cannot be seen; case and signs stay."""
    if text.isascii():
        return text.replace("_", " ").replace("`", "'")
    if "\u202e" in text:
        text = _BACKWARDS.sub(lambda found: found[1][::-1], text)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", text).translate(_TABLE))


def same(letters: str) -> str:
    """Small letters, each in one spelling of its own alphabet."""
    return letters.translate(_SAME)


def word(written: str) -> Word:
    """A word of a text that was folded."""
    script = script_of(written[0])
    raw = written.casefold()
    letters = raw
    if script == "LATIN":
        letters = raw if raw.isascii() else anyascii(raw).lower()
    elif not raw.isascii():
        letters = same(raw)
    return Word(letters=letters, raw=raw, capital=script not in CASED or written[0] != raw[0], script=script)


CASED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})
RUNS = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "MYANMAR", "KHMER"})


def script_of(char: str) -> str:
    return "LATIN" if char.isascii() and char.isalpha() else _script(char)


@lru_cache(maxsize=2000)
def _script(char: str) -> str:
    name = unicodedata.name(char, "").split(" ", 1)[0]
    return {"": "LATIN", "IDEOGRAPHIC": "CJK", "SMALL": "LATIN"}.get(name, name)


# What letters of other alphabets look like, small or large.
_LOOKS = str.maketrans(
    {
        pair[0]: pair[1]
        for pair in (
            "аa вb еe зe иu іi јi кk мm нh оo рp сc тt уy хx ѕs һh ԁd ԛq ԝw ьb пn гr αa βb γy εe ζz ηh ιi κk μm νn οo ρp τt υy "
            "χx σo ωw ɩi ɑa ɡg օo սu ոn հh li 1i |i 0o"
        ).split()
    }
)


def looks(raw: str) -> str:
    """What a small word looks like, for words that mix alphabets."""
    return raw.translate(_LOOKS)


def is_mixed(raw: str) -> bool:
    return not raw.isascii() and (
        "\u0180" <= max(raw) <= "\u02af" or len({script_of(char) for char in raw if char.isalpha()} & CASED) > 1
    )
