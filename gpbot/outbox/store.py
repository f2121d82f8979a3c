"""Every query on the two tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.outbox.models import DEAD, READY, JobRow, LaneRow, State
from gpbot.outbox.patience import LANE_GAP, LEASE, OTHERS_FORGOTTEN_AFTER, REPORTS_FORGOTTEN_AFTER
from gpbot.outbox.types import Job, Priority

_FORGET_AT_ONCE = 500
_COUNT_CAP = 100
_PROOF = "proof"  # a lane that no job is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One job held until its lease ends; everything but `token` as it was before."""

    id: int
    kind: str
    payload: dict[str, Any]
    lane: str | None
    priority: int
    wire_id: str
    attempts: int
    lost_claims: int
    trying_since: datetime
    first_sent_at: datetime
    message_ts: str | None  # sent and recorded; only stray copies are to be looked for
    token: str
    claimed_at: datetime
    doubtful: bool  # an earlier try may have sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """A job as the operator sees it: nothing that tells who it is about."""

    id: int
    kind: str
    state: str
    priority: int
    attempts: int
    last_error: str | None
    created_at: datetime
    run_at: datetime  # due; for the dead, when it died


_OWE = {
    name: dialect.insert(table_of(JobRow)).on_conflict_do_nothing(index_elements=["key"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def insert(session: Session, jobs: Sequence[Job], now: datetime) -> None:
    """In one statement; a job whose key is known changes nothing."""
    rows = [
        {
            "key": job.key,
            "wire_id": uuid4().hex,
            "kind": job.kind,
            "payload": job.payload,
            "lane": job.lane,
            "priority": int(job.priority),
            "state": State.READY.value,
            "run_at": job.run_at or now,
            "attempts": 0,
            "lost_claims": 0,
            "created_at": now,
        }
        for job in jobs
    ]
    session.execute(_OWE[session.get_bind().dialect.name], rows)


def claim(session: Session, now: datetime, limit: int) -> list[Claim]:
    """Up to `limit` due jobs, at most one of a lane, now held; empty only when nothing is due."""
    while rows := session.execute(_due(now, limit)).all():
        first_of_lane = {row.lane: row.id for row in reversed(rows) if row.lane is not None}
        won = _advance(session, sorted(first_of_lane), now)
        # Another process may have taken every lane seen; the next look does not see those any more.
        if held := [row for row in rows if row.lane is None or (row.lane in won and first_of_lane[row.lane] == row.id)]:
            token = uuid4().hex
            session.execute(
                update(JobRow)
                .where(JobRow.id.in_([row.id for row in held]))
                .values(
                    run_at=now + LEASE,
                    token=token,
                    lost_claims=JobRow.lost_claims + 1,
                    first_sent_at=func.coalesce(JobRow.first_sent_at, now),
                )
            )
            return [_claim(row, token, now) for row in held]
    return []


def state_if_held(session: Session, held: Claim) -> str | None:
    """None when the lease was lost to another claim, or the job is gone."""
    return session.execute(
        select(JobRow.state).where(JobRow.id == held.id, JobRow.token == held.token).with_for_update()
    ).scalar_one_or_none()


def settle(session: Session, held: Claim, **values: Any) -> None:
    """Write down how a claim came back; `values` are columns."""
    session.execute(update(JobRow).where(JobRow.id == held.id).values(lost_claims=0, **values))


def look_again(session: Session, late: Claim, run_at: datetime) -> None:
    """A late finisher may have left a copy beside what others sent meanwhile: have it looked for."""
    session.execute(
        update(JobRow)
        .where(
            JobRow.id == late.id,
            or_(
                JobRow.state == State.DONE.value,
                # The token changes, so that a second look just under way does not count as the last.
                (JobRow.state == State.READY.value) & JobRow.message_ts.is_not(None),
            ),
        )
        .values(state=State.READY.value, token=late.token, run_at=run_at, done_at=None)
    )


def do_again(session: Session, late: Claim, now: datetime) -> None:
    """A late finisher may have shown something old over what others showed meanwhile: have it shown anew."""
    session.execute(
        update(JobRow)
        .where(JobRow.id == late.id, JobRow.state.in_((State.READY.value, State.DONE.value)))
        # Whoever is just at it loses the claim, for theirs may have been shown before this one.
        .values(state=State.READY.value, token=None, run_at=now, done_at=None)
    )


def hold_lane(session: Session, lane: str, until: datetime) -> None:
    fresh = _insert(session)(LaneRow).values(lane=lane, next_at=until)
    session.execute(
        fresh.on_conflict_do_update(
            index_elements=["lane"], set_={"next_at": fresh.excluded.next_at}, where=LaneRow.next_at < until
        )
    )


def prove_writable(session: Session, now: datetime) -> None:
    """Write something of no account, also where nothing is owed."""
    turn = _insert(session)(LaneRow).values(lane=_PROOF, next_at=now)
    session.execute(turn.on_conflict_do_update(index_elements=["lane"], set_={"next_at": turn.excluded.next_at}))


def next_due(session: Session, now: datetime) -> datetime | None:
    """When a job falls due or a lane opens next, after `now`."""
    jobs = [
        select(func.min(JobRow.run_at)).where(READY, JobRow.priority == priority, JobRow.run_at > now)
        for priority in Priority  # one by one: each is the first step in the index, however many timers wait
    ]
    lanes = select(func.min(LaneRow.next_at)).where(LaneRow.next_at > now)
    moments = session.execute(select(*(each.scalar_subquery() for each in (*jobs, lanes)))).one()
    return min((moment for moment in moments if moment is not None), default=None)


def cancel(session: Session, key: str, now: datetime) -> None:
    session.execute(
        update(JobRow)
        .where(JobRow.key == key, READY, JobRow.message_ts.is_(None))
        .values(state=State.CANCELLED.value, done_at=now)
    )


def retry(session: Session, job_id: int, now: datetime) -> bool:
    revived = session.execute(
        update(JobRow)
        .where(JobRow.id == job_id, DEAD)
        .values(state=State.READY.value, run_at=now, created_at=now, attempts=0, lost_claims=0)
        .returning(JobRow.id)
    )
    return revived.first() is not None


def discard(session: Session, job_id: int, now: datetime) -> bool:
    discarded = session.execute(
        update(JobRow)
        .where(JobRow.id == job_id, DEAD)
        .values(state=State.CANCELLED.value, done_at=now)
        .returning(JobRow.id)
    )
    return discarded.first() is not None


def lines(session: Session, *, dead: bool, after: int, limit: int) -> list[JobLine]:
    rows = session.execute(
        select(
            JobRow.id,
            JobRow.kind,
            JobRow.state,
            JobRow.priority,
            JobRow.attempts,
            JobRow.last_error,
            JobRow.created_at,
            JobRow.run_at,
        )
        .where(DEAD if dead else READY, JobRow.id > after)
        .order_by(JobRow.id)
        .limit(limit)
    )
    return [JobLine(**row._mapping) for row in rows]  # noqa: SLF001  (SQLAlchemy's public name for it)


def count(session: Session, *, dead: bool) -> int:
    """At most 100."""
    capped = select(JobRow.id).where(DEAD if dead else READY).limit(_COUNT_CAP).subquery()
    return session.execute(select(func.count()).select_from(capped)).scalar_one()


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Among those that should go at once: a campaign waits for its lane by design."""
    return session.execute(
        select(func.min(JobRow.run_at)).where(READY, JobRow.priority < Priority.BULK, JobRow.run_at < now)
    ).scalar()


def forget(session: Session, now: datetime) -> bool:
    """Delete some of what ended long ago; False when none is left. The dead stay until someone decides."""
    old = or_(
        (JobRow.priority == Priority.REPORT) & (JobRow.done_at < now - REPORTS_FORGOTTEN_AFTER),
        JobRow.done_at < now - OTHERS_FORGOTTEN_AFTER,
    )
    some = select(JobRow.id).where(JobRow.done_at < now - REPORTS_FORGOTTEN_AFTER, old).limit(_FORGET_AT_ONCE)
    session.execute(delete(LaneRow).where(LaneRow.next_at < now - timedelta(days=1)))
    gone = session.execute(delete(JobRow).where(JobRow.id.in_(some)).returning(JobRow.id)).all()
    return len(gone) == _FORGET_AT_ONCE


def _due(now: datetime, limit: int) -> Select[Any]:
    closed = select(LaneRow.lane).where(LaneRow.lane == JobRow.lane, LaneRow.next_at > now)
    return (
        select(
            JobRow.id,
            JobRow.kind,
            JobRow.payload,
            JobRow.lane,
            JobRow.priority,
            JobRow.wire_id,
            JobRow.attempts,
            JobRow.lost_claims,
            JobRow.created_at,
            JobRow.first_sent_at,
            JobRow.message_ts,
            JobRow.token,
        )
        .where(READY, JobRow.priority.in_(tuple(Priority)), JobRow.run_at <= now, ~closed.exists())
        .order_by(JobRow.priority, JobRow.run_at, JobRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _advance(session: Session, lanes: list[str], now: datetime) -> set[str]:
    """Take each lane's next turn where it is still open; this is the pace across processes."""
    if not lanes:
        return set()
    turns = _insert(session)(LaneRow).values([{"lane": lane, "next_at": now + LANE_GAP} for lane in lanes])
    taken = turns.on_conflict_do_update(
        index_elements=["lane"], set_={"next_at": turns.excluded.next_at}, where=LaneRow.next_at <= now
    ).returning(LaneRow.lane)
    return set(session.execute(taken).scalars())


def _claim(row: Any, token: str, now: datetime) -> Claim:
    first_sent_at = row.first_sent_at or now
    return Claim(
        id=row.id,
        kind=row.kind,
        payload=row.payload,
        lane=row.lane,
        priority=row.priority,
        wire_id=row.wire_id,
        attempts=row.attempts,
        lost_claims=row.lost_claims,
        trying_since=max(row.created_at, first_sent_at),
        first_sent_at=first_sent_at,
        message_ts=row.message_ts,
        token=token,
        claimed_at=now,
        doubtful=row.token is not None,
    )


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
