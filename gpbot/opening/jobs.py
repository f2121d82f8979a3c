"""The jobs of openings: ids alone."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.opening.steps import Step
from gpbot.opening.types import At, Opening
from gpbot.outbox import Outbox
from gpbot.outbox.typed import TypedJob
from gpbot.outbox.types import CREATING, INVITING, JOINING, PINNING, PURPOSES, TOPICS

_LANES = {
    Step.CREATE: CREATING,
    Step.JOIN: JOINING,
    Step.TOPIC: TOPICS,
    Step.PURPOSE: PURPOSES,
    Step.PIN: PINNING,
    Step.INVITE: INVITING,
}


class OpeningJob(TypedJob, kind="opening"):
    proposal: UUID

    def key_of(self, about: str) -> str:
        """Of this kind, the opening stands before the task."""
        return f"{self.KIND}:{self.proposal}:{self.TASK}:{about}"


class CarryOut(OpeningJob, task="step"):
    """One step out; `part` tells one call of a step that takes several from the next."""

    step: Step
    turn: int
    part: int

    def key(self) -> str:
        return self.key_of(f"{self.turn}:{self.step}:{self.part}")

    def lane(self) -> str | None:
        return _LANES.get(self.step)

    @property
    def at(self) -> At:
        return At(proposal_id=self.proposal, step=self.step, turn=self.turn, part=self.part)


class Card(OpeningJob, task="card"):
    """Tells the champions what they have to do, or how it ended."""

    def key(self) -> str:
        return self.key_of(uuid4().hex)

    def lane(self) -> str:
        """One for each, so that two states of it never overtake each other."""
        return f"{self.KIND}:{self.proposal}"


class NotAdded(OpeningJob, task="not_added"):
    """Tells somebody who asked to be added."""

    to: int

    def key(self) -> str:
        return self.key_of(str(self.to))


class Owed:
    """Each method enqueues one job in the caller's transaction; the same job twice is once."""

    def __init__(
        self,
        outbox: Outbox,
        keyring: KeyRing,
        *,
        triage_channel: str,
        proposals_channel: str,
        general_channel: str,
    ) -> None:
        """Channels that are not set ("") are not told."""
        self._outbox = outbox
        self._keyring = keyring
        self.triage_channel = triage_channel
        self.proposals_channel = proposals_channel
        self.general_channel = general_channel

    def step(self, session: Session, opening: Opening, part: int = 0) -> None:
        """The step it is at."""
        where = {
            Step.WELCOME: opening.channel_id,
            Step.PROPOSALS: self.proposals_channel,
            Step.GENERAL: self.general_channel,
        }
        job = CarryOut(proposal=opening.proposal_id, step=opening.step, turn=opening.turn, part=part)
        self._outbox.enqueue(session, job, lane=f"ch:{where[job.step]}" if job.step in where else None)

    def card(self, session: Session, proposal_id: UUID) -> None:
        self._outbox.enqueue(session, Card(proposal=proposal_id))

    def not_added(self, session: Session, proposal_id: UUID, person_id: int, slack_id: str) -> None:
        job = NotAdded(proposal=proposal_id, to=person_id)
        self._outbox.enqueue(session, job, lane=self._keyring.direct_lane(slack_id))
