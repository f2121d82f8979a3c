"""The databases and the stage that tests work on."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS, Kind, fresh_database
from tests.stage import Stage, begun_stage


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
