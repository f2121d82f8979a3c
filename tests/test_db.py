"""The database: whole transactions, one writer, aware UTC, bounded waits, and files nobody else can read."""

import stat
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from gpbot.bootstrap import open_records
from gpbot.clock import SystemClock
from gpbot.crypto import Vault, new_master_key
from gpbot.db import AnotherProcess, BadDatabaseUrl, Busy, Database, Utc, after_commit, before_commit
from gpbot.keyring import load_keyring
from gpbot.people import members as people
from gpbot.people.models import Person, Role
from gpbot.people.store import give_role
from gpbot.people.types import RoleName
from gpbot.schema import upgrade
from gpbot.settings import Settings
from tests.clocks import MONDAY, StoppedClock
from tests.databases import ON_POSTGRESQL, ON_SQLITE, Postgres, another_program, locked
from tests.pooler import pooler
from tests.waiting import HANGING

WAIT = 0.2


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    here = Database(database_url, clock=StoppedClock(), wait=WAIT)
    yield here
    here.close()


def count(database: Database, together: threading.Barrier | None = None) -> int:
    with database.read() as session:
        if together is not None:
            session.connection()
            together.wait(HANGING)
        return int(session.execute(text("SELECT count(*) FROM person")).scalar_one())


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    with database.begin() as session:
        session.add(Person(slack_id="U1"))
    with pytest.raises(IntegrityError), database.begin() as session:  # noqa: PT012  (one transaction)
        session.add(Person(slack_id="U2"))
        session.flush()
        session.add(Person(slack_id="U1"))
    assert count(database) == 1


def test_last_words_come_after_everything_else_and_what_follows_only_after_the_commit(database: Database) -> None:
    order: list[str] = []
    with database.begin() as session:
        before_commit(session, lambda: order.append(f"before, with {len(session.new)} unwritten"))
        after_commit(session, lambda: order.append(f"after, with {count(database)} on disk"))
        session.add(Person(slack_id="U1"))
        order.append("body")
    assert order == ["body", "before, with 0 unwritten", "after, with 1 on disk"]


def test_nothing_follows_a_rollback(database: Database) -> None:
    order: list[str] = []
    with pytest.raises(IntegrityError), database.begin() as session:  # noqa: PT012  (one transaction)
        before_commit(session, lambda: order.append("before"))
        after_commit(session, lambda: order.append("after"))
        session.add(Role(person_id=99, name="champion", position=0, since=MONDAY))
    with database.begin():
        pass
    assert order == []


def test_a_failing_last_word_undoes_the_transaction(database: Database) -> None:
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), database.begin() as session:  # noqa: PT012  (one transaction)
        session.add(Person(slack_id="U1"))
        before_commit(session, fail)
    assert count(database) == 0


def test_a_second_writer_waits_a_little_and_is_then_refused(database: Database) -> None:
    with database.begin(), pytest.raises(Busy), database.begin():
        pass
    with database.begin() as session:
        session.add(Person(slack_id="U1"))
    assert count(database) == 1


def test_somebody_who_writes_in_background_lets_others_pass(database: Database) -> None:
    served: list[str] = []

    def write(name: str) -> None:
        if name == "courier":
            database.write_in_background()
        with database.begin():
            served.append(name)

    with ThreadPoolExecutor(2) as pool, database.begin():
        for name in ("courier", "a click"):
            pool.submit(write, name)
            while name not in _who_waits(database):
                threading.Event().wait(0.01)
    assert served == ["a click", "courier"]


def _who_waits(database: Database) -> list[str]:
    turns = database._writers
    return ["courier"] * len(turns._in_background) + ["a click"] * len(turns._waiting)


def test_writers_in_many_threads_and_processes_take_turns(database_url: str) -> None:
    patient = [Database(database_url, clock=StoppedClock(), wait=HANGING) for _ in range(2)]
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with patient[number % 2].begin() as session:
                session.add(Person(slack_id=f"U{session.query(Person).count()}"))
        except BaseException as error:  # noqa: BLE001  (a thread's failure is the test's)
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert count(patient[0]) == 8
    for each in patient:
        each.close()


def test_another_programs_lock_ends_in_an_error_and_reading_goes_on(database: Database) -> None:
    with locked(database.engine.url.render_as_string(hide_password=False)):
        with pytest.raises(OperationalError), database.begin() as session:
            session.add(Person(slack_id="U1"))
        assert count(database) == 0
    with database.begin() as session:
        session.add(Person(slack_id="U1"))
    assert count(database) == 1


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
        with database.begin() as writing:
            writing.add(Person(slack_id="U1"))
        assert session.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
    assert count(database) == 1


