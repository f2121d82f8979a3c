"""The ids that Slack has given one channel after another."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base


# See docs/decisions/0055-channels-by-their-first-id.md
class MovedChannel(Base):
    """One id of a channel that has had several; the newest `since` is the one Slack takes."""

    __tablename__ = "moved_channel"

    slack_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    known_as: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
