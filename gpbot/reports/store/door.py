"""The one door: nothing is read without a viewer, and the viewer is checked at every look."""

from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.keyring import KeyRing
from gpbot.people import members as people
from gpbot.people.types import Roster
from gpbot.refusals import NotAvailable
from gpbot.reports import access as rule
from gpbot.reports.access import Access
from gpbot.reports.models import ReportRow
from gpbot.reports.store.heads import Heads
from gpbot.reports.store.opened import CatchUp, Head, Opened, Standing
from gpbot.reports.store.seals import SealedAccess, as_stored
from gpbot.reports.types import State
from gpbot.sealed.keys import remember_key

AT_ONCE = 500  # where there may be very many

# What runs before an ack is built once: building a statement costs more than running it.
_REPORTS = table_of(ReportRow)
_REPORT_ID: BindParameter[UUID] = bindparam("report_id")
_OPEN = select(
    _REPORTS.c.key,
    _REPORTS.c.head,
    _REPORTS.c.state,
    _REPORTS.c.filed_at,
    _REPORTS.c.compared,
    _REPORTS.c.opened_at,
    _REPORTS.c.closed_at,
).where(_REPORTS.c.id == _REPORT_ID, _REPORTS.c.state != State.ERASED)
_OPEN_TO_WRITE = _OPEN.with_for_update()


class Door(Heads):
    """Raises DoesNotOpen where what is stored does not fit the keys."""

    def __init__(self, keyring: KeyRing) -> None:
        super().__init__(keyring)
        self._catch_up: CatchUp | None = None

    def before_writing(self, catch_up: CatchUp) -> None:
        """Call `catch_up(session, opened)` before a report that is behind is changed: it marks it as compared."""
        self._catch_up = catch_up

    def open_as_reader(self, session: Session, report_id: UUID, viewer: str, *, to_write: bool = False) -> Opened:
        """Raises NotAvailable, in the same words whether it is not theirs, erased or never was.

        Opened `to_write`, its words are first compared with whatever names they were not compared with yet.
        """
        opened = self._open(session, report_id, viewer, to_write=to_write)
        if viewer not in opened.reader_ids:
            raise NotAvailable
        return opened

    def open_as_reporter(self, session: Session, report_id: UUID, viewer: str, *, to_write: bool = False) -> Opened:
        """Raises NotAvailable likewise."""
        opened = self._open(session, report_id, viewer, to_write=to_write)
        if viewer != opened.head.reporter:
            raise NotAvailable
        return opened

    def open_as_caretaker(self, session: Session, report_id: UUID, *, to_write: bool = False) -> Standing | None:
        """Ids, dates and states for clocks and erasure; None when erased or never there."""
        try:
            return self._open(session, report_id, "", to_write=to_write).standing()
        except NotAvailable:
            return None

    def _open(self, session: Session, report_id: UUID, viewer: str, *, to_write: bool) -> Opened:
        """What is not there takes the same work as what somebody may not read: they must not be told apart by time."""
        one = {"report_id": report_id}
        row = session.execute(_OPEN_TO_WRITE if to_write else _OPEN, one).one_or_none()
        sealed_key, sealed_head = (row.key, row.head) if row else self._nothing
        key, content = self._keyring.open_case(report_id, sealed_key, sealed_head)
        head = Head.from_json(content)
        if row is not None:
            remember_key(session, report_id, key)
            self._note_head(session, report_id, head)
        stored = as_stored(session, report_id, row.compared if row else 0)
        if row is not None:
            self._check(report_id, head, stored)
        roster = people.roster(session)
        if row is None:
            raise NotAvailable
        opened = self._opened(
            report_id,
            viewer=viewer,
            key=key,
            head=head,
            access=stored.access,
            roster=roster,
            state=State(row.state),
            filed_at=row.filed_at,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        if not to_write or self._catch_up is None or not opened.is_behind:
            return opened
        self._catch_up(session, opened)
        return self._open(session, report_id, viewer, to_write=True)

    def _check(self, report_id: UUID, head: Head, stored: SealedAccess) -> None:
        """What somebody without the keys has altered opens for nobody. Raises DoesNotOpen."""
        if head.access is None and not self._keyring.is_all_sealed:
            return  # as an earlier release left it
        self._keyring.check(report_id, "readers", is_as_sealed=head.access == stored)

    @cached_property
    def _nothing(self) -> tuple[bytes, bytes]:
        """A key and a head that are opened in place of those that are not there."""
        return self._keyring.stand_in(Head(code="", reporter="", show_name=False).as_json())

    def _opened(self, report_id: UUID, *, head: Head, access: Access, roster: Roster, **stored: Any) -> Opened:
        """`stored`: what else of Opened is stored as it is."""
        hashes = self.hashes_of(report_id)
        readers = rule.readers(roster, access, hashes)
        return Opened(
            id=report_id,
            reporter=head.reporter,
            show_name=head.show_name,
            claimer=head.claimer if any(head.claimer == holder.slack_id for holder in readers) else None,
            waiting_since=head.waiting_since,
            readers=readers,
            next_contact=rule.next_contact(roster, access, hashes),
            roster=roster,
            compared=access.compared,
            head=head,
            access=access,
            **stored,
        )

    def as_if_compared(self, opened: Opened) -> Opened:
        """How it would stand if its words named nobody new."""
        access = replace(opened.access, compared=max(opened.access.compared, opened.roster.version))
        hashes = self.hashes_of(opened.id)
        readers = rule.readers(opened.roster, access, hashes)
        return replace(
            opened,
            access=access,
            compared=access.compared,
            readers=readers,
            next_contact=rule.next_contact(opened.roster, access, hashes),
            claimer=opened.head.claimer if any(opened.head.claimer == each.slack_id for each in readers) else None,
        )
