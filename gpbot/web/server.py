"""The HTTP server: Slack's requests to Bolt, everything else to Flask, one process under waitress."""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from gpbot.errors import place
from gpbot.web.connections import Connections, Limits
from gpbot.web.signed import Signed, Wsgi, refuse

log = logging.getLogger(__name__)

SLACK_PATH = "/slack/events"
TELLS_OF_REPORTS = {"overdue_seconds", "dead"}  # for the operator's own commands: a report changes them
MAX_BODY = Limits().body
THREADS = 8
ASKED_AT_ONCE = 2  # of the threads that answer Slack, how many may be busy with health
FRESH_SECONDS = 5.0
DRAIN_SECONDS = 8.0

Health = Callable[[], dict[str, Any]]


def wsgi_app(app: App | None, health: Health, *, now: Callable[[], float] = time.time) -> Wsgi:
    """`app` is None in Socket Mode, when Slack sends nothing here. Signatures hold for five minutes of `now`."""
    pages = flask_app(health)
    slack = Signed(_bolt(app), app._signing_secret, most=MAX_BODY, now=now) if app else None  # noqa: SLF001

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_slack = environ["PATH_INFO"] == SLACK_PATH and environ["REQUEST_METHOD"] == "POST"
        return slack(environ, start_response) if slack and is_slack else pages(environ, start_response)

    return serve


def _bolt(app: App) -> Wsgi:
    handler = SlackRequestHandler(app, path=SLACK_PATH)

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            return handler(environ, start_response)
        except Exception as error:  # noqa: BLE001  (signed, but not what Bolt can read)
            log.warning("refused a request: %s", place(error))
            return refuse(start_response, HTTPStatus.BAD_REQUEST)

    return serve


def flask_app(health: Health) -> Flask:
    pages = Flask("gpbot")

    asked = _Asked(health)

    @pages.get("/healthz")
    def healthz() -> tuple[Response, int]:
        """States, and 503 when gpbot cannot do its work; anybody may ask, so how much waits is not among them."""
        state = asked.state()
        if "outbox" in state:
            told = {name: value for name, value in state["outbox"].items() if name not in TELLS_OF_REPORTS}
            state = {**state, "outbox": told}
        return jsonify(state), 200 if state.get("ok") else 503

    return pages


class _Asked:
    """Health for anybody who asks, however many do: two find it out, the others hear what was found last."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._turns = threading.BoundedSemaphore(ASKED_AT_ONCE)
        self._found: dict[str, Any] = {}
        self._found_at = 0.0

    def state(self) -> dict[str, Any]:
        if self._turns.acquire(blocking=False):
            try:
                self._found, self._found_at = self._asked(), time.monotonic()
                return self._found
            finally:
                self._turns.release()
        is_fresh = self._found and time.monotonic() - self._found_at < FRESH_SECONDS
        return self._found if is_fresh else {"ok": False, "database": "does not answer"}

    def _asked(self) -> dict[str, Any]:
        try:
            return self._health()
        except Exception as error:  # noqa: BLE001  (whatever it is, the answer is that it does not work)
            return {"ok": False, "database": type(error).__name__}


class WebServer:
    """Serves from its own threads until stopped."""

    def __init__(self, wsgi: Wsgi, *, host: str, port: int, limits: Limits | None = None) -> None:
        """Raises OSError when the address is taken."""
        self._in_hand = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._wsgi = wsgi
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)  # waitress would leave it open when it is taken
        self._server = Connections(self._counted, listening, limits or Limits(), threads=THREADS)
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.effective_port)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, and finish what is running."""
        until = time.monotonic() + DRAIN_SECONDS
        self._server.accepting = False
        while self._in_hand and time.monotonic() < until:
            time.sleep(0.01)
        self._stopping.set()
        with contextlib.suppress(OSError):  # it may have seen that by itself, and be gone
            self._server.pull_trigger()
        self._thread.join(2)

    def _run(self) -> None:
        # waitress can only be stopped from inside its loop.
        while not self._stopping.is_set():
            self._server.turn(timeout=0.1)
        self._server.task_dispatcher.shutdown(timeout=1)
        self._server.asyncore.close_all(map=self._server._map, ignore_all=True)  # noqa: SLF001

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self._in_hand += 1
        try:
            return self._wsgi(environ, start_response)
        finally:
            with self._lock:
                self._in_hand -= 1
