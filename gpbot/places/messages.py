"""What is told of changes, and what waits for a channel that is not as it has to be."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox.typed import Sends, TypedJob
from gpbot.outbox.types import Edit, HeldBack, Outgoing, Post, Receipt, Withdraw
from gpbot.people import members as people
from gpbot.places.jobs import Look, PlacesJob, Tell
from gpbot.places.types import mended, plainly
from gpbot.places.workflow import KEPT, Places
from gpbot.slack.blocks import section

J = TypeVar("J", bound=TypedJob)


class PlacesMessages:
    """The handler of every job about what the settings name."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    def prepare(self, job: PlacesJob) -> Post | None:
        match job:
            case Look():
                if self._places.look_at_some():
                    self._places.owe_the_next()
            case Tell():
                return self._tell(job)
        return None

    def record(self, session: Session, job: PlacesJob, receipt: Receipt) -> None:
        """Nothing follows from it."""

    def gave_up(self, session: Session, job: PlacesJob, code: str) -> None:  # noqa: ARG002  (a handler's)
        """App Home says it all the same."""
        if isinstance(job, Look):
            self._places.owe_tomorrow(session)

    def _tell(self, job: Tell) -> Post | None:
        with self._database.read() as session:
            member = people.member(session, job.person)
            named = self._places.still_so(session, job.setting, job.about, job.trouble)
        if member is None or named is None or not self._places.is_to_know(member.slack_id):
            return None
        said = plainly(named, job.trouble) if job.trouble else mended(named)
        return Post(to=member.slack_id, text=said, blocks=[section(said)])


class Waiting(Generic[J]):
    """One whose posts to a channel wait while that channel is not as it has to be; nothing else of it does."""

    def __init__(self, sends: Sends[J], places: Places, *, held: Callable[[J], None] | None = None) -> None:
        """`held(job)` is told each time that a job waits; safe to repeat."""
        self._sends = sends
        self._places = places
        self._held = held

    def prepare(self, job: J) -> Outgoing | Withdraw | None:
        outgoing = self._sends.prepare(job)
        match outgoing:
            case Post(to=channel_id) | Edit(channel_id=channel_id) if self._places.waits(channel_id):
                if self._held is not None:
                    self._held(job)
                raise HeldBack(KEPT)
        return outgoing

    def record(self, session: Session, job: J, receipt: Receipt) -> None:
        self._sends.record(session, job, receipt)

    def gave_up(self, session: Session, job: J, code: str) -> None:
        self._sends.gave_up(session, job, code)
