"""Clocks that lie: a machine's clock that somebody sets, while time itself goes on."""

from datetime import datetime, timedelta
from typing import Generic, TypeVar

from gpbot.clock import Clock, SystemClock

Truth = TypeVar("Truth", bound=Clock)


class SetClock(Generic[Truth]):
    """`truth` goes on as it should, as Slack's does; the machine takes it to be `ahead` of that."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.ahead = timedelta()

    def now(self) -> datetime:
        return self.truth.now() + self.ahead


class SteadyClock(SetClock[Truth], SystemClock):
    """The same on a machine that knows how much time has passed."""

    def steady(self) -> float:
        return self.truth.now().timestamp()
