"""What people have in front of them: App Homes and open modals drawn again, messages taken back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.home import jobs
from gpbot.home.store import Store
from gpbot.keyring import KeyRing
from gpbot.sealed.jobs import SealedJobs

# Slack takes an answer to a form for three seconds: one that was given before a window was emptied may arrive after.
LATE_ANSWERS = timedelta(seconds=10)


class Screens:
    """For use cases: part of the caller's transaction.

    What it enqueues is sealed like the jobs of reports, so that nobody can tell a redrawn screen from either.
    """

    def __init__(self, sealed: SealedJobs, keyring: KeyRing) -> None:
        self._sealed = sealed
        self._store = Store(keyring)

    def redraw_home(self, session: Session, user_id: str) -> None:
        """Show them their App Home as it is when this is sent; changes that come together are shown together."""
        self._sealed.enqueue(session, jobs.Home(to=user_id))

    def redraw_homes(self, session: Session, people: Collection[str]) -> None:
        for who in sorted(people):
            self.redraw_home(session, who)

    def note_window(self, session: Session, view_id: str, viewer: str, subject: UUID | None, at: datetime) -> None:
        """A modal now shows `subject`; None: a list of what waits."""
        self._store.note(session, view_id=view_id, viewer=viewer, subject=subject, at=at)

    def draw_again(self, session: Session, view_id: str, viewer: str, subject: UUID | None) -> None:
        """Show in an open modal what its viewer may see of `subject` now."""
        window = jobs.Window(view=view_id, viewer=viewer, report=subject)
        self._sealed.enqueue(session, window, key=jobs.Window.key_for(uuid4()))

    def empty_again(self, session: Session, view_id: str, viewer: str, subject: UUID | None, at: datetime) -> None:
        """It was emptied: once more when no answer given before can come any more, if it is still not for them."""
        window = jobs.Window(view=view_id, viewer=viewer, report=subject, again="yes")
        self._sealed.enqueue(session, window, key=jobs.Window.key_for(uuid4()), run_at=at + LATE_ANSWERS)

    def redraw_windows(self, session: Session, people: Collection[str], subject: UUID) -> None:
        """Every modal of theirs that shows `subject`, or a list it may be in."""
        for who in sorted(people):
            for window in self._store.that_show(session, who, subject):
                self.draw_again(session, window.view_id, who, window.subject)

    def redraw_all_of(self, session: Session, who: str) -> None:
        """Their App Home and every modal of theirs that is known."""
        self.redraw_home(session, who)
        for window in self._store.all_of(session, who):
            self.draw_again(session, window.view_id, who, window.subject)

    def forget_windows(self, session: Session, subject: UUID) -> None:
        self._store.forget(session, subject)

    def unsend(self, session: Session, channel_id: str, message_ts: str, *, again: bool = False) -> None:
        """Delete a message. `again`: also when it was tried before, and somebody saw that it is still there."""
        self._sealed.enqueue(session, jobs.Unsend(channel=channel_id, ts=message_ts), by_turns=again)

    def blank(self, session: Session, channel_id: str, message_ts: str) -> None:
        """Leave no word and no button in a message that Slack does not let us delete."""
        self._sealed.enqueue(session, jobs.Blank(channel=channel_id, ts=message_ts))
