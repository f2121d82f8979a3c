"""A Slack that keeps what arrived, and one kind of job."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, insert, select
from sqlalchemy.orm import Session

from gpbot.db import Database, before_commit
from gpbot.outbox import Courier, Outbox
from gpbot.outbox.models import JobRow
from gpbot.outbox.types import (
    Delete,
    Handler,
    Job,
    OutcomeUnknown,
    Outgoing,
    Post,
    Priority,
    Receipt,
    SendingEnded,
    Withdraw,
)
from tests.clocks import StoppedClock

# Not part of gpbot's own tables, so that nobody takes it for one.
notes = Table("note", MetaData(), Column("person", String(40)), Column("note", String(60)))


@dataclass(frozen=True)
class Message:
    to: str
    wire_id: str
    ts: str
    arrived_at: datetime


Fault = SendingEnded | Callable[[Post, str], None] | None


class FakeSlack:
    """`faults` are met one by one, by each send or look; a None among them is a call that goes well."""

    def __init__(self, clock: StoppedClock) -> None:
        self.messages: list[Message] = []
        self.sent: list[tuple[datetime, Outgoing]] = []
        self.looks = 0
        self.faults: deque[Fault] = deque()
        self.its_clock_is_ahead_by = timedelta()
        self._clock = clock
        self._arriving: list[Message] = []
        self._count = 0

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        self.sent.append((self._clock.now(), outgoing))
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, SendingEnded):
            raise fault
        if isinstance(outgoing, Delete):
            self.messages = [m for m in self._arrived() if m.ts != outgoing.message_ts]
            return Receipt()
        if not isinstance(outgoing, Post):
            return Receipt()
        if fault is not None:
            fault(outgoing, wire_id)
        return self.accept(outgoing, wire_id)

    def find(self, to: str, wire_id: str, since: datetime) -> list[Receipt]:
        self.looks += 1
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, SendingEnded):
            raise fault
        return [
            Receipt(channel_id=f"D{m.to}", message_ts=m.ts)
            for m in sorted(self._arrived(), key=lambda m: m.ts)
            if (m.to, m.wire_id) == (to, wire_id) and m.arrived_at >= since
        ]

    def accept(self, post: Post, wire_id: str, *, after: float = 0) -> Receipt:
        """The message stands in the conversation, now or `after` seconds."""
        self._count += 1
        ts = f"1700000000.{self._count:06}"
        arrived_at = self._clock.now() + self.its_clock_is_ahead_by + timedelta(seconds=after)
        self._arriving.append(Message(post.to, wire_id, ts, arrived_at))
        return Receipt(channel_id=f"D{post.to}", message_ts=ts)

    def copies(self, to: str) -> list[str]:
        return [m.ts for m in self._arrived() if m.to == to]

    def _arrived(self) -> list[Message]:
        now = self._clock.now() + self.its_clock_is_ahead_by
        self.messages += [m for m in self._arriving if m.arrived_at <= now]
        self._arriving = [m for m in self._arriving if m.arrived_at > now]
        return self.messages

    def accepts_but_the_answer_is_lost(self, post: Post, wire_id: str) -> None:
        self.accept(post, wire_id)
        raise OutcomeUnknown("timeout")

    def accepts_long_after_the_timeout(self, post: Post, wire_id: str) -> None:
        self.accept(post, wire_id, after=25)
        raise OutcomeUnknown("timeout")


class Greeting:
    """Posts to `to`; notes in the database what was sent and what was given up."""

    def __init__(self) -> None:
        self.look_back = True
        self.not_owed_any_more: Withdraw | None = None
        self.owed = True
        self.is_noted = True
        self.raises: Exception | None = None
        self.record_raises: Exception | None = None
        self.gave_up_raises: Exception | None = None

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        if self.raises is not None:
            raise self.raises
        if not self.owed:
            return self.not_owed_any_more
        return Post(to=payload["to"], text="Hello", blocks=[], look_back=self.look_back)

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        if self.is_noted:
            note(session, payload["to"], f"sent {receipt.message_ts}")
        if self.record_raises is not None:
            raise self.record_raises

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        note(session, payload["to"], f"gave up: {code}")
        if self.gave_up_raises is not None:
            before_commit(session, lambda: note(session, payload["to"], "for the log"), last=True)
            raise self.gave_up_raises


def note(session: Session, person: str, text: str) -> None:
    session.execute(insert(notes).values(person=person, note=text))


def greet(to: str, **rest: Any) -> Job:
    return Job(kind="greeting", key=f"greet:{to}", payload={"to": to}, **rest)


class World:
    """One database, one Slack, one clock; couriers as many as a test wants."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.database = database
        self.clock = clock
        self.slack = FakeSlack(clock)
        self.greeting = Greeting()
        self.handlers: dict[str, Handler] = {"greeting": self.greeting}
        self.outbox = Outbox(database)
        self.courier = self.another_courier()
        self.outbox.connect(self.courier)

    def another_courier(self) -> Courier:
        return Courier(self.database, self.slack, self.handlers)

    def owe(self, *jobs: Job) -> None:
        with self.database.begin() as session:
            for job in jobs:
                self.outbox.owe(session, job)

    def after(self, seconds: float) -> int:
        self.clock.advance(seconds)
        return self.courier.run_due()

    def claim_and_die(self) -> None:
        """What a process killed right after its claim leaves behind."""
        self.courier._claim(1)

    def job(self, to: str) -> JobRow:
        with self.database.read() as session:
            return session.execute(select(JobRow).where(JobRow.key == f"greet:{to}")).scalar_one()

    def notes(self, to: str) -> list[str]:
        with self.database.read() as session:
            return list(session.execute(select(notes.c.note).where(notes.c.person == to)).scalars())

    def greeted(self) -> Sequence[str]:
        return [outgoing.to for _, outgoing in self.slack.sent if isinstance(outgoing, Post)]


REPORT = Priority.REPORT
BULK = Priority.BULK
