"""The keys of everything sealed with one of its own, found by the type of their columns."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, Select, Table, bindparam, select, tuple_
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey, DoesNotOpen
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


_OPEN = "keys of cases"


def remember_key(session: Session, case_id: UUID, key: DataKey) -> None:
    """It was opened in this transaction: whatever else needs it there need not look for it."""
    session.info.setdefault(_OPEN, {})[case_id] = key


def key_of(session: Session, keyring: KeyRing, case_id: UUID) -> DataKey | None:
    """The key of a case of whatever kind; None when it is erased, or never was. Raises DoesNotOpen."""
    known: dict[UUID, DataKey] = session.info.get(_OPEN, {})
    if case_id in known:
        return known[case_id]
    for query in _queries():
        sealed: bytes | None = session.execute(query, {"case_id": case_id}).scalar_one_or_none()
        if sealed:
            return keyring.vault.open_data_key(sealed)
    return None


@cache
def _queries() -> list[Select[Any]]:
    """Asked in this order; made once there are all tables."""
    return [select(key).where(its_id == bindparam("case_id")) for its_id, key in keys_of_cases(Base.metadata)]


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


def seal_each(database: Database, ids: Iterable[UUID], seal: Callable[[Session, UUID], None]) -> bool:
    """One short transaction for each case; whether all of them opened."""
    do_open = True
    for case_id in ids:
        try:
            with database.begin() as session:
                seal(session, case_id)
        except DoesNotOpen:
            do_open = False
    return do_open
