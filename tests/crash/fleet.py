"""Processes that share one database, and that end and begin again."""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from gpbot.outbox.models import READY, JobRow
from gpbot.outbox.patience import MAX_LOST_CLAIMS
from gpbot.reports import ids
from tests.crash.moments import CLOCK_AHEAD, STANDS_STILL, Fate, Moment
from tests.databases import another_program
from tests.running import ROOT, Process, Town
from tests.waiting import HANGING

PATIENCE = 5.0  # seconds; a moment that does not come by then is a kill at any moment
POST = "chat.postMessage"
CANNOT_START = "the database could not be opened"


class Life(Process):
    """A process that can be told when to end, or to stand still."""

    def __init__(
        self,
        settings: Mapping[str, str],
        folder: Path,
        *,
        ahead: float = 0.0,
        clock_jumps: bool = False,
        fate: Fate | None = None,
    ) -> None:
        how = {
            "CRASH_CLOCK_AHEAD": str(ahead) if ahead or clock_jumps else "",
            "CRASH_CLOCK_JUMPS": "yes" if clock_jumps else "",
            "CRASH_FATE": fate.as_line() if fate else "",
        }
        super().__init__({**settings, **how, "PYTHONPATH": str(ROOT)}, folder, ("-m", "tests.crash.process"))
        self.began_at = time.monotonic()
        self.is_frozen = False

    @property
    def status(self) -> int | None:
        """The exit status; None while it lives."""
        return self._popen.poll()

    @property
    def is_reached(self) -> bool:
        """Whether Slack delivers to it, which cannot know that it stands still."""
        return self.is_ready and self.status is None

    @property
    def is_up(self) -> bool:
        return self.is_reached and not self.is_frozen

    def arm(self, fate: Fate) -> None:
        self._tell(fate.as_line())

    def set_clock(self, ahead: float) -> None:
        """So many seconds ahead of what time it is."""
        self._tell(f"{CLOCK_AHEAD}{ahead}")

    def _tell(self, line: str) -> None:
        assert self._popen.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._popen.stdin.write(line + "\n")
            self._popen.stdin.flush()

    def is_over_within(self, seconds: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)
        return self.status is not None

    def begin_to_stop(self) -> None:
        self._popen.send_signal(signal.SIGTERM)

    def has_frozen(self) -> bool:
        """Whether it stands still since the last look."""
        if self.status is None and os.waitid(os.P_PID, self._popen.pid, os.WSTOPPED | os.WNOHANG) is not None:
            self.is_frozen = True
        return self.is_frozen

    def tell_where_it_stands(self) -> str:
        """All it has said, with the trace of each of its threads."""
        if self.status is None:
            self._popen.send_signal(signal.SIGUSR1)
            time.sleep(1)
        return self.text

    @property
    def about_to_send(self) -> str:
        """The wire id of the message it was sending when it last came to stand still, if any."""
        said = [line.removeprefix(STANDS_STILL).strip() for line in self.said if line.startswith(STANDS_STILL)]
        return said[-1] if said else ""

    def thaw(self) -> None:
        self.is_frozen = False
        self._popen.send_signal(signal.SIGCONT)


