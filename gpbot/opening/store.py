"""Every query about openings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from gpbot.db import insert_into
from gpbot.opening.models import STUCK, WAITS, InviteeRow, OpeningRow
from gpbot.opening.steps import Step
from gpbot.opening.types import Counts, Opening, State
from gpbot.people.models import Person
from gpbot.text import start_of

_RECENT = timedelta(days=1)


def create(session: Session, proposal_id: UUID, name: str, now: datetime) -> bool:
    """False when there is one for this proposal."""
    fresh = insert_into(session)(OpeningRow).values(
        proposal_id=proposal_id,
        names=name,
        step=Step.CREATE.value,
        state=State.RUNNING.value,
        turn=1,
        is_own=False,
        left="",
        began_at=now,
        since=now,
    )
    put = fresh.on_conflict_do_nothing(index_elements=["proposal_id"]).returning(OpeningRow.proposal_id)
    return session.execute(put).first() is not None


def find(session: Session, proposal_id: UUID) -> Opening | None:
    query = select(OpeningRow).where(OpeningRow.proposal_id == proposal_id)
    row = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    return _opening(row) if row is not None else None


def change(session: Session, proposal_id: UUID, **columns: Any) -> None:
    session.execute(update(OpeningRow).where(OpeningRow.proposal_id == proposal_id).values(**columns))


def note_left(session: Session, opening: Opening, step: Step, code: str) -> None:
    """What is to be done by hand."""
    left = {**opening.left, step: code}
    change(session, opening.proposal_id, left=" ".join(f"{each}:{why}" for each, why in left.items()))


def owner(session: Session, channel_id: str) -> UUID | None:
    """The proposal that this channel was opened for."""
    return session.execute(
        select(OpeningRow.proposal_id).where(OpeningRow.channel_id == channel_id)
    ).scalar_one_or_none()


def other_channels(session: Session, opening: Opening) -> list[str]:
    """Channels of other openings that are new enough to be mistaken for this one's."""
    rows = session.scalars(
        select(OpeningRow.channel_id).where(
            OpeningRow.channel_id.is_not(None),
            OpeningRow.proposal_id != opening.proposal_id,
            OpeningRow.since > opening.since - _RECENT,
        )
    )
    return [channel_id for channel_id in rows if channel_id]


def stuck(session: Session, *, limit: int) -> list[Opening]:
    """The oldest first."""
    rows = session.scalars(select(OpeningRow).where(STUCK).order_by(OpeningRow.began_at).limit(limit))
    return [_opening(row) for row in rows]


def stuck_over(session: Session, name: str) -> list[Opening]:
    """Those that wait because of a name; there are few."""
    return [opening for opening in stuck(session, limit=1000) if opening.name == name]


# --- those who are to be added -------------------------------------------------------------------------------------


def add_invitees(session: Session, proposal_id: UUID, person_ids: Iterable[int]) -> None:
    """People who are known already stay as they are."""
    rows = [{"proposal_id": proposal_id, "person_id": person_id} for person_id in dict.fromkeys(person_ids)]
    for start in range(0, len(rows), 500):
        put = insert_into(session)(InviteeRow).values(rows[start : start + 500])
        session.execute(put.on_conflict_do_nothing(index_elements=["proposal_id", "person_id"]))


def waiting(session: Session, proposal_id: UUID, limit: int) -> list[str]:
    """Slack ids of those who were not asked to be added yet, always in the same order."""
    rows = session.scalars(
        select(Person.slack_id)
        .join(InviteeRow, InviteeRow.person_id == Person.id)
        .where(InviteeRow.proposal_id == proposal_id, WAITS)
        .order_by(InviteeRow.person_id)
        .limit(limit)
    )
    return list(rows)


def note_invited(session: Session, proposal_id: UUID, codes: Mapping[int, str]) -> None:
    """What Slack said of each, by person."""
    by_code: dict[str, list[int]] = {}
    for person_id, code in codes.items():
        by_code.setdefault(start_of(code, 100), []).append(person_id)
    for code, person_ids in by_code.items():
        session.execute(
            update(InviteeRow)
            .where(InviteeRow.proposal_id == proposal_id, InviteeRow.person_id.in_(person_ids))
            .values(code=code)
        )


def person_ids(session: Session, slack_ids: Sequence[str]) -> dict[str, int]:
    """By Slack id; people whom gpbot does not know are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(slack_ids), 500):
        some = select(Person.slack_id, Person.id).where(Person.slack_id.in_(slack_ids[start : start + 500]))
        found |= {row.slack_id: row.id for row in session.execute(some)}
    return found


def code_of(session: Session, proposal_id: UUID, person_id: int) -> tuple[str, str] | None:
    """The Slack id of somebody who was to be added, and what Slack said; None for people who were not asked."""
    row = session.execute(
        select(Person.slack_id, InviteeRow.code)
        .join(InviteeRow, InviteeRow.person_id == Person.id)
        .where(InviteeRow.proposal_id == proposal_id, InviteeRow.person_id == person_id, InviteeRow.code.is_not(None))
    ).one_or_none()
    return (row.slack_id, row.code) if row is not None else None


def counts(session: Session, proposal_id: UUID) -> Counts:
    is_added = and_(InviteeRow.code.is_not(None), InviteeRow.code == "")
    row = session.execute(
        select(
            func.count().label("of_all"),
            func.count().filter(is_added).label("added"),
            func.count().filter(InviteeRow.code.is_(None)).label("waiting"),
        ).where(InviteeRow.proposal_id == proposal_id)
    ).one()
    return Counts(added=row.added, waiting=row.waiting, not_added=row.of_all - row.added - row.waiting)


def _opening(row: OpeningRow) -> Opening:
    left = dict(each.split(":", 1) for each in row.left.split())
    return Opening(
        proposal_id=row.proposal_id,
        names=tuple(row.names.split()),
        step=Step(row.step),
        then=Step(row.then) if row.then else None,
        state=State(row.state),
        turn=row.turn,
        code=row.code or "",
        channel_id=row.channel_id or "",
        is_own=row.is_own,
        welcome_ts=row.welcome_ts or "",
        left={Step(step): code for step, code in left.items()},
        card=(row.card_channel_id, row.card_ts) if row.card_channel_id and row.card_ts else None,
        began_at=row.began_at,
        since=row.since,
    )
