"""A text as it is looked through for names: its words, also joined, spelled out, half hidden, and its runs."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from anyascii import anyascii

from gpbot.people.common_words import is_common
from gpbot.people.endings import BEFORE, ENDINGS
from gpbot.people.everyday import is_everyday, is_everyday_in_arabic_letters
from gpbot.people.letters import BLANK_IN_RUN, CASED, RUN, RUNS, WORD, Word, fold, is_mixed, looks, word
from gpbot.people.sounds import Sound, bare, bones_of_one, sound

_PERSIAN = re.compile(
    "[یکپچژگەێۆڕڵڤېۍګښڅځټډړ]"
)  # Arabic puts small words before names, in one with them; these languages do not
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
_LONGEST_ENDING = 6
_ODD_REST = 0.4  # of what is left of a word without what may be a small word before it
_ODD = 0.1
_FIRST_PARTS = frozenset({"عبد", "أبو", "ابو", "أم"})
_LAST_PARTS = frozenset({"الله", "الدين"})
_VOWELS = frozenset("aeiou")
_CLOSED_ENDINGS = ("ом", "ем", "ою", "ею", "ой", "ей", "ами", "ями", "ым", "им", "ого", "ові", "еві")
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
    common: bool  # of everybody's day: a name only where it is spelled exactly so
    opens: bool  # stands where a sentence begins, so that its capital says nothing

    @cached_property
    def stems(self) -> tuple[tuple[str, str], ...]:
        """What stays of it without what may be an ending, with its alphabet."""
        script = self.word.script
        endings = ENDINGS.get(script)
        if not endings:
            return ()
        return tuple(
            (script, key[:at])
            for key in self.keys
            for at in range(max(2, len(key) - _LONGEST_ENDING), len(key))
            if key[at:] in endings
        )

    @cached_property
    def sounds(self) -> tuple[Sound, ...]:
        script = self.word.script
        found = [sound(self.word)]
        if script == "LATIN":
            letters = self.word.letters
            if letters[0] == "c" and letters[1:2] in _VOWELS:  # Somali
                found.append(sound(Word(letters=letters[1:], raw="", capital=True, script=script), odd=_ODD))
            if "th" in letters:  # as Arabic and Amharic names are read
                found.append(
                    sound(Word(letters=letters.replace("th", "s"), raw="", capital=True, script=script), odd=_ODD)
                )
        elif script == "GREEK":
            otherwise = dict.fromkeys((_in_one(self.word.letters), _called(self.word.letters)))
            otherwise.pop(self.word.letters, None)
            found += [sound(Word(letters=each, raw="", capital=True, script=script), odd=_ODD) for each in otherwise]
        elif script == "CYRILLIC":
            found += [
                sound(Word(letters=cut, raw="", capital=True, script=script), odd=_ODD)
                for ending in _CLOSED_ENDINGS
                if len(cut := self.word.letters.removesuffix(ending)) not in {len(self.word.letters), 0, 1, 2, 3}
            ]
        elif script == "HANGUL":
            without = [each for whole in self._without_endings() for each in (whole, whole[1:]) if len(each) > 1]
            found += [sound(Word(letters=each, raw="", capital=True, script=script)) for each in without]
        else:
            found += [
                sound(Word(letters=each, raw="", capital=self.word.capital, script=script), odd=_ODD_REST)
                for each in self.keys[1:]
                if not is_everyday(each)
            ]
            if self.word.raw.endswith("ى"):  # an a, as Arabic writes it
                found += [
                    sound(
                        Word(letters=each[:-1] + "ا", raw="", capital=True, script=script), odd=_ODD_REST if at else 0.0
                    )
                    for at, each in enumerate(dict.fromkeys(self.keys))
                ]
        return tuple(each for each in dict.fromkeys(found) if each is not None)

    def _without_endings(self) -> list[str]:
        letters, endings = self.word.letters, ENDINGS[self.word.script]
        return [letters] + [
            letters[:at]
            for at in range(max(2, len(letters) - _LONGEST_ENDING), len(letters))
            if letters[at:] in endings
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
    foreign: dict[str, tuple[str, ...]]  # what may be a name from elsewhere in Chinese letters, by its bare bones
    in_order: str  # all words, levelled, between blanks
    half_hidden: tuple[re.Pattern[str], ...]
    mixed: frozenset[str]  # what words that mix alphabets look like


def level(letters: str) -> str:
    """One spelling for those of one alphabet that people use for the same name."""
    return _LEVELLED.sub("", letters) if letters.isascii() else letters


_LEVELLED = re.compile(r"(?<=[aou])e(?=.)|(?<=d)j|(?<=[aeiou])h(?![aeiou])|(.)(?=\1)")


def _in_one(greek: str) -> str:
    """Two letters that are one in names from elsewhere."""
    return greek.replace("ντ", "δ").replace("μπ", "β").replace("γκ", "γ")


def _called(greek: str) -> str:
    """A man's name, of whom something is said, as he is called."""
    return greek[:-1] + "σ" if greek.endswith("ου") else greek + "σ" if greek[-1:] in {"ο", "η", "α"} else greek


