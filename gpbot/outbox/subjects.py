"""Jobs that are about a case: they go with it, and tell little once they have ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.outbox.models import DEAD, NOT_EMPTIED, READY, JobRow, State
from gpbot.outbox.patience import EMPTIED_AFTER
from gpbot.outbox.store import day
from gpbot.outbox.types import Priority


def empty(session: Session, now: datetime) -> None:
    """Leave of what ended, and had the priority of reports, nothing but its key and the day: it is known as done.

    What may still come in late finds what it was for an hour.
    """
    nothing: dict[str, Any] = {"payload": {}, "wire_id": ""}
    nothing |= dict.fromkeys(("lane", "message_ts", "first_sent_at", "last_error", "campaign_id", "subject"))
    nothing |= dict.fromkeys(("done_at", "created_at", "run_at"), day(now))
    session.execute(update(JobRow).where(NOT_EMPTIED, JobRow.done_at < now - EMPTIED_AFTER).values(nothing))


def set_subject(session: Session, job_id: int, subject: UUID, payload: dict[str, Any]) -> None:
    session.execute(update(JobRow).where(JobRow.id == job_id).values(subject=subject, payload=payload))


# What runs before an ack is built once: building a statement costs more than running it.
_JOBS = table_of(JobRow)
_DELETE_OF = delete(_JOBS).where(_JOBS.c.subject == bindparam("of")).returning(_JOBS)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WithoutSubject:
    """A job with the priority of reports that belongs to no case."""

    id: int
    kind: str
    state: str
    payload: dict[str, Any]


def without_subject(session: Session) -> list[WithoutSubject]:
    """Those that wait or are dead."""
    columns = select(JobRow.id, JobRow.kind, JobRow.state, JobRow.payload)
    found = columns.where(or_(READY, DEAD), JobRow.priority == Priority.REPORT, JobRow.subject.is_(None))
    return [WithoutSubject(**row._mapping) for row in session.execute(found)]  # noqa: SLF001  (SQLAlchemy's public name)


def delete_job(session: Session, job_id: int) -> None:
    session.execute(delete(JobRow).where(JobRow.id == job_id))


def delete_of(session: Session, subject: UUID) -> list[dict[str, Any]]:
    """The jobs of a case, whatever became of them; the rows of those that may have been sent and still wait."""
    gone = session.execute(_DELETE_OF, {"of": subject}).mappings().all()
    return [dict(row) for row in gone if row["state"] == State.READY and row["token"] is not None]


def put_back(session: Session, row: Mapping[str, Any]) -> None:
    session.execute(insert(JobRow).values(**row))
