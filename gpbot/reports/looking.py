"""A report in a window, for its viewer as they stand now, and the list of those that wait for them."""

import logging
from collections.abc import Callable
from uuid import UUID

from gpbot.community import Community
from gpbot.errors import place
from gpbot.home.parts import Parts
from gpbot.refusals import NotAvailable, Refusal
from gpbot.reports import own_views, views
from gpbot.reports.cases import Cases
from gpbot.reports.own import OwnReports
from gpbot.reports.types import Case
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.blocks import View
from gpbot.slack.requests import Click
from gpbot.slack.windows import Again, Windows

log = logging.getLogger(__name__)


class ReportWindows:
    def __init__(self, community: Community, windows: Windows, parts: Parts, cases: Cases, own: OwnReports) -> None:
        self._community = community
        self._windows = windows
        self._parts = parts
        self._cases = cases
        self._own = own

    def show(
        self,
        asked: Click,
        build: Callable[[], View],
        *,
        shows: UUID | None = None,
        again: Again | None = None,
    ) -> Answer:
        """In the modal the click came from, or in a new one; what shows a report is remembered, to be emptied."""
        opened: Callable[[str], None] | None = None
        if shows is not None:

            def opened(view_id: str) -> None:
                self._cases.note_window(asked.user_id, view_id, shows)

        self._windows.show(asked, build, opened=opened, again=again)
        return Nothing()

    def opened(self, viewer: str, report_id: UUID) -> View:
        """What this person may see of this report, which is a look. Raises NotAvailable."""
        return self._for(viewer, report_id, self._cases.look)

    def listed(self, viewer: str, *, closed: bool = False, cursor: str = "") -> View:
        """What waits for them, of other kinds too: those stand below their reports."""
        also = () if closed or cursor else self._parts.waiting(viewer)
        page = self._cases.waiting(viewer, closed=closed, cursor=cursor)
        return views.desk(page, viewer, closed=closed, also=also)

    def render(self, viewer: str, subject: UUID | None) -> View | None:
        """An open window drawn again: no look of theirs."""
        if subject is None:
            return self.listed(viewer)
        self._cases.up_to_date(subject)
        try:
            return self._for(viewer, subject, self._cases.show_again)
        except NotAvailable:
            return None

    def state(self, viewer: str, subject: UUID | None) -> object:
        """The list itself, or that this person may see the report: what is written in it later takes nothing away."""
        return self.listed(viewer) if subject is None else self._cases.may_see(viewer, subject) or None

    def _for(self, viewer: str, report_id: UUID, case: Callable[[str, UUID], Case]) -> View:
        try:
            return own_views.own(self._community, self._own.look(viewer, report_id))
        except NotAvailable:
            return views.case(case(viewer, report_id))


def or_said(build: Callable[[], View], said: str) -> View:
    """What was just saved must not be called unsaved because it cannot be shown."""
    try:
        return build()
    except Refusal:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, it happened after the saving)
        log.error("%s", place(error))  # noqa: TRY400  (no text in logs)
        return views.only(said)
