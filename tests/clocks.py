"""Clocks that tests hold in their hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from gpbot.clock import Clock, SystemClock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Truth = TypeVar("Truth", bound=Clock)


@dataclass
class StoppedClock:
    """It moves when it is told to, and by a `tick` whenever somebody looks."""

    at: datetime = MONDAY
    tick: timedelta = timedelta()

    def now(self) -> datetime:
        self.at += self.tick
        return self.at

    def advance(self, seconds: float = 0, **time: float) -> None:
        self.at += timedelta(seconds=seconds, **time)


@dataclass
class SetClock(Generic[Truth]):
    """A machine's clock that somebody sets; `truth` goes on as it should, as Slack's does."""

    truth: Truth
    ahead: timedelta = timedelta()  # of the truth

    def now(self) -> datetime:
        return self.truth.now() + self.ahead


class SteadyClock(SetClock[Truth], SystemClock):
    """The same on a machine that knows how much time has passed."""

    def steady(self) -> float:
        return self.truth.now().timestamp()
