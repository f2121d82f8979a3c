"""Proposals, who supports them, what became of them, and concerns about them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base
from gpbot.keyring import UnderMasterKey
from gpbot.people.models import ID

# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
OPEN = text("state = 'open'")
HOLDS_ITS_NAME = text("state IN ('open', 'approved', 'stuck')")
DECIDED = text("decided_at IS NOT NULL")
WANTS_IN = text("wants_in")
KEPT = text("kept")


class ProposalRow(Base):
    """Its words are for everybody to read; who proposed it is a row of the people's table."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("uq_proposal_name", "name", unique=True, sqlite_where=HOLDS_ITS_NAME, postgresql_where=HOLDS_ITS_NAME),
        Index("ix_proposal_open", "proposed_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_proposal_decided", "decided_at", "id", sqlite_where=DECIDED, postgresql_where=DECIDED),
        Index("ix_proposal_proposer", "proposer_id", "proposed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    proposer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text)
    topics: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    supporters: Mapped[int]  # how many rows of `supporter` say so; counting them would take longer with each
    wanting: Mapped[int]
    version: Mapped[int]  # counts what changed; a message that shows an earlier one is drawn again
    card: Mapped[int]  # which posting of the champions' card is the current one; 0: none yet
    post: Mapped[int]  # which posting in the proposals channel is the current one
    is_missing: Mapped[bool]  # from the proposals channel: it could not be posted, or was deleted there
    proposed_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]  # from then on champions may approve
    decided_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    channel_id: Mapped[str | None] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(100))


class StewardRow(Base):
    __tablename__ = "proposal_steward"
    __table_args__ = (Index("ix_proposal_steward_person_id", "person_id"),)

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class SupporterRow(Base):
    """One for each member who ever pressed a button of a proposal."""

    __tablename__ = "supporter"
    __table_args__ = (
        Index("ix_supporter_person_id", "person_id"),
        Index("ix_supporter_wants_in", "proposal_id", "person_id", sqlite_where=WANTS_IN, postgresql_where=WANTS_IN),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    supports: Mapped[bool]
    wants_in: Mapped[bool]
    click: Mapped[str] = mapped_column(String(32))  # the last one; the same click delivered again changes nothing


class EventRow(Base):
    """Something said or decided; `content` opens with the key that belongs to no single report."""

    __tablename__ = "proposal_event"
    __table_args__ = (Index("ix_proposal_event_proposal_id", "proposal_id", "id"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    once: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True, default=None)


class ProposalMessageRow(Base):
    """A message about a proposal in a channel, so that it can be changed."""

    __tablename__ = "proposal_message"
    __table_args__ = (
        UniqueConstraint("channel_id", "message_ts"),
        Index("ix_proposal_message_proposal_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    place: Mapped[str] = mapped_column(String(10))
    channel_id: Mapped[str] = mapped_column(String(20))
    message_ts: Mapped[str] = mapped_column(String(20))


class ConcernRow(Base):
    """A concern about a proposal. `key` and `content` are empty once it is not kept any more, for whatever reason."""

    __tablename__ = "proposal_concern"
    __table_args__ = (
        Index("ix_proposal_concern_proposal_id", "proposal_id"),
        Index("ix_proposal_concern_kept", "at", "id", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    key: Mapped[bytes] = mapped_column(UnderMasterKey)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    kept: Mapped[bool]


class ConcernMessageRow(Base):
    """A direct message that told one of its readers, so that it can be taken back."""

    __tablename__ = "proposal_concern_message"
    __table_args__ = (Index("ix_proposal_concern_message_concern_id", "concern_id"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    concern_id: Mapped[UUID] = mapped_column(ForeignKey("proposal_concern.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
