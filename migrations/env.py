"""Alembic's environment: gpbot's own connection when gpbot upgrades, DATABASE_URL for contributors."""

import os

from alembic import context

from gpbot.clock import SystemClock
from gpbot.db import Database
from gpbot.tables import metadata


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        database = Database(os.environ.get("DATABASE_URL", "sqlite:///gpbot.sqlite3"), clock=SystemClock())
        connection = database.engine.execution_options(gpbot_writes=True).connect()
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with connection.begin(), context.begin_transaction():
        context.run_migrations()


run()
