"""Names in what people write: whether it names a champion or contact, and by what somebody can be found."""

import re
from collections.abc import Iterable, Iterator

from anyascii import anyascii
from rapidfuzz.distance import OSA

from gpbot.people.called import Called, called, keys_of
from gpbot.people.letters import CASED, WORD, Word, fold, script_of, word
from gpbot.people.sounds import ONE_LIQUID, Sound, alike, with_one_liquid
from gpbot.people.types import RoleHolder
from gpbot.people.written import Run, Spelled, Written, level, read_text

LONGEST_START = 15  # letters; what is typed beyond is not looked at
_MOST_KEYS = 20
_IN_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"})
_SHORTEST_NAME = 3  # letters; shorter ones only where they are written with a capital
_LETTER = r"[^\W_]"
_SHORT = 3  # letters
_FEW_BONES = 2
# By number of consonants, from none to four or more.
_NEVER = -1.0
_IN_ONE_ALPHABET = (_NEVER, 0.1, 0.5, 0.8, 1.1)
_WITH_CAPITAL = (_NEVER, 0.15, 0.6, 1.1, 1.6)
_WITHOUT = (_NEVER, 0.0, 0.3, 0.8, 1.2)
_LESS_AT_BEGINNING = 0.25
_LESS_WITHOUT_ANY_CAPITAL = 0.2
_SHORTEST_WRONG = 4  # letters of a word typed wrong


# See docs/decisions/0022-comparing-names.md
def mentioned(text: str, holders: Iterable[RoleHolder], *, in_full: bool = False) -> tuple[RoleHolder, ...]:
    """Those of `holders` whom `text` names, erring on the side of finding one too many: that costs a question.

    `in_full`: only by mention, id, or a whole name.
    """
    written = read_text(text)
    return tuple(
        holder
        for holder in holders
        if _has(written.folded, holder.slack_id.casefold())
        or _has_whole(written, names := called((holder.name, *holder.other_names)))
        or (not in_full and _has_part(written, names))
    )


def _has_whole(written: Written, names: Called) -> bool:
    return any(each in written.in_order for each in names.in_order) or any(
        _has(written.folded, each) for each in names.wholes
    )


def _has(text: str, name: str) -> bool:
    if not name or name not in text:
        return False
    if word(name).script not in CASED:
        return name in text
    return re.search(rf"(?<!{_LETTER}){re.escape(name)}(?!{_LETTER})", text) is not None


def _has_part(written: Written, names: Called) -> bool:
    if any(_is_named(each, names) for each in written.words):
        return True
    if any(_is_foreign(each, names) for bones in names.bare_bones for each in written.foreign.get(bones, ())):
        return True
    if any(names.exact.get(each) for each in written.joined):
        return True
    if written.mixed & names.looks:
        return True
    if any(pattern.fullmatch(each) for pattern in written.half_hidden for each in names.exact):
        return True
    return any(_in_run(run, names) for run in written.runs)


def _is_named(each: Spelled, names: Called) -> bool:
    written = each.word
    capital, cased = written.capital, written.script in CASED
    everyday = each.everyday and (each.opens or not (cased and capital))
    if each.everyday and not (cased and capital):
        return False
    for key in each.keys:
        small = names.exact.get(key)
        if small is not None and (capital or (small and not (cased and each.common))):
            return True
    if everyday:
        return False
    if each.common:
        return cased and capital and not each.opens and _sounds_alike(each, names, elsewhere=True)
    return _is_bent(each, names) or _sounds_alike(each, names) or _is_typed_wrong(each, names)


def _is_bent(each: Spelled, names: Called) -> bool:
    for stem in each.stems:
        small = names.stems.get(stem)
        if small is not None and (each.word.capital or small):
            return True
    return False


def _sounds_alike(each: Spelled, names: Called, *, elsewhere: bool = False) -> bool:
    """`elsewhere`: only like a name in another alphabet."""
    return each.word.capital and any(
        alike(known, heard, limit=_limit(each, known, heard))
        for heard in each.sounds
        for known in _of_these_bones(heard, names)
        if not elsewhere or known.script != heard.script
    )


def _is_foreign(part: str, names: Called) -> bool:
    """Chinese letters that are read like a name from elsewhere."""
    letters = Word(letters=part, raw=part, capital=True, script="CJK")
    return _sounds_alike(Spelled(word=letters, keys=(part,), everyday=False, common=False, opens=False), names)


