"""Memory after many requests, and the time until the first can come."""

from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks import load, people, servers
from benchmarks.goals import Board
from benchmarks.servers import Server


def run(board: Board, folder: Path) -> None:
    few, many = board.either(1_000, 10_000), board.either(10_000, 100_000)
    board.subject(f"7. Memory after {many} requests, and the time to get ready")
    url = f"sqlite:///{folder}/footprint.sqlite3"
    with servers.slack(100) as api:
        with servers.floor(api, folder) as floor, servers.gpbot(api, folder, url) as gpbot:
            for server in (floor, gpbot):
                _ask(server, few)
            early = gpbot.memory()
            for server in (floor, gpbot):
                _ask(server, many - few)
            board.goal("memory, to bare Bolt's", gpbot.memory() / floor.memory(), at_most=3)
            board.goal(f"growth since {few} requests", (gpbot.memory() / early - 1) * 100, at_most=3, unit="%")
            board.note(f"gpbot {gpbot.memory():.0f} MiB, bare Bolt {floor.memory():.0f} MiB")
        ratios = []
        for _ in range(board.rounds):
            with servers.floor(api, folder) as floor, servers.gpbot(api, folder, url) as gpbot:
                ratios.append(gpbot.seconds_to_ready / floor.seconds_to_ready)
        board.goal("time to ready on a database that is there, to bare Bolt's", median(ratios), at_most=3)
        board.note(f"the last took {gpbot.seconds_to_ready:.2f} s")


def _ask(server: Server, count: int) -> None:
    answers = load.closed(server.port, islice(people.commands(), count), users=8)
    if answers.wrong:
        raise RuntimeError(f"not every request was answered: {dict(answers.wrong)}")
