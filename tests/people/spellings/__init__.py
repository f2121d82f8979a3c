"""A corpus of names as people write them, and of reports that name nobody; and what is found in it."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from gpbot.people.names import mentioned
from gpbot.people.types import RoleHolder, RoleName

_HERE = Path(__file__).parent
# Kinds that are beyond any comparing, and only told.
ONLY_TOLD = frozenset({"cognate", "diminutive", "nickname-en", "initials", "leet", "typo-short"})


@dataclass(frozen=True, kw_only=True)
class Named:
    kind: str
    names: tuple[str, ...]
    text: str
    written: str

    @property
    def is_of_another_alphabet(self) -> bool:
        return self.kind.startswith("cross-")


@dataclass(frozen=True, kw_only=True)
class Innocent:
    names: tuple[str, ...]
    text: str


@dataclass(kw_only=True)
class Found:
    by_kind: Counter[str] = field(default_factory=Counter)
    of_kind: Counter[str] = field(default_factory=Counter)
    missed: list[Named] = field(default_factory=list)

    def percent(self, kinds: Sequence[str]) -> float:
        return 100 * sum(self.by_kind[kind] for kind in kinds) / sum(self.of_kind[kind] for kind in kinds)

    def same(self) -> float:
        return self.percent([kind for kind in self.of_kind if not kind.startswith("cross-") and kind not in ONLY_TOLD])

    def other(self) -> float:
        return self.percent([kind for kind in self.of_kind if kind.startswith("cross-")])


def named(file: str = "named.tsv") -> list[Named]:
    return [
        Named(kind=kind, names=(name, *filter(None, others.split("; "))), text=text, written=written)
        for kind, name, others, text, _expected, _language, written, _source in _rows(file)
    ]


def innocent(file: str = "innocent.tsv") -> list[Innocent]:
    return [Innocent(names=tuple(row[1].split("; ")), text=row[3]) for row in _rows(file)]


def unseen_named() -> list[Named]:
    """Written by hand after the comparing, by somebody who had not read how it is done."""
    return named("unseen-named.tsv")


def unseen_innocent() -> list[Innocent]:
    return innocent("unseen-innocent.tsv")


def _rows(name: str) -> Iterator[list[str]]:
    _head, *lines = (_HERE / name).read_text(encoding="utf-8").rstrip("\n").split("\n")
    return (line.split("\t") for line in lines)


def holders(names: Sequence[str]) -> list[RoleHolder]:
    """One for each."""
    return [_holder(f"U0X{number:06}", name) for number, name in enumerate(names)]


def _holder(slack_id: str, name: str, *others: str) -> RoleHolder:
    return RoleHolder(
        slack_id=slack_id, role=RoleName.CHAMPION, name=name, other_names=others, title="", reachable=True
    )


def look(rows: Sequence[Named]) -> Found:
    found = Found()
    for row in rows:
        found.of_kind[row.kind] += 1
        if mentioned(row.text, [_holder("U0X000001", *row.names)]):
            found.by_kind[row.kind] += 1
        else:
            found.missed.append(row)
    return found


def questions(rows: Sequence[Innocent]) -> float:
    """Per 100 of these."""
    return 100 * sum(bool(mentioned(row.text, holders(row.names))) for row in rows) / len(rows)


def with_random_rosters(rows: Sequence[Innocent], seed: int) -> list[Innocent]:
    dice = random.Random(seed)
    everybody = sorted({name for row in rows for name in row.names} | {row.names[0] for row in named()})
    return [Innocent(names=tuple(dice.sample(everybody, 5)), text=row.text) for row in rows]


def milliseconds(rows: Sequence[Innocent]) -> float:
    """Of one report, at the median, when its roster was met before."""
    took = []
    for row in rows:
        roster = holders(row.names)
        mentioned("", roster)
        begun = time.perf_counter()
        mentioned(row.text, roster)
        took.append(1000 * (time.perf_counter() - begun))
    return median(took)
