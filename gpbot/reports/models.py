"""Tables in which nobody's Slack id and nobody's words stand in clear."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base
from gpbot.keyring import UnderMasterKey

ID = BigInteger().with_variant(Integer, "sqlite")
# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
OPEN = text("state = 'open'")
CLOSED = text("state = 'closed'")
KEPT = text("state != 'erased'")


class DraftRow(Base):
    """What someone typed and has not sent; gone on Send, on delete, or after a day."""

    __tablename__ = "report_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(UnderMasterKey)
    owner: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ReportRow(Base):
    """`key` is its data key under the master keys, empty once erased; `head` opens with the data key."""

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_reporter", "reporter", "filed_at", "id"),
        Index("ix_report_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_report_closed", "closed_at", "id", sqlite_where=CLOSED, postgresql_where=CLOSED),
        Index("ix_report_compared", "compared", "id", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(UnderMasterKey)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    reporter: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    filed_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # The version of the roster with whose names its words were last compared.
    compared: Mapped[int] = mapped_column(default=0)


class ReaderRow(Base):
    """Someone it was shown to, was added, or is a contact while it is with them: never a right by itself."""

    __tablename__ = "report_reader"
    __table_args__ = (
        UniqueConstraint("report_id", "person"),
        Index("ix_report_reader_list", "person", "closed", "filed_at", "report_id"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    person: Mapped[bytes] = mapped_column(LargeBinary)
    how: Mapped[str] = mapped_column(String(10))
    filed_at: Mapped[datetime]
    closed: Mapped[bool] = mapped_column(default=False)


# See docs/decisions/0025-exclusions-hashed-with-report.md
class ExclusionRow(Base):
    """`person` tells who, `why` who and for which reason; both hashed together with the report."""

    __tablename__ = "report_exclusion"
    __table_args__ = (
        Index("ix_report_exclusion_report", "report_id"),
        Index("ix_report_exclusion_person", "person"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    person: Mapped[bytes] = mapped_column(LargeBinary)
    why: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class EntryRow(Base):
    """Something written in a report: the report, an addition, a note, a message either way, the close."""

    __tablename__ = "report_entry"
    __table_args__ = (Index("ix_report_entry_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    once: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True, default=None)


class NotificationRow(Base):
    """A direct message gpbot sent about a report, so that it can be taken back."""

    __tablename__ = "report_notification"
    __table_args__ = (Index("ix_report_notification_report", "report_id"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
