"""Opening a database and bringing it up to date; Alembic is imported only when there is something to do."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect, text

from gpbot.clock import AgreedClock, Clock
from gpbot.db import Database
from gpbot.tables import REVISION

ROOT = Path(__file__).resolve().parent.parent
log = logging.getLogger(__name__)


class NewerDatabase(Exception):
    """A newer gpbot has changed the tables; `words` say what to do."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.words = (
            f"this database was brought up to date by another, probably newer, version of gpbot ({revision}; this one "
            f"knows them up to {REVISION}). Start that version, or restore the backup made before the upgrade."
        )


class NoDatabaseYet(Exception):
    """There is no SQLite file, and this is not gpbot's start."""


def open_database(url: str, *, clock: Clock, alone: bool, may_create: bool) -> Database:
    """Brought up to date. Raises what `gpbot.bootstrap.open_records` raises, but KeysDoNotFit and CannotSave."""
    database = Database(url, clock=AgreedClock(clock))
    with closing_unless_it_ends_well(database):
        if path := database.sqlite_path:
            if not may_create and not path.exists():
                raise NoDatabaseYet(path)
            path.touch(mode=0o600)
            path.chmod(0o600)  # before it is opened: its write-ahead log takes the same mode
        if alone:
            database.claim_for_this_process()  # before a newer version changes tables under a running one
        upgrade(database)
    return database


@contextmanager
def closing_unless_it_ends_well(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def upgrade(database: Database) -> None:
    """Run the migrations this database has not had yet, in one process at a time.

    Raises NewerDatabase; SQLAlchemyError when it cannot be reached.
    """
    found = _revision(database)
    if found == REVISION:
        return
    if found is None:
        log.info("this is a new, empty database: %s", database.where)
    from alembic import command  # noqa: PLC0415  (not loaded when the bot serves)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    if found is not None and found not in {
        each.revision for each in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise NewerDatabase(found)
    with database.engine.execution_options(gpbot_writes=True, gpbot_patient=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found
