"""Every query about arriving."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gpbot.db import insert_into
from gpbot.directory.types import Outcome
from gpbot.onboarding.models import ArrivalRow, ChosenChannel
from gpbot.onboarding.types import Chosen


def create(session: Session, person_id: int, spell: int) -> bool:
    """False when they were expected before."""
    put = insert_into(session)(ArrivalRow).values(person_id=person_id, spell=spell)
    put = put.on_conflict_do_nothing(index_elements=["person_id"]).returning(ArrivalRow.person_id)
    return session.execute(put).first() is not None


def find(session: Session, person_id: int, *, to_write: bool = False) -> ArrivalRow | None:
    query = select(ArrivalRow).where(ArrivalRow.person_id == person_id)
    return session.execute(query.with_for_update() if to_write else query).scalar_one_or_none()


def change(session: Session, person_id: int, **values: Any) -> None:
    session.execute(update(ArrivalRow).where(ArrivalRow.person_id == person_id).values(**values))


def claim(session: Session, person_id: int, welcomer_id: int) -> bool:
    """False when somebody else was first."""
    taken = session.execute(
        update(ArrivalRow)
        .where(ArrivalRow.person_id == person_id, ArrivalRow.welcomer_id.is_(None))
        .values(welcomer_id=welcomer_id)
        .returning(ArrivalRow.person_id)
    )
    return taken.first() is not None


def claimed_by(session: Session, welcomer_id: int) -> list[int]:
    """Whose welcome this person has claimed, of those whose words are still kept."""
    query = select(ArrivalRow.person_id).where(
        ArrivalRow.welcomer_id == welcomer_id, ArrivalRow.sealed_why.is_not(None)
    )
    return list(session.scalars(query.order_by(ArrivalRow.person_id)))


def choose(session: Session, person_id: int, channel_ids: Sequence[str]) -> int:
    """Which time of choosing it is."""
    last = session.execute(
        select(func.max(ChosenChannel.round)).where(ChosenChannel.person_id == person_id)
    ).scalar_one()
    number = (last or 0) + 1
    session.add_all(
        ChosenChannel(person_id=person_id, round=number, channel_id=channel_id, outcome=None)
        for channel_id in channel_ids
    )
    session.flush()
    return number


def note_outcome(session: Session, chosen: Chosen, outcome: Outcome) -> None:
    session.execute(
        update(ChosenChannel)
        .where(
            ChosenChannel.person_id == chosen.person_id,
            ChosenChannel.round == chosen.number,
            ChosenChannel.channel_id == chosen.channel_id,
        )
        .values(outcome=outcome.value)
    )


def chosen(session: Session, person_id: int, number: int | None = None) -> dict[str, Outcome | None]:
    """Channel id → how adding them ended, in that round, or in the last one of each channel."""
    query = select(ChosenChannel).where(ChosenChannel.person_id == person_id)
    if number is not None:
        query = query.where(ChosenChannel.round == number)
    rows = session.scalars(query.order_by(ChosenChannel.round, ChosenChannel.channel_id))
    return {row.channel_id: Outcome(row.outcome) if row.outcome else None for row in rows}
