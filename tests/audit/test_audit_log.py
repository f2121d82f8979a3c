"""The log: written last, chained over ciphertext, still verifiable when what it spoke of is erased."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gpbot.audit import AuditLog
from gpbot.crypto import DataKey, DoesNotOpen, Vault, new_master_key
from gpbot.db import Database
from gpbot.keyring import load_keyring
from tests.clocks import StoppedClock
from tests.databases import raw_files


class Logged:
    """A database with a log in it, and one subject."""

    def __init__(self, url: str) -> None:
        self.clock = StoppedClock()
        self.database = Database(url, clock=self.clock)
        self.vault = Vault([new_master_key()])
        self.log = AuditLog(load_keyring(self.database, self.vault), self.clock)
        self.subject: UUID = uuid4()
        self.key: DataKey = self.vault.new_data_key()[0]

    def record(self, *acts: str, actor: str = "U0AMINA") -> None:
        for act in acts:
            with self.database.begin() as session:
                self.log.record(session, actor=actor, act=act, subject=self.subject, key=self.key)

    def run(self, statement: str, **values: object) -> None:
        with self.database.begin() as session:
            session.execute(text(statement), values)

    def broken_at(self) -> int | None:
        with self.database.read() as session:
            return self.log.verify(session).broken_at

    def head(self) -> str:
        with self.database.read() as session:
            return self.log.verify(session).head

    def has_been(self, head: str) -> bool:
        with self.database.read() as session:
            return self.log.has_been(session, head)


@pytest.fixture
def logged(database_url: str) -> Iterator[Logged]:
    here = Logged(database_url)
    yield here
    here.database.close()


def test_an_empty_log_verifies(logged: Logged) -> None:
    with logged.database.read() as session:
        verdict = logged.log.verify(session)
    assert (verdict.entries, verdict.broken_at) == (0, None)
    assert logged.has_been(verdict.head)


def test_what_is_recorded_is_read_back_newest_first(logged: Logged) -> None:
    for act in ("filed", "opened", "claimed"):
        logged.record(act)
        logged.clock.advance(minutes=1)
    with logged.database.read() as session:
        found = logged.log.of(session, logged.subject, logged.key, limit=2)

    assert [(row.actor, row.act) for row in found] == [("U0AMINA", "claimed"), ("U0AMINA", "opened")]
    assert found[0].at - found[1].at == timedelta(minutes=1)
    assert logged.broken_at() is None


def test_each_subject_has_its_own_entries(logged: Logged) -> None:
    logged.record("filed")
    with logged.database.begin() as session:
        logged.log.record(session, actor="gpbot", act="roster.seeded")
    with logged.database.read() as session:
        assert [row.act for row in logged.log.of(session, logged.subject, logged.key, limit=9)] == ["filed"]
        assert logged.log.of(session, uuid4(), logged.key, limit=9) == []


def test_several_acts_in_one_transaction_are_one_chain(logged: Logged) -> None:
    with logged.database.begin() as session:
        for act in ("added something", "reopened", "changed who can read"):
            logged.log.record(session, actor="reporter", act=act, subject=logged.subject, key=logged.key)
    with logged.database.read() as session:
        assert logged.log.verify(session).entries == 3
    assert logged.broken_at() is None


def test_what_rolls_back_leaves_no_entry(logged: Logged) -> None:
    with pytest.raises(IntegrityError), logged.database.begin() as session:  # noqa: PT012  (one transaction)
        logged.log.record(session, actor="U0AMINA", act="claimed", subject=logged.subject, key=logged.key)
        session.execute(text("INSERT INTO audit_head (id, entries, mac) VALUES (1, 0, '')"))
    with logged.database.read() as session:
        assert logged.log.verify(session).entries == 0


def test_the_entry_is_the_last_thing_written_in_its_transaction(logged: Logged) -> None:
    with logged.database.begin() as session:
        logged.log.record(session, actor="U0AMINA", act="claimed", subject=logged.subject, key=logged.key)
        assert session.execute(text("SELECT count(*) FROM audit_entry")).scalar() == 0
    with logged.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM audit_entry")).scalar() == 1


def test_neither_the_actor_nor_the_act_stands_in_clear(logged: Logged) -> None:
    logged.record("claimed")
    with logged.database.read() as session:
        rows = session.execute(text("SELECT * FROM audit_entry")).all()
    assert "U0AMINA" not in str(rows)
    assert "claimed" not in str(rows)
    raw = b"".join(raw_files(logged.database.engine.url.render_as_string(hide_password=False)).values())
    assert b"U0AMINA" not in raw


def test_an_erased_subject_leaves_a_log_that_verifies_and_says_nothing(logged: Logged) -> None:
    logged.record("filed", "erased")
    other_key = logged.vault.new_data_key()[0]
    assert logged.broken_at() is None
    with logged.database.read() as session, pytest.raises(DoesNotOpen):
        logged.log.of(session, logged.subject, other_key, limit=9)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET sealed = :sealed WHERE id = 2",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = 2",
        "UPDATE audit_entry SET subject = NULL WHERE id = 2",
        "UPDATE audit_entry SET mac = '' WHERE id = 2",
        "DELETE FROM audit_entry WHERE id = 2",
    ],
)
def test_a_changed_or_missing_entry_is_found_at_its_place(logged: Logged, tampering: str) -> None:
    logged.record("filed", "opened", "claimed")
    values = {"sealed": logged.key.seal({"actor": "U0BEN", "act": "opened"})} if ":sealed" in tampering else {}
    logged.run(tampering, **values)

    assert logged.broken_at() in {2, 3}


def test_an_end_that_was_cut_off_is_found(logged: Logged) -> None:
    logged.record("filed", "opened", "claimed")
    logged.run("DELETE FROM audit_entry WHERE id = 3")
    assert logged.broken_at() == 3


def test_an_end_cut_off_together_with_its_head_is_found_by_an_older_head(logged: Logged) -> None:
    logged.record("filed", "opened")
    kept = logged.head()
    logged.record("claimed")
    assert logged.has_been(kept)
    latest = logged.head()
    logged.run("DELETE FROM audit_entry WHERE id = 3")
    logged.run("UPDATE audit_head SET entries = 2, mac = (SELECT mac FROM audit_entry WHERE id = 2)")

    assert logged.broken_at() is None
    assert not logged.has_been(latest)
    assert logged.has_been(kept)


def test_swapped_entries_are_found(logged: Logged) -> None:
    logged.record("filed", "opened", "claimed")
    logged.run("UPDATE audit_entry SET id = 9 WHERE id = 1")
    logged.run("UPDATE audit_entry SET id = 1 WHERE id = 2")
    logged.run("UPDATE audit_entry SET id = 2 WHERE id = 9")
    assert logged.broken_at() == 1


def test_no_head_is_invented(logged: Logged) -> None:
    logged.record("filed")
    assert not logged.has_been("not hexadecimal")
    assert not logged.has_been("00" * 31)
    assert not logged.has_been("ab" * 32)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=40))
def test_whatever_is_logged_comes_back_and_verifies(logged: Logged, acts: list[str], actor: str) -> None:
    logged.record(*acts, actor=actor)
    with logged.database.read() as session:
        found = logged.log.of(session, logged.subject, logged.key, limit=len(acts)) if acts else []
    assert [(row.actor, row.act) for row in found] == [(actor, act) for act in reversed(acts)]
    assert logged.broken_at() is None
