"""Who may hold a role: the one rule, asked wherever a role is given and each time one is used."""

from gpbot.people.types import Bar, Kind, RoleHolder, RoleName

_BARS = {
    Kind.GUEST: Bar.GUEST,
    Kind.BOT: Bar.BOT,  # gpbot itself, too
    Kind.STRANGER: Bar.STRANGER,
    Kind.INVITED: Bar.INVITED,
    Kind.UNKNOWN: Bar.NOT_TOLD,
}
_WHY = {
    Bar.NOT_TOLD: "Slack has not said yet who this is",
    Bar.CLOSED: "this account is closed",
    Bar.INVITED: "they were invited to this workspace and have not come yet",
    Bar.GUEST: "they are a guest, and a champion is a full member of this workspace",
    Bar.STRANGER: "they belong to another workspace",
    Bar.BOT: "this is an app, not a person",
}
_WHAT_TO_DO = {
    Bar.NOT_TOLD: "gpbot asks Slack again by itself.",
    Bar.CLOSED: "When the account is opened again, they can act again.",
    Bar.INVITED: "When they have joined, they can act.",
    Bar.GUEST: "When they are made a full member, they can act.",
}
_TAKE_OFF = "Whoever runs gpbot should take them off the roster."


# See docs/decisions/0029-roles.md
def bar(role: RoleName, kind: Kind, *, deactivated: bool) -> Bar | None:
    """Why they may not act in this role, by what Slack says of the account; None when they may.

    A champion is a full member of this workspace. A contact may be a guest: somebody from outside who was let in to do
    just this. While Slack has not said who somebody is, the role waits.
    """
    if deactivated:
        return Bar.CLOSED
    if kind is Kind.GUEST and role is RoleName.CONTACT:
        return None
    return _BARS.get(kind)


def why(found: Bar) -> str:
    """As part of a sentence."""
    return _WHY[found]


def sentence(holder: RoleHolder, *, called: str | None = None) -> str:
    """What is to be said of somebody on the roster who cannot act; empty when they can."""
    if holder.bar is None:
        return ""
    role = "a champion" if holder.role is RoleName.CHAMPION else "an escalation contact"
    to_do = _WHAT_TO_DO.get(holder.bar, _TAKE_OFF)
    return f"{called or holder.name} is on the roster as {role} and reads nothing: {_WHY[holder.bar]}. {to_do}"
