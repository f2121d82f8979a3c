"""Changing the master keys strands nothing, whatever is written meanwhile and whenever it is killed."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, MetaData, Table, Uuid, delete, event, insert, update

from gpbot.crypto import DataKey, DoesNotOpen, Vault, new_master_key
from gpbot.db import Database
from gpbot.keyring import KeyRing, KeysDoNotFit, NewestKeyMissing, UnderMasterKey, load_keyring
from gpbot.reports.store import Store
from gpbot.reports.types import Draft, Filled
from gpbot.sealed.keys import AT_ONCE, look_for_damage
from gpbot.sealed.rotation import Rotation
from gpbot.tables import metadata
from tests.clocks import StoppedClock
from tests.sealed.rotating import rotate, rotation_of

OLDER, NEWER, NEWEST = KEYS = [new_master_key() for _ in range(3)]

# A kind of case that nobody has heard of yet.
PLANTED = MetaData()
LOOKUP = metadata.tables["sealed_key"].to_metadata(PLANTED)
LETTERS = Table("letter", PLANTED, Column("id", Uuid, primary_key=True), Column("locked", UnderMasterKey))
LINES = Table(
    "letter_line",
    PLANTED,
    Column("id", Uuid, primary_key=True),
    Column("letter", Uuid, ForeignKey("letter.id")),
    Column("words", LargeBinary),
    Column("more", JSON),
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, clock=StoppedClock())
    yield database
    database.close()


def test_a_running_process_without_the_new_key_seals_nothing_once_it_is_in_force(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    running = load_keyring(database, Vault([OLDER]))
    ready = load_keyring(database, Vault([NEWER, OLDER]))
    with database.read() as session:
        assert running.has_newest(session)
        _, sealed = ready.new_data_key(session)
    Vault([OLDER]).open_data_key(sealed)  # whatever stands first in GPBOT_KEYS, until it is put in force

    rotate(rotation_of(database, NEWER, OLDER))
    with database.read() as session:
        for _ in range(2):
            with pytest.raises(NewestKeyMissing):
                running.new_data_key(session)
        assert not running.has_newest(session)
        _, sealed = ready.new_data_key(session)
    Vault([NEWER]).open_data_key(sealed)
    assert ["newest key is not in GPBOT_KEYS" in line for line in caplog.messages] == [True]
    assert database.trouble is None


@dataclass
class Planted:
    """A letter of two lines, each thing of which is sealed in another way."""

    database: Database
    keyring: KeyRing
    id: UUID = field(default_factory=uuid4)
    line: UUID = field(default_factory=uuid4)

    def write(self) -> None:
        PLANTED.create_all(self.database.engine.execution_options(gpbot_writes=True), checkfirst=True)
        with self.database.begin() as session:
            key, sealed = self.keyring.new_data_key(session)
            session.execute(insert(LETTERS).values(id=self.id, locked=sealed))
            line = {"id": self.line, "letter": self.id, "words": key.seal({})}
            session.execute(insert(LINES).values(**line, more=["", {"a": _boxed(self.keyring)}]))

    def replace(self, column: Column[bytes], value: object) -> None:
        with self.database.begin() as session:
            session.execute(update(column.table).values({column: value}))


def _boxed(keyring: KeyRing) -> str:
    return keyring.box.seal({"b": 1}).decode()


def test_a_new_kind_of_case_is_put_under_the_new_key_without_anybody_naming_it(database: Database) -> None:
    older = load_keyring(database, Vault([OLDER]))
    planted = Planted(database, older)
    planted.write()
    rotation = rotation_of(database, NEWER, OLDER, tables=PLANTED)
    assert rotation.all_open_with(OLDER)
    rotate(rotation)

    assert rotation.all_open_with(NEWER)
    look_for_damage(database, older, PLANTED)
    assert older.damaged == {planted.id}
    look_for_damage(database, rotation.keyring, PLANTED)
    assert rotation.keyring.damaged == set()


@pytest.mark.parametrize("column", [LETTERS.c.locked, LINES.c.words, LINES.c.more], ids=str)
def test_done_is_said_only_when_everything_opens_however_it_is_sealed(
    database: Database, column: Column[bytes]
) -> None:
    keyring = load_keyring(database, Vault([NEWER]))
    planted = Planted(database, keyring)
    planted.write()
    rotation = rotation_of(database, NEWER, tables=PLANTED)
    assert rotation.all_open_with(NEWER)

    lost = DataKey(Fernet.generate_key()).seal({})
    planted.replace(column, [lost.decode()] if isinstance(column.type, JSON) else lost)
    assert not rotation.all_open_with(NEWER)


def test_what_was_erased_need_not_open(database: Database) -> None:
    planted = Planted(database, load_keyring(database, Vault([NEWER])))
    planted.write()
    planted.replace(LETTERS.c.locked, b"")
    rotation = rotation_of(database, NEWER, tables=PLANTED)
    rotate(rotation)
    assert rotation.all_open_with(NEWER)


def test_more_than_a_page_is_put_under_the_new_key(database: Database) -> None:
    keyring = load_keyring(database, Vault([OLDER]))
    for _ in range(AT_ONCE + 1):
        save(database, keyring)
    rotation = rotation_of(database, NEWER, OLDER)
    rotate(rotation)
    assert rotation.all_open_with(NEWER)


def save(database: Database, keyring: KeyRing) -> None:
    with database.begin() as session:
        Store(keyring).save_draft(session, "U0MONA", Draft(id=uuid4(), filled=Filled(what="He follows me home.")))


class Killed(Exception):
    """In the middle of a rotation."""


def rotate_until_killed(rotation: Rotation, transactions: int) -> None:
    left = transactions

    def count(_connection: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    engine = rotation.database.engine
    event.listen(engine, "commit", count)
    try:
        rotate(rotation)
    finally:
        event.remove(engine, "commit", count)


ACT = st.one_of(
    st.tuples(st.just("start"), st.integers(0, 1), st.permutations(KEYS), st.integers(1, 3)),
    st.tuples(st.just("save"), st.integers(0, 1)),
    st.tuples(st.just("rotate"), st.integers(0, 1), st.integers(0, 8)),
)


@given(acts=st.lists(ACT, max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_starting_saving_rotating_and_killing_leaves_what_the_newest_key_does_not_open(
    database: Database, acts: list[tuple[Any, ...]]
) -> None:
    with database.begin() as session:
        for table in ("report_draft", "sealed_key"):
            session.execute(delete(metadata.tables[table]))
    first = (OLDER,)
    processes = [(first, rotation_of(database, *first)) for _ in range(2)]
    done = ""  # the key of the last rotation that ended and said so
    for what, number, *how in acts:
        keys, process = processes[number]
        with suppress(KeysDoNotFit, NewestKeyMissing, DoesNotOpen, Killed):
            match what, how:
                case "start", (order, most):
                    processes[number] = (tuple(order[:most]), rotation_of(database, *order[:most]))
                case "save", _:
                    save(database, process.keyring)
                case _, (transactions,):
                    done = ""
                    rotate_until_killed(process, transactions)
                    done = keys[0] if process.all_open_with(keys[0]) else ""
        assert not done or process.all_open_with(done)

    last = rotation_of(database, NEWEST, NEWER, OLDER)
    rotate(last)
    assert last.all_open_with(NEWEST)
    with pytest.raises(KeysDoNotFit):
        last.all_open_with(OLDER)
