"""Databases as they were at any revision, with a few rows in each of their tables."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Connection, MetaData, Table, insert, make_url, select, types

from gpbot.crypto import Vault
from gpbot.db import Database
from tests.running import ROOT

SCRIPTS = ROOT / "migrations"
LONG_AGO = datetime(2025, 1, 1, 12, tzinfo=UTC)
Row = dict[str, Any]


def configured(scripts: Path = SCRIPTS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    return config


@cache
def all_revisions() -> tuple[str, ...]:
    """From the first to the newest."""
    return tuple(reversed([script.revision for script in ScriptDirectory.from_config(configured()).walk_revisions()]))


def empty(url: str) -> None:
    """A database in which there is nothing (to be copied, see `fresh_database`)."""
    at = make_url(url)
    if at.get_backend_name() == "sqlite":
        Path(at.database or "").touch()


def bring_to(database: Database, revision: str, scripts: Path = SCRIPTS) -> None:
    config = configured(scripts)
    with database.engine.execution_options(gpbot_writes=True, gpbot_patient=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def tables(connection: Connection) -> list[Table]:
    """As they are in this database, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(database: Database, rows: int, known: Mapping[str, Sequence[Row]], key: str) -> None:
    """So many rows into every table there is; what `known` says of a table's rows stands in them.

    The key that all others hang on is real, so that the database opens with `key`.
    """
    with database.engine.execution_options(gpbot_writes=True).begin() as connection:
        for table in tables(connection):
            for number in range(rows):
                of_this = known.get(table.name, [])
                row = made_up(table, number) | (dict(of_this[number]) if number < len(of_this) else {})
                if table.name == "sealed_key":
                    row |= {"name": "lookup" if number == 0 else str(number), "sealed": Vault([key]).seal(bytes(32))}
                connection.execute(insert(table).values(row))


def made_up(table: Table, number: int) -> Row:
    """The same for each `number`, so that rows refer to one another; as little as possible is left empty."""
    row = {}
    for column in table.columns:
        row[column.name] = _value(_referred(column), number)
    return row


def _referred(column: Column[Any]) -> Column[Any]:
    """The column whose values stand in this one, at the end of the chain."""
    for key in column.foreign_keys:
        return _referred(key.column)
    return column


def _value(column: Column[Any], number: int) -> Any:
    kind = column.type
    match kind:
        case JSON():
            return {"id": number}
        case types.Boolean():
            return number % 2 == 0
        case types.Integer() | types.Numeric() | types.Float():
            return number + 100  # clear of what migrations bring along
        case types.DateTime():
            return LONG_AGO + timedelta(days=number)
        case types.Uuid():
            return UUID(int=number + 1)
        case types.CHAR(length=32):  # how SQLite keeps one
            return UUID(int=number + 1).hex
        case types.LargeBinary():
            return f"{column.name} {number}".encode()
        case types.String():
            words = f"{number} of {column.name}"
            return words[: kind.length or len(words)]
        case _:
            raise LookupError(f"What may stand in {column.table.name}.{column.name}, which is {kind!r}?")


def contents(database: Database) -> dict[str, list[Row]]:
    """Every row of every table."""
    with database.engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in tables(connection)
        }


def lost(before: Mapping[str, Sequence[Row]], after: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Each row that is gone, or of which something has become something else, in the columns there still are."""
    for name, rows in before.items():
        for row in rows:
            kept = [
                each for each in after.get(name, ()) if all(each[column] == row[column] for column in each.keys() & row)
            ]
            if not kept:
                yield f"{name}: {row}"
