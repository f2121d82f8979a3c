"""People as other workflows see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gpbot.refusals import Refusal


class RoleName(StrEnum):
    CHAMPION = "champion"
    CONTACT = "contact"


class Bar(StrEnum):
    """Why somebody who was given a role cannot act in it (see `roles.bar`)."""

    NOT_TOLD = "not_told"
    CLOSED = "closed"
    INVITED = "invited"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolder:
    """Someone who can be asked to handle reports, with what tells them apart from others."""

    slack_id: str
    role: RoleName
    name: str
    other_names: tuple[str, ...]
    title: str
    reachable: bool  # they may hold the role, the account is active, and Slack has told its name
    bar: Bar | None = None
    changed: int = 0  # when they got the role or another name; what is kept is compared with these names from then on
    organisation: str = ""  # as they said themselves; "" while nobody said


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who holds which role at one moment. Contacts stand in the order they are asked."""

    champions: tuple[RoleHolder, ...]
    contacts: tuple[RoleHolder, ...]

    @property
    def everyone(self) -> tuple[RoleHolder, ...]:
        return self.champions + self.contacts

    @property
    def version(self) -> int:
        """Goes up whenever somebody gets a role, or somebody who holds one gets another name."""
        return max((holder.changed for holder in self.everyone), default=0)

    @property
    def active_champion_ids(self) -> frozenset[str]:
        return frozenset(holder.slack_id for holder in self.champions if holder.reachable)

    @property
    def active_contact_ids(self) -> tuple[str, ...]:
        return tuple(holder.slack_id for holder in self.contacts if holder.reachable)

    def role_of(self, slack_id: str) -> RoleName | None:
        """The role they hold and can act in; None for everybody else."""
        holder = self.holder_of(slack_id)
        return holder.role if holder else None

    def holder_of(self, slack_id: str) -> RoleHolder | None:
        """Who holds a role and can act in it; None for everybody else."""
        return next((each for each in self.everyone if each.slack_id == slack_id and each.reachable), None)

    def name_of(self, slack_id: str) -> str | None:
        return next((holder.name for holder in self.everyone if holder.slack_id == slack_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack says of one account."""

    slack_id: str
    display_name: str
    real_name: str
    title: str
    deactivated: bool
    kind: "Kind"


class Kind(StrEnum):
    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"  # apps, workflows and Slackbot too
    STRANGER = "stranger"  # of another workspace, in a shared channel
    INVITED = "invited"  # has an account, and has not come yet
    UNKNOWN = "unknown"  # Slack has not told yet

    @property
    def is_here(self) -> bool:
        """A person of this workspace."""
        return self in {Kind.MEMBER, Kind.GUEST}

    @property
    def is_full(self) -> bool:
        return self is Kind.MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One account as the member list has it."""

    person_id: int
    slack_id: str
    kind: Kind
    deactivated: bool
    here_since: datetime | None
    accepted_number: int  # 0: none

    @property
    def takes_part(self) -> bool:
        """A full member whose account is open."""
        return self.kind.is_full and not self.deactivated

    @property
    def spell(self) -> int:
        """Tells one time of being here from another, after they left and came back; seconds since 1970."""
        return int(self.here_since.timestamp()) if self.here_since else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """`holder_id` said at `declared_at` that they should not handle what concerns `other_id`."""

    holder_id: str
    other_id: str
    declared_at: datetime


class CannotHoldRole(Refusal):
    words = "This person cannot hold that role."


class LastChampion(CannotHoldRole):
    words = (
        "This is the last champion who can act. Without one, reports and questions go to the escalation contacts "
        "alone, and nobody decides about channels or welcomes newcomers. Nothing was changed."
    )


class NotOnRoster(Refusal):
    words = "This is for champions and escalation contacts."


# Who declared conflicts with nearly everybody would know by each report that reaches them who sent it.
MOST_CONFLICTS = 20


class TooManyConflicts(Refusal):
    words = f"Please choose at most {MOST_CONFLICTS} people. With more, what reaches you could tell who sent it."
