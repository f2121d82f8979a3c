"""Which statements run, and which of them look through a whole table."""

import json
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

GROWING = {
    "report",
    "report_reader",
    "report_exclusion",
    "report_entry",
    "report_notification",
    "report_window",
    "report_draft",
    "question",
    "question_entry",
    "question_message",
    "person",
    "guidelines_acceptance",
    "guidelines_message",
    "job",
    "audit_entry",
}
NAMES = {"name_start", "whole_name"}  # grow with the members whose names are known
# Indexes of a few rows among many.
OF_A_FEW = {
    "ix_job_dead",
    "ix_job_ready",
    "ix_question_open",
    "ix_quiet_channel_asked",
    "ix_quiet_channel_offered",
    "ix_report_open",
}
_SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
_ALIAS = re.compile(r"(\w+) AS (\w+)")


@dataclass(frozen=True, slots=True)
class Statement:
    """As the driver was given it."""

    sql: str
    values: Any


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """What is executed meanwhile, each statement once, with the values it first had."""
    found: dict[str, Statement] = {}

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:  # noqa: FBT001  (SQLAlchemy's own)
        if sql.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE"}:
            found.setdefault(sql, Statement(sql, values[0] if many else values))

    statements: list[Statement] = []
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
        statements += found.values()


def scans(engine: Engine, act: Callable[[], object], growing: Collection[str] = GROWING) -> dict[str, set[str]]:
    """What `act` runs that looks through one of the `growing` tables, and which. Raises RuntimeError if nothing."""
    with recorded(engine) as statements:
        act()
    if not statements:
        raise RuntimeError("nothing was asked of the database")
    found = {statement.sql: scanned(engine, statement, growing) for statement in statements}
    return {sql: tables for sql, tables in found.items() if tables}


def scanned(engine: Engine, statement: Statement, growing: Collection[str] = GROWING) -> set[str]:
    """The tables among `growing` that this statement would look through from end to end."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values).all()
            names = {alias: table for table, alias in _ALIAS.findall(statement.sql)}
            steps = [step for step in (_SCAN.match(row[3]) for row in plan) if step and step[2] not in OF_A_FEW]
            return {each for each in growing if any(names.get(step[1], step[1]) == each for step in steps)}
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.values).scalar_one()
        root = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        return {each for each in _sequential(root) if each in growing}


def _sequential(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _sequential(child)
