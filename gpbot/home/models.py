"""Which modals are open."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base


# See docs/decisions/0016-one-window-for-a-report.md
class WindowRow(Base):
    """An open modal that shows `subject`, so that it can be emptied; None for a list of what waits."""

    __tablename__ = "report_window"
    __table_args__ = (
        Index("ix_report_window_viewer", "viewer", "opened_at"),
        Index("ix_report_window_report", "report_id"),
    )

    view: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    viewer: Mapped[bytes] = mapped_column(LargeBinary)
    subject: Mapped[UUID | None] = mapped_column("report_id")  # as it is stored: it may be a question too
    content: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
