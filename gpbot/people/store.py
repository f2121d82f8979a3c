"""Every query about people."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session, aliased

from gpbot.people.models import DeclaredConflict, Person, Role
from gpbot.people.types import Conflict, Profile, RoleHolder, RoleName, Roster


def roster(session: Session) -> Roster:
    rows = session.execute(
        select(
            Role.name,
            Person.slack_id,
            Person.display_name,
            Person.real_name,
            Person.title,
            Person.deactivated,
        )
        .join(Person, Person.id == Role.person_id)
        .where(Role.until.is_(None))
        .order_by(Role.position, Role.id)
    ).all()
    holders = [_holder(row) for row in rows]
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
    holder, other = aliased(Person), aliased(Person)
    rows = session.execute(
        select(holder.slack_id, other.slack_id, DeclaredConflict.declared_at)
        .join(holder, holder.id == DeclaredConflict.person_id)
        .join(other, other.id == DeclaredConflict.other_id)
        .where(other.slack_id.in_(list(others)))
    )
    return [Conflict(holder_id=row[0], other_id=row[1], declared_at=row[2]) for row in rows]


def conflicts_of(session: Session, slack_id: str) -> list[str]:
    """Whom this person declared a conflict with, oldest first."""
    holder, other = aliased(Person), aliased(Person)
    return list(
        session.scalars(
            select(other.slack_id)
            .join(DeclaredConflict, DeclaredConflict.other_id == other.id)
            .join(holder, holder.id == DeclaredConflict.person_id)
            .where(holder.slack_id == slack_id)
            .order_by(DeclaredConflict.id)
        )
    )


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
