"""Every query about quiet channels."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, TextClause, delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from gpbot.db import insert_into
from gpbot.people.models import Person
from gpbot.proposals.models import ProposalRow
from gpbot.quiet.models import ASKED, OFFERED, WATCHED, QuietChannelRow, QuietQuestionRow
from gpbot.quiet.types import Ending, Question, Reason, State, Watched
from gpbot.text import start_of

_ANSWERED, _DECIDED = aliased(Person), aliased(Person)
_WATCHED: Select[*tuple[Any, ...]] = (
    select(QuietChannelRow, ProposalRow.name, _ANSWERED.slack_id, _DECIDED.slack_id)
    .join(ProposalRow, ProposalRow.id == QuietChannelRow.proposal_id)
    .join(_ANSWERED, _ANSWERED.id == QuietChannelRow.answered_by, isouter=True)
    .join(_DECIDED, _DECIDED.id == QuietChannelRow.decided_by, isouter=True)
    .execution_options(populate_existing=True)
)


def create(session: Session, proposal_id: UUID, channel_id: str, since: datetime) -> None:
    """Once, however often it is opened."""
    fresh = insert_into(session)(QuietChannelRow).values(
        proposal_id=proposal_id, channel_id=channel_id, state=State.WATCHED.value, since=since, round=0
    )
    session.execute(fresh.on_conflict_do_nothing())


def find(session: Session, proposal_id: UUID, *, to_write: bool = False) -> Watched | None:
    query = _WATCHED.where(QuietChannelRow.proposal_id == proposal_id)
    found = session.execute(query.with_for_update(of=QuietChannelRow) if to_write else query).one_or_none()
    return _watched(*found) if found is not None else None


def of_channel(session: Session, channel_id: str) -> UUID | None:
    return session.execute(
        select(QuietChannelRow.proposal_id).where(QuietChannelRow.channel_id == channel_id)
    ).scalar_one_or_none()


def change(session: Session, proposal_id: UUID, **columns: Any) -> None:
    session.execute(update(QuietChannelRow).where(QuietChannelRow.proposal_id == proposal_id).values(**columns))


def silent(session: Session, until: datetime, *, but_not: Collection[str], limit: int) -> Sequence[UUID]:
    """Those of which nothing was heard after `until`, as far as is known, the longest first; not these channels."""
    return session.scalars(
        select(QuietChannelRow.proposal_id)
        .where(WATCHED, QuietChannelRow.since <= until, QuietChannelRow.channel_id.not_in(but_not))
        .order_by(QuietChannelRow.since, QuietChannelRow.proposal_id)
        .limit(limit)
    ).all()


def asked(session: Session, limit: int) -> Sequence[UUID]:
    """Those that wait for a steward's answer, the longest first."""
    return _waiting(session, ASKED, limit)


def offered(session: Session, limit: int) -> Sequence[UUID]:
    """Those that wait for the champions, the longest first."""
    return _waiting(session, OFFERED, limit)


def _waiting(session: Session, for_what: TextClause, limit: int) -> Sequence[UUID]:
    return session.scalars(
        select(QuietChannelRow.proposal_id)
        .where(for_what)
        .order_by(QuietChannelRow.began_at, QuietChannelRow.proposal_id)
        .limit(limit)
    ).all()


# --- who is asked --------------------------------------------------------------------------------------------------


def ask(session: Session, proposal_id: UUID, person_ids: Collection[int]) -> None:
    """These, and nobody who was asked before."""
    session.execute(delete(QuietQuestionRow).where(QuietQuestionRow.proposal_id == proposal_id))
    rows = [{"proposal_id": proposal_id, "person_id": person_id} for person_id in person_ids]
    if rows:
        session.execute(insert(QuietQuestionRow), rows)


def questions(session: Session, proposal_id: UUID) -> list[Question]:
    """All who were asked in the present round, whatever became of them."""
    rows = session.execute(
        select(Person.slack_id, QuietQuestionRow)
        .join(QuietQuestionRow, QuietQuestionRow.person_id == Person.id)
        .where(QuietQuestionRow.proposal_id == proposal_id)
        .order_by(Person.id)
        .execution_options(populate_existing=True)
    )
    return [_question(slack_id, row) for slack_id, row in rows]


def find_question(session: Session, proposal_id: UUID, person_id: int) -> Question | None:
    return next((each for each in questions(session, proposal_id) if each.person_id == person_id), None)


def asked_of(session: Session, person_id: int) -> Sequence[UUID]:
    """What this person was asked about and nobody has decided yet."""
    return session.scalars(
        select(QuietQuestionRow.proposal_id)
        .join(QuietChannelRow, QuietChannelRow.proposal_id == QuietQuestionRow.proposal_id)
        .where(
            QuietQuestionRow.person_id == person_id,
            QuietChannelRow.state.in_([State.ASKED.value, State.OFFERED.value]),
        )
        .order_by(QuietQuestionRow.proposal_id)
    ).all()


def note_message(session: Session, proposal_id: UUID, person_id: int, channel_id: str, message_ts: str) -> None:
    _change_question(session, proposal_id, person_id, channel_id=channel_id, message_ts=message_ts)


def note_not_reached(session: Session, proposal_id: UUID, person_id: int, code: str) -> None:
    _change_question(session, proposal_id, person_id, code=start_of(code, 100))


def _change_question(session: Session, proposal_id: UUID, person_id: int, **columns: str) -> None:
    session.execute(
        update(QuietQuestionRow)
        .where(QuietQuestionRow.proposal_id == proposal_id, QuietQuestionRow.person_id == person_id)
        .values(**columns)
    )


def _question(slack_id: str, row: QuietQuestionRow) -> Question:
    message = (row.channel_id, row.message_ts) if row.channel_id and row.message_ts else None
    return Question(person_id=row.person_id, slack_id=slack_id, message=message, is_reachable=row.code is None)


def _watched(row: QuietChannelRow, name: str, answered_by: str | None, decided_by: str | None) -> Watched:
    return Watched(
        proposal_id=row.proposal_id,
        channel_id=row.channel_id,
        name=name,
        state=State(row.state),
        since=row.since,
        round=row.round,
        began_at=row.began_at,
        reason=Reason(row.reason) if row.reason else None,
        answered_by=answered_by,
        ending=Ending(row.ending) if row.ending else None,
        decided_by=decided_by,
        code=row.code or "",
        card=(row.card_channel_id, row.card_ts) if row.card_channel_id and row.card_ts else None,
    )
