from collections.abc import Iterator
from pathlib import Path

import pytest

from gpbot.db import Base, Database
from tests.outbox.fakes import HeldClock, World, notes


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = HeldClock()
    database = Database(f"sqlite:///{tmp_path / 'gpbot.db'}", clock=clock)
    Base.metadata.create_all(database.engine)
    notes.create(database.engine)
    yield World(database, clock)
    database.close()
