"""Which messages in channels show a proposal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.proposals.models import ProposalMessageRow
from gpbot.proposals.types import Place

# Built once: they are what a press of a button runs, and building one costs more than running it.
_MESSAGES = table_of(ProposalMessageRow)
_MESSAGES_OF = select(_MESSAGES.c.id).where(_MESSAGES.c.proposal_id == bindparam("proposal"))


def _noting(insert_of: Any) -> Any:
    put = insert_of(_MESSAGES).values(
        {name: bindparam(f"new_{name}") for name in ("proposal_id", "place", "channel_id", "message_ts")}
    )
    put = put.on_conflict_do_nothing(index_elements=["channel_id", "message_ts"])
    return put.returning(_MESSAGES.c.id)


_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_NOTE_MESSAGE = {name: _noting(insert_of) for name, insert_of in _INSERTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: int
    proposal_id: UUID
    place: Place
    channel_id: str
    message_ts: str


class Messages:
    def note_message(
        self, session: Session, proposal_id: UUID, place: Place, *, channel_id: str, message_ts: str
    ) -> int | None:
        """Its id; None when it is known."""
        values: dict[str, Any] = {"proposal_id": proposal_id, "place": place.value, "channel_id": channel_id}
        values |= {"message_ts": message_ts}
        noting = _NOTE_MESSAGE[session.get_bind().dialect.name]
        row = session.execute(noting, {f"new_{name}": value for name, value in values.items()}).one_or_none()
        return None if row is None else int(row.id)

    def find_message(self, session: Session, number: int) -> Message | None:
        row = session.get(ProposalMessageRow, number, populate_existing=True)
        return _message(row) if row is not None else None

    def messages(self, session: Session, proposal_id: UUID, place: Place) -> list[Message]:
        rows = session.scalars(
            select(ProposalMessageRow).where(
                ProposalMessageRow.proposal_id == proposal_id, ProposalMessageRow.place == place.value
            )
        )
        return [_message(row) for row in rows]

    def forget_message(self, session: Session, number: int) -> None:
        session.execute(delete(ProposalMessageRow).where(ProposalMessageRow.id == number))

    def message_ids(self, session: Session, proposal_id: UUID) -> Sequence[int]:
        return session.execute(_MESSAGES_OF, {"proposal": proposal_id}).scalars().all()


def _message(row: ProposalMessageRow) -> Message:
    return Message(
        id=row.id,
        proposal_id=row.proposal_id,
        place=Place(row.place),
        channel_id=row.channel_id,
        message_ts=row.message_ts,
    )
