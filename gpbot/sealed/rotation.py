"""Changing the master keys: what they seal is found by its column's type, and tried with the new key alone."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, LargeBinary, MetaData, Row, Table, bindparam, select, update
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey, DoesNotOpen, Vault
from gpbot.db import Database
from gpbot.keyring import KeyRing, UnderMasterKey, load_keyring, put_in_force
from gpbot.sealed.keys import keys_of_cases, page, under_master_keys

_TOKEN = b"gAAAA"  # how whatever Fernet sealed begins, and no hash of ours does


# See docs/decisions/0056-the-key-in-force.md
@dataclass(frozen=True, slots=True)
class Rotation:
    database: Database
    keyring: KeyRing
    metadata: MetaData

    def begin(self, session: Session) -> None:
        """From this transaction on everybody seals with the newest key of this process. Raises DoesNotOpen."""
        put_in_force(session, self.keyring.vault)

    def reseal(self) -> None:
        """Put what stands there under the key in force, a page at a time; what does not open stays as it is.

        Raises NewestKeyMissing when somebody has put yet another key in force meanwhile.
        """
        for column in under_master_keys(self.metadata):
            last: Sequence[Any] | None = None
            while rows := self._reseal_page(column, last):
                last = rows[-1]

    def all_open_with(self, key: str) -> bool:
        """Whether this master key alone opens all that is sealed in any table and was not erased. Raises KeysDoNotFit.

        However it is sealed: by a master key, by the key of the case that its row is about, or by the box key.
        """
        alone = load_keyring(self.database, Vault([key]))
        return all(
            _opens(table, row, alone, keys)
            for table in self.metadata.sorted_tables
            for rows in self._pages(table)
            for keys in [self._keys_of(alone, rows)]
            for row in rows
        )

    def _reseal_page(self, column: Column[bytes], last: Sequence[Any] | None) -> list[Sequence[Any]]:
        table = column.table
        names = [each.name for each in table.primary_key]
        put = update(table).values({column: bindparam("resealed")})
        for each in table.primary_key:
            put = put.where(each == bindparam(f"its_{each.name}"))
        with self.database.begin() as session:
            key = self.keyring.in_force(session)
            rows = session.execute(page(table, [*table.primary_key, column], last).where(column != b"")).all()
            for *its, sealed in rows:
                try:
                    resealed = self.keyring.vault.reseal(sealed, by=key)
                except DoesNotOpen:
                    continue
                where = {f"its_{name}": value for name, value in zip(names, its, strict=True)}
                session.connection().execute(put, {"resealed": resealed, **where})
        return [row[:-1] for row in rows]

    def _pages(self, table: Table) -> Iterator[Sequence[Row[Any]]]:
        """All rows of a table in which anything can be sealed."""
        if not any(isinstance(each.type, LargeBinary | UnderMasterKey | JSON) for each in table.columns):
            return
        last = None
        while True:
            with self.database.read() as session:
                rows = session.execute(page(table, table.columns, last)).all()
            if not rows:
                return
            yield rows
            last = [rows[-1]._mapping[each] for each in table.primary_key]  # noqa: SLF001  (SQLAlchemy's public name)

    def _keys_of(self, alone: KeyRing, rows: Iterable[Row[Any]]) -> dict[UUID, DataKey | None]:
        """The keys of the cases that these rows are, or are about, by id; None of what was erased or does not open."""
        ids = {value for row in rows for value in row if isinstance(value, UUID)}
        found: dict[UUID, DataKey | None] = {}
        with self.database.read() as session:
            for its_id, key in keys_of_cases(self.metadata) if ids else ():
                for case_id, sealed in session.execute(select(its_id, key).where(its_id.in_(ids))):
                    found[case_id] = _data_key(alone.vault, sealed)
        return found


def _data_key(vault: Vault, sealed: bytes) -> DataKey | None:
    try:
        return vault.open_data_key(sealed) if sealed else None
    except DoesNotOpen:
        return None  # which is found where it stands


def _opens(table: Table, row: Row[Any], alone: KeyRing, keys: Mapping[UUID, DataKey | None]) -> bool:
    about = [value for value in row if isinstance(value, UUID)]
    of_cases = [key for each in about if (key := keys.get(each)) is not None]
    is_erased = bool(about) and not of_cases  # and with it the key of what its row was about
    for column, value in zip(table.columns, row, strict=True):
        if isinstance(column.type, UnderMasterKey):
            if value and not _is_opened(alone.vault.open, value):
                return False
            continue
        for token in _tokens(value):
            if not is_erased and not any(_is_opened(key.open, token) for key in (alone.box, *of_cases)):
                return False
    return True


def _is_opened(by: Callable[[bytes], object], token: bytes) -> bool:
    try:
        by(token)
    except DoesNotOpen:
        return False
    return True


def _tokens(value: object) -> Iterator[bytes]:
    """What is sealed in a column, or anywhere in the JSON of one."""
    match value:
        case bytes() if value.startswith(_TOKEN):
            yield value
        case str() if value.startswith(_TOKEN.decode()):
            yield value.encode()
        case dict() | list():
            for each in value.values() if isinstance(value, dict) else value:
                yield from _tokens(each)