def test_whatever_is_read_within_one_moment_is_of_that_moment_and_of_nobody_elses(database: Database) -> None:
    with database.one_moment(), ThreadPoolExecutor(1) as elsewhere:
        assert count(database) == 0
        with database.begin() as writing:
            writing.add(Person(slack_id="U1"))
        with database.one_moment():
            assert count(database) == 0
        assert count(database) == 0
        assert elsewhere.submit(count, database).result() == 1
    assert count(database) == 1


def test_who_holds_a_role_is_asked_once_in_a_moment_and_again_in_the_next(database: Database) -> None:
    load_keyring(database, Vault([new_master_key()]))

    def give(slack_id: str) -> None:
        with database.begin() as session:
            assert slack_id not in people.roster(session).active_champion_ids
            give_role(session, slack_id, RoleName.CHAMPION, since=MONDAY)
            assert len(people.roster(session).champions) == 1  # a writer sees what it wrote

    with database.one_moment():
        with database.read() as session:
            before = people.roster(session)
        give("U1")
        with database.read() as session:
            assert people.roster(session) is before
    with database.read() as session:
        assert [holder.slack_id for holder in people.roster(session).champions] == ["U1"]


@ON_SQLITE
def test_only_one_process_may_hold_the_file(database: Database) -> None:
    database.claim_for_this_process()
    other = Database(str(database.engine.url), clock=SystemClock())
    with pytest.raises(AnotherProcess):
        other.claim_for_this_process()
    database.close()
    other.claim_for_this_process()
    other.close()


@ON_SQLITE
def test_what_is_written_is_flushed_to_disk_and_what_is_deleted_is_overwritten(database: Database) -> None:
    with database.read() as session:
        settings = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_a_row_cannot_point_to_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.add(Role(person_id=99, name="champion", position=0, since=MONDAY))


def test_errors_do_not_repeat_what_was_being_written(database: Database) -> None:
    with database.begin() as session:
        session.add(Person(slack_id="U1"))
    with pytest.raises(IntegrityError) as refused, database.begin() as session:
        session.add(Person(slack_id="U1", real_name="Mona Said"))
    assert "Mona" not in str(refused.value)


def test_rows_print_nothing_of_what_they_hold() -> None:
    assert "Mona" not in repr(Person(slack_id="U1", real_name="Mona Said"))


def test_times_come_back_as_aware_utc_whatever_zone_they_were_written_in(database: Database) -> None:
    local = datetime(2026, 3, 2, 11, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.begin() as session:
        person = Person(slack_id="U1")
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id, name="champion", position=0, since=local))
    with database.read() as session:
        (since,) = session.query(Role.since).one()
    assert since == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert since.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(TypeError):
        Utc().process_bind_param(datetime(2026, 3, 2, 9, 0), database.engine.dialect)  # noqa: DTZ001  (the point)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://localhost/x",
        "sqlite//missing-colon",
        "postgresql+nonsense://x",
        "sqlite+aiosqlite:///x",  # which is not installed, and would be of no use
    ],
)
def test_an_address_that_names_no_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refused:
        Database(url, clock=SystemClock())
    assert refused.value.words == "DATABASE_URL names no database that gpbot can use."


def test_a_postgresql_address_uses_the_driver_that_is_here() -> None:
    database = Database("postgresql://someone:secret@localhost/gpbot", clock=SystemClock())
    assert database.engine.url.drivername == "postgresql+psycopg"
    assert not database.is_sqlite
    assert database.sqlite_path is None
    assert "secret" not in repr(database.engine)
    database.close()


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(
        slack_bot_token="xoxb-1",
        slack_api_url="https://slack.example/api/",
        database_url=f"sqlite:///{tmp_path / 'gpbot.sqlite3'}",
        gpbot_keys=(new_master_key(),),
        community_name="x",
        champions=(),
        escalation_contacts=(),
        external_help="x",
        triage_channel="",
    )
    records = open_records(settings)
    records.people.seed([], ["U0000000001"])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(["gpbot.sqlite3", "gpbot.sqlite3-wal", "gpbot.sqlite3-shm"], 0o600)
    records.database.close()


