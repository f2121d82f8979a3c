"""Checks the practice workspace against published samples of Slack's answers and payloads.

`python .ci/slack_samples.py SHARED_DIR` plays every method and payload kind over HTTP and over Socket Mode,
then prints a line for each difference and exits with 1 if there is any. SHARED_DIR holds `slack-samples`.
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Self, cast
from urllib.parse import parse_qsl

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gpbot.practice import Server, Workspace, web_api

Json = dict[str, Any]

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
                self.items.learn(part, real=real)

    def unknown(self, value: Any, at: str = "", name: str = "") -> Iterator[str]:
        """What this value has that no sample shows."""
        kind = _type(value)
        if not self.types:
            return
        if kind not in self.types:
            yield f"{at or 'the whole'} is {kind}, samples show {' or '.join(sorted(self.types))}"
        elif isinstance(value, Mapping) and self.keys:
            for key, part in _entries(value, name):
                if key in self.keys:
                    yield from self.keys[key].unknown(part, f"{at}.{key}".lstrip("."), key)
                else:
                    yield f"{at}.{key}".lstrip(".") + " is in no sample"
        elif isinstance(value, list) and self.items:
            for part in value:
                yield from self.items.unknown(part, f"{at}[]")

    def missing(self, value: Any, at: str = "") -> Iterator[str]:
        """What every real sample has, and this value has not."""
        if isinstance(value, Mapping):
            for key in sorted((self.always or set()) - set(value) - ELSEWHERE):
                yield f"{at}.{key}".lstrip(".") + " is in every real sample, and missing here"
            for key, part in value.items():
                if key in self.keys:
                    yield from self.keys[key].missing(part, f"{at}.{key}".lstrip("."))


_MAPS = {"values": "a block", "a block": "an action"}  # keyed by ids an app chose, not by names Slack chose


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


@dataclass(frozen=True)
class Samples:
    """The samples, by what they are samples of."""

    folder: Path

    def read(self, *path: str | Path) -> Any:
        return json.loads(self.folder.joinpath(*path).read_text(encoding="utf-8"))

    def _java(self, *path: str | Path) -> list[Any]:
        return [self.read(JAVA, *path)] if self.folder.joinpath(JAVA, *path).exists() else []

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
        examples = [
            one["example"]
            for one in self.documented(method).get("examples", {}).values()
            if isinstance(one.get("example"), Mapping) and one["example"].get("ok") is True
        ]
        also = {"views.push": "views.open", "views.update": "views.open"}.get(method, method)
        known = Shape.of([*self._java("api", f"{also}.json"), *examples])
        if "view" in known.keys:
            known.keys["view"] = self.view(known.keys["view"])
        return known, Shape.of(examples, real=True)

    def view(self, start: Shape | None = None) -> Shape:
        """Views, wherever they appear: definitions from `views.open`, state from submissions."""
        shape = start or Shape()
        for sample in (*self._java("api", "views.open.json"), *self._java("api", "views.publish.json")):
            shape.learn(sample["view"])
        for sample in (
            *self.inbound("view_submission"),
            *self.inbound("view_closed"),
            *self.inbound("block_actions"),
        ):
            if isinstance(sample.get("view"), Mapping):
                shape.learn(sample["view"])
        action = self.read(JAVA, "app-backend/interactive-components/BlockActionPayload.json")["actions"][0]
        shape.learn({"state": {"values": {"": {"": {key: action[key] for key in action if "selected" in key}}}}})
        return shape

    # --- payloads

    @cached_property
    def _extracted(self) -> list[tuple[str, Json]]:
        found = []
        for folder in ("bolt-python-extracted", "python-slack-sdk-extracted"):
            for entry in self.read(folder, "INDEX.json"):
                sample = self.read(folder, entry["file"])
                if isinstance(sample, Mapping):
                    envelope = "envelope_id" in sample and "payload" in sample and "type" in sample
                    payload = sample["payload"] if envelope else sample
                    kind = payload.get("type") or ("slash_command" if "command" in payload else "")
                    found.append((kind, payload))
        return found

    def inbound(self, kind: str) -> list[Json]:
        """Real payloads of one kind, such as `block_actions`, `slash_command` or `event_callback`."""
        return [payload for found, payload in self._extracted if found == kind]

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
        if "view" in known.keys:
            known.keys["view"] = self.view(known.keys["view"])
            known.keys["view"].types.add("object")
        if "message" in known.keys:
            known.keys["message"].learn(self.read(JAVA, "api/chat.postMessage.json")["message"])
        return known, Shape.of(real, real=True)

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
        if "view" in known.keys["event"].keys:
            known.keys["event"].keys["view"] = self.view(known.keys["event"].keys["view"])
        always = Shape.of([*envelopes, *real], real=True)
        always.keys["event"] = Shape.of([sample["event"] for sample in real], real=True)
        return known, always


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found different; the same difference is said once."""

    findings: Counter[str] = field(default_factory=Counter)
    looked_at: Counter[str] = field(default_factory=Counter)

    def difference(self, where: str, what: str) -> None:
        self.findings[f"{where}: {what}"] += 1

    def compare(self, where: str, value: Any, shapes: tuple[Shape, Shape]) -> None:
        self.looked_at[where] += 1
        known, always = shapes
        for what in (*known.unknown(value), *always.missing(value)):
            self.difference(where, what)


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
def over_http(workspace: Workspace, inbox: Inbox) -> Iterator[None]:
    """Listen for signed requests."""
    verifier = SignatureVerifier(workspace.app.signing_secret)

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

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

    def received(_client: Any, message: Json, _raw: str | None = None) -> None:
        inbox.envelopes.append(message)
        if "envelope_id" in message:
            answer = inbox.take(message["payload"])
            client.send_socket_mode_response(SocketModeResponse(message["envelope_id"], answer))

    client.message_listeners.append(received)
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
            right, wrong = (
                (app.bot_token, app.app_token) if about.token == "bot" else (app.app_token, app.bot_token)
            )
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


