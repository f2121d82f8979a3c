"""Each person's own list of reports: what they could open, and nothing of what they could not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, select, tuple_, update
from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import table_of
from gpbot.people import members as people
from gpbot.people.types import RoleHolder, RoleName
from gpbot.reports.models import KEPT, ExclusionRow, ReaderRow, ReportRow
from gpbot.reports.store.heads import Heads
from gpbot.reports.store.opened import Head, Standing
from gpbot.reports.types import How, Line, Page, State

PAGE = 10  # reports in one page of a list
FEWEST, MOST = 30, 960  # of a reader's reports, looked at together while a page is filled
DOES_NOT_OPEN = "Cannot be opened now"

# What runs before an ack is built once: building a statement costs more than running it.
_REPORTS, _READERS, _EXCLUSIONS = table_of(ReportRow), table_of(ReaderRow), table_of(ExclusionRow)
_LINE = (_REPORTS.c.id, _REPORTS.c.key, _REPORTS.c.head, _REPORTS.c.state, _REPORTS.c.filed_at, _REPORTS.c.opened_at)
_LINES = select(*_LINE).where(_REPORTS.c.id.in_(bindparam("report_ids", expanding=True)))
_BEFORE = tuple_(bindparam("at", type_=_REPORTS.c.filed_at.type), bindparam("id", type_=_REPORTS.c.id.type))
_MINE = (
    select(_READERS.c.report_id, _READERS.c.filed_at)
    .where(
        _READERS.c.person == bindparam("person"),
        _READERS.c.closed == bindparam("closed"),
        _READERS.c.how == bindparam("how"),
    )
    .order_by(_READERS.c.filed_at.desc(), _READERS.c.report_id.desc())
    .limit(bindparam("most"))
)
_MINE_BEFORE = _MINE.where(tuple_(_READERS.c.filed_at, _READERS.c.report_id) < _BEFORE)
_SENT = (
    select(*_LINE)
    .where(_REPORTS.c.reporter == bindparam("reporter"))
    .order_by(_REPORTS.c.filed_at.desc(), _REPORTS.c.id.desc())
    .limit(bindparam("most"))
)
_SENT_BEFORE = _SENT.where(tuple_(_REPORTS.c.filed_at, _REPORTS.c.id) < _BEFORE)
_EXCLUDED_AMONG = select(_EXCLUSIONS.c.person).where(_EXCLUSIONS.c.person.in_(bindparam("people", expanding=True)))
_VERSION: BindParameter[int] = bindparam("version")
_BEHIND = (
    select(_REPORTS.c.compared, _REPORTS.c.id)
    .where(KEPT, _REPORTS.c.compared < _VERSION)
    .order_by(_REPORTS.c.compared, _REPORTS.c.id)
    .limit(bindparam("most"))
)
_BEHIND_AFTER = _BEHIND.where(
    tuple_(_REPORTS.c.compared, _REPORTS.c.id)
    > tuple_(bindparam("compared", type_=_REPORTS.c.compared.type), bindparam("id", type_=_REPORTS.c.id.type))
)
_BEHIND_AMONG = select(_REPORTS.c.id).where(
    _REPORTS.c.id.in_(bindparam("report_ids", expanding=True)), _REPORTS.c.compared < _VERSION
)
_COMPARED = update(_REPORTS).where(_REPORTS.c.id == bindparam("of")).values(compared=_VERSION)


class Lists(Heads):
    def list_for_reader(
        self, session: Session, viewer: str, *, closed: bool, before: tuple[datetime, UUID] | None
    ) -> Page:
        """The viewer's own list, newest first: what they could open, and nothing of what they could not."""
        holder = next((each for each in people.roster(session).everyone if each.slack_id == viewer), None)
        if holder is None or not holder.reachable:
            return Page(lines=(), next=None)
        mine = {
            "person": self._reader(viewer),
            "closed": closed,
            "how": How.CONTACT if holder.role is RoleName.CONTACT else How.SHOWN,
        }
        allowed: list[UUID] = []
        most = FEWEST
        while len(allowed) <= PAGE:
            batch = session.execute(_MINE_BEFORE if before else _MINE, {**mine, **_cursor(before), "most": most}).all()
            allowed += self._not_excluded(session, holder, [report_id for report_id, _ in batch])
            if len(batch) < most:
                break
            before = (batch[-1].filed_at, batch[-1].report_id)
            most = min(most * 2, MOST)  # for somebody who is ruled out of very many they are passed over quickly
        found = {row.id: row for row in session.execute(_LINES, {"report_ids": allowed[: PAGE + 1]})}
        return self._page([found[report_id] for report_id in allowed[: PAGE + 1]], reader=holder)

    def _not_excluded(self, session: Session, holder: RoleHolder, report_ids: Sequence[UUID]) -> list[UUID]:
        marks = {report_id: self.hashes_of(report_id).excluded(holder.slack_id) for report_id in report_ids}
        found = set(session.scalars(_EXCLUDED_AMONG, {"people": list(marks.values())}))
        behind: set[UUID] = set()
        if self.behind(session, holder.changed, after=None, most=1):  # seldom, and then not for long
            behind |= set(session.scalars(_BEHIND_AMONG, {"report_ids": report_ids, "version": holder.changed}))
        return [report_id for report_id in report_ids if marks[report_id] not in found and report_id not in behind]

    def behind(
        self, session: Session, version: int, *, after: tuple[int, UUID] | None, most: int
    ) -> Sequence[tuple[int, UUID]]:
        """Some kept reports that were not compared with the names of this version, and with which they were."""
        wanted: dict[str, Any] = {"version": version, "most": most}
        if after is None:
            return [(compared, report_id) for compared, report_id in session.execute(_BEHIND, wanted)]
        wanted |= {"compared": after[0], "id": after[1]}
        return [(compared, report_id) for compared, report_id in session.execute(_BEHIND_AFTER, wanted)]

    def note_compared(self, session: Session, standing: Standing) -> None:
        """With all names that the roster has now."""
        session.execute(_COMPARED, {"of": standing.id, "version": standing.roster.version})
        self._seal_access(session, standing)

    def list_for_reporter(self, session: Session, viewer: str, *, before: tuple[datetime, UUID] | None) -> Page:
        sent = {"reporter": self._reporter(viewer), **_cursor(before), "most": PAGE + 1}
        return self._page(session.execute(_SENT_BEFORE if before else _SENT, sent).all())

    def _page(self, shown: Sequence[Row[*tuple[Any, ...]]], *, reader: RoleHolder | None = None) -> Page:
        lines = tuple(line for row in shown[:PAGE] if (line := self._line(row, reader)) is not None)
        last = shown[PAGE - 1] if len(shown) > PAGE else None
        return Page(lines=lines, next=f"{last.filed_at.isoformat()}|{last.id}" if last else None)

    def _line(self, row: Row[*tuple[Any, ...]], reader: RoleHolder | None) -> Line | None:
        """None where its seal does not say that this reader is one."""
        claimer = None
        try:
            head = Head.from_json(self._keyring.open_case(row.id, row.key, row.head)[1])
            if reader is not None and not self._is_sealed_for(row.id, head, reader):
                return None
            code, claimer = head.code, head.claimer
        except DoesNotOpen:
            code = DOES_NOT_OPEN  # one damaged report must not hide the others, nor vanish without a word
        return Line(
            report_id=row.id,
            code=code,
            filed_at=row.filed_at,
            state=State(row.state),
            opened=row.opened_at is not None,
            claimer=claimer,
        )

    def _is_sealed_for(self, report_id: UUID, head: Head, reader: RoleHolder) -> bool:
        """The tables only find it."""
        if head.access is None:
            return not self._keyring.is_all_sealed
        hashes = self.hashes_of(report_id)
        keeps_out = hashes.excluded(reader.slack_id) in head.access.excluded.values()
        return hashes.reader(reader.slack_id) in head.access.readers and not keeps_out


def _cursor(before: tuple[datetime, UUID] | None) -> dict[str, datetime | UUID]:
    return {"at": before[0], "id": before[1]} if before else {}
