"""What people have in front of them, for neighbours whose things are shown beside reports and end like them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.reports.owed import Owed
from gpbot.reports.store import Store


class Screens:
    """Part of the caller's transaction. What it owes is sealed, and looks like everything owed about reports."""

    def __init__(self, store: Store, owed: Owed) -> None:
        self._store = store
        self._owed = owed

    def note_window(self, session: Session, view_id: str, viewer: str, subject: UUID | None, at: datetime) -> None:
        """A modal now shows `subject`, which is no report but is emptied like one; None: a list of what waits."""
        self._store.note_window(session, view_id=view_id, viewer=viewer, report_id=subject, at=at)

    def show_anew(self, session: Session, view_id: str, viewer: str, subject: UUID) -> None:
        """Show in an open modal what its viewer may see of `subject` now."""
        self._owed.window(session, view_id, viewer, subject)

    def redraw_homes(self, session: Session, people: Collection[str]) -> None:
        for who in sorted(people):
            self._owed.home(session, who)

    def redraw_windows(self, session: Session, people: Collection[str], subject: UUID) -> None:
        """Every modal of theirs that shows `subject`, or a list it may be in."""
        for who in sorted(people):
            for window in self._store.windows_of(session, who, subject):
                self._owed.window(session, window.view_id, who, window.report_id)

    def forget_windows(self, session: Session, subject: UUID) -> None:
        self._store.forget_windows(session, subject)

    def unsend(self, session: Session, channel_id: str, message_ts: str, *, again: bool = False) -> None:
        """`again`: somebody saw that it is still there."""
        self._owed.unsend(session, channel_id, message_ts, again=again)
