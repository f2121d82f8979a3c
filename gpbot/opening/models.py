"""How far each opening is, and who was added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base

# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
STUCK = text("state = 'stuck'")
WAITS = text("code IS NULL")


class OpeningRow(Base):
    __tablename__ = "opening"
    __table_args__ = (Index("ix_opening_stuck", "began_at", sqlite_where=STUCK, postgresql_where=STUCK),)

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    names: Mapped[str] = mapped_column(Text)  # of the channel, with blanks between them; the last one counts
    step: Mapped[str] = mapped_column(String(12))
    then: Mapped[str | None] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int]
    code: Mapped[str | None] = mapped_column(String(100))
    channel_id: Mapped[str | None] = mapped_column(String(20), unique=True)
    is_own: Mapped[bool]
    welcome_ts: Mapped[str | None] = mapped_column(String(20))
    left: Mapped[str] = mapped_column(Text)  # step:code, with blanks between them
    card_channel_id: Mapped[str | None] = mapped_column(String(20))
    card_ts: Mapped[str | None] = mapped_column(String(20))
    began_at: Mapped[datetime]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class InviteeRow(Base):
    """Somebody who is to be added; `code` is what Slack said of it, "" where they are in the channel."""

    __tablename__ = "opening_invitee"
    __table_args__ = (
        Index("ix_opening_invitee_waits", "proposal_id", "person_id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("opening.proposal_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code: Mapped[str | None] = mapped_column(String(100))
