"""What was written in a report: by its reporter, by those who handle it, and by gpbot."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey
from gpbot.db import table_of
from gpbot.reports.evidence import Evidence
from gpbot.reports.models import EntryRow
from gpbot.reports.store.heads import Heads
from gpbot.reports.store.opened import Head, Opened, Standing
from gpbot.reports.types import Entry, EntryKind
from gpbot.sealed.entries import open_entries, seal_entry

SIGNS_OF_LIFE = tuple(kind for kind in EntryKind if kind not in {EntryKind.REPORT, EntryKind.STATUS})

# What runs before an ack is built once: building a statement costs more than running it.
_ENTRIES = table_of(EntryRow)
_REPORT_ID: BindParameter[UUID] = bindparam("report_id")
_READ_ENTRIES = (
    select(_ENTRIES.c.id, _ENTRIES.c.at, _ENTRIES.c.kind, _ENTRIES.c.content)
    .where(_ENTRIES.c.report_id == _REPORT_ID)
    .order_by(_ENTRIES.c.id)
)
_WRITE = insert(_ENTRIES).returning(_ENTRIES.c.id)


class Entries(Heads):
    def entries(self, session: Session, opened: Opened, kinds: Iterable[EntryKind]) -> tuple[Entry, ...]:
        """Oldest first, numbered from one among those of these kinds.

        Windows carry these numbers. The database's own count all reports: they would tell that there are others.
        """
        wanted = set(kinds)
        rows = session.execute(_READ_ENTRIES, {"report_id": opened.id}).all()
        head = self._head(session, opened)
        is_sealed = head.access is not None or self._keyring.is_all_sealed
        known = (head.entries, head.last_entry) if is_sealed else None
        contents = open_entries(self._keyring, opened.key, opened.id, rows, known=known)
        found = zip(rows, contents, strict=True)
        shown = [(row, content) for row, content in found if EntryKind(row.kind) in wanted]
        return tuple(_entry(number, row.at, row.kind, content) for number, (row, content) in enumerate(shown, 1))

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
        head = self._head(session, standing)
        content = entry_content(text, author=author, evidence=evidence, choices=choices, was_read=was_read)
        sealed, mark = seal_entry(standing.key, content, head.entries + 1, at, kind)
        number = self._insert(session, standing.id, at, kind, sealed, once=self._once(once) if once else None)
        now = replace(head, entries=head.entries + 1, last_entry=mark)
        self._put_head(session, standing.id, standing.key, now)
        return number

    def _insert(
        self, session: Session, report_id: UUID, at: datetime, kind: EntryKind, content: bytes, *, once: bytes | None
    ) -> int:
        row = {"report_id": report_id, "at": at, "kind": kind, "content": content, "once": once}
        number: int = session.execute(_WRITE, row).scalar_one()
        return number

    def _seal_entries(self, session: Session, standing: Standing) -> None:
        """As an earlier release left them."""
        rows = session.execute(_READ_ENTRIES, {"report_id": standing.id}).all()
        last = ""
        for number, row in enumerate(rows, 1):
            content, last = seal_entry(standing.key, standing.key.open(row.content), number, row.at, row.kind)
            session.execute(update(EntryRow).where(EntryRow.id == row.id).values(content=content))
        self.save_head(session, standing, entries=len(rows), last_entry=last)

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


def entry_content(
    text: str,
    *,
    author: str = "",
    evidence: Evidence | None = None,
    choices: Mapping[str, str] | None = None,
    was_read: bool = False,
) -> dict[str, Any]:
    return {
        "text": text,
        "author": author,
        "evidence": evidence.as_json() if evidence else None,
        "choices": dict(choices or {}),
        "was_read": was_read,
    }


def first_entry(key: DataKey, head: Head, at: datetime, text: str, evidence: Evidence | None) -> tuple[bytes, Head]:
    """What a report begins with, sealed; and its head, which knows of it."""
    content, mark = seal_entry(key, entry_content(text, evidence=evidence), 1, at, EntryKind.REPORT)
    return content, replace(head, entries=1, last_entry=mark)


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
