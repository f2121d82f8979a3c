"""Which statements run, and which of them look through a whole table."""

import json
import re
from collections.abc import Iterator
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
    "job",
    "audit_entry",
}
OF_A_FEW = {"ix_job_dead", "ix_job_ready", "ix_report_open"}  # indexes of a few rows among many
_SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")


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


def scanned(engine: Engine, statement: Statement) -> set[str]:
    """The growing tables this statement would look through from end to end."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values).all()
            steps = [_SCAN.match(step[3]) for step in plan]
            return {step[1] for step in steps if step and step[1] in GROWING and step[2] not in OF_A_FEW}
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.values).scalar_one()
        return set(_sequential((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _sequential(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _sequential(child)
