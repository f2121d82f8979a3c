"""Telling one thing to many: a row that says how far it is, and jobs that are sent while it is running."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gpbot.db import insert_into
from gpbot.outbox import store
from gpbot.outbox.models import OPEN, READY, CampaignRow, JobRow, State, Status
from gpbot.outbox.types import BULK, Job

CARD = "card"  # the task, in a payload, of showing a campaign's progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """How far it is. `told` + `failed` + `skipped` + `waiting` is what was written so far."""

    id: int
    kind: str
    about: int
    status: Status
    reason: str | None
    cursor: int
    fed: bool
    total: int
    started_at: datetime
    ended_at: datetime | None
    told: int
    failed: int
    skipped: int  # nothing was to be sent to them any more
    waiting: int
    card: tuple[str, str] | None  # channel id and ts of the message with its progress

    @property
    def is_open(self) -> bool:
        return self.status in {Status.RUNNING, Status.PAUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    job_id: int
    payload: dict[str, Any]
    code: str


def start(session: Session, *, kind: str, about: int, total: int, now: datetime) -> int | None:
    """The new campaign's id; None when one of this kind is open already."""
    values = {
        "kind": kind,
        "about": about,
        "status": Status.RUNNING.value,
        "cursor": 0,
        "fed": False,
        "total": total,
        "started_at": now,
        "told": 0,
        "failed": 0,
        "skipped": 0,
    }
    fresh = insert_into(session)(CampaignRow).values(values).on_conflict_do_nothing()
    return session.execute(fresh.returning(CampaignRow.id)).scalar_one_or_none()


def find(session: Session, campaign_id: int, *, to_write: bool = False) -> Campaign | None:
    query = select(CampaignRow).where(CampaignRow.id == campaign_id)
    row = session.execute(query.with_for_update() if to_write else query).scalar_one_or_none()
    return _campaign(session, row) if row is not None else None


def latest(session: Session, kind: str) -> Campaign | None:
    """The one that is open, or else the last one."""
    query = select(CampaignRow).where(CampaignRow.kind == kind).order_by(CampaignRow.id.desc()).limit(1)
    row = session.execute(query).scalar_one_or_none()
    return _campaign(session, row) if row is not None else None


def advance(session: Session, campaign_id: int, *, cursor: int, fed: bool) -> None:
    """`cursor` is the last one whose job was written, `fed` says that there are no more."""
    session.execute(update(CampaignRow).where(CampaignRow.id == campaign_id).values(cursor=cursor, fed=fed))


def pause(session: Session, campaign_id: int, now: datetime, *, reason: str | None = None) -> bool:
    """Nothing of it is sent until it is resumed; False when it was not running. `reason` is a code."""
    return _change(session, campaign_id, Status.PAUSED, now, reason)


# See docs/decisions/0034-campaigns-keep-keys.md
def resume(session: Session, campaign_id: int, now: datetime) -> bool:
    return _change(session, campaign_id, Status.RUNNING, now, None)


def end(session: Session, campaign_id: int, status: Status, now: datetime, *, reason: str | None = None) -> bool:
    """Done, or cancelled: what still waits is not sent. False when it had ended before."""
    if not _change(session, campaign_id, status, now, reason):
        return False
    session.execute(
        update(JobRow)
        .where(JobRow.campaign_id == campaign_id, READY, JobRow.message_ts.is_(None))
        .values(state=State.CANCELLED.value, done_at=now)
    )
    counts = _counts(session, campaign_id)
    session.execute(update(CampaignRow).where(CampaignRow.id == campaign_id).values(ended_at=now, **counts.ended))
    return True


def note_card(session: Session, campaign_id: int, channel_id: str, message_ts: str) -> None:
    session.execute(
        update(CampaignRow)
        .where(CampaignRow.id == campaign_id, CampaignRow.message_ts.is_(None))
        .values(channel_id=channel_id, message_ts=message_ts)
    )


def owe_card(session: Session, campaign_id: int, kind: str, now: datetime) -> None:
    """Have its progress shown as it is then."""
    payload: dict[str, str | int] = {"task": CARD, "campaign": campaign_id}
    # One lane, so that two cards of one campaign never overtake each other.
    lane = f"campaign:{campaign_id}"
    job = Job(kind=kind, key=f"campaign:{campaign_id}:card:{uuid4()}", payload=payload, lane=lane)
    store.insert(session, [job], now)


def failures(session: Session, campaign_id: int, *, after: int = 0, limit: int) -> list[Failure]:
    """Whom it could not reach, in the order of their jobs."""
    rows = session.execute(
        select(JobRow.id, JobRow.payload, JobRow.last_error)
        .where(
            JobRow.campaign_id == campaign_id,
            JobRow.state == State.DEAD.value,
            JobRow.lane == BULK,
            JobRow.id > after,
        )
        .order_by(JobRow.id)
        .limit(limit)
    )
    return [Failure(job_id=row.id, payload=row.payload, code=row.last_error or "") for row in rows]


@dataclass(frozen=True, slots=True)
class _Counts:
    told: int
    failed: int
    skipped: int
    waiting: int

    @property
    def ended(self) -> dict[str, int]:
        return {"told": self.told, "failed": self.failed, "skipped": self.skipped}


_FROM = {
    Status.PAUSED: (Status.RUNNING,),
    Status.RUNNING: (Status.PAUSED,),
    Status.CANCELLED: (Status.RUNNING, Status.PAUSED),
    Status.DONE: (Status.RUNNING, Status.PAUSED),
}


def _change(session: Session, campaign_id: int, to: Status, now: datetime, reason: str | None) -> bool:
    changed = session.execute(
        update(CampaignRow)
        .where(CampaignRow.id == campaign_id, CampaignRow.status.in_([status.value for status in _FROM[to]]))
        .values(status=to.value, reason=reason)
        .returning(CampaignRow.kind)
    ).scalar_one_or_none()
    if changed is None:
        return False
    owe_card(session, campaign_id, changed, now)
    return True


def _counts(session: Session, campaign_id: int) -> _Counts:
    sent = JobRow.message_ts.is_not(None)
    rows = session.execute(
        select(JobRow.state, sent, func.count())
        .where(JobRow.campaign_id == campaign_id, JobRow.lane == BULK)
        .group_by(JobRow.state, sent)
    ).all()
    by_state = {(state, bool(was_sent)): count for state, was_sent, count in rows}
    told = sum(count for (_, was_sent), count in by_state.items() if was_sent)
    return _Counts(
        told=told,
        failed=by_state.get((State.DEAD.value, False), 0),
        skipped=by_state.get((State.DONE.value, False), 0),
        waiting=by_state.get((State.READY.value, False), 0),
    )


def _campaign(session: Session, row: CampaignRow) -> Campaign:
    status = Status(row.status)
    ended = status in {Status.DONE, Status.CANCELLED}
    counts = _Counts(row.told, row.failed, row.skipped, 0) if ended else _counts(session, row.id)
    return Campaign(
        id=row.id,
        kind=row.kind,
        about=row.about,
        status=status,
        reason=row.reason,
        cursor=row.cursor,
        fed=row.fed,
        total=row.total,
        started_at=row.started_at,
        ended_at=row.ended_at,
        told=counts.told,
        failed=counts.failed,
        skipped=counts.skipped,
        waiting=counts.waiting,
        card=(row.channel_id, row.message_ts) if row.channel_id and row.message_ts else None,
    )


def is_open(session: Session, kind: str) -> bool:
    return session.execute(select(CampaignRow.id).where(CampaignRow.kind == kind, OPEN)).first() is not None
