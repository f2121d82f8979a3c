"""The jobs of arriving: ids alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from gpbot.onboarding.types import Chosen
from gpbot.outbox import Outbox
from gpbot.outbox.typed import TypedJob
from gpbot.outbox.types import EDITS, INVITING


class OnboardingJob(TypedJob, kind="onboarding"):
    person: int


class Begin(OnboardingJob, task="begin"):
    """The first message (0), and once more for those who put it off (1)."""

    spell: int
    nth: int


class Show(OnboardingJob, task="show", lane=EDITS, by_turns=True):
    """That message as things stand now."""


class Results(OnboardingJob, task="results"):
    """How joining went, told to people who have no such message."""


class Unsend(OnboardingJob, task="unsend", lane=EDITS):
    """An older one with the same steps."""

    channel: str
    ts: str

    def key(self) -> str:
        return self.key_for(f"{self.channel}:{self.ts}")


class Join(OnboardingJob, task="join", lane=INVITING):
    """Slack counts how often people are added, no matter who is added to which channel."""

    round: int
    channel: str
    view: str

    def key(self) -> str:
        return self.key_for(f"{self.person}:{self.round}:{self.channel}")

    @property
    def chosen(self) -> Chosen:
        return Chosen(person_id=self.person, number=self.round, channel_id=self.channel, view_id=self.view)


class Window(OnboardingJob, task="window", by_turns=True):
    """How joining went, in the window they chose in."""

    round: int
    view: str

    def key(self) -> str:
        return self.key_for(f"{self.person}:{self.round}")

    def lane(self) -> str:
        return f"view:{self.view}"


class Week(OnboardingJob, task="week"):
    spell: int


class Card(OnboardingJob, task="card", lane="welcomes"):
    pass


class Fill(OnboardingJob, task="fill", lane=EDITS, by_turns=True):
    """The card as things stand now."""


class Welcomed(OnboardingJob, task="welcomed"):
    by: int


class Forget(OnboardingJob, task="forget"):
    pass


class Owed:
    """Each method enqueues one job in the caller's transaction; the same job twice is once."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def begin(self, session: Session, person_id: int, spell: int, nth: int, run_at: datetime | None = None) -> None:
        self._outbox.enqueue(session, Begin(person=person_id, spell=spell, nth=nth), run_at=run_at)

    def do_not_begin_again(self, session: Session, person_id: int, spell: int) -> None:
        self._outbox.cancel(session, Begin(person=person_id, spell=spell, nth=1).key())

    def show(self, session: Session, person_id: int) -> None:
        self._outbox.enqueue(session, Show(person=person_id))

    def results(self, session: Session, person_id: int) -> None:
        self._outbox.enqueue(session, Results(person=person_id))

    def unsend(self, session: Session, person_id: int, channel_id: str, message_ts: str) -> None:
        self._outbox.enqueue(session, Unsend(person=person_id, channel=channel_id, ts=message_ts))

    def join(self, session: Session, chosen: Chosen) -> None:
        job = Join(person=chosen.person_id, round=chosen.number, channel=chosen.channel_id, view=chosen.view_id)
        self._outbox.enqueue(session, job)

    def window(self, session: Session, person_id: int, number: int, view_id: str) -> None:
        self._outbox.enqueue(session, Window(person=person_id, round=number, view=view_id))

    def week(self, session: Session, person_id: int, spell: int, run_at: datetime) -> None:
        self._outbox.enqueue(session, Week(person=person_id, spell=spell), run_at=run_at)

    def card(self, session: Session, person_id: int) -> None:
        self._outbox.enqueue(session, Card(person=person_id))

    def fill(self, session: Session, person_id: int) -> None:
        self._outbox.enqueue(session, Fill(person=person_id))

    def welcomed(self, session: Session, person_id: int, welcomer_id: int) -> None:
        self._outbox.enqueue(session, Welcomed(person=person_id, by=welcomer_id))

    def forget(self, session: Session, person_id: int, run_at: datetime) -> None:
        key = Forget.key_for(f"{person_id}:{run_at:%Y%m%d%H%M%S}")
        self._outbox.enqueue(session, Forget(person=person_id), key=key, run_at=run_at)
