"""Every query about people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, exists, func, literal, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from gpbot.db import insert_into, once, table_of
from gpbot.keyring import KeyRing
from gpbot.people import known_as, names, naming, roles
from gpbot.people.models import HERE, DeclaredConflict, MemberList, NameStart, Person, Role, WholeName
from gpbot.people.types import Conflict, Kind, Member, Profile, RoleHolder, RoleName, Roster
from gpbot.text import closed, is_blank, start_of

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
    )
    .join_from(table_of(Role), table_of(Person), _PERSON.id == _ROLE.person_id)
    .where(_ROLE.until.is_(None))
    .order_by(_ROLE.position, _ROLE.id)
)
_MEMBER_OF = select(
    _PERSON.id, _PERSON.slack_id, _PERSON.kind, _PERSON.deactivated, _PERSON.here_since, _PERSON.accepted_number
).where(_PERSON.id == bindparam("person"))
_MEMBER_OF_TO_WRITE = _MEMBER_OF.with_for_update()
_HOLDER, _OTHER = table_of(Person).alias("holder"), table_of(Person).alias("other")
_DECLARED = (
    select(_HOLDER.c.slack_id, _OTHER.c.slack_id, _CONFLICT.declared_at)
    .join_from(table_of(DeclaredConflict), _HOLDER, _HOLDER.c.id == _CONFLICT.person_id)
    .join(_OTHER, _OTHER.c.id == _CONFLICT.other_id)
)
_CONFLICTS_WITH = _DECLARED.where(_OTHER.c.slack_id.in_(bindparam("others", expanding=True)))
_MEMBER_CALLED = select(*(_PERSON[name] for name in MEMBER_FIELDS)).where(_PERSON.slack_id == bindparam("slack_id"))
_MEMBERS_CALLED = (
    select(*(_PERSON[name] for name in MEMBER_FIELDS))
    .where(_PERSON.slack_id.in_(bindparam("slack_ids", expanding=True)))
    .order_by(_PERSON.id)
)
_CONFLICTS_OF = _DECLARED.where(_HOLDER.c.slack_id == bindparam("holder")).order_by(_CONFLICT.id)

_WHOLE_NAME = table_of(WholeName).c
_IS_SOMEBODY = select(_WHOLE_NAME.name).where(_WHOLE_NAME.name.in_(bindparam("names", expanding=True))).limit(1)


def roster(session: Session) -> Roster:
    return once(session, "roster", lambda: _roster(session))


def _roster(session: Session) -> Roster:
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


def save(session: Session, keyring: KeyRing, profiles: Sequence[Profile], *, now: datetime) -> list[Member]:
    """Keep what Slack says of these accounts; those who came in (joined, or came back) are returned.

    Bots and strangers are not stored, unless they are known already. At most a page of profiles at once.
    """
    profiles = list({profile.slack_id: profile for profile in profiles}.values())
    known = {person.slack_id: person for person in _known(session, profiles)}
    came_in: list[str] = []
    with_role = set(session.scalars(select(Role.person_id).where(Role.until.is_(None))))
    called_before: dict[str, tuple[str, ...] | None] = {}
    for profile in profiles:
        person = known.get(profile.slack_id)
        if person is None:
            continue
        was_away = person.kind != Kind.UNKNOWN and (person.deactivated or not Kind(person.kind).is_here)
        is_here = profile.kind.is_here and not profile.deactivated
        fresh: dict[str, Any] = {"deactivated": profile.deactivated, "kind": profile.kind.value}
        if is_here and (person.here_since is None or (person.deactivated and not profile.deactivated)):
            fresh["here_since"] = now
        if person.id in with_role:
            display_name, real_name, title = _as_kept(profile)
            fresh |= {"display_name": display_name, "real_name": real_name, "title": title}
            called_before[person.slack_id] = _other_names(person, (display_name, real_name))
        for name, value in fresh.items():
            if getattr(person, name) != value:
                setattr(person, name, value)
        if is_here and was_away:
            came_in.append(person.slack_id)
    new = [
        {"slack_id": profile.slack_id, "kind": profile.kind.value, "here_since": now}
        for profile in profiles
        if profile.slack_id not in known and profile.kind.is_here and not profile.deactivated
    ]
    if new:
        # Another process may have heard of them at the same moment.
        empty = {"display_name": "", "real_name": "", "title": "", "deactivated": False, "accepted_number": 0}
        put = insert_into(session)(Person).values([empty | row for row in new])
        put = put.on_conflict_do_nothing(index_elements=["slack_id"]).returning(Person.slack_id)
        came_in += session.scalars(put)
    session.flush()
    if renamed := {slack_id: names for slack_id, names in called_before.items() if names is not None}:
        _note_renamed(session, keyring, renamed, now=now)
    _keep_names(session, keyring, profiles)
    return members(session, came_in)


def differ(session: Session, keyring: KeyRing, profiles: Sequence[Profile]) -> bool:
    """Whether Slack says anything new of these accounts."""
    known = {person.slack_id: person for person in _known(session, profiles)}
    with_role = {holder.slack_id for holder in roster(session).everyone}
    for profile in profiles:
        person = known.get(profile.slack_id)
        if person is None:
            if profile.kind.is_here and not profile.deactivated:
                return True
            continue
        if (person.kind, person.deactivated) != (profile.kind.value, profile.deactivated):
            return True
        kept = (person.display_name, person.real_name, person.title)
        if profile.slack_id in with_role and kept != _as_kept(profile):
            return True
    return _kept(session, profiles) != _hashes(session, keyring, profiles)


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


def is_somebody_in(session: Session, keyring: KeyRing, runs: Collection[str]) -> bool:
    """Whether one of these is the whole name of somebody here."""
    hashes = [_hash_of_whole(keyring, run) for run in sorted(runs)]
    return bool(hashes) and session.execute(_IS_SOMEBODY, {"names": hashes}).first() is not None


def _hash_of_whole(keyring: KeyRing, name: str) -> bytes:
    return keyring.hash("name-whole", name)[:16]


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


def note_list_complete(session: Session, at: datetime) -> None:
    fresh = insert_into(session)(MemberList).values(id=1, complete_at=at)
    session.execute(fresh.on_conflict_do_update(index_elements=["id"], set_={"complete_at": at}))


def give_role(session: Session, slack_id: str, name: RoleName, *, since: datetime, position: int = 0) -> None:
    holder, changed = person_id(session, slack_id), _next_change(session)
    session.add(Role(person_id=holder, name=name, position=position, since=since, changed=changed))
    session.flush()


def _next_change(session: Session) -> int:
    newest = session.execute(select(Role.changed).order_by(Role.changed.desc()).limit(1)).scalar_one_or_none()
    return (newest or 0) + 1


def _other_names(person: Person, called: tuple[str, str]) -> tuple[str, ...] | None:
    """What they were called and are not `called` any more; None when nothing about it changed."""
    before = (person.display_name, person.real_name)
    return tuple(name for name in before if name and name not in called) if before != called else None


def _note_renamed(
    session: Session, keyring: KeyRing, called_before: Mapping[str, Sequence[str]], *, now: datetime
) -> None:
    """These role holders are called otherwise from now on; what they were called is kept, sealed."""
    known_as.keep(session, keyring, called_before, now=now)
    holders = select(Person.id).where(Person.slack_id.in_(list(called_before)))
    session.execute(
        update(Role).where(Role.until.is_(None), Role.person_id.in_(holders)).values(changed=_next_change(session))
    )


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


def set_organisation(session: Session, slack_id: str, organisation: str, *, only_first: bool = False) -> None:
    """`only_first`: not where they were asked before."""
    query = update(Person).where(Person.id == person_id(session, slack_id))
    if only_first:
        query = query.where(Person.organisation.is_(None))
    session.execute(query.values(organisation=organisation))


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


def _holder(row: Row[str, str, str, str, str, bool, str, int, str | None]) -> RoleHolder:
    role, slack_id, display_name, real_name, title, deactivated, kind, changed, organisation = row
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


def _known(session: Session, profiles: Sequence[Profile]) -> Sequence[Person]:
    ids = [profile.slack_id for profile in profiles]
    return session.scalars(select(Person).where(Person.slack_id.in_(ids))).all()


_Hashes = set[tuple[bytes, int]]


def _hashes(session: Session, keyring: KeyRing, profiles: Sequence[Profile]) -> tuple[_Hashes, _Hashes]:
    """Of what these people's names begin with, and of the whole names, as they should be: none of who is not here."""
    slack_ids = [profile.slack_id for profile in profiles]
    rows = session.execute(select(Person.slack_id, Person.id).where(Person.slack_id.in_(slack_ids)))
    ids = {row.slack_id: row.id for row in rows}
    here = [each for each in profiles if each.slack_id in ids and each.kind.is_here and not each.deactivated]
    starts, whole = set(), set()
    for each in here:
        *known_as, title = _as_kept(each)
        person_id = ids[each.slack_id]
        starts |= {(hash_of(keyring, start), person_id) for start in names.starts(*known_as, title)}
        whole |= {(_hash_of_whole(keyring, name), person_id) for name in naming.whole_names(*known_as)}
    return starts, whole


