"""Acks and memory while strangers hold connections open, drip, and send large forms that nobody signed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from benchmarks import load, people, servers
from benchmarks.goals import Board
from benchmarks.servers import Server

FORMS = 8
FORM = b"a=b&" * (1024 * 1024)  # 4 MiB, of a million fields
IDLE, SLOW = 250, 250
ACKS = 100
LONGEST = 3.0  # seconds, which Slack waits
MOST = 300.0  # MiB
HEAD = (
    b"POST /slack/events HTTP/1.1\r\nHost: gpbot\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\nX-Slack-Request-Timestamp: %b\r\nX-Slack-Signature: %b\r\n\r\n"
)


def run(board: Board, folder: Path) -> None:
    board.subject(f"11. Acks while {FORMS} forms of 4 MiB and {IDLE + SLOW} connections of strangers are open")
    with servers.slack(100) as api, servers.gpbot(api, folder, f"sqlite:///{folder}/unsigned.sqlite3") as gpbot:
        quiet = gpbot.memory()
        with _watching(gpbot) as most:
            for name, left_out in (("unfinished", 1), ("whole", 0)):
                with _strangers(gpbot.port, left_out):
                    answers = load.closed(gpbot.port, islice(people.commands(), ACKS), users=20)
                in_time = sum(seconds <= LONGEST for seconds in answers.latencies)
                board.goal_at_least(f"of {ACKS} acks within {LONGEST:g} s, forms {name}", in_time, at_least=ACKS)
                if answers.latencies:
                    board.note(f"the longest took {max(answers.latencies):.2f} s, the middle {answers.at(50):.3f} s")
        board.goal("memory at most", max(most), at_most=MOST, unit="MiB")
        board.note(f"{quiet:.0f} MiB before")


@contextmanager
def _strangers(port: int, left_out: int) -> Iterator[None]:
    """Connections that say nothing, or a byte a second, and forms without their last bytes."""
    opened: list[socket.socket] = []
    stopping = threading.Event()

    def drip() -> None:
        while not stopping.wait(1):
            for one in opened[:SLOW]:
                with suppress(OSError):
                    one.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        for number in range(SLOW + IDLE):
            opened.append(socket.create_connection(("127.0.0.1", port)))
            if number < SLOW:
                opened[-1].sendall(b"POST /slack/events HTTP/1.1\r\nX-Long: ")
        for _ in range(FORMS):
            form = socket.create_connection(("127.0.0.1", port))
            opened.append(form)
            signed = load.signature(b"", forged=True)
            head = HEAD % (
                len(FORM),
                signed["X-Slack-Request-Timestamp"].encode(),
                signed["X-Slack-Signature"].encode(),
            )
            threading.Thread(target=_pour, args=(form, head + FORM[: len(FORM) - left_out])).start()
        yield
    finally:
        stopping.set()
        for one in opened:
            one.close()
        dripping.join()


def _pour(form: socket.socket, what: bytes) -> None:
    with suppress(OSError):
        form.sendall(what)


@contextmanager
def _watching(server: Server) -> Iterator[list[float]]:
    """What its memory was, again and again, in MiB."""
    seen = [server.memory()]
    stopping = threading.Event()

    def watch() -> None:
        while not stopping.wait(0.05):
            seen.append(server.memory())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield seen
    finally:
        stopping.set()
        watching.join()
