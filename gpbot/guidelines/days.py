"""When people are told and reminded, and how long a new version leaves them."""

from datetime import datetime, timedelta

REMINDER_DAYS = (3, 10, 30)  # after they were told
GRACE = timedelta(days=30)
LAST = len(REMINDER_DAYS)

_APART = timedelta(days=2)


def reminder_due(nth: int, *, told_at: datetime, now: datetime) -> datetime | None:
    """When the `nth` reminder (from 1) falls due; None when there are no more.

    At least two days from now, so that after a long stop, or a clock that was wrong, they do not come in a row.
    """
    if nth > LAST:
        return None
    return max(told_at + timedelta(days=REMINDER_DAYS[nth - 1]), now + _APART)
