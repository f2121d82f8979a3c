"""Openings as views, messages and neighbours see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.opening.steps import Step
from gpbot.proposals.types import ProposalToOpen
from gpbot.refusals import Refusal


class State(StrEnum):
    RUNNING = "running"
    STUCK = "stuck"  # somebody has to do something
    DONE = "done"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """One call of one step; `part` tells several calls of it apart."""

    proposal_id: UUID
    step: Step
    turn: int
    part: int = 0


class Proposals(Protocol):
    """What an opening needs of proposals; all of it in the opening's own transactions."""

    def to_open(self, session: Session, proposal_id: UUID) -> ProposalToOpen: ...

    def opened(self, session: Session, proposal_id: UUID, channel_id: str) -> None: ...

    def could_not_open(self, session: Session, proposal_id: UUID, code: str) -> None:
        """It may still be opened later."""
        ...

    def renamed(self, session: Session, proposal_id: UUID, name: str) -> bool:
        """False when another proposal has that name."""
        ...


class PublicChannel(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def is_archived(self) -> bool: ...


class PublicChannels(Protocol):
    """The workspace's public channels as far as Slack told of them."""

    def named(self, session: Session, name: str) -> PublicChannel | None: ...

    def get(self, session: Session, channel_id: str) -> PublicChannel | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """The channel that has the name already."""

    id: str
    name: str
    is_archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    proposal_id: UUID
    names: tuple[str, ...]  # that it was to have; the last one counts
    step: Step
    then: Step | None  # where it goes on after JOIN
    state: State
    turn: int  # how often it was begun again; jobs of an earlier turn do nothing
    code: str  # why it is stuck
    channel_id: str
    is_own: bool  # gpbot made the channel, and nobody has said anything in it yet
    welcome_ts: str
    left: Mapping[Step, str]  # what is to be done by hand, and Slack's code
    card: tuple[str, str] | None  # the message to the champions: channel id and ts
    began_at: datetime
    since: datetime  # a channel that gpbot made since then is this one's

    @property
    def name(self) -> str:
        return self.names[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of those who asked to be added."""

    added: int
    not_added: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An opening as the champions see it."""

    opening: Opening
    counts: Counts
    there: There | None


class NameNotPossible(Refusal):
    """Its words say what is wrong with it."""


class HasItsChannel(Refusal):
    words = "Its channel is there already, so there is nothing to choose. Press “Try again”."


class NotStuck(Refusal):
    words = "This is going on by itself. There is nothing to press just now."


class IsOpen(Refusal):
    words = "This channel is open already."


class WasGivenUp(Refusal):
    words = "This was given up. Propose the channel again if it is wanted after all."


class NotThere(Refusal):
    words = "gpbot knows no such public channel. If it was made just now, please try again in a minute."


class StillArchived(Refusal):
    words = "That channel is archived. Bring it back in Slack first (open it, then “Unarchive”), and press this again."


class Involved(Refusal):
    words = "You proposed this, or are to look after it, so another champion decides."


class BelongsToAnother(Refusal):
    words = "That channel was opened for another proposal. Please choose another name."
