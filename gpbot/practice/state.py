"""What a workspace consists of: people, conversations, messages, views, and the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gpbot.practice.person import Person
    from gpbot.practice.workspace import Workspace

Json = dict[str, Any]

SLACKBOT: Final = "USLACKBOT"


class Refused(Exception):
    """Slack says no: an error code of the Web API, and what else the answer carries."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class Clock(Protocol):
    """Whatever tells the workspace's time."""

    def now(self) -> datetime:
        """An aware time, in UTC."""


class RealClock:
    """The time it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock(RealClock):
    """The time it is, and as many seconds later as a file says, so that several processes can go by it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return super().now() + self.ahead

    @property
    def ahead(self) -> timedelta:
        """How far it has been moved."""
        try:
            return timedelta(seconds=float(self._file.read_text()))
        except FileNotFoundError:
            return timedelta(0)

    def move(self, by: timedelta) -> None:
        """Move it forward. Raises ValueError for a move back: what has happened stays before what is to come."""
        if by < timedelta(0):
            raise ValueError("Time moves forward only.")
        new = self._file.with_suffix(".new")
        new.write_text(str((self.ahead + by).total_seconds()))
        new.replace(self._file)  # nobody reads half a number


@dataclass(slots=True, kw_only=True)
class User:
    """A member, guest, bot or Slack Connect stranger. `name` is the handle, `title` the profile's."""

    id: str
    team_id: str
    name: str
    real_name: str
    display_name: str
    title: str = ""
    email: str | None = None
    is_bot: bool = False
    is_guest: bool = False
    is_external: bool = False
    is_deleted: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    updated: int = 0

    @property
    def is_member(self) -> bool:
        """A full member of this workspace, who may look into every public channel."""
        return not (self.is_bot or self.is_guest or self.is_external or self.is_deleted)

    @property
    def shown_name(self) -> str:
        return self.display_name or self.real_name


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """One message as it stands. `only_for` makes it ephemeral: one person sees it, and no history has it.

    `order` is its place in what a reader scrolls through; it never leaves the workspace.
    """

    channel_id: str
    ts: str
    user: User
    text: str
    order: int
    blocks: list[Json] = field(default_factory=list)
    subtype: str | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: Json | None = None
    client_msg_id: str | None = None
    only_for: str | None = None
    inviter: str | None = None
    files: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """A channel, or the direct message (`is_im`) between a person and the app."""

    id: str
    name: str
    workspace: Workspace = field(repr=False)
    created: int
    creator: str
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict, repr=False)
    ephemerals: list[Message] = field(default_factory=list, repr=False)
    pins: dict[str, Json] = field(default_factory=dict, repr=False)
    previous_names: list[str] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)  # other workspaces, by Slack Connect

    def invite(self, who: Person | App | str) -> None:
        """Add a person, or the app."""
        self.workspace.invite(self, who)

    def remove(self, who: Person | App | str) -> None:
        """Take a person, or the app, out again."""
        self.workspace.remove(self, who)

    @property
    def kind(self) -> Literal["channel", "group", "im"]:
        """What events call it in `channel_type`."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    @property
    def scope_family(self) -> str:
        """The first half of the scopes that speak of it, as in `groups:read`."""
        return {"im": "im", "group": "groups", "channel": "channels"}[self.kind]

    @property
    def spoken_name(self) -> str:
        """What commands and interactions call it: Slack keeps private names to itself."""
        return {"im": "directmessage", "group": "privategroup", "channel": self.name}[self.kind]


@dataclass(slots=True, kw_only=True, eq=False)
class View:
    """A modal or a Home on one person's screen.

    `definition` is what the app sent, with the ids Slack fills in; `filled` is what the person has typed
    or picked so far; `errors` are the sentences under the fields, by block_id; `trouble` is Slack's own.
    """

    id: str
    user_id: str
    kind: Literal["modal", "home"]
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    filled: dict[tuple[str, str], Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    version: int = 1

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.definition["blocks"]
        return blocks


@dataclass(slots=True)
class Trigger:
    """A right to open one view, good for three seconds."""

    user_id: str
    at: datetime
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """A way to answer in a conversation, good for five uses in thirty minutes."""

    user_id: str
    channel_id: str
    at: datetime
    message: Message | None = None
    uses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What an installation hands out. The secrets open nothing outside a practice workspace."""

    app_id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    name: str

    @property
    def id(self) -> str:
        """The bot user, where a person's id would stand."""
        return self.bot_user_id


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API (or of a `response_url`), with the token left out of its arguments."""

    at: datetime
    method: str
    token: Literal["bot", "app", "none", "unknown"]
    args: Mapping[str, Any]
    response: Mapping[str, Any]
    status: int


@dataclass(frozen=True, slots=True)
class Sight:
    """Something a person could see: where, in which words, and all that their client received."""

    at: datetime
    where: str
    text: str
    raw: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back at once: `ok` is False when Slack itself showed an error instead."""

    ok: bool
    text: str
