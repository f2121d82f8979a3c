"""How far each newcomer is, and which channels they chose."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base


class ArrivalRow(Base):
    __tablename__ = "arrival"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    spell: Mapped[int] = mapped_column(BigInteger)  # which time of being here (people.types.Member)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    skipped_at: Mapped[datetime | None] = mapped_column(default=None)
    later_at: Mapped[datetime | None] = mapped_column(default=None)
    hello_at: Mapped[datetime | None] = mapped_column(default=None)
    why_at: Mapped[datetime | None] = mapped_column(default=None)
    sealed_why: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    welcomer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)  # asked after a week
    channel_id: Mapped[str | None] = mapped_column(String(20), default=None)  # of the newest direct message
    message_ts: Mapped[str | None] = mapped_column(String(20), default=None)
    card_channel_id: Mapped[str | None] = mapped_column(String(20), default=None)
    card_ts: Mapped[str | None] = mapped_column(String(20), default=None)


class ChosenChannel(Base):
    __tablename__ = "arrival_channel"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # which time of choosing
    channel_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    outcome: Mapped[str | None] = mapped_column(String(10))  # None: under way