def _as_kept(profile: Profile) -> tuple[str, str, str]:
    """Display name, real name and title, as long as there is room for."""
    return start_of(profile.display_name, 200), start_of(profile.real_name, 200), start_of(profile.title, 200)


def _kept(session: Session, profiles: Sequence[Profile]) -> tuple[_Hashes, _Hashes]:
    """The same, as they are kept."""
    theirs = select(Person.id).where(Person.slack_id.in_([profile.slack_id for profile in profiles]))
    starts = session.execute(select(NameStart.start, NameStart.person_id).where(NameStart.person_id.in_(theirs)))
    whole = session.execute(select(WholeName.name, WholeName.person_id).where(WholeName.person_id.in_(theirs)))
    return {(row[0], row[1]) for row in starts}, {(row[0], row[1]) for row in whole}


def _keep_names(session: Session, keyring: KeyRing, profiles: Sequence[Profile]) -> None:
    kept, wanted = _kept(session, profiles), _hashes(session, keyring, profiles)
    for column, had, has in zip((NameStart.start, WholeName.name), kept, wanted, strict=True):
        table = column.table
        if gone := had - has:
            of = (table.c[column.key] == bindparam("of_name"), table.c.person_id == bindparam("of_person"))
            session.connection().execute(
                delete(table).where(*of), [{"of_name": each, "of_person": person_id} for each, person_id in gone]
            )
        if fresh := has - had:
            # Another process may have heard of them at the same moment.
            session.connection().execute(
                insert_into(session)(table).on_conflict_do_nothing(),
                [{column.key: each, "person_id": person_id} for each, person_id in fresh],
            )


def _outstanding(query: _Query, number: int, *, guests: bool) -> _Query:
    query = query.where(HERE, Person.accepted_number < number)
    return query if guests else query.where(Person.kind == Kind.MEMBER.value)


def member_of(row: Any) -> Member:
    return Member(
        person_id=row.id,
        slack_id=row.slack_id,
        kind=Kind(row.kind),
        deactivated=row.deactivated,
        here_since=row.here_since,
        accepted_number=row.accepted_number,
    )
