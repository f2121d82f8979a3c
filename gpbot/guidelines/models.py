"""Versions, who agreed to which, and what was sent to whom."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base
from gpbot.people.models import ID


# See docs/decisions/0033-guidelines-are-final.md
class VersionRow(Base):
    """Never altered once it is here: the migration puts a trigger on it."""

    __tablename__ = "guidelines_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    markdown: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    is_major: Mapped[bool]
    changes: Mapped[str] = mapped_column(Text)  # Markdown
    attribution: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


class AcceptanceRow(Base):
    __tablename__ = "guidelines_acceptance"
    __table_args__ = (UniqueConstraint("person_id", "number"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(ForeignKey("guidelines_version.number"))
    sha256: Mapped[str] = mapped_column(String(64))
    accepted_at: Mapped[datetime]
    where: Mapped[str] = mapped_column(String(10))
    sealed_reason: Mapped[bytes | None] = mapped_column(LargeBinary)  # and who marked it, when it was by hand


class MessageRow(Base):
    """What was sent about the newest major version: the first message (0) and the reminders (1, 2, 3)."""

    __tablename__ = "guidelines_message"
    __table_args__ = (UniqueConstraint("person_id", "number", "spell", "nth"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    spell: Mapped[int] = mapped_column(BigInteger)  # which time of being here (people.types.Member)
    nth: Mapped[int] = mapped_column(SmallInteger)
    sent_at: Mapped[datetime]
    channel_id: Mapped[str] = mapped_column(String(20))
    message_ts: Mapped[str] = mapped_column(String(20))
