"""Load that plays Slack: signed requests to 127.0.0.1, in a closed loop or at a rate, over connections kept open."""

import asyncio
import hashlib
import hmac
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from statistics import quantiles
from typing import Any

import uvloop

SECRET = "a-signing-secret"  # noqa: S105  (of nothing)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TIMEOUT = 30.0

Requests = Iterator[bytes]  # bodies, urlencoded
clock = time.perf_counter


@dataclass
class Answers:
    """What came back: `latencies` in seconds, of what was answered as it should be."""

    latencies: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def at(self, percent: int) -> float:
        return quantiles(self.latencies, n=100)[percent - 1]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


def signature(body: bytes, *, forged: bool = False) -> dict[str, str]:
    """The headers Slack signs a request with."""
    now = str(int(time.time()))
    mac = hmac.digest(SECRET.encode(), f"v0:{now}:".encode() + body, hashlib.sha256).hex()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={'0' * 64 if forged else mac}",
    }


def _request(body: bytes, *, forged: bool) -> bytes:
    head = {"Host": "127.0.0.1", **signature(body, forged=forged), "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + body


def closed(port: int, requests: Requests, *, users: int, forged: bool = False) -> Answers:
    """Each user sends the next request when the last was answered, until there are no more."""
    return uvloop.run(_run(port, lambda load: _closed(load, requests, users), forged=forged))


def opened(port: int, requests: Requests, *, rate: float, seconds: float, seed: int = 1) -> Answers:
    """Requests fall due at random, `rate` a second on average, whatever the server does.

    A latency counts from when a request was due, so that a server which stalls cannot hide its queue.
    """
    return uvloop.run(_run(port, lambda load: _opened(load, requests, rate, seconds, Random(seed))))


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, load: "_Load") -> None:
        self._load = load
        self._buffer = b""
        self._due = 0.0
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def send(self, body: bytes, due: float) -> None:
        self._buffer, self._due = b"", due
        self.transport.write(_request(body, forged=self._load.forged))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if found and len(body) >= (int(length[1]) if length else 0):
            self._load.answered(self, clock() - self._due, int(head[9:12]), body)

    def connection_lost(self, _error: Exception | None) -> None:
        self._load.lost()


class _Load:
    def __init__(self, port: int, *, forged: bool) -> None:
        self._port = port
        self.forged = forged
        self.answers = Answers()
        self.free: deque[_Connection] = deque()
        self.waiting: deque[tuple[bytes, float]] = deque()
        self.under_way = 0
        self.changed = asyncio.Event()

    async def connect(self, count: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(count):
            _, connection = await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
            self.free.append(connection)

    def send(self, body: bytes, due: float) -> None:
        self.under_way += 1
        if self.free:
            self.free.popleft().send(body, due)
        else:
            self.waiting.append((body, due))

    def answered(self, connection: _Connection, took: float, status: int, body: bytes) -> None:
        if status == (401 if self.forged else 200):
            self.answers.latencies.append(took)
            self.answers.bodies.append(body)
        else:
            self.answers.wrong[f"status {status}"] += 1
        self.under_way -= 1
        if self.waiting:
            connection.send(*self.waiting.popleft())
        else:
            self.free.append(connection)
        self.changed.set()

    def lost(self) -> None:
        self.answers.wrong["connection lost"] += 1
        self.changed.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), _TIMEOUT)


async def _run(port: int, drive: Callable[[_Load], Any], *, forged: bool = False) -> Answers:
    load = _Load(port, forged=forged)
    begun = clock()
    try:
        await drive(load)
    except TimeoutError:
        load.answers.wrong["no answer"] += load.under_way
    load.answers.seconds = clock() - begun
    answers = load.answers
    load.answers = Answers()  # what closing does to the connections is no part of it
    for connection in load.free:
        connection.transport.abort()
    return answers


async def _closed(load: _Load, requests: Requests, users: int) -> None:
    await load.connect(users)
    for body in requests:
        await load.until(lambda: bool(load.free))
        load.send(body, clock())
    await load.until(lambda: load.under_way == 0)


async def _opened(load: _Load, requests: Requests, rate: float, seconds: float, random: Random) -> None:
    await load.connect(64)
    due = clock()
    end = due + seconds
    while (due := due + random.expovariate(rate)) < end:
        await asyncio.sleep(due - clock())
        load.send(next(requests), due)
    await load.until(lambda: load.under_way == 0)