@dataclass
class Fleet:
    """One process for each number in `ahead`: by how many seconds its clocks are wrong, at first if they jump."""

    here: Town
    dice: random.Random
    http: bool
    ahead: Sequence[float] = (0.0,)
    clocks_jump: bool = False
    lives: list[Life] = field(default_factory=list)
    deaths: Counter[Moment] = field(default_factory=Counter)
    failed_starts: int = 0

    def start(self) -> None:
        """All at the same moment."""
        self.lives = [self._launch(slot) for slot in range(len(self.ahead))]
        self.wait_for(len(self.ahead))

    def stop(self) -> None:
        self.here.workspace.deliver_to()
        for life in self.lives:
            life.kill()

    def wait_for(self, number: int, among: Sequence[int] | None = None) -> list[int]:
        """Until so many are up, of all or `among` those; their places.

        A process that could not start without a database is started again.
        """
        while len(up := [slot for slot in self.tend() if among is None or slot in among]) < number:
            time.sleep(0.02)
        return up

    def tend(self) -> list[int]:
        """Who is up; Slack delivers to those, and the others are started again."""
        for slot, life in enumerate(self.lives):
            if not life.is_ready and time.monotonic() - life.began_at > HANGING:
                raise AssertionError(life.tell_where_it_stands())
            if life.status is not None:
                life.kill()  # reads the rest of what it said
                assert CANNOT_START in life.text, life.text
                self.failed_starts += 1
                self.lives[slot] = self._launch(slot)
        up = [slot for slot, life in enumerate(self.lives) if life.is_up]
        if self.http:
            addresses = [f"http://127.0.0.1:{life.port}/slack/events" for life in self.lives if life.is_reached]
            if addresses != list(self.here.workspace.courier.addresses):
                self.here.workspace.deliver_to(*addresses)
        return up

    def set_clocks(self, ahead: Sequence[float]) -> None:
        """On each process's machine: also those that begin there later go by that clock."""
        self.ahead = ahead
        for life, seconds in zip(self.lives, ahead, strict=True):
            life.set_clock(seconds)

    def is_near_poison(self) -> bool:
        """Whether a job was killed over so often in a row that two more times would rightly make it dead."""
        with contextlib.suppress(DBAPIError), another_program(self.here.database_url) as looking:
            lost = looking.execute(select(func.max(JobRow.lost_claims)).where(READY)).scalar()
            return (lost or 0) >= MAX_LOST_CLAIMS - 2
        return False  # there is no database at the moment

    def kill(self, slot: int, moment: Moment) -> None:
        """SIGKILL at that moment, or when it does not come; another takes its place."""
        life = self.lives[slot]
        died_then = self._end(life, moment)
        life.kill()
        self.deaths[moment if died_then else Moment.ANY] += 1
        self.lives[slot] = self._launch(slot)
        self.tend()

    def _end(self, life: Life, moment: Moment) -> bool:
        """Whether it ended at that moment."""
        faults = self.here.workspace.faults
        after = self.dice.uniform(0, 0.1)
        match moment:
            case Moment.ANY:
                time.sleep(self.dice.uniform(0, 0.5))
                return True
            case Moment.STOPPING:
                life.begin_to_stop()
                return not life.is_over_within(self.dice.uniform(0, 0.3))
            case Moment.UNDER_WAY:
                faults.add(method=POST, delay=0.3, times=len(self.ahead))
                after = self.dice.uniform(0.02, 0.25)
            case Moment.ANSWER_LOST:
                faults.add(method=POST, drop="after", times=len(self.ahead))
            case Moment.ACK_LOST:
                faults.deliveries(lose_ack=True, where=_is_send)
            case _:
                after = 0.0
        life.arm(Fate(moment=moment, skip=self.dice.randrange(3), after=after))
        return life.is_over_within(PATIENCE)

    def _launch(self, slot: int, fate: Fate | None = None) -> Life:
        life = Life(
            self.here.settings(http=self.http),
            self.here.folder,
            ahead=self.ahead[slot],
            clock_jumps=self.clocks_jump,
            fate=fate,
        )
        self.here.lives.append(life)
        return life


def while_it_makes_its_tables(here: Town, dice: random.Random) -> int:
    """Killed again and again before its database has its tables; how often."""
    fates = [Fate(moment=Moment.MIGRATING, skip=dice.randrange(20)) for _ in range(3)]
    fates += [Fate(moment=Moment.MIGRATED, skip=skip) for skip in range(2)]
    kills = 0
    for fate in fates:
        life = Life(here.settings(http=True), here.folder, fate=fate)
        here.lives.append(life)
        until = time.monotonic() + HANGING
        while not life.is_over_within(0.02) and not life.is_ready and time.monotonic() < until:
            pass
        kills += not life.is_ready
        life.kill()
    return kills


def _is_send(payload: Mapping[str, object]) -> bool:
    view = payload.get("view")
    return isinstance(view, dict) and view.get("callback_id") == ids.REVIEW