def _of_these_bones(heard: Sound, names: Called) -> Iterator[Sound]:
    yield from names.sounds.get(heard.bones, ())
    if (one_liquid := with_one_liquid(heard.bones)) is not None:
        for known in names.sounds.get(one_liquid, ()):
            if (known.script in ONE_LIQUID) != (heard.script in ONE_LIQUID):
                yield known


def _limit(each: Spelled, known: Sound, heard: Sound) -> float:
    """How far apart the two may sound: the less consonants, and the less says that it is a name, the nearer."""
    bones = min(len(heard.bones), 4)
    cased = each.word.script in CASED
    if known.script == heard.script:
        if (bones == 1 and len(each.word.letters) <= _SHORT) or (not cased and bones <= _FEW_BONES):
            return _NEVER
        if bones == _FEW_BONES and len(known.vowels[0]) > 1 and len(heard.vowels[0]) > 1:
            bones += 1  # y before a vowel is one more
        return _IN_ONE_ALPHABET[bones] - (_LESS_AT_BEGINNING if each.opens and bones < 4 else 0)  # noqa: PLR2004
    if bones == 1 and sum(map(len, heard.vowels)) <= 1:
        return _NEVER
    if not cased and known.script not in CASED:
        return _WITHOUT[bones] - _LESS_WITHOUT_ANY_CAPITAL
    return (_WITH_CAPITAL if cased and not each.opens else _WITHOUT)[bones]


def _is_typed_wrong(each: Spelled, names: Called) -> bool:
    if not each.word.capital or len(each.word.letters) < _SHORTEST_WRONG:
        return False
    letters = each.word.letters
    return any(known[0] == letters[0] and OSA.distance(known, letters, score_cutoff=1) <= 1 for known in names.long)


def _in_run(run: Run, names: Called) -> bool:
    """A name in a text without blanks, in its own letters, in the other Chinese ones, or as it is read."""
    if any(each in run.letters for each in names.runs):
        return True
    for each in names.roman_runs:
        at = run.read.find(each)
        if at in run.ends and run.ends.get(at + len(each), 0) - run.ends[at] > 1:
            return True
    return any(_is_otherwise(run, each) for each in names.runs if script_of(each[0]) == "CJK")


def _is_otherwise(run: Run, name: str) -> bool:
    wanted = [anyascii(char).lower() for char in name]
    at = run.syllables.index(wanted[0]) if wanted[0] in run.syllables else len(run.letters)
    for start in range(at, len(run.letters) - len(name) + 1):
        if run.syllables[start] == wanted[0] and run.syllables[start : start + len(name)] == wanted:
            pairs = zip(run.letters[start : start + len(name)], name, strict=True)
            if all(one == other or _is_old(one) != _is_old(other) for one, other in pairs):
                return True
    return False


def _is_old(char: str) -> bool:
    """Whether it is written so in the traditional way alone."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def is_signed(text: str, slack_id: str, user_name: str) -> bool:
    """Whether `text` tells who wrote it; `user_name` is like "mona.said", with their other names on further lines."""
    handle, *others = user_name.split("\n")
    parts = [part for part in re.split(r"[\W\d_]+", handle) if len(part) >= _SHORTEST_NAME]
    written = read_text(text)
    # The keys of their names are made and dropped: they are kept in memory for role holders alone.
    names = keys_of((" ".join(parts), *others))
    return _has(written.folded, slack_id.casefold()) or _has_whole(written, names) or _has_part(written, names)


def words_of(text: str) -> list[str]:
    """Its words in the letters by which names are compared."""
    return [level(each) for each in _words(text)]


def searched(text: str) -> frozenset[str]:
    """The words typed to find somebody, as `starts` has them; empty when it holds no letter or digit."""
    return frozenset(level(each)[:LONGEST_START] for each in _words(text)[:_MOST_KEYS])


# See docs/decisions/0032-names-as-hashes.md
def starts(*texts: str) -> frozenset[str]:
    """All that the first twenty words of these begin with: "zo" is one of "Zoë O'Neill", and so is "oneill"."""
    words: list[str] = []
    otherwise: list[str] = []
    for each in " ".join(texts).split():
        parts = _words(each)
        words += [*parts, "".join(parts)] if len(parts) > 1 else parts
        otherwise += _words(each.casefold().translate(_IN_TWO))
    # What is typed is levelled; what is not typed to its end yet may not be.
    keys = list(dict.fromkeys([*map(level, words), *words, *otherwise]))[:_MOST_KEYS]
    return frozenset(key[:end] for key in keys for end in range(1, min(len(key), LONGEST_START) + 1))


def _words(text: str) -> list[str]:
    return [word(found[0]).letters for found in WORD.finditer(fold(text))]
