"""Every query about people."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.people.models import DeclaredConflict, Person, Role
from gpbot.people.types import Conflict, Profile, RoleHolder, RoleName, Roster

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
    )
    .join_from(table_of(Role), table_of(Person), _PERSON.id == _ROLE.person_id)
    .where(_ROLE.until.is_(None))
    .order_by(_ROLE.position, _ROLE.id)
)
_HOLDER, _OTHER = table_of(Person).alias("holder"), table_of(Person).alias("other")
_DECLARED = (
    select(_HOLDER.c.slack_id, _OTHER.c.slack_id, _CONFLICT.declared_at)
    .join_from(table_of(DeclaredConflict), _HOLDER, _HOLDER.c.id == _CONFLICT.person_id)
    .join(_OTHER, _OTHER.c.id == _CONFLICT.other_id)
)
_CONFLICTS_WITH = _DECLARED.where(_OTHER.c.slack_id.in_(bindparam("others", expanding=True)))
_CONFLICTS_OF = _DECLARED.where(_HOLDER.c.slack_id == bindparam("holder")).order_by(_CONFLICT.id)


def roster(session: Session) -> Roster:
    holders = [_holder(row) for row in session.execute(_ROSTER)]
    return Roster(
        champions=tuple(holder for holder in holders if holder.role is RoleName.CHAMPION),
        contacts=tuple(holder for holder in holders if holder.role is RoleName.CONTACT),
    )


def was_ever_seeded(session: Session) -> bool:
    return session.execute(select(Role.id).where(Role.name == RoleName.CHAMPION).limit(1)).first() is not None


def person_id(session: Session, slack_id: str) -> int:
    """The row of this Slack account, made when there is none yet."""
    found = session.execute(select(Person.id).where(Person.slack_id == slack_id)).scalar_one_or_none()
    if found is not None:
        return found
    person = Person(slack_id=slack_id)
    session.add(person)
    session.flush()
    return person.id


def save_profile(session: Session, profile: Profile) -> bool:
    """Keep what Slack says of someone known; True when it changed anything."""
    person = session.execute(select(Person).where(Person.slack_id == profile.slack_id)).scalar_one_or_none()
    if person is None:
        return False
    fresh = {
        "display_name": profile.display_name[:200],
        "real_name": profile.real_name[:200],
        "title": profile.title[:200],
        "deactivated": profile.deactivated,
    }
    changed = {name: value for name, value in fresh.items() if getattr(person, name) != value}
    for name, value in changed.items():
        setattr(person, name, value)
    return bool(changed)


def give_role(session: Session, slack_id: str, name: RoleName, *, since: datetime, position: int = 0) -> None:
    session.add(Role(person_id=person_id(session, slack_id), name=name, position=position, since=since))
    session.flush()


def move_contact(session: Session, slack_id: str, position: int) -> None:
    session.execute(
        update(Role)
        .where(Role.person_id == person_id(session, slack_id), Role.until.is_(None))
        .values(position=position)
    )


def end_role(session: Session, slack_id: str, *, until: datetime) -> None:
    session.execute(
        update(Role).where(Role.person_id == person_id(session, slack_id), Role.until.is_(None)).values(until=until)
    )


def declare_conflicts(session: Session, slack_id: str, others: Iterable[str], *, at: datetime) -> None:
    """`others` is the whole list now; what was declared before keeps its time."""
    holder = person_id(session, slack_id)
    wanted = {person_id(session, other) for other in others}
    known = set(session.scalars(select(DeclaredConflict.other_id).where(DeclaredConflict.person_id == holder)))
    session.execute(
        delete(DeclaredConflict).where(
            DeclaredConflict.person_id == holder, DeclaredConflict.other_id.in_(known - wanted)
        )
    )
    session.add_all(
        DeclaredConflict(person_id=holder, other_id=other, declared_at=at) for other in sorted(wanted - known)
    )
    session.flush()


def conflicts_with(session: Session, others: Iterable[str]) -> list[Conflict]:
    """Everyone who declared a conflict with one of `others`."""
    rows = session.execute(_CONFLICTS_WITH, {"others": list(others)})
    return [Conflict(holder_id=row[0], other_id=row[1], declared_at=row[2]) for row in rows]


def conflicts_of(session: Session, slack_id: str) -> list[str]:
    """Whom this person declared a conflict with, oldest first."""
    return [row[1] for row in session.execute(_CONFLICTS_OF, {"holder": slack_id})]


def _holder(row: Row[str, str, str, str, str, bool]) -> RoleHolder:
    role, slack_id, display_name, real_name, title, deactivated = row
    names = tuple(dict.fromkeys(name for name in (real_name, display_name) if name))
    return RoleHolder(
        slack_id=slack_id,
        role=RoleName(role),
        name=names[0] if names else slack_id,
        other_names=names[1:],
        title=title,
        # Somebody whose name is unknown could be named in a report without our noticing.
        reachable=bool(names) and not deactivated,
    )
