"""Guidelines as views, messages and neighbours see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gpbot.people.types import Member
from gpbot.refusals import Refusal


class Where(StrEnum):
    """Where somebody agreed."""

    MESSAGE = "message"
    WINDOW = "window"
    HOME = "home"
    BY_HAND = "by_hand"
    JOINING = "joining"  # on the form with which they asked to join


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    number: int
    markdown: str
    sha256: str
    is_major: bool
    changes: str
    attribution: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    number: int
    sha256: str
    accepted_at: datetime
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one person stands. `member` is None for somebody gpbot does not know."""

    member: Member | None
    current: Version | None  # the newest text; None when none was published
    required: int  # the newest major version: this or a later one is to be agreed to
    accepted: Acceptance | None  # the newest
    is_asked: bool  # whether this person is to agree at all
    until: datetime | None  # a new major version's days of grace, for those who agreed to an earlier one

    @property
    def is_settled(self) -> bool:
        return self.current is not None and self.accepted is not None and self.accepted.number >= self.required

    @property
    def is_owed(self) -> bool:
        """Whether they are still to agree."""
        return self.is_asked and self.current is not None and not self.is_settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Each at most `CAP`."""

    accepted: int
    outstanding: int


CAP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """Somebody who has not agreed yet, and what was sent to them about it."""

    member: Member
    told_at: datetime | None
    reminders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutstandingPage:
    lines: tuple[Outstanding, ...]
    next: str | None  # a cursor for the page after this one
    searched: str = ""  # what was typed to find them; empty for the whole list


"""`hook(session, member, first)`, in the transaction; `first` when they had not agreed to any version before."""


class NotPublishable(Refusal):
    words = "These guidelines cannot be published."


class NothingPublished(Refusal):
    words = "This community has not published its guidelines here yet."


class ReadAgain(Refusal):
    """What they agreed to is not what counts now; they are shown what does."""

    words = "The guidelines have changed since this was sent."


class NotKnownYet(Refusal):
    words = "Slack has not told gpbot yet that you are a member here. Please try again in a minute."


class NotYours(Refusal):
    words = "This was sent to somebody else."


class NoReason(Refusal):
    words = "Write a few words: how do you know that they agree?"


class NothingToFind(Refusal):
    words = "Write how a name or an organisation begins."


class ForChampions(Refusal):
    words = "This is for champions."


class CannotBackfill(Refusal):
    words = "This cannot be started."
