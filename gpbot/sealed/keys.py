"""The keys of everything sealed with one of its own, found by the type of their columns."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, Select, Table, select, tuple_

from gpbot.db import Base, Database
from gpbot.keyring import KeyRing, UnderMasterKey

AT_ONCE = 100  # rows


def under_master_keys(metadata: MetaData) -> list[Column[bytes]]:
    """The columns of keys that a master key seals."""
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, UnderMasterKey)
    ]


def keys_of_cases(metadata: MetaData) -> list[tuple[Column[UUID], Column[bytes]]]:
    """For each kind of case the columns of its id and of its key."""
    found = [(next(iter(column.table.primary_key)), column) for column in under_master_keys(metadata)]
    return [(its_id, key) for its_id, key in found if its_id.type.python_type is UUID]


def page(table: Table, columns: Iterable[Column[Any]], after: Sequence[Any] | None) -> Select[Any]:
    """Some rows by primary key: the first, or those that follow the one with the key `after`."""
    query = select(*columns).order_by(*table.primary_key).limit(AT_ONCE)
    return query if after is None else query.where(tuple_(*table.primary_key) > tuple_(*after))


def look_for_damage(database: Database, keyring: KeyRing, metadata: MetaData = Base.metadata) -> None:
    """At start: have health say so when the keys at hand do not open a case's; later it is seen when one is opened."""
    for its_id, key in keys_of_cases(metadata):
        after: Sequence[Any] | None = None
        while True:
            with database.read() as session:
                rows = session.execute(page(key.table, (its_id, key), after).where(key != b"")).all()
            if not rows:
                break
            for case_id, sealed in rows:
                keyring.try_key(case_id, sealed)
            after = rows[-1][:1]
