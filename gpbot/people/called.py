"""What somebody is called: the keys by which their names are found in a text."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

from gpbot.people.endings import PARTICLES
from gpbot.people.letters import BLANK_IN_RUN, CASED, RUN, RUNS, WORD, Word, fold, looks, script_of, word
from gpbot.people.sounds import Sound, bare, readings, with_one_liquid
from gpbot.people.written import level

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】|\{[^{}]*\}|<[^<>]*>")
_AFTER = re.compile(r"\s*[|/／｜].*", re.DOTALL)
_MOST_WORDS = 12
_SHORTEST = 3  # letters; shorter ones only where they are written with a capital
_LONGEST_JOINED = 20
_LONG = 5  # letters; found without a capital however they are bent
# Families of one letter, after which the given name begins.
_FAMILIES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤甘涂华"
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Called:
    wholes: tuple[str, ...]  # as they are written, small
    in_order: tuple[str, ...]  # their words, levelled, between blanks
    exact: dict[str, bool]  # key → also without a capital
    stems: dict[tuple[str, str], bool]  # what stays when it is bent, with its alphabet → also without a capital
    sounds: dict[str, tuple[Sound, ...]]
    bare_bones: frozenset[str]
    long: tuple[str, ...]
    looks: frozenset[str]
    runs: tuple[str, ...]
    roman_runs: tuple[str, ...]


def cleaned(name: str) -> str:
    """Without what people put behind their name: pronouns, an organisation."""
    bare = _AFTER.sub("", _ASIDE.sub(" ", name)).strip()
    return bare if any(char.isalnum() for char in bare) else name


@lru_cache(maxsize=1000)
def called(names: tuple[str, ...]) -> Called:
    """Of a role holder: kept in memory."""
    return keys_of(names)


def keys_of(names: tuple[str, ...]) -> Called:
    keys = _Keys()
    for name in names:
        keys.take(fold(cleaned(name)))
    whole = (fold(name).casefold().strip() for name in names)
    return keys.made(tuple(each for each in whole if _is_said(each)))


class _Keys:
    """The keys of somebody's names, gathered name by name."""

    def __init__(self) -> None:
        self.in_order: dict[str, None] = {}
        self.exact: dict[str, bool] = {}
        self.stems: dict[tuple[str, str], bool] = {}
        self.sounds: dict[str, dict[Sound, None]] = defaultdict(dict)
        self.long: dict[str, None] = {}
        self.looks: set[str] = set()
        self.runs: dict[str, None] = {}
        self.roman_runs: dict[str, None] = {}

    def take(self, folded: str) -> None:
        words = [word(found[0]) for found in WORD.finditer(folded)][:_MOST_WORDS]
        if len(words) > 1 or any(len(each.letters) > 1 for each in words):
            self.in_order[" " + " ".join(level(each.letters) for each in words) + " "] = None
        for each in _parts(words):
            self._take_part(each)
        is_of_parts = len(words) > 2 or "-" in folded
        for joined in _joined(words):
            self._take_joined(joined, words[0].script, heard=is_of_parts)
        for each in words:
            if each.script == "LATIN" and len(each.letters) > _SHORTEST:
                self.roman_runs[each.letters] = None
            if each.script in RUNS and len(each.raw) >= (2 if each.script == "CJK" else _SHORTEST):
                self.runs[each.raw] = None
        for run in RUN.findall(BLANK_IN_RUN.sub("", folded)):
            self.runs |= dict.fromkeys(_halves(run))
            if script_of(run[0]) == "CJK":
                for part in (run, run[:1], run[1:]):
                    self._take_pinyin(part)

    def _take_part(self, each: Word) -> None:
        is_long = len(each.letters) >= _LONG
        levelled = level(each.letters)
        self._add(each.letters, also_small=len(each.letters) >= _SHORTEST)
        self._add(levelled, also_small=len(levelled) >= _LONG)
        if len(each.letters) >= _SHORTEST or each.script == "HANGUL":
            for stem in _stems(each):
                self.stems[each.script, stem] = self.stems.get((each.script, stem), False) or is_long
        if is_long:
            self.long[each.letters] = None
        if len(each.letters) > 1:
            self._hear(each)
        if len(each.letters) >= _SHORTEST:
            self.looks.add(looks(each.letters))

    def _take_joined(self, joined: str, script: str, *, heard: bool) -> None:
        self._add(joined, also_small=True)
        self._add(level(joined), also_small=True)
        if script in {"LATIN", "CJK"}:
            self.roman_runs[joined] = None
        if len(joined) <= _LONGEST_JOINED:
            self.long[joined] = None
        if heard and len(joined) <= _LONGEST_JOINED:
            self._hear(Word(letters=joined, raw=joined, capital=True, script=script))

    def _take_pinyin(self, part: str) -> None:
        read = anyascii(part).lower()
        if not read:
            return
        self._add(read, also_small=len(read) > _LONG)
        if len(part) > 1:
            self.roman_runs[read] = None
            self._hear(Word(letters=read, raw=read, capital=True, script="LATIN"))

    def _add(self, key: str, *, also_small: bool) -> None:
        self.exact[key] = self.exact.get(key, False) or also_small

    def _hear(self, each: Word) -> None:
        for reading in readings(each):
            self.sounds[reading.bones][reading] = None
            if (one_liquid := with_one_liquid(reading.bones)) is not None:
                self.sounds[one_liquid][reading] = None

    def made(self, wholes: tuple[str, ...]) -> Called:
        return Called(
            wholes=wholes,
            in_order=tuple(self.in_order),
            exact=self.exact,
            stems=self.stems,
            sounds={bones: tuple(each) for bones, each in self.sounds.items()},
            bare_bones=frozenset(bare(bones) for bones in self.sounds if not bones.startswith("~")),
            long=tuple(self.long),
            looks=frozenset(self.looks),
            runs=tuple(self.runs),
            roman_runs=tuple(self.roman_runs),
        )


