"""A database of any revision there ever was is brought up to date, keeps all its rows, and opens."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from gpbot.bootstrap import open_records
from gpbot.crypto import new_master_key
from gpbot.db import Database
from gpbot.schema import upgrade
from gpbot.settings import Settings
from gpbot.tables import metadata
from tests.clocks import StoppedClock
from tests.databases import ON_SQLITE, Kind, fresh_database
from tests.upgrading.revisions import SCRIPTS, all_revisions, bring_to, contents, empty, fill, lost

ROWS = 3
KEY = new_master_key()
# What migrations look at.
KNOWN = {"proposal": [{"state": "opened"}, {"state": "open"}, {"state": "declined"}]}
SETTINGS = Settings(
    slack_bot_token="",
    gpbot_keys=(KEY,),
    community_name="",
    champions=(),
    escalation_contacts=(),
    external_help="",
    triage_channel="",
)
PLANTED = '''"""Loses a row."""

from alembic import op

revision = "planted"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("{statement}")
'''


@pytest.fixture
def database_url(kind: Kind, tmp_path: Path) -> Iterator[str]:
    """In which there is nothing yet."""
    with fresh_database(kind, tmp_path, empty) as url:
        yield url


@contextmanager
def at_revision(url: str, revision: str) -> Iterator[Database]:
    """With rows in every table."""
    database = Database(url, clock=StoppedClock())
    bring_to(database, revision)
    fill(database, ROWS, KNOWN, KEY)
    yield database
    database.close()


@pytest.mark.parametrize("revision", all_revisions())
def test_every_row_of_every_revision_is_kept_and_read_by_the_code_of_today(database_url: str, revision: str) -> None:
    with at_revision(database_url, revision) as database:
        before = contents(database)
        assert {name for name, rows in before.items() if len(rows) < ROWS} == set()
        upgrade(database)
        assert list(lost(before, contents(database))) == []
        database.close()
        records = open_records(replace(SETTINGS, database_url=database_url), clock=StoppedClock())
        with records.database.read() as session:
            for table in metadata.sorted_tables:
                session.execute(select(table)).all()
        records.database.close()


@ON_SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM report_entry WHERE id = (SELECT max(id) FROM report_entry)",
        "UPDATE report SET state = 'other' WHERE state = (SELECT max(state) FROM report)",
        "DROP TABLE proposal_concern_message",
    ],
)
def test_a_migration_that_loses_something_is_noticed(database_url: str, tmp_path: Path, statement: str) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts)
    planted = PLANTED.format(head=all_revisions()[-1], statement=statement)
    (scripts / "versions" / "planted.py").write_text(planted)
    with at_revision(database_url, all_revisions()[-1]) as database:
        before = contents(database)
        bring_to(database, "planted", scripts)
        assert list(lost(before, contents(database)))
