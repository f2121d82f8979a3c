"""Goals, what was measured against them, and how measurements are put side by side."""

from collections.abc import Callable, Mapping
from statistics import median
from typing import TypeVar

from benchmarks.load import Answers

T = TypeVar("T")


class Board:
    """Prints each goal with *pass* or *MISS* as it is measured."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.rounds = 3 if quick else 5
        self.missed = 0

    def either(self, quick: int, full: int) -> int:
        return quick if self.quick else full

    def subject(self, title: str) -> None:
        print(f"\n{title}", flush=True)

    def goal(self, words: str, measured: float, *, at_most: float, unit: str = "times") -> None:
        self._goal(words, measured, f"at most {at_most:g} {unit}", is_met=measured <= at_most)

    def goal_at_least(self, words: str, measured: float, *, at_least: float) -> None:
        self._goal(words, measured, f"at least {at_least:g}", is_met=measured >= at_least)

    def note(self, words: str) -> None:
        print(f"              {words}", flush=True)

    def _goal(self, words: str, measured: float, limit: str, *, is_met: bool) -> None:
        self.missed += not is_met
        print(f"  {'pass' if is_met else 'MISS'} {measured:7.2f}  {words}: {limit}", flush=True)


def in_rounds(count: int, measures: Mapping[str, Callable[[], T]]) -> list[dict[str, T]]:
    """Everything measured once in each round, each round beginning with another one."""
    names = list(measures)
    found: list[dict[str, T]] = []
    for number in range(count):
        start = number % len(names)
        found.append({name: measures[name]() for name in names[start:] + names[:start]})
    return found


def ratio(rounds: list[dict[str, T]], of: str, to: str, value: Callable[[T], float]) -> float:
    """The median, over the rounds, of the ratio within each."""
    return median(value(each[of]) / value(each[to]) for each in rounds)


def middle(rounds: list[dict[str, T]], of: str, value: Callable[[T], float]) -> float:
    return median(value(each[of]) for each in rounds)


def p50(answers: Answers) -> float:
    """Seconds."""
    return answers.at(50)


def p99(answers: Answers) -> float:
    """Seconds."""
    return answers.at(99)
