"""How tests are dealt to the workers of pytest-xdist: none is left with a long one when the others have ended."""

import os
from collections.abc import Sequence
from itertools import chain, groupby, islice

import pytest

from tests.halves import LONG


def most(half: str | None) -> int | None:
    """Of workers, where much of what is played waits: for processes to start and end, for browsers, for the disk.

    None is as many as there are cores.
    """
    cores = os.cpu_count() or 1
    return {"long": 2 * cores, "short": cores + cores // 2}.get(half or "")


def dealt(tests: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """In such an order that each of the pieces into which xdist cuts it, one for each worker, begins with long ones."""
    rooms = [(len(tests) + number) // workers for number in range(workers)]
    pieces: list[list[pytest.Item]] = [[] for _ in rooms]
    long = [test for test in tests if test.get_closest_marker(LONG.name)]
    for _, together in groupby(long, key=_of_what_it_shares):
        open_ones = [piece for piece, room in zip(pieces, rooms, strict=True) if len(piece) < room]
        min(open_ones or pieces, key=len).extend(together)
    others = iter(test for test in tests if not test.get_closest_marker(LONG.name))
    for piece, room in zip(pieces, rooms, strict=True):
        piece.extend(islice(others, max(room - len(piece), 0)))
    return [*chain(*pieces), *others]


def _of_what_it_shares(test: pytest.Item) -> str:
    """Its module where a fixture is made once for that, as a browser is; else it stands alone."""
    made_by = getattr(test, "_fixtureinfo", None)
    shares = made_by and any(defs[-1].scope == "module" for defs in made_by.name2fixturedefs.values())
    return test.nodeid.partition("::")[0] if shares else test.nodeid
