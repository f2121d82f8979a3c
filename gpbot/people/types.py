"""People as other workflows see them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from gpbot.refusals import Refusal


class RoleName(StrEnum):
    CHAMPION = "champion"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolder:
    """Someone who can be asked to handle reports, with what tells them apart from others."""

    slack_id: str
    role: RoleName
    name: str
    other_names: tuple[str, ...]
    title: str
    reachable: bool  # the account is active, and Slack has told its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who holds which role at one moment. Contacts stand in the order they are asked."""

    champions: tuple[RoleHolder, ...]
    contacts: tuple[RoleHolder, ...]

    @property
    def everyone(self) -> tuple[RoleHolder, ...]:
        return self.champions + self.contacts

    @property
    def active_champion_ids(self) -> frozenset[str]:
        return frozenset(holder.slack_id for holder in self.champions if holder.reachable)

    @property
    def active_contact_ids(self) -> tuple[str, ...]:
        return tuple(holder.slack_id for holder in self.contacts if holder.reachable)

    def role_of(self, slack_id: str) -> RoleName | None:
        """The role they hold and can act in; None for everybody else."""
        for holder in self.everyone:
            if holder.slack_id == slack_id and holder.reachable:
                return holder.role
        return None

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
    is_bot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """`holder_id` said at `declared_at` that they should not handle what concerns `other_id`."""

    holder_id: str
    other_id: str
    declared_at: datetime


RosterChanged = Callable[[Session, frozenset[str]], None]


class CannotHoldRole(Refusal):
    words = "This person cannot hold that role."


class NotOnRoster(Refusal):
    words = "This is for champions and escalation contacts."
