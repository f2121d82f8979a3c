"""The jobs of proposals: ids alone."""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.erasing import as_seconds, next_look
from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.typed import LEFT_OUT, TypedJob
from gpbot.outbox.types import EDITS, Priority
from gpbot.proposals.types import State


class ProposalJob(TypedJob, kind="proposal"):
    pass


class PostProposal(ProposalJob, task="post"):
    """In the proposals channel."""

    proposal: UUID
    number: int


class Card(ProposalJob, task="card"):
    """In the champions' channel."""

    proposal: UUID
    number: int


class Draw(ProposalJob, task="draw", lane=EDITS, by_turns=True):
    """One of these messages as it is now."""

    message: int


class Unsend(ProposalJob, task="unsend"):
    channel: str
    ts: str


class TellState(ProposalJob, task="state"):
    """Tells a person how the proposal stands."""

    proposal: UUID
    state: State
    to: int


class Question(ProposalJob, task="question"):
    """Tells the proposer what the champions ask."""

    proposal: UUID
    event: int
    to: int

    def key(self) -> str:
        return self.key_for(f"{self.proposal}:{self.event}")


class Steward(ProposalJob, task="steward"):
    """Tells somebody that they were named."""

    proposal: UUID
    to: int


class Deadline(ProposalJob, task="deadline"):
    proposal: UUID


class Lapse(ProposalJob, task="lapse"):
    proposal: UUID


class TellConcern(ProposalJob, task="concern", priority=Priority.REPORT, subject="concern"):
    """Tells somebody who may read it that something waits; as urgent as a report, for it may be one."""

    concern: UUID
    to: str  # a mark of them


class Forget(ProposalJob, task="forget"):
    """Its concerns are to go."""

    proposal: UUID
    looked_at: int = field(default=0, metadata=LEFT_OUT)


class RosterChanged(ProposalJob, task="roster_changed"):
    def key(self) -> str:
        return self.key_for(uuid4().hex)


class Renamed(ProposalJob, task="renamed"):
    def key(self) -> str:
        return self.key_for(uuid4().hex)


class Owed:
    """Each method enqueues one job in the caller's transaction; the same job twice is once."""

    def __init__(self, outbox: Outbox, keyring: KeyRing, *, proposals_channel: str, triage_channel: str) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self.proposals_channel = proposals_channel
        self.triage_channel = triage_channel

    def post(self, session: Session, proposal_id: UUID, number: int) -> None:
        job = PostProposal(proposal=proposal_id, number=number)
        self._outbox.enqueue(session, job, lane=f"ch:{self.proposals_channel}")

    def card(self, session: Session, proposal_id: UUID, number: int) -> None:
        job = Card(proposal=proposal_id, number=number)
        self._outbox.enqueue(session, job, lane=f"ch:{self.triage_channel}")

    def draw(self, session: Session, message_ids: Iterable[int]) -> None:
        for each in message_ids:
            self._outbox.enqueue(session, Draw(message=each))

    def unsend(self, session: Session, channel_id: str, message_ts: str) -> None:
        self._outbox.enqueue(session, Unsend(channel=channel_id, ts=message_ts))

    def state(self, session: Session, proposal_id: UUID, state: State, to: int, slack_id: str) -> None:
        job = TellState(proposal=proposal_id, state=state, to=to)
        self._outbox.enqueue(session, job, lane=self._keyring.direct_lane(slack_id))

    def question(self, session: Session, proposal_id: UUID, event: int, to: int, slack_id: str) -> None:
        job = Question(proposal=proposal_id, event=event, to=to)
        self._outbox.enqueue(session, job, lane=self._keyring.direct_lane(slack_id))

    def steward(self, session: Session, proposal_id: UUID, to: int, slack_id: str) -> None:
        job = Steward(proposal=proposal_id, to=to)
        self._outbox.enqueue(session, job, lane=self._keyring.direct_lane(slack_id))

    def deadline(self, session: Session, proposal_id: UUID, run_at: datetime) -> None:
        self._outbox.enqueue(session, Deadline(proposal=proposal_id), run_at=run_at)

    def lapse(self, session: Session, proposal_id: UUID, run_at: datetime) -> None:
        self._outbox.enqueue(session, Lapse(proposal=proposal_id), run_at=run_at)

    def concern(self, session: Session, concern_id: UUID, to: str) -> None:
        """`to` is a Slack id, which the job does not hold."""
        job = TellConcern(concern=concern_id, to=self.mark(to))
        self._outbox.enqueue(session, job, lane=self._keyring.sealed_lane(to))

    def forget(
        self,
        session: Session,
        proposal_id: UUID,
        due: datetime,
        *,
        looked_at: datetime | None = None,
        again: datetime | None = None,
    ) -> None:
        """As for a report."""
        moments = [f"{moment:%Y%m%d%H%M%S}" for moment in (looked_at, again) if moment]
        job = Forget(proposal=proposal_id, looked_at=as_seconds(looked_at))
        self._outbox.enqueue(
            session, job, key=Forget.key_for(":".join([str(proposal_id), *moments])), run_at=next_look(due, looked_at)
        )

    def roster_changed(self, session: Session, _who: frozenset[str]) -> None:
        self._outbox.enqueue(session, RosterChanged())

    def renamed(self, session: Session, _who: frozenset[str]) -> None:
        self._outbox.enqueue(session, Renamed())

    def mark(self, slack_id: str) -> str:
        return self._keyring.reader_mark(slack_id)

    def marks(self, slack_id: str) -> set[str]:
        """Also the one that earlier releases wrote."""
        return {self.mark(slack_id), self._keyring.mark(slack_id)}
