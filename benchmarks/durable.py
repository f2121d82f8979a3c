"""A report sent, and on disk before its ack; and the same for half a minute on end."""

import os
import time
from collections.abc import Callable, Iterator
from itertools import islice, repeat
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, make_url, text

from benchmarks import load, people, postgresql, servers
from benchmarks.goals import Board, in_rounds, middle, p50, ratio
from benchmarks.load import Answers
from benchmarks.servers import Server

RATE = 10  # a second
USERS = 16
SAVED = b"Saved."


def run(board: Board, folder: Path) -> None:
    with servers.slack(100) as api, servers.floor(api, folder) as floor:
        board.subject("2. A report sent, and on disk before its ack")
        board.note(f"this disk takes {_sync_seconds(folder) * 1000:.2f} ms to sync one page")
        with servers.gpbot(api, folder, f"sqlite:///{folder}/durable.sqlite3") as gpbot:
            _measure(board, "SQLite", floor, gpbot, at_most=5)
        with postgresql.fresh(folder) as url, servers.gpbot(api, folder, url) as gpbot:
            _measure(board, "PostgreSQL", floor, gpbot, at_most=10)

        seconds = board.either(5, 30)
        board.subject(f"3. A hundred reports a second, for {seconds} s (SQLite)")
        url = f"sqlite:///{folder}/steady.sqlite3"
        with servers.gpbot(api, folder, url) as gpbot:
            reviewed = _reviewed(gpbot, 100 * seconds * 6 // 5 + 50)
            before = _on_disk(url)
            steady = load.opened(gpbot.port, iter(reviewed), rate=100, seconds=seconds)
            saved = sum(SAVED in body for body in steady.bodies)
            base = load.opened(floor.port, _unreviewed(), rate=100, seconds=seconds)
            on_disk = _on_disk(url) - before
        wrong = sum(steady.wrong.values()) + len(steady.latencies) - saved
        board.goal(f"errors among {len(steady.latencies)}", wrong, at_most=0, unit="")
        board.goal("said to be saved, and not on disk", saved - on_disk, at_most=0, unit="")
        board.goal("p99", steady.at(99) / base.at(99), at_most=5)
        board.note(f"gpbot {steady.at(99) * 1000:.1f} ms, floor {base.at(99) * 1000:.1f} ms")


def _measure(board: Board, database: str, floor: Server, gpbot: Server, *, at_most: float) -> None:
    both = (("floor", floor), ("gpbot", gpbot))
    for _, server in both:
        load.closed(server.port, sends(server, 50), users=2)
    seconds = board.either(3, 5)

    def at_rate(server: Server) -> Callable[[], Answers]:
        def measure() -> Answers:
            return load.opened(server.port, sends(server, RATE * seconds * 3), rate=RATE, seconds=seconds)

        return measure

    def closed(server: Server, count: int, users: int) -> Callable[[], Answers]:
        return lambda: load.closed(server.port, sends(server, count), users=users)

    rounds = in_rounds(board.rounds, {name: at_rate(server) for name, server in both})
    for each in rounds:
        check(each["gpbot"])
    board.goal(f"{database}, p50 at {RATE} a second", ratio(rounds, "gpbot", "floor", p50), at_most=at_most)
    board.note(
        f"gpbot {middle(rounds, 'gpbot', p50) * 1000:.2f} ms, floor {middle(rounds, 'floor', p50) * 1000:.2f} ms"
    )
    rounds = in_rounds(board.rounds, {name: closed(server, 100, 1) for name, server in both})
    for each in rounds:
        check(each["gpbot"])
    board.goal(f"{database}, p50 of one user in a closed loop", ratio(rounds, "gpbot", "floor", p50), at_most=at_most)
    board.note(
        f"gpbot {middle(rounds, 'gpbot', p50) * 1000:.2f} ms, floor {middle(rounds, 'floor', p50) * 1000:.2f} ms"
    )
    rounds = in_rounds(board.rounds, {name: closed(server, board.either(160, 320), USERS) for name, server in both})
    for each in rounds:
        check(each["gpbot"])
    share = ratio(rounds, "gpbot", "floor", lambda answers: answers.per_second)
    if database == "SQLite":
        board.goal_at_least(f"{database}, throughput of {USERS} users, to the floor's", share, at_least=0.15)
    else:
        board.note(f"throughput of {USERS} users: {share:.2f} of the floor's")
    board.note(f"{middle(rounds, 'gpbot', lambda answers: answers.per_second):.0f} reports a second")


def check(gpbot: Answers) -> None:
    """Raises RuntimeError when not every report was saved: its time would mean nothing."""
    if gpbot.wrong or not all(SAVED in body for body in gpbot.bodies):
        raise RuntimeError(f"not everything was saved: {dict(gpbot.wrong)}")


def sends(server: Server, count: int) -> Iterator[bytes]:
    """*Send* on as many reviews; made before, for they are no part of what is measured."""
    return iter(_reviewed(server, count)) if server.is_gpbot else islice(_unreviewed(), count)


def _reviewed(server: Server, count: int) -> list[bytes]:
    who = [people.member() for _ in range(count)]
    answers = load.closed(server.port, map(people.filled_form, who), users=1)
    if len(answers.bodies) != count:
        raise RuntimeError(f"not every form was reviewed: {dict(answers.wrong)}")
    return [people.send(each, body) for each, body in zip(who, answers.bodies, strict=True)]


def _unreviewed() -> Iterator[bytes]:
    return (people.send(people.member(), people.NO_REVIEW) for _ in repeat(None))


def _on_disk(url: str) -> int:
    engine = create_engine(make_url(url))
    with engine.connect() as connection:
        count = int(connection.execute(text("SELECT count(*) FROM report")).scalar_one())
    engine.dispose()
    return count


def _sync_seconds(folder: Path) -> float:
    taken = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return median(taken)
