"""What a person did in Slack, read from Slack's payloads into frozen records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from gpbot.refusals import NotAvailable
from gpbot.slack.blocks import sound

# What people say, by Slack's `subtype`, and not what Slack says of them or apps do.
SAID = frozenset({None, "", "file_share", "me_message", "thread_broadcast"})
NOBODY = frozenset({None, "", "USLACKBOT"})


def is_said_by_a_person(message: Mapping[str, Any]) -> bool:
    """Whether somebody speaks in it. An answer that is shown in the channel too comes twice, with one `ts`."""
    return message.get("subtype") in SAID and not message.get("bot_id") and message.get("user") not in NOBODY


class BadPayload(ValueError):
    """A payload without what every such payload has; names the missing key, never a value."""


def read_uuid(value: str | None) -> UUID:
    """Raises NotAvailable: whatever a button says that is no id of ours is answered alike."""
    found = uuid_or_none(value)
    if found is None:
        raise NotAvailable
    return found


def uuid_or_none(value: str | None) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        return None


class Form:
    """What the fields of a view hold. Asking for a field that is not there gives the empty answer."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        """`values` is Slack's `view.state.values`: block id → action id → state of the element."""
        self._values = values or {}

    def text(self, block_id: str, action_id: str) -> str:
        value = self._state(block_id, action_id).get("value")
        return sound(value) if isinstance(value, str) else ""

    def choice(self, block_id: str, action_id: str) -> str | None:
        return _chosen(self._state(block_id, action_id))

    def choices(self, block_id: str, action_id: str) -> tuple[str, ...]:
        return _all_chosen(self._state(block_id, action_id))

    def blocks(self, name: str) -> tuple[str, ...]:
        """The block ids that are `name`, or `name` with something behind a dot."""
        return tuple(block_id for block_id in self._values if block_id.partition(".")[0] == name)

    def people(self, block_id: str, action_id: str) -> tuple[str, ...]:
        """User ids, in the order they were picked."""
        return _strings(self._state(block_id, action_id).get("selected_users"))

    def _state(self, block_id: str, action_id: str) -> Mapping[str, Any]:
        return _mapping(_mapping(self._values.get(block_id)).get(action_id))


