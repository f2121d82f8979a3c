"""Jobs that cannot be told apart: one kind, sealed, with hashed keys; what each really is, is its task inside."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox, subjects
from gpbot.outbox.models import State
from gpbot.outbox.typed import Sends, TypedHandler, TypedJob, leaves, tasks_of
from gpbot.outbox.types import ForANewerProcess, Handler, NotSent, Outgoing, Priority, Receipt, Withdraw
from gpbot.sealed.keys import key_of

_MOST_IN_HAND = 200


# As it is stored: App Home and the jobs of reports have always been one kind.
class SealedJob(TypedJob, kind="report", priority=Priority.REPORT):
    """Holds strings alone, and may hold Slack ids."""

    @classmethod
    def key_for(cls, about: object) -> str:
        """Only its hash is written down."""
        return f"{cls.TASK}:{about}"


J = TypeVar("J", bound=SealedJob)


class TakenTwice(Exception):
    """Two who would send one task."""


class Gone(Exception):
    """The case it was about is erased, and with it what the job was."""


# See docs/decisions/0052-one-sealed-kind.md
class SealedJobs:
    """Enqueues them, and is the handler of them all: hands each to the handler of its task.

    One that is about a case is sealed with that case's key, all others with the box key. A task that nobody here sends
    is a newer release's: it is left to a process of that release, as a kind would be.
    """

    is_sealed = True

    def __init__(self, outbox: Outbox, keyring: KeyRing) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self._handlers: dict[str, Handler] = {}
        # What was opened to be sent: it has to be written down when its case is erased meanwhile.
        self._in_hand: dict[str, dict[str, Any]] = {}

    @property
    def tasks(self) -> frozenset[str]:
        """Those that somebody here sends."""
        return frozenset(self._handlers)

    def send(self, jobs: type[J], sends: Sends[J]) -> None:
        """Raises TakenTwice."""
        handler = TypedHandler(jobs, sends)
        for task in tasks_of(jobs):
            if task in self._handlers:
                raise TakenTwice(task)
            self._handlers[task] = handler

    def enqueue(
        self,
        session: Session,
        job: SealedJob,
        *,
        key: str | None = None,
        to: str | None = None,
        run_at: datetime | None = None,
        by_turns: bool = False,
    ) -> None:
        """Part of the caller's transaction; the same key again is once. `to`: it goes to them as a direct message."""
        lane = self._keyring.sealed_lane(to) if to else None
        clear = job.queued(key=key, lane=lane, run_at=run_at)
        sealed = replace(
            clear,
            key=self._keyring.hash("job", clear.key).hex(),
            payload=self._sealed(session, clear.payload, clear.subject),
            by_turns=by_turns or clear.by_turns,
        )
        self._outbox.owe(session, sealed)

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        try:
            with self._outbox.database.read() as session:
                content = self._opened(session, payload)
            self._keep_in_hand(payload["sealed"], content)
            return self._handler_of(content).prepare(content)
        except Gone:
            return None
        except DoesNotOpen:
            raise NotSent("does_not_open") from None  # again later: the missing key may come back

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        content = self._in_hand.pop(payload["sealed"], None) or self._opened(session, payload)
        self._handler_of(content).record(session, content, receipt)

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        content = self._in_hand.pop(payload["sealed"], None) or self._opened(session, payload)
        self._handler_of(content).gave_up(session, content, code)

    def adopt(self) -> None:
        """At start: let jobs that an earlier release left belong to their cases, whatever kind these are."""
        fields = {(each.KIND, each.TASK): each.SUBJECT for each in leaves(TypedJob) if each.SUBJECT}
        with self._outbox.database.begin() as session:
            for job in subjects.without_subject(session):
                with suppress(DoesNotOpen):
                    is_sealed = job.kind == SealedJob.KIND
                    content = self._opened(session, job.payload) if is_sealed else job.payload
                    if field := fields.get((job.kind, content.get("task", ""))):
                        self._adopt(session, job, content, UUID(content[field]))

    def _adopt(self, session: Session, job: subjects.WithoutSubject, content: dict[str, Any], subject: UUID) -> None:
        if key_of(session, self._keyring, subject) is None:
            if job.state == State.DEAD:  # it has outlived what it was about
                subjects.delete_job(session, job.id)
            return
        payload = self._sealed(session, content, subject) if job.kind == SealedJob.KIND else content
        subjects.set_subject(session, job.id, subject, payload)

    def _sealed(self, session: Session, content: Mapping[str, Any], about: UUID | None) -> dict[str, str | int]:
        key = None
        with suppress(DoesNotOpen):  # it goes with its case all the same
            key = key_of(session, self._keyring, about) if about is not None else None
        if about is None or key is None:
            return {"sealed": self._keyring.box.seal(content).decode()}
        return {"about": str(about), "sealed": key.seal(content).decode()}

    def _opened(self, session: Session, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Raises Gone, DoesNotOpen."""
        key = self._keyring.box
        if "about" in payload:
            of_case = key_of(session, self._keyring, UUID(payload["about"]))
            if of_case is None:
                raise Gone
            key = of_case
        return key.open(str(payload["sealed"]).encode())

    def _handler_of(self, content: Mapping[str, Any]) -> Handler:
        """Raises ForANewerProcess."""
        handler = self._handlers.get(content["task"])
        if handler is None:
            raise ForANewerProcess
        return handler

    def _keep_in_hand(self, token: str, content: dict[str, Any]) -> None:
        self._in_hand[token] = content
        for oldest in list(self._in_hand)[:-_MOST_IN_HAND]:
            self._in_hand.pop(oldest, None)
