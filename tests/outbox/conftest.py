from collections.abc import Iterator

import pytest

from gpbot.db import Database
from tests.clocks import StoppedClock
from tests.databases import another_program
from tests.outbox.fakes import World, notes


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    clock = StoppedClock()
    database = Database(database_url, clock=clock)
    with another_program(database_url) as other:
        notes.create(other)
    yield World(database, clock)
    database.close()
