"""Quiet channels as views, messages and neighbours see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.refusals import Refusal

ANSWER_WITHIN_DAYS = 14  # after that the champions are asked
CANNOT_LOOK = "could_not_look"  # our own code: whether somebody wrote meanwhile is not known, so nothing is archived


class State(StrEnum):
    WATCHED = "watched"
    ASKED = "asked"  # its stewards
    OFFERED = "offered"  # to the champions
    ARCHIVING = "archiving"  # a champion decided so

    @property
    def is_open(self) -> bool:
        """A question about it waits for somebody."""
        return self in {State.ASKED, State.OFFERED}


class Reason(StrEnum):
    """Why the champions are asked."""

    STEWARD = "steward"  # says that it can be archived
    SILENCE = "silence"  # no steward has answered
    NOBODY = "nobody"  # there is no steward who could be asked


class Ending(StrEnum):
    """How the last question about a channel ended."""

    KEPT = "kept"
    ALIVE = "alive"  # somebody wrote meanwhile
    ARCHIVED = "archived"
    BY_HAND = "by_hand"  # archived, and not by gpbot
    GONE = "gone"  # deleted, private, or gpbot was taken out of it
    EXEMPT = "exempt"
    OFF = "off"


class PublicChannel(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def is_archived(self) -> bool: ...


class PublicChannels(Protocol):
    """The workspace's public channels as far as Slack told of them."""

    def get(self, session: Session, channel_id: str) -> PublicChannel | None: ...

    def is_complete(self, session: Session) -> bool:
        """Whether a channel that is not among them is not there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One channel that gpbot opened, and the last question about it. People are Slack ids."""

    proposal_id: UUID
    channel_id: str
    name: str
    state: State
    since: datetime  # somebody wrote, or it was opened, or somebody said that it stays
    round: int  # how many times it was asked about; jobs of an earlier round do nothing
    began_at: datetime | None  # this round
    reason: Reason | None
    answered_by: str | None  # the steward who said that it can be archived
    ending: Ending | None  # None while the question is open
    decided_by: str | None  # who keeps it, or has it archived
    code: str  # why it could not be archived
    card: tuple[str, str] | None  # the message to the champions: channel id and ts
    stewards: tuple[str, ...] = ()  # who look after it and are here, where it is to be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A steward who is asked; `message` is channel id and ts of the direct message."""

    person_id: int
    slack_id: str
    message: tuple[str, str] | None
    is_reachable: bool  # as far as is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is to be seen in Slack: whether somebody wrote in this channel after `since`."""

    watched: Watched
    since: datetime
    at: datetime  # when the look began


class NotAsked(Refusal):
    """A question that is not open any more; its words say how it ended."""
