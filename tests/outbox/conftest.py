from collections.abc import Iterator

import pytest

from gpbot.db import Database
from tests.outbox.fakes import HeldClock, World, notes


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    clock = HeldClock()
    database = Database(database_url, clock=clock)
    notes.create(database.engine)
    yield World(database, clock)
    database.close()
