"""Every query on the two tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import BindParameter, Integer, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gpbot.db import insert_into, table_of
from gpbot.outbox.models import DEAD, READY, CampaignRow, JobRow, LaneRow, State, Status
from gpbot.outbox.patience import (
    CATCH_UP,
    DEAD_ARE_KEPT,
    LANE_GAP,
    LEASE,
    MAY_WAIT,
    OTHERS_FORGOTTEN_AFTER,
    PACES,
    REPORTS_FORGOTTEN_AFTER,
    faster,
    gap,
    slower,
)
from gpbot.outbox.types import RATE_LIMITED, Job, Priority

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
    campaign_id: int | None
    turns: int
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


# What runs for every job is built once: building a statement costs more than running it.
_JOBS, _LANES, _CAMPAIGNS = table_of(JobRow), table_of(LaneRow), table_of(CampaignRow)
_DIALECTS = (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
_OWE = {name: upsert(_JOBS).on_conflict_do_nothing(index_elements=["key"]) for name, upsert in _DIALECTS}
_IS_EMPTIED = _JOBS.c.wire_id == ""
_IS_HELD = _JOBS.c.token.is_not(None) & (_JOBS.c.lost_claims > 0)


def _owe_a_turn(fresh: Any) -> Any:
    """While one runs, another follows it; what waits is tried now, its tries counted from 0."""
    is_ready = _JOBS.c.state == State.READY.value
    waits_longer = is_ready & (_JOBS.c.run_at < fresh.excluded.run_at)
    # It may wait for its second look: what an earlier try left on its way can still arrive, over this turn too.
    is_told_to_wait = is_ready & (func.coalesce(_JOBS.c.last_error, "") == RATE_LIMITED)
    is_put_off = is_ready & ~_IS_HELD & ~is_told_to_wait & (_JOBS.c.run_at > fresh.excluded.run_at)
    return fresh.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "turns": _JOBS.c.turns + 1,
            "state": State.READY.value,
            "run_at": case((_IS_HELD | waits_longer | is_told_to_wait, _JOBS.c.run_at), else_=fresh.excluded.run_at),
            "attempts": case((_IS_HELD, _JOBS.c.attempts), else_=0),
            "created_at": case((_IS_HELD, _JOBS.c.created_at), else_=fresh.excluded.created_at),
            "done_at": None,
            "message_ts": case((_IS_HELD, _JOBS.c.message_ts), else_=None),  # set, it would say: sent already
            "token": case((is_put_off, func.coalesce(_JOBS.c.token, _JOBS.c.wire_id)), else_=_JOBS.c.token),
            "payload": fresh.excluded.payload,
            "lane": fresh.excluded.lane,
            "wire_id": case((_IS_EMPTIED, fresh.excluded.wire_id), else_=_JOBS.c.wire_id),
        },
    )


_OWE_A_TURN = {name: _owe_a_turn(upsert(_JOBS)) for name, upsert in _DIALECTS}
_AGAIN = ("lane", "priority", "state", "run_at", "attempts", "lost_claims", "created_at", "done_at", "campaign_id")
_NOW: BindParameter[datetime] = bindparam("now", type_=_JOBS.c.run_at.type)
_IS_CLOSED = select(_LANES.c.lane).where(_LANES.c.lane == _JOBS.c.lane, _LANES.c.next_at > _NOW).exists()
_IS_PAUSED = (
    select(_CAMPAIGNS.c.id)
    .where(_CAMPAIGNS.c.id == _JOBS.c.campaign_id, _CAMPAIGNS.c.status == Status.PAUSED.value)
    .exists()
)
_DUE = (
    select(
        _JOBS.c.id,
        _JOBS.c.kind,
        _JOBS.c.payload,
        _JOBS.c.lane,
        _JOBS.c.priority,
        _JOBS.c.wire_id,
        _JOBS.c.attempts,
        _JOBS.c.lost_claims,
        _JOBS.c.created_at,
        _JOBS.c.first_sent_at,
        _JOBS.c.message_ts,
        _JOBS.c.token,
        _JOBS.c.campaign_id,
        _JOBS.c.turns,
    )
    .where(
        READY,
        _JOBS.c.priority.in_(tuple(Priority)),
        _JOBS.c.run_at <= _NOW,
        ~_IS_CLOSED,
        # Looking for stray copies of what was sent goes on, whatever became of its campaign.
        or_(_JOBS.c.campaign_id.is_(None), _JOBS.c.message_ts.is_not(None), ~_IS_PAUSED),
    )
    .order_by(_JOBS.c.priority, _JOBS.c.run_at, _JOBS.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
# What was enqueued for a later time and has not been begun: only time has made it due.
_IS_TIMER = (
    (_JOBS.c.run_at > _JOBS.c.created_at)
    & (_JOBS.c.attempts == 0)
    & (_JOBS.c.lost_claims == 0)
    & _JOBS.c.token.is_(None)
    & _JOBS.c.last_error.is_(None)
)
_DUE_BUT_TIMERS = _DUE.where(~_IS_TIMER)
_HOLD = (
    update(_JOBS)
    .where(_JOBS.c.id.in_(bindparam("held", expanding=True)))
    .values(
        run_at=bindparam("until"),
        token=bindparam("holder"),
        lost_claims=_JOBS.c.lost_claims + 1,
        first_sent_at=func.coalesce(_JOBS.c.first_sent_at, _NOW),
    )
)
_IF_HELD = (
    select(_JOBS.c.state, _JOBS.c.turns)
    .where(_JOBS.c.id == bindparam("held"), _JOBS.c.token == bindparam("holder"))
    .with_for_update()
)
_SETTLE = update(_JOBS).where(_JOBS.c.id == bindparam("held"))
_NEXT_DUE = select(
    *(
        select(func.min(_JOBS.c.run_at))
        .where(READY, _JOBS.c.priority == priority, _JOBS.c.run_at > _NOW)
        .scalar_subquery()
        for priority in Priority  # one by one: each is the first step in the index, however many timers wait
    ),
    select(func.min(_LANES.c.next_at)).where(_LANES.c.next_at > _NOW).scalar_subquery(),
)


def insert(session: Session, jobs: Sequence[Job], now: datetime, *, revive: bool = False) -> None:
    """In one statement of each kind; known keys that do not go by turns are left alone.

    With `revive`, what ended unsent is tried again, and still looked for before that.
    """
    if revive:
        fresh = insert_into(session)(JobRow)
        put = fresh.on_conflict_do_update(
            index_elements=["key"],
            set_={name: fresh.excluded[name] for name in _AGAIN},
            where=(JobRow.state != State.READY.value) & JobRow.message_ts.is_(None),
        )
        session.execute(put, [_row(job, now) for job in jobs])
        return
    dialect = session.get_bind().dialect.name
    for owe, by_turns in ((_OWE[dialect], False), (_OWE_A_TURN[dialect], True)):
        if rows := [_row(job, now) for job in jobs if job.by_turns is by_turns]:
            session.execute(owe, rows)


def _row(job: Job, now: datetime) -> dict[str, Any]:
    return {
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
        "done_at": None,
        "campaign_id": job.campaign_id,
        "turns": 1,
        "subject": job.subject,
    }


def claim(session: Session, now: datetime, limit: int, *, but_timers: bool = False) -> list[Claim]:
    """Up to `limit` due jobs, at most one of a lane, now held; empty only when nothing is due."""
    due = _DUE_BUT_TIMERS if but_timers else _DUE
    while rows := session.execute(due, {"now": now, "most": limit}).all():
        first_of_lane = {row.lane: row.id for row in reversed(rows) if row.lane is not None}
        won = _advance(session, sorted(first_of_lane), now)
        # Another process may have taken every lane seen; the next look does not see those any more.
        if held := [row for row in rows if row.lane is None or (row.lane in won and first_of_lane[row.lane] == row.id)]:
            token = uuid4().hex
            session.execute(
                _HOLD, {"held": [row.id for row in held], "until": now + LEASE, "holder": token, "now": now}
            )
            return [_claim(row, token, now) for row in held]
    return []


def void_what_is_to_come(session: Session, now: datetime) -> None:
    """After the clock went back, and at start: nothing waits because of a time that is still to come.

    What was enqueued then keeps its delay; a lane, a lease, or the wait for another try is over. Asking
    sooner than Slack wished costs one more refusal.
    """
    latest = now + MAY_WAIT
    session.execute(update(_LANES).where(_LANES.c.next_at > latest).values(next_at=now))
    # A process that holds one may be running it; such a lease goes on for as long as leases do.
    over = case((_JOBS.c.lost_claims > 0, now + LEASE), else_=now)
    was_tried = (_JOBS.c.attempts > 0) | (_JOBS.c.lost_claims > 0) | _JOBS.c.last_error.is_not(None)
    session.execute(update(_JOBS).where(READY, was_tried, _JOBS.c.run_at > latest).values(run_at=over))
    to_come = select(_JOBS.c.id, _JOBS.c.run_at, _JOBS.c.created_at, _JOBS.c.first_sent_at)
    for row in session.execute(to_come.where(READY, _JOBS.c.created_at > now)).all():
        run_at = min(row.run_at, max(now, row.run_at - (row.created_at - now)))
        first = row.first_sent_at and min(row.first_sent_at, now)
        values = {"run_at": run_at, "created_at": now, "first_sent_at": first}
        session.execute(update(_JOBS).where(_JOBS.c.id == row.id).values(values))


def state_if_held(session: Session, held: Claim) -> tuple[str | None, bool]:
    """And whether another turn was enqueued since; no state when the lease was lost to another claim, or it is gone."""
    row = session.execute(_IF_HELD, {"held": held.id, "holder": held.token}).one_or_none()
    return (None, False) if row is None else (row.state, row.turns != held.turns)


def settle(session: Session, held: Claim, **values: Any) -> None:
    """Write down how a claim came back; `values` are columns."""
    session.execute(_SETTLE, {"held": held.id, "lost_claims": 0, **values})


def done(session: Session, held: Claim, now: datetime, **values: Any) -> None:
    """There is nothing more to do for it."""
    told = {"created_at": day(now), "run_at": day(now)} if held.priority == Priority.REPORT else {}
    settle(session, held, state=State.DONE, done_at=now, token=None, **told, **values)


def next_turn(session: Session, held: Claim, now: datetime) -> None:
    """It was enqueued again while this turn was running; what an earlier try may still show is remembered."""
    token = held.token if held.doubtful else None
    again = {"state": State.READY, "run_at": now, "created_at": now, "done_at": None, "attempts": 0}
    settle(session, held, **again, token=token, message_ts=None)


def look_again(session: Session, late: Claim, run_at: datetime) -> None:
    """A late finisher may have left a copy beside what others sent meanwhile: have it looked for."""
    session.execute(
        update(JobRow)
        .where(
            JobRow.id == late.id,
            or_(
                (JobRow.state == State.DONE.value) & (JobRow.wire_id != ""),
                # The token changes, so that a second look just under way does not count as the last.
                (JobRow.state == State.READY.value) & JobRow.message_ts.is_not(None),
            ),
        )
        .values(state=State.READY.value, token=late.token, run_at=run_at, done_at=None)
    )


def do_again(session: Session, late: Claim, now: datetime) -> None:
    """A late finisher may have shown something old over what others showed meanwhile: have it shown again."""
    # One that just runs it loses its claim, for theirs may have been shown before this one. The next turn waits for
    # them, or until their lease ends: begun at once, it would be lost to them likewise, and so on until it is poison.
    session.execute(
        update(JobRow)
        .where(JobRow.id == late.id, JobRow.state.in_((State.READY.value, State.DONE.value)), JobRow.wire_id != "")
        .values(
            state=State.READY.value,
            token=None,
            run_at=case((_IS_HELD, JobRow.run_at), else_=now),
            done_at=None,
            message_ts=None,  # set, it would say: sent already
        )
    )


def hold_lane(session: Session, lane: str, now: datetime, until: datetime) -> None:
    """Slack asked to wait: nothing goes there until then, and a lane with a pace of its own goes on slower."""
    most = PACES.get(lane)
    if most is not None:
        # What was under way together is refused together, and counts once.
        held = select(LaneRow.next_at, LaneRow.pace).where(LaneRow.lane == lane).with_for_update()
        row = session.execute(held).one_or_none()
        if row is not None and row.next_at <= now + gap(row.pace or most):
            session.execute(update(LaneRow).where(LaneRow.lane == lane).values(pace=slower(row.pace or most)))
    fresh = insert_into(session)(LaneRow).values(lane=lane, next_at=until, pace=most)
    session.execute(
        fresh.on_conflict_do_update(
            index_elements=["lane"], set_={"next_at": fresh.excluded.next_at}, where=LaneRow.next_at < until
        )
    )


def prove_writable(session: Session, now: datetime) -> None:
    """Write something that changes nothing, also where no job is due."""
    turn = insert_into(session)(LaneRow).values(lane=_PROOF, next_at=now)
    session.execute(turn.on_conflict_do_update(index_elements=["lane"], set_={"next_at": turn.excluded.next_at}))


def next_due(session: Session, now: datetime) -> datetime | None:
    """When a job falls due or a lane opens next, after `now`."""
    moments = session.execute(_NEXT_DUE, {"now": now}).one()
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
        select(func.min(JobRow.run_at)).where(
            READY, JobRow.priority < Priority.BULK, JobRow.run_at < now, JobRow.campaign_id.is_(None)
        )
    ).scalar()


def forget(session: Session, now: datetime, *, sealed: Collection[str] = ()) -> bool:
    """Delete some of what ended long ago; False when none is left.

    The dead stay until someone decides; those of `sealed` kinds go with their case, or after a week if they have none.
    """
    old = or_(
        (JobRow.priority == Priority.REPORT) & (JobRow.done_at < now - REPORTS_FORGOTTEN_AFTER),
        JobRow.done_at < now - OTHERS_FORGOTTEN_AFTER,
    )
    some = select(JobRow.id).where(JobRow.done_at < now - REPORTS_FORGOTTEN_AFTER, old).limit(_FORGET_AT_ONCE)
    session.execute(delete(LaneRow).where(LaneRow.next_at < now - timedelta(days=1)))
    left = JobRow.kind.in_(sealed) & JobRow.subject.is_(None) & (JobRow.run_at < now - DEAD_ARE_KEPT)
    session.execute(delete(JobRow).where(DEAD, left))
    gone = session.execute(delete(JobRow).where(JobRow.id.in_(some)).returning(JobRow.id)).all()
    return len(gone) == _FORGET_AT_ONCE


def day(moment: datetime) -> datetime:
    """Its beginning."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _advance(session: Session, lanes: list[str], now: datetime) -> set[str]:
    """Take each lane's next turn where it is still open; this is the pace across processes."""
    won = {lane for lane in lanes if lane in PACES and _take_turn(session, lane, PACES[lane], now)}
    steady = [lane for lane in lanes if lane not in PACES]
    if not steady:
        return won
    turns = insert_into(session)(LaneRow).values([{"lane": lane, "next_at": now + LANE_GAP} for lane in steady])
    taken = turns.on_conflict_do_update(
        index_elements=["lane"], set_={"next_at": turns.excluded.next_at}, where=LaneRow.next_at <= now
    ).returning(LaneRow.lane)
    return won | set(session.execute(taken).scalars())


def _take_turn(session: Session, lane: str, most: float, now: datetime) -> bool:
    """The next turn of a lane with a pace of its own; False when another process was first."""
    row = session.execute(select(LaneRow.next_at, LaneRow.pace).where(LaneRow.lane == lane)).one_or_none()
    if row is None:
        first = insert_into(session)(LaneRow).values(lane=lane, next_at=now + gap(most), pace=most)
        return session.execute(first.on_conflict_do_nothing().returning(LaneRow.lane)).first() is not None
    pace = faster(row.pace or most, most)
    # Counted from when its turn was, not from when we came to it: otherwise every small delay would add up.
    turn = max(row.next_at, now - CATCH_UP) + gap(pace)
    taken = update(LaneRow).where(LaneRow.lane == lane, LaneRow.next_at == row.next_at, LaneRow.next_at <= now)
    return session.execute(taken.values(next_at=turn, pace=pace).returning(LaneRow.lane)).first() is not None


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
        campaign_id=row.campaign_id,
        turns=row.turns,
        token=token,
        claimed_at=now,
        doubtful=row.token is not None,
    )
