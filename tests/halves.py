"""Which half of the tests a test belongs to: the short one, `make test`, or the long one, `make test-all`.

A test is long when it says so (`LONG`), or when it goes through all of gpbot on PostgreSQL and does the same on SQLite.
Whatever asks for a database itself (stores, the outbox, locks, migrations, growth) is tried on both in the short half,
and so is a walk through each workflow (`WALK`, with the folder of its listeners). What one leaves out, the other plays.
"""

from collections.abc import Iterable
from typing import Final, Literal

import pytest

Half = Literal["short", "long"]
HALVES: Final[tuple[Half, ...]] = ("short", "long")
LONG = pytest.mark.long
WALK = pytest.mark.walk


def of_half(tests: Iterable[pytest.Item], half: Half) -> list[pytest.Item]:
    return [test for test in tests if half_of(test) == half]


# See docs/decisions/0044-two-halves.md
def half_of(test: pytest.Item) -> Half:
    if test.get_closest_marker(LONG.name):
        return "long"
    return "long" if _is_second_playing(test) and not test.get_closest_marker(WALK.name) else "short"


def _is_second_playing(test: pytest.Item) -> bool:
    """Whether it goes through gpbot on PostgreSQL as it does on SQLite."""
    if not (isinstance(test, pytest.Function) and hasattr(test, "callspec")):
        return False
    is_on_both = not any("kind" in mark.args[0] for mark in test.iter_markers("parametrize"))
    return is_on_both and test.callspec.params.get("kind") == "postgresql" and "database_url" not in test.fixturenames
