"""The jobs of reports, all of them sealed."""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.erasing import next_look
from gpbot.home.screens import Screens
from gpbot.outbox.typed import LEFT_OUT, none_as
from gpbot.sealed.jobs import SealedJob, SealedJobs

DRAFT_REMINDER = timedelta(minutes=15)
DRAFT_KEPT = timedelta(hours=24)
STUBS_KEPT = timedelta(hours=24)


class ReportJob(SealedJob):
    pass


class OfReport(ReportJob, subject="report"):
    report: UUID


class TellReader(OfReport, task="stub"):
    """Something waits for somebody who may read it."""

    to: str


class TellReporter(OfReport, task="news"):
    to: str


class DraftLeft(ReportJob, task="draft_left", subject="draft"):
    """Reminds its owner of what was not sent yet."""

    draft: UUID
    to: str

    def key(self) -> str:
        return self.key_for(self.draft)


class DraftOver(ReportJob, task="draft_over", subject="draft"):
    draft: UUID
    to: str
    saved_at: str

    def key(self) -> str:
        return self.key_for(f"{self.draft}:{self.saved_at}")


class StubsOver(OfReport, task="stubs_over"):
    pass


class Unclaimed(OfReport, task="unclaimed"):
    """When it waits from another moment than `since`, this has nothing to do."""

    since: str


class Remind(OfReport, task="remind"):
    """As for Unclaimed."""

    since: str


class OfPeople(ReportJob):
    who: str  # with commas

    def key(self) -> str:
        return self.key_for(uuid4())

    @property
    def people(self) -> list[str]:
        return self.who.split(",")


class RosterChanged(OfPeople, task="roster_changed"):
    pass


class Compare(OfPeople, task="compare"):
    compared: str
    report: UUID | None = field(metadata=none_as(""))

    @property
    def after(self) -> tuple[int, UUID] | None:
        """Where it goes on."""
        return (int(self.compared), self.report) if self.report else None


class Forget(OfReport, task="forget"):
    looked_at: datetime | None = field(default=None, metadata=LEFT_OUT)


class AnswerInDm(ReportJob, task="answer_in_dm"):
    to: str


class Owed:
    """Each method enqueues one job in the caller's transaction; the same job twice is once."""

    def __init__(self, jobs: SealedJobs, screens: Screens) -> None:
        self._enqueue = jobs.enqueue
        self.window = screens.draw_again

    def stub(self, session: Session, report_id: UUID, to: str, *, about: str) -> None:
        """`about` tells this occasion from others: the filing, or one entry."""
        key = TellReader.key_for(f"{report_id}:{to}:{about}")
        self._enqueue(session, TellReader(report=report_id, to=to), key=key, to=to)

    def news(self, session: Session, report_id: UUID, to: str, *, about: str) -> None:
        key = TellReporter.key_for(f"{report_id}:{to}:{about}")
        self._enqueue(session, TellReporter(report=report_id, to=to), key=key, to=to)

    def draft_left(self, session: Session, draft_id: UUID, owner: str, now: datetime) -> None:
        self._enqueue(session, DraftLeft(draft=draft_id, to=owner), to=owner, run_at=now + DRAFT_REMINDER)

    def draft_over(self, session: Session, draft_id: UUID, owner: str, now: datetime) -> None:
        job = DraftOver(draft=draft_id, to=owner, saved_at=now.isoformat())
        self._enqueue(session, job, run_at=now + DRAFT_KEPT)

    def stubs_over(self, session: Session, report_id: UUID, about: str, now: datetime) -> None:
        """A minute late, so that a stub sent with the report is a day old when this looks."""
        run_at = now + STUBS_KEPT + timedelta(minutes=1)
        key = StubsOver.key_for(f"{report_id}:{about}")
        self._enqueue(session, StubsOver(report=report_id), key=key, run_at=run_at)

    def unclaimed(self, session: Session, report_id: UUID, run_at: datetime, *, since: str) -> None:
        """`since` is what is counted from: when the report waits from another moment, this has nothing to do."""
        key = Unclaimed.key_for(f"{report_id}:{since}:{run_at.isoformat()}")
        self._enqueue(session, Unclaimed(report=report_id, since=since), key=key, run_at=run_at)

    def remind(self, session: Session, report_id: UUID, run_at: datetime, *, since: str) -> None:
        """As for `unclaimed`. Keyed by the day: a timer that runs again after a crash starts no second chain."""
        key = Remind.key_for(f"{report_id}:{since}:{run_at.date()}")
        self._enqueue(session, Remind(report=report_id, since=since), key=key, run_at=run_at)

    def roster_changed(self, session: Session, who: Iterable[str]) -> None:
        """`who` gained or lost a role."""
        self._enqueue(session, RosterChanged(who=",".join(sorted(who))))

    def compare(self, session: Session, who: Iterable[str], *, after: tuple[int, UUID] | None = None) -> None:
        """`who` got a role or another name: kept words are compared with their names. `after`: where it goes on."""
        compared, report_id = after or (0, None)
        self._enqueue(session, Compare(who=",".join(sorted(who)), compared=str(compared), report=report_id))

    def forget(
        self,
        session: Session,
        report_id: UUID,
        due: datetime,
        *,
        looked_at: datetime | None = None,
        again: datetime | None = None,
    ) -> None:
        """Erase it when it is `due`, having looked twice, a day apart; `looked_at`: for the first time.

        `again`: since when the time is another one, after it was looked at.
        """
        key = ":".join(str(part) for part in (report_id, due.isoformat(), looked_at, again) if part)
        job = Forget(report=report_id, looked_at=looked_at)
        self._enqueue(session, job, key=Forget.key_for(key), run_at=next_look(due, looked_at))

    def answer_in_dm(self, session: Session, to: str, message_ts: str) -> None:
        self._enqueue(session, AnswerInDm(to=to), key=AnswerInDm.key_for(f"{to}:{message_ts}"), to=to)
