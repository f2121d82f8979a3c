"""`make test` and `make test-all` together play every test there is, each of them in one of the two."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pytest

from tests.databases import KINDS
from tests.halves import HALVES
from tests.running import ROOT

WHOLE = ""
COLLECT = """
import io, json, sys
from contextlib import redirect_stdout
import pytest
from tests.halves import HALVES, of_half

class Collected:
    def pytest_collection_finish(self, session):
        parts = {"": session.items} | {half: of_half(session.items, half) for half in HALVES}
        self.tests = {part: [(item.nodeid, walked(item)) for item in items] for part, items in parts.items()}

def walked(item):
    return [folder for mark in item.iter_markers("walk") for folder in mark.args]

collected = Collected()
with redirect_stdout(io.StringIO()):
    status = pytest.main(["-n", "0", "-p", "no:cacheprovider", "--collect-only"], plugins=[collected])
assert status == 0, status
print(json.dumps(collected.tests))
"""
Tests = Sequence[tuple[str, Sequence[str]]]  # its id, and the folders through which it walks


def played_otherwise_than_once(tests: Sequence[str], halves: Iterable[Sequence[str]]) -> dict[str, int]:
    """How often the halves play each test that they do not play once, or that there is not."""
    times = Counter(test for half in halves for test in half)
    return {test: times[test] for test in {*tests, *times} if times[test] != 1 or test not in tests}


@pytest.fixture(scope="module")
def collected() -> Mapping[str, Tests]:
    """What pytest collects, and what each half keeps of it."""
    told = subprocess.run(  # noqa: S603  (our own words)
        [sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    found: Mapping[str, Tests] = json.loads(told.stdout.splitlines()[-1])
    return found


def test_every_test_is_played_by_one_of_the_two_and_by_one_alone(collected: Mapping[str, Tests]) -> None:
    whole, *halves = ([test for test, _ in collected[part]] for part in (WHOLE, *HALVES))
    assert min(map(len, halves)) > 100
    assert played_otherwise_than_once(whole, halves) == {}


def test_a_test_that_falls_out_would_be_found() -> None:
    """The control: one that no half plays, one that both play, and one that there is not."""
    odd = played_otherwise_than_once(["a", "left out", "twice"], [["a", "twice"], ["twice", "made up"]])
    assert odd == {"left out": 0, "twice": 2, "made up": 1}


def test_each_workflow_has_a_walk_in_the_short_half_on_both_databases(collected: Mapping[str, Tests]) -> None:
    walked = {
        (folder, kind) for test, folders in collected["short"] for folder in folders for kind in KINDS if kind in test
    }
    folders = {str(path.parent.relative_to(ROOT / "gpbot")) for path in (ROOT / "gpbot").rglob("listeners.py")}
    assert len(folders) > 5
    assert walked == {(folder, kind) for folder in folders for kind in KINDS}


def test_the_commands_play_both_halves() -> None:
    recipes = (ROOT / "Makefile").read_text().split("\n\n")
    for name, half in (("test", "short"), ("test-all", "long")):
        (recipe,) = (part for part in recipes if f"\n{name}:" in f"\n{part}")
        assert f"pytest --half {half}" in recipe
    assert {"make test", "make test-all", "make tour", "make crash"} <= {
        *(ROOT / ".ci" / "run").read_text().splitlines()
    }
