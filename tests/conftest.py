"""The stage that scenarios and promises play on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpbot.clock import SystemClock
from gpbot.db import Database
from gpbot.schema import upgrade
from tests.stage import Stage, stage


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database as the migrations make it; making it takes longer than many a test."""
    path = tmp_path_factory.mktemp("migrated") / "gpbot.sqlite3"
    database = Database(f"sqlite:///{path}", clock=SystemClock())
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def community(tmp_path: Path, migrated: Path) -> Iterator[Stage]:
    """Three champions (amina, ben, chloe), two contacts (edith, farid), members mona, tom and nadia."""
    shutil.copy(migrated, tmp_path / "gpbot.sqlite3")
    with stage(tmp_path) as here:
        yield here