# No repr anywhere below: the dataclass one would print people's words into a log.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenView:
    """A modal or App Home as it was when the person acted."""

    view_id: str
    root_view_id: str
    hash: str
    callback_id: str
    private_metadata: str
    form: Form
    raw: Mapping[str, Any]

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        view_id = _text(view, "id")
        return cls(
            view_id=view_id,
            root_view_id=_text_or_none(view, "root_view_id") or view_id,
            hash=_text_or_none(view, "hash") or "",
            callback_id=_text_or_none(view, "callback_id") or "",
            private_metadata=_text_or_none(view, "private_metadata") or "",
            form=Form(_mapping(_mapping(view.get("state")).get("values"))),
            raw=view,
        )

    @property
    def is_home(self) -> bool:
        return self.raw.get("type") == "home"

    def input_blocks(self) -> tuple[str, ...]:
        """The block ids an error can be shown at, from the top."""
        blocks = self.raw.get("blocks")
        return tuple(
            block["block_id"]
            for block in (blocks if isinstance(blocks, list) else ())
            if block.get("type") == "input" and block.get("block_id")
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked:
    """Somebody did something; `user_id` is who acts, whatever a button or a view says."""

    user_id: str
    user_name: str = ""  # the account's handle, where Slack tells it
    trigger_id: str | None = None
    response_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Command(Asked):
    name: str
    text: str = ""
    channel_id: str = ""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        return cls(
            user_id=_text(body, "user_id"),
            trigger_id=_text_or_none(body, "trigger_id"),
            response_url=_text_or_none(body, "response_url"),
            name=_text(body, "command"),
            text=_text_or_none(body, "text") or "",
            channel_id=_text_or_none(body, "channel_id") or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Click(Asked):
    """A button pressed, or an element that reports its changes.

    `value` is the button's value or the one option chosen, `values` the several options or people chosen,
    `view` where it happened, or `message` as (channel id, ts).
    """

    action_id: str
    block_id: str = ""
    value: str | None = None
    values: tuple[str, ...] = ()
    view: OpenView | None = None
    message: tuple[str, str] | None = None
    at: float = 0.0  # by Slack's clock

    @property
    def modal(self) -> OpenView | None:
        """The one it came from; None for App Home and messages."""
        return None if self.view is None or self.view.is_home else self.view

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        actions = body.get("actions")
        if not isinstance(actions, list) or not actions:
            raise BadPayload("actions")
        action = _mapping(actions[0])
        value = action.get("value")
        return cls(
            user_id=_user(body),
            user_name=_user_name(body),
            trigger_id=_text_or_none(body, "trigger_id"),
            response_url=_text_or_none(body, "response_url"),
            action_id=_text(action, "action_id"),
            block_id=_text_or_none(action, "block_id") or "",
            value=value if isinstance(value, str) else _chosen(action),
            values=_all_chosen(action) or _strings(action.get("selected_users")),
            view=OpenView.read(body["view"]) if isinstance(body.get("view"), Mapping) else None,
            message=_message(body),
            at=_seconds(action.get("action_ts")),
        )

    @property
    def click(self) -> str:
        """Tells one press from the next, however often it is delivered; "" when Slack does not say."""
        return sha256(self.trigger_id.encode()).hexdigest()[:32] if self.trigger_id else ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Submission(Asked):
    callback_id: str
    private_metadata: str = ""
    form: Form = field(default_factory=Form)
    view: OpenView

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        view = OpenView.read(_part(body, "view"))
        return cls(
            user_id=_user(body),
            user_name=_user_name(body),
            trigger_id=_text_or_none(body, "trigger_id"),
            response_url=_first_response_url(body),
            callback_id=view.callback_id,
            private_metadata=view.private_metadata,
            form=view.form,
            view=view,
        )

    @property
    def once(self) -> str:
        """The same submission, clicked or delivered twice, has the same view in the same state, and the same words."""
        values = json.dumps((self.view.raw.get("state") or {}).get("values"), sort_keys=True)
        return f"{self.user_id}:{self.view.view_id}:{self.view.hash}:{sha256(values.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shortcut(Asked):
    """A global shortcut, or a message shortcut with its message (which may have no `user` and no `text`)."""

    callback_id: str
    message: Mapping[str, Any] | None = None
    channel_id: str | None = None
    channel_name: str = ""  # as Slack tells it: it keeps those of private places to itself
    team_domain: str = ""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        message = body.get("message")
        return cls(
            user_id=_user(body),
            trigger_id=_text_or_none(body, "trigger_id"),
            response_url=_text_or_none(body, "response_url"),
            callback_id=_text(body, "callback_id"),
            message=message if isinstance(message, Mapping) else None,
            channel_id=_text_or_none(_mapping(body.get("channel")), "id"),
            channel_name=_text_or_none(_mapping(body.get("channel")), "name") or "",
            team_domain=_text_or_none(_mapping(body.get("team")), "domain") or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Event:
    """Something happened in the workspace. `body` is Slack's inner `event` object."""

    type: str
    event_id: str
    body: Mapping[str, Any]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        event = _part(body, "event")
        return cls(type=_text(event, "type"), event_id=_text(body, "event_id"), body=event)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = body.get(key)
    if not isinstance(part, Mapping):
        raise BadPayload(key)
    return part


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise BadPayload(key)
    return value


def _text_or_none(body: Mapping[str, Any], key: str) -> str | None:
    value = body.get(key)
    return value if isinstance(value, str) and value else None


def _strings(values: object) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()


def _user(body: Mapping[str, Any]) -> str:
    return _text(_part(body, "user"), "id")


def _user_name(body: Mapping[str, Any]) -> str:
    user = _part(body, "user")
    return _text_or_none(user, "username") or _text_or_none(user, "name") or ""


def _chosen(state: Mapping[str, Any]) -> str | None:
    """The one thing chosen in any element that lets people choose one."""
    option = state.get("selected_option")
    if isinstance(option, Mapping):
        return _text_or_none(option, "value")
    for key in ("selected_user", "selected_channel", "selected_conversation", "selected_date"):
        if (value := _text_or_none(state, key)) is not None:
            return value
    return None


def _all_chosen(state: Mapping[str, Any]) -> tuple[str, ...]:
    options = state.get("selected_options")
    if not isinstance(options, list):
        return ()
    return _strings([_mapping(option).get("value") for option in options])


def _message(body: Mapping[str, Any]) -> tuple[str, str] | None:
    container = _mapping(body.get("container"))
    channel_id = container.get("channel_id") or _mapping(body.get("channel")).get("id")
    message_ts = container.get("message_ts") or _mapping(body.get("message")).get("ts")
    if isinstance(channel_id, str) and isinstance(message_ts, str):
        return channel_id, message_ts
    return None


def _first_response_url(body: Mapping[str, Any]) -> str | None:
    urls = body.get("response_urls")
    return _text_or_none(_mapping(urls[0]), "response_url") if isinstance(urls, list) and urls else None


def _seconds(ts: object) -> float:
    try:
        return float(ts) if isinstance(ts, str) else 0.0
    except ValueError:
        return 0.0
