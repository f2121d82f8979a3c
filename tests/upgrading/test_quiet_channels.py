"""Channels that were opened by a release that knew of no quiet ones are watched too."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from gpbot.crypto import new_master_key
from gpbot.db import Database
from gpbot.quiet import store
from gpbot.schema import upgrade
from tests.clocks import MONDAY, StoppedClock
from tests.databases import Kind, fresh_database
from tests.quiet.harbour import DAYS
from tests.upgrading.revisions import Row, bring_to, contents, empty, fill

DECIDED = datetime(2025, 12, 1, tzinfo=UTC)
PROPOSALS: list[Row] = [
    {"state": "opened", "channel_id": "C00000000", "decided_at": DECIDED},
    {"state": "open", "channel_id": None, "decided_at": None},
    {"state": "declined", "channel_id": None},
]


@pytest.fixture
def database_url(kind: Kind, tmp_path: Path) -> Iterator[str]:
    """In which there is nothing yet."""
    with fresh_database(kind, tmp_path, empty) as url:
        yield url


def test_channels_opened_before_are_watched_from_when_they_were_decided(database_url: str) -> None:
    database = Database(database_url, clock=StoppedClock())
    bring_to(database, "0012")
    fill(database, len(PROPOSALS), {"proposal": PROPOSALS}, new_master_key())
    ids = {row["state"]: UUID(str(row["id"])) for row in contents(database)["proposal"]}
    upgrade(database)
    with database.read() as session:
        found = store.find(session, ids["opened"])
        assert found is not None
        assert (found.channel_id, found.since, found.state.value) == ("C00000000", DECIDED, "watched")
        assert store.find(session, ids["open"]) is None
        assert store.find(session, ids["declined"]) is None
        assert (MONDAY - DECIDED).days > DAYS
        assert store.silent(session, MONDAY, but_not=[], limit=5) == [ids["opened"]]
    database.close()
