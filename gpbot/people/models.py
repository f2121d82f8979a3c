"""The only tables in which Slack ids stand in clear."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base

ID = BigInteger().with_variant(Integer, "sqlite")

# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
HERE = text("NOT deactivated AND kind IN ('member', 'guest')")


class Person(Base):
    """One account. Names are kept only of those who hold a role; Slack shows everybody else's."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_accepted", "accepted_number", "id", sqlite_where=HERE, postgresql_where=HERE),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    slack_id: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(10), default="unknown")
    here_since: Mapped[datetime | None] = mapped_column(default=None)  # joined, or came back
    accepted_number: Mapped[int] = mapped_column(default=0)  # the newest version of the guidelines they agreed to
    display_name: Mapped[str] = mapped_column(String(200), default="")
    real_name: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str | None] = mapped_column(String(200), default=None)  # of role holders; None: not asked yet
    deactivated: Mapped[bool] = mapped_column(default=False)


class NameStart(Base):
    """A keyed hash of what a word in somebody's name or title begins with: it can be looked for, and not be read."""

    __tablename__ = "name_start"
    __table_args__ = (Index("ix_name_start_person_id", "person_id"), {"sqlite_with_rowid": False})

    start: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # 16 bytes
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class WholeName(Base):
    """A keyed hash of a whole name somebody here goes by: that words hold it can be found out, and it not be read."""

    __tablename__ = "whole_name"
    __table_args__ = (Index("ix_whole_name_person_id", "person_id"), {"sqlite_with_rowid": False})

    name: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # 16 bytes
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Role(Base):
    """A champion or an escalation contact; the time they held the role is kept."""

    __tablename__ = "role"
    __table_args__ = (
        Index("ix_role_changed", "changed"),
        Index("uq_role_held", "person_id", unique=True, sqlite_where=text("until IS NULL"),
              postgresql_where=text("until IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    since: Mapped[datetime]
    # Counted over all roles: when this one was given, or its holder's name changed.
    changed: Mapped[int] = mapped_column(default=1)
    until: Mapped[datetime | None] = mapped_column(default=None)


class DeclaredConflict(Base):
    """Someone a champion or contact said beforehand they should not handle reports about."""

    __tablename__ = "declared_conflict"
    __table_args__ = (UniqueConstraint("person_id", "other_id"), Index("ix_declared_conflict_other", "other_id"))

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]


class SealedRoster(Base):
    """What role holders were called until not long ago, shown nowhere; one row, which opens with the box key."""

    __tablename__ = "sealed_roster"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class MemberList(Base):
    """When the whole list was last read from Slack; one row."""

    __tablename__ = "member_list"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    complete_at: Mapped[datetime]
