"""Who may read and answer questions: every champion; while there is none, the escalation contacts."""

from gpbot.people.types import RoleName, Roster


def answerers(roster: Roster) -> tuple[str, ...]:
    return tuple(sorted(roster.active_champion_ids)) or roster.active_contact_ids


def may_answer(roster: Roster, viewer: str) -> bool:
    wanted = RoleName.CHAMPION if roster.active_champion_ids else RoleName.CONTACT
    return roster.role_of(viewer) is wanted
