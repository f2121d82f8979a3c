"""Tables in which nobody's Slack id and nobody's words stand in clear."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from gpbot.db import Base
from gpbot.keyring import UnderMasterKey

ID = BigInteger().with_variant(Integer, "sqlite")
# Written out, never a bound value: SQLite uses a partial index only when the query repeats its condition.
OPEN = text("state = 'open'")
CLOSED = text("state = 'closed'")


class QuestionRow(Base):
    """`key` is its data key under the master keys, empty once erased; `head` opens with the data key."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_asker", "asker", "asked_at", "id"),
        Index("ix_question_open", "asked_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_question_closed", "closed_at", sqlite_where=CLOSED, postgresql_where=CLOSED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(UnderMasterKey)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    asker: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int]  # counts what happened; a clock that counts from an earlier turn has nothing to do
    card: Mapped[int]  # which posting of its card is the current one
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class QuestionEntryRow(Base):
    """Something written in a question: the question, an addition, an answer, a word of gpbot's own."""

    __tablename__ = "question_entry"
    __table_args__ = (Index("ix_question_entry_question", "question_id", "id"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    once: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True, default=None)


class QuestionMessageRow(Base):
    """A message gpbot sent about a question, so that it can be changed and taken back."""

    __tablename__ = "question_message"
    __table_args__ = (Index("ix_question_message_question", "question_id"),)

    id: Mapped[int] = mapped_column(ID, primary_key=True, init=False)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    kind: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = mapped_column(LargeBinary)
