"""Bringing a database up to date; Alembic is imported only when there is something to do."""

from pathlib import Path

from sqlalchemy import inspect, text

from gpbot.db import Database
from gpbot.tables import REVISION

ROOT = Path(__file__).resolve().parent.parent


def upgrade(database: Database) -> None:
    """Run the migrations this database has not had yet, in one process at a time.

    Raises SQLAlchemyError when it cannot be reached.
    """
    if _revision(database) == REVISION:
        return
    from alembic import command  # noqa: PLC0415  (not loaded when the bot serves)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with database.engine.execution_options(gpbot_writes=True, gpbot_patient=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found
