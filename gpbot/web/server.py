"""The HTTP server: Slack's requests to Bolt, everything else to Flask, one process under waitress."""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, jsonify
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from waitress.server import create_server  # type: ignore[import-untyped]

from gpbot.errors import place

log = logging.getLogger(__name__)

SLACK_PATH = "/slack/events"
TELLS_OF_REPORTS = {"overdue_seconds", "dead"}  # for the operator's own commands: a report changes them
MAX_BODY = 4 * 1024 * 1024  # bytes; a reported message of 40,000 emoji comes to half of it
THREADS = 8
DRAIN_SECONDS = 8.0

Health = Callable[[], dict[str, Any]]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def wsgi_app(app: App | None, health: Health) -> Wsgi:
    """`app` is None in Socket Mode, when Slack sends nothing here."""
    pages = flask_app(health)
    slack = SlackRequestHandler(app, path=SLACK_PATH) if app else None

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if slack is None or environ["PATH_INFO"] != SLACK_PATH:
            return pages(environ, start_response)
        try:
            return slack(environ, start_response)
        except Exception as error:  # noqa: BLE001  (Bolt reads JSON before it checks the signature)
            log.warning("refused a request: %s", place(error))
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"This is not a request Slack makes.\n"]

    return serve


def flask_app(health: Health) -> Flask:
    pages = Flask("gpbot")

    @pages.get("/healthz")
    def healthz() -> tuple[Response, int]:
        """States, and 503 when gpbot cannot do its work; anybody may ask, so how much waits is not among them."""
        try:
            state = health()
        except Exception as error:  # noqa: BLE001  (whatever it is, the answer is that it does not work)
            return jsonify({"ok": False, "database": type(error).__name__}), 503
        outbox = {name: value for name, value in state.get("outbox", {}).items() if name not in TELLS_OF_REPORTS}
        return jsonify({**state, "outbox": outbox}), 200 if state.get("ok") else 503

    return pages


class WebServer:
    """Serves from its own threads until stopped."""

    def __init__(self, wsgi: Wsgi, *, host: str, port: int) -> None:
        """Raises OSError when the address is taken."""
        self._in_hand = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._wsgi = wsgi
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)  # waitress would leave it open when it is taken
        self._server = create_server(
            self._counted, sockets=[listening], threads=THREADS, max_request_body_size=MAX_BODY, ident=None
        )
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.effective_port)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, and finish what is in hand."""
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
            self._server.asyncore.loop(timeout=0.1, map=self._server._map, count=1)  # noqa: SLF001
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
