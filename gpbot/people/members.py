"""Members and those who hold a role, as every workflow looks them up in its own transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, literal, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from gpbot.db import once, table_of
from gpbot.keyring import KeyRing
from gpbot.people import names, roles, sealed_roster
from gpbot.people.models import HERE, DeclaredConflict, MemberList, NameStart, Person, Role
from gpbot.people.types import Conflict, Kind, Member, RoleHolder, RoleName, Roster
from gpbot.text import closed, is_blank

_Query = Select[*tuple[Any, ...]]
MEMBER_FIELDS = ("id", "slack_id", "kind", "deactivated", "here_since", "accepted_number")
_MEMBER: _Query = select(*(getattr(Person, name) for name in MEMBER_FIELDS))

# Built once: read on every click, and building one costs more than running it.
_ROLE, _PERSON, _CONFLICT = table_of(Role).c, table_of(Person).c, table_of(DeclaredConflict).c
_ROSTER = (
    select(
        _ROLE.name,
        _PERSON.slack_id,
        _PERSON.display_name,
        _PERSON.real_name,
        _PERSON.title,
        _PERSON.deactivated,
        _PERSON.kind,
        _ROLE.changed,
        _PERSON.organisation,
        _ROLE.position,
        sealed_roster.SEALED.scalar_subquery().label("sealed"),
    )
    .join_from(table_of(Role), table_of(Person), _PERSON.id == _ROLE.person_id)
    .where(_ROLE.until.is_(None))
    .order_by(_ROLE.position, _ROLE.id)
)
_A_MEMBER = select(*(_PERSON[name] for name in MEMBER_FIELDS))
_MEMBER_OF = _A_MEMBER.where(_PERSON.id == bindparam("person"))
_MEMBER_OF_TO_WRITE = _MEMBER_OF.with_for_update()
_HOLDER, _OTHER = table_of(Person).alias("holder"), table_of(Person).alias("other")
_DECLARED = (
    select(_HOLDER.c.slack_id, _OTHER.c.slack_id, _CONFLICT.declared_at)
    .join_from(table_of(DeclaredConflict), _HOLDER, _HOLDER.c.id == _CONFLICT.person_id)
    .join(_OTHER, _OTHER.c.id == _CONFLICT.other_id)
)
_CONFLICTS_WITH = _DECLARED.where(_OTHER.c.slack_id.in_(bindparam("others", expanding=True)))
_MEMBER_CALLED = _A_MEMBER.where(_PERSON.slack_id == bindparam("slack_id"))
_MEMBERS_CALLED = _A_MEMBER.where(_PERSON.slack_id.in_(bindparam("slack_ids", expanding=True))).order_by(_PERSON.id)
_CONFLICTS_OF = _DECLARED.where(_HOLDER.c.slack_id == bindparam("holder")).order_by(_CONFLICT.id)


def roster(session: Session) -> Roster:
    return once(session, "roster", lambda: _roster(session))


def _roster(session: Session) -> Roster:
    rows = session.execute(_ROSTER).all()
    if rows:
        sealed_roster.note(session, rows[0].sealed)
    # The tables only find them: a role, or another name, that was put there by somebody else counts for nothing.
    holders = [_holder(row) for row in rows if sealed_roster.is_as_sealed(session, row)]
    return Roster(
        champions=tuple(holder for holder in holders if holder.role is RoleName.CHAMPION),
        contacts=tuple(holder for holder in holders if holder.role is RoleName.CONTACT),
    )


def _holder(row: Row[str, str, str, str, str, bool, str, int, str | None, int, bytes | None]) -> RoleHolder:
    role, slack_id, display_name, real_name, title, deactivated, kind, changed, organisation, *_ = row
    bar = roles.bar(RoleName(role), Kind(kind), deactivated=deactivated)
    called = tuple(dict.fromkeys(name for name in (closed(real_name), closed(display_name)) if not is_blank(name)))
    return RoleHolder(
        slack_id=slack_id,
        role=RoleName(role),
        name=called[0] if called else slack_id,
        other_names=called[1:],
        title=title,
        # Somebody whose name is unknown could be named in a report without our noticing.
        reachable=bool(called) and bar is None,
        bar=bar,
        changed=changed,
        organisation=organisation or "",
    )


def members(session: Session, slack_ids: Sequence[str]) -> list[Member]:
    """In the order in which they came to be known; people who are unknown are left out."""
    return [member_of(row) for row in session.execute(_MEMBERS_CALLED, {"slack_ids": list(slack_ids)})]


def member_called(session: Session, slack_id: str) -> Member | None:
    return once(session, ("member", slack_id), lambda: _member_called(session, slack_id))


def _member_called(session: Session, slack_id: str) -> Member | None:
    row = session.execute(_MEMBER_CALLED, {"slack_id": slack_id}).one_or_none()
    return member_of(row) if row is not None else None


def member(session: Session, person_id: int, *, to_write: bool = False) -> Member | None:
    row = session.execute(_MEMBER_OF_TO_WRITE if to_write else _MEMBER_OF, {"person": person_id}).one_or_none()
    return member_of(row) if row is not None else None


def member_of(row: Any) -> Member:
    return Member(
        person_id=row.id,
        slack_id=row.slack_id,
        kind=Kind(row.kind),
        deactivated=row.deactivated,
        here_since=row.here_since,
        accepted_number=row.accepted_number,
    )


def person_id(session: Session, slack_id: str) -> int:
    """The row of this Slack account, made when there is none yet."""
    found = session.execute(select(Person.id).where(Person.slack_id == slack_id)).scalar_one_or_none()
    if found is not None:
        return found
    person = Person(slack_id=slack_id)
    session.add(person)
    session.flush()
    return person.id


def conflicts_with(session: Session, others: Iterable[str]) -> list[Conflict]:
    """Everyone who declared a conflict with one of `others`."""
    others = set(others)
    found = {(row[0], row[1]): row[2] for row in session.execute(_CONFLICTS_WITH, {"others": list(others)})}
    for holder, declared in sealed_roster.read(session).get(sealed_roster.CONFLICTS, {}).items():
        found |= {(holder, other): datetime.fromisoformat(at) for other, at in declared.items() if other in others}
    return [Conflict(holder_id=holder, other_id=other, declared_at=at) for (holder, other), at in found.items()]


def conflicts_of(session: Session, slack_id: str) -> list[str]:
    """Whom this person declared a conflict with, oldest first."""
    stored = [row[1] for row in session.execute(_CONFLICTS_OF, {"holder": slack_id})]
    sealed = sealed_roster.read(session).get(sealed_roster.CONFLICTS, {}).get(slack_id, ())
    return list(dict.fromkeys([*stored, *sealed]))


def not_accepted(session: Session, number: int, *, guests: bool, after: tuple[int, int], limit: int) -> list[Member]:
    """Who is here and has not agreed to version `number` or a later one, those who never agreed to any first.

    `after` is the last one's `accepted_number` and `person_id`; a page costs the same however many people there are.
    """
    rows = session.execute(
        _outstanding(_MEMBER, number, guests=guests)
        .where(tuple_(Person.accepted_number, Person.id) > tuple_(*map(literal, after)))
        .order_by(Person.accepted_number, Person.id)
        .limit(limit)
    ).all()
    return [member_of(row) for row in rows]


def not_accepted_called(
    session: Session, keyring: KeyRing, number: int, text: str, *, guests: bool, after: int, limit: int
) -> list[Member]:
    """Those of the same people in whose name or title a word begins with each word of `text`.

    In the order in which they came to be known; `text` holds a letter or digit. People who are called otherwise are not
    looked at.
    """
    # The longest is in the fewest names.
    first, *others = [hash_of(keyring, start) for start in sorted(names.searched(text), key=lambda each: -len(each))]
    query = _outstanding(_MEMBER, number, guests=guests).join(NameStart, NameStart.person_id == Person.id)
    for other in others:
        also = aliased(NameStart)
        query = query.where(exists().where(also.start == other, also.person_id == NameStart.person_id))
    rows = session.execute(
        query.where(NameStart.start == first, NameStart.person_id > after).order_by(NameStart.person_id).limit(limit)
    ).all()
    return [member_of(row) for row in rows]


def hash_of(keyring: KeyRing, start: str) -> bytes:
    return keyring.hash("name-start", start)[:16]


def _outstanding(query: _Query, number: int, *, guests: bool) -> _Query:
    query = query.where(HERE, Person.accepted_number < number)
    return query if guests else query.where(Person.kind == Kind.MEMBER.value)


def count_not_accepted(session: Session, number: int, *, guests: bool, cap: int | None) -> int:
    """At most `cap`."""
    found = (
        _outstanding(select(Person.id), number, guests=guests).order_by(Person.accepted_number).limit(cap).subquery()
    )
    return session.execute(select(func.count()).select_from(found)).scalar_one()


def count_accepted(session: Session, number: int, *, guests: bool, cap: int) -> int:
    """At most `cap`."""
    found = select(Person.id).where(HERE, Person.accepted_number >= number)
    found = found if guests else found.where(Person.kind == Kind.MEMBER.value)
    # In the order of its index, by which PostgreSQL then goes however many there are.
    some = found.order_by(Person.accepted_number.desc()).limit(cap).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def note_accepted(session: Session, person_id: int, number: int) -> None:
    session.execute(
        update(Person).where(Person.id == person_id, Person.accepted_number < number).values(accepted_number=number)
    )


def list_complete_at(session: Session) -> datetime | None:
    """When all of Slack's list had last been read; None before the first time."""
    return session.execute(select(MemberList.complete_at)).scalar_one_or_none()