def read_text(text: str) -> Written:
    folded = fold(text)
    found = list(_tokens(folded))
    words: dict[tuple[str, bool, bool], Word] = {}
    for each, start, _ in found:
        words[
            each.raw, each.capital, each.script in CASED and bool(_OPENS.search(folded[max(0, start - 4) : start]))
        ] = each
    for each in [*_spelled_out(folded, found), *_humps(folded), *_without_digits(found), *_of_parts(folded, found)]:
        words.setdefault((each.raw, each.capital, False), each)
    arabic = not _PERSIAN.search(folded)
    compact = BLANK_IN_RUN.sub("", folded)
    runs = () if compact.isascii() else tuple(dict.fromkeys(RUN.findall(compact)))
    for run in runs:
        for part in _KATAKANA.findall(run):
            words.setdefault((part, True, False), word(part))
    return Written(
        folded=folded.casefold(),
        words=tuple(
            _spell(each, opens=opens, arabic=arabic)
            for (_, _, opens), each in words.items()
            if each.script not in RUNS or len(each.raw) <= 8
        ),
        joined=frozenset(_joined(folded, found)),
        runs=tuple(map(Run, runs)),
        foreign=_foreign(runs),
        in_order=" " + " ".join(level(each.letters) for each, _, _ in found) + " ",
        half_hidden=tuple(_patterns(folded)),
        mixed=frozenset(looks(each.raw) for each, _, _ in found if is_mixed(each.raw)),
    )


def _foreign(runs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for part in {part: None for run in runs for part in _FOREIGN_IN_HAN.findall(run)}:
        bones = list(map(bones_of_one, part))
        for at in range(len(part) - 1):
            for end in range(at + 2, min(at + 5, len(part)) + 1):
                found[bare("".join(bones[at:end]))][part[at:end]] = None
    return {key: tuple(each) for key, each in found.items()}


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
    everyday = (
        is_everyday_in_arabic_letters(each.raw, arabic=arabic)
        if each.script == "ARABIC"
        else is_everyday(each.raw) or (each.script in CASED and is_everyday(letters))
    )
    return Spelled(
        word=each, keys=tuple(dict.fromkeys(keys)), everyday=everyday, common=any(map(is_common, keys)), opens=opens
    )


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


def _of_parts(folded: str, found: list[_Token]) -> Iterator[Word]:
    """What is one word in other alphabets: "Seo-yeon", "Ul'yana", Arabic names of two parts."""
    for (first, _, end), (second, start, _) in pairwise(found):
        gap = folded[end:start]
        if first.script != second.script or not first.capital:
            continue
        if first.script == "ARABIC":
            is_one = gap == " " and (first.raw in _FIRST_PARTS or second.raw in _LAST_PARTS)
        elif first.script == "HEBREW":
            is_one = gap == "'"
        else:
            is_one = gap in {"'", "-"} and len(first.raw) > 1 and len(second.raw) > 1
            is_one = is_one and not (gap == "-" and is_everyday(second.raw))
        if is_one:
            kept = gap if first.script == "HEBREW" else ""
            yield Word(
                letters=f"{first.letters}{kept}{second.letters}",
                raw=f"{first.raw}{gap}{second.raw}",
                capital=True,
                script=first.script,
            )


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
