"""What people have in front of them: App Homes and open modals drawn anew, messages taken back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.home.store import Store
from gpbot.home.types import Task
from gpbot.keyring import KeyRing
from gpbot.sealed.jobs import SealedJobs

# Slack takes an answer to a form for three seconds: one that was given before a window was emptied may arrive after.
LATE_ANSWERS = timedelta(seconds=10)


class Screens:
    """For use cases: part of the caller's transaction.

    What it owes is sealed with what reports owe, so that nobody can tell a redrawn screen from either.
    """

    def __init__(self, jobs: SealedJobs, keyring: KeyRing) -> None:
        self._jobs = jobs
        self._store = Store(keyring)

    def redraw_home(self, session: Session, user_id: str) -> None:
        """Show them their App Home as it is when this is sent; changes that come together are shown together."""
        self._jobs.owe(session, Task.HOME, user_id, {"to": user_id}, by_turns=True)

    def redraw_homes(self, session: Session, people: Collection[str]) -> None:
        for who in sorted(people):
            self.redraw_home(session, who)

    def note_window(self, session: Session, view_id: str, viewer: str, subject: UUID | None, at: datetime) -> None:
        """A modal now shows `subject`; None: a list of what waits."""
        self._store.note(session, view_id=view_id, viewer=viewer, subject=subject, at=at)

    def show_anew(self, session: Session, view_id: str, viewer: str, subject: UUID | None) -> None:
        """Show in an open modal what its viewer may see of `subject` now."""
        self._jobs.owe(session, Task.WINDOW, str(uuid4()), _window(view_id, viewer, subject))

    def empty_again(self, session: Session, view_id: str, viewer: str, subject: UUID | None, at: datetime) -> None:
        """It was emptied: once more when no answer given before can come any more, if it is still not for them."""
        window = _window(view_id, viewer, subject) | {"again": "yes"}
        self._jobs.owe(session, Task.WINDOW, str(uuid4()), window, run_at=at + LATE_ANSWERS)

    def redraw_windows(self, session: Session, people: Collection[str], subject: UUID) -> None:
        """Every modal of theirs that shows `subject`, or a list it may be in."""
        for who in sorted(people):
            for window in self._store.that_show(session, who, subject):
                self.show_anew(session, window.view_id, who, window.subject)

    def redraw_all_of(self, session: Session, who: str) -> None:
        """Their App Home and every modal of theirs that is known."""
        self.redraw_home(session, who)
        for window in self._store.all_of(session, who):
            self.show_anew(session, window.view_id, who, window.subject)

    def forget_windows(self, session: Session, subject: UUID) -> None:
        self._store.forget(session, subject)

    def unsend(self, session: Session, channel_id: str, message_ts: str, *, again: bool = False) -> None:
        """Delete a message. `again`: also when it was tried before, and somebody saw that it is still there."""
        where = {"channel": channel_id, "ts": message_ts}
        self._jobs.owe(session, Task.UNSEND, f"{channel_id}:{message_ts}", where, by_turns=again)

    def blank(self, session: Session, channel_id: str, message_ts: str) -> None:
        """Leave no word and no button in a message that Slack does not let us delete."""
        where = {"channel": channel_id, "ts": message_ts}
        self._jobs.owe(session, Task.BLANK, f"{channel_id}:{message_ts}", where, by_turns=True)


def _window(view_id: str, viewer: str, subject: UUID | None) -> dict[str, str]:
    return {"view": view_id, "viewer": viewer, "report": str(subject) if subject else ""}
