"""How what the settings name stood when it was last looked at."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base


class NamedPlace(Base):
    __tablename__ = "named_place"

    setting: Mapped[str] = mapped_column(String(40), primary_key=True)
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)  # of the id, which the settings hold
    looked_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(String(12), default="")
    sealed_members: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
