"""How Slack brings things to the bot: signed HTTP or Socket Mode, three seconds to answer, events retried."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import queue
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlencode, urlsplit

from gpbot.practice import ids
from gpbot.practice.shapes import VERIFICATION_TOKEN
from gpbot.practice.state import Json, RealClock, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gpbot.practice.faults import DeliveryFault
    from gpbot.practice.workspace import Workspace

Kind = Literal["events_api", "slash_commands", "interactive"]

EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "app_home_opened": (),
    "channel_archive": ("channels:read",),
    "app_uninstalled": (),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": (),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "pin_added": ("pins:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""What a bot may subscribe to here, and the scopes of which one is needed."""

RETRIES: Final = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""How long Slack waits before each further attempt at an event."""

IDLE_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Ack:
    """What the bot answered. `why` says, in Slack's words, why it does not count; `body` is JSON or text."""

    body: Any = None
    why: str = ""
    status: int | None = None
    may_retry: bool = True

    @property
    def ok(self) -> bool:
        return not self.why


@dataclass(slots=True, kw_only=True)
class _Owed:
    """An event that is still to be delivered."""

    payload: Json
    due: datetime
    attempt: int = 0
    reason: str = ""


class Connection(http.client.HTTPConnection):
    """One that never reaches itself: where nobody listens, TCP on one machine may connect a port to the same port."""

    def __init__(self, address: str, *, timeout: float, source_address: tuple[str, int] | None = None) -> None:
        url = urlsplit(address)
        super().__init__(url.hostname or "", url.port or 80, timeout=timeout, source_address=source_address)
        self.path = url.path or "/"

    def connect(self) -> None:
        with contextlib.ExitStack() as failed:
            failed.callback(self.close)
            super().connect()
            if self.sock.getsockname() == self.sock.getpeername():  # OSError where the other side is gone already
                raise ConnectionRefusedError
            failed.pop_all()


