"""What happens to reports as time passes: stubs go, contacts are asked, closed reports are erased."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from gpbot.db import Database
from gpbot.reports.changes import Changes
from gpbot.reports.owed import STUBS_KEPT
from gpbot.reports.store import Store
from gpbot.reports.types import State


class Timers:
    """Each method is safe to repeat: it looks at how things stand now."""

    def __init__(self, database: Database, store: Store, changes: Changes, *, keep_closed: timedelta) -> None:
        self._database = database
        self._store = store
        self._changes = changes
        self._keep_closed = keep_closed

    def stubs_over(self, report_id: UUID) -> None:
        now = self._database.clock.now()
        with self._database.begin() as session:
            standing = self._store.open_as_caretaker(session, report_id, to_write=True)
            if standing is not None:
                self._changes.drop_stubs(session, standing, older_than=now - STUBS_KEPT)

    def unclaimed(self, report_id: UUID) -> None:
        """Nobody claimed it in time: the next contact is asked."""
        with self._database.begin() as session:
            standing = self._store.open_as_caretaker(session, report_id, to_write=True)
            if standing is not None and standing.state is State.OPEN and standing.claimer is None:
                self._changes.ask_next_contact(session, standing, self._database.clock.now())

    def remind(self, report_id: UUID) -> None:
        """Still open, and nobody has claimed it: its readers are told once more."""
        with self._database.begin() as session:
            standing = self._store.open_as_caretaker(session, report_id, to_write=True)
            if standing is not None and standing.state is State.OPEN and standing.claimer is None:
                self._changes.remind(session, standing, self._database.clock.now())

    def roster_changed(self, who: Collection[str]) -> None:
        """`who` gained or lost a role: their screens are redrawn, and each open report needs a reader."""
        with self._database.read() as session:
            waiting = self._store.open_reports(session)
        with self._database.begin() as session:
            for each in who:
                self._changes.redraw_for(session, each)
        for report_id in waiting:
            with self._database.begin() as session:
                standing = self._store.open_as_caretaker(session, report_id, to_write=True)
                if standing is not None:
                    self._changes.follow(session, standing, self._database.clock.now(), lost=who)

    def forget(self, report_id: UUID) -> None:
        """Erase what has been closed for long enough."""
        now = self._database.clock.now()
        with self._database.begin() as session:
            standing = self._store.open_as_caretaker(session, report_id, to_write=True)
            if standing is None or standing.closed_at is None:
                return
            if standing.closed_at + self._keep_closed <= now:
                self._changes.erase(session, standing)

    def reseal(self) -> int:
        """Every key under the newest master key, one short transaction each; how many."""
        with self._database.read() as session:
            kept = self._store.all_kept(session)
        for report_id in kept:
            with self._database.begin() as session:
                self._store.reseal(session, report_id)
        with self._database.begin() as session:
            self._store.reseal_drafts(session)
        return len(kept)