def _is_said(whole: str) -> bool:
    return len(whole) > 1 and (any(char.isalnum() for char in whole) or not whole.isascii())


def _parts(words: Sequence[Word]) -> Iterator[Word]:
    kept = [each for each in words if each.raw not in PARTICLES and len(each.raw) > 1]
    for each in kept or words:
        if each.script == "CJK":
            continue
        yield each
        if each.script == "ARABIC" and each.letters.startswith("ال") and len(each.letters) >= 5:
            yield Word(letters=each.letters[2:], raw=each.raw[2:], capital=True, script="ARABIC")
        if each.script == "HANGUL" and len(each.letters) in {3, 4}:
            yield Word(letters=each.letters[1:], raw=each.raw[1:], capital=True, script="HANGUL")


def _joined(words: Sequence[Word]) -> Iterator[str]:
    letters = [each.letters for each in words]
    for one, other in pairwise(letters):
        if len(one + other) >= (4 if words[0].script in CASED else 3):
            yield one + other
            yield other + one
    if len(letters) > 2:
        yield "".join(letters)
        for at in range(len(letters) - 2):
            yield "".join(letters[at : at + 3])


def _halves(run: str) -> Iterator[str]:
    """A name written without a blank: whole, and the family's and the given name where they can be told."""
    if len(run) >= 2:
        yield run
    if word(run).script != "CJK":
        return
    if len(run) == 3:
        yield run[1:]
        if run[0] not in _FAMILIES:
            yield run[:2]
    if len(run) >= 4:
        yield run[:2]
        yield run[2:]


_LAST = re.compile(r"[aeiouyаеёиіїоуыэюяьйαεηιουωაეიოუ]+$")
_FLEETING = re.compile(
    r"(?<=[^aeiouyаеиоуєі])[eoаео](?=[^aeiouyаеиоуєі]$)"
    r"|(?<=[бвгґджзклмнпрстфхцчшщ])[еоєє](?=[бвгґджзклмнпрстфхцчшщ]ь?$)"
)
# How the end of a stem turns before an ending.
_TURNS = {
    script: [tuple(turn.split(">")) for turn in turns.split()]
    for script, turns in {
        "LATIN": "k>c g>dz g>z r>rz d>dzi t>ci ch>s h>s nen>se nen>s us> os> as> is> ys> ur> rzel>rl s> k> p>v t>d ie>i",
        "CYRILLIC": "к>ц г>з х>с ья>ь ий> ый> ой> ець>ц ец>ц к>ч",
        "GREEK": "οσ> ασ> ησ> ισ>",
    }.items()
}
_OPEN_ENDS = frozenset("్्্்્්്੍ാിീുൂെೆ")


def _stems(each: Word) -> set[str]:
    letters = each.letters
    stems = {letters, level(letters)}
    if each.script in CASED or each.script == "GEORGIAN":
        cut = _LAST.sub("", letters)
        more = {cut, _FLEETING.sub("", letters)}
        for old, new in _TURNS.get(each.script, ()):
            more |= {stem.removesuffix(old) + new for stem in (letters, cut) if stem.endswith(old)}
        stems |= {key for stem in more for key in (stem, level(stem)) if len(stem) >= _SHORTEST}
    if letters[-1] in _OPEN_ENDS and len(letters) > _SHORTEST:
        stems.add(letters[:-1])
    if each.script == "ARABIC" and letters.endswith("ه") and len(letters) > 4:
        stems.add(letters[:-1] + "ت")
    return stems
