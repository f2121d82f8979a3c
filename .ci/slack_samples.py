"""Checks the practice workspace against published samples of Slack's answers and payloads.

`python .ci/slack_samples.py SHARED_DIR` plays every method and payload kind over HTTP and over Socket Mode,
then prints a line for each difference and exits with 1 if there is any. SHARED_DIR holds `slack-samples`.
"""

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase as fnmatch
from functools import cached_property, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import parse_qsl

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gpbot.practice import Server, Workspace, web_api

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
JAVA = Path("java-slack-sdk/json-logs/samples")
DOCS = Path("slack-api-ref/docs.slack.dev/methods")

# What only an Enterprise organisation, a workflow or a file brings along: samples from there are no reason
# to send the same from an ordinary workspace.
ELSEWHERE = frozenset(
    {
        "enterprise_id",
        "enterprise_name",
        "enterprise",
        "enterprise_user",
        "authed_teams",
        "authed_users",
        "parent_conversation",
    }
)


# What no sample shows and Slack documents elsewhere: a fragment of one kind of object, and where it says so.
BESIDES: tuple[tuple[str, Json, str], ...] = (
    ("element", {"is_decimal_allowed": True}, "the reference of the number input"),
    (
        "answer",
        {
            **dict.fromkeys(("value", "selected_date", "selected_time", "selected_date_time", "selected_option")),
            **dict.fromkeys(("selected_user", "selected_channel", "selected_conversation")),
        },
        "Slack's own types of a view's state (@slack/bolt, ViewStateValue): null where nothing was chosen",
    ),
    (
        "answer",
        {
            "selected_date_time": 0,
            "selected_options": [{"text": {"type": "", "text": "", "emoji": True}, "value": ""}],
            "selected_users": [""],
            "selected_channels": [""],
            "selected_conversations": [""],
        },
        "the same types; the samples have no view in which such an element was answered",
    ),
)


# Events that the reference's list leaves out, though their payloads are among the samples; scopes as for a rename.
EVENTS_BESIDES = dict.fromkeys(("channel_archive", "channel_unarchive"), frozenset({"channels:read"}))

