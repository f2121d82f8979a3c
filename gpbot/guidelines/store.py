"""Every query about guidelines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gpbot.db import insert_into, table_of
from gpbot.guidelines.models import AcceptanceRow, MessageRow, VersionRow
from gpbot.guidelines.types import Acceptance, Outstanding, Version, Where
from gpbot.people.members import member_of
from gpbot.people.models import HERE, Person
from gpbot.people.types import Kind, Member

# Built once: run for every member who is told, and building one costs more than running it.
_VERSION, _ACCEPTED, _MESSAGE = table_of(VersionRow), table_of(AcceptanceRow), table_of(MessageRow)
_NUMBERS = select(
    select(func.max(_VERSION.c.number)).scalar_subquery(),
    select(func.max(_VERSION.c.number)).where(_VERSION.c.is_major).scalar_subquery(),
)
_VERSION_OF = select(_VERSION).where(_VERSION.c.number == bindparam("number"))
_NEWEST_ACCEPTANCE = (
    select(_ACCEPTED.c.number, _ACCEPTED.c.sha256, _ACCEPTED.c.accepted_at, _ACCEPTED.c.where)
    .where(_ACCEPTED.c.person_id == bindparam("person"))
    .order_by(_ACCEPTED.c.number.desc())
    .limit(1)
)
_TOLD_AT = select(_MESSAGE.c.sent_at).where(
    _MESSAGE.c.person_id == bindparam("person"),
    _MESSAGE.c.number == bindparam("number"),
    _MESSAGE.c.spell == bindparam("spell"),
    _MESSAGE.c.nth == 0,
)
_NOTE_MESSAGE = {
    name: upsert(_MESSAGE).on_conflict_do_nothing(index_elements=["person_id", "number", "spell", "nth"])
    for name, upsert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def numbers(session: Session) -> tuple[int, int]:
    """The newest version, and the newest major one; 0 and 0 when there is none."""
    newest, major = session.execute(_NUMBERS).one()
    return newest or 0, major or 0


def find(session: Session, number: int) -> Version | None:
    row = session.execute(_VERSION_OF, {"number": number}).one_or_none()
    return _version(row) if row is not None else None


def versions(session: Session) -> list[Version]:
    """The newest first."""
    return [_version(row) for row in session.scalars(select(VersionRow).order_by(VersionRow.number.desc()))]


def create(session: Session, fresh: Version) -> bool:
    """False when another process published this number first."""
    values = {name: getattr(fresh, name) for name in Version.__dataclass_fields__}
    put = insert_into(session)(VersionRow).values(values).on_conflict_do_nothing()
    return session.execute(put.returning(VersionRow.number)).first() is not None


def newest_acceptance(session: Session, person_id: int) -> Acceptance | None:
    row = session.execute(_NEWEST_ACCEPTANCE, {"person": person_id}).one_or_none()
    if row is None:
        return None
    return Acceptance(number=row.number, sha256=row.sha256, accepted_at=row.accepted_at, where=Where(row.where))


def accept(
    session: Session, person_id: int, version: Version, *, at: datetime, where: Where, sealed_reason: bytes | None
) -> bool:
    """False when they had agreed to this version before; what was recorded then stays as it is."""
    values = {
        "person_id": person_id,
        "number": version.number,
        "sha256": version.sha256,
        "accepted_at": at,
        "where": where.value,
        "sealed_reason": sealed_reason,
    }
    put = insert_into(session)(AcceptanceRow).values(values)
    put = put.on_conflict_do_nothing(index_elements=["person_id", "number"]).returning(AcceptanceRow.id)
    return session.execute(put).first() is not None


def told_at(session: Session, member: Member, number: int) -> datetime | None:
    """When this person was told about major version `number`, in their present time of being here."""
    values = {"person": member.person_id, "number": number, "spell": member.spell}
    return session.execute(_TOLD_AT, values).scalar_one_or_none()


def note_message(
    session: Session, member: Member, number: int, nth: int, *, at: datetime, channel_id: str, message_ts: str
) -> None:
    values = {
        "person_id": member.person_id,
        "number": number,
        "spell": member.spell,
        "nth": nth,
        "sent_at": at,
        "channel_id": channel_id,
        "message_ts": message_ts,
    }
    session.execute(_NOTE_MESSAGE[session.get_bind().dialect.name], values)


def messages(session: Session, person_id: int) -> list[tuple[str, str]]:
    """Channel id and ts of everything sent to this person with buttons on it, oldest first."""
    rows = session.execute(
        select(MessageRow.channel_id, MessageRow.message_ts)
        .where(MessageRow.person_id == person_id)
        .order_by(MessageRow.id)
    )
    return [(row.channel_id, row.message_ts) for row in rows]


def with_what_was_sent(session: Session, people: Sequence[Member], number: int) -> list[Outstanding]:
    rows = session.execute(
        select(MessageRow.person_id, MessageRow.spell, MessageRow.nth, MessageRow.sent_at).where(
            MessageRow.person_id.in_([member.person_id for member in people]), MessageRow.number == number
        )
    ).all()
    found = []
    for member in people:
        theirs = {
            row.nth: row.sent_at for row in rows if (row.person_id, row.spell) == (member.person_id, member.spell)
        }
        found.append(Outstanding(member=member, told_at=theirs.get(0), reminders=max(theirs, default=0)))
    return found


def to_tell(session: Session, required: int, *, guests: bool, after: int, limit: int) -> list[Member]:
    """Who is here, has not agreed to major version `required`, and was not told about it; by id."""
    query = (
        select(Person.id, Person.slack_id, Person.kind, Person.deactivated, Person.here_since, Person.accepted_number)
        .where(*_to_tell(required, guests=guests), Person.id > after)
        .order_by(Person.id)
        .limit(limit)
    )
    return [member_of(row) for row in session.execute(query).all()]


def count_to_tell(session: Session, required: int, *, guests: bool) -> int:
    """All of them: this is for a preview, not for a page that people open."""
    return session.execute(select(func.count(Person.id)).where(*_to_tell(required, guests=guests))).scalar_one()


def _to_tell(required: int, *, guests: bool) -> list[ColumnElement[bool] | TextClause]:
    # Looked up one by one: of NOT EXISTS PostgreSQL makes a join that reads every message there is.
    told = (
        select(MessageRow.nth)
        .where(MessageRow.person_id == Person.id, MessageRow.number == required, MessageRow.nth == 0)
        .limit(1)
        .scalar_subquery()
    )
    expected: list[ColumnElement[bool] | TextClause] = [HERE, Person.accepted_number < required, told.is_(None)]
    return expected if guests else [*expected, Person.kind == Kind.MEMBER.value]


def _version(row: Any) -> Version:
    return Version(**{name: getattr(row, name) for name in Version.__dataclass_fields__})
