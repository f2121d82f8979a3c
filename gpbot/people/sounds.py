"""How a word sounds, whatever its alphabet: its consonants in eight families, and the vowels between them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from anyascii import anyascii

from gpbot.people.letters import Word

# Alphabets that leave short vowels out, and those whose letters hold one that the romanisation leaves out.
_ABJADS = frozenset({"ARABIC", "HEBREW", "SYRIAC"})
_WITHIN = frozenset({"BENGALI", "DEVANAGARI", "TAMIL", "GUJARATI", "GURMUKHI", "TELUGU", "KANNADA", "MALAYALAM",
                     "SINHALA", "ORIYA", "THAI", "LAO", "KHMER", "MYANMAR"})  # fmt: skip
OPEN = _ABJADS | _WITHIN

_ARABIC = str.maketrans(
    dict(
        zip(
            "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیٹڈڑںھڤټډړږښڼځڅ",
            "a b p t s j ch h kh d z r z zh s sh s d t z ` gh f q k g l m n w h y t d r n h v t d r zh sh n z ts".split(),
            strict=True,
        )
    )
)
_HEBREW = str.maketrans(
    dict(zip("אבגדהוזחטיכלמנסעפצקרשת", "a b g d h w z kh t y k l m n s ` p ts k r sh t".split(), strict=True))
)
_GREEK = (
    ("ου", "u"), ("αι", "e"), ("ει", "i"), ("οι", "i"), ("υι", "i"), ("ευ", "ev"), ("αυ", "av"), ("ηυ", "iv"),
    ("γχ", "nh"), ("τζ", "j"), ("τσ", "ts"), ("χ", "kh"), ("υ", "i"),
)  # fmt: skip
_GREEK_NASAL = re.compile("(?<=[αεηιουω])(?:μπ|ντ|γκ|γγ)")
_GREEK_PAIRS = {"μπ": "b", "ντ": "d", "γκ": "g", "γγ": "g"}

# A piece, how it mostly sounds, and how else it is read somewhere.
_PIECES: dict[str, tuple[str, ...]] = {
    "tsch": ("C",), "dsch": ("J",), "shch": ("C",), "sch": ("C", "SK"), "tch": ("C",), "dzh": ("J",), "sz": ("S", "C"),
    "cz": ("C", "S"), "sh": ("C",), "ch": ("C", "X", "H"), "zh": ("J",), "dj": ("J", "D"), "dz": ("Z",),
    "ts": ("S", "TS"), "tz": ("S", "TS"), "kh": ("X", "H", ""), "gh": ("G", "", "H"), "ph": ("F",), "th": ("T", "S"),
    "dh": ("D", "Z"), "bh": ("B",), "ck": ("K",), "qu": ("K",), "x": ("KS", "X", "C", "H"), "c": ("K", "C"), "c^": ("K", "C", ""),
    "c-": ("S", "C", "K"), "c^-": ("S", "C", "K", ""), "&": ("N", ""), "+": ("M", ""), "ی": ("i", "a"), "b": ("B",), "p": ("P",), "f": ("F",), "v": ("V", "u"), "w": ("u", "V"), "d": ("D",),
    "t": ("T",), "k": ("K",), "g": ("G",), "g-": ("G", "J"), "г": ("G", "H"), "q": ("K", "C", ""), "s": ("S",),
    "z": ("Z", "D"), "j": ("J", "i", "G"), "l": ("L",), "r": ("R",), "m": ("M",), "n": ("N",), "ng": ("N",),
    "h": ("H", "", "X"), "h-": ("", "H", "X"), "`": ("",), "^": ("a",), "a": ("a",), "e": ("i",), "i": ("i",),
    "y": ("i",), "y^": ("i", "J"), "o": ("u",), "u": ("u",), "о": ("u", "i"),
    "ee": ("i",), "oo": ("u",), "ou": ("u",),
}  # fmt: skip
_MOSTLY = {piece: read[0] for piece, read in _PIECES.items()}
_PIECE = re.compile(
    r"tsch|dsch|shch|sch|tch|dzh|sz|cz|sh|ch|zh|dj|dz|ts|tz|kh|gh|ph|th|dh|bh|ck|qu(?=[ei])|ng(?![aeiouy])|ee|oo|ou"
    r"|[cg](?=[eiy])|^y|^`|[a-z`&+ی]"
)
_OPEN = frozenset("aeiouy")
_MARKED = {"c": "c-", "g": "g-"}
_TWICE = re.compile(r"([aiu])\1+")
_TWICE_LETTERS = re.compile(r"([b-df-hj-np-tv-z])\1+")
_TWICE_BONES = re.compile(r"(.)\1+")
_FAMILIES = {"BPFV": "P", "TD": "T", "KGX": "K", "SZCJ": "S", "L": "L", "R": "R", "M": "M", "N": "N", "H": "H"}
_FAMILY = {letter: family for letters, family in _FAMILIES.items() for letter in letters}
_VOWELS = str.maketrans(dict.fromkeys(_FAMILY, "|"))
_CONSONANTS = str.maketrans(dict.fromkeys("aiu"))
_BONES = str.maketrans(_FAMILY)
_SISTERS = {
    frozenset(pair): off
    for pairs, off in (
        ("BV FV KX", 0.15), ("SZ", 0.2), ("BP PF TD KG GX CJ ZJ", 0.4), ("SC", 0.5), ("BF PV ZC SJ", 0.75),
    )
    for pair in pairs.split()
}  # fmt: skip
_MOST_READINGS = 48
_ODD = 0.1
_EASE = 0.3  # Tamil writes one letter for both of most pairs
_SHORT_VOWEL = 0.1  # not written by alphabets that leave it out, so that it may be any
_MOST_LETTERS = 40


# Alphabets in which l and r are one.
ONE_LIQUID = frozenset({"HANGUL", "CJK", "KATAKANA", "HIRAGANA"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sound:
    bones: str  # the families of its consonants
    consonants: str
    vowels: tuple[str, ...]  # before, between and after them
    script: str
    odd: float = 0.0  # how far from how it is mostly read


def sound(word: Word, *, odd: float = 0.0) -> Sound | None:
    """How it mostly sounds; nothing of what is no word of a language."""
    if not _is_word(word):
        return None
    if word.script == "HANGUL":  # where each letter is a syllable, read by itself
        return _coded("".join(map(_syllable_mostly, word.letters)), word.script, odd)
    return _coded("".join([_MOSTLY[piece] for piece in _pieces_of(word)]), word.script, odd)


@lru_cache(maxsize=2000)
def bones_of_one(char: str) -> str:
    """Of a Chinese letter that stands for a syllable of a name from elsewhere."""
    heard = sound(Word(letters=char, raw=char, capital=True, script="CJK"))
    return heard.bones if heard is not None else ""


def bare(bones: str) -> str:
    """Bones, none twice after itself, l for r, by which candidates are found where syllables meet."""
    return _TWICE_BONES.sub(r"\1", bones.replace("R", "L"))


def readings(word: Word) -> tuple[Sound, ...]:
    """All the ways somewhere to read it."""
    if not _is_word(word):
        return ()
    pieces = _pieces_of(word)
    open_pieces = [piece for piece in dict.fromkeys(pieces) if len(_PIECES[piece]) > 1]
    made: dict[str, float] = {}
    for chosen in islice(product(*(_PIECES[piece] for piece in open_pieces)), _MOST_READINGS):
        read = dict(zip(open_pieces, chosen, strict=True))
        coded = _TWICE.sub(r"\1", "".join(read.get(piece, _MOSTLY[piece]) for piece in pieces))
        odd = _ODD * sum(_MOSTLY[piece] != each for piece, each in read.items())
        made[coded] = min(odd, made.get(coded, odd))
    return tuple(_coded(coded, word.script, odd) for coded, odd in made.items())


def _is_word(word: Word) -> bool:
    return len(word.letters) <= _MOST_LETTERS and not any(map(str.isdigit, word.letters))


def _coded(pieces: str, script: str, odd: float) -> Sound:
    coded = _TWICE.sub(r"\1", pieces)
    consonants = coded.translate(_CONSONANTS)
    return Sound(
        bones=consonants.translate(_BONES),
        consonants=consonants,
        vowels=tuple(coded.translate(_VOWELS).split("|")),
        script=script,
        odd=odd,
    )


def _pieces_of(word: Word) -> list[str]:
    pieces = _pieces(_TWICE_LETTERS.sub(r"\1", roman(word)), word.script)
    if word.script == "CYRILLIC" and pieces[:1] == ["o"]:
        pieces[0] = "о"
    return pieces


def _pieces(written: str, script: str) -> list[str]:
    pieces = []
    for found in _PIECE.finditer(written):
        piece, at, end = found[0], found.start(), found.end()
        if piece == "`":
            piece = "^" if at == 0 else "`"
        elif piece == "c" and at == 0 and script == "LATIN":
            piece = "c^-" if written[1:2] in {"e", "i", "y"} else "c^"
        elif piece in _MARKED and written[end : end + 1] in {"e", "i", "y"}:
            piece = _MARKED[piece]
        elif piece == "h" and at and written[at - 1] in _OPEN and written[end : end + 1] not in _OPEN:
            piece = "h-"
        elif piece == "g" and script == "CYRILLIC":
            piece = "г"
        elif piece == "y" and at == 0:
            piece = "y^"
        elif piece == "x" and (at == 0 or written[end : end + 1] not in {*_OPEN, ""}):
            piece = "kh"
        pieces.append(piece)
    return pieces


def roman(word: Word) -> str:
    """In the letters a to z, as it is read."""
    letters = word.letters
    match word.script:
        case "LATIN":
            return letters
        case "ARABIC":
            if letters.endswith("ه"):
                letters = letters[:-1] + "ا"
            last = "ی" if letters.endswith("ی") and len(letters) > 1 else ""
            return anyascii(letters.removesuffix(last).translate(_ARABIC)).lower() + last
        case "HEBREW":
            letters = letters.replace("ג'", "j").replace("צ'", "ch")
            if letters.endswith("ה"):
                letters = letters[:-1] + "א"
            return letters.translate(_HEBREW)
        case "GREEK":
            letters = _GREEK_NASAL.sub(
                lambda found: ("+" if found[0] == "μπ" else "&") + _GREEK_PAIRS[found[0]], letters
            )
            for pair, read in (*_GREEK_PAIRS.items(), *_GREEK):
                letters = letters.replace(pair, read)
            return "".join(char if char in "&+" else anyascii(char).lower() for char in letters)
        case "HANGUL":
            return "-".join(map(_syllable, letters))  # so that no two syllables make one sound
        case "CYRILLIC":
            return anyascii(letters).lower().replace("'", "")
        case _:
            return anyascii(letters).lower().replace("'", "")


@lru_cache(maxsize=12_000)
def _syllable(char: str) -> str:
    return anyascii(char).lower()


@lru_cache(maxsize=12_000)
def _syllable_mostly(char: str) -> str:
    return "".join(_MOSTLY[piece] for piece in _pieces(_syllable(char), "HANGUL"))


def with_one_liquid(bones: str) -> str | None:
    """The key under which words are kept for alphabets in which l and r are one; None when they have neither."""
    return "~" + bones.replace("R", "L") if "R" in bones or "L" in bones else None


def alike(name: Sound, written: Sound, *, limit: float) -> bool:
    """Whether the vowels of two words of the same consonants are near enough."""
    last = len(name.vowels) - 1
    off = name.odd + written.odd
    if name.consonants != written.consonants:
        ease = _EASE if "TAMIL" in {name.script, written.script} else 1.0
        for one, other in zip(name.consonants, written.consonants, strict=True):
            if one != other:
                off += ease * _SISTERS.get(frozenset({one, other}), 0.0)
    if off > limit:
        return False
    for at, (of_name, of_word) in enumerate(zip(name.vowels, written.vowels, strict=True)):
        if of_name != of_word:
            where = "first" if at == 0 else "last" if at == last else "within"
            off += _off(of_name, of_word, _kind(name.script), _kind(written.script), where)
            if off > limit:
                return False
    return True


def _kind(script: str) -> str:
    return (
        "abjad" if script in _ABJADS else "within" if script in _WITHIN else "ethiopic" if script == "ETHIOPIC" else ""
    )


_KINDS = ("", "ethiopic", "within", "abjad")


@lru_cache(maxsize=10_000)
def _off(one: str, other: str, kind: str, other_kind: str, where: str) -> float:
    """How far apart two vowels are: 0 is the same, 1 is different."""
    if kind == other_kind:
        return _apart(one, other)
    if _KINDS.index(other_kind) > _KINDS.index(kind):
        one, other, kind, other_kind = other, one, other_kind, kind
    if kind == "abjad":
        return _abjad(one, other, where)
    if one == "" and where == "within":  # the vowel within a letter
        return {"a": 0.0, "u": 0.0}.get(other, 0.25) if kind == "within" else {"i": 0.0}.get(other, 0.5)
    return _apart(one, other) / 2 if {one, other} == {"a", "i"} else _apart(one, other)


def _abjad(written: str, full: str, where: str) -> float:
    if written == "":
        if where == "within":
            return _SHORT_VOWEL if len(full) == 1 else 0.5 if full else 0.0
        return 1.0 if where == "first" else 0.5
    if written == "a":
        if where == "first":
            return 0.0 if full else 0.5
        if where == "last" and len(full) > 1:
            return 0.35
        return 0.0 if "a" in full else 0.5 if full or where == "last" else 1.0
    if set(written) <= set(full):
        return 0.0
    if where == "first" and written[0] == "a" and set(written[1:]) <= set(full) and full:
        return 0.0
    return 0.5 if set(written) & set(full) else 1.0


def _apart(one: str, other: str) -> float:
    if not one or not other:
        return 0.5 if len(one or other) == 1 else 0.75
    if set(one) == set(other):
        return 0.0
    if set(one) & set(other):
        return 0.25
    if {*one, *other} == {"i", "u"}:
        return 0.8 if len(one) == len(other) == 1 else 1.0
    return 0.5
