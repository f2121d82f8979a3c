"""The jobs about what the settings name: ids alone."""

from dataclasses import field
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.named import Named
from gpbot.outbox import Outbox
from gpbot.outbox.typed import TypedJob, none_as
from gpbot.places.types import Trouble


class PlacesJob(TypedJob, kind="places"):
    pass


class Look(PlacesJob, task="look"):
    """At everything, one thing at a time."""


class Tell(PlacesJob, task="tell"):
    """One person, that something changed."""

    setting: str
    about: str  # a mark of what it names
    trouble: Trouble | None = field(metadata=none_as("none"))
    person: int


class Owed:
    """Each method enqueues one job in the caller's transaction."""

    def __init__(self, outbox: Outbox, keyring: KeyRing) -> None:
        self._outbox = outbox
        self._keyring = keyring

    def look(self, session: Session, *, run_at: datetime | None = None) -> None:
        """Now, or once on the day of `run_at`, however often it is enqueued."""
        when = run_at.date().isoformat() if run_at else uuid4().hex
        self._outbox.enqueue(session, Look(), key=Look.key_for(when), run_at=run_at)

    def tell(self, session: Session, named: Named, trouble: Trouble | None, person_id: int, slack_id: str) -> None:
        mark = self._keyring.mark(named.slack_id)
        job = Tell(setting=named.setting, about=mark, trouble=trouble, person=person_id)
        lane = self._keyring.direct_lane(slack_id)
        self._outbox.enqueue(session, job, key=Tell.key_for(uuid4().hex), lane=lane)
