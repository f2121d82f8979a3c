"""Socket Mode: Slack's payloads over a WebSocket that gpbot opens, and opens again beside the old one."""

# See docs/decisions/0046-client-replaced.md

import contextlib
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web import WebClient

from gpbot.errors import place
from gpbot.outbox.types import AppTokenTrouble, RateLimited, Refused
from gpbot.slack.failures import ending_of
from gpbot.slack.gateway import web_client

log = logging.getLogger(__name__)

DRAIN_SECONDS = 4.0
CLOSE_SECONDS = 2.0
HELLO_SECONDS = 180.0  # for the first greeting of all
GREETING_SECONDS = 20.0  # for that of one connection
RETIRED_SECONDS = 15.0  # Slack closes what it has asked to replace sooner
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between two attempts; Slack allows few a minute
LOOK_SECONDS = 0.5  # slack_sdk does not say of every end that it has come
AT_ONCE = 10  # payloads
# bytes; slack_sdk's reader calls itself for each piece of a payload, and of its own 1024 bytes a megabyte is too many
RECEIVED_AT_ONCE = 256 * 1024

UNREACHABLE = "Slack could not be reached to open a socket."
NOT_TAKEN = (
    "Slack would not open a socket ({code}). Make an app-level token with connections:write on your Slack app's page "
    "(Basic Information), turn Socket Mode on, and put it in SLACK_APP_TOKEN."
)
REASONS: Final[Mapping[str, str]] = {
    "too_many_websockets": "ten are open for this app already, and whatever else uses its app-level token has to end",
    "link_disabled": "Socket Mode is off and has to be turned on on your Slack app's page",
    "ratelimited": "it was asked too often",
}

_silent = logging.getLogger("slack_sdk.socket_mode")
_silent.setLevel(logging.CRITICAL)  # what it would say of a connection is said here, once


class NotConnected(Exception):
    """Slack did not let gpbot open a socket; `words` says what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class _NoSocket(Exception):
    """One attempt came to nothing. `is_final` is whether it is no use to try on at the start."""

    def __init__(self, code: str, words: str = "", *, is_final: bool = False, after: float = 0.0) -> None:
        super().__init__(code)
        self.words = words or (f"Slack opens no socket ({code}): {REASONS.get(code, 'it does not say why')}.")
        self.is_final = is_final
        self.after = after  # seconds to wait, as Slack says


def pause(failed: int) -> float:
    """Seconds from one attempt to the next, after so many in a row have failed."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(max(0, failed - 1), 10))


