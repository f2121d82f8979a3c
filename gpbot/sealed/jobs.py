"""Jobs that cannot be told apart: one kind, sealed, with hashed keys; what each really is, is its task inside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.types import ForANewerProcess, Job, NotSent, Outgoing, Priority, Receipt, Withdraw

JOB_KIND = "report"  # as it is stored: App Home and what reports owe have always been one kind


class TakenTwice(Exception):
    """Two who would send one task."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SealedJob:
    task: str
    about: Mapping[str, str]
    id: str  # tells it from every other, those about the same things too


class Sender(Protocol):
    """As a handler of the outbox, for some of the tasks."""

    def prepare(self, job: SealedJob) -> Outgoing | Withdraw | None: ...

    def record(self, session: Session, job: SealedJob, receipt: Receipt) -> None: ...

    def gave_up(self, session: Session, job: SealedJob, code: str) -> None: ...


class SealedJobs:
    """Owes them, and is the handler of them all: hands each to whoever sends its task.

    A task that nobody here sends is a newer release's: it is left to a process of that release, as a kind would be.
    """

    def __init__(self, outbox: Outbox, keyring: KeyRing) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self._senders: dict[str, Sender] = {}

    def send(self, tasks: Iterable[str], sender: Sender) -> None:
        """Raises TakenTwice."""
        for task in tasks:
            if task in self._senders:
                raise TakenTwice(task)
            self._senders[task] = sender

    def owe(
        self,
        session: Session,
        task: str,
        key: str,
        about: Mapping[str, str],
        *,
        to: str | None = None,
        run_at: datetime | None = None,
        by_turns: bool = False,
    ) -> None:
        """Part of the caller's transaction; the same key again is once. `to`: it goes to them as a direct message."""
        sealed = self._keyring.box.seal({"task": task, **about})
        job = Job(
            kind=JOB_KIND,
            key=self._keyring.hash("job", f"{task}:{key}").hex(),
            payload={"sealed": sealed.decode()},
            lane=self._keyring.direct_lane(to) if to else None,
            priority=Priority.REPORT,
            run_at=run_at,
            by_turns=by_turns,
        )
        self._outbox.owe(session, job)

    def opened(self, payload: Mapping[str, Any]) -> SealedJob:
        """What a job really is. Raises DoesNotOpen."""
        token = str(payload["sealed"])
        about: dict[str, str] = self._keyring.box.open(token.encode())
        return SealedJob(task=about.pop("task"), about=about, id=token)

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        job, sender = self._found(payload)
        try:
            return sender.prepare(job)
        except DoesNotOpen:
            raise NotSent("does_not_open") from None  # again later: the missing key may come back

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        job, sender = self._found(payload)
        sender.record(session, job, receipt)

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        job, sender = self._found(payload)
        sender.gave_up(session, job, code)

    def _found(self, payload: Mapping[str, Any]) -> tuple[SealedJob, Sender]:
        job = self.opened(payload)
        sender = self._senders.get(job.task)
        if sender is None:
            raise ForANewerProcess
        return job, sender
