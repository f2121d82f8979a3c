"""What is owed to screens, rendered at the moment of sending for one person, as they stand then."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.clock import Clock
from gpbot.home.notices import GONE
from gpbot.home.parts import Parts
from gpbot.home.screens import Screens
from gpbot.home.types import Task
from gpbot.home.views import not_available
from gpbot.outbox.types import Delete, Edit, Outgoing, PublishHome, Receipt, UpdateView
from gpbot.sealed.jobs import SealedJob
from gpbot.slack.blocks import section


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Drawn:
    state: object
    is_empty: bool


class HomeMessages:
    """Sends what Screens owes."""

    def __init__(self, screens: Screens, parts: Parts, clock: Clock) -> None:
        self._screens = screens
        self._parts = parts
        self._clock = clock
        self._drawn: dict[str, _Drawn] = {}  # by job, while it is being sent

    def prepare(self, job: SealedJob) -> Outgoing | None:
        about = job.about
        match Task(job.task):
            case Task.UNSEND:
                return Delete(channel_id=about["channel"], message_ts=about["ts"])
            case Task.BLANK:
                return Edit(channel_id=about["channel"], message_ts=about["ts"], text=GONE, blocks=[section(GONE)])
            case Task.HOME:
                return PublishHome(user_id=about["to"], view=self._parts.home(about["to"]))
            case Task.WINDOW:
                return self._window(job)

    # See docs/decisions/0051-late-windows.md
    def record(self, session: Session, job: SealedJob, receipt: Receipt) -> None:  # noqa: ARG002  (a handler's)
        if job.task != Task.WINDOW:
            return
        drawn = self._drawn.pop(job.id, None)
        where = job.about["view"], job.about["viewer"], _subject(job)
        # What was drawn before a change may have been shown after what was drawn later.
        if drawn is None or drawn.state != self._parts.state(*where[1:]):
            self._screens.show_anew(session, *where)
        elif drawn.is_empty and not _is_again(job):
            self._screens.empty_again(session, *where, self._clock.now())

    def gave_up(self, session: Session, job: SealedJob, code: str) -> None:  # noqa: ARG002  (a handler's)
        """What Slack does not delete loses its words."""
        self._drawn.pop(job.id, None)
        if job.task == Task.UNSEND:
            self._screens.blank(session, job.about["channel"], job.about["ts"])

    def _window(self, job: SealedJob) -> UpdateView | None:
        viewer, subject = job.about["viewer"], _subject(job)
        state = self._parts.state(viewer, subject)  # before it is drawn: a change meanwhile must show
        view = self._parts.render(viewer, subject)
        if view is not None and _is_again(job):
            return None  # theirs again, and shown as it is by whatever made it so
        self._drawn[job.id] = _Drawn(state=state, is_empty=view is None)
        return UpdateView(view_id=job.about["view"], view=view or not_available())


def _subject(job: SealedJob) -> UUID | None:
    return UUID(job.about["report"]) if job.about["report"] else None


def _is_again(job: SealedJob) -> bool:
    return "again" in job.about
