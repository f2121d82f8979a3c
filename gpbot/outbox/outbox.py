"""What workflows use: enqueue work, cancel it, and see its status."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypedDict

from sqlalchemy.orm import Session

from gpbot.db import Database, after_commit, before_commit
from gpbot.outbox import store
from gpbot.outbox.store import JobLine
from gpbot.outbox.typed import TypedJob
from gpbot.outbox.types import Job

# Slack ids, UUIDs, timestamps, dates, sealed tokens: no blank, so no sentence; no @, so no address.
_ID = re.compile(r"[A-Za-z0-9_.:=-]{1,8000}")
_KEY = re.compile(r"\S{1,200}")
_PAGE = 100


class NotAnId(ValueError):
    """A payload or key holds something that may be words."""


class Runner(Protocol):
    """The part of a courier the outbox knows."""

    paused: str | None

    def wake(self) -> None: ...


class Health(TypedDict):
    overdue_seconds: float  # how late the latest job is that should go at once
    dead: int  # at most 100
    paused: str | None  # Slack's code for our own fault, while nothing is sent because of it


class Outbox:
    """Everything here happens in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._runner: Runner | None = None

    def connect(self, runner: Runner) -> None:
        """Wake `runner` after each commit that enqueued something; without one its own poll finds the work."""
        self._runner = runner

    def owe(self, session: Session, job: Job) -> None:
        """Write the job down; nothing happens when its key is known (done and cancelled ones count too).

        Keys are forgotten with their jobs: 7 days after a report's ended, 30 after another's. Raises NotAnId.
        """
        self.owe_all(session, [job])

    def enqueue(
        self,
        session: Session,
        job: TypedJob,
        *,
        key: str | None = None,
        lane: str | None = None,
        run_at: datetime | None = None,
        campaign_id: int | None = None,
        revive: bool = False,
    ) -> None:
        """As `owe_all`, for a typed job. `key` and `lane` are given where its fields do not tell them."""
        self.owe_all(session, [job.queued(key=key, lane=lane, run_at=run_at, campaign_id=campaign_id)], revive=revive)

    def owe_all(self, session: Session, jobs: Sequence[Job], *, revive: bool = False) -> None:
        """As `owe`, for several at once (a few hundred at most). With `revive`, what ended unsent is tried again."""
        for job in jobs:
            _check(job)
        if not jobs:
            return
        if revive:
            store.insert(session, jobs, self.database.now(session), revive=True)
            self._wake_after(session)
            return
        owed: list[Job] = session.info.setdefault("owed", [])
        if not owed:
            before_commit(session, lambda: self._write(session))
            self._wake_after(session)
        owed.extend(jobs)

    def cancel(self, session: Session, key: str) -> None:
        """The job is not sent any more; one under way may still go out, and is then recorded."""
        self._write(session)
        store.cancel(session, key, self.database.now(session))

    def dead(self, session: Session, *, after: int = 0, limit: int = _PAGE) -> list[JobLine]:
        """What gave up, by id; `after` is the last id of the page before."""
        return store.lines(session, dead=True, after=after, limit=min(limit, _PAGE))

    def waiting(self, session: Session, *, after: int = 0, limit: int = _PAGE) -> list[JobLine]:
        """What is still to be sent, by id, like `dead`."""
        return store.lines(session, dead=False, after=after, limit=min(limit, _PAGE))

    def count_waiting(self, session: Session) -> int:
        """At most 100."""
        return store.count(session, dead=False)

    def retry(self, session: Session, job_id: int) -> bool:
        """Send a dead job again, with fresh patience. False when there is no such dead job."""
        self._wake_after(session)
        return store.retry(session, job_id, self.database.now(session))

    def discard(self, session: Session, job_id: int) -> bool:
        """Leave a dead job unsent for good. False when there is no such dead job."""
        return store.discard(session, job_id, self.database.now(session))

    def health(self, session: Session) -> Health:
        now = self.database.now(session)
        oldest = store.oldest_due(session, now)
        return Health(
            overdue_seconds=0.0 if oldest is None else (now - oldest).total_seconds(),
            dead=store.count(session, dead=True),
            paused=None if self._runner is None else self._runner.paused,
        )

    def _write(self, session: Session) -> None:
        """What this transaction has enqueued so far, in one statement."""
        if owed := session.info.get("owed"):
            store.insert(session, owed, self.database.now(session))
            owed.clear()

    def _wake_after(self, session: Session) -> None:
        if self._runner is not None:
            after_commit(session, self._runner.wake)


def _check(job: Job) -> None:
    if not _KEY.fullmatch(job.key):
        raise NotAnId(f"the key of a {job.kind} job")
    for name, value in job.payload.items():
        if not isinstance(value, int) and not _ID.fullmatch(value):
            raise NotAnId(f"{name} of a {job.kind} job")
