"""What time it is: aware UTC, from one place that a test can hold still."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

log = logging.getLogger(__name__)

MOST_OFF = timedelta(minutes=2)  # Slack's signatures hold for five
# Counts on while the machine sleeps, where there is such a clock (Linux).
_SINCE_BOOT: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_SATURDAY = 5


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds since some moment, however the clock is set meanwhile."""
        return time.clock_gettime(_SINCE_BOOT)


# See docs/decisions/0007-one-clock-for-processes.md
class AgreedClock:
    """This machine's clock, put right by the database's and by Slack's; safe to use from several threads.

    Small differences to Slack are left alone, so that processes that share a database agree by it. A clock that jumps
    by more than two minutes is not believed: time goes on as it went until Slack has said what time it is.
    """

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._steady = _steady(own)
        self._lock = threading.Lock()
        self._base = (own.now(), self._steady() if self._steady else 0.0)  # where time goes on from
        self._database: timedelta | None = None  # how far its clock is ahead of ours, as it is believed
        self._database_says: timedelta | None = None  # the same, as it was last heard
        self._slack = timedelta()  # how far Slack's is ahead of both, where that is more than two minutes
        self._is_in_doubt = False

    @property
    def is_of_this_machine(self) -> bool:
        """Rather than one that a test or practice moves."""
        return self._steady is not None

    def now(self) -> datetime:
        with self._lock:
            return self._line() + (self._database or timedelta()) + self._slack

    def timestamp(self) -> float:
        """Seconds since 1970, for what Slack signed; where a test or practice moves our own clock, the machine's."""
        return self.now().timestamp() if self.is_of_this_machine else time.time()

    @property
    def is_in_doubt(self) -> bool:
        """Whether a clock has jumped, and Slack has not been heard since: nothing that only time made due is done."""
        with self._lock:
            self._line()
            return self._is_in_doubt

    @property
    def trouble(self) -> str | None:
        """For health."""
        if self.is_in_doubt:
            return "has jumped; waiting for Slack to say what time it is"
        return _apart(self._slack) if self._slack else None

    def agree(self, database: datetime) -> datetime:
        """The database's clock says so; returns the time that counts."""
        with self._lock:
            line = self._line()
            before, self._database_says = self._database, database - line
            if before is not None and abs(self._database_says - before) > MOST_OFF:
                self._doubt("the database's clock")
            else:
                if abs(self._database_says) > MOST_OFF >= abs(before or timedelta()):
                    log.warning("this machine's clock is %s", _apart(self._database_says, "the database's"))
                self._database = self._database_says
            return line + (self._database or timedelta()) + self._slack

    def hear(self, slack: datetime) -> None:
        """Slack's clock says so, to the second."""
        with self._lock:
            line, own = self._line(), self._own.now()
            was_in_doubt, was_apart = self._is_in_doubt, bool(self._slack)
            self._base = (own, self._steady() if self._steady else 0.0)
            if self._database_says is not None:
                self._database = self._database_says = self._database_says - (own - line)
            ahead = slack - own - (self._database or timedelta())
            self._slack = ahead if abs(ahead) > MOST_OFF else timedelta()
            self._is_in_doubt = False
            if self._slack and (was_in_doubt or not was_apart):
                log.warning("the clock is %s; gpbot goes by Slack's until it is set right", _apart(self._slack))
            if (was_in_doubt or was_apart) and not self._slack:
                log.warning("the clock is as Slack's again")

    def _line(self) -> datetime:
        """Our own clock, without the jumps it has made since Slack was heard."""
        now = self._own.now()
        if self._steady is None:
            return now
        then, since = self._base
        expected = then + timedelta(seconds=self._steady() - since)
        if abs(now - expected) <= MOST_OFF:
            return now
        self._doubt("this machine's clock")
        return expected

    def _doubt(self, which: str) -> None:
        if not self._is_in_doubt:
            log.warning("%s has jumped; until Slack says what time it is, gpbot does only what is due now", which)
        self._is_in_doubt = True


def _steady(clock: Clock) -> Callable[[], float] | None:
    return clock.steady if isinstance(clock, SystemClock) else None


def _apart(theirs_ahead: timedelta, whose: str = "Slack's") -> str:
    off = abs(theirs_ahead)
    minutes = round(off / timedelta(minutes=1))
    return f"{minutes} minutes {'behind' if theirs_ahead > timedelta() else 'ahead of'} {whose}"


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY


def after_working_days(start: datetime, days: int) -> datetime:
    """The same time of day, `days` working days later."""
    moment = start
    while days > 0:
        moment += timedelta(days=1)
        if is_working_day(moment.date()):
            days -= 1
    return moment
