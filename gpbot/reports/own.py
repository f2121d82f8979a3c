"""What the person who sent a report does with it: read, add, change who can read, show their name, withdraw."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.people.types import RoleHolder
from gpbot.refusals import NothingWritten, Refusal
from gpbot.reports.cases import read_cursor
from gpbot.reports.store import Opened
from gpbot.reports.types import EntryKind, IsClosed, Outcome, OwnReport, Page, Reason, State, last_answer
from gpbot.reports.usecases import UseCases
from gpbot.text import is_blank

REPORTER = "reporter"  # in the log: readers see it, and the name is hidden


class ChangedSince(Refusal):
    """Nothing was done."""

    words = "This has changed since this window was opened, so nothing was done. Please look at it once more."


class OwnReports(UseCases):
    """Every method raises NotAvailable to anyone who is not the reporter."""

    def all(self, viewer: str, *, cursor: str | None = None) -> Page:
        """Their own reports, newest first, ten to a page."""
        with self.database.read() as session:
            return self.store.list_for_reporter(session, viewer, before=read_cursor(cursor))

    def look(self, viewer: str, report_id: UUID) -> OwnReport:
        with self.database.read() as session:
            opened = self.store.open_as_reporter(session, report_id, viewer)
            if not opened.is_behind:
                return self.store.own_report(session, opened)
        with self.database.begin() as session:
            opened = self.store.open_as_reporter(session, report_id, viewer, to_write=True)
            return self.store.own_report(session, opened)

    def named_in(self, viewer: str, report_id: UUID, text: str) -> tuple[RoleHolder, ...]:
        """Those whom these further words name and who read the report now, or might be asked to."""
        with self.database.read() as session:
            opened = self.store.open_as_reporter(session, report_id, viewer)
            could_read = [
                holder for holder in opened.roster.everyone if not self.store.is_excluded(opened, holder.slack_id)
            ]
            return self.known_as.mentioned(session, text, could_read)

    def add(
        self,
        viewer: str,
        report_id: UUID,
        text: str,
        *,
        keep_out: Collection[str] = (),
        may_read: Collection[str] = (),
        once: str = "",
    ) -> None:
        """More words, which reopen a closed report. `keep_out` go first. Raises NothingWritten.

        `may_read`: those of whom the reporter was told that these words seem to name them. Anyone else they name is
        kept out, and the reporter is told.
        """
        if is_blank(text):
            raise NothingWritten
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self.store.open_as_reporter(session, report_id, viewer, to_write=True)
            if self.store.was_written(session, once):
                return
            named = self.known_as.mentioned(session, text, opened.roster.everyone)
            unasked = [
                holder
                for holder in named
                if holder.slack_id not in {*may_read, *keep_out} and not self.store.is_excluded(opened, holder.slack_id)
            ]
            ticked = {*keep_out, *(holder.slack_id for holder in unasked)}
            self.store.exclude(session, opened, {(slack_id, Reason.TICKED) for slack_id in ticked})
            self._allow(session, opened, [holder for holder in named if holder.slack_id in may_read], but=ticked)
            if opened.state is State.CLOSED:
                self.changes.reopen(session, opened, now)
            self.changes.follow(session, opened, now)
            answered = bool(self.store.entries(session, opened, [EntryKind.TO_REPORTER]))
            kind = EntryKind.FROM_REPORTER if answered else EntryKind.ADDITION
            entry = self.store.write(session, opened, kind, at=now, text=text, once=once)
            self.changes.tell_whom_words_name(session, opened, unasked, at=now)
            self._tell_readers(session, viewer, report_id, about=str(entry))
            self._log(session, opened, "added something")

    def add_details(self, viewer: str, report_id: UUID, choices: Mapping[str, str], *, once: str = "") -> None:
        """Category, part, wish and the like, by the ids that types.py lists."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self._open_open(session, viewer, report_id)
            if self.store.was_written(session, once):
                return
            entry = self.store.write(
                session, opened, EntryKind.DETAILS, at=now, text="", choices=dict(choices), once=once
            )
            self._tell_readers(session, viewer, report_id, about=str(entry))
            self._log(session, opened, "added details")

    def change_readers(
        self, viewer: str, report_id: UUID, *, tick: Collection[str], untick: Collection[str]
    ) -> OwnReport:
        """The reporter's own ticks, which nobody else can undo; of a closed report too."""
        with self.database.begin() as session:
            opened = self.store.open_as_reporter(session, report_id, viewer, to_write=True)
            wanted = {holder.slack_id for holder in opened.roster.everyone} & set(tick)
            self.store.exclude(session, opened, {(slack_id, Reason.TICKED) for slack_id in wanted})
            self.store.untick(session, opened, set(untick) - wanted)
            unticked = [holder for holder in opened.roster.everyone if holder.slack_id in set(untick) - wanted]
            self._allow(session, opened, unticked, but=wanted)
            now = self.database.clock.now()
            regained = set(self.store.open_as_reporter(session, report_id, viewer).reader_ids) - set(opened.reader_ids)
            self.changes.follow(session, opened, now)
            self._log(session, opened, "changed who can read")
            after = self.store.open_as_reporter(session, report_id, viewer)
            self.changes.notify_readers(session, after, about=f"readers:{now.isoformat()}", at=now, only=regained)
            return self.store.own_report(session, after)

    def show_name(self, viewer: str, report_id: UUID, *, mark: str = "") -> None:
        """For good: what was read cannot be unread.

        `mark`: of the readers its window showed. Raises ChangedSince when others would see the name.
        """
        with self.database.begin() as session:
            opened = self._open_open(session, viewer, report_id)
            if opened.head.show_name:
                return
            if mark and mark != self.store.own_report(session, opened).mark_of_readers:
                raise ChangedSince
            self.store.save_head(session, opened, show_name=True)
            self._tell_readers(session, viewer, report_id, about="name")
            self._log(session, opened, "showed their name")

    # See docs/decisions/0021-withdrawing.md
    def withdraw(self, viewer: str, report_id: UUID, *, seen: str = "") -> bool:
        """Unread, it is erased at once (True); read, it is closed and its readers see that it was withdrawn.

        `seen`: the newest answer its window showed. Raises ChangedSince when there is a newer one.
        """
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self._open_open(session, viewer, report_id)
            # Windows of earlier releases carry neither number nor mark, and act as they did.
            if seen and seen != str(last_answer(self.store.own_report(session, opened).entries)):
                raise ChangedSince
            if opened.opened_at is None:
                self.changes.erase(session, opened, but=viewer)  # their window says that it was withdrawn
                return True
            self.store.save_head(session, opened, outcome=Outcome.WITHDRAWN)
            self.changes.close(session, opened, now + self.keep_closed, at=now)
            self._log(session, opened, "withdrew it")
            return False

    def _allow(self, session: Session, opened: Opened, holders: Sequence[RoleHolder], *, but: Collection[str]) -> None:
        """They may read it though its words name them as they are called now; `but` these may not."""
        before = opened.head.allowed
        allowed = {slack_id: names for slack_id, names in before.items() if slack_id not in but}
        for holder in holders:
            if holder.slack_id not in but:
                known = {*allowed.get(holder.slack_id, ()), *self.known_as.words_of(session, holder)}
                allowed[holder.slack_id] = sorted(known)
        if allowed != before:
            self.store.save_head(session, opened, allowed=allowed)

    def _open_open(self, session: Session, viewer: str, report_id: UUID) -> Opened:
        opened = self.store.open_as_reporter(session, report_id, viewer, to_write=True)
        if opened.state is not State.OPEN:
            raise IsClosed("This is closed. Add something to open it again.")
        return opened

    def _tell_readers(self, session: Session, viewer: str, report_id: UUID, *, about: str) -> None:
        now = self.store.open_as_reporter(session, report_id, viewer)
        self.changes.notify_readers(session, now, about=about, at=self.database.clock.now())
        self.changes.redraw(session, now)

    def _log(self, session: Session, opened: Opened, act: str) -> None:
        self.audit.record(session, actor=REPORTER, act=act, subject=opened.id, key=opened.key)
