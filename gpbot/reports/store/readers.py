"""Who may read a report, and who is kept out of it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.people.types import RoleHolder
from gpbot.reports.models import ExclusionRow, ReaderRow
from gpbot.reports.store.heads import Heads
from gpbot.reports.store.opened import Opened, Standing
from gpbot.reports.types import How, Reason, State

_EXCLUSIONS = table_of(ExclusionRow)
_READ_WHY = select(_EXCLUSIONS.c.why).where(_EXCLUSIONS.c.report_id == bindparam("report_id"))
_EXCLUDE = insert(_EXCLUSIONS)


class Readers(Heads):
    def ticked(self, session: Session, opened: Opened) -> tuple[str, ...]:
        """Those of the roster whom the reporter ticked."""
        rows = set(session.scalars(_READ_WHY, {"report_id": opened.id}))
        hashes = self.hashes_of(opened.id)
        return tuple(
            holder.slack_id
            for holder in opened.roster.everyone
            if hashes.exclusion(holder.slack_id, Reason.TICKED) in rows
        )

    def is_excluded(self, opened: Opened, slack_id: str) -> bool:
        return self.hashes_of(opened.id).excluded(slack_id) in opened.access.excluded

    def _could_be_asked(self, opened: Opened) -> list[RoleHolder]:
        """Contacts who do not read it, and may be asked to."""
        return [
            holder
            for holder in opened.roster.contacts
            if holder.reachable and holder not in opened.readers and not self.is_excluded(opened, holder.slack_id)
        ]

    def add_contact(self, session: Session, standing: Standing, slack_id: str) -> None:
        session.add(
            ReaderRow(
                report_id=standing.id,
                person=self._reader(slack_id),
                how=How.CONTACT,
                filed_at=standing.filed_at,
                closed=standing.state is State.CLOSED,
            )
        )
        session.flush()
        self._seal_access(session, standing)

    def drop_contacts(self, session: Session, opened: Opened) -> None:
        """It is with the champions again: contacts read only while it is with them."""
        session.execute(delete(ReaderRow).where(ReaderRow.report_id == opened.id, ReaderRow.how == How.CONTACT))
        self._seal_access(session, opened)

    def exclude(self, session: Session, opened: Standing, exclusions: Iterable[tuple[str, Reason]]) -> None:
        known = set(session.scalars(_READ_WHY, {"report_id": opened.id}))
        hashes = self.hashes_of(opened.id)
        if fresh := {pair for pair in exclusions if hashes.exclusion(*pair) not in known}:
            self._insert_exclusions(session, opened.id, fresh)
            self._seal_access(session, opened)

    def untick(self, session: Session, opened: Opened, slack_ids: Iterable[str]) -> None:
        """Only what the reporter ticked; every other reason stays."""
        hashes = self.hashes_of(opened.id)
        session.execute(
            delete(ExclusionRow).where(
                ExclusionRow.why.in_([hashes.exclusion(slack_id, Reason.TICKED) for slack_id in slack_ids])
            )
        )
        self._seal_access(session, opened)

    def _insert_exclusions(self, session: Session, report_id: UUID, exclusions: Iterable[tuple[str, Reason]]) -> None:
        hashes = self.hashes_of(report_id)
        rows = [
            {
                "report_id": report_id,
                "person": hashes.excluded(slack_id),
                "why": hashes.exclusion(slack_id, reason),
            }
            for slack_id, reason in sorted(exclusions)
        ]
        if rows:
            session.execute(_EXCLUDE, rows)
