"""The next revision is written from the models, by its number, and can be run as it stands."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Integer, Table, inspect

from gpbot.db import Database, Utc
from gpbot.schema import upgrade
from gpbot.tables import REVISION, metadata
from tests.clocks import StoppedClock
from tests.running import ROOT

NEXT = f"{int(REVISION) + 1:04}"


@pytest.fixture
def planted() -> Iterator[Table]:
    table = Table("thanks", metadata, Column("id", Integer, primary_key=True), Column("said_at", Utc, nullable=False))
    yield table
    metadata.remove(table)


def test_a_revision_for_a_new_table_is_numbered_and_runs_as_it_was_written(planted: Table, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    database = Database(f"sqlite:///{tmp_path / 'gpbot.sqlite3'}", clock=StoppedClock())
    upgrade(database)
    config = Config()
    config.set_main_option("script_location", str(tmp_path / "migrations"))
    with database.engine.execution_options(gpbot_writes=True).connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message="words of thanks", autogenerate=True)
        command.upgrade(config, "head")
    written = (tmp_path / "migrations" / "versions" / f"{NEXT}_words_of_thanks.py").read_text()
    assert 'sa.Column("said_at", sa.DateTime(timezone=True), nullable=False)' in written.replace("'", '"')
    assert "downgrade" not in written
    assert {column["name"] for column in inspect(database.engine).get_columns(planted.name)} == {"id", "said_at"}
    database.close()
