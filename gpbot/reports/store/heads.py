"""What is sealed about a report as a whole, changed; with it what decides who reads it, and what was written in it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey
from gpbot.db import table_of
from gpbot.reports.models import ReportRow
from gpbot.reports.store.keyed import Keyed
from gpbot.reports.store.opened import Head, Standing
from gpbot.reports.store.seals import as_stored

_HEADS = "heads of reports"
_REPORTS = table_of(ReportRow)
_REPORT_ID: BindParameter[UUID] = bindparam("report_id")
# What runs before an ack is built once: building a statement costs more than running it.
_READ_HEAD = select(_REPORTS.c.head).where(_REPORTS.c.id == _REPORT_ID)
_READ_COMPARED = select(_REPORTS.c.compared).where(_REPORTS.c.id == _REPORT_ID)
_SAVE_HEAD = update(_REPORTS).where(_REPORTS.c.id == bindparam("of")).values(head=bindparam("sealed"))


class Heads(Keyed):
    def save_head(self, session: Session, standing: Standing, **changes: Any) -> None:
        """Change what `changes` names of the head as it is stored now."""
        self._put_head(session, standing.id, standing.key, replace(self._head(session, standing), **changes))

    def _head(self, session: Session, standing: Standing) -> Head:
        """As it is in this transaction, in which nobody else writes, or at this moment, of which all else is read."""
        known: dict[UUID, Head] = session.info.get(_HEADS, {})
        if standing.id in known:
            return known[standing.id]
        stored = session.execute(_READ_HEAD, {"report_id": standing.id}).scalar_one()
        return Head.from_json(standing.key.open(stored))

    def _put_head(self, session: Session, report_id: UUID, key: DataKey, head: Head) -> None:
        session.execute(_SAVE_HEAD, {"of": report_id, "sealed": key.seal(head.as_json())})
        self._note_head(session, report_id, head)

    def _note_head(self, session: Session, report_id: UUID, head: Head) -> None:
        session.info.setdefault(_HEADS, {})[report_id] = head

    # See docs/decisions/0058-heads-hold-who-reads.md
    def _seal_access(self, session: Session, standing: Standing) -> None:
        """The tables say who reads it from now on: the door has compared them with the seal in this transaction."""
        compared = session.execute(_READ_COMPARED, {"report_id": standing.id}).scalar_one()
        self.save_head(session, standing, access=as_stored(session, standing.id, compared))
