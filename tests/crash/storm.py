"""The weather: Slack in trouble, processes killed and frozen, the database restarted, sockets renewed, strangers."""

import itertools
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Final, Literal

from gpbot.outbox.patience import LEASE
from gpbot.practice import Workspace
from tests.crash.fleet import Fleet, Life
from tests.crash.moments import Fate, Moment
from tests.databases import Postgres
from tests.waiting import HANGING

LONGEST_FROZEN = 90.0
LONGEST_STORM = 6 * HANGING
FROZEN_SECONDS = (LEASE + timedelta(seconds=3)).total_seconds()
RESTARTS: Final[tuple[Literal["fast", "immediate"], ...]] = ("immediate", "fast")

READS = ("conversations.history", "conversations.open", "users.info")
SHOWS = ("views.open", "views.publish", "views.update")
POST = "chat.postMessage"
TO_CHANNELS = (
    "conversations.create",
    "conversations.invite",
    "conversations.list",
    "conversations.setPurpose",
    "conversations.setTopic",
    "pins.add",
)

WHILE_SENDING = (
    Moment.SAVED,
    Moment.CLAIMED,
    Moment.ANY,
    Moment.UNDER_WAY,
    Moment.ANSWERED,
    Moment.SAVING,
    Moment.ANSWER_LOST,
    Moment.FINISHING,
    Moment.ACK_LOST,
    Moment.FINISHED,
    Moment.STOPPING,
    Moment.LOOKED_BACK,
)
WHILE_ARRIVING = (
    Moment.SAVED,
    Moment.CLAIMED,
    Moment.ANSWERED,
    Moment.SAVING,
    Moment.UNDER_WAY,
    Moment.FINISHING,
    Moment.ANY,
    Moment.FINISHED,
)


@contextmanager
def slack_in_trouble(workspace: Workspace, seed: int) -> Iterator[None]:
    """Every so often a call is refused, put off, lost before or after its effect, or a delivery lost or doubled."""
    dice, stopping = random.Random(seed), threading.Event()
    faults = workspace.faults
    troubles: list[Callable[[], None]] = [
        lambda: faults.add(method=POST, retry_after=1),
        lambda: faults.add(method=POST, status=500),
        lambda: faults.add(method=POST, status=503, after=True),
        lambda: faults.add(method=POST, drop="before"),
        lambda: faults.add(method=POST, drop="after"),
        lambda: faults.add(method=POST, delay=0.2),
        lambda: faults.add(method=dice.choice(READS), retry_after=1),
        lambda: faults.add(method=dice.choice(READS), drop="after"),
        lambda: faults.add(method=dice.choice(SHOWS), status=500),
        lambda: faults.add(method=dice.choice(SHOWS), drop="after"),
        lambda: faults.deliveries(duplicate=True),
        lambda: faults.deliveries(lose_ack=True),
        lambda: faults.deliveries(delay=0.2),
    ]

    def run() -> None:
        while not stopping.wait(dice.uniform(0.2, 0.8)):
            dice.choice(troubles)()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        faults.clear()


@contextmanager
def channels_in_trouble(workspace: Workspace, seed: int) -> Iterator[None]:
    """Every so often what is done to channels is put off, or lost before or after its effect."""
    dice, stopping = random.Random(seed), threading.Event()
    troubles: list[dict[str, Any]] = [
        {"retry_after": 1},
        {"status": 503},
        {"status": 503, "after": True},
        {"drop": "before"},
        {"drop": "after"},
        {"delay": 0.2},
    ]

    def run() -> None:
        while not stopping.wait(dice.uniform(0.2, 0.8)):
            workspace.faults.add(method=dice.choice(TO_CHANNELS), **dice.choice(troubles))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        workspace.faults.clear()


def kill_again_and_again(
    fleet: Fleet,
    *,
    until: Callable[[], bool],
    among: Sequence[int] | None = None,
    also: Callable[[], None] = lambda: None,
    moments: Sequence[Moment] = WHILE_SENDING,
) -> None:
    """One after the other; where any may be killed, another is up. `also` is called in between.

    On a slow machine each claim may be killed over: what was so several times is left to be done first.
    """
    end = time.monotonic() + LONGEST_STORM
    at_least = min(2, len(fleet.ahead)) if among is None else 1
    to_come = itertools.cycle(moments)
    while True:
        also()
        if until():
            return
        assert time.monotonic() < end, "what is waited for between the kills does not come"
        up = fleet.wait_for(at_least, among)
        if fleet.is_near_poison():
            time.sleep(0.1)
        else:
            fleet.kill(fleet.dice.choice(up), next(to_come))


