"""A text as it is looked through for names: its words, also joined, spelled out, half hidden, and its runs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from anyascii import anyascii

from gpbot.people.endings import BEFORE, ENDINGS
from gpbot.people.everyday import is_everyday
from gpbot.people.letters import BLANK_IN_RUN, CASED, RUN, RUNS, WORD, Word, fold, is_mixed, looks, word
from gpbot.people.sounds import Sound, sound

_PERSIAN = re.compile("[یکپچژگ]")  # Arabic puts small words before names, in one with them; these languages do not
_OPENS = re.compile(r"(?:^|[.!?:;\n])[^\w,]*$")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HALF_HIDDEN = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[*@$#%]{1,6}[^\W\d_]*)+")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]{2,}")
_FOREIGN_IN_HAN = re.compile(
    "[阿娜斯克尔爾萨薩拉托马馬玛瑪丽麗莉利里亚亞安恩伊艾爱愛埃奥奧欧歐乌烏卡凯凱科柯库庫基吉贾賈杰傑金丹达達大德蒂"
    "迪特塔泰汤湯图圖纳納尼诺諾努巴贝貝本比彼博布普帕佩弗夫费費法菲福哈海汉漢赫霍胡华華加格戈哥古桂伦倫兰蘭朗劳勞雷蕾"
    "林琳罗羅洛鲁魯路露卢盧曼梅米密敏莫姆穆默木尤约約茨兹茲泽澤扎札佐祖西希锡莎沙舍什施史苏蘇索桑森圣聖瓦威维維韦韋沃文温溫乔喬朱切奇齐齊因英夏谢謝辛雅叶葉耶伽盖蓋根冈岡高]{2,8}"
)
_SHORTEST_REST = 3
_SPELLED = 3
_Token = tuple[Word, int, int]  # with where it begins and ends
_GAP = 3  # signs between letters that are spelled out, or words that belong together
_LEET = str.maketrans("013457", "oieast")


@dataclass(frozen=True, repr=False)
class Spelled:
    """A word of the text, and the ways to read it."""

    word: Word
    keys: tuple[str, ...]  # its letters, levelled, and without small words before it
    everyday: bool
    opens: bool  # stands where a sentence begins, so that its capital says nothing

    @cached_property
    def sounds(self) -> tuple[Sound, ...]:
        script = self.word.script
        found = [sound(self.word)]
        if script == "LATIN":
            if self.word.letters[0] == "c" and self.word.letters[1:2] in set("aeiou"):  # Somali
                found.append(sound(Word(letters=self.word.letters[1:], raw="", capital=True, script=script)))
        elif script == "HANGUL":
            bare = [each for whole in self._without_endings() for each in (whole, whole[1:]) if len(each) > 1]
            found += [sound(Word(letters=each, raw="", capital=True, script=script)) for each in bare]
        else:
            found += [
                sound(Word(letters=each, raw="", capital=self.word.capital, script=script))
                for each in self.keys[1:]
                if not is_everyday(each)
            ]
        return tuple(each for each in dict.fromkeys(found) if each is not None)

    def _without_endings(self) -> list[str]:
        letters, endings = self.word.letters, ENDINGS[self.word.script]
        return [letters] + [
            letters[:at] for at in range(max(2, len(letters) - 6), len(letters)) if letters[at:] in endings
        ]


@dataclass(frozen=True, repr=False)
class Run:
    """A run of an alphabet that writes no blanks."""

    letters: str

    @cached_property
    def syllables(self) -> list[str]:
        return [anyascii(char).lower() for char in self.letters]

    @cached_property
    def read(self) -> str:
        return "".join(self.syllables)

    @cached_property
    def ends(self) -> dict[int, int]:
        """Where in `read` a letter of the run ends, and which."""
        return {at: number for number, at in enumerate([0, *accumulate(map(len, self.syllables))])}


@dataclass(frozen=True, repr=False)
class Written:
    folded: str
    words: tuple[Spelled, ...]
    joined: frozenset[str]  # neighbours in one, of which the first has a capital
    runs: tuple["Run", ...]
    in_order: str  # all words, levelled, between blanks
    half_hidden: tuple[re.Pattern[str], ...]
    mixed: frozenset[str]  # what words that mix alphabets look like


def level(letters: str) -> str:
    """One spelling for those of one alphabet that people use for the same name."""
    return _LEVELLED.sub("", letters) if letters.isascii() else letters


_LEVELLED = re.compile(r"(?<=[aou])e(?=.)|(?<=d)j|(?<=[aeiou])h(?![aeiou])|(.)(?=\1)")


def read_text(text: str) -> Written:
    folded = fold(text)
    found = list(_tokens(folded))
    words: dict[tuple[str, bool, bool], Word] = {}
    for each, start, _ in found:
        words[
            each.raw, each.capital, each.script in CASED and bool(_OPENS.search(folded[max(0, start - 4) : start]))
        ] = each
    for each in [*_spelled_out(folded, found), *_humps(folded), *_without_digits(found)]:
        words.setdefault((each.raw, each.capital, False), each)
    arabic = not _PERSIAN.search(folded)
    compact = BLANK_IN_RUN.sub("", folded)
    runs = () if compact.isascii() else tuple(dict.fromkeys(RUN.findall(compact)))
    for run in runs:
        for part in _KATAKANA.findall(run):
            words.setdefault((part, True, False), word(part))
        for part in _FOREIGN_IN_HAN.findall(run):
            for at in range(len(part) - 1):
                for end in range(at + 2, min(at + 5, len(part)) + 1):
                    words.setdefault(
                        (part[at:end], True, False),
                        Word(letters=part[at:end], raw=part[at:end], capital=True, script="CJK"),
                    )
    return Written(
        folded=folded.casefold(),
        words=tuple(
            _spell(each, opens=opens, arabic=arabic)
            for (_, _, opens), each in words.items()
            if each.script not in RUNS or len(each.raw) <= 8
        ),
        joined=frozenset(_joined(folded, found)),
        runs=tuple(map(Run, runs)),
        in_order=" " + " ".join(level(each.letters) for each, _, _ in found) + " ",
        half_hidden=tuple(_patterns(folded)),
        mixed=frozenset(looks(each.raw) for each, _, _ in found if is_mixed(each.raw)),
    )


def _tokens(folded: str) -> Iterator[_Token]:
    for found in WORD.finditer(folded):
        yield word(found[0]), found.start(), found.end()


def _spell(each: Word, *, opens: bool, arabic: bool) -> Spelled:
    letters = each.letters
    keys = [letters, level(letters)]
    if each.script in BEFORE and (arabic or each.script != "ARABIC"):
        keys += [
            letters[len(small) :]
            for small in BEFORE[each.script]
            if letters.startswith(small) and len(letters) - len(small) >= _SHORTEST_REST
        ]
    everyday = is_everyday(each.raw) or (each.script in CASED and is_everyday(letters))
    return Spelled(word=each, keys=tuple(dict.fromkeys(keys)), everyday=everyday, opens=opens)


def _spelled_out(folded: str, found: list[_Token]) -> Iterator[Word]:
    """Letters with the same signs between each: "A d a"."""
    run: list[str] = []
    gap, before = "", 0
    for each, start, end in found:
        between = folded[before:start]
        is_letter = len(each.raw) == 1
        if is_letter and run and 0 < len(between) <= _GAP and between == (gap or between):
            run.append(each.raw)
            gap = between
        else:
            if len(run) >= _SPELLED:
                yield word("".join(run).title())
            run, gap = ([each.raw] if is_letter else []), ""
        before = end
    if len(run) >= _SPELLED:
        yield word("".join(run).title())


def _humps(folded: str) -> Iterator[Word]:
    if _HUMP.search(folded):
        for found in WORD.finditer(folded):
            if len(parts := _HUMP.split(found[0])) > 1:
                yield from map(word, parts)


def _without_digits(found: list[_Token]) -> Iterator[Word]:
    for each, _, _ in found:
        if not each.raw.isalpha() and any(char.isdigit() for char in each.raw):
            for letters in (each.raw.strip("0123456789"), each.raw.translate(_LEET)):
                if letters.isalpha():
                    yield Word(letters=word(letters).letters, raw=letters, capital=True, script=word(letters).script)


def _joined(folded: str, found: list[_Token]) -> Iterator[str]:
    for at, (first, _, end) in enumerate(found[:-1]):
        second, start, second_end = found[at + 1]
        gap = folded[end:start]
        if len(gap) > 2 or "\n" in gap:
            continue
        letters = first.letters + second.letters
        if first.capital or gap in {"'", "-"}:
            yield letters
            yield level(letters)
            if len(second.letters) <= _SPELLED and at + 2 < len(found):
                third, third_start, _ = found[at + 2]
                if third_start - second_end <= 2:
                    yield level(letters + third.letters)


def _patterns(folded: str) -> Iterator[re.Pattern[str]]:
    for found in _HALF_HIDDEN.finditer(folded):
        hidden = re.sub(r"[*@$#%]", ".", found[0].casefold())
        if len(hidden) <= 40 and len(hidden) - hidden.count(".") >= max(2, len(hidden) / 2):
            yield re.compile(hidden)