class _Line:
    """A socket that says when the other end has hung up.

    slack_sdk's reader takes the end for silence: it asked again without a pause, on a whole core, and noticed
    after half a minute, in which Slack had nobody to deliver to.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.is_ending = False  # by us

    def recv(self, size: int) -> bytes:
        received = self._sock.recv(size)
        if not received and not self.is_ending:
            raise ConnectionResetError
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Client(SocketModeClient):
    """One connection from its greeting to its end. It is not renewed: another takes its place.

    slack_sdk would connect again on the only thread that hands on what arrived, and wait there, for up to three
    seconds, until the old connection is closed; meanwhile nothing was answered on either.
    """

    def __init__(self, url: str, web: WebClient, hear: Callable[["_Client", dict[str, Any]], None]) -> None:
        """`hear` is given whatever Slack says, on the only thread that reads: it must not wait."""
        self.is_greeted = False
        self.told_to_go = ""  # Slack's reason
        self.has_ended = False
        self.in_hand = 0
        self._hear = hear
        super().__init__(
            app_token=web.token or "",
            logger=_silent,
            web_client=web,
            auto_reconnect_enabled=False,
            receive_buffer_size=RECEIVED_AT_ONCE,
            on_close_listeners=[lambda _code, _reason: self._hang_up()],
        )
        self.wss_uri = url

    @property
    def is_over(self) -> bool:
        return self.has_ended or not self.is_connected()

    @property
    def serves(self) -> bool:
        return self.is_greeted and not self.is_over

    def connect(self) -> None:
        """Return when it is connected or, which slack_sdk keeps to itself, is not."""
        super().connect()
        session = self.current_session
        if self.closed and session is not None:
            session.close()  # it was closed while it connected
            self.current_app_monitor.shutdown()  # type: ignore[no-untyped-call]
        elif session is not None and session.sock is not None:
            # Without it, acks 10 to 20 ms apart wait for one another.
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line: Any = _Line(session.sock)
            session.sock = line

    def enqueue_message(self, message: str) -> None:
        if message.startswith("{"):
            self._hear(self, json.loads(message))

    def disconnect(self) -> None:
        with contextlib.suppress(AttributeError):  # its reader closes it at the same moment
            super().disconnect()

    def end(self) -> None:
        """Close it; acks not yet sent are lost. Takes up to `CLOSE_SECONDS`."""
        closing = threading.Thread(target=self.close, name="socket-close", daemon=True)
        closing.start()
        self.message_queue.put(None)  # for the thread that would wait for another second, though nothing comes there
        until = time.monotonic() + CLOSE_SECONDS
        while closing.is_alive() and time.monotonic() < until:
            # A reader that has only just begun takes this back, and close() would wait for it for ever.
            self.current_session_state.terminated = True
            self._interrupt()
            closing.join(0.05)

    def _hang_up(self) -> None:
        self.has_ended = True
        self._hear(self, {})

    def _interrupt(self) -> None:
        """Let the reader see the end at once, instead of after its three seconds of listening."""
        sock: Any = self.current_session.sock if self.current_session else None
        if isinstance(sock, _Line):
            sock.is_ending = True
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RD)


class SocketMode:
    """Runs until stopped. Sees to it, on a thread of its own, that a client serves which Slack does not want replaced.

    Each client answers what came over it, also after another has taken its place.
    """

    def __init__(self, app: App, app_token: str, api_url: str) -> None:
        self._app = app
        self._web = web_client(app_token, api_url)
        self._is_direct = bool(proxy_bypass(urlsplit(api_url).hostname or ""))
        self._changed = threading.Condition()
        self._clients: list[_Client] = []  # all that are not ended yet
        self._client: _Client | None = None  # the newest that was greeted
        self._is_stopping = False
        self._trouble: _NoSocket | None = None  # since Slack last greeted
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="socket")
        self._keeper = threading.Thread(target=self._keep, name="socket-keeper", daemon=True)

    @property
    def is_connected(self) -> bool:
        """Whether Slack has somebody to deliver to."""
        with self._changed:
            return any(client.serves for client in self._clients)

    def start(self) -> None:
        """Connect; return when Slack has said hello, and so delivers here. Raises NotConnected."""
        self._keeper.start()
        self._wait_for(lambda: self._client or self._is_refused, HELLO_SECONDS)
        if self._client is None:
            self.stop()
            raise NotConnected(self._trouble.words if self._trouble else UNREACHABLE)

    def stop(self) -> None:
        """Take nothing new, finish what is running: closing a client drops acks not yet sent."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not any(client.in_hand for client in self._clients), DRAIN_SECONDS)
            clients, self._clients = self._clients, []
        ends = [threading.Thread(target=client.end, daemon=True) for client in clients]
        for end in ends:
            end.start()
        for end in ends:
            end.join()
        self._workers.shutdown(wait=False)

    # --- what is said -----------------------------------------------------------------------------------

    def _hear(self, client: _Client, said: dict[str, Any]) -> None:
        request = SocketModeRequest.from_dict(said)
        with self._changed:
            if said.get("type") == "hello":
                client.is_greeted = True
            elif said.get("type") == "disconnect":
                client.told_to_go = str(said.get("reason") or "disconnect")
            elif request is not None:
                client.in_hand += 1
            self._changed.notify_all()
        if request is not None:
            self._workers.submit(self._handle, client, request)

    def _handle(self, client: _Client, request: SocketModeRequest) -> None:
        try:
            send_response(client, request, run_bolt_app(self._app, request), time.time())
        except Exception as error:  # noqa: BLE001  (its message may repeat what people wrote)
            log.error("%s", place(error))  # noqa: TRY400  (no text in logs)
        finally:
            with self._changed:
                client.in_hand -= 1
                self._changed.notify_all()

    # --- keeping one that serves ------------------------------------------------------------------------

    def _keep(self) -> None:
        tried_at, failed, after = time.monotonic() - LONGEST_PAUSE, 0, 0.0
        while True:
            self._wait_for(self._needs_another)
            self._wait_for(lambda: False, tried_at + max(after, pause(failed)) - time.monotonic())
            if self._is_stopping:
                return
            tried_at = time.monotonic()
            try:
                client = self._greeted()
            except _NoSocket as none:
                failed, after = failed + 1, none.after
                self._say(none)
            except Exception as error:  # noqa: BLE001  (whatever it is, trying goes on)
                failed, after = failed + 1, 0.0
                self._say(_NoSocket(type(error).__name__, f"No socket could be opened: {place(error)}."))
            else:
                failed, after = 0, 0.0
                self._put_in_place(client)

    def _needs_another(self) -> bool:
        return self._client is None or bool(self._client.told_to_go) or self._client.is_over

    def _greeted(self) -> _Client:
        """A new client that Slack delivers to. Raises _NoSocket."""
        client = _Client(self._address(), self._web, self._hear)
        if self._is_direct:
            client.proxy = None  # slack_sdk's socket heeds HTTP_PROXY, but not NO_PROXY
        with self._changed:
            self._clients.append(client)
        client.connect()
        if client.is_connected():
            self._wait_for(lambda: client.is_greeted or client.told_to_go or client.is_over, GREETING_SECONDS)
        if client.serves:
            return client
        self._end(client)
        if client.told_to_go:
            raise _NoSocket(client.told_to_go, is_final=client.told_to_go == "link_disabled")
        raise _NoSocket("unreachable", UNREACHABLE)

    def _address(self) -> str:
        try:
            return str(self._web.apps_connections_open(app_token=self._web.token or "")["url"])
        except SlackApiError as error:
            code = error.response.get("error")
            means = ending_of(error.response.status_code, code, error.response.headers)
            if isinstance(means, RateLimited):
                raise _NoSocket("ratelimited", after=means.retry_after) from None
            if isinstance(means, AppTokenTrouble | Refused):
                raise _NoSocket(means.code, NOT_TAKEN.format(code=means.code), is_final=True) from None
            raise _NoSocket(means.code) from None
        except (OSError, http.client.HTTPException):
            raise _NoSocket("unreachable", UNREACHABLE) from None

    def _put_in_place(self, client: _Client) -> None:
        with self._changed:
            before, self._client = self._client, client
            trouble, self._trouble = self._trouble, None
            self._changed.notify_all()
        if before is not None:
            log.log(logging.WARNING if trouble else logging.INFO, "Slack delivers over a new socket")
            threading.Thread(target=self._retire, args=(before,), name="socket-retired", daemon=True).start()

    def _retire(self, client: _Client) -> None:
        """Slack still delivers over it for some seconds, and waits for the answers there."""
        self._wait_for(lambda: client.is_over, RETIRED_SECONDS)
        self._wait_for(lambda: client.is_over or not client.in_hand, DRAIN_SECONDS)
        self._end(client)

    def _end(self, client: _Client) -> None:
        """Unless the thread that stops it does it."""
        with self._changed:
            is_ours = client in self._clients
            if is_ours:
                self._clients.remove(client)
        if is_ours:
            client.end()

    def _say(self, trouble: _NoSocket) -> None:
        with self._changed:
            is_news = self._trouble is None or self._trouble.words != trouble.words
            self._trouble = trouble
            self._changed.notify_all()
            is_at_start = self._client is None
        if is_news and not (is_at_start and trouble.is_final):  # of which its starter is told
            log.error("%s; gpbot goes on trying", trouble.words.removesuffix("."))

    @property
    def _is_refused(self) -> bool:
        return self._trouble is not None and self._trouble.is_final

    def _wait_for(self, has_come: Callable[[], object], seconds: float = float("inf")) -> None:
        """Until it has come, so many seconds have passed or gpbot stops."""
        until = time.monotonic() + seconds
        with self._changed:
            while not (has_come() or self._is_stopping) and (left := until - time.monotonic()) > 0:
                self._changed.wait(min(left, LOOK_SECONDS))
