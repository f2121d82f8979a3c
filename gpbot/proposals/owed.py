"""The jobs proposals owe: ids alone."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.types import EDITS, Job, Priority
from gpbot.proposals.types import JOB_KIND


class Task(StrEnum):
    POST = "post"  # in the proposals channel
    CARD = "card"  # in the champions' channel
    DRAW = "draw"  # one of these messages as it is now
    UNSEND = "unsend"
    STATE = "state"  # tells a person how the proposal stands
    QUESTION = "question"  # tells the proposer what the champions ask
    STEWARD = "steward"  # tells somebody that they were named
    DEADLINE = "deadline"
    LAPSE = "lapse"
    CONCERN = "concern"  # tells somebody who may read it that something waits
    FORGET = "forget"
    ROSTER_CHANGED = "roster_changed"
    RENAMED = "renamed"


class Owed:
    """Each method owes one thing in the caller's transaction; the same thing twice is once."""

    def __init__(self, outbox: Outbox, keyring: KeyRing, *, proposals_channel: str, triage_channel: str) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self.proposals_channel = proposals_channel
        self.triage_channel = triage_channel

    def post(self, session: Session, proposal_id: UUID, number: int) -> None:
        payload: dict[str, str | int] = {"proposal": str(proposal_id), "number": number}
        self._owe(session, Task.POST, f"{proposal_id}:{number}", payload, lane=f"ch:{self.proposals_channel}")

    def card(self, session: Session, proposal_id: UUID, number: int) -> None:
        payload: dict[str, str | int] = {"proposal": str(proposal_id), "number": number}
        self._owe(session, Task.CARD, f"{proposal_id}:{number}", payload, lane=f"ch:{self.triage_channel}")

    def draw(self, session: Session, message_ids: Iterable[int]) -> None:
        for each in message_ids:
            self._owe(session, Task.DRAW, str(each), {"message": each}, lane=EDITS, by_turns=True)

    def unsend(self, session: Session, channel_id: str, message_ts: str) -> None:
        payload: dict[str, str | int] = {"channel": channel_id, "ts": message_ts}
        self._owe(session, Task.UNSEND, f"{channel_id}:{message_ts}", payload)

    def state(self, session: Session, proposal_id: UUID, state: str, to: int, slack_id: str) -> None:
        payload: dict[str, str | int] = {"proposal": str(proposal_id), "state": state, "to": to}
        self._owe(session, Task.STATE, f"{proposal_id}:{state}:{to}", payload, lane=self._keyring.direct_lane(slack_id))

    def question(self, session: Session, proposal_id: UUID, event: int, to: int, slack_id: str) -> None:
        payload: dict[str, str | int] = {"proposal": str(proposal_id), "event": event, "to": to}
        self._owe(session, Task.QUESTION, f"{proposal_id}:{event}", payload, lane=self._keyring.direct_lane(slack_id))

    def steward(self, session: Session, proposal_id: UUID, to: int, slack_id: str) -> None:
        payload: dict[str, str | int] = {"proposal": str(proposal_id), "to": to}
        self._owe(session, Task.STEWARD, f"{proposal_id}:{to}", payload, lane=self._keyring.direct_lane(slack_id))

    def deadline(self, session: Session, proposal_id: UUID, run_at: datetime) -> None:
        self._owe(session, Task.DEADLINE, str(proposal_id), {"proposal": str(proposal_id)}, run_at=run_at)

    def lapse(self, session: Session, proposal_id: UUID, run_at: datetime) -> None:
        self._owe(session, Task.LAPSE, str(proposal_id), {"proposal": str(proposal_id)}, run_at=run_at)

    def concern(self, session: Session, concern_id: UUID, to: str) -> None:
        """`to` is a Slack id, which the job does not hold."""
        payload: dict[str, str | int] = {"concern": str(concern_id), "to": self.mark(to)}
        key = f"{concern_id}:{payload['to']}"
        # As urgent as reports: it may be one.
        self._owe(session, Task.CONCERN, key, payload, lane=self._keyring.direct_lane(to), priority=Priority.REPORT)

    def forget(self, session: Session, proposal_id: UUID, run_at: datetime) -> None:
        self._owe(session, Task.FORGET, str(proposal_id), {"proposal": str(proposal_id)}, run_at=run_at)

    def roster_changed(self, session: Session, _who: frozenset[str]) -> None:
        self._owe(session, Task.ROSTER_CHANGED, uuid4().hex, {})

    def renamed(self, session: Session, _who: frozenset[str]) -> None:
        self._owe(session, Task.RENAMED, uuid4().hex, {})

    def mark(self, slack_id: str) -> str:
        return self._keyring.mark(slack_id)

    def _owe(
        self,
        session: Session,
        task: Task,
        key: str,
        payload: dict[str, str | int],
        *,
        lane: str | None = None,
        run_at: datetime | None = None,
        priority: Priority = Priority.NORMAL,
        by_turns: bool = False,
    ) -> None:
        job = Job(
            kind=JOB_KIND,
            key=f"{JOB_KIND}:{task}:{key}",
            payload={"task": task.value, **payload},
            lane=lane,
            priority=priority,
            run_at=run_at,
            by_turns=by_turns,
        )
        self._outbox.owe(session, job)
