"""Writers take turns: in the order in which they came, those somebody waits for first, and nobody is forgotten."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from gpbot.turns import MOST_IN_A_ROW, Turns
from tests.waiting import HANGING

SOON = 0.01


class Line:
    """Those who wait for the same turns, each once the one before is known to wait."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.served: list[str] = []
        self._threads: list[threading.Thread] = []

    def join(self, name: str, *, in_background: bool = False) -> None:
        before = self._waiting()
        thread = threading.Thread(target=self._serve, args=(name, in_background))
        self._threads.append(thread)
        thread.start()
        while self._waiting() == before:
            threading.Event().wait(SOON)

    @contextmanager
    def held(self) -> Iterator[None]:
        assert self.turns.acquire(wait=HANGING)
        yield
        self.turns.release()
        for thread in self._threads:
            thread.join()

    def _serve(self, name: str, in_background: bool) -> None:  # noqa: FBT001  (a thread's argument)
        assert self.turns.acquire(wait=HANGING, in_background=in_background)
        self.served.append(name)
        self.turns.release()

    def _waiting(self) -> int:
        return len(self.turns._waiting) + len(self.turns._in_background)


def test_they_are_served_in_the_order_in_which_they_came() -> None:
    line = Line()
    with line.held():
        for number in range(16):
            line.join(str(number))
    assert line.served == [str(number) for number in range(16)]


def test_background_work_lets_those_pass_whom_somebody_waits_for() -> None:
    line = Line()
    with line.held():
        line.join("courier", in_background=True)
        line.join("first")
        line.join("second")
    assert line.served == ["first", "second", "courier"]


def test_background_work_has_its_turn_however_many_come() -> None:
    line = Line()
    with line.held():
        line.join("courier", in_background=True)
        for number in range(MOST_IN_A_ROW + 3):
            line.join(str(number))
    assert line.served.index("courier") == MOST_IN_A_ROW


@pytest.mark.parametrize("in_background", [False, True])
def test_whose_time_is_over_leaves_the_line(in_background: bool) -> None:  # noqa: FBT001  (pytest's)
    line = Line()
    with line.held():
        assert not line.turns.acquire(wait=SOON, in_background=in_background)
        line.join("next")
    assert line.served == ["next"]
    assert line.turns.acquire(wait=HANGING)


def test_one_at_a_time_whatever_times_out_meanwhile() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work(number: int) -> None:
        for turn in range(50):
            if turns.acquire(wait=HANGING if number % 3 else 0.0001, in_background=(number + turn) % 2 == 0):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1
                turns.release()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert most == [1]
    assert turns.acquire(wait=0)
