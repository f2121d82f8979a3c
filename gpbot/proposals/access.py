"""Who decides proposals, and who reads concerns about them."""

from collections.abc import Collection

from gpbot.people.types import RoleName, Roster


# See docs/decisions/0039-proposals.md
def deciders(roster: Roster, involved: Collection[str]) -> tuple[str, ...]:
    """Champions who neither proposed it nor are its stewards; when there is none, the escalation contacts likewise."""
    champions = tuple(sorted(roster.active_champion_ids - set(involved)))
    return champions or tuple(each for each in roster.active_contact_ids if each not in involved)


def needed(roster: Roster, involved: Collection[str], wanted: int) -> int:
    """How many approvals it takes: as many as are `wanted`, but never more than there are people to give them."""
    return max(1, min(wanted, len(deciders(roster, involved))))


def readers(roster: Roster, out: Collection[str]) -> tuple[str, ...]:
    """Champions who are not `out`; when there is none, the first escalation contact who is not."""
    champions = tuple(sorted(roster.active_champion_ids - set(out)))
    return champions or tuple(each for each in roster.active_contact_ids if each not in out)[:1]


def sees_all(roster: Roster, viewer: str) -> bool:
    """Who is shown what waits for a decision: champions; while there is none, the contacts."""
    wanted = RoleName.CHAMPION if roster.active_champion_ids else RoleName.CONTACT
    return roster.role_of(viewer) is wanted
