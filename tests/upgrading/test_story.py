"""The story that is kept of each release can be told of this one, whole, and no row of a case leads to a person's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text, update

from gpbot.outbox.models import JobRow
from gpbot.tables import metadata
from tests.clocks import StoppedClock
from tests.databases import another_program, fresh_database
from tests.halves import LONG
from tests.upgrading import keeping
from tests.upgrading.joining import paths_to_people
from tests.upgrading.keeping import Kept
from tests.upgrading.make import play
from tests.upgrading.playing import NEWEST

pytestmark = LONG


TICK = timedelta(microseconds=997)  # no two moments are the same, as with any real clock


@dataclass
class Played:
    kept: Kept
    connection: Connection


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("story")
    with fresh_database("sqlite", folder) as url:
        kept = play(folder, url, clock=StoppedClock(tick=TICK))
        with another_program(url) as connection:
            yield Played(kept, connection)


def test_everything_is_played_and_every_table_and_every_state_is_in_it(played: Played) -> None:
    look = played.connection.execute
    assert [table.name for table in metadata.sorted_tables if not look(select(table)).first()] == []
    assert set(look(text("SELECT DISTINCT state FROM job")).scalars()) == {"ready", "done", "dead", "cancelled"}
    told = set(look(text("SELECT state FROM job WHERE campaign_id IS NOT NULL")).scalars())
    assert told >= {"ready", "done"}  # half of them
    for what, ids in keeping.read(NEWEST, "sqlite").things.items():
        assert ids.keys() <= played.kept.things[what].keys()


def test_no_path_leads_from_a_row_about_a_case_to_a_persons(played: Played) -> None:
    assert paths_to_people(played.connection) == []


@pytest.mark.parametrize("column", ["lane", "run_at", "wire_id"])
def test_a_value_that_sealed_jobs_share_with_others_would_be_such_a_path(played: Played, column: str) -> None:
    """The control."""
    jobs, look = metadata.tables[JobRow.__tablename__], played.connection.execute
    of_a_person = look(select(jobs).where(jobs.c.kind == "proposal", jobs.c.lane.like("dm:%")).limit(1)).one()
    of_a_case = look(select(jobs).where(jobs.c.kind == "question", jobs.c.wire_id != "").limit(1)).one()
    this = update(jobs).where(jobs.c.id == of_a_case.id)
    try:
        look(this.values({column: of_a_person._mapping[column]}))
        assert paths_to_people(played.connection)
    finally:
        look(this.values({column: of_a_case._mapping[column]}))
