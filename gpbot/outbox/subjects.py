"""Jobs that are about a case: they go with it, and tell little once they have ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from gpbot.outbox.models import DEAD, NOT_EMPTIED, READY, JobRow
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


def of_subject(session: Session, subject: UUID) -> list[tuple[int, dict[str, Any]]]:
    """The jobs about this case that may have been sent already, with their payloads."""
    sent = select(JobRow.id, JobRow.payload).where(JobRow.subject == subject, READY, JobRow.token.is_not(None))
    return [(job_id, payload) for job_id, payload in session.execute(sent)]


def keep_without_subject(session: Session, job_id: int, payload: dict[str, Any]) -> None:
    session.execute(update(JobRow).where(JobRow.id == job_id).values(subject=None, payload=payload))


def set_subject(session: Session, job_id: int, subject: UUID, payload: dict[str, Any]) -> None:
    session.execute(update(JobRow).where(JobRow.id == job_id).values(subject=subject, payload=payload))


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


def delete_of(session: Session, subject: UUID) -> None:
    """Whatever became of them."""
    session.execute(delete(JobRow).where(JobRow.subject == subject))
