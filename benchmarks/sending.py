"""From the commit to the message at Slack, and what it costs to wait for the next one."""

import json
import time
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from benchmarks import load, people, servers
from benchmarks.goals import Board


def run(board: Board, folder: Path) -> None:
    board.subject("6. From the commit to the message at Slack")
    with servers.slack(1) as api, servers.gpbot(api, folder, f"sqlite:///{folder}/sending.sqlite3") as gpbot:
        waits = [_wait(gpbot.port, api) for _ in range(board.either(7, 15))]
        board.goal("p50 with nothing else to do", median(waits) * 1000, at_most=50, unit="ms")
        board.note("from the ack, which comes after the commit, until the first message has come in at Slack")
        time.sleep(3)
        before, begun = gpbot.cpu(), time.monotonic()
        time.sleep(board.either(6, 15))
        idle = (gpbot.cpu() - before) / (time.monotonic() - begun)
        board.goal("processor time while idle", idle * 100, at_most=1, unit="%")


def _wait(port: int, api: str) -> float:
    """Seconds; 0 when the message was there before the ack."""
    who = people.member()
    review = load.closed(port, iter([people.filled_form(who)]), users=1).bodies[0]
    before = len(_messages(api))
    sent = load.closed(port, iter([people.send(who, review)]), users=1)
    acked = time.monotonic()
    if b"Saved." not in sent.bodies[0]:
        raise RuntimeError("not saved")
    time.sleep(1.5)  # the lane of each champion takes one message a second
    return max(0.0, _messages(api)[before] - acked)


def _messages(api: str) -> list[float]:
    """When each came in."""
    with urlopen(f"{api}messages") as answer:  # noqa: S310  (our own)
        messages: list[float] = json.load(answer)["messages"]
    return messages
