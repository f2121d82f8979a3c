"""The jobs about what the settings name: ids alone."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.named import Named
from gpbot.outbox import Outbox
from gpbot.outbox.types import Job
from gpbot.places.types import JOB_KIND, Trouble


class Task(StrEnum):
    LOOK = "look"
    TELL = "tell"


class Owed:
    """Each method owes one thing in the caller's transaction."""

    def __init__(self, outbox: Outbox, keyring: KeyRing) -> None:
        self._outbox = outbox
        self._keyring = keyring

    def look(self, session: Session, *, run_at: datetime | None = None) -> None:
        """At everything: now, or once on the day of `run_at`, however often it is owed."""
        about = run_at.date().isoformat() if run_at else uuid4().hex
        payload: dict[str, int | str] = {"task": Task.LOOK.value}
        job = Job(kind=JOB_KIND, key=f"{JOB_KIND}:look:{about}", payload=payload, run_at=run_at)
        self._outbox.owe(session, job)

    def tell(self, session: Session, named: Named, trouble: Trouble | None, person_id: int, slack_id: str) -> None:
        """That something changed, to one person."""
        payload: dict[str, int | str] = {
            "task": Task.TELL.value,
            "setting": named.setting,
            "about": self._keyring.mark(named.slack_id),
            "trouble": trouble.value if trouble else "none",
            "person": person_id,
        }
        lane = self._keyring.direct_lane(slack_id)
        key = f"{JOB_KIND}:tell:{uuid4().hex}"
        self._outbox.owe(session, Job(kind=JOB_KIND, key=key, payload=payload, lane=lane))
