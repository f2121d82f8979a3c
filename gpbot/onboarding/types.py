"""Arriving as views and messages see it."""

from dataclasses import dataclass
from datetime import timedelta

from gpbot.directory.types import Channel, Outcome
from gpbot.people.types import Member
from gpbot.refusals import Refusal

LATER = timedelta(days=3)
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
KEEP_WORDS = timedelta(days=30)
MOST_CHANNELS = 20  # at once: Slack lets gpbot add people at a measured pace
MOST_WORDS = 500


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arrival:
    """How far one person is. `joined` is channel id → how adding them last ended, None while it is under way."""

    member: Member
    is_new: bool  # they came while gpbot was here, and agreed to the guidelines
    skipped: bool
    put_off: bool
    reminded: bool  # the time they put it off for is over
    said_hello: bool
    why: str | None  # their words; None when there are none, or not any more
    gave_why: bool
    welcomed_by: str | None  # a Slack id
    message: tuple[str, str] | None  # channel id and ts
    card: tuple[str, str] | None
    joined: dict[str, Outcome | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One channel somebody chose, in which time of choosing, and the window that shows how it goes."""

    person_id: int
    number: int
    channel_id: str
    view_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Of one time of choosing channels."""

    channels: tuple[tuple[Channel | None, str, Outcome | None], ...]  # the id stands beside what may be gone

    @property
    def waiting(self) -> int:
        return sum(outcome is None for _, _, outcome in self.channels)


class NoChannel(Refusal):
    words = "Pick at least one."


class TooMany(Refusal):
    words = f"Pick at most {MOST_CHANNELS} at once. You can do this again afterwards."


class NoWords(Refusal):
    words = "Write a line or two, or close this."


class AlreadyWelcomed(Refusal):
    words = "Somebody else has just said that they will."


class NotTheWelcomer(Refusal):
    words = "Somebody else said that they will welcome them. Only they can take it back."


class NotYourself(Refusal):
    words = "Somebody else welcomes you."


class NotForClaiming(Refusal):
    words = "This is for those who welcome newcomers: members who have agreed to the guidelines."
