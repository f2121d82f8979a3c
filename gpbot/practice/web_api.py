"""Slack's Web API as far as gpbot may use it: who may call what, with which arguments, and what comes back."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from gpbot.practice import ids, shapes
from gpbot.practice.blockkit import check_message, check_view, is_too_large, is_too_long
from gpbot.practice.limits import Tier
from gpbot.practice.messages import MAX_TEXT
from gpbot.practice.state import Call, Channel, Json, Message, Refused, User, View

if TYPE_CHECKING:
    from gpbot.practice.workspace import Workspace

TokenKind = Literal["bot", "app", "none", "unknown"]
T = TypeVar("T")

MOST_PINS: Final = 100  # in one channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What Slack's reference says about a method.

    One of `scopes` is enough; where they speak of kinds of conversation, the one that is asked about counts.
    `json` says whether arguments may come as a JSON body; where not, such a body is not looked at.
    """

    tier: Tier
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    json: bool = True
    token: Literal["bot", "app"] = "bot"


def _reading(what: str) -> tuple[str, ...]:
    return tuple(f"{family}:{what}" for family in ("channels", "groups", "im", "mpim"))


_MANAGING: Final = ("channels:manage", "groups:write", "im:write", "mpim:write")
_INVITING: Final = (*_MANAGING, "channels:write.invites", "groups:write.invites")
_DESCRIBING: Final = (
    *_MANAGING,
    "channels:write.topic",
    "groups:write.topic",
    "im:write.topic",
    "mpim:write.topic",
)
_SAYING: Final = ("attachments", "blocks", "link_names", "markdown_text", "metadata", "parse", "text", "thread_ts")
_AS_SOMEBODY: Final = ("as_user", "icon_emoji", "icon_url", "username")
_PAGE: Final = ("cursor", "limit")
_RANGE: Final = (*_PAGE, "include_all_metadata", "inclusive", "latest", "oldest")

METHODS: Final[Mapping[str, Method]] = {
    "apps.connections.open": Method(tier=Tier.T3, token="app"),
    "auth.test": Method(tier=Tier.SPECIAL),
    "chat.delete": Method(tier=Tier.T3, scopes=("chat:write",), required=("channel", "ts"), optional=("as_user",)),
    "chat.getPermalink": Method(tier=Tier.SPECIAL, required=("channel", "message_ts"), json=False),
    "chat.postEphemeral": Method(
        tier=Tier.T4,
        scopes=("chat:write",),
        required=("channel", "user"),
        optional=(*_SAYING, *_AS_SOMEBODY),
    ),
    "chat.postMessage": Method(
        tier=Tier.SPECIAL,
        scopes=("chat:write",),
        required=("channel",),
        optional=(*_SAYING, *_AS_SOMEBODY, "mrkdwn", "reply_broadcast", "unfurl_links", "unfurl_media"),
    ),
    "chat.update": Method(
        tier=Tier.T3,
        scopes=("chat:write",),
        required=("channel", "ts"),
        optional=tuple(name for name in (*_SAYING, "as_user", "reply_broadcast") if name != "thread_ts"),
    ),
    "conversations.archive": Method(tier=Tier.T2, scopes=_MANAGING, required=("channel",)),
    "conversations.create": Method(
        tier=Tier.T2, scopes=_MANAGING, required=("name",), optional=("is_private", "team_id")
    ),
    "conversations.history": Method(tier=Tier.T3, scopes=_reading("history"), required=("channel",), optional=_RANGE),
    "conversations.info": Method(
        tier=Tier.T3,
        scopes=_reading("read"),
        required=("channel",),
        optional=("include_locale", "include_num_members"),
        json=False,
    ),
    "conversations.invite": Method(tier=Tier.T3, scopes=_INVITING, required=("channel", "users"), optional=("force",)),
    "conversations.join": Method(tier=Tier.T3, scopes=("channels:join",), required=("channel",)),
    "conversations.list": Method(
        tier=Tier.T2,
        scopes=_reading("read"),
        optional=(*_PAGE, "exclude_archived", "team_id", "types"),
        json=False,
    ),
    "conversations.members": Method(
        tier=Tier.T4, scopes=_reading("read"), required=("channel",), optional=_PAGE, json=False
    ),
    "conversations.open": Method(
        tier=Tier.T3, scopes=_MANAGING, optional=("channel", "prevent_creation", "return_im", "users")
    ),
    "conversations.replies": Method(
        tier=Tier.T3, scopes=_reading("history"), required=("channel", "ts"), optional=_RANGE, json=False
    ),
    "conversations.setPurpose": Method(tier=Tier.T2, scopes=_DESCRIBING, required=("channel", "purpose")),
    "conversations.setTopic": Method(tier=Tier.T2, scopes=_DESCRIBING, required=("channel", "topic")),
    "pins.add": Method(tier=Tier.T2, scopes=("pins:write",), required=("channel",), optional=("timestamp",)),
    "pins.list": Method(tier=Tier.T2, scopes=("pins:read",), required=("channel",), json=False),
    "pins.remove": Method(tier=Tier.T2, scopes=("pins:write",), required=("channel",), optional=("timestamp",)),
    "team.info": Method(tier=Tier.T3, scopes=("team:read",), optional=("domain", "team")),
    "users.conversations": Method(
        tier=Tier.T3,
        scopes=_reading("read"),
        optional=(*_PAGE, "exclude_archived", "team_id", "types", "user"),
        json=False,
    ),
    "users.info": Method(
        tier=Tier.T4, scopes=("users:read",), required=("user",), optional=("include_locale",), json=False
    ),
    "users.list": Method(
        tier=Tier.T2, scopes=("users:read",), optional=(*_PAGE, "include_locale", "team_id"), json=False
    ),
    "users.lookupByEmail": Method(tier=Tier.T3, scopes=("users:read.email",), required=("email",), json=False),
    "views.open": Method(tier=Tier.T4, required=("view",), optional=("trigger_id", "interactivity_pointer")),
    "views.publish": Method(tier=Tier.T4, required=("user_id", "view"), optional=("hash", "interactivity_pointer")),
    "views.push": Method(tier=Tier.T4, required=("view",), optional=("trigger_id", "interactivity_pointer")),
    "views.update": Method(tier=Tier.T4, required=("view",), optional=("external_id", "hash", "view_id")),
}

