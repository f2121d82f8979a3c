"""gpbot as `python app.py` runs it, except that it ends, or stands still, at a moment it is told of.

Usage: python -m tests.crash.process; each line of its standard input is a Fate, and CRASH_FATE the first, or by how
many seconds its clocks are wrong from then on. CRASH_CLOCK_AHEAD is by how many they are at first.
"""

import faulthandler
import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event

from gpbot.audit import AuditLog
from gpbot.clock import SystemClock
from gpbot.directory.joining import Joining
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.messages import GuidelinesMessages
from gpbot.guidelines.workflow import Guidelines
from gpbot.onboarding.messages import OnboardingMessages
from gpbot.onboarding.workflow import Onboarding
from gpbot.opening.messages import OpeningMessages
from gpbot.outbox.delivery import Delivery
from gpbot.outbox.types import OutcomeUnknown, Post, ToChannel
from gpbot.reports.filing import Filing
from gpbot.reports.messages import ReportMessages
from gpbot.reports.types import OwnReport
from gpbot.serve import main
from gpbot.slack.gateway import Gateway
from gpbot.slack.pulse import Pulse
from tests.crash.moments import CLOCK_AHEAD, STANDS_STILL, Fate, Moment

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]
BEAT_SECONDS = 1.0


class WrongClock(SystemClock):
    def __init__(self, ahead: float) -> None:
        self.ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return super().now() + self.ahead


class Fates:
    """One at a time: what this process has coming to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fate: Fate | None = None
        self._passed = 0

    def arm(self, line: str) -> None:
        with self._lock:
            self._fate, self._passed = Fate.from_line(line), 0

    def comes(self, moment: Moment, wire_id: str = "") -> None:
        """The moment has come, perhaps for this process to end. `wire_id` is of the message it is about to send."""
        with self._lock:
            fate = self._fate
            if fate is None or fate.moment is not moment:
                return
            self._passed += 1
            if self._passed <= fate.skip:
                return
            self._fate = None
        if fate.signal == "STOP":
            sys.stderr.write(f"{STANDS_STILL}{wire_id}\n")
            sys.stderr.flush()
        strike = functools.partial(os.kill, os.getpid(), signal.Signals[f"SIG{fate.signal}"])
        if fate.after:
            threading.Timer(fate.after, strike).start()
        else:
            strike()


class Ambush:
    """Puts the moments where they are in gpbot."""

    def __init__(self, fates: Fates) -> None:
        self._comes = fates.comes

    def lay(self) -> None:
        around(AuditLog, "_append", self._then(Moment.SAVING))
        around(Onboarding, "_begin", self._then(Moment.SAVING))
        around(Filing, "file", self._filing)
        around(Guidelines, "accept", self._then(Moment.SAVED))
        around(Onboarding, "choose", self._then(Moment.SAVED))
        around(Joining, "add", self._adding)
        around(Gateway, "send", self._sending)
        around(Gateway, "find", self._then(Moment.LOOKED_BACK))
        around(ReportMessages, "record", self._then(Moment.FINISHING))
        around(GuidelinesMessages, "record", self._then(Moment.FINISHING))
        around(OpeningMessages, "record", self._then(Moment.FINISHING))
        around(OnboardingMessages, "record", self._then(Moment.FINISHING))
        around(Backfill, "_feed", self._then(Moment.SAVING))
        around(Delivery, "deliver", self._then(Moment.FINISHED))
        event.listen(Engine, "before_cursor_execute", self._executing)

    def _then(self, moment: Moment) -> Wrap:
        def wrap(do: Callable[..., Any]) -> Callable[..., Any]:
            def done(*args: Any, **more: Any) -> Any:
                result = do(*args, **more)
                self._comes(moment)
                return result

            return done

        return wrap

    def _filing(self, file: Callable[..., Any]) -> Callable[..., Any]:
        def filed(*args: Any, **more: Any) -> Any:
            result = file(*args, **more)
            if isinstance(result, OwnReport):
                self._comes(Moment.SAVED)
                self._comes(Moment.ACK_LOST)
            return result

        return filed

    def _sending(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def sent(gateway: Gateway, outgoing: Any, wire_id: str) -> Any:
            if not isinstance(outgoing, Post | ToChannel):
                return send(gateway, outgoing, wire_id)
            self._comes(Moment.CLAIMED, wire_id)
            self._comes(Moment.UNDER_WAY)
            try:
                receipt = send(gateway, outgoing, wire_id)
            except OutcomeUnknown:
                self._comes(Moment.ANSWER_LOST)
                raise
            self._comes(Moment.ANSWERED)
            return receipt

        return sent

    def _adding(self, add: Callable[..., Any]) -> Callable[..., Any]:
        def added(*args: Any) -> Any:
            self._comes(Moment.CLAIMED)
            outcome = add(*args)
            self._comes(Moment.ANSWERED)
            return outcome

        return added

    def _executing(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(("CREATE ", "ALTER ")):
            self._comes(Moment.MIGRATING)
        elif "alembic_version" in statement and not statement.lstrip().startswith("SELECT "):
            self._comes(Moment.MIGRATED)


def around(owner: type, name: str, wrap: Wrap) -> None:
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(wrap(original)))


def put_clocks_wrong(ahead: float) -> WrongClock:
    """gpbot's, and the one its libraries look at."""
    right, wrong = time.time, WrongClock(ahead)
    time.time = lambda: right() + wrong.ahead.total_seconds()
    return wrong


def ask_slack_often() -> None:
    """Gpbot asks once a minute what time it is for Slack: nobody wants to wait for that after each jump."""
    Pulse.__init__ = functools.partialmethod(Pulse.__init__, every=BEAT_SECONDS)  # type: ignore[assignment,method-assign]


def listen(fates: Fates, clock: WrongClock | None) -> None:
    for line in sys.stdin:
        if line.startswith(CLOCK_AHEAD):
            assert clock is not None
            clock.ahead = timedelta(seconds=float(line.removeprefix(CLOCK_AHEAD)))
        else:
            fates.arm(line)


def run() -> int:
    faulthandler.register(signal.SIGUSR1)  # where it is, for a test that waits for it in vain
    fates = Fates()
    if line := os.environ.get("CRASH_FATE"):
        fates.arm(line)
    ahead = os.environ.get("CRASH_CLOCK_AHEAD")
    clock = put_clocks_wrong(float(ahead)) if ahead else None
    if os.environ.get("CRASH_CLOCK_JUMPS"):
        ask_slack_often()
    threading.Thread(target=listen, args=(fates, clock), daemon=True).start()
    Ambush(fates).lay()
    return main(clock=clock)


if __name__ == "__main__":
    raise SystemExit(run())
