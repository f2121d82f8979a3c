"""The jobs of questions: ids alone, and nobody's Slack id among them."""

from dataclasses import field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.erasing import as_seconds, next_look
from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.typed import LEFT_OUT, TypedJob
from gpbot.outbox.types import Priority


class QuestionJob(TypedJob, kind="question", priority=Priority.REPORT):
    """As urgent as reports: a card that has to go holds what may be one."""


class OfQuestion(QuestionJob, subject="question"):
    question: UUID


class Card(OfQuestion, task="card"):
    """A card without a word of the question; they are filled in once it is known where it stands."""

    card: int


class Fill(OfQuestion, task="fill"):
    """Brings a card that was sent in line with how its question stands."""

    ts: str
    n: str  # tells it from others about the same card

    def key(self) -> str:
        return self.key_for(self.n)


class News(OfQuestion, task="news"):
    """Something waits for the person who asked."""


class Tell(OfQuestion, task="tell"):
    """Something waits for one of those who answer."""

    to: str  # a mark of them


class Publish(OfQuestion, task="public"):
    entry: int


class Quiet(OfQuestion, task="quiet"):
    """When nothing has happened since `turn` by then."""

    turn: int


class Forget(OfQuestion, task="forget"):
    looked_at: int = field(default=0, metadata=LEFT_OUT)


class RosterChanged(QuestionJob, task="roster_changed"):
    def key(self) -> str:
        return self.key_for(uuid4().hex)


class Owed:
    """Each method enqueues one job in the caller's transaction; the same job twice is once."""

    def __init__(self, outbox: Outbox, keyring: KeyRing, *, triage_channel: str) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self.triage_channel = triage_channel

    def card(self, session: Session, question_id: UUID, card: int) -> None:
        job = Card(question=question_id, card=card)
        self._outbox.enqueue(session, job, lane=f"ch:{self.triage_channel}")

    def fill(self, session: Session, question_id: UUID, message_ts: str) -> None:
        job = Fill(question=question_id, ts=message_ts, n=uuid4().hex)
        self._outbox.enqueue(session, job, lane=f"ch:{self.triage_channel}")

    def news(self, session: Session, question_id: UUID, entry: int, asker: str) -> None:
        key = News.key_for(f"{question_id}:{entry}")
        self._outbox.enqueue(session, News(question=question_id), key=key, lane=self._keyring.sealed_lane(asker))

    def tell(self, session: Session, question_id: UUID, entry: int, to: str) -> None:
        job = Tell(question=question_id, to=self.mark(to))
        key = Tell.key_for(f"{question_id}:{entry}:{job.to}")
        self._outbox.enqueue(session, job, key=key, lane=self._keyring.sealed_lane(to))

    def public(self, session: Session, question_id: UUID, entry: int) -> None:
        self._outbox.enqueue(session, Publish(question=question_id, entry=entry))

    def quiet(self, session: Session, question_id: UUID, turn: int, run_at: datetime) -> None:
        self._outbox.enqueue(session, Quiet(question=question_id, turn=turn), run_at=run_at)

    def forget(
        self,
        session: Session,
        question_id: UUID,
        due: datetime,
        *,
        looked_at: datetime | None = None,
        again: datetime | None = None,
    ) -> None:
        """As for a report."""
        moments = [f"{moment:%Y%m%d%H%M%S}" for moment in (due, looked_at, again) if moment]
        key = Forget.key_for(":".join([str(question_id), *moments]))
        self._outbox.enqueue(
            session,
            Forget(question=question_id, looked_at=as_seconds(looked_at)),
            key=key,
            run_at=next_look(due, looked_at),
        )

    def roster_changed(self, session: Session, _who: frozenset[str]) -> None:
        self._outbox.enqueue(session, RosterChanged())

    def mark(self, slack_id: str) -> str:
        return self._keyring.reader_mark(slack_id)

    def marks(self, slack_id: str) -> set[str]:
        """Also the one that earlier releases wrote."""
        return {self.mark(slack_id), self._keyring.mark(slack_id)}
