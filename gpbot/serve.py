"""Running gpbot: settings, database, Slack, and an orderly end."""

import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from gpbot.bootstrap import Gpbot, build
from gpbot.clock import Clock
from gpbot.db import AnotherProcess, BadDatabaseUrl, CannotSave
from gpbot.environment import misspelt, read_environment, take_settings
from gpbot.errors import by_type_and_place, place
from gpbot.keyring import KeysDoNotFit
from gpbot.people.types import CannotHoldRole
from gpbot.schema import NewerDatabase
from gpbot.settings import BadSettings, Settings
from gpbot.slack.app import cap_loggers
from gpbot.slack.identity import NotIdentified
from gpbot.slack.socket import NotConnected, SocketMode
from gpbot.web.server import WebServer, wsgi_app

log = logging.getLogger("gpbot")

STOP_SECONDS = 8.0
# See docs/decisions/0009-fast-path.md
SWITCH_SECONDS = 0.0005  # Python's own 5 ms let an ack that only wanted to be written wait for whatever else ran
TRY_IT = "To try gpbot without a Slack workspace, run: make practice"


def main(environ: Mapping[str, str] | None = None, *, clock: Clock | None = None) -> int:
    """Run until SIGTERM or SIGINT; the exit status. `clock` is for practice, and for tests."""
    try:
        environ = environ if environ is not None else read_environment()
        settings = take_settings(environ)
    except BadSettings as bad:
        tell("gpbot cannot start yet:", *(f"  - {problem}" for problem in bad.problems), "", TRY_IT)
        return 2
    set_up_logging(settings.log_level)
    for sentence in misspelt(environ):
        log.warning(sentence)
    sys.setswitchinterval(SWITCH_SECONDS)
    stopping = threading.Event()
    told: queue.SimpleQueue[None] = queue.SimpleQueue()  # may be put into where another thread, or this one, waits

    def stop() -> None:
        told.get()
        stopping.set()
        # What is still running then is a job on disk: an end at any moment loses nothing.
        time.sleep(STOP_SECONDS)
        os._exit(0)

    threading.Thread(target=stop, name="stop", daemon=True).start()
    for name in (signal.SIGTERM, signal.SIGINT):
        # A handler that set the event itself would wait for ever where the main thread is just beginning to wait.
        signal.signal(name, lambda *_: told.put(None))
    try:
        run(settings, stopping, clock)
    except CannotStart as cannot:
        tell(f"gpbot cannot start: {cannot.words}")
        return 1
    return 0


def run(settings: Settings, stopping: threading.Event, clock: Clock | None = None) -> None:
    """Serve until `stopping` is set. Raises CannotStart."""
    bot = _built(settings, clock)
    log.info("the database is %s", bot.records.database.where)
    socket = SocketMode(bot.app, settings.slack_app_token, settings.slack_api_url) if settings.socket_mode else None

    def health() -> dict[str, Any]:
        state = bot.health()
        if socket and not socket.is_connected:
            return {**state, "slack": "not connected", "ok": False}
        return state

    try:
        wsgi = wsgi_app(None if socket else bot.app, health, now=bot.records.database.agreed.timestamp)
        web = WebServer(wsgi, host=settings.host, port=settings.port)
    except OSError:
        bot.stop()
        raise CannotStart(
            f"{settings.host}:{settings.port} is taken or not allowed. Choose another HOST or PORT."
        ) from None
    try:
        bot.start()
    except (SQLAlchemyError, CannotSave) as error:
        bot.stop()
        raise CannotStart(_no_database(error)) from None
    web.start()
    try:
        if socket:
            socket.start()
    except NotConnected as error:
        web.stop()
        bot.stop()
        raise CannotStart(error.words) from None
    log.info("gpbot is ready, %s", "in Socket Mode" if socket else f"at {settings.host}:{web.port}")
    stopping.wait()
    log.info("gpbot is stopping")
    if socket:
        socket.stop()
    web.stop()
    bot.stop()


class CannotStart(Exception):
    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def _built(settings: Settings, clock: Clock | None) -> Gpbot:
    try:
        return build(settings, clock=clock)
    except KeysDoNotFit:
        raise CannotStart(
            "GPBOT_KEYS do not open this database. Put back the key it was made with (older keys go after the newest "
            "one, separated by commas). Nothing was changed."
        ) from None
    except AnotherProcess:
        raise CannotStart(
            "another gpbot already runs on this SQLite file. Stop that one first, or use PostgreSQL."
        ) from None
    except (BadDatabaseUrl, NewerDatabase, CannotHoldRole, NotIdentified) as error:
        raise CannotStart(error.words) from None
    except (SQLAlchemyError, CannotSave, OSError) as error:
        raise CannotStart(_no_database(error)) from None


def _no_database(error: Exception) -> str:
    return (
        f"the database could not be opened or brought up to date ({type(error).__name__}). "
        "Check DATABASE_URL, and that its folder exists, can be written to and is not full."
    )


def set_up_logging(level: str) -> None:
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(by_type_and_place)  # the database's driver repeats what it was given
    threading.excepthook = _log_end_of_thread
    cap_loggers()
    for name in ("alembic", "waitress", "werkzeug", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of each request that waits for its turn


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        log.error("a thread has ended: %s", place(ended.exc_value))


def tell(*lines: str) -> None:
    sys.stderr.write("\n".join(lines) + "\n")
