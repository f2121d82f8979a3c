"""Where the Desk message stands."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base


class DeskMessage(Base):
    __tablename__ = "desk_message"

    channel_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    message_ts: Mapped[str] = mapped_column(String(30))
