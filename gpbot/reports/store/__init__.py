"""Every query about reports: nothing is read without a viewer, and the viewer is checked at every look."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, insert, select, tuple_, update
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.people.types import Roster
from gpbot.reports.evidence import Evidence
from gpbot.reports.models import CLOSED, OPEN, DraftRow, ReaderRow, ReportRow
from gpbot.reports.store.door import AT_ONCE, Door
from gpbot.reports.store.drafts import Drafts
from gpbot.reports.store.entries import Entries, first_entry
from gpbot.reports.store.lists import Lists
from gpbot.reports.store.opened import Head, Opened, Standing
from gpbot.reports.store.readers import Readers
from gpbot.reports.store.seals import SealedAccess
from gpbot.reports.store.sent import Sent
from gpbot.reports.types import Entry, EntryKind, How, OwnReport, Reason, State
from gpbot.sealed.erasing import erase_case
from gpbot.sealed.keys import remember_key

__all__ = ["Head", "Opened", "Standing", "Store"]

READ_BY_REPORTER = tuple(kind for kind in EntryKind if kind is not EntryKind.NOTE)

# What runs before an ack is built once: building a statement costs more than running it.
_REPORTS, _READERS = table_of(ReportRow), table_of(ReaderRow)
_REPORT_ID: BindParameter[UUID] = bindparam("report_id")
_IS_FILED = select(_REPORTS.c.id).where(_REPORTS.c.id == _REPORT_ID)
_FILE, _ADD_READERS = insert(_REPORTS), insert(_READERS)


class Store(Door, Drafts, Entries, Lists, Readers, Sent):
    """Of a report as a whole; the parts of one are in the files beside this one."""

    # As its reporter sees it.

    def own_report(self, session: Session, opened: Opened) -> OwnReport:
        """All that its reporter sees of it."""
        return self._own_report(
            opened, ticked=self.ticked(session, opened), entries=self.entries(session, opened, READ_BY_REPORTER)
        )

    def as_filed(self, opened: Opened, exclusions: Collection[tuple[str, Reason]], entry: Entry) -> OwnReport:
        """The same of a report that was written just now, without reading it back."""
        ticked = {slack_id for slack_id, reason in exclusions if reason is Reason.TICKED}
        on_roster = [holder.slack_id for holder in opened.roster.everyone]
        return self._own_report(opened, ticked=tuple(each for each in on_roster if each in ticked), entries=(entry,))

    def _own_report(self, opened: Opened, *, ticked: tuple[str, ...], entries: tuple[Entry, ...]) -> OwnReport:
        head = opened.head
        return OwnReport(
            report_id=opened.id,
            code=head.code,
            state=opened.state,
            filed_at=opened.filed_at,
            opened=opened.opened_at is not None,
            claimed=opened.claimer is not None,
            readers=opened.readers,
            ticked=ticked,
            could_be_ticked=tuple(holder for holder in opened.roster.everyone if holder.slack_id != head.reporter),
            could_read=(*opened.readers, *self._could_be_asked(opened)),
            asks=not head.shown_in_evidence,  # nobody was picked on its form
            entries=entries,
            show_name=head.show_name,
            outcome=head.outcome,
        )

    # A new one, and what changes about it.

    def is_taken(self, session: Session, draft_id: UUID) -> bool:
        """Whether this is the id of anybody's draft or report."""
        found = select(DraftRow.id).where(DraftRow.id == draft_id)
        return session.execute(found).first() is not None or self.is_filed(session, draft_id)

    def is_filed(self, session: Session, report_id: UUID) -> bool:
        return session.execute(_IS_FILED, {"report_id": report_id}).first() is not None

    def create(
        self,
        session: Session,
        *,
        report_id: UUID,
        head: Head,
        readers: Mapping[str, How],
        exclusions: Collection[tuple[str, Reason]],
        roster: Roster,
        at: datetime,
        text: str | None = None,
        evidence: Evidence | None = None,
    ) -> Opened:
        """The new report, opened as its reporter. `roster` as it is in this transaction, and as it was compared.

        With `text` it begins with that; without, it was written elsewhere, and its entries follow.
        """
        key, sealed = self._keyring.new_data_key(session)
        remember_key(session, report_id, key)
        hashes = self.hashes_of(report_id)
        access = SealedAccess(
            readers={hashes.reader(slack_id): how for slack_id, how in readers.items()},
            excluded={hashes.exclusion(*each): hashes.excluded(each[0]) for each in exclusions},
            compared=roster.version,
        )
        head, first = replace(head, access=access), None
        if text is not None:
            first, head = first_entry(key, head, at, text, evidence)
        row = {
            "id": report_id,
            "key": sealed,
            "head": key.seal(head.as_json()),
            "reporter": self._reporter(head.reporter),
            "state": State.OPEN,
            "filed_at": at,
            "compared": roster.version,
        }
        session.execute(_FILE, row)
        if shown := access.readers:
            reader = {"report_id": report_id, "filed_at": at, "closed": False}
            session.execute(_ADD_READERS, [{**reader, "person": person, "how": how} for person, how in shown.items()])
        self._insert_exclusions(session, report_id, exclusions)
        if first is not None:
            self._insert(session, report_id, at, EntryKind.REPORT, first, once=None)
        self._note_head(session, report_id, head)
        return self._opened(
            report_id,
            viewer=head.reporter,
            key=key,
            head=head,
            access=access.access,
            roster=roster,
            state=State.OPEN,
            filed_at=at,
            opened_at=None,
            closed_at=None,
        )

    def end_claim(self, session: Session, standing: Standing) -> None:
        self.save_head(session, standing, claimer=None)
        self.change(session, standing.id, claimed_at=None)

    def release_claim(self, session: Session, standing: Standing) -> bool:
        """Forget a claim whose holder is no reader any more; whether there was one."""
        if standing.claimer is not None or self._head(session, standing).claimer is None:
            return False
        self.end_claim(session, standing)
        return True

    def wait_from(self, session: Session, standing: Standing, since: str) -> None:
        """Whatever counted from an earlier moment has nothing to do any more."""
        self.save_head(session, standing, waiting_since=since)

    def change(self, session: Session, report_id: UUID, **columns: datetime | State | None) -> None:
        session.execute(update(ReportRow).where(ReportRow.id == report_id).values(**columns))
        if "state" in columns:
            closed = columns["state"] is State.CLOSED
            session.execute(update(ReaderRow).where(ReaderRow.report_id == report_id).values(closed=closed))

    # For the caretaker.

    def erase(self, session: Session, standing: Standing) -> None:
        """Destroy the key and all it held; its id, its dates and the log's ciphertext stay."""
        erase_case(session, self._keyring, _REPORTS, standing.id)
        self.change(session, standing.id, state=State.ERASED, opened_at=None, claimed_at=None)

    def open_reports(self, session: Session, *, after: UUID | None) -> Sequence[UUID]:
        """The ids of some open reports, for the caretaker: the first, or those that follow `after`; none at the end."""
        query = select(_REPORTS.c.id).where(OPEN).order_by(_REPORTS.c.id).limit(AT_ONCE)
        return session.scalars(query if after is None else query.where(_REPORTS.c.id > after)).all()

    def due_to_be_erased(
        self, session: Session, closed_before: datetime, *, after: tuple[datetime, UUID] | None
    ) -> Sequence[tuple[datetime, UUID]]:
        """When some closed reports were closed, and their ids, oldest first; pages as for `open_reports`."""
        moment = (_REPORTS.c.closed_at, _REPORTS.c.id)
        query = select(*moment).where(CLOSED, _REPORTS.c.closed_at <= closed_before).order_by(*moment).limit(AT_ONCE)
        rows = session.execute(query if after is None else query.where(tuple_(*moment) > after))
        return [(closed_at, report_id) for closed_at, report_id in rows]

    def kept(self, session: Session, *, after: UUID | None) -> Sequence[UUID]:
        """Ids of some reports that are not erased; pages as for `open_reports`."""
        query = select(_REPORTS.c.id).where(_REPORTS.c.state != State.ERASED).order_by(_REPORTS.c.id).limit(AT_ONCE)
        return session.scalars(query if after is None else query.where(_REPORTS.c.id > after)).all()

    def seal_what_stands(self, session: Session, report_id: UUID) -> None:
        """Who reads it, and what was written in it, as an earlier release left them. Raises DoesNotOpen."""
        standing = self.open_as_caretaker(session, report_id)
        if standing is None or self._head(session, standing).access is not None:
            return
        self._seal_entries(session, standing)
        self._seal_access(session, standing)
