"""Public channels as other workflows see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gpbot.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One public channel as Slack lists it. `name` has no #."""

    id: str
    name: str
    topic: str
    purpose: str
    is_archived: bool
    is_ours: bool  # gpbot made it
    created_at: datetime
    members: int | None  # when the list was last read; None for a channel that is newer


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """What a new channel is compared with."""

    id: str
    name: str
    topic: str
    purpose: str
    is_archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What channels are about. `key` is its name, folded: it comes back from menus."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    channels: tuple[Channel, ...]
    next: str | None  # a cursor for the page after this one


class Outcome(StrEnum):
    """How adding somebody to a channel ended."""

    JOINED = "joined"
    ALREADY = "already"
    CLOSED = "closed"  # archived
    GONE = "gone"  # deleted, or private now
    REFUSED = "refused"  # Slack does not let gpbot add this person there


"""`hook(session, channel)`, in the transaction that first heard of it."""


class NotForYou(Refusal):
    words = (
        "The list of channels is for full members of this workspace. If you are a guest, you see the channels you "
        "were invited to; to ask the champions about others, type /ask. If you have just joined, try again in a minute."
    )
