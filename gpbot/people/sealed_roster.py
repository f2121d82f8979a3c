"""Who holds which role, under which names, and who declared a conflict with whom, as it is sealed."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.db import insert_into, table_of
from gpbot.keyring import KeyRing, keyring_of
from gpbot.people.models import DeclaredConflict, Person, Role, SealedRoster

HOLDERS, CONFLICTS = "holders", "conflicts"  # beside what role holders were called, by their ids

_ROW = 1
_SEEN = "sealed roster"
_ROSTER = UUID(int=0)  # which is no case's
SEALED = select(table_of(SealedRoster).c.content)
_ROLE, _PERSON, _CONFLICT = table_of(Role).c, table_of(Person).c, table_of(DeclaredConflict).c
FIELDS = (_ROLE.name, _ROLE.position, _ROLE.changed, _PERSON.display_name, _PERSON.real_name, _PERSON.organisation)
_HOLDERS = (
    select(_PERSON.slack_id, *FIELDS)
    .join_from(table_of(Role), table_of(Person), _PERSON.id == _ROLE.person_id)
    .where(_ROLE.until.is_(None))
)
_OTHER = table_of(Person).alias("other")
_CONFLICTS = (
    select(_PERSON.slack_id, _OTHER.c.slack_id, _CONFLICT.declared_at)
    .join_from(table_of(DeclaredConflict), table_of(Person), _PERSON.id == _CONFLICT.person_id)
    .join(_OTHER, _OTHER.c.id == _CONFLICT.other_id)
)


def read(session: Session) -> dict[str, Any]:
    """All of it, as it is now in this transaction."""
    if _SEEN not in session.info:
        note(session, session.execute(SEALED).scalar_one_or_none())
    found: dict[str, Any] = session.info[_SEEN]
    return found


def note(session: Session, sealed: bytes | None) -> dict[str, Any]:
    """Just read, with something else."""
    content: dict[str, Any] = keyring_of(session).open_often(sealed) if sealed is not None else {}
    session.info[_SEEN] = content
    return content


def write(session: Session, content: Mapping[str, Any]) -> None:
    sealed = keyring_of(session).box.seal(content)
    fresh = insert_into(session)(SealedRoster).values(id=_ROW, content=sealed)
    session.execute(fresh.on_conflict_do_update(index_elements=["id"], set_={"content": sealed}))
    session.info[_SEEN] = dict(content)


# See docs/decisions/0059-the-roster-is-sealed.md
def change(session: Session, to: Callable[[dict[str, list[Any]], dict[str, dict[str, str]]], None]) -> None:
    """`to(holders, conflicts)` changes them in place. What stands in tables and was never sealed stays out."""
    content = _with_what_stands(session)
    before = (_copy(content[HOLDERS]), _copy(content[CONFLICTS]))
    to(content[HOLDERS], content[CONFLICTS])
    if (content[HOLDERS], content[CONFLICTS]) != before:
        write(session, content)


def seal_what_stands(session: Session) -> None:
    """As an earlier release left it."""
    content = read(session)
    if HOLDERS not in content:
        write(session, _with_what_stands(session))


def is_as_sealed(session: Session, row: Any) -> bool:
    """Whether somebody whom the tables give a role holds the same under the seal; health and log say so if not."""
    keyring = keyring_of(session)
    holders = read(session).get(HOLDERS)
    stored = [getattr(row, column.name) for column in FIELDS]
    is_so = not keyring.is_all_sealed if holders is None else holders.get(row.slack_id) == stored
    return keyring.note_sealed(_ROSTER, row.slack_id, is_as_sealed=is_so)


def is_altered(keyring: KeyRing) -> bool:
    return any(what == _ROSTER for what, _ in keyring.altered)


def _with_what_stands(session: Session) -> dict[str, Any]:
    content = dict(read(session))
    if HOLDERS not in content:
        is_to_be_sealed = not keyring_of(session).is_all_sealed
        content |= {HOLDERS: {}, CONFLICTS: {}}
        if is_to_be_sealed:
            content[HOLDERS] = {slack_id: list(row) for slack_id, *row in session.execute(_HOLDERS)}
            for slack_id, other, at in session.execute(_CONFLICTS):
                content[CONFLICTS].setdefault(slack_id, {})[other] = at.isoformat()
        return content
    return content | {HOLDERS: _copy(content[HOLDERS]), CONFLICTS: _copy(content[CONFLICTS])}


def _copy(of_people: Mapping[str, Any]) -> dict[str, Any]:
    return {slack_id: type(held)(held) for slack_id, held in of_people.items()}