@dataclass(slots=True)
class Courier:
    """Takes payloads to wherever the bot listens: to `addresses`, or over Socket Mode where there are none.

    Slack knows one address. Several are what stands behind it: taken in turn, and one that refuses the connection
    is passed over, as a load balancer does.
    """

    workspace: Workspace = field(repr=False)
    addresses: tuple[str, ...] = ()
    _owed: list[_Owed] = field(default_factory=list)
    _turn: int = 0
    _verified: tuple[str, ...] = ()
    _queue: queue.SimpleQueue[Json | None] = field(default_factory=queue.SimpleQueue)
    _under_way: int = 0
    _attempts: Counter[str] = field(default_factory=Counter)
    _postman: threading.Thread | None = None

    # --- commands, buttons, forms -----------------------------------------------------------------------

    def interaction(self, kind: Kind, payload: Json) -> Ack:
        """Deliver what a person did, once. Slack never repeats these, so a failure is theirs to see."""
        if kind == "interactive" and not self._is_interactive():
            self.workspace.trouble("The manifest leaves interactivity off, and there is something to press.")
            return Ack(why="connection_failed")
        fault = self.workspace.faults.for_delivery(payload)
        if fault.delay:
            time.sleep(fault.delay)
        ack = self._attempt(kind, payload, fault)
        if fault.duplicate:
            self._attempt(kind, payload, fault)
        return ack

    # --- events -----------------------------------------------------------------------------------------

    def dispatch(self, events: Iterable[Json], *, wait: bool) -> None:
        """Deliver events in this order: here and now, or on the postman's round."""
        for payload in events:
            if wait:
                self._event(payload)
            else:
                with self.workspace.lock:
                    self._under_way += 1
                self._queue.put(payload)

    def run_due(self) -> None:
        """Deliver whatever is due by the workspace's clock, oldest first."""
        with self.workspace.lock:
            now = self.workspace.clock.now()
            due = sorted((owed for owed in self._owed if owed.due <= now), key=lambda owed: owed.due)
            self._owed = [owed for owed in self._owed if owed.due > now]
        for owed in due:
            self._try(owed)

    def is_idle(self) -> bool:
        """Whether no event is on its way. Those that wait for a retry are not."""
        return self._under_way == 0

    def start(self) -> None:
        """Send the postman out, who brings the events that follow from the bot's own calls."""
        self._postman = threading.Thread(target=self._rounds, name="practice-postman", daemon=True)
        self._postman.start()

    def stop(self) -> None:
        """Call the postman back; what he still carries is lost."""
        if self._postman is not None:
            self._queue.put(None)
            self._postman.join(self.workspace.ack_seconds * 2)
            self._postman = None

    def _rounds(self) -> None:
        while True:
            try:
                payload = self._queue.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                # Time passes by itself only where it is the real one.
                if isinstance(self.workspace.clock, RealClock):
                    self.run_due()
                continue
            if payload is None:
                return
            try:
                self._event(payload)
            finally:
                with self.workspace.lock:
                    self._under_way -= 1
                    self.workspace.touch()

    def _event(self, payload: Json) -> None:
        fault = self.workspace.faults.for_delivery(payload)
        now = self.workspace.clock.now()
        owed = _Owed(payload=payload, due=now + timedelta(seconds=fault.delay))
        if fault.delay:
            with self.workspace.lock:
                self._owed += [owed, owed] if fault.duplicate else [owed]
            return
        self._try(owed, fault)
        if fault.duplicate:
            self._attempt("events_api", payload, None)

    def _try(self, owed: _Owed, fault: DeliveryFault | None = None) -> None:
        ack = self._attempt("events_api", owed.payload, fault, attempt=owed.attempt, reason=owed.reason)
        if ack.ok or not ack.may_retry or owed.attempt >= len(RETRIES):
            return
        wait = RETRIES[owed.attempt]
        again = _Owed(
            payload=owed.payload,
            due=self.workspace.clock.now() + wait,
            attempt=owed.attempt + 1,
            reason=ack.why,
        )
        if wait:
            with self.workspace.lock:
                self._owed.append(again)
        else:
            self._try(again)

    # --- one attempt ------------------------------------------------------------------------------------

    def _attempt(
        self, kind: Kind, payload: Json, fault: DeliveryFault | None, *, attempt: int = 0, reason: str = ""
    ) -> Ack:
        if self.addresses:
            ack = self._over_http(kind, payload, attempt, reason)
        else:
            breaks = fault is not None and fault.disconnect_socket
            ack = self._over_a_socket(kind, payload, attempt, reason, breaks=breaks)
        if fault is not None and (fault.lose_ack or fault.disconnect_socket):
            return Ack(why="http_timeout")
        if ack.why and ack.why != "connection_failed":
            self.workspace.trouble(f"{_name(kind, payload)} {self._what_is_wrong(ack)}.")
        if isinstance(ack.body, dict) and ack.body and not _takes_answer(kind, payload):
            self.workspace.trouble(f"{_name(kind, payload)} was answered with a payload, which Slack ignores.")
        return ack

    def _what_is_wrong(self, ack: Ack) -> str:
        if ack.status:
            return f"was answered with HTTP {ack.status}"
        if ack.why == "http_error":
            return "was answered with what is not HTTP"
        return f"was not answered in {self.workspace.ack_seconds:g} s"

    def _over_a_socket(self, kind: Kind, payload: Json, attempt: int, reason: str, *, breaks: bool) -> Ack:
        name = _key(kind, payload)
        with self.workspace.lock:
            self._attempts[name] += 1
            envelope_id = ids.envelope_id(name, self._attempts[name])
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": _takes_answer(kind, payload),
        }
        if kind == "events_api":
            reason = "timeout" if reason == "http_timeout" else reason
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        try:
            timeout = 0.1 if breaks else self.workspace.ack_seconds
            answer = self.workspace.sockets.send(envelope, timeout=timeout, then_break=breaks)
        except Refused as refused:
            return Ack(why=refused.error)
        return Ack(body=answer.get("payload"))

    def _over_http(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Ack:
        if not self._is_verified():
            return Ack(why="connection_failed")
        match kind:
            case "events_api":
                body, content_type = json.dumps(payload), "application/json"
            case "slash_commands":
                body, content_type = urlencode(payload), "application/x-www-form-urlencoded"
            case "interactive":
                body = urlencode({"payload": json.dumps(payload)})
                content_type = "application/x-www-form-urlencoded"
        headers = {"Content-Type": content_type, **self.sign(body.encode())}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            status, answer_headers, answer = self._post(body.encode(), headers)
        except TimeoutError:
            return Ack(why="http_timeout")
        except (OSError, http.client.IncompleteRead):  # it ended in the middle of its answer
            return Ack(why="connection_failed")
        except http.client.HTTPException:
            return Ack(why="http_error")
        if status != http.client.OK:
            may_retry = answer_headers.get("x-slack-no-retry") != "1"
            return Ack(why="http_error", status=status, may_retry=may_retry)
        return Ack(body=_read(answer, answer_headers.get("content-type", "")))

    def raw(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Post any bytes to the delivery address. Raises OSError, HTTPException."""
        status, _, answer = self._post(body, headers)
        return status, answer

    def sign(self, body: bytes, *, timestamp: int | None = None, secret: str | None = None) -> dict[str, str]:
        """Slack's signature over `v0:{timestamp}:{body}`. The time is the real one: bots check it by theirs."""
        at = int(time.time()) if timestamp is None else timestamp
        key = (self.workspace.app.signing_secret if secret is None else secret).encode()
        signature = hmac.new(key, b"v0:%d:%b" % (at, body), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={signature}"}

    def _post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        connection = self._connection()
        try:
            connection.request("POST", connection.path, body=body, headers={"User-Agent": "Slackbot 1.0", **headers})
            response = connection.getresponse()
            lowered = {name.lower(): value for name, value in response.getheaders()}
            return response.status, lowered, response.read()
        finally:
            connection.close()

    def _connection(self) -> Connection:
        """To the next address that takes it. Raises OSError."""
        with self.workspace.lock:
            self._turn += 1
            first = self._turn % max(1, len(self.addresses))
            in_turn = [*self.addresses[first:], *self.addresses[:first]]
        for address in in_turn:
            connection = Connection(address, timeout=self.workspace.ack_seconds)
            with contextlib.suppress(ConnectionRefusedError):
                connection.connect()
                return connection
        raise ConnectionRefusedError

    def _is_interactive(self) -> bool:
        interactivity = self.workspace.manifest.get("settings", {}).get("interactivity", {})
        return bool(interactivity.get("is_enabled"))

    def _is_verified(self) -> bool:
        """Whether the address has shown once that it is the bot's, by echoing a challenge."""
        addresses = self.addresses
        if self._verified == addresses:
            return True
        challenge = ids.digest("challenge", *addresses)
        asked = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        body = json.dumps(asked).encode()
        try:
            status, _, answer = self._post(body, {"Content-Type": "application/json", **self.sign(body)})
        except (OSError, http.client.HTTPException):
            return False
        if status != http.client.OK or challenge.encode() not in answer:
            self.workspace.trouble(f"The request URL did not echo the challenge (status {status}).")
            return False
        self._verified = addresses
        return True


def _read(answer: bytes, content_type: str) -> Any:
    """An HTTP answer's body: JSON where it says so, else text, else None."""
    text = answer.decode(errors="replace").strip()
    if "json" in content_type:
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text
    return text or None


def _takes_answer(kind: Kind, payload: Mapping[str, Any]) -> bool:
    """Whether Slack looks at what the acknowledgement says."""
    return kind == "slash_commands" or payload.get("type") == "view_submission"


def _name(kind: Kind, payload: Mapping[str, Any]) -> str:
    """What was delivered, for a sentence about it; never what people wrote."""
    match kind:
        case "events_api":
            return f"The event {payload['event']['type']}"
        case "slash_commands":
            return f"The command {payload['command']}"
        case "interactive":
            names = [action.get("action_id") for action in payload.get("actions", ())]
            names += [payload.get("callback_id"), payload.get("view", {}).get("callback_id")]
            return f"The {payload['type']} {next(filter(None, names), '')}".strip()


def _key(kind: Kind, payload: Mapping[str, Any]) -> str:
    """What makes this delivery this one and no other."""
    return str(
        payload.get("event_id") or payload.get("trigger_id") or ids.digest(kind, json.dumps(payload, sort_keys=True))
    )
