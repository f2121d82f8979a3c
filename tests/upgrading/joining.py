"""What somebody who has the database and no keys can join: rows that hold the same value."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select

from gpbot.keyring import UnderMasterKey
from gpbot.outbox.types import Priority
from gpbot.tables import metadata

Value = tuple[str, str]
Node = tuple[str, tuple[object, ...]]  # a table, and the row's primary key

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{32,}")
_MESSAGE = re.compile(r"\d{10}\.\d{6}")
_SEALED = b"gAAAA"
# Which proposal a concern is about is no secret to who has the database, and says nothing of who wrote it.
_ABOUT = {("proposal_concern", "proposal_id")}


def paths_to_people(connection: Connection) -> list[str]:
    """From a row about a report, draft, question or concern, by equal values, to one that names a member; as words."""
    rows = {
        (table.name, tuple(row._mapping[each] for each in table.primary_key)): (table, dict(row._mapping))
        for table in metadata.sorted_tables
        for row in connection.execute(select(table))
    }
    members = {columns["slack_id"] for table, columns in rows.values() if table.name == "person"}
    cases = _tables_of_cases()
    found = {node: set(_values_of(table, columns)) for node, (table, columns) in rows.items()}
    having: dict[Value, list[Node]] = defaultdict(list)
    for node, values in found.items():
        for value in values:
            having[value].append(node)
    about = [node for node, (table, columns) in rows.items() if table.name in cases or _is_about(table, columns)]
    assert {node[0] for node in about} >= {*cases, "job", "audit_entry", "report_window"}
    return [
        " · ".join(way)
        for node, way in _reached(about, found, having)
        if (text := repr(rows[node][1])) and any(who in text for who in members)
    ]


def _reached(
    about: list[Node], found: dict[Node, set[Value]], having: dict[Value, list[Node]]
) -> Iterator[tuple[Node, list[str]]]:
    ways: dict[Node, list[str]] = {node: [node[0]] for node in about}
    waiting = deque(about)
    while waiting:
        node = waiting.popleft()
        yield node, ways[node]
        for value in found[node]:
            for other in having.pop(value, ()):
                if other not in ways:
                    ways[other] = [*ways[node], value[0], other[0]]
                    waiting.append(other)


def _tables_of_cases() -> set[str]:
    """Those with a key of their own, and what hangs on them."""
    own = {
        table.name
        for table in metadata.sorted_tables
        if any(isinstance(each.type, UnderMasterKey) for each in table.columns) and table.name != "sealed_key"
    }
    hanging = {
        table.name for table in metadata.sorted_tables for each in table.foreign_keys if each.column.table.name in own
    }
    return own | hanging


def _is_about(table: Table, columns: dict[str, Any]) -> bool:
    """Also any job that only its key tells from one about a case."""
    if table.name == "job":
        return columns["subject"] is not None or columns["priority"] == Priority.REPORT
    return table.name in {"audit_entry", "report_window"} and any(isinstance(each, UUID) for each in columns.values())


def _values_of(table: Table, columns: dict[str, Any]) -> Iterator[Value]:
    for name, value in columns.items():
        if (table.name, name) in _ABOUT:
            continue
        column = table.columns[name]
        keys = {each.column for each in column.foreign_keys} | ({column} if column.primary_key else set())
        if value is not None and not isinstance(value, UUID | bytes | str):
            yield from ((f"{each.table.name}.{each.name}", str(value)) for each in keys)
        yield from _values(value)


def _values(value: object) -> Iterator[Value]:
    match value:
        case UUID():
            yield "id", value.hex
        case datetime() if (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):  # a day is none
            yield "moment", value.isoformat()
        case bytes() if len(value) >= 16 and not value.startswith(_SEALED):
            yield "hash", value.hex()
        case str():
            yield from (("id", each.replace("-", "")) for each in _UUID.findall(value))
            yield from (("hash", each) for each in _HASH.findall(value))
            yield from (("message", each) for each in _MESSAGE.findall(value))
        case dict():
            for each in value.values():
                yield from _values(each)
