"""The jobs questions owe: ids alone, and nobody's Slack id among them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.types import Job, Priority
from gpbot.questions.types import JOB_KIND


class Task(StrEnum):
    CARD = "card"
    FILL = "fill"
    NEWS = "news"
    TELL = "tell"
    PUBLIC = "public"
    QUIET = "quiet"
    FORGET = "forget"
    ROSTER_CHANGED = "roster_changed"


class Owed:
    """Each method owes one thing in the caller's transaction; the same thing twice is once."""

    def __init__(self, outbox: Outbox, keyring: KeyRing, *, triage_channel: str) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self.triage_channel = triage_channel

    def card(self, session: Session, question_id: UUID, card: int) -> None:
        """A card without a word of the question; they are filled in once it is known where it stands."""
        payload = {"question": str(question_id), "card": card}
        self._owe(session, Task.CARD, f"{question_id}:{card}", payload, lane=f"ch:{self.triage_channel}")

    def fill(self, session: Session, question_id: UUID, message_ts: str) -> None:
        """Bring a card that was sent in line with how its question stands."""
        number = uuid4().hex
        payload = {"question": str(question_id), "ts": message_ts, "n": number}
        self._owe(session, Task.FILL, number, payload, lane=f"ch:{self.triage_channel}")

    def news(self, session: Session, question_id: UUID, entry: int, asker: str) -> None:
        """Something waits for the person who asked."""
        payload = {"question": str(question_id)}
        self._owe(session, Task.NEWS, f"{question_id}:{entry}", payload, lane=self._keyring.direct_lane(asker))

    def tell(self, session: Session, question_id: UUID, entry: int, to: str) -> None:
        """Something waits for one of those who answer."""
        payload = {"question": str(question_id), "to": self.mark(to)}
        key = f"{question_id}:{entry}:{payload['to']}"
        self._owe(session, Task.TELL, key, payload, lane=self._keyring.direct_lane(to))

    def public(self, session: Session, question_id: UUID, entry: int) -> None:
        payload = {"question": str(question_id), "entry": entry}
        self._owe(session, Task.PUBLIC, f"{question_id}:{entry}", payload)

    def quiet(self, session: Session, question_id: UUID, turn: int, run_at: datetime) -> None:
        """When nothing has happened since `turn` by then."""
        payload = {"question": str(question_id), "turn": turn}
        self._owe(session, Task.QUIET, f"{question_id}:{turn}", payload, run_at=run_at)

    def forget(self, session: Session, question_id: UUID, run_at: datetime) -> None:
        key = f"{question_id}:{run_at:%Y%m%d%H%M%S}"
        self._owe(session, Task.FORGET, key, {"question": str(question_id)}, run_at=run_at)

    def roster_changed(self, session: Session, _who: frozenset[str]) -> None:
        self._owe(session, Task.ROSTER_CHANGED, uuid4().hex, {})

    def mark(self, slack_id: str) -> str:
        return self._keyring.mark(slack_id)

    def _owe(
        self,
        session: Session,
        task: Task,
        key: str,
        payload: Mapping[str, Any],
        *,
        lane: str | None = None,
        run_at: datetime | None = None,
    ) -> None:
        # As urgent as reports: a card that has to go holds what may be one.
        job = Job(
            kind=JOB_KIND,
            key=f"{JOB_KIND}:{task}:{key}",
            payload={"task": task.value, **payload},
            lane=lane,
            priority=Priority.REPORT,
            run_at=run_at,
        )
        self._outbox.owe(session, job)
