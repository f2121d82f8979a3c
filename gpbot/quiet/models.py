"""How each opened channel stands, and who was asked about it; nothing of what is said in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base

# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
WATCHED = text("state = 'watched'")
ASKED = text("state = 'asked'")
OFFERED = text("state = 'offered'")


class QuietChannelRow(Base):
    __tablename__ = "quiet_channel"
    __table_args__ = (
        Index("ix_quiet_channel_watched", "since", "proposal_id", sqlite_where=WATCHED, postgresql_where=WATCHED),
        Index("ix_quiet_channel_asked", "began_at", "proposal_id", sqlite_where=ASKED, postgresql_where=ASKED),
        Index("ix_quiet_channel_offered", "began_at", "proposal_id", sqlite_where=OFFERED, postgresql_where=OFFERED),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]
    round: Mapped[int]
    began_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(10))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ending: Mapped[str | None] = mapped_column(String(10))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    code: Mapped[str | None] = mapped_column(String(100))
    card_channel_id: Mapped[str | None] = mapped_column(String(20))
    card_ts: Mapped[str | None] = mapped_column(String(20))


class QuietQuestionRow(Base):
    """A steward who is asked in the channel's present round; `code` says why Slack did not take the message."""

    __tablename__ = "quiet_question"
    __table_args__ = (Index("ix_quiet_question_person_id", "person_id"),)

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("quiet_channel.proposal_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel_id: Mapped[str | None] = mapped_column(String(20))
    message_ts: Mapped[str | None] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(100))