def test_bringing_up_to_date_twice_changes_nothing(database: Database) -> None:
    with database.begin() as session:
        session.add(Person(slack_id="U1"))
    upgrade(database)
    assert count(database) == 1


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_after_postgresql_was_restarted_nobody_meets_a_connection_that_is_gone(
    how: Literal["fast", "immediate"],
) -> None:
    server = Postgres(durable=True)
    with server.database() as url:
        database = Database(url, clock=StoppedClock(), wait=HANGING)
        with database.begin() as session:
            session.add(Person(slack_id="U1"))
        with ThreadPoolExecutor(3) as pool:  # several connections lie ready
            together = threading.Barrier(3)
            list(pool.map(lambda _: count(database, together), range(3)))
        server.restart(how)
        with database.begin() as session:
            session.add(Person(slack_id="U2"))
        assert [count(database) for _ in range(3)] == [2, 2, 2]
        database.close()
    server.close()


@ON_POSTGRESQL
def test_somebody_who_only_looks_cannot_write(database: Database) -> None:
    with database.read() as session, pytest.raises(InternalError):
        session.execute(text("DELETE FROM person"))


@ON_POSTGRESQL
def test_a_connection_that_is_lost_in_a_transaction_keeps_nobody_from_writing(
    database: Database, database_url: str
) -> None:
    with pytest.raises(OperationalError), database.begin() as session:  # noqa: PT012  (one transaction)
        session.add(Person(slack_id="U1"))
        session.flush()
        with another_program(database_url) as other:
            pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            other.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": pid})
    with database.begin() as session:
        session.add(Person(slack_id="U2"))
    assert count(database) == 1


def test_while_gpbot_starts_it_waits_for_other_processes_as_long_as_it_takes(postgres_url: str) -> None:
    """And once it has its turn, what hangs is ended as it is for all."""
    hurried = Database(postgres_url, clock=StoppedClock(), wait=0.1)
    begun = Database(postgres_url, clock=StoppedClock())

    def limits(database: Database) -> list[str]:
        names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        with database.begin() as session:
            return [str(session.execute(text(f"SHOW {name}")).scalar_one()) for name in names]

    def start() -> list[str]:
        with hurried.without_hurry():
            return limits(hurried)

    as_ever = limits(hurried)
    assert "0" not in as_ever
    waits_long = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND now() - query_start > interval '0.2 s'"
    )
    with ThreadPoolExecutor(1) as pool, another_program(postgres_url) as looking:
        with begun.begin() as holding:
            holding.execute(text("SELECT 1"))
            with pytest.raises(OperationalError):
                limits(hurried)
            starting = pool.submit(start)
            while not looking.execute(waits_long).scalar_one():
                assert not starting.done()
        assert starting.result() == as_ever
    assert limits(hurried) == as_ever
    for database in (hurried, begun):
        database.close()


def test_behind_a_pooler_that_takes_no_options_everything_is_set_as_without_one(postgres_url: str) -> None:
    settings = ("default_transaction_isolation", "default_transaction_read_only", "lock_timeout", "statement_timeout")

    def found(url: str) -> list[str]:
        database = Database(url, clock=StoppedClock())
        with database.begin() as session:
            session.add(Person(slack_id=f"U{len(url)}"))
        with database.read() as session:
            shown = [session.execute(text(f"SHOW {name}")).scalar_one() for name in (*settings, "timezone")]
            shown.append(str(session.execute(text("SELECT current_setting('transaction_isolation')")).scalar_one()))
        database.close()
        return shown

    with pooler(postgres_url) as through:
        with pytest.raises(OperationalError, match="unsupported startup parameter: options"):
            create_engine(through, connect_args={"options": "-c timezone=UTC"}, poolclass=NullPool).connect()
        assert (
            found(through) == found(postgres_url) == ["repeatable read", "on", "600ms", "10s", "UTC", "repeatable read"]
        )


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadDatabaseUrl) as refused:
        Database("postgresql://gpbot@localhost/gpbot", clock=StoppedClock())
    assert "a driver that is not installed here (psycopg)" in refused.value.words


def test_where_a_database_is_can_be_said_without_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Database("sqlite:///gpbot.sqlite3", clock=StoppedClock()).where == str(tmp_path / "gpbot.sqlite3")
    server = Database("postgresql://gpbot:secret@db/gpbot?password=secret", clock=StoppedClock())
    assert server.where == "postgresql+psycopg://gpbot:***@db/gpbot"
