"""What time it is: aware UTC, from one place that a test can hold still."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

_SATURDAY = 5


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


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
