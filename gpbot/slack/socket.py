"""Socket Mode: Slack's payloads over a WebSocket that gpbot opens."""

import contextlib
import logging
import re
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from gpbot.errors import place
from gpbot.slack.gateway import web_client

log = logging.getLogger(__name__)

DRAIN_SECONDS = 4.0
CLOSE_SECONDS = 2.0
HELLO_SECONDS = 60.0
_HELLO = re.compile(r'"type"\s*:\s*"hello"')
UNREACHABLE = "Slack could not be reached to open a socket."
# bytes; slack_sdk's reader calls itself for each piece of a payload, and of its own 1024 bytes a megabyte is too many
RECEIVED_AT_ONCE = 256 * 1024


class NotConnected(Exception):
    """Slack did not let gpbot open a socket; `words` says what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


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
    def connect(self) -> None:
        super().connect()
        session = self.current_session
        if self.closed and session is not None:
            session.close()  # it was closed while it connected anew, which closed only the session before
        elif session is not None and session.sock is not None:
            # Without it, acks 10 to 20 ms apart wait for one another.
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line: Any = _Line(session.sock)
            session.sock = line

    def hang_up(self) -> None:
        """Let the reader see the end at once, instead of after its three seconds of listening."""
        sock: Any = self.current_session.sock if self.current_session else None
        if isinstance(sock, _Line):
            sock.is_ending = True
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RD)


# See docs/decisions/0041-ready-after-hello.md
class SocketMode:
    """Runs until stopped; reconnects by itself."""

    def __init__(self, app: App, app_token: str, api_url: str) -> None:
        self._app = app
        self._in_hand = 0
        self._changed = threading.Condition()
        self._greeted = threading.Event()
        quiet = logging.getLogger("slack_sdk")
        self._client = _Client(
            app_token=app_token,
            logger=quiet,
            receive_buffer_size=RECEIVED_AT_ONCE,
            web_client=web_client(app_token, api_url),
        )
        if proxy_bypass(urlsplit(api_url).hostname or ""):
            self._client.proxy = None  # slack_sdk's socket heeds HTTP_PROXY, but not NO_PROXY
        self._client.on_message_listeners.append(self._listen_for_hello)
        self._client.socket_mode_request_listeners.append(self._handle)

    @property
    def is_connected(self) -> bool:
        return self._client.is_connected()

    def start(self) -> None:
        """Connect; return when Slack has said hello, and so delivers here. Raises NotConnected."""
        try:
            self._client.connect()
        except SlackApiError as error:
            code = str(error.response.get("error", ""))
            raise NotConnected(
                f"Slack would not open a socket ({code}). Make an app-level token with connections:write on your "
                "Slack app's page (Basic Information), turn Socket Mode on, and put it in SLACK_APP_TOKEN."
            ) from None
        except OSError:
            raise NotConnected(UNREACHABLE) from None
        # slack_sdk keeps a failure of the handshake to itself, and tries again every few seconds.
        if not self._greeted.wait(HELLO_SECONDS):
            self.stop()
            raise NotConnected(UNREACHABLE)

    def stop(self) -> None:
        """Take nothing new, finish what is in hand: closing the client drops acks not yet sent."""
        self._client.auto_reconnect_enabled = False
        with self._changed:
            self._changed.wait_for(self._is_idle, DRAIN_SECONDS)
        closing = threading.Thread(target=self._client.close, name="socket-close", daemon=True)
        closing.start()
        until = time.monotonic() + CLOSE_SECONDS
        while closing.is_alive() and time.monotonic() < until:
            # A reader that has only just begun takes this back, and close() would wait for it for ever.
            self._client.current_session_state.terminated = True
            self._client.hang_up()
            closing.join(0.05)

    def _listen_for_hello(self, message: str) -> None:
        # It may be told to go instead, when the app has ten sockets already; slack_sdk then tries again.
        if not self._greeted.is_set() and _HELLO.search(message):
            self._greeted.set()

    def _is_idle(self) -> bool:
        return self._in_hand == 0 and self._client.message_queue.empty()

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._changed:
            self._in_hand += 1
        try:
            send_response(client, request, run_bolt_app(self._app, request), time.time())
        except Exception as error:  # noqa: BLE001  (slack_sdk would log its message)
            log.error("%s", place(error))  # noqa: TRY400  (no text in logs)
        finally:
            with self._changed:
                self._in_hand -= 1
                self._changed.notify_all()
