"""When what was kept long enough is erased: after two looks, a day apart, so that a clock that lied erases nothing."""

from datetime import UTC, datetime, timedelta

BETWEEN = timedelta(days=1)


def next_look(due: datetime, looked_at: datetime | None) -> datetime:
    """At what is to be erased when it is `due`: a day before, and a day after that."""
    return due - BETWEEN if looked_at is None else looked_at + BETWEEN


def another_look(due: datetime, *, now: datetime, looked_at: datetime | None) -> dict[str, datetime] | None:
    """What this look leaves for the next one, `looked_at` or `again`; None: it is to be erased.

    `looked_at`: when it was about to be due.
    """
    if due - BETWEEN > now:  # it was closed again, the setting was raised, or the clock had lied
        return {"again": now}
    if looked_at is None or max(due, looked_at + BETWEEN) > now:
        return {"looked_at": now}
    return None


def as_seconds(moment: datetime | None) -> int:
    """Since 1970, for a job that holds numbers and ids alone; 0: none."""
    return int(moment.timestamp()) if moment else 0


def as_moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
