"""Who may read a report: the rule of promise C1, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gpbot.people.types import RoleHolder, RoleName, Roster
from gpbot.reports.types import How


class Hashes(Protocol):
    """Of one report: who is excluded from it cannot be matched with another's."""

    def reader(self, slack_id: str) -> bytes: ...
    def excluded(self, slack_id: str) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Access:
    """What is stored about who may read one report, as keyed hashes."""

    readers: Mapping[bytes, How]
    excluded: frozenset[bytes]
    compared: int = 0  # the version of the roster with whose names its words were last compared


# See docs/decisions/0026-contact-while-it-is-with-them.md
def may_read(holder: RoleHolder, access: Access, hashes: Hashes) -> bool:
    """Someone shown, added or asked, who still holds that role, can act in it, and is not excluded.

    Nor before its words were compared with their names as they are now.
    """
    how = access.readers.get(hashes.reader(holder.slack_id))
    role = RoleName.CONTACT if how is How.CONTACT else RoleName.CHAMPION
    return (
        how is not None
        and holder.role is role
        and holder.reachable
        and holder.changed <= access.compared
        and hashes.excluded(holder.slack_id) not in access.excluded
    )


def readers(roster: Roster, access: Access, hashes: Hashes) -> tuple[RoleHolder, ...]:
    return tuple(holder for holder in roster.everyone if may_read(holder, access, hashes))


def next_contact(roster: Roster, access: Access, hashes: Hashes) -> RoleHolder | None:
    """The first contact who can be asked, is not excluded, and was not asked before."""
    for holder in roster.contacts:
        asked = hashes.reader(holder.slack_id) in access.readers
        can_be = holder.reachable and holder.changed <= access.compared
        if can_be and not asked and hashes.excluded(holder.slack_id) not in access.excluded:
            return holder
    return None
