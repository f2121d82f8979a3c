"""The only tables in which Slack ids stand in clear."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base

ID = BigInteger().with_variant(Integer, "sqlite")


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    slack_id: Mapped[str] = mapped_column(String(20), unique=True)
    display_name: Mapped[str] = mapped_column(String(200), default="")
    real_name: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    deactivated: Mapped[bool] = mapped_column(default=False)


class Role(Base):
    """A champion or an escalation contact; the time they held the role is kept."""

    __tablename__ = "role"
    __table_args__ = (
        Index("uq_role_held", "person_id", unique=True, sqlite_where=text("until IS NULL"),
              postgresql_where=text("until IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)


class DeclaredConflict(Base):
    """Someone a champion or contact said beforehand they should not handle reports about."""

    __tablename__ = "declared_conflict"
    __table_args__ = (UniqueConstraint("person_id", "other_id"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]
