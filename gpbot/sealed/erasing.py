"""Erasing a case: its key, everything that hangs on it, and the jobs about it."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Table, delete, update
from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.keyring import KeyRing, UnderMasterKey
from gpbot.outbox import subjects
from gpbot.sealed.keys import key_of


def erase_case(
    session: Session,
    keyring: KeyRing,
    table: Table,
    case_id: UUID,
    *,
    and_row: bool = False,
) -> None:
    """Destroy its key and all it held; its id and its dates stay, unless its row goes too.

    A job that may have been sent already goes on, sealed with the box key: what it left in Slack is still to be found.
    """
    _let_go_of_jobs(session, keyring, case_id)
    for column in _what_refers_to(table, frozenset(table.metadata.tables)):
        session.execute(delete(column.table).where(column == case_id))
    if and_row:
        session.execute(delete(table).where(table.c.id == case_id))
        return
    held = [column for column in table.columns if isinstance(column.type, LargeBinary | UnderMasterKey)]
    session.execute(update(table).where(table.c.id == case_id).values(dict.fromkeys(held, b"")))


@cache
def _what_refers_to(table: Table, there_are: frozenset[str]) -> tuple[Column[Any], ...]:  # noqa: ARG001  (with more tables it is asked for again)
    """What hangs on others first. To sort all tables takes longer than to erase a draft."""
    every = [column for other in reversed(table.metadata.sorted_tables) for column in other.columns]
    return tuple(column for column in every if column.references(table.c.id))


def _let_go_of_jobs(session: Session, keyring: KeyRing, case_id: UUID) -> None:
    for job in subjects.delete_of(session, case_id):
        sealed = job["payload"].get("sealed")
        if sealed is not None and "about" in job["payload"]:
            try:
                key = key_of(session, keyring, case_id)
                content = key.open(str(sealed).encode()) if key is not None else None
            except DoesNotOpen:
                content = None
            if content is None:
                continue
            job["payload"] = {"sealed": keyring.box.seal(content).decode()}
        subjects.put_back(session, job | {"subject": None})