class Freezer:
    """Stops one process with SIGSTOP where it holds jobs, and lets it go on when its lease is over."""

    MOMENTS = (Moment.CLAIMED, Moment.SAVING, Moment.UNDER_WAY, Moment.ANSWERED)

    def __init__(self, fleet: Fleet, slot: int) -> None:
        self.times: Counter[Moment] = Counter()
        self._fleet = fleet
        self._slot = slot
        self._moments = itertools.cycle(self.MOMENTS)
        self._moment = Moment.ANY
        self._armed: Life | None = None
        self._since: float | None = None

    def look(self) -> None:
        life = self._fleet.lives[self._slot]
        if self._since is not None:
            if self._may_go_on(life, time.monotonic() - self._since):
                self._thaw(life)
        elif life.has_frozen():
            self._since = time.monotonic()
        elif life is not self._armed and life.is_up:
            self._arm(life)

    def end(self) -> None:
        if self._since is not None:
            self._fleet.lives[self._slot].thaw()

    def _may_go_on(self, life: Life, seconds: float) -> bool:
        """When its lease is over and, where that makes the difference, another has sent what it was to send."""
        wire_id = life.about_to_send
        if seconds > LONGEST_FROZEN or not wire_id:
            return seconds > FROZEN_SECONDS
        posts = [
            call.args.get("client_msg_id") for call in list(self._fleet.here.workspace.calls) if call.method == POST
        ]
        return seconds > FROZEN_SECONDS and wire_id in posts

    def _arm(self, life: Life) -> None:
        self._armed, self._moment = life, next(self._moments)
        under_way = self._moment is Moment.UNDER_WAY
        if under_way:
            self._fleet.here.workspace.faults.add(method=POST, delay=0.5, times=5)
        life.arm(Fate(moment=self._moment, signal="STOP", after=0.1 if under_way else 0.0))

    def _thaw(self, life: Life) -> None:
        life.thaw()
        self.times[self._moment] += 1
        self._armed = self._since = None


class Restarts:
    """The database, restarted every so often: in good order, and as if its machine had lost power."""

    def __init__(self, database: Postgres, dice: random.Random) -> None:
        self.times: Counter[str] = Counter()
        self._database = database
        self._dice = dice
        self._how = itertools.cycle(RESTARTS)
        self._next = time.monotonic() + dice.uniform(5, 15)

    def look(self) -> None:
        if time.monotonic() > self._next:
            how = next(self._how)
            self._database.restart(how)
            self.times[how] += 1
            self._next = time.monotonic() + self._dice.uniform(10, 20)


class Renewals:
    """Socket Mode's connections, told every so often to make way, as Slack does every few hours."""

    def __init__(self, fleet: Fleet) -> None:
        self.times = 0
        self._fleet = fleet
        self._next = 0.0

    @property
    def told(self) -> str:
        assert self.times, "no socket was renewed: this tests nothing"
        return f"{self.times:4} times Slack had its sockets renewed"

    def look(self) -> None:
        if time.monotonic() > self._next:
            self._fleet.here.workspace.refresh_sockets()
            self.times += 1
            self._next = time.monotonic() + self._fleet.dice.uniform(6, 10)

    def end(self) -> None:
        pass


class Strangers:
    """Hold connections to each process that is up over HTTP, and say nothing, or never enough."""

    AT_ONCE = 120  # to each; more than waitress takes by itself
    SAID = (b"", b"POST /slack/events HTTP/1.1\r\nX-Long: ", b"POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\nhalf")

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._number = 0
        self._held: dict[int, list[socket.socket]] = {}  # by the port

    @property
    def told(self) -> str:
        assert self._number > self.AT_ONCE, "strangers held too few connections: this tests nothing"
        return f"{self._number:4} connections of strangers"

    def look(self) -> None:
        ports = {life.port for life in list(self._fleet.lives) if life.is_up and life.port}
        for port in self._held.keys() - ports:
            self._let_go(port)
        for port in ports - self._held.keys():
            self._held[port] = []
            with suppress(OSError):  # it ends meanwhile
                for said in itertools.islice(itertools.cycle(self.SAID), self.AT_ONCE):
                    held = socket.create_connection(("127.0.0.1", port))
                    self._held[port].append(held)
                    held.sendall(said)
                    self._number += 1

    def end(self) -> None:
        for port in list(self._held):
            self._let_go(port)

    def _let_go(self, port: int) -> None:
        for held in self._held.pop(port):
            held.close()


@contextmanager
def trouble_on_the_line(fleet: Fleet) -> Iterator[Strangers | Renewals]:
    """Whichever there is where Slack reaches it."""
    trouble = Strangers(fleet) if fleet.http else Renewals(fleet)
    stopping = threading.Event()

    def run() -> None:
        while not stopping.wait(0.1):
            trouble.look()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield trouble
    finally:
        stopping.set()
        thread.join()
        trouble.end()
