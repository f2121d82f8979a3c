"""The public channels, and what they are about."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base

# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
OPEN = text("NOT is_archived")


class ChannelRow(Base):
    """Who made it and who is in it are not kept: Slack ids of people stand in people's tables alone."""

    __tablename__ = "channel"
    __table_args__ = (
        Index("ix_channel_open", "name", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_channel_name", "name"),
    )

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    topic: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    searchable: Mapped[str] = mapped_column(Text)  # all three, folded
    is_archived: Mapped[bool]
    is_ours: Mapped[bool]
    created_at: Mapped[datetime]
    members: Mapped[int | None]
    seen_at: Mapped[datetime]  # last told of by Slack: what a whole reading does not show is gone


class ChannelTopic(Base):
    """As its purpose says (gpbot.directory.topics)."""

    __tablename__ = "channel_topic"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id", ondelete="CASCADE"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(100))


class ChannelList(Base):
    """When the whole list was last read from Slack; one row."""

    __tablename__ = "channel_list"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    complete_at: Mapped[datetime]
