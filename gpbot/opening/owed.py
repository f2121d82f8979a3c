"""The jobs openings owe: ids alone."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.opening.steps import Step
from gpbot.opening.types import JOB_KIND, Opening
from gpbot.outbox import Outbox
from gpbot.outbox.types import CREATING, INVITING, JOINING, PINNING, PURPOSES, TOPICS, Job


class Task(StrEnum):
    STEP = "step"
    CARD = "card"  # tells the champions what they have to do, or how it ended
    NOT_ADDED = "not_added"  # tells somebody who asked to be added


_LANES = {
    Step.CREATE: CREATING,
    Step.JOIN: JOINING,
    Step.TOPIC: TOPICS,
    Step.PURPOSE: PURPOSES,
    Step.PIN: PINNING,
    Step.INVITE: INVITING,
}


class Owed:
    """Each method owes one thing in the caller's transaction; the same thing twice is once."""

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
        """The step it is at; `part` tells one call of a step that takes several from the next."""
        where = {
            Step.WELCOME: opening.channel_id,
            Step.PROPOSALS: self.proposals_channel,
            Step.GENERAL: self.general_channel,
        }
        lane = _LANES.get(opening.step) or f"ch:{where[opening.step]}"
        payload: dict[str, str | int] = {"step": opening.step.value, "turn": opening.turn, "part": part}
        key = f"{opening.turn}:{opening.step}:{part}"
        self._owe(session, Task.STEP, opening.proposal_id, key, payload, lane=lane)

    def card(self, session: Session, proposal_id: UUID) -> None:
        # One lane for each, so that two states of it never overtake each other.
        self._owe(session, Task.CARD, proposal_id, uuid4().hex, {}, lane=f"opening:{proposal_id}")

    def not_added(self, session: Session, proposal_id: UUID, person_id: int, slack_id: str) -> None:
        lane = self._keyring.direct_lane(slack_id)
        self._owe(session, Task.NOT_ADDED, proposal_id, str(person_id), {"to": person_id}, lane=lane)

    def _owe(
        self,
        session: Session,
        task: Task,
        proposal_id: UUID,
        key: str,
        payload: dict[str, str | int],
        *,
        lane: str | None = None,
        run_at: datetime | None = None,
    ) -> None:
        job = Job(
            kind=JOB_KIND,
            key=f"{JOB_KIND}:{proposal_id}:{task}:{key}",
            payload={"task": task.value, "proposal": str(proposal_id), **payload},
            lane=lane,
            run_at=run_at,
        )
        self._outbox.owe(session, job)
