"""Two tables: the jobs, and when each lane may be used next."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base

# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
READY = text("state = 'ready'")
DEAD = text("state = 'dead'")
ENDED = text("done_at IS NOT NULL")
OF_CAMPAIGN = text("campaign_id IS NOT NULL")
ABOUT = text("subject IS NOT NULL")
NOT_EMPTIED = text("priority = 1 AND done_at IS NOT NULL AND wire_id != ''")
OPEN = text("status IN ('running', 'paused')")


class State(StrEnum):
    READY = "ready"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


# See docs/decisions/0004-outbox-of-our-own.md
class JobRow(Base):
    """There is no running state: a claim moves `run_at` to the end of its lease, so a crash needs no sweeper.

    Sent and recorded but still `ready` (`message_ts` is set): a second look for stray copies is due. Of those with the
    priority of reports little is left once they have ended: when, to the day, and an hour later the key alone.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    wire_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    lane: Mapped[str | None] = mapped_column(String(60))
    priority: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    run_at: Mapped[datetime]  # due; while claimed, the end of the lease; when dead, the time of death
    attempts: Mapped[int] = mapped_column(SmallInteger)
    lost_claims: Mapped[int] = mapped_column(SmallInteger)  # claims in a row that never came back
    token: Mapped[str | None] = mapped_column(String(32))  # who holds it; on a due row: perhaps sent already
    first_sent_at: Mapped[datetime | None]  # first claimed, so no copy is older
    last_error: Mapped[str | None] = mapped_column(String(100))  # a code, never text
    created_at: Mapped[datetime]  # enqueued, or asked for again, since
    done_at: Mapped[datetime | None]  # done or cancelled
    message_ts: Mapped[str | None] = mapped_column(String(20))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    turns: Mapped[int] = mapped_column(default=1)  # how often it was enqueued, when it goes by turns
    subject: Mapped[UUID | None] = mapped_column(default=None)  # the case it is about, and goes with

    __table_args__ = (
        Index("ix_job_ready", "priority", "run_at", "id", sqlite_where=READY, postgresql_where=READY),
        Index("ix_job_dead", "id", sqlite_where=DEAD, postgresql_where=DEAD),
        Index("ix_job_ended", "done_at", sqlite_where=ENDED, postgresql_where=ENDED),
        Index("ix_job_subject", "subject", sqlite_where=ABOUT, postgresql_where=ABOUT),
        Index("ix_job_not_emptied", "done_at", sqlite_where=NOT_EMPTIED, postgresql_where=NOT_EMPTIED),
        Index("ix_job_campaign", "campaign_id", "state", sqlite_where=OF_CAMPAIGN, postgresql_where=OF_CAMPAIGN),
    )


class LaneRow(Base):
    __tablename__ = "lane"

    lane: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_at: Mapped[datetime]
    pace: Mapped[float | None] = mapped_column(Float)  # a minute, of a lane with a pace of its own


class Status(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class CampaignRow(Base):
    """One thing told to many. Its jobs are sent while it is running; one campaign of a kind is open at a time."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    kind: Mapped[str] = mapped_column(String(60))  # also of its jobs
    about: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(100))  # why it is paused or ended, when nobody asked for that
    cursor: Mapped[int] = mapped_column(BigInteger)  # the last one whose job was written
    fed: Mapped[bool]  # every job was written
    total: Mapped[int]  # as counted beforehand
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    told: Mapped[int]  # these three: once it has ended
    failed: Mapped[int]
    skipped: Mapped[int]
    channel_id: Mapped[str | None] = mapped_column(String(20))  # where its progress is told
    message_ts: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (Index("uq_campaign_open", "kind", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),)