# Codes that are no method's answer, and whose they are.
NO_METHODS_CODES = {
    **dict.fromkeys(("connection_failed", "http_timeout"), "the x-slack-retry-reason of a delivery"),
    **dict.fromkeys(("expired_url", "used_url", "no_active_hooks", "invalid_payload"), "a response_url's answer"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """What every real sample shows and Slack may still leave out: where, when, and why."""

    where: str
    when: Callable[[Mapping[str, Any]], bool]
    why: str


MAY_LACK = (
    Lack(
        "conversations.*: response_metadata",
        lambda answer: answer.get("has_more") is False,
        "the only examples are first pages of several; the last page of a history has no cursor",
    ),
    Lack(
        "conversations.join answer: *",
        lambda answer: "warning" not in answer,
        "the only example joins a channel it is in, which is what it is warned of",
    ),
    Lack(
        "event member_joined_channel: event.inviter",
        lambda _event: True,
        "it is there only when somebody invited the person, says the event's description",
    ),
    *(
        Lack(
            f"*{key}",
            lambda user: user.get("deleted") is True,
            "a person who was deactivated has neither roles nor a time zone any more; no sample shows one",
        )
        for key in (
            "color",
            "has_2fa",
            "is_admin",
            "is_owner",
            "is_primary_owner",
            "is_restricted",
            "is_ultra_restricted",
            "tz",
            "tz_label",
            "tz_offset",
        )
    ),
    Lack(
        "*profile.email",
        lambda profile: "bot_id" in profile or profile.get("real_name") == "Slackbot",
        "bots have no address, and neither has Slackbot",
    ),
    Lack("*profile.image_original", lambda _profile: True, "only who has chosen a picture has an original of it"),
)


@dataclass(slots=True)
class Shape:
    """Which JSON types and keys the samples show in one place; `always` are keys no real sample lacks."""

    types: set[str] = field(default_factory=set)
    keys: dict[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None
    always: set[str] | None = None

    @classmethod
    def of(cls, samples: Iterable[Any], *, real: bool = False) -> Self:
        shape = cls()
        for sample in samples:
            shape.learn(sample, real=real)
        return shape

    def learn(self, sample: Any, name: str = "", *, real: bool = False) -> None:
        """Add one sample; a real one, unlike a skeleton of every possible key, also says what is always there."""
        self.types.add(_type(sample))
        if isinstance(sample, Mapping):
            entries = list(_entries(sample, name))
            if real and name not in _MAPS:
                present = {key for key, _ in entries}
                self.always = present if self.always is None else self.always & present
            for key, part in entries:
                self.keys.setdefault(key, Shape()).learn(part, key, real=real)
        elif isinstance(sample, list):
            self.items = self.items or Shape()
            for part in sample:
                self.items.learn(part, name, real=real)


_MAPS = {"values": "a block", "a block": "an action"}  # keyed by ids an app chose, not by names Slack chose
_LISTS = {"messages": "message", "channels": "channel", "members": "user", "blocks": "block", "files": "file"}


def kind_of(name: str, value: Mapping[str, Any]) -> str | None:
    """Which of the objects this is that Slack sends alike in many places; `name` is the key it stands under."""
    keys = value.keys()
    if {"type", "text"} <= keys <= {"type", "text", "emoji", "verbatim"} and isinstance(value["text"], str):
        return "text"
    match _LISTS.get(name, name):
        case "message" | "previous_message" | "root" if {"ts", "text"} & keys:
            return "message"
        case "user" if "profile" in keys:
            return "user"
        case "channel" if "created" in keys:
            return "channel"
        case "view" if "blocks" in keys:
            return "view"
        case "element" | "elements" | "accessory":
            return "element"
        case "an action":
            return "answer"
        case "block" | "file" | "bot_profile" as kind:
            return kind
    return None


@dataclass(slots=True)
class Kinds:
    """All samples of each kind of object, wherever in Slack they were found."""

    shapes: dict[str, Shape] = field(default_factory=dict)

    def learn(self, sample: Any, name: str = "", *, real: bool = False) -> None:
        """Add every such object of a sample."""
        if isinstance(sample, Mapping):
            if kind := kind_of(name, sample):
                self.shapes.setdefault(kind, Shape()).learn(sample, real=real)
            for key, part in _entries(sample, name):
                self.learn(part, key, real=real)
        elif isinstance(sample, list):
            for part in sample:
                self.learn(part, name, real=real)

    def alike(self, name: str, value: Any) -> list[Shape]:
        """The shape of an object's kind, if it is of one; an event may be a message, with more in it."""
        if not isinstance(value, Mapping):
            return []
        spoken = name == "event" and value.get("type") == "message" and "subtype" not in value
        kind = "message" if spoken else kind_of(name, value)
        return [self.shapes[kind]] if kind in self.shapes else []

    def unknown(self, shapes: Sequence[Shape], value: Any, at: str = "", name: str = "") -> Iterator[str]:
        """What this value has that neither samples of its place nor of its kind show."""
        shapes = [*shapes, *self.alike(name, value)]
        types = {one for shape in shapes for one in shape.types}
        if types and _type(value) not in types:
            yield f"{at or 'the whole'} is {_type(value)}, samples show {' or '.join(sorted(types))}"
        elif isinstance(value, Mapping) and any(shape.keys for shape in shapes):
            for key, part in _entries(value, name):
                inner = f"{at}.{key}".lstrip(".")
                if known := [shape.keys[key] for shape in shapes if key in shape.keys]:
                    yield from self.unknown(known, part, inner, key)
                else:
                    yield f"{inner} is in no sample"
        elif isinstance(value, list):
            items = [shape.items for shape in shapes if shape.items]
            for part in value:
                yield from self.unknown(items, part, f"{at}[]", name)

    def missing(
        self, shape: Shape, value: Any, at: str = "", name: str = ""
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """What every real sample of its place and of its kind has, and this value has not: path and value."""
        if isinstance(value, Mapping):
            kinds = self.alike(name, value) if name != "event" else []
            told = [one.always for one in (shape, *kinds) if one.always is not None]
            always = set.intersection(*told) if told else set()
            for key in sorted(always - set(value) - ELSEWHERE):
                yield f"{at}.{key}".lstrip("."), value
            for key, part in _entries(value, name):
                known = shape.keys.get(key) or Shape()
                yield from self.missing(known, part, f"{at}.{key}".lstrip("."), key)
        elif isinstance(value, list):
            for part in value:
                yield from self.missing(shape.items or Shape(), part, f"{at}[]", name)


def _entries(value: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    for key, part in value.items():
        yield _MAPS.get(name, key), part


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def whole(payload: Mapping[str, Any]) -> bool:
    """Whether a sample is all of a payload: some are cut down to what a test of their library looked at.

    The old verification token is in everything that is delivered, except from workflows.
    """
    return "token" in payload


@dataclass(frozen=True)
class Samples:
    """The samples, by what they are samples of."""

    folder: Path

    def read(self, *path: str | Path) -> Any:
        return json.loads(self.folder.joinpath(*path).read_text(encoding="utf-8"))

    def _java(self, *path: str | Path) -> list[Any]:
        return [self.read(JAVA, *path)] if self.folder.joinpath(JAVA, *path).exists() else []

    @cached_property
    def kinds(self) -> Kinds:
        """Every message, person, channel, view, block and so on of all the samples."""
        kinds = Kinds()
        for path in sorted((self.folder / JAVA).rglob("*.json")):
            kinds.learn(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((self.folder / DOCS).glob("*.json")):
            for example in self.examples(path.stem):
                kinds.learn(example, real=True)
        for _, payload in self._extracted:
            kinds.learn(payload, real=whole(payload))
        # In a state stands what in `actions` stands among much else.
        action = self.read(JAVA, "app-backend/interactive-components/BlockActionPayload.json")["actions"][0]
        kinds.learn({"values": {"": {"": {key: action[key] for key in action if "selected" in key}}}})
        for kind, fragment, _reason in BESIDES:
            kinds.shapes.setdefault(kind, Shape()).learn(fragment)
        return kinds

    # --- methods

    def has_method(self, method: str) -> bool:
        return self.folder.joinpath(DOCS, f"{method}.json").exists()

    def documented(self, method: str) -> Json:
        page: Json = self.read(DOCS, f"{method}.json")
        return page

    @cached_property
    def common_errors(self) -> frozenset[str]:
        common = self.read("slack-api-ref/methods/_errors/common.json")["errors"]
        return frozenset(common) | frozenset(self.read("_derived/methods.json")["common_errors"])

    def errors(self, method: str) -> frozenset[str]:
        """Every code the method may answer, whether its own or one that all methods share."""
        return frozenset(self.documented(method)["errors"]) | self.common_errors

    def scopes(self, method: str) -> frozenset[str]:
        return frozenset(self.documented(method)["scope"].get("bot", ()))

    def arguments(self, method: str) -> frozenset[str]:
        return frozenset(self.documented(method)["args"]["properties"]) - {"token"}

    def required(self, method: str) -> frozenset[str]:
        return frozenset(self.documented(method)["args"].get("required", ())) - {"token"}

    def answer(self, method: str) -> tuple[Shape, Shape]:
        """What a good answer may hold, and (as `always`) what it does hold."""
        also = {"views.push": "views.open", "views.update": "views.open"}.get(method, method)
        examples = self.examples(method)
        return Shape.of([*self._java("api", f"{also}.json"), *examples]), Shape.of(examples, real=True)

    def examples(self, method: str, *, ok: bool = True) -> list[Json]:
        """The documented answers of a method, good or bad."""
        told = [one.get("example") for one in self.documented(method).get("examples", {}).values()]
        return [one for one in told if isinstance(one, dict) and one.get("ok") is ok]

    @cached_property
    def every_scope(self) -> frozenset[str]:
        """Every scope of a bot that some method or event asks for, and those that go with no method."""
        pages = [self.documented(path.stem) for path in (self.folder / DOCS).glob("*.json")]
        of_methods = {scope for page in pages for scope in (page.get("scope") or {}).get("bot", ())}
        return frozenset({"commands"} | of_methods).union(*self.event_scopes.values())

    @cached_property
    def event_scopes(self) -> dict[str, frozenset[str]]:
        """Which scopes, each of them enough, an event asks for."""
        told = self.read("slack-api-ref/docs.slack.dev/events/events.json")
        return EVENTS_BESIDES | {one["name"]: frozenset(one.get("scopes") or ()) for one in told}

    # --- payloads

    @cached_property
    def _extracted(self) -> list[tuple[str, Json]]:
        found: list[tuple[str, Json]] = []
        for folder in ("bolt-python-extracted", "python-slack-sdk-extracted"):
            for entry in self.read(folder, "INDEX.json"):
                sample = self.read(folder, entry["file"])
                if isinstance(sample, dict):
                    envelope = "envelope_id" in sample and "payload" in sample and "type" in sample
                    payload: Json = sample["payload"] if envelope else sample
                    kind = payload.get("type") or ("slash_command" if "command" in payload else "")
                    found.append((kind, payload))
        return found

    def inbound(self, kind: str) -> list[Json]:
        """Real payloads of one kind, such as `block_actions`, `slash_command` or `event_callback`."""
        return [payload for found, payload in self._extracted if found == kind]

    def payload(self, kind: str, payload: Json) -> tuple[Shape, Shape]:
        """What a payload like this one may hold, and what it always holds."""
        return self.event(payload["event"]) if kind == "event_callback" else self.interaction(kind)

    def envelope(self, kind: str) -> tuple[Shape, Shape]:
        """What stands around a payload on a socket, or comes over it without one."""
        folder = "python-slack-sdk-extracted"
        samples = [self.read(folder, entry["file"]) for entry in self.read(folder, "INDEX.json")]
        known = [unpacked(one) for one in samples if isinstance(one, dict) and one.get("type") == kind]
        known = [one for one in known if "envelope_id" in one or kind in {"hello", "disconnect"}]
        return Shape.of(known), Shape.of(known, real=True)

    def known_signature(self) -> dict[str, str]:
        """The documented example: secret, timestamp, body, signature."""
        return cast("dict[str, str]", self.read("python-slack-sdk-extracted", "signature_known_answer.json"))

    def interaction(self, kind: str) -> tuple[Shape, Shape]:
        """What an interaction or slash command may hold, and what it always holds."""
        skeletons = {
            "block_actions": "interactive-components/BlockActionPayload.json",
            "message_action": "interactive-components/MessageShortcutPayload.json",
            "view_submission": "views/ViewSubmissionPayload.json",
            "view_closed": "views/ViewClosedPayload.json",
            "slash_command": "slash-commands/SlashCommandPayload.json",
        }
        real = self.inbound(kind)
        skeleton = self._java("app-backend", skeletons[kind]) if kind in skeletons else []
        known = Shape.of([*skeleton, *real])
        for sample in (one for other in skeletons for one in self.inbound(other)):
            if "enterprise" in known.keys and "enterprise" in sample:
                known.keys["enterprise"].learn(sample["enterprise"])
        return known, Shape.of(filter(whole, real), real=True)

    def event(self, event: Mapping[str, Any]) -> tuple[Shape, Shape]:
        """The same for an event such as this one, envelope and all."""
        kind, subtype = str(event["type"]), event.get("subtype")
        name = kind if not subtype else subtype if subtype.startswith("message_") else f"{kind}_{subtype}"
        skeletons = self._java("events", "".join(part.capitalize() for part in name.split("_")) + "Payload.json")
        real = [
            sample
            for sample in self.inbound("event_callback")
            if sample.get("event", {}).get("type") == kind and sample["event"].get("subtype") == subtype
        ]
        example = self.folder / "slack-api-ref/events" / f"{kind}.json"
        described = json.loads(example.read_text(encoding="utf-8")).get("example") if example.exists() else None
        examples = [described] if isinstance(described, Mapping) and not subtype else []
        envelopes = [{**sample, "event": {}} for sample in self.inbound("event_callback")]
        known = Shape.of([*envelopes, *skeletons, *real, *({"event": one} for one in examples)])
        always = Shape.of(filter(whole, [*envelopes, *real]), real=True)
        always.keys["event"] = Shape.of([*(sample["event"] for sample in real), *examples], real=True)
        return known, always


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found different; the same difference is said once."""

    kinds: Kinds
    findings: Counter[str] = field(default_factory=Counter)
    looked_at: Counter[str] = field(default_factory=Counter)
    notes: set[str] = field(default_factory=set)
    excused: set[str] = field(default_factory=set)
    planted: int = 0

    def difference(self, where: str, what: str) -> None:
        self.findings[f"{where}: {what}"] += 1

    def compare(self, where: str, value: Any, shapes: tuple[Shape, Shape]) -> None:
        self.looked_at[where] += 1
        known, always = shapes
        for what in self.kinds.unknown([known], value):
            self.difference(where, what)
        for path, lacking in self.kinds.missing(always, value):
            excuses = {one.where for one in MAY_LACK if fnmatch(f"{where}: {path}", one.where) and one.when(lacking)}
            self.excused |= excuses
            if not excuses:
                self.difference(where, f"{path} is in every real sample, and missing here")


# --- the app that is played with -----------------------------------------------------------------------

EVENTS = (
    "app_home_opened",
    "channel_archive",
    "channel_created",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "team_join",
    "user_change",
)
EVERY_SCOPE = sorted(
    {scope for method in web_api.METHODS.values() for scope in method.scopes}
    | {"commands", "pins:read", "users:read.email"}
)


def manifest(scopes: Iterable[str]) -> Json:
    return {
        "display_information": {"name": "Sampler"},
        "features": {
            "bot_user": {"display_name": "sampler"},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [{"command": "/sample", "description": "Sample"}],
            "shortcuts": [
                {"name": "Sample", "type": "global", "callback_id": "global", "description": "Sample"},
                {"name": "Sample this", "type": "message", "callback_id": "message", "description": "Sample"},
            ],
        },
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
        },
    }


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(words: str) -> Json:
    return {
        "type": "button",
        "action_id": words.casefold(),
        "text": plain(words),
        "value": "1",
        "style": "primary",
    }


def options(*words: str) -> list[Json]:
    return [{"text": plain(word), "value": word} for word in words]


BUTTONS: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Sample*"}},
    {"type": "actions", "elements": [button("Press")]},
]
EVERY_INPUT: tuple[Json, ...] = (
    {"type": "plain_text_input"},
    {"type": "email_text_input"},
    {"type": "url_text_input"},
    {"type": "number_input", "is_decimal_allowed": False},
    {"type": "static_select", "options": options("One", "Two"), "initial_option": options("One")[0]},
    {"type": "multi_static_select", "options": options("One", "Two")},
    {"type": "radio_buttons", "options": options("One", "Two")},
    {"type": "checkboxes", "options": options("One", "Two")},
    {"type": "users_select"},
    {"type": "multi_users_select"},
    {"type": "conversations_select"},
    {"type": "multi_conversations_select"},
    {"type": "channels_select"},
    {"type": "multi_channels_select"},
    {"type": "datepicker"},
    {"type": "timepicker"},
    {"type": "datetimepicker"},
)


def form(title: str = "Sample") -> Json:
    inputs = [
        {
            "type": "input",
            "block_id": f"b{number}",
            "label": plain(f"Field {number}"),
            "optional": number > 0,
            "element": {**element, "action_id": "a"},
        }
        for number, element in enumerate(EVERY_INPUT)
    ]
    return {
        "type": "modal",
        "callback_id": title.casefold(),
        "private_metadata": "m",
        "notify_on_close": True,
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": [*inputs, *BUTTONS],
    }


def home() -> Json:
    return {"type": "home", "callback_id": "home", "blocks": BUTTONS}


# --- the other end of the line -------------------------------------------------------------------------


@dataclass(slots=True)
class Inbox:
    """What the app received, as (kind, payload), and how it answers the next submission."""

    payloads: list[tuple[str, Json]] = field(default_factory=list)
    envelopes: list[Json] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    badly_signed: int = 0

    def take(self, payload: Json) -> Json | None:
        """Note a payload and give the answer to it."""
        kind = payload.get("type") or ("slash_command" if "command" in payload else "?")
        self.payloads.append((kind, payload))
        if kind == "url_verification":
            return {"challenge": payload["challenge"]}
        return self.answers.pop(0) if kind == "view_submission" and self.answers else None

    def last(self, kind: str) -> Json:
        """The latest payload of one kind. Raises LookupError when there was none."""
        for found, payload in reversed(self.payloads):
            if found == kind:
                return payload
        raise LookupError(f"no {kind} was delivered")


@contextmanager
def over_http(workspace: Workspace, inbox: Inbox, _api_url: str) -> Iterator[None]:
    """Listen for signed requests."""
    verifier = SignatureVerifier(workspace.app.signing_secret)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not verifier.is_valid_request(body, dict(self.headers)):
                inbox.badly_signed += 1
            if self.headers.get_content_type() == "application/json":
                payload = json.loads(body)
            else:
                fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
                payload = json.loads(fields["payload"]) if "payload" in fields else fields
            answer = inbox.take(payload)
            content = json.dumps(answer).encode() if answer else b""
            self.send_response(200)
            self.send_header("Content-Type", "application/json" if content else "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, daemon=True)
        thread.start()
        workspace.deliver_to(f"http://127.0.0.1:{listener.server_port}/slack/events")
        try:
            yield
        finally:
            listener.shutdown()
            thread.join()


@contextmanager
def over_a_socket(workspace: Workspace, inbox: Inbox, api_url: str) -> Iterator[None]:
    """Connect as Slack's own client does."""
    client = SocketModeClient(
        app_token=workspace.app.app_token,
        web_client=WebClient(token=workspace.app.app_token, base_url=api_url),
        concurrency=1,
    )

    def received(text: str) -> None:
        message = json.loads(text)
        inbox.envelopes.append(message)
        if "envelope_id" in message:
            answer = inbox.take(message["payload"])
            client.send_socket_mode_response(SocketModeResponse(message["envelope_id"], answer))

    # The client's other listeners are never told of a `disconnect`.
    client.on_message_listeners.append(received)
    client.connect()
    try:
        workspace.wait_until(lambda: workspace.connected == 1)
        yield
    finally:
        client.close()


# --- the play ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Play:
    """One workspace played through, over one transport."""

    workspace: Workspace
    inbox: Inbox
    api_url: str

    def call(self, method: str, token: str | None = None, **arguments: Any) -> Json:
        """One call, as a form; a refusal comes back like any other answer."""
        token = self.workspace.app.bot_token if token is None else token
        fields = {name: json.dumps(v) if isinstance(v, dict | list) else v for name, v in arguments.items()}
        try:
            answer = WebClient(token=token, base_url=self.api_url).api_call(method, params=fields)
        except SlackApiError as refused:
            answer = refused.response
        return cast("Json", answer.data)

    def good(self, method: str, **arguments: Any) -> Json:
        """A call that has to succeed for the play to go on."""
        answer = self.call(method, **arguments)
        if not answer["ok"]:
            raise LookupError(f"{method} was refused: {answer}")
        return answer

    def play(self) -> None:
        """Everything once: the Web API, then what people do, then the refusals."""
        workspace, bot = self.workspace, self.workspace.app
        amina, ben = workspace.add_person("Amina Okafor", title="Harbour Aid"), workspace.add_person("Ben Adeyemi")
        general = workspace.add_channel("general", members=[amina, ben])
        triage = workspace.add_channel("triage", private=True, members=[amina])
        self.good("conversations.join", channel=general.id)
        triage.invite(bot)
        triage.invite(ben)
        self.methods(amina, ben, general, triage)
        self.people(amina, ben, general, triage)
        self.refusals(general)
        workspace.settle()

    def methods(self, amina: Any, ben: Any, general: Any, triage: Any) -> None:
        good, app_token = self.good, self.workspace.app.app_token
        good("auth.test")
        good("apps.connections.open", token=app_token)
        good("team.info")
        good("users.info", user=amina.id)
        good("users.list", limit=1)
        good("users.lookupByEmail", email="amina.okafor@example.org")
        metadata = {"event_type": "sample", "event_payload": {"id": "1"}}
        said = good("chat.postMessage", channel=triage.id, text="hello", blocks=BUTTONS, metadata=metadata)
        good("chat.postMessage", channel=amina.id, text="hello")
        good("chat.postMessage", channel=triage.id, text="answer", thread_ts=said["ts"])
        good("chat.postEphemeral", channel=triage.id, user=amina.id, text="hello")
        good("chat.update", channel=triage.id, ts=said["ts"], text="changed", blocks=BUTTONS)
        good("chat.getPermalink", channel=triage.id, message_ts=said["ts"])
        good("pins.add", channel=triage.id, timestamp=said["ts"])
        good("pins.list", channel=triage.id)
        good("pins.remove", channel=triage.id, timestamp=said["ts"])
        good("conversations.history", channel=triage.id, include_all_metadata=True)
        good("conversations.history", channel=triage.id, limit=1)
        good("conversations.replies", channel=triage.id, ts=said["ts"])
        gone = good("chat.postMessage", channel=triage.id, text="gone")
        good("chat.delete", channel=triage.id, ts=gone["ts"])
        good("conversations.info", channel=triage.id, include_num_members=True)
        direct = good("conversations.open", users=ben.id)["channel"]["id"]
        good("conversations.open", users=ben.id, return_im=True)
        good("conversations.info", channel=direct)
        good("conversations.list", types="public_channel,private_channel,im")
        good("conversations.members", channel=triage.id)
        good("users.conversations", types="public_channel,private_channel,im")
        made = good("conversations.create", name="harbour")["channel"]["id"]
        good("conversations.invite", channel=made, users=amina.id)
        good("conversations.setTopic", channel=made, topic="Boats")
        good("conversations.setPurpose", channel=made, purpose="Boats")
        good("conversations.join", channel=general.id)
        good("conversations.archive", channel=made)

    def people(self, amina: Any, ben: Any, general: Any, triage: Any) -> None:
        workspace, inbox = self.workspace, self.inbox
        amina.open_home()
        published = self.good("views.publish", user_id=amina.id, view=home())
        amina.open_home()
        amina.press("Press")
        amina.command("/sample", "words", channel=general)
        opened = self.good("views.open", trigger_id=inbox.last("slash_command")["trigger_id"], view=form())
        self.good("views.update", view_id=opened["view"]["id"], view=form(), hash=opened["view"]["hash"])
        amina.press("Press")
        trigger = inbox.last("block_actions")["trigger_id"]
        self.good("views.push", trigger_id=trigger, view=form("Second"))
        amina.dismiss()
        amina.fill("Field 0", "words")
        amina.fill("Field 4", "Two")
        amina.fill("Field 7", ["One"])
        amina.fill("Field 8", ben)
        inbox.answers.append({"response_action": "errors", "errors": {"b0": "No"}})
        amina.submit()
        inbox.answers.append({"response_action": "update", "view": form("Third")})
        amina.submit()
        amina.dismiss(all=True)
        amina.shortcut("Sample")
        said = amina.say("hello", to=triage)
        amina.message_shortcut("Sample this", said)
        answered = amina.say("hello", to=None)
        amina.edit(answered, "hello there")
        amina.delete(answered)
        ben.say("hello", to=general)
        self.good("chat.postMessage", channel=amina.id, text="hello", blocks=BUTTONS)
        amina.press("Press")
        self.good("chat.postEphemeral", channel=general.id, user=amina.id, text="hello", blocks=BUTTONS)
        amina.press("Press", within=amina.read(general)[-1])
        self.good("views.publish", user_id=amina.id, view=home(), hash=published["view"]["hash"])
        workspace.rename(ben, display_name="ben")
        carol = workspace.add_person("Carol Stone", guest=True)
        general.invite(carol)
        general.remove(carol)
        workspace.deactivate(carol)
        self.good("users.info", user=carol.id)

    def refusals(self, general: Any) -> None:
        """Each method without a token, with the wrong ones, with nothing, and about what is not there."""
        call, app = self.call, self.workspace.app
        hidden = self.workspace.add_channel("hidden", private=True)
        for method, about in web_api.METHODS.items():
            right, wrong = (app.bot_token, app.app_token) if about.token == "bot" else (app.app_token, app.bot_token)
            call(method, token="")
            call(method, token="xoxb-nobody")
            call(method, token=wrong)
            call(method, token=right)
            for channel in ("C0", hidden.id, general.id):
                call(
                    method,
                    token=right,
                    channel=channel,
                    user="U0",
                    users="U0",
                    ts="1.1",
                    message_ts="1.1",
                    text="a",
                )
                call(
                    method,
                    token=right,
                    channel=channel,
                    timestamp="1.1",
                    view="{",
                    name="A b",
                    cursor="x",
                    types="y",
                )
            call(
                method,
                token=right,
                view=form("A title of more than twenty-four"),
                trigger_id="1.2.3",
                user_id="U0",
            )
            call(method, token=right, channel=general.id, user="U0", ts="1.1", blocks=[{"type": "nothing"}])
        call("chat.postMessage", channel=general.id, text="")
        call("chat.postMessage", channel=general.id, blocks="[")
        call("chat.postMessage", channel=general.id, text="a", metadata={"event_type": 1})
        call("nothing.at.all")


# --- the checks ----------------------------------------------------------------------------------------

TIERS = {"t1": "T1", "t2": "T2", "t3": "T3", "t4": "T4", "t5": "SPECIAL"}


def check_tables(samples: Samples, report: Report, codes: Mapping[str, frozenset[str]] = web_api.ERRORS) -> None:
    """Arguments, scopes, tiers and error codes of every method, against its documentation."""
    for name, method in web_api.METHODS.items():
        if not samples.has_method(name):
            report.difference(name, "is no documented method here")
            continue
        report.looked_at[f"table of {name}"] += 1
        known = samples.documented(name)
        for what, ours, theirs in (
            ("argument", {*method.required, *method.optional}, samples.arguments(name)),
            ("required argument", set(method.required), samples.required(name)),
            ("scope", set(method.scopes), samples.scopes(name)),
            ("error", set(codes[name]) | web_api.COMMON_ERRORS, samples.errors(name)),
        ):
            for extra in sorted(ours - theirs):
                report.difference(name, f"{what} {extra} is not documented")
        for absent in sorted(samples.required(name) - set(method.required)):
            report.difference(name, f"argument {absent} is required, says the documentation")
        if TIERS[known["rate_limits"]] != method.tier.name:
            report.difference(name, f"is of tier {known['rate_limits']}, not {method.tier.name}")
        if bool(known.get("json_input_supported")) != method.json:
            report.difference(name, f"takes JSON: {bool(known.get('json_input_supported'))}, says the documentation")
    for name in sorted(set(web_api.ERRORS) ^ set(web_api.METHODS)):
        report.difference(name, "has errors or arguments, and not both")


def check_undocumented(samples: Samples, report: Report) -> None:
    """The codes that are known not to be in the reference: said, and wrong once they are in it."""
    for name, extra in web_api.UNDOCUMENTED.items():
        for code in sorted(extra & samples.errors(name)):
            report.difference(name, f"error {code} is documented after all")
        report.notes |= {f"not in the reference: {name} answers {code}" for code in extra - samples.errors(name)}


def check_codes(samples: Samples, report: Report) -> None:
    """Every code that the source says it refuses with, against the tables."""
    tables = (web_api.COMMON_ERRORS, *web_api.ERRORS.values(), *web_api.UNDOCUMENTED.values())
    for path in sorted((ROOT / "gpbot/practice").glob("*.py")):
        for code in re.findall(r'Refused\(\s*"([^"]+)"', path.read_text(encoding="utf-8")):
            report.looked_at["codes"] += 1
            if code not in frozenset(NO_METHODS_CODES).union(*tables):
                report.difference(path.name, f"error {code} is in no table")
    for code in sorted(NO_METHODS_CODES.keys() & samples.common_errors):
        report.difference("the check itself", f"{code} is documented after all")


def check_calls(play: Play, samples: Samples, report: Report) -> None:
    """Every answer of the Web API that the play called forth."""
    refusal = Shape.of(
        [
            {"ok": False, "error": "", "needed": "", "provided": "", "req_method": ""},
            {"warning": "", "errors": [""], "response_metadata": {"messages": [""], "warnings": [""]}},
            *(one for method in web_api.METHODS for one in samples.examples(method, ok=False)),
        ]
    )
    answered = set()
    for call in play.workspace.calls:
        body = dict(call.response)
        if not samples.has_method(call.method):
            continue
        if body.get("ok"):
            answered.add(call.method)
            report.compare(f"{call.method} answer", body, samples.answer(call.method))
            continue
        report.compare("refusals", body, (refusal, Shape()))
        error = str(body.get("error"))
        own = web_api.ERRORS.get(call.method, frozenset()) | web_api.UNDOCUMENTED.get(call.method, frozenset())
        if error not in own | web_api.COMMON_ERRORS:
            report.difference(call.method, f"answered {error}, which is not in its table")
    for method in sorted(set(web_api.METHODS) - answered):
        report.difference(method, "was never played to a good end")


def check_payloads(play: Play, samples: Samples, report: Report) -> None:
    """Every payload the app received."""
    events, kinds = set(), set()
    for kind, payload in play.inbox.payloads:
        kinds.add(kind)
        if kind == "event_callback":
            events.add(payload["event"]["type"])
        report.compare(payload_name(kind, payload), payload, samples.payload(kind, payload))
    wanted = {"block_actions", "view_submission", "view_closed", "shortcut", "message_action", "slash_command"}
    for kind in sorted(wanted - kinds):
        report.difference(kind, "was never delivered")
    for event_type in sorted({name.partition(".")[0] for name in EVENTS} - events):
        report.difference(f"event {event_type}", "was never delivered")


def payload_name(kind: str, payload: Json) -> str:
    """What a finding calls a payload: `event message message_changed`, `block_actions in modal`."""
    if kind == "event_callback":
        event = payload["event"]
        return " ".join(filter(None, ["event", event["type"], event.get("subtype")]))
    container = payload.get("container", {})
    place = "an ephemeral message" if container.get("is_ephemeral") else container.get("type")
    if container.get("type") == "view":
        place = payload["view"]["type"]
    return f"{kind} in {place}" if place else kind


def check_envelopes(play: Play, samples: Samples, report: Report) -> None:
    """What came over the socket around the payloads, hello and goodbye included."""
    seen = set()
    for envelope in play.inbox.envelopes:
        kind = envelope["type"]
        seen.add(kind)
        report.compare(f"envelope {kind}", unpacked(envelope), samples.envelope(kind))
    for kind in sorted({"hello", "disconnect", "events_api", "slash_commands", "interactive"} - seen):
        report.difference(f"envelope {kind}", "was never sent")


def unpacked(envelope: Json) -> Json:
    """An envelope with nothing in it."""
    return {**envelope, "payload": {}} if "payload" in envelope else envelope


def check_signature(workspace: Workspace, known: Mapping[str, str], report: Report) -> None:
    """The documented example of a signature."""
    report.looked_at["signature"] += 1
    headers = workspace.sign(known["body"].encode(), timestamp=int(known["timestamp"]), secret=known["signing_secret"])
    if headers["X-Slack-Signature"] != known["signature"]:
        report.difference("signature", f"is {headers['X-Slack-Signature']}, the documented one {known['signature']}")


def check_limits(report: Report) -> None:
    """A call too many: HTTP 429 with `Retry-After`."""
    report.looked_at["rate limit"] += 1
    workspace = Workspace(name="Hurried")
    workspace.install(manifest(EVERY_SCOPE))
    with Server(workspace) as server:
        play = Play(workspace, Inbox(), server.api_url)
        codes = {play.call("users.list").get("error") for _ in range(30)}
        if codes != {None, "ratelimited"} or workspace.calls[-1].status != 429:
            report.difference("rate limit", f"thirty calls of tier 2 in a moment gave {codes}")


def check_scopes(report: Report) -> None:
    """A token without scopes: `missing_scope` with what was needed and what there is."""
    workspace = Workspace(name="Locked", rate_limits=False)
    workspace.install(manifest(["commands"]))
    general = workspace.add_channel("general")
    general.invite(workspace.app)
    with Server(workspace) as server:
        play = Play(workspace, Inbox(), server.api_url)
        for name, method in web_api.METHODS.items():
            if not method.scopes:
                continue
            report.looked_at["missing scopes"] += 1
            answer = play.call(name, **{one: general.id if one == "channel" else "1.1" for one in method.required})
            lacks = answer.get("needed") in method.scopes and answer.get("provided") == "commands"
            if answer.get("error") != "missing_scope" or not lacks:
                report.difference(name, f"without its scope answers {answer}")


# --- the manifest --------------------------------------------------------------------------------------


def app_manifest(*arguments: str) -> Json:
    """What `gpbot manifest` prints."""
    command = [sys.executable, "-m", "gpbot", "manifest", *arguments]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout  # noqa: S603
    return cast("Json", json.loads(printed))


def check_manifest(where: str, given: Json, samples: Samples, report: Report) -> None:
    """An app manifest against Slack's schema, and its scopes and events against the reference."""
    report.looked_at[where] += 1
    version = given.get("_metadata", {}).get("major_version", 1)
    schema = samples.read(f"manifest-schema/schemas/manifest.schema.{version}.0.0.json")
    if wrong := list(invalid(given, schema, schema["definitions"])):
        for what in wrong:
            report.difference(where, what)
        return
    for what in (*_unscoped(given, samples), *_unaddressed(given)):
        report.difference(where, what)


def _unscoped(given: Json, samples: Samples) -> Iterator[str]:
    scopes = set(given.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    yield from (f"scope {scope} is not documented" for scope in sorted(scopes - samples.every_scope))
    for event in given.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ()):
        enough = samples.event_scopes.get(event)
        if enough is None:
            yield f"event {event} is not documented"
        elif enough and not scopes & enough:
            yield f"event {event} needs one of {', '.join(sorted(enough))}"
    if {"slash_commands", "shortcuts"} & given.get("features", {}).keys() and "commands" not in scopes:
        yield "commands and shortcuts need the scope commands"


def _unaddressed(given: Json) -> Iterator[str]:
    settings = given.get("settings", {})
    if settings.get("socket_mode_enabled"):
        return
    for name in ("event_subscriptions", "interactivity"):
        if name in settings and "request_url" not in settings[name]:
            yield f"{name} has no request_url, and there is no Socket Mode"
    for one in given.get("features", {}).get("slash_commands", ()):
        if "url" not in one:
            yield f"{one['command']} has no url, and there is no Socket Mode"


# The words of JSON Schema that the manifest's schemas use; what only describes is let be.
_HANDLED = {
    *("type", "enum", "required", "properties", "patternProperties", "additionalProperties", "items", "anyOf"),
    *(
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "$ref",
    ),
}
_DESCRIBING = {"title", "description", "default", "format", "definitions", "$schema", "$comment", "examples"}


def invalid(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """What in this value does not satisfy the schema. Raises LookupError at a word it does not know."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/definitions/")]
    if strange := schema.keys() - _HANDLED - _DESCRIBING:
        raise LookupError(f"the schema of {at or 'a manifest'} uses {', '.join(sorted(strange))}")
    place = at or "the whole"
    wanted = schema.get("type", [])
    types = [wanted] if isinstance(wanted, str) else wanted
    kinds = {_type(value), "integer"} if type(value) is int else {_type(value)}
    if types and not kinds & set(types):
        yield f"{place} is {_type(value)}, not {' or '.join(types)}"
        return
    if value not in schema.get("enum", [value]):
        yield f"{place} is {value!r}, not one of {schema['enum']}"
    if "anyOf" in schema and all(any(invalid(value, one, definitions, at)) for one in schema["anyOf"]):
        yield f"{place} is none of what it may be"
    match value:
        case str():
            yield from _out_of_bounds(place, "characters", len(value), schema, "Length")
            if not re.search(schema.get("pattern", ""), value):
                yield f"{place} does not match {schema['pattern']}"
        case list():
            yield from _invalid_list(value, schema, definitions, at)
        case dict():
            yield from _invalid_object(value, schema, definitions, at)


def _invalid_list(
    value: list[Any], schema: Mapping[str, Any], definitions: Mapping[str, Any], at: str
) -> Iterator[str]:
    yield from _out_of_bounds(at, "items", len(value), schema, "Items")
    if schema.get("uniqueItems") and len({json.dumps(one, sort_keys=True) for one in value}) < len(value):
        yield f"{at} has something twice"
    for part in value:
        yield from invalid(part, schema.get("items", {}), definitions, f"{at}[]")


def _invalid_object(value: Json, schema: Mapping[str, Any], definitions: Mapping[str, Any], at: str) -> Iterator[str]:
    yield from _out_of_bounds(at or "the whole", "keys", len(value), schema, "Properties")
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{at}.{key}".lstrip(".") + " is required"
    for key, part in value.items():
        inner = f"{at}.{key}".lstrip(".")
        parts = [schema["properties"][key]] if key in schema.get("properties", {}) else []
        parts += [one for form, one in schema.get("patternProperties", {}).items() if re.search(form, key)]
        rest = schema.get("additionalProperties", True)
        if not parts and rest is False:
            yield f"{inner} is not in the schema"
        for one in parts or ([rest] if isinstance(rest, Mapping) else []):
            yield from invalid(part, one, definitions, inner)


def _out_of_bounds(place: str, what: str, size: int, schema: Mapping[str, Any], word: str) -> Iterator[str]:
    least, most = schema.get(f"min{word}", 0), schema.get(f"max{word}", size)
    if not least <= size <= most:
        yield f"{place} has {size} {what}, not {least} to {most}"


# --- the check of the check ----------------------------------------------------------------------------


# What an app or a workspace fills as it likes, so that no sample can tell whether it is right.
# An envelope is looked at without its payload, which is looked at elsewhere.
FREE = ("*.metadata.event_payload*", "*.profile.fields*", "envelope *: .payload.planted")


def planted(value: Any, at: str = "", name: str = "") -> Iterator[tuple[str, Any]]:
    """Copies of an answer with one thing wrong: a key too many in each object, a wrong type in each place."""
    if isinstance(value, Mapping):
        if name not in _MAPS:
            yield f"{at}.planted", {**value, "planted": "?"}
        for key, part in value.items():
            for path, wrong in planted(part, f"{at}.{key}", _MAPS.get(name, str(key))):
                yield path, {**value, key: wrong}
    elif isinstance(value, list):
        for number, part in enumerate(value[:1]):
            for path, wrong in planted(part, f"{at}[]", name):
                yield path, [wrong, *value[number + 1 :]]
    if at:
        yield f"{at} of a wrong type", [[0.5]] if not isinstance(value, list) else {"0": 0.5}


@dataclass(slots=True)
class Planter:
    """Plants what is wrong in a copy of something right: what is then not found is itself a finding."""

    samples: Samples
    report: Report

    def expect(self, what: str, look: Callable[[Report], None]) -> None:
        self.report.planted += 1
        fresh = Report(self.samples.kinds)
        look(fresh)
        if not fresh.findings:
            self.report.difference("the check itself", f"does not see {what}")

    def in_received(self, name: str, value: Mapping[str, Any], shapes: tuple[Shape, Shape]) -> None:
        """In an answer or payload: a strange key, a wrong type, a key that is not there."""

        def comparing(wrong: Any) -> Callable[[Report], None]:
            return lambda fresh: fresh.compare("planted", wrong, shapes)

        for path, wrong in planted(value):
            if not any(fnmatch(f"{name}: {path}", free) for free in FREE):
                self.expect(f"{path} in {name}", comparing(wrong))
        for key in sorted((shapes[1].always or set()) & set(value) - ELSEWHERE):
            if not any(fnmatch(f"{name}: {key}", one.where) for one in MAY_LACK):
                without = {other: part for other, part in value.items() if other != key}
                self.expect(f"that {key} is missing in {name}", comparing(without))

    def in_codes(self) -> None:
        """In the tables: an error code that is not documented."""
        for method, codes in web_api.ERRORS.items():
            wrong = {**web_api.ERRORS, method: codes | {"planted_error"}}
            self.expect(f"an error code of {method}", partial(check_tables, self.samples, codes=wrong))

    def in_manifest(self, good: Json) -> None:
        """In the manifest: strange keys and wrong types, and what is too long, unknown or missing."""

        def checking(wrong: Json) -> Callable[[Report], None]:
            return lambda fresh: check_manifest("planted", wrong, self.samples, fresh)

        for path, wrong in planted(good):
            self.expect(f"{path} in the manifest", checking(wrong))
        information, settings, scopes = (good[one] for one in ("display_information", "settings", "oauth_config"))
        for what, part in (
            ("a long name", {"display_information": {**information, "name": "a" * 36}}),
            ("no name", {"display_information": {}}),
            ("an unknown event", {"settings": {**settings, "event_subscriptions": {"bot_events": ["planted"]}}}),
            ("an event without its scope", {"oauth_config": {"scopes": {"bot": ["commands"]}}}),
            ("an unknown scope", {"oauth_config": {"scopes": {"bot": [*scopes["scopes"]["bot"], "planted"]}}}),
            ("no address", {"settings": {**settings, "socket_mode_enabled": False}}),
        ):
            self.expect(f"{what} in the manifest", checking({**good, **part}))

    def in_published_manifests(self) -> None:
        """In the manifests that come with the schema: one that is valid and one that is not, of each version."""
        for version in (1, 2):
            schema = self.samples.read(f"manifest-schema/schemas/manifest.schema.{version}.0.0.json")
            for kind in ("valid", "invalid"):
                sample = self.samples.read(f"manifest-schema/tests/manifests/v{version}/manifest.{kind}.json")
                wrong = list(invalid(sample, schema, schema["definitions"]))
                if bool(wrong) != (kind == "invalid"):
                    self.report.difference("the check itself", f"finds in the {kind} manifest {version}: {wrong}")


def check_itself(play: Play, over_socket: Play, samples: Samples, report: Report) -> None:
    """Whether the check would see what is wrong in anything that was received, in the tables, in the manifest."""
    planter = Planter(samples, report)
    answers = {call.method: call.response for call in play.workspace.calls if call.response.get("ok")}
    for method, answer in answers.items():
        planter.in_received(f"{method} answer", answer, samples.answer(method))
    payloads = {payload_name(kind, payload): (kind, payload) for kind, payload in play.inbox.payloads}
    for name, (kind, payload) in payloads.items():
        planter.in_received(name, payload, samples.payload(kind, payload))
    for envelope in {one["type"]: one for one in over_socket.inbox.envelopes}.values():
        planter.in_received(f"envelope {envelope['type']}", unpacked(envelope), samples.envelope(envelope["type"]))
    known = samples.known_signature()
    for part in ("body", "signing_secret", "signature"):
        planter.expect(f"another {part}", partial(check_signature, play.workspace, {**known, part: "planted"}))
    planter.in_codes()
    planter.in_manifest(app_manifest())
    planter.in_published_manifests()


def check(samples: Samples) -> Report:
    """All of it: the play over both transports, then whether the check would see what is wrong, then the check."""
    report = Report(samples.kinds)
    plays = (played(over_http), played(over_a_socket))
    check_itself(*plays, samples, report)
    check_tables(samples, report)
    check_undocumented(samples, report)
    check_codes(samples, report)
    for play in plays:
        check_calls(play, samples, report)
        check_payloads(play, samples, report)
        if play.inbox.badly_signed:
            report.difference("signature", f"{play.inbox.badly_signed} requests were signed wrongly")
        for problem in play.workspace.problems:
            report.difference("the play", problem)
    check_signature(plays[0].workspace, samples.known_signature(), report)
    check_envelopes(plays[1], samples, report)
    check_limits(report)
    check_scopes(report)
    check_manifest("gpbot's manifest", app_manifest(), samples, report)
    over_the_web = app_manifest("--url", "https://example.org/slack/events")
    check_manifest("gpbot's manifest for HTTP", over_the_web, samples, report)
    for needless in sorted({one.where for one in MAY_LACK} - report.excused):
        report.difference("the check itself", f"excuses {needless} for nothing")
    return report


def played(transport: Callable[[Workspace, Inbox, str], AbstractContextManager[None]]) -> Play:
    """A workspace in which everything happened once, with deliveries over this transport."""
    workspace, inbox = Workspace(name="Samples", rate_limits=False), Inbox()
    workspace.install(manifest(EVERY_SCOPE))
    with Server(workspace) as server, transport(workspace, inbox, server.api_url):
        play = Play(workspace, inbox, server.api_url)
        play.play()
        if inbox.envelopes:
            workspace.refresh_sockets()
            workspace.wait_until(lambda: any(one["type"] == "disconnect" for one in inbox.envelopes))
    return play


def main(arguments: list[str]) -> int:
    """Say what is different; 0 when nothing is, 1 when something is, 2 when the samples are not there."""
    folder = Path(arguments[0] if arguments else ".") / "slack-samples"
    if not folder.is_dir():
        print(f"No samples at {folder}: nothing was checked.")
        return 2
    report = check(Samples(folder))
    for finding, times in sorted(report.findings.items()):
        print(f"{finding}" + (f" ({times} times)" if times > 1 else ""))
    for note in sorted(report.notes):
        print(note)
    print(
        f"{len(report.findings)} differences from Slack's published samples in {report.looked_at.total()} answers and "
        f"payloads of {len(report.looked_at)} kinds; {report.planted} planted ones were looked for."
    )
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
