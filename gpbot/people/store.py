"""Every other query about people: who they are to Slack, what they are called, and their roles."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from gpbot.db import insert_into, table_of
from gpbot.keyring import KeyRing
from gpbot.people import known_as, names, naming, sealed_roster
from gpbot.people.members import hash_of, members, person_id, roster
from gpbot.people.models import DeclaredConflict, MemberList, NameStart, Person, Role, WholeName
from gpbot.people.types import Kind, Member, Profile, RoleName
from gpbot.text import start_of

_WHOLE_NAME = table_of(WholeName).c
_IS_SOMEBODY = select(_WHOLE_NAME.name).where(_WHOLE_NAME.name.in_(bindparam("names", expanding=True))).limit(1)


def was_ever_seeded(session: Session) -> bool:
    return session.execute(select(Role.id).where(Role.name == RoleName.CHAMPION).limit(1)).first() is not None


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
        _note_renamed(session, renamed, now=now)
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
    ids = {slack_id: person.id for slack_id, person in known.items()}
    return _kept(session, profiles) != _hashes(keyring, profiles, ids)


def is_somebody_in(session: Session, keyring: KeyRing, runs: Collection[str]) -> bool:
    """Whether one of these is the whole name of somebody here."""
    hashes = [_hash_of_whole(keyring, run) for run in sorted(runs)]
    return bool(hashes) and session.execute(_IS_SOMEBODY, {"names": hashes}).first() is not None


def _hash_of_whole(keyring: KeyRing, name: str) -> bytes:
    return keyring.hash("name-whole", name)[:16]


def note_list_complete(session: Session, at: datetime) -> None:
    fresh = insert_into(session)(MemberList).values(id=1, complete_at=at)
    session.execute(fresh.on_conflict_do_update(index_elements=["id"], set_={"complete_at": at}))


def give_role(session: Session, slack_id: str, name: RoleName, *, since: datetime, position: int = 0) -> None:
    holder, changed = person_id(session, slack_id), _next_change(session)
    # One that stands there counts for nothing: somebody altered it, and perhaps the name, which Slack will say.
    held_before = update(Role).where(Role.person_id == holder, Role.until.is_(None)).values(until=since)
    if session.execute(held_before.returning(Role.id)).first() is not None:
        session.execute(update(Person).where(Person.id == holder).values(display_name="", real_name=""))
    session.add(Role(person_id=holder, name=name, position=position, since=since, changed=changed))
    session.flush()
    person = session.get_one(Person, holder, populate_existing=True)
    held = [name.value, position, changed, person.display_name, person.real_name, person.organisation]
    sealed_roster.change(session, lambda holders, _: holders.update({slack_id: held}))


def _next_change(session: Session) -> int:
    newest = session.execute(select(Role.changed).order_by(Role.changed.desc()).limit(1)).scalar_one_or_none()
    return (newest or 0) + 1


def _other_names(person: Person, called: tuple[str, str]) -> tuple[str, ...] | None:
    """What they were called and are not `called` any more; None when nothing about it changed."""
    before = (person.display_name, person.real_name)
    return tuple(name for name in before if name and name not in called) if before != called else None


def _note_renamed(session: Session, called_before: Mapping[str, Sequence[str]], *, now: datetime) -> None:
    """These role holders are called otherwise from now on; what they were called is kept, sealed."""
    known_as.keep(session, called_before, now=now)
    those = select(Person.id).where(Person.slack_id.in_(list(called_before)))
    changed = _next_change(session)
    session.execute(update(Role).where(Role.until.is_(None), Role.person_id.in_(those)).values(changed=changed))
    called = select(Person.slack_id, Person.display_name, Person.real_name).where(Person.id.in_(those))
    now_called = {slack_id: [*names] for slack_id, *names in session.execute(called)}

    def rename(holders: dict[str, list[Any]], _conflicts: object) -> None:
        for slack_id in holders.keys() & now_called.keys():
            role, position, _, _, _, organisation = holders[slack_id]
            holders[slack_id] = [role, position, changed, *now_called[slack_id], organisation]

    sealed_roster.change(session, rename)


def move_contact(session: Session, slack_id: str, position: int) -> None:
    session.execute(
        update(Role)
        .where(Role.person_id == person_id(session, slack_id), Role.until.is_(None))
        .values(position=position)
    )

    def move(holders: dict[str, list[Any]], _conflicts: object) -> None:
        if slack_id in holders:
            holders[slack_id][1] = position

    sealed_roster.change(session, move)


def end_role(session: Session, slack_id: str, *, until: datetime) -> None:
    session.execute(
        update(Role).where(Role.person_id == person_id(session, slack_id), Role.until.is_(None)).values(until=until)
    )

    def end(holders: dict[str, list[Any]], _conflicts: object) -> None:
        holders.pop(slack_id, None)

    sealed_roster.change(session, end)


def set_organisation(session: Session, slack_id: str, organisation: str, *, only_first: bool = False) -> None:
    """`only_first`: not where they were asked before."""
    query = update(Person).where(Person.id == person_id(session, slack_id))
    if only_first:
        query = query.where(Person.organisation.is_(None))
    if session.execute(query.values(organisation=organisation).returning(Person.id)).first() is None:
        return

    def note_it(holders: dict[str, list[Any]], _conflicts: object) -> None:
        if slack_id in holders:
            holders[slack_id][5] = organisation

    sealed_roster.change(session, note_it)


def declare_conflicts(session: Session, slack_id: str, others: Iterable[str], *, at: datetime) -> None:
    """`others` is the whole list now; what was declared before keeps its time."""
    others, holder = list(others), person_id(session, slack_id)
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

    def declare(_holders: object, conflicts: dict[str, dict[str, str]]) -> None:
        before = conflicts.get(slack_id, {})
        conflicts[slack_id] = {other: before.get(other, at.isoformat()) for other in others}

    sealed_roster.change(session, declare)


def _known(session: Session, profiles: Sequence[Profile]) -> Sequence[Person]:
    ids = [profile.slack_id for profile in profiles]
    return session.scalars(select(Person).where(Person.slack_id.in_(ids))).all()


_Hashes = set[tuple[bytes, int]]


def _hashes(keyring: KeyRing, profiles: Sequence[Profile], ids: Mapping[str, int]) -> tuple[_Hashes, _Hashes]:
    """Of what these people's names begin with, and of the whole names, as they should be: none of who is not here."""
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
    slack_ids = [profile.slack_id for profile in profiles]
    rows = session.execute(select(Person.slack_id, Person.id).where(Person.slack_id.in_(slack_ids)))
    ids = {row.slack_id: row.id for row in rows}
    kept, wanted = _kept(session, profiles), _hashes(keyring, profiles, ids)
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
