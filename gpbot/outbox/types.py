"""What can be enqueued, who sends it, and how sending can end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

Block = dict[str, Any]

# Lanes with a pace of their own (patience.PACES).
BULK = "bulk"
EDITS = "edits"
# Slack counts what is done to channels by method.
CREATING = "conversations.create"
JOINING = "conversations.join"
TOPICS = "conversations.setTopic"
PURPOSES = "conversations.setPurpose"
PINNING = "pins.add"
INVITING = "conversations.invite"
ARCHIVING = "conversations.archive"
READING = "conversations.history"

MOST_INVITED = 100  # at once
RATE_LIMITED = "ratelimited"  # Slack's code


class Priority(IntEnum):
    REPORT = 1
    NORMAL = 5
    BULK = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to be enqueued. `payload` holds ids only (int, Slack ids, UUIDs as str) or one sealed token; never words."""

    kind: str
    key: str  # the same key twice is once
    payload: dict[str, str | int]
    lane: str | None = None  # jobs of one lane go one a second (or at the lane's own pace), oldest first
    priority: Priority = Priority.NORMAL
    run_at: datetime | None = None  # None: now
    campaign_id: int | None = None  # not sent while that campaign is paused
    # The same key again is one more turn, unless the next has not begun and serves both. For what takes the place of
    # what was shown before; a post is sent once.
    # See docs/decisions/0019-home-by-turns.md
    by_turns: bool = False
    subject: UUID | None = None  # the case it is about: it goes when that is erased


# No repr of what goes out: it holds what people wrote, and whom it concerns.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Post:
    """A new message. `to` is a channel id, or a user id for a direct message."""

    to: str
    text: str
    blocks: Sequence[Block]
    pin: bool = False
    look_back: bool = True  # the bot may read this conversation's history


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Edit:
    channel_id: str
    message_ts: str
    text: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Delete:
    channel_id: str
    message_ts: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PublishHome:
    user_id: str
    view: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class UpdateView:
    """Replace what an open modal shows."""

    view_id: str
    view: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CreateChannel:
    """A public channel, made once.

    One that the bot has made since then under this name, or one it was to have `before`, is taken for it, whatever it
    is called by now, unless it is among `but_not`, the channels known to be others.
    """

    name: str
    since: datetime
    before: Collection[str] = ()
    but_not: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class JoinChannel:
    """The bot itself goes into a public channel."""

    channel_id: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SetTopic:
    """At most 250 characters. With `keep`, what stands there already stays."""

    channel_id: str
    topic: str
    keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SetPurpose:
    """As a topic."""

    channel_id: str
    purpose: str
    keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pin:
    channel_id: str
    message_ts: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Invite:
    """Add people to a channel the bot is in, at most MOST_INVITED; the receipt says who could not be added, and why."""

    channel_id: str
    user_ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ArchiveChannel:
    channel_id: str


ToChannel = CreateChannel | JoinChannel | SetTopic | SetPurpose | Pin | Invite | ArchiveChannel
Outgoing = Post | Edit | Delete | PublishHome | UpdateView | ToChannel


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Withdraw:
    """The post is not to be sent any more; a copy that an earlier try may have left with `to` is taken back."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Receipt:
    """Where a post landed, or which channel it is; None for what is neither."""

    channel_id: str | None = None
    message_ts: str | None = None
    invited: Mapping[str, str] = field(default_factory=dict)  # user id → Slack's code, "" where they are in it now


class Sender(Protocol):
    """The way out. Called from several threads at once."""

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        """Raises one of the endings below.

        What is so already, such as a message deleted, a channel joined or a person in it, is a success.
        """
        ...

    def find(self, to: str, wire_id: str, since: datetime) -> list[Receipt]:
        """Every copy of a post that arrived, looked for by its wire id, oldest first. Raises like `send`."""
        ...


class Handler(Protocol):
    """One kind of job."""

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        """Look at the world now and render for one recipient; None when nothing is to be sent any more.

        A post that others must not find when it is not to be sent any more is answered with Withdraw, not None.
        A timer does its own work here (its own transaction, safe to repeat) and returns None.
        Whatever is raised that is no SendingEnded counts as surely not sent.
        """
        ...

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        """Note what was sent, in the transaction that finishes the job; not called when nothing was."""
        ...

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        """The job is dead; enqueue the fallback, if there is one, in the same transaction."""
        ...


class SendingEnded(Exception):
    """How a send ended when not well; `code` is Slack's error code or our own, never text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RateLimited(SendingEnded):
    def __init__(self, retry_after: float) -> None:
        super().__init__(RATE_LIMITED)
        self.retry_after = retry_after  # seconds


class NotSent(SendingEnded):
    """Surely not sent; try again."""


class HeldBack(SendingEnded):
    """Not sent, and not to be sent yet: it waits for something else than Slack, and spends no patience."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("held_back")
        self.wait = wait


class ForANewerProcess(SendingEnded):
    """Nobody in this process knows what it is: it is left as it was to a newer one, and spends no patience."""

    def __init__(self) -> None:
        super().__init__("for_a_newer_process")


class WorkspaceFull(NotSent):
    """Slack takes no more messages of this workspace for now: whatever campaign it was for is paused."""


class OutcomeUnknown(SendingEnded):
    """Perhaps sent; look before sending again."""


class Refused(SendingEnded):
    """Refused for good."""


class AppTokenTrouble(SendingEnded):
    """Our own fault (`invalid_auth`, `token_revoked`, `missing_scope`): nothing is spent, sending waits."""
