"""What was written in a report: by its reporter, by those who handle it, and by gpbot."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.reports.evidence import Evidence
from gpbot.reports.models import EntryRow
from gpbot.reports.store.keyed import Keyed
from gpbot.reports.store.opened import Opened, Standing
from gpbot.reports.types import Entry, EntryKind

SIGNS_OF_LIFE = tuple(kind for kind in EntryKind if kind not in {EntryKind.REPORT, EntryKind.STATUS})

# What runs before an ack is built once: building a statement costs more than running it.
_ENTRIES = table_of(EntryRow)
_REPORT_ID: BindParameter[UUID] = bindparam("report_id")
_READ_ENTRIES = (
    select(_ENTRIES.c.at, _ENTRIES.c.kind, _ENTRIES.c.content)
    .where(_ENTRIES.c.report_id == _REPORT_ID, _ENTRIES.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_ENTRIES.c.id)
)
_WRITE = insert(_ENTRIES).returning(_ENTRIES.c.id)


class Entries(Keyed):
    def entries(self, session: Session, opened: Opened, kinds: Iterable[EntryKind]) -> tuple[Entry, ...]:
        """Oldest first, numbered from one among those of these kinds.

        Windows carry these numbers. The database's own count all reports: they would tell that there are others.
        """
        rows = session.execute(_READ_ENTRIES, {"report_id": opened.id, "kinds": list(kinds)})
        return tuple(
            _entry(number, at, kind, opened.key.open(content)) for number, (at, kind, content) in enumerate(rows, 1)
        )

    def write(
        self,
        session: Session,
        standing: Standing,
        kind: EntryKind,
        *,
        at: datetime,
        text: str,
        author: str = "",
        evidence: Evidence | None = None,
        choices: Mapping[str, str] | None = None,
        was_read: bool = False,
        once: str = "",
    ) -> int:
        """The new entry's own number: for jobs, never for a window.

        `once` tells one act of writing from another, so that it cannot be written twice.
        """
        content = {
            "text": text,
            "author": author,
            "evidence": evidence.as_json() if evidence else None,
            "choices": dict(choices or {}),
            "was_read": was_read,
        }
        row = {
            "report_id": standing.id,
            "at": at,
            "kind": kind,
            "content": standing.key.seal(content),
            "once": self._once(once) if once else None,
        }
        number: int = session.execute(_WRITE, row).scalar_one()
        return number

    def tell_reporter(self, session: Session, standing: Standing, text: str, *, at: datetime, once: str = "") -> int:
        """Words of gpbot's own in the reporter's view, which a caretaker may write but not read."""
        return self.write(session, standing, EntryKind.STATUS, at=at, text=text, once=once)

    def last_work_at(self, session: Session, standing: Standing) -> datetime | None:
        """When it last moved: somebody who handles it wrote, or the reporter answered."""
        return session.execute(
            select(func.max(EntryRow.at)).where(EntryRow.report_id == standing.id, EntryRow.kind.in_(SIGNS_OF_LIFE))
        ).scalar_one()

    def was_written(self, session: Session, once: str) -> bool:
        """Whether this act of writing is on disk already: a second click, or a second delivery."""
        if not once:
            return False
        found = select(EntryRow.id).where(EntryRow.once == self._once(once))
        return session.execute(found).first() is not None

    def may_be_written_again(self, session: Session, once: str) -> None:
        """What was written stays, and the same act counts as a new one from now on."""
        session.execute(update(EntryRow).where(EntryRow.once == self._once(once)).values(once=None))

    def _once(self, once: str) -> bytes:
        return self._keyring.hash("once", once)


def _entry(number: int, at: datetime, kind: str, content: Mapping[str, Any]) -> Entry:
    return Entry(
        id=number,
        at=at,
        kind=EntryKind(kind),
        author=content["author"],
        text=content["text"],
        evidence=Evidence.from_json(content["evidence"]) if content["evidence"] else None,
        choices=content["choices"],
        was_read=content.get("was_read", False),
    )