COMMON_ERRORS: Final = frozenset(
    {
        "fatal_error",
        "internal_error",
        "invalid_arguments",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "ratelimited",
        "unknown_method",
    }
)
"""What any method may answer here."""

_SPEAKING: Final = frozenset(
    {
        "channel_not_found",
        "invalid_blocks",
        "invalid_blocks_format",
        "is_archived",
        "markdown_text_conflict",
        "messages_tab_disabled",
        "no_text",
        "not_in_channel",
    }
)
_TRIGGERED: Final = frozenset(
    {
        "duplicate_external_id",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
        "view_too_large",
    }
)
_NAMING: Final = frozenset(
    {
        "invalid_name",
        "invalid_name_maxlength",
        "invalid_name_punctuation",
        "invalid_name_required",
        "invalid_name_specials",
        "name_taken",
    }
)
_METADATA: Final = frozenset({"invalid_metadata_format", "metadata_too_large"})
_WRONG_KIND: Final = frozenset({"channel_not_found", "method_not_supported_for_channel_type"})

ERRORS: Final[Mapping[str, frozenset[str]]] = {
    "apps.connections.open": frozenset(),
    "auth.test": frozenset(),
    "chat.delete": frozenset({"cant_delete_message", "channel_not_found", "message_not_found"}),
    "chat.getPermalink": frozenset({"channel_not_found", "message_not_found"}),
    "chat.postEphemeral": _SPEAKING | {"msg_too_long", "user_not_in_channel"},
    "chat.postMessage": _SPEAKING | _METADATA | {"msg_blocks_too_long"},
    "chat.update": _METADATA
    | {
        "cant_update_message",
        "channel_not_found",
        "invalid_blocks",
        "invalid_blocks_format",
        "is_inactive",
        "markdown_text_conflict",
        "message_not_found",
        "msg_too_long",
        "no_text",
    },
    "conversations.archive": _WRONG_KIND
    | {"already_archived", "cant_archive_general", "not_in_channel", "restricted_action"},
    "conversations.create": _NAMING | {"restricted_action"},
    "conversations.history": frozenset(
        {"channel_not_found", "invalid_cursor", "invalid_ts_latest", "invalid_ts_oldest", "not_in_channel"}
    ),
    "conversations.info": frozenset({"channel_not_found"}),
    "conversations.invite": _WRONG_KIND
    | {
        "already_in_channel",
        "cant_invite",
        "cant_invite_self",
        "is_archived",
        "no_user",
        "not_in_channel",
        "user_is_restricted",
        "user_not_found",
    },
    "conversations.join": _WRONG_KIND | {"is_archived"},
    "conversations.list": frozenset({"invalid_cursor", "invalid_limit", "invalid_types"}),
    "conversations.members": frozenset({"channel_not_found", "invalid_cursor", "invalid_limit"}),
    "conversations.open": frozenset(
        {"channel_not_found", "too_many_users", "user_disabled", "user_not_found", "users_list_not_supplied"}
    ),
    "conversations.replies": frozenset(
        {"channel_not_found", "invalid_cursor", "invalid_ts_latest", "invalid_ts_oldest", "thread_not_found"}
    ),
    "conversations.setPurpose": _WRONG_KIND | {"is_archived", "not_in_channel", "too_long"},
    "conversations.setTopic": _WRONG_KIND | {"is_archived", "not_in_channel", "too_long"},
    "pins.add": frozenset(
        {
            "already_pinned",
            "bad_timestamp",
            "channel_not_found",
            "message_not_found",
            "no_item_specified",
            "not_in_channel",
            "restricted_action",
            "too_many_pins",
        }
    ),
    "pins.list": frozenset({"channel_not_found"}),
    "pins.remove": frozenset(
        {
            "bad_timestamp",
            "channel_not_found",
            "message_not_found",
            "no_item_specified",
            "no_pin",
        }
    ),
    "team.info": frozenset({"team_not_found"}),
    "users.conversations": frozenset({"invalid_cursor", "invalid_limit", "invalid_types"}),
    "users.info": frozenset({"user_not_found"}),
    "users.list": frozenset({"invalid_cursor"}),
    "users.lookupByEmail": frozenset({"users_not_found"}),
    "views.open": _TRIGGERED,
    "views.publish": frozenset({"duplicate_external_id", "hash_conflict", "not_enabled", "view_too_large"}),
    "views.push": _TRIGGERED | {"not_found", "push_limit_reached"},
    "views.update": frozenset({"duplicate_external_id", "hash_conflict", "not_found", "view_too_large"}),
}
"""What each method may answer besides, all of it in Slack's reference for that method."""

