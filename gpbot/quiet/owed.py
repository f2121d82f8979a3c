"""The jobs quiet channels owe: ids alone."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.types import ARCHIVING, EDITS, READING, Job
from gpbot.quiet.types import JOB_KIND, Watched


class Task(StrEnum):
    DAY = "day"  # once a day: which channels are to be looked at
    LOOK = "look"  # whether somebody wrote in one, and what follows
    ASK = "ask"  # a steward
    DRAW = "draw"  # that message as it is now
    CARD = "card"  # tells the champions
    ARCHIVE = "archive"
    TOLD = "told"  # tells a steward what the champions decided


class Owed:
    """Each method owes one thing in the caller's transaction; the same thing twice is once."""

    def __init__(self, outbox: Outbox, keyring: KeyRing, *, triage_channel: str) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self.triage_channel = triage_channel

    def day(self, session: Session, key: str, run_at: datetime | None = None) -> None:
        self._owe(session, Task.DAY, key, {}, run_at=run_at)

    def look(self, session: Session, proposal_id: UUID) -> None:
        self._owe(session, Task.LOOK, str(proposal_id), _about(proposal_id), lane=READING, by_turns=True)

    def ask(self, session: Session, watched: Watched, person_id: int, slack_id: str) -> None:
        payload = {**_about(watched.proposal_id), "round": watched.round, "to": person_id}
        key = f"{watched.proposal_id}:{watched.round}:{person_id}"
        self._owe(session, Task.ASK, key, payload, lane=self._keyring.direct_lane(slack_id))

    def draw(self, session: Session, proposal_id: UUID, person_id: int) -> None:
        payload = {**_about(proposal_id), "to": person_id}
        self._owe(session, Task.DRAW, f"{proposal_id}:{person_id}", payload, lane=EDITS, by_turns=True)

    def card(self, session: Session, watched: Watched) -> None:
        # One lane for each, so that two states of it never overtake each other.
        payload = {**_about(watched.proposal_id), "round": watched.round}
        self._owe(session, Task.CARD, uuid4().hex, payload, lane=f"quiet:{watched.proposal_id}")

    def archive(self, session: Session, watched: Watched) -> None:
        payload = {**_about(watched.proposal_id), "round": watched.round}
        self._owe(session, Task.ARCHIVE, uuid4().hex, payload, lane=ARCHIVING)

    def told(self, session: Session, watched: Watched, person_id: int, slack_id: str) -> None:
        payload = {**_about(watched.proposal_id), "round": watched.round, "to": person_id}
        key = f"{watched.proposal_id}:{watched.round}:{person_id}"
        self._owe(session, Task.TOLD, key, payload, lane=self._keyring.direct_lane(slack_id))

    def _owe(
        self,
        session: Session,
        task: Task,
        key: str,
        payload: dict[str, str | int],
        *,
        lane: str | None = None,
        run_at: datetime | None = None,
        by_turns: bool = False,
    ) -> None:
        job = Job(
            kind=JOB_KIND,
            key=f"{JOB_KIND}:{task}:{key}",
            payload={"task": task.value, **payload},
            lane=lane,
            run_at=run_at,
            by_turns=by_turns,
        )
        self._outbox.owe(session, job)


def _about(proposal_id: UUID) -> dict[str, str | int]:
    return {"proposal": str(proposal_id)}
