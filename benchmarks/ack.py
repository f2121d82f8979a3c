"""How soon `/report` is answered, and what a forged request costs."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from benchmarks import load, people, servers
from benchmarks.goals import Board, in_rounds, middle, p50, ratio
from benchmarks.load import Answers
from benchmarks.servers import Server

RATES = (10, 20)  # a second; Slack sends one workspace at most 8.3 events a second
AT_ONCE = 200


def run(board: Board, folder: Path) -> None:
    with (
        servers.slack(100) as api,
        servers.floor(api, folder) as floor,
        servers.gpbot(api, folder, f"sqlite:///{folder}/ack.sqlite3") as gpbot,
    ):
        for server in (floor, gpbot):
            load.opened(server.port, people.commands(), rate=20, seconds=2)
        board.subject("1. /report to its ack, Slack 100 ms away")
        for rate in RATES:
            measures = {name: _opened(server, rate, board.either(2, 5)) for name, server in _named(floor, gpbot)}
            rounds = in_rounds(board.rounds, measures)
            board.goal(f"p50 at {rate} a second", ratio(rounds, "gpbot", "floor", p50), at_most=1.5)
            board.note(
                f"gpbot {middle(rounds, 'gpbot', p50) * 1000:.2f} ms, floor {middle(rounds, 'floor', p50) * 1000:.2f} "
                f"ms; {_busy(rounds)} were told that gpbot is busy"
            )
        rounds = in_rounds(board.rounds, {name: _closed(server) for name, server in _named(floor, gpbot)})
        board.note(
            f"for information, one user in a closed loop: {ratio(rounds, 'gpbot', 'floor', p50):.1f} times, and "
            f"{_busy(rounds)} of {board.rounds * AT_ONCE} were told that gpbot is busy"
        )

        board.subject("8. What a forged request costs")
        costs = in_rounds(board.rounds, {"forged": lambda: _forged(gpbot), "good": lambda: _good(gpbot)})
        board.goal("processor time, to that of a good /report", ratio(costs, "forged", "good", float), at_most=0.5)
        board.note(
            f"{middle(costs, 'forged', float) * 1000:.2f} ms against {middle(costs, 'good', float) * 1000:.2f} ms "
            "with the form that is opened"
        )


def _named(floor: Server, gpbot: Server) -> tuple[tuple[str, Server], ...]:
    return ("floor", floor), ("gpbot", gpbot)


def _opened(server: Server, rate: float, seconds: float) -> Callable[[], Answers]:
    return lambda: load.opened(server.port, people.commands(), rate=rate, seconds=seconds)


def _closed(server: Server) -> Callable[[], Answers]:
    return lambda: load.closed(server.port, islice(people.commands(), AT_ONCE), users=1)


def _busy(rounds: list[dict[str, Answers]]) -> int:
    """What is said to a person who asks for a form is that none can be opened."""
    return sum(body != b"" for each in rounds for body in each["gpbot"].bodies)


def _forged(server: Server) -> float:
    before = server.cpu()
    load.closed(server.port, islice(people.commands(), 1000), users=1, forged=True)
    return (server.cpu() - before) / 1000


def _good(server: Server) -> float:
    before = server.cpu()
    answers = load.opened(server.port, people.commands(), rate=20, seconds=4)
    return (server.cpu() - before) / len(answers.latencies)