UNDOCUMENTED: Final[Mapping[str, frozenset[str]]] = {
    "chat.postEphemeral": frozenset({"msg_blocks_too_long"}),
    "chat.postMessage": frozenset({"msg_too_long", "user_disabled"}),
    "chat.update": frozenset({"msg_blocks_too_long"}),
}
"""What is not in the reference and yet reported by those who met it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer to a call."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call as it came in: arguments from the form, the query, or a JSON body."""

    method: str
    token: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    is_json: bool = False
    charset_given: bool = True


def call(workspace: Workspace, request: Request) -> Reply:
    """Do what a call asks for and note it. The caller holds the workspace's lock."""
    kind = token_kind(workspace, request.token)
    method = METHODS.get(request.method)
    # Slack does not look into a JSON body where the method takes none.
    args = request.args if method is None or method.json or not request.is_json else {}
    try:
        reply = Reply(body={"ok": True, **_checked(workspace, request.method, method, kind, args)})
    except _Limited as limited:
        reply = rate_limited(limited.seconds)
    except Refused as refused:
        reply = Reply(body={"ok": False, "error": refused.error, **refused.more})
    if request.is_json and not request.charset_given:
        reply = _warned(reply, "missing_charset")
    headers = {"X-OAuth-Scopes": ",".join(sorted(workspace.scopes))} if kind == "bot" else {}
    if method is not None and method.scopes:
        headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
    return Reply(body=reply.body, status=reply.status, headers={**headers, **reply.headers})


def note(workspace: Workspace, request: Request, body: Mapping[str, Any], status: int) -> None:
    """Write a call down, as it ended for the bot, for those who look at `workspace.calls`."""
    kind = token_kind(workspace, request.token)
    args = {name: value for name, value in request.args.items() if name != "token"}
    workspace.calls.append(Call(workspace.clock.now(), request.method, kind, args, body, status))
    workspace.touch()


def token_kind(workspace: Workspace, token: str) -> TokenKind:
    """Which of the app's tokens this is."""
    if not token:
        return "none"
    if workspace.has_app and token == workspace.app.bot_token:
        return "bot"
    if workspace.has_app and token == workspace.app.app_token:
        return "app"
    return "unknown"


