"""Channels that were opened by an earlier release are watched too."""

from datetime import UTC, datetime
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import insert, text

from gpbot.channels.models import ProposalRow
from gpbot.channels.quiet import store
from gpbot.db import Database, table_of
from gpbot.people import store as people
from tests.opening.rig import filled
from tests.quiet.harbour import DAYS
from tests.running import ROOT
from tests.stage import MONDAY, StoppedClock


def test_channels_opened_before_are_watched_from_when_they_were_decided(database_url: str) -> None:
    clock = StoppedClock()
    database = Database(database_url, clock=clock)
    _as_release_before(database)
    decided = datetime(2025, 12, 1, tzinfo=UTC)
    ids = {state: uuid4() for state in ("opened", "open", "declined")}
    with database.begin() as session:
        proposer = people.person_id(session, "UMONA0001")
        for number, (state, proposal_id) in enumerate(ids.items()):
            known = {"id": proposal_id, "proposer_id": proposer, "name": state, "state": state}
            channel = {"channel_id": f"C{number:08}", "decided_at": decided} if state == "opened" else {}
            session.execute(insert(table_of(ProposalRow)).values(filled(ProposalRow, known | channel)))
    _run(database, "head")
    with database.read() as session:
        found = store.find(session, ids["opened"])
        assert found is not None
        assert (found.channel_id, found.since, found.state.value) == ("C00000000", decided, "watched")
        assert store.find(session, ids["open"]) is None
        assert store.find(session, ids["declined"]) is None
        assert MONDAY.timestamp() - decided.timestamp() > DAYS * 24 * 3600
        assert store.silent(session, MONDAY, but_not=[], limit=5) == [ids["opened"]]
    database.close()


def _as_release_before(database: Database) -> None:
    """What this release has added is taken away."""
    with database.engine.execution_options(gpbot_writes=True).begin() as connection:
        for statement in (
            "DROP TABLE quiet_question",
            "DROP TABLE quiet_channel",
            "UPDATE alembic_version SET version_num = '0012'",
        ):
            connection.execute(text(statement))


def _run(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with database.engine.execution_options(gpbot_writes=True, gpbot_patient=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
