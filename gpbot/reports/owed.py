"""The jobs reports owe, all of them sealed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.home.screens import Screens
from gpbot.sealed.jobs import SealedJobs

DRAFT_REMINDER = timedelta(minutes=15)
DRAFT_KEPT = timedelta(hours=24)
STUBS_KEPT = timedelta(hours=24)
SECOND_LOOK = timedelta(days=1)  # a clock that lied for a moment erases nothing


class Task(StrEnum):
    STUB = "stub"
    NEWS = "news"
    DRAFT_LEFT = "draft_left"
    DRAFT_OVER = "draft_over"
    STUBS_OVER = "stubs_over"
    UNCLAIMED = "unclaimed"
    REMIND = "remind"
    ROSTER_CHANGED = "roster_changed"
    COMPARE = "compare"
    FORGET = "forget"
    ANSWER_IN_DM = "answer_in_dm"


class Owed:
    """Each method owes one thing in the caller's transaction; the same thing twice is once."""

    def __init__(self, jobs: SealedJobs, screens: Screens) -> None:
        self._owe = jobs.owe
        self.window = screens.show_anew

    def stub(self, session: Session, report_id: UUID, to: str, *, about: str) -> None:
        """`about` tells this occasion from others: the filing, or one entry."""
        self._owe(session, Task.STUB, f"{report_id}:{to}:{about}", {"report": str(report_id), "to": to}, to=to)

    def news(self, session: Session, report_id: UUID, to: str, *, about: str) -> None:
        self._owe(session, Task.NEWS, f"{report_id}:{to}:{about}", {"report": str(report_id), "to": to}, to=to)

    def draft_left(self, session: Session, draft_id: UUID, owner: str, now: datetime) -> None:
        content = {"draft": str(draft_id), "to": owner}
        self._owe(session, Task.DRAFT_LEFT, str(draft_id), content, to=owner, run_at=now + DRAFT_REMINDER)

    def draft_over(self, session: Session, draft_id: UUID, owner: str, now: datetime) -> None:
        saved_at = now.isoformat()
        content = {"draft": str(draft_id), "to": owner, "saved_at": saved_at}
        self._owe(session, Task.DRAFT_OVER, f"{draft_id}:{saved_at}", content, run_at=now + DRAFT_KEPT)

    def stubs_over(self, session: Session, report_id: UUID, about: str, now: datetime) -> None:
        """A minute late, so that a stub sent with the report is a day old when this looks."""
        run_at = now + STUBS_KEPT + timedelta(minutes=1)
        self._owe(session, Task.STUBS_OVER, f"{report_id}:{about}", {"report": str(report_id)}, run_at=run_at)

    def unclaimed(self, session: Session, report_id: UUID, run_at: datetime, *, since: str) -> None:
        """`since` is what is counted from: when the report waits from another moment, this has nothing to do."""
        key = f"{report_id}:{since}:{run_at.isoformat()}"
        self._owe(session, Task.UNCLAIMED, key, {"report": str(report_id), "since": since}, run_at=run_at)

    def remind(self, session: Session, report_id: UUID, run_at: datetime, *, since: str) -> None:
        """As for `unclaimed`. Keyed by the day: a timer that runs again after a crash starts no second chain."""
        key = f"{report_id}:{since}:{run_at.date()}"
        self._owe(session, Task.REMIND, key, {"report": str(report_id), "since": since}, run_at=run_at)

    def roster_changed(self, session: Session, who: Iterable[str]) -> None:
        """`who` gained or lost a role."""
        self._owe(session, Task.ROSTER_CHANGED, str(uuid4()), {"who": ",".join(sorted(who))})

    def compare(self, session: Session, who: Iterable[str], *, after: tuple[int, UUID] | None = None) -> None:
        """`who` got a role or another name: kept words are compared with their names. `after`: where it goes on."""
        compared, report_id = after or (0, "")
        content = {"who": ",".join(sorted(who)), "compared": str(compared), "report": str(report_id)}
        self._owe(session, Task.COMPARE, str(uuid4()), content)

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
        run_at = (looked_at or due - SECOND_LOOK) + (SECOND_LOOK if looked_at else timedelta())
        key = ":".join(str(part) for part in (report_id, due.isoformat(), looked_at, again) if part)
        content = {"report": str(report_id)} | ({"looked_at": looked_at.isoformat()} if looked_at else {})
        self._owe(session, Task.FORGET, key, content, run_at=run_at)

    def answer_in_dm(self, session: Session, to: str, message_ts: str) -> None:
        self._owe(session, Task.ANSWER_IN_DM, f"{to}:{message_ts}", {"to": to}, to=to)