def rate_limited(seconds: int) -> Reply:
    """HTTP 429 as Slack says it."""
    return Reply(body={"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})


class _Limited(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def _checked(workspace: Workspace, name: str, method: Method | None, kind: TokenKind, args: Mapping[str, Any]) -> Json:
    if method is None:
        raise Refused("unknown_method", req_method=name)
    if kind == "none":
        raise Refused("not_authed")
    if kind == "unknown":
        raise Refused("invalid_auth")
    if kind != method.token:
        raise Refused("not_allowed_token_type")
    ask = Ask(workspace, name, method, args)
    if workspace.rate_limits:
        place = ask.text("channel")
        # A person's id and their direct message with the app are one channel, and have one allowance.
        channel = ids.conversation_id(place, ask.bot.id) if place in workspace.people else place
        seconds = workspace.limits.take(name, method.tier, now=workspace.clock.now(), channel=channel)
        if seconds is not None:
            raise _Limited(seconds)
    if method.scopes and not workspace.scopes.intersection(method.scopes):
        raise ask.missing(method.scopes[0])
    absent = [wanted for wanted in method.required if args.get(wanted) in (None, "")]
    if absent:
        raise _invalid(*(f"[ERROR] missing required field: {wanted}" for wanted in absent))
    return _HANDLERS[name](ask)


def _invalid(*messages: str) -> Refused:
    return Refused("invalid_arguments", response_metadata={"messages": list(messages)})


def _warned(reply: Reply, warning: str) -> Reply:
    metadata = {**reply.body.get("response_metadata", {}), "warnings": [warning]}
    body = {**reply.body, "warning": warning, "response_metadata": metadata}
    return Reply(body=body, status=reply.status, headers=reply.headers)


@dataclass(frozen=True, slots=True)
class Ask:
    """One call on its way through its handler: typed access to arguments, and what the bot may see."""

    workspace: Workspace
    name: str
    method: Method
    args: Mapping[str, Any]

    @property
    def bot(self) -> User:
        return self.workspace.users[self.workspace.app.bot_user_id]

    def text(self, name: str) -> str:
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.args.get(name)
        return default if value is None else str(value).casefold() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        """A whole number; refuses with `invalid_limit` where the method knows it."""
        try:
            value = int(self.args.get(name) or default)
        except ValueError:
            value = -1
        if value < 0:
            raise (
                Refused("invalid_limit")
                if "invalid_limit" in ERRORS[self.name]
                else _invalid(f"[ERROR] invalid value for {name}")
            )
        return value

    def json(self, name: str, otherwise: str) -> Any:
        """An argument that is JSON, sent as text or as itself; refuses with `otherwise` when it is not."""
        value = self.args.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value) if value else None
            except ValueError:
                raise Refused(otherwise) from None
        return value

    def items(self, name: str) -> list[str]:
        """A list that comes with commas between its entries, or as a list."""
        value = self.args.get(name) or ""
        parts = value.split(",") if isinstance(value, str) else value
        return [str(part).strip() for part in parts if str(part).strip()]

    def missing(self, scope: str) -> Refused:
        return Refused("missing_scope", needed=scope, provided=",".join(sorted(self.workspace.scopes)))

    def need(self, *scopes: str) -> None:
        """Refuse unless the token has one of these scopes."""
        if not self.workspace.scopes.intersection(scopes):
            raise self.missing(scopes[0])

    def user(self, user_id: str) -> User:
        user = self.workspace.users.get(user_id)
        if user is None:
            raise Refused("user_not_found")
        return user

    def place(self, *, by_name: bool = False) -> Channel:
        """The conversation that `channel` names; one the bot may not know of is not found."""
        wanted = self.text("channel")
        places = self.workspace.channels
        place = places.get(wanted)
        if place is None and by_name:
            named = wanted.removeprefix("#")
            place = next((p for p in places.values() if p.name == named and not p.is_im), None)
        if place is None or not self.sees(place):
            raise Refused("channel_not_found")
        return place

    def scoped_place(self) -> Channel:
        """The same, and the token has the method's scope for this kind of conversation."""
        place = self.place()
        self.need(*(scope for scope in self.method.scopes if scope.startswith(_family(place))))
        return place

    def sees(self, place: Channel) -> bool:
        public = not (place.is_private or place.is_im)
        return public or self.bot.id in place.members

    def is_in(self, place: Channel) -> bool:
        return self.bot.id in place.members

    def channel_json(self, place: Channel) -> Json:
        return shapes.channel(place, viewer=self.bot.id, team_id=self.workspace.team_id)


def _family(place: Channel) -> str:
    return f"{place.scope_family}:"


# --- pages --------------------------------------------------------------------------------------------------


def _page(ask: Ask, items: Sequence[T], key: Callable[[T], str], *, default: int, most: int) -> tuple[list[T], Json]:
    """One page of a list, and the cursor to the next; the cursor names where to go on, not how far."""
    size = min(ask.number("limit", default) or default, most)
    start = 0
    if cursor := ask.text("cursor"):
        try:
            kind, _, at = base64.b64decode(cursor, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            kind, at = "", ""
        keys = [key(item) for item in items]
        if kind != "next" or at not in keys:
            raise Refused("invalid_cursor")
        start = keys.index(at)
    page, rest = items[start : start + size], items[start + size :]
    following = base64.b64encode(f"next:{key(rest[0])}".encode()).decode() if rest else ""
    return list(page), {"next_cursor": following}


# --- auth, apps, team -----------------------------------------------------------------------------------------


def _auth_test(ask: Ask) -> Json:
    workspace, app = ask.workspace, ask.workspace.app
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": ask.bot.name,
        "team_id": workspace.team_id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def _apps_connections_open(ask: Ask) -> Json:
    return {"url": ask.workspace.sockets.open_url()}


def _team_info(ask: Ask) -> Json:
    workspace = ask.workspace
    if ask.text("team") not in {"", workspace.team_id}:
        raise Refused("team_not_found")
    picture = "https://avatars.example.com/team.png"
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.name,
            "domain": workspace.domain,
            "url": f"https://{workspace.domain}.slack.com/",
            "email_domain": "",
            "icon": {"image_default": True} | {f"image_{size}": picture for size in (34, 44, 68, 88, 102, 132)},
            "avatar_base_url": "https://avatars.example.com/",
            "is_verified": False,
        }
    }


# --- chat -----------------------------------------------------------------------------------------------------


def _blocks(ask: Ask) -> list[Json] | None:
    blocks = ask.json("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = check_message({"blocks": blocks})
    if problems:
        raise Refused(
            "invalid_blocks",
            errors=[problem.line for problem in problems],
            response_metadata={"messages": [str(problem) for problem in problems]},
        )
    if is_too_long(blocks):
        raise Refused("msg_blocks_too_long")
    return list(blocks)


def _words(ask: Ask, blocks: Iterable[Json] | None, *, most: int = MAX_TEXT) -> str:
    text, markdown = ask.text("text"), ask.text("markdown_text")
    if markdown and (text or blocks):
        raise Refused("markdown_text_conflict")
    text = text or markdown
    if not text and not blocks and not ask.args.get("attachments"):
        raise Refused("no_text")
    if len(text) > most:
        raise Refused("msg_too_long")
    return text


def _metadata(ask: Ask) -> Json | None:
    metadata = ask.json("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if metadata == {}:
        return {}
    well_formed = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not well_formed:
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata)) > 16_000:
        raise Refused("metadata_too_large")
    return dict(shapes.plain(metadata))


def _place_to_speak(ask: Ask) -> Channel:
    """Where a message goes: a channel by id or name, a direct message, or a person by id."""
    wanted = ask.text("channel")
    person = ask.workspace.users.get(wanted)
    if person is not None:
        _refuse_unreachable(person, "channel_not_found")
        place = ask.workspace.dm(person.id)
    else:
        place = ask.place(by_name=True)
    if place.is_im:
        for member in place.members:
            _refuse_unreachable(ask.workspace.users[member], "channel_not_found", but=ask.bot.id)
        if not ask.workspace.feature("app_home").get("messages_tab_enabled", True):
            raise Refused("messages_tab_disabled")
    if place.is_archived:
        raise Refused("is_archived")
    return place


def _refuse_unreachable(person: User, stranger: str, but: str = "") -> None:
    if person.id == but:
        return
    if person.is_bot:
        raise Refused(stranger)
    if person.is_deleted:
        raise Refused("user_disabled")


def _chat_post_message(ask: Ask) -> Json:
    place = _place_to_speak(ask)
    public = not (place.is_private or place.is_im)
    if not ask.is_in(place) and not (public and "chat:write.public" in ask.workspace.scopes):
        raise Refused("not_in_channel")
    blocks = _blocks(ask)
    said = ask.workspace.messages.post(
        place,
        ask.bot,
        text=_words(ask, blocks),
        blocks=blocks,
        metadata=_metadata(ask) or None,
        thread_ts=ask.text("thread_ts") or None,
        broadcast=ask.flag("reply_broadcast"),
    )
    return {"channel": place.id, "ts": said.ts, "message": shapes.message(said, with_metadata=True)}


def _chat_post_ephemeral(ask: Ask) -> Json:
    place = ask.place(by_name=True)
    if not ask.is_in(place):
        raise Refused("not_in_channel")
    if place.is_archived:
        raise Refused("is_archived")
    user = ask.workspace.users.get(ask.text("user"))
    if user is None or user.id not in place.members:
        raise Refused("user_not_in_channel")
    blocks = _blocks(ask)
    said = ask.workspace.messages.whisper(
        place,
        ask.bot,
        user.id,
        text=_words(ask, blocks),
        blocks=blocks,
        thread_ts=ask.text("thread_ts") or None,
    )
    return {"message_ts": said.ts}


def _own_message(ask: Ask, otherwise: str) -> tuple[Channel, Message]:
    place = ask.place()
    said = place.messages.get(ask.text("ts"))
    if said is None or not ask.is_in(place):
        raise Refused("message_not_found")
    if said.user.id != ask.bot.id:
        raise Refused(otherwise)
    return place, said


def _chat_update(ask: Ask) -> Json:
    place, said = _own_message(ask, "cant_update_message")
    if place.is_archived:
        raise Refused("is_inactive")
    blocks = _blocks(ask)
    # Blocks that are not mentioned stay: text alone changes the notification, not what people read.
    text = _words(ask, said.blocks if blocks is None else blocks, most=4_000)
    ask.workspace.messages.edit(said, text=text, blocks=blocks, editor=ask.bot.id, metadata=_metadata(ask))
    message = shapes.message(said, with_metadata=True)
    del message["ts"]
    return {"channel": place.id, "ts": said.ts, "text": said.text, "message": message}


def _chat_delete(ask: Ask) -> Json:
    place, said = _own_message(ask, "cant_delete_message")
    ask.workspace.messages.delete(said)
    return {"channel": place.id, "ts": said.ts}


def _chat_get_permalink(ask: Ask) -> Json:
    place = ask.place()
    ts = ask.text("message_ts")
    if ts not in place.messages:
        raise Refused("message_not_found")
    return {"channel": place.id, "permalink": ask.workspace.messages.permalink(place, ts)}


# --- conversations --------------------------------------------------------------------------------------------


def _conversations_open(ask: Ask) -> Json:
    if channel_id := ask.text("channel"):
        place = ask.workspace.channels.get(channel_id)
        if place is None or not place.is_im:
            raise Refused("channel_not_found")
        already = True
    else:
        people = ask.items("users")
        if not people:
            raise Refused("users_list_not_supplied")
        if len(people) > 1:
            ask.need("mpim:write")
            raise Refused("too_many_users")  # gpbot speaks with one person at a time, and so does this workspace
        ask.need("im:write")
        user = ask.user(people[0])
        _refuse_unreachable(user, "user_not_found")
        count = len(ask.workspace.channels)
        place = ask.workspace.dm(user.id)
        already = len(ask.workspace.channels) == count
    known: Json = {"no_op": True, "already_open": True} if already else {}
    if not ask.flag("return_im"):
        return known | {"channel": {"id": place.id}}
    extra = {"last_read": "0000000000.000000", "latest": None, "unread_count": 0, "unread_count_display": 0}
    return known | {"channel": ask.channel_json(place) | extra | {"is_open": True}}


def _timestamp(ask: Ask, name: str) -> float | None:
    value = ask.text(name)
    if not value:
        return None
    try:
        return float(value)
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _in_range(ask: Ask, messages: Iterable[Message]) -> list[Message]:
    oldest, latest = _timestamp(ask, "oldest"), _timestamp(ask, "latest")
    inclusive = ask.flag("inclusive")
    found = []
    for said in messages:
        at = float(said.ts)
        after = oldest is None or at > oldest or (inclusive and at == oldest)
        before = latest is None or at < latest or (inclusive and at == latest)
        if after and before:
            found.append(said)
    return found


def _said(ask: Ask, said: Message) -> Json:
    replies = ask.workspace.messages.replies(said)
    return shapes.message(said, with_metadata=ask.flag("include_all_metadata"), replies=replies)


def _conversations_history(ask: Ask) -> Json:
    place = ask.scoped_place()
    if not ask.is_in(place):
        raise Refused("not_in_channel")
    top = [m for m in place.messages.values() if m.thread_ts is None or m.thread_ts == m.ts or m.broadcast]
    newest_first = _in_range(ask, reversed(top))
    page, following = _page(ask, newest_first, lambda said: said.ts, default=100, most=999)
    body: Json = {
        "messages": [_said(ask, said) for said in page],
        "has_more": bool(following["next_cursor"]),
        "pin_count": len(place.pins),
    }
    return body | ({"response_metadata": following} if following["next_cursor"] else {})


def _conversations_replies(ask: Ask) -> Json:
    place = ask.scoped_place()
    parent = place.messages.get(ask.text("ts"))
    if not ask.is_in(place) or parent is None:
        raise Refused("thread_not_found")
    thread = [parent, *ask.workspace.messages.replies(parent)]
    page, following = _page(ask, _in_range(ask, thread), lambda said: said.ts, default=1000, most=1000)
    body: Json = {
        "messages": [_said(ask, said) for said in page],
        "has_more": bool(following["next_cursor"]),
    }
    return body | ({"response_metadata": following} if following["next_cursor"] else {})


def _conversations_info(ask: Ask) -> Json:
    place = ask.scoped_place()
    shape = ask.channel_json(place)
    if ask.flag("include_num_members") and not place.is_im:
        shape["num_members"] = len(place.members)
    if ask.is_in(place) and not place.is_im:
        shape["last_read"] = "0000000000.000000"
    return {"channel": shape}


_TYPES: Final[Mapping[str, str]] = {
    "public_channel": "channels",
    "private_channel": "groups",
    "im": "im",
    "mpim": "mpim",
}


def _listed(ask: Ask) -> list[Channel]:
    types = ask.items("types") or ["public_channel"]
    if not set(types) <= set(_TYPES):
        raise Refused("invalid_types")
    families = {_TYPES[kind] for kind in types}
    for kind in types:
        ask.need(f"{_TYPES[kind]}:read")
    return [
        place
        for place in ask.workspace.channels.values()
        if place.scope_family in families
        and ask.sees(place)
        and not (place.is_archived and ask.flag("exclude_archived"))
    ]


def _conversations_list(ask: Ask) -> Json:
    page, following = _page(ask, _listed(ask), lambda place: place.id, default=100, most=1000)
    shown = [ask.channel_json(p) | ({} if p.is_im else {"num_members": len(p.members)}) for p in page]
    return {"channels": shown, "response_metadata": following}


def _users_conversations(ask: Ask) -> Json:
    user_id = ask.text("user") or ask.bot.id
    places = [place for place in _listed(ask) if user_id in place.members]
    page, following = _page(ask, places, lambda place: place.id, default=100, most=1000)
    shown = [ask.channel_json(place) for place in page]
    for shape in shown:
        shape.pop("is_member", None)  # that they are is what was asked for
    return {"channels": shown, "response_metadata": following}


def _conversations_members(ask: Ask) -> Json:
    place = ask.scoped_place()
    page, following = _page(ask, place.members, str, default=100, most=1000)
    return {"members": page, "response_metadata": following}


def _real_channel(ask: Ask, *, member: bool = True) -> Channel:
    """A channel, not a direct message, and the token has the scope for it."""
    place = ask.place()
    if place.is_im:
        raise Refused("method_not_supported_for_channel_type")
    ask.need(*(scope for scope in ask.method.scopes if scope.startswith(_family(place))))
    if member and not ask.is_in(place):
        raise Refused("not_in_channel")
    return place


def _conversations_create(ask: Ask) -> Json:
    name, private = ask.text("name"), ask.flag("is_private")
    ask.need("groups:write" if private else "channels:manage")
    if len(name) > 80:
        raise Refused("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise Refused("invalid_name_punctuation")
    if name != name.casefold() or re.search(r"[\s.]", name):
        raise Refused("invalid_name_specials")
    if not re.fullmatch(r"[\w-]+", name):
        raise Refused("invalid_name_specials")
    if "create" in ask.workspace.restricted:
        raise Refused("restricted_action")
    if ask.workspace.is_taken(name):
        raise Refused("name_taken")
    place = ask.workspace.add_channel(name, private=private, members=[ask.bot.id], creator=ask.bot.id)
    return {"channel": ask.channel_json(place)}


def _cannot_be_invited(ask: Ask, place: Channel, user_id: str) -> str:
    """Why this one cannot be added; empty when they can."""
    user = ask.workspace.users.get(user_id)
    if user is None or user.is_deleted:
        return "user_not_found"
    if user_id == ask.bot.id:
        return "cant_invite_self"
    if user_id in place.members:
        return "already_in_channel"
    if user.is_external:
        return "cant_invite"
    return "user_is_restricted" if user.is_guest else ""


def _conversations_invite(ask: Ask) -> Json:
    place = _real_channel(ask)
    if place.is_archived:
        raise Refused("is_archived")
    wanted = ask.items("users")
    if not wanted or len(wanted) > 100:
        raise Refused("no_user")
    wrong = {user_id: why for user_id in wanted if (why := _cannot_be_invited(ask, place, user_id))}
    errors = [{"user": user_id, "ok": False, "error": why} for user_id, why in wrong.items()]
    good = [user_id for user_id in wanted if user_id not in wrong]
    if errors and not (good and ask.flag("force")):
        raise Refused(str(errors[0]["error"]), errors=errors)
    for user_id in good:
        ask.workspace.invite(place, user_id, inviter=ask.bot.id)
    return {"channel": ask.channel_json(place)} | ({"errors": errors} if errors else {})


def _conversations_join(ask: Ask) -> Json:
    place = ask.place()
    if place.is_im or place.is_private:
        raise Refused("method_not_supported_for_channel_type")
    if place.is_archived:
        raise Refused("is_archived")
    already = ask.is_in(place)
    ask.workspace.invite(place, ask.bot.id)
    body: Json = {"channel": ask.channel_json(place)}
    if already:
        body |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return body


def _conversations_archive(ask: Ask) -> Json:
    place = _real_channel(ask)
    if place.name == "general":
        raise Refused("cant_archive_general")
    if place.is_archived:
        raise Refused("already_archived")
    if "archive" in ask.workspace.restricted:
        raise Refused("restricted_action")
    ask.workspace.archive(place, by=ask.bot.id)
    return {}


def _describe(ask: Ask, part: str) -> Json:
    place = _real_channel(ask)
    if place.is_archived:
        raise Refused("is_archived")
    if len(ask.text(part)) > 250:
        raise Refused("too_long")
    ask.workspace.describe(place, part, ask.text(part), by=ask.bot.id)
    return {"channel": ask.channel_json(place)}


def _conversations_set_topic(ask: Ask) -> Json:
    return _describe(ask, "topic")


def _conversations_set_purpose(ask: Ask) -> Json:
    return _describe(ask, "purpose")


# --- pins -----------------------------------------------------------------------------------------------------


def _to_pin(ask: Ask, *, outside: str = "not_in_channel") -> tuple[Channel, str]:
    place = ask.place()
    if not ask.is_in(place):
        raise Refused(outside)
    ts = ask.text("timestamp")
    if not ts:
        raise Refused("no_item_specified")
    if not re.fullmatch(r"\d+\.\d+", ts):
        raise Refused("bad_timestamp")
    if ts not in place.messages:
        raise Refused("message_not_found")
    return place, ts


def _pins_add(ask: Ask) -> Json:
    place, ts = _to_pin(ask)
    if ts in place.pins:
        raise Refused("already_pinned")
    if "pin" in ask.workspace.restricted:
        raise Refused("restricted_action")
    if len(place.pins) >= MOST_PINS:
        raise Refused("too_many_pins")
    ask.workspace.messages.pin(place, ts, by=ask.bot.id)
    return {}


def _pins_remove(ask: Ask) -> Json:
    place, ts = _to_pin(ask, outside="channel_not_found")
    if ts not in place.pins:
        raise Refused("no_pin")
    del place.pins[ts]
    return {}


def _pins_list(ask: Ask) -> Json:
    place = ask.place()
    return {"items": [ask.workspace.messages.pinned(place, ts) for ts in place.pins]}


# --- users ----------------------------------------------------------------------------------------------------


def _users_info(ask: Ask) -> Json:
    return {"user": ask.workspace.user_json(ask.user(ask.text("user")))}


def _users_list(ask: Ask) -> Json:
    users = [user for user in ask.workspace.users.values() if not user.is_external]
    page, following = _page(ask, users, lambda user: user.id, default=len(users), most=1000)
    at = int(ask.workspace.clock.now().timestamp())
    members = [ask.workspace.user_json(user) for user in page]
    return {"members": members, "cache_ts": at, "response_metadata": following}


def _users_lookup_by_email(ask: Ask) -> Json:
    wanted = ask.text("email").casefold()
    for user in ask.workspace.users.values():
        if user.email and user.email.casefold() == wanted and not (user.is_deleted or user.is_bot):
            return {"user": ask.workspace.user_json(user)}
    raise Refused("users_not_found")


# --- views ----------------------------------------------------------------------------------------------------


def _view(ask: Ask) -> Json:
    """The view of a call, checked as Slack checks it."""
    value = ask.args.get("view")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise _invalid("[ERROR] failed to parse the view [json-pointer:/view]") from None
    if not isinstance(value, Mapping):
        raise _invalid("[ERROR] must provide an object [json-pointer:/view]")
    if is_too_large(value):
        raise Refused("view_too_large")
    problems = check_view(value, where=ask.name)
    if problems:
        raise _invalid(*map(str, problems))
    return dict(shapes.plain(value))


def _answer_view(ask: Ask, view: View) -> Json:
    return {"view": shapes.view(view, app=ask.workspace.app, team_id=ask.workspace.team_id)}


def _trigger(ask: Ask) -> str:
    trigger_id = ask.text("trigger_id") or ask.text("interactivity_pointer")
    if not trigger_id:
        raise _invalid("[ERROR] missing required field: trigger_id")
    ask.workspace.views.holder(trigger_id)
    return trigger_id


def _views_open(ask: Ask) -> Json:
    trigger_id = _trigger(ask)
    return _answer_view(ask, ask.workspace.views.open(trigger_id, _view(ask)))


def _views_push(ask: Ask) -> Json:
    trigger_id = _trigger(ask)
    return _answer_view(ask, ask.workspace.views.push(trigger_id, _view(ask)))


def _views_update(ask: Ask) -> Json:
    view_id, external_id = ask.text("view_id"), ask.text("external_id")
    if not (view_id or external_id):
        raise _invalid("[ERROR] missing required field: view_id")
    definition = _view(ask)
    found = ask.workspace.views.find(view_id or None, external_id or None)
    if found.kind != definition["type"]:
        raise _invalid(f"[ERROR] cannot turn a {found.kind} into a {definition['type']} [json-pointer:/view/type]")
    return _answer_view(ask, ask.workspace.views.replace(found, definition, ask.text("hash") or None))


def _views_publish(ask: Ask) -> Json:
    definition = _view(ask)
    if not ask.workspace.feature("app_home").get("home_tab_enabled"):
        raise Refused("not_enabled")
    user = ask.workspace.people.get(ask.text("user_id"))
    if user is None:
        raise _invalid("[ERROR] invalid `user_id`")
    view = ask.workspace.views.publish(user.id, definition, ask.text("hash") or None)
    return _answer_view(ask, view)


_HANDLERS: Final[Mapping[str, Callable[[Ask], Json]]] = {
    "apps.connections.open": _apps_connections_open,
    "auth.test": _auth_test,
    "chat.delete": _chat_delete,
    "chat.getPermalink": _chat_get_permalink,
    "chat.postEphemeral": _chat_post_ephemeral,
    "chat.postMessage": _chat_post_message,
    "chat.update": _chat_update,
    "conversations.archive": _conversations_archive,
    "conversations.create": _conversations_create,
    "conversations.history": _conversations_history,
    "conversations.info": _conversations_info,
    "conversations.invite": _conversations_invite,
    "conversations.join": _conversations_join,
    "conversations.list": _conversations_list,
    "conversations.members": _conversations_members,
    "conversations.open": _conversations_open,
    "conversations.replies": _conversations_replies,
    "conversations.setPurpose": _conversations_set_purpose,
    "conversations.setTopic": _conversations_set_topic,
    "pins.add": _pins_add,
    "pins.list": _pins_list,
    "pins.remove": _pins_remove,
    "team.info": _team_info,
    "users.conversations": _users_conversations,
    "users.info": _users_info,
    "users.list": _users_list,
    "users.lookupByEmail": _users_lookup_by_email,
    "views.open": _views_open,
    "views.publish": _views_publish,
    "views.push": _views_push,
    "views.update": _views_update,
}
