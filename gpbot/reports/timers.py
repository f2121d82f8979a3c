"""What happens to reports as time passes: stubs go, contacts are asked, closed reports are erased."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from gpbot.crypto import DoesNotOpen
from gpbot.erasing import another_look
from gpbot.people import members as people
from gpbot.reports.jobs import STUBS_KEPT
from gpbot.reports.store import Standing
from gpbot.reports.types import State
from gpbot.reports.usecases import UseCases
from gpbot.sealed.keys import look_for_damage, seal_each

log = logging.getLogger(__name__)

COMPARED_AT_ONCE = 25  # reports in one transaction: others who want to save something wait that long


class Timers(UseCases):
    """Each method is safe to repeat: it looks at the status now."""

    def stubs_over(self, report_id: UUID) -> None:
        now = self.database.clock.now()
        with self.database.begin() as session:
            standing = self.store.open_as_caretaker(session, report_id, to_write=True)
            if standing is not None:
                self.changes.drop_stubs(session, standing, older_than=now - STUBS_KEPT)

    def unclaimed(self, report_id: UUID, since: str) -> None:
        """Nobody claimed it in time, counted from `since`: the next contact is asked."""
        with self.database.begin() as session:
            standing = self.store.open_as_caretaker(session, report_id, to_write=True)
            if standing is not None and standing.claimer is None and _still_waits(standing, since):
                self.changes.ask_next_contact(session, standing, self.database.clock.now())

    def remind(self, report_id: UUID, since: str) -> None:
        """Nobody has claimed it since: its readers are told once more."""
        with self.database.begin() as session:
            standing = self.store.open_as_caretaker(session, report_id, to_write=True)
            if standing is not None and _still_waits(standing, since):
                self.changes.remind(session, standing, self.database.clock.now())

    def roster_changed(self, who: Collection[str]) -> None:
        """`who` gained or lost a role: their screens are redrawn, and each open report needs a reader."""
        with self.database.begin() as session:
            for each in who:
                self.changes.redraw_for(session, each)
        for report_id in self._page_by_page(self.store.open_reports):
            try:
                self._follow(report_id, who)
            except DoesNotOpen:
                log.error("a report does not open with the keys at hand")  # noqa: TRY400  (the others go on)

    def _follow(self, report_id: UUID, who: Collection[str]) -> None:
        with self.database.begin() as session:
            standing = self.store.open_as_caretaker(session, report_id, to_write=True)
            if standing is not None:
                self.changes.follow(session, standing, self.database.clock.now(), lost=who)

    def compare_overdue(self) -> None:
        """At start: what was never compared with the names there are, such as what the release before has kept."""
        with self.database.begin() as session:
            roster = people.roster(session)
            if self.store.behind(session, roster.version, after=None, most=1):
                self.owed.compare(session, [holder.slack_id for holder in roster.everyone])

    def compare(self, who: Collection[str], after: tuple[int, UUID] | None) -> None:
        """Some kept reports' words against the names of `who`, who got a role or another name; then it goes on.

        Whatever is opened meanwhile, to be read or changed, is compared first.
        """
        with self.database.begin() as session:
            some = self.store.behind(session, people.roster(session).version, after=after, most=COMPARED_AT_ONCE)
            for _, report_id in some:
                try:
                    self.store.open_as_caretaker(session, report_id, to_write=True)
                except DoesNotOpen:  # nobody can read it either; it is compared when it opens
                    log.error("a report does not open with the keys at hand")  # noqa: TRY400  (the others go on)
            if len(some) == COMPARED_AT_ONCE:
                self.owed.compare(session, who, after=some[-1])
                return
            for each in who:
                self.changes.redraw_for(session, each)

    def forget(self, report_id: UUID, looked_at: datetime | None = None) -> None:
        """Erase what has been closed for long enough; `looked_at`: when that was so a day ago or longer."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            standing = self.store.open_as_caretaker(session, report_id, to_write=True)
            if standing is None or standing.closed_at is None:
                return
            due = standing.closed_at + self.keep_closed
            if (look := another_look(due, now=now, looked_at=looked_at)) is not None:
                self.owed.forget(session, report_id, due, **look)
            else:
                self.changes.erase(session, standing)

    def forget_overdue(self) -> None:
        """At start: what was closed before the time to keep it was shortened."""
        closed_before = self.database.clock.now() - self.keep_closed
        due = None
        while due is None or due:
            with self.database.begin() as session:
                due = self.store.due_to_be_erased(session, closed_before, after=due[-1] if due else None)
                for closed_at, report_id in due:
                    self.owed.forget(session, report_id, closed_at + self.keep_closed)

    def seal_what_stands(self) -> bool:
        """At the first start after an earlier release; whether everything opened."""
        return seal_each(self.database, self._page_by_page(self.store.kept), self.store.seal_what_stands)

    def look_for_damage(self) -> None:
        """At start."""
        look_for_damage(self.database, self.store.keyring)

    def all_open(self) -> bool:
        """Whether every case opened when it was last tried, without trying: the health page may be asked often."""
        return not self.store.keyring.damaged and not self.store.keyring.altered_cases

    def _page_by_page(self, ids: Callable[..., Sequence[UUID]]) -> Iterator[UUID]:
        """Each id once, however many there are; no transaction is held while one is looked at."""
        after: UUID | None = None
        while True:
            with self.database.read() as session:
                page = ids(session, after=after)
            if not page:
                return
            yield from page
            after = page[-1]


def _still_waits(standing: Standing, since: str) -> bool:
    """Whether nothing happened that counts from another moment: a claim, a release, a reopening."""
    return standing.state is State.OPEN and standing.waiting_since == since
