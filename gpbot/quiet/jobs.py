"""The jobs of quiet channels: ids alone."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.typed import TypedJob
from gpbot.outbox.types import ARCHIVING, EDITS, READING
from gpbot.quiet.types import Watched


class QuietJob(TypedJob, kind="quiet"):
    pass


class Day(QuietJob, task="day"):
    """Once a day: which channels are to be looked at."""


class Look(QuietJob, task="look", lane=READING, by_turns=True):
    """Whether somebody wrote in one, and what follows."""

    proposal: UUID


class AskSteward(QuietJob, task="ask"):
    proposal: UUID
    round: int
    to: int


class Draw(QuietJob, task="draw", lane=EDITS, by_turns=True):
    """What a steward was asked, as it is now."""

    proposal: UUID
    to: int


class Card(QuietJob, task="card"):
    """Tells the champions."""

    proposal: UUID
    round: int

    def key(self) -> str:
        return self.key_for(uuid4().hex)

    def lane(self) -> str:
        """One for each, so that two states of it never overtake each other."""
        return f"{self.KIND}:{self.proposal}"


class Archive(QuietJob, task="archive", lane=ARCHIVING):
    proposal: UUID
    round: int

    def key(self) -> str:
        return self.key_for(uuid4().hex)


class Told(QuietJob, task="told"):
    """Tells a steward what the champions decided."""

    proposal: UUID
    round: int
    to: int


class Owed:
    """Each method enqueues one job in the caller's transaction; the same job twice is once."""

    def __init__(self, outbox: Outbox, keyring: KeyRing, *, triage_channel: str) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self.triage_channel = triage_channel

    def day(self, session: Session, key: str, run_at: datetime | None = None) -> None:
        self._outbox.enqueue(session, Day(), key=Day.key_for(key), run_at=run_at)

    def look(self, session: Session, proposal_id: UUID) -> None:
        self._outbox.enqueue(session, Look(proposal=proposal_id))

    def ask(self, session: Session, watched: Watched, person_id: int, slack_id: str) -> None:
        job = AskSteward(proposal=watched.proposal_id, round=watched.round, to=person_id)
        self._outbox.enqueue(session, job, lane=self._keyring.direct_lane(slack_id))

    def draw(self, session: Session, proposal_id: UUID, person_id: int) -> None:
        self._outbox.enqueue(session, Draw(proposal=proposal_id, to=person_id))

    def card(self, session: Session, watched: Watched) -> None:
        self._outbox.enqueue(session, Card(proposal=watched.proposal_id, round=watched.round))

    def archive(self, session: Session, watched: Watched) -> None:
        self._outbox.enqueue(session, Archive(proposal=watched.proposal_id, round=watched.round))

    def told(self, session: Session, watched: Watched, person_id: int, slack_id: str) -> None:
        job = Told(proposal=watched.proposal_id, round=watched.round, to=person_id)
        self._outbox.enqueue(session, job, lane=self._keyring.direct_lane(slack_id))
