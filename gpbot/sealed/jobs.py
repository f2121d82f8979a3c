"""Jobs that cannot be told apart: one kind, sealed, with hashed keys; what each really is, is its task inside."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.typed import Sends, TypedHandler, TypedJob, tasks_of
from gpbot.outbox.types import ForANewerProcess, Handler, NotSent, Outgoing, Priority, Receipt, Withdraw


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


# See docs/decisions/0052-one-sealed-kind.md
class SealedJobs:
    """Enqueues them, and is the handler of them all: hands each to the handler of its task.

    A task that nobody here sends is a newer release's: it is left to a process of that release, as a kind would be.
    """

    def __init__(self, outbox: Outbox, keyring: KeyRing) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self._handlers: dict[str, Handler] = {}

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
        lane = self._keyring.direct_lane(to) if to else None
        clear = job.queued(key=key, lane=lane, run_at=run_at)
        sealed = replace(
            clear,
            key=self._keyring.hash("job", clear.key).hex(),
            payload={"sealed": self._keyring.box.seal(clear.payload).decode()},
            by_turns=by_turns or clear.by_turns,
        )
        self._outbox.owe(session, sealed)

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        handler, content = self._found(payload)
        try:
            return handler.prepare(content)
        except DoesNotOpen:
            raise NotSent("does_not_open") from None  # again later: the missing key may come back

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        handler, content = self._found(payload)
        handler.record(session, content, receipt)

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        handler, content = self._found(payload)
        handler.gave_up(session, content, code)

    def _found(self, payload: Mapping[str, Any]) -> tuple[Handler, dict[str, Any]]:
        content: dict[str, Any] = self._keyring.box.open(str(payload["sealed"]).encode())
        handler = self._handlers.get(content["task"])
        if handler is None:
            raise ForANewerProcess
        return handler, content
