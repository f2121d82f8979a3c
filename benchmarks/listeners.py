"""What an ack costs beside all of gpbot's listeners, and beside no other."""

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from slack_bolt import App, BoltRequest
from slack_sdk.web import WebClient

from benchmarks import people, servers
from benchmarks.goals import Board, in_rounds, middle, ratio
from benchmarks.load import SECRET, signature
from gpbot.bootstrap import build
from gpbot.settings import load_settings
from gpbot.slack.answers import Nothing
from gpbot.slack.app import build_app
from gpbot.slack.errors import Funnel
from gpbot.slack.events import Events
from gpbot.slack.identity import Identity
from gpbot.slack.requests import Command
from gpbot.slack.routes import Routes

ACKS = 1000


def run(board: Board, folder: Path) -> None:
    with servers.slack(0) as api:
        bot = build(load_settings(servers.environment(api, f"sqlite:///{folder}/listeners.sqlite3")))
        everything = bot.routes
        everything.commands["/report"] = _ack
        alone = Routes()
        alone.commands["/report"] = _ack
        count = len(everything.actions) + len(everything.submissions) + len(everything.shortcuts)
        measures = {
            "all": _acks(_app(api, bot.identity, everything, bot.events)),
            "one": _acks(_app(api, bot.identity, alone, Events())),
        }
        for measure in measures.values():
            measure()
        rounds = in_rounds(board.rounds, measures)
        bot.stop()
    board.subject("4. All listeners registered, against one")
    board.goal(f"processor time of an ack beside {count}", ratio(rounds, "all", "one", float), at_most=1.1)
    board.note(f"{middle(rounds, 'all', float) * 1000:.3f} ms")


def _ack(_asked: Command) -> Nothing:
    return Nothing()


def _app(api: str, identity: Identity, routes: Routes, events: Events) -> App:
    client = WebClient(token=people.BOT_TOKEN, base_url=api)
    return build_app(
        client=client,
        signing_secret=SECRET,
        identity=identity,
        routes=routes,
        events=events,
        errors=Funnel("help@outside.example"),
    )


def _acks(app: App) -> Callable[[], float]:
    def measure() -> float:
        requests = [
            BoltRequest(body=body.decode(), headers={name: [value] for name, value in signature(body).items()})
            for body in islice(people.commands(), ACKS)
        ]
        begun = time.process_time()
        for request in requests:
            if app.dispatch(request).status != 200:
                raise RuntimeError("refused")
        return (time.process_time() - begun) / ACKS

    return measure