def check_tables(samples: Samples, report: Report) -> None:
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
            ("error", set(web_api.ERRORS[name]) | web_api.COMMON_ERRORS, samples.errors(name)),
        ):
            for extra in sorted(ours - theirs):
                report.difference(name, f"{what} {extra} is not documented")
        for absent in sorted(samples.required(name) - set(method.required)):
            report.difference(name, f"argument {absent} is required, says the documentation")
        if TIERS[known["rate_limits"]] != method.tier.name:
            report.difference(name, f"is of tier {known['rate_limits']}, not {method.tier.name}")
        if bool(known.get("json_input_supported")) != method.json:
            report.difference(
                name, f"takes JSON: {bool(known.get('json_input_supported'))}, says the documentation"
            )
    for name in sorted(set(web_api.ERRORS) ^ set(web_api.METHODS)):
        report.difference(name, "has errors or arguments, and not both")


def check_calls(play: Play, samples: Samples, report: Report) -> None:
    """Every answer of the Web API that the play called forth."""
    refusal = Shape.of(
        [
            {"ok": False, "error": "", "needed": "", "provided": "", "req_method": ""},
            {"warning": "", "errors": [""], "response_metadata": {"messages": [""], "warnings": [""]}},
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
        if error not in web_api.ERRORS.get(call.method, frozenset()) | web_api.COMMON_ERRORS:
            report.difference(call.method, f"answered {error}, which is not in its table")
    for method in sorted(set(web_api.METHODS) - answered):
        report.difference(method, "was never played to a good end")


def check_payloads(play: Play, samples: Samples, report: Report) -> None:
    """Every payload the app received."""
    events, kinds = set(), set()
    for kind, payload in play.inbox.payloads:
        kinds.add(kind)
        if kind == "event_callback":
            event = payload["event"]
            events.add(event["type"])
            name = " ".join(filter(None, ["event", event["type"], event.get("subtype")]))
            report.compare(name, payload, samples.event(event))
        elif kind == "url_verification":
            report.compare(kind, payload, samples.interaction(kind))
        else:
            report.compare(_name(kind, payload), payload, samples.interaction(kind))
    wanted = {"block_actions", "view_submission", "view_closed", "shortcut", "message_action", "slash_command"}
    for kind in sorted(wanted - kinds):
        report.difference(kind, "was never delivered")
    for event_type in sorted({name.partition(".")[0] for name in EVENTS} - events):
        report.difference(f"event {event_type}", "was never delivered")


def _name(kind: str, payload: Json) -> str:
    container = payload.get("container", {})
    place = "an ephemeral message" if container.get("is_ephemeral") else container.get("type")
    if container.get("type") == "view":
        place = payload["view"]["type"]
    return f"{kind} in {place}" if place else kind


def check_envelopes(play: Play, samples: Samples, report: Report) -> None:
    """What came over the socket around the payloads, hello and goodbye included."""
    folder = "python-slack-sdk-extracted"
    known: dict[str, list[Json]] = {}
    for entry in samples.read(folder, "INDEX.json"):
        sample = samples.read(folder, entry["file"])
        if isinstance(sample, Mapping) and (
            "envelope_id" in sample or sample.get("type") in {"hello", "disconnect"}
        ):
            known.setdefault(str(sample.get("type")), []).append(
                {**sample, "payload": {}} if "payload" in sample else sample
            )
    seen = set()
    for envelope in play.inbox.envelopes:
        kind = envelope["type"]
        seen.add(kind)
        bare = {**envelope, "payload": {}} if "payload" in envelope else envelope
        report.compare(
            f"envelope {kind}", bare, (Shape.of(known.get(kind, ())), Shape.of(known.get(kind, ()), real=True))
        )
    for kind in sorted({"hello", "disconnect", "events_api", "slash_commands", "interactive"} - seen):
        report.difference(f"envelope {kind}", "was never sent")


def check_signature(workspace: Workspace, samples: Samples, report: Report) -> None:
    """The documented example of a signature."""
    report.looked_at["signature"] += 1
    known = samples.read("python-slack-sdk-extracted", "signature_known_answer.json")
    headers = workspace.sign(
        known["body"].encode(), timestamp=int(known["timestamp"]), secret=known["signing_secret"]
    )
    if headers["X-Slack-Signature"] != known["signature"]:
        report.difference(
            "signature", f"is {headers['X-Slack-Signature']}, the documented one {known['signature']}"
        )


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


def check(samples: Samples) -> Report:
    """All of it."""
    report = Report()
    check_tables(samples, report)
    lines: tuple[Callable[[Workspace, Inbox, str], Any], ...] = (
        lambda workspace, inbox, _url: over_http(workspace, inbox),
        over_a_socket,
    )
    for line in lines:
        workspace, inbox = Workspace(name="Samples", rate_limits=False), Inbox()
        workspace.install(manifest(EVERY_SCOPE))
        with Server(workspace) as server, line(workspace, inbox, server.api_url):
            play = Play(workspace, inbox, server.api_url)
            play.play()
            if inbox.envelopes:
                workspace.refresh_sockets()
                workspace.wait_until(lambda: any(one["type"] == "disconnect" for one in inbox.envelopes))
                check_envelopes(play, samples, report)
            else:
                check_signature(workspace, samples, report)
        check_calls(play, samples, report)
        check_payloads(play, samples, report)
        if inbox.badly_signed:
            report.difference("signature", f"{inbox.badly_signed} requests were signed wrongly")
        for problem in workspace.problems:
            report.difference("the play", problem)
    check_limits(report)
    check_scopes(report)
    return report


def main(arguments: list[str]) -> int:
    """Say what is different; 0 when nothing is, 1 when something is, 2 when the samples are not there."""
    folder = Path(arguments[0] if arguments else ".") / "slack-samples"
    if not folder.is_dir():
        print(f"No samples at {folder}: nothing was checked.")
        return 2
    report = check(Samples(folder))
    for finding, times in sorted(report.findings.items()):
        print(f"{finding}" + (f" ({times} times)" if times > 1 else ""))
    looked_at = f"{report.looked_at.total()} answers and payloads of {len(report.looked_at)} kinds"
    print(f"{len(report.findings)} differences from Slack's published samples in {looked_at}.")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
