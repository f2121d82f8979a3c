"""The databases and the stage that tests work on."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import KINDS, Kind, fresh_database
from tests.halves import HALVES, LONG, WALK, of_half
from tests.stage import Stage, begun_stage
from tests.workers import dealt, most


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--half", choices=HALVES, help="play this half of the tests only; without it, both")


def pytest_configure(config: pytest.Config) -> None:
    # No example has to be fast: this machine may have other things to do.
    settings.register_profile("gpbot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("gpbot")
    config.addinivalue_line("markers", f"{LONG.name}: played by `make test-all`, not by `make test`")
    config.addinivalue_line(
        "markers", f"{WALK.name}(folder): a walk through a workflow, on PostgreSQL in the short half too"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the half that was asked for."""
    if half := config.getoption("half"):
        kept = of_half(items, half)
        kept_ones = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept_ones])
        items[:] = kept
    if (workers := getattr(config, "workerinput", {}).get("workercount", 1)) > 1:
        items[:] = dealt(items, workers)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    return most(config.getoption("half"))


def pytest_collection_finish() -> None:
    """What is there before the first test stays until the end: nobody need look through it for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Whatever asks for a database runs on SQLite and on PostgreSQL."""
    found: Kind = request.param
    return found


@pytest.fixture
def database_url(kind: Kind, tmp_path: Path) -> Iterator[str]:
    """A database as the migrations make it."""
    with fresh_database(kind, tmp_path) as url:
        yield url


@pytest.fixture
def postgres_url(tmp_path: Path) -> Iterator[str]:
    """The same, for what only several processes on PostgreSQL can do."""
    with fresh_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def community(kind: Kind, tmp_path: Path) -> Iterator[Stage]:
    """Three champions (amina, ben, chloe), two contacts (edith, farid), members mona, tom and nadia."""
    with begun_stage(kind, tmp_path) as here:
        yield here
