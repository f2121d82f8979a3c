"""The runner on its own threads, under the real clock; nothing here asserts how long anything took."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select, update

from gpbot.clock import SystemClock
from gpbot.db import Database
from gpbot.outbox import Courier, Outbox
from gpbot.outbox.models import JobRow
from gpbot.outbox.types import Outgoing, Receipt
from tests.clocks import StoppedClock
from tests.databases import another_program
from tests.outbox.fakes import FakeSlack, Greeting, greet, notes
from tests.waiting import HANGING


class Gate(FakeSlack):
    """Holds every message until it is opened, and counts who waits before it."""

    def __init__(self) -> None:
        super().__init__(StoppedClock())
        self.waiting = threading.Semaphore(0)
        self.opened = threading.Event()
        self.through = threading.Semaphore(0)

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        self.waiting.release()
        assert self.opened.wait(HANGING)
        receipt = super().send(outgoing, wire_id)
        self.through.release()
        return receipt


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, clock=SystemClock())
    with another_program(database_url) as other:
        notes.create(other)
    yield database
    database.close()


@contextmanager
def running(courier: Courier) -> Iterator[None]:
    courier.start()
    try:
        yield
    finally:
        courier.stop(HANGING)


def passed(semaphore: threading.Semaphore, times: int) -> bool:
    return all(semaphore.acquire(timeout=HANGING) for _ in range(times))


def owe(database: Database, outbox: Outbox, *people: str, **rest: Any) -> None:
    with database.begin() as session:
        for person in people:
            outbox.owe(session, greet(person, **rest))


def states(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.execute(select(JobRow.state)).scalars())


def test_what_is_enqueued_while_it_runs_is_sent_and_stopping_waits_for_it(database: Database) -> None:
    slack = Gate()
    courier = Courier(database, slack, {"greeting": Greeting()})
    outbox = Outbox(database)
    outbox.connect(courier)
    with running(courier):
        owe(database, outbox, "U1", "U2")
        assert passed(slack.waiting, 2)
        threading.Timer(0.05, slack.opened.set).start()
    assert states(database) == {"done"}


def test_what_is_enqueued_before_it_starts_or_by_another_process_is_found_without_waking(database: Database) -> None:
    slack = Gate()
    slack.opened.set()
    outbox = Outbox(database)
    owe(database, outbox, "U1")
    with running(Courier(database, slack, {"greeting": Greeting()})):
        assert passed(slack.through, 1)
        owe(database, outbox, "U2")
        assert passed(slack.through, 1)


def test_no_more_is_claimed_than_can_be_sent_at_once(database: Database) -> None:
    slack = Gate()
    courier = Courier(database, slack, {"greeting": Greeting()}, pool=2)
    outbox = Outbox(database)
    outbox.connect(courier)
    with running(courier):
        owe(database, outbox, *(f"U{i}" for i in range(6)))
        assert passed(slack.waiting, 2)
        with database.read() as session:
            held = session.execute(select(JobRow.id).where(JobRow.token.is_not(None))).all()
        assert len(held) == 2
        slack.opened.set()
        assert passed(slack.through, 6)
    assert states(database) == {"done"}


def test_a_database_that_fails_for_a_while_does_not_end_the_runner(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    slack = Gate()
    slack.opened.set()
    courier = Courier(database, slack, {"greeting": Greeting()})
    failing = threading.Event()
    failed = threading.Event()
    claim = courier._claim

    def fail_at_times(limit: int) -> Any:
        if failing.is_set():
            failed.set()
            raise OSError("canary-9143")
        return claim(limit)

    courier._claim = fail_at_times  # type: ignore[method-assign]
    failing.set()
    with running(courier):
        assert failed.wait(HANGING)
        failing.clear()
        owe(database, Outbox(database), "U1")
        courier.wake()
        assert passed(slack.through, 1)
    assert "OSError" in caplog.text
    assert "canary-9143" not in caplog.text


def test_two_processes_send_each_message_once(database_url: str, database: Database) -> None:
    slack = Gate()
    slack.opened.set()
    elsewhere = Database(database_url, clock=SystemClock())
    people = [f"U{i}" for i in range(40)]
    owe(database, Outbox(database), *people)
    here, there = (Courier(each, slack, {"greeting": Greeting()}) for each in (database, elsewhere))
    with running(here), running(there):
        assert passed(slack.through, len(people))
    elsewhere.close()
    assert sorted(slack.copies(person)[0] for person in people) == sorted(m.ts for m in slack.messages)
    assert states(database) == {"done"}


def test_what_ended_long_ago_is_forgotten_by_the_runner_itself(database: Database) -> None:
    slack = Gate()
    slack.opened.set()
    outbox = Outbox(database)
    owe(database, outbox, "U1", "U2")
    courier = Courier(database, slack, {"greeting": Greeting()})
    courier.run_due()
    with database.begin() as session:
        old = StoppedClock().now().replace(year=2020)
        session.execute(update(JobRow).where(JobRow.key == "greet:U1").values(done_at=old))
    with running(courier):
        until(lambda: len(keys(database)) == 1)
    assert keys(database) == ["greet:U2"]


def keys(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.execute(select(JobRow.key)).scalars())


def until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(HANGING / 0.02)):
        if holds():
            return
        pause.wait(0.02)
