"""Alembic's environment: gpbot's own connection when gpbot upgrades, DATABASE_URL for contributors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.operations import MigrationScript
from sqlalchemy import Connection

from gpbot.clock import SystemClock
from gpbot.db import Database, Utc
from gpbot.tables import REVISION, metadata


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        database = Database(os.environ.get("DATABASE_URL", "sqlite:///gpbot.sqlite3"), clock=SystemClock())
        connection = database.engine.execution_options(gpbot_writes=True).connect()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        process_revision_directives=_number,
        render_item=_render,
    )
    with _tables_may_be_replaced(connection), connection.begin(), context.begin_transaction():
        context.run_migrations()
        _refuse_dangling(connection)


def _number(_context: Any, _revision: Any, scripts: list[MigrationScript]) -> None:
    """Revisions are counted, so that the newest one is the last in the folder."""
    for script in scripts:
        script.rev_id = f"{int(REVISION) + 1:04}"


def _render(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """What a revision says in place of gpbot's own types, which may change later."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Utc) else False


# See docs/decisions/0008-migrating-sqlite.md
@contextmanager
def _tables_may_be_replaced(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by putting another in its place; meanwhile the rows that refer to it refer to nothing.

    With foreign keys watched, that is refused, or takes the rows along that go with those they refer to.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection  # outside every transaction, where alone it can be switched
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _refuse_dangling(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"rows that refer to nothing: {sorted({row[0] for row in dangling})}")


run()
