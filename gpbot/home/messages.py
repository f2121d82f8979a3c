"""The jobs of screens, rendered at the moment of sending for one person, by what they may see then."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gpbot.clock import Clock
from gpbot.home import jobs
from gpbot.home.notices import GONE
from gpbot.home.parts import Parts
from gpbot.home.screens import Screens
from gpbot.home.views import not_available
from gpbot.outbox.types import Delete, Edit, Outgoing, PublishHome, Receipt, UpdateView
from gpbot.slack.blocks import section


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Drawn:
    state: object
    is_empty: bool


class HomeMessages:
    """Sends what Screens enqueues."""

    def __init__(self, screens: Screens, parts: Parts, clock: Clock) -> None:
        self._screens = screens
        self._parts = parts
        self._clock = clock
        self._drawn: dict[jobs.Window, _Drawn] = {}  # while it is being sent

    def prepare(self, job: jobs.HomeJob) -> Outgoing | None:
        match job:
            case jobs.Unsend():
                return Delete(channel_id=job.channel, message_ts=job.ts)
            case jobs.Blank():
                return Edit(channel_id=job.channel, message_ts=job.ts, text=GONE, blocks=[section(GONE)])
            case jobs.Home():
                return PublishHome(user_id=job.to, view=self._parts.home(job.to))
            case jobs.Window():
                return self._window(job)
        return None

    # See docs/decisions/0051-late-windows.md
    def record(self, session: Session, job: jobs.HomeJob, receipt: Receipt) -> None:  # noqa: ARG002  (a handler's)
        if not isinstance(job, jobs.Window):
            return
        # Of two that are the same, sent side by side, the second finds nothing here: it is shown once more.
        drawn = self._drawn.pop(job, None)
        # What was drawn before a change may have been shown after what was drawn later.
        if drawn is None or drawn.state != self._parts.state(job.viewer, job.report):
            self._screens.draw_again(session, *job.place)
        elif drawn.is_empty and not job.again:
            self._screens.empty_again(session, *job.place, self._clock.now())

    def gave_up(self, session: Session, job: jobs.HomeJob, code: str) -> None:  # noqa: ARG002  (a handler's)
        """What Slack does not delete loses its words."""
        match job:
            case jobs.Window():
                self._drawn.pop(job, None)
            case jobs.Unsend():
                self._screens.blank(session, job.channel, job.ts)

    def _window(self, job: jobs.Window) -> UpdateView | None:
        state = self._parts.state(job.viewer, job.report)  # before it is drawn: a change meanwhile must show
        view = self._parts.render(job.viewer, job.report)
        if view is not None and job.again:
            return None  # theirs again, and shown as it is by whatever made it so
        self._drawn[job] = _Drawn(state=state, is_empty=view is None)
        return UpdateView(view_id=job.view, view=view or not_available())
