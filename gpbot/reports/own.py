"""What the person who sent a report does with it: read, add, change who can read, show their name, withdraw."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.people.types import RoleHolder
from gpbot.reports.cases import read_cursor
from gpbot.reports.changes import Changes
from gpbot.reports.names import mentioned
from gpbot.reports.owed import Owed
from gpbot.reports.store import Opened, Store
from gpbot.reports.types import (
    EntryKind,
    IsClosed,
    NothingWritten,
    Outcome,
    OwnReport,
    Page,
    Reason,
    State,
)

REPORTER = "reporter"  # in the log: readers see it, and the name is hidden


class OwnReports:
    """Every method raises NotAvailable to whoever is not the reporter."""

    def __init__(
        self,
        database: Database,
        store: Store,
        owed: Owed,
        changes: Changes,
        audit: AuditLog,
        *,
        keep_closed: timedelta,
    ) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._changes = changes
        self._audit = audit
        self._keep_closed = keep_closed

    def all(self, viewer: str, *, cursor: str | None = None) -> Page:
        """Their own reports, newest first, ten to a page."""
        with self._database.read() as session:
            return self._store.list_for_reporter(session, viewer, before=read_cursor(cursor))

    def look(self, viewer: str, report_id: UUID) -> OwnReport:
        with self._database.read() as session:
            return self._store.own_report(session, self._store.open_as_reporter(session, report_id, viewer))

    def named_in(self, viewer: str, report_id: UUID, text: str) -> tuple[RoleHolder, ...]:
        """Those whom these further words name and who read the report now, or might be asked to."""
        with self._database.read() as session:
            opened = self._store.open_as_reporter(session, report_id, viewer)
            ruled_out = opened.access.excluded
            could_read = [
                holder for holder in opened.roster.everyone if self._store.excluded(holder.slack_id) not in ruled_out
            ]
            return mentioned(text, could_read)

    def add(self, viewer: str, report_id: UUID, text: str, *, keep_out: Collection[str] = (), once: str = "") -> None:
        """More words, which reopen a closed report. `keep_out` go first. Raises NothingWritten."""
        if not text.strip():
            raise NothingWritten
        now = self._database.clock.now()
        with self._database.begin() as session:
            opened = self._store.open_as_reporter(session, report_id, viewer, to_write=True)
            if self._store.was_written(session, once):
                return
            self._store.exclude(session, opened, {(slack_id, Reason.TICKED) for slack_id in keep_out})
            if opened.state is State.CLOSED:
                self._changes.reopen(session, opened, now)
            self._changes.follow(session, opened, now)
            answered = bool(self._store.entries(session, opened, [EntryKind.TO_REPORTER]))
            kind = EntryKind.FROM_REPORTER if answered else EntryKind.ADDITION
            entry = self._store.write(session, opened, kind, at=now, text=text, once=once)
            self._tell_readers(session, viewer, report_id, about=str(entry))
            self._log(session, opened, "added something")

    def add_details(self, viewer: str, report_id: UUID, choices: Mapping[str, str], *, once: str = "") -> None:
        """Category, part, wish and the like, by the ids that types.py lists."""
        now = self._database.clock.now()
        with self._database.begin() as session:
            opened = self._open_open(session, viewer, report_id)
            if self._store.was_written(session, once):
                return
            entry = self._store.write(
                session, opened, EntryKind.DETAILS, at=now, text="", choices=dict(choices), once=once
            )
            self._tell_readers(session, viewer, report_id, about=str(entry))
            self._log(session, opened, "added details")

    def change_readers(self, viewer: str, report_id: UUID, keep_out: Collection[str]) -> OwnReport:
        """`keep_out` is the whole list of the reporter's own ticks; nobody else can undo one."""
        with self._database.begin() as session:
            opened = self._open_open(session, viewer, report_id)
            before = set(self._store.ticked(session, opened))
            wanted = {holder.slack_id for holder in opened.roster.everyone} & set(keep_out)
            self._store.exclude(session, opened, {(slack_id, Reason.TICKED) for slack_id in wanted})
            self._store.untick(session, opened, before - wanted)
            now = self._database.clock.now()
            self._changes.follow(session, opened, now)
            self._log(session, opened, "changed who can read")
            after = self._store.open_as_reporter(session, report_id, viewer)
            regained = set(after.reader_ids) - set(opened.reader_ids)
            self._changes.notify_readers(session, after, about=f"readers:{now.isoformat()}", at=now, only=regained)
            return self._store.own_report(session, after)

    def show_name(self, viewer: str, report_id: UUID) -> None:
        """For good: what was read cannot be unread."""
        with self._database.begin() as session:
            opened = self._open_open(session, viewer, report_id)
            if opened.head.show_name:
                return
            self._store.save_head(session, opened, show_name=True)
            self._tell_readers(session, viewer, report_id, about="name")
            self._log(session, opened, "showed their name")

    def withdraw(self, viewer: str, report_id: UUID) -> bool:
        """Unread, it is erased at once (True); read, it is closed and its readers see that it was withdrawn."""
        now = self._database.clock.now()
        with self._database.begin() as session:
            opened = self._open_open(session, viewer, report_id)
            if opened.opened_at is None:
                self._changes.erase(session, opened)
                return True
            self._store.save_head(session, opened, outcome=Outcome.WITHDRAWN)
            self._changes.close(session, opened, now + self._keep_closed, at=now)
            self._log(session, opened, "withdrew it")
            return False

    def _open_open(self, session: Session, viewer: str, report_id: UUID) -> Opened:
        opened = self._store.open_as_reporter(session, report_id, viewer, to_write=True)
        if opened.state is not State.OPEN:
            raise IsClosed("This is closed. Add something to open it again.")
        return opened

    def _tell_readers(self, session: Session, viewer: str, report_id: UUID, *, about: str) -> None:
        now = self._store.open_as_reporter(session, report_id, viewer)
        self._changes.notify_readers(session, now, about=about, at=self._database.clock.now())
        self._changes.redraw(session, now)

    def _log(self, session: Session, opened: Opened, act: str) -> None:
        self._audit.record(session, actor=REPORTER, act=act, subject=opened.id, key=opened.key)
