"""Reminders come on their days, at the earliest two days from now, and end."""

from datetime import UTC, datetime, timedelta

import pytest

from gpbot.guidelines.days import LAST, reminder_due

TOLD = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_counted_from_when_they_were_told() -> None:
    due = [reminder_due(nth, told_at=TOLD, now=TOLD) for nth in range(1, LAST + 1)]
    assert due == [TOLD + timedelta(days=days) for days in (3, 10, 30)]


def test_after_the_last_there_is_none() -> None:
    assert reminder_due(LAST + 1, told_at=TOLD, now=TOLD) is None


@pytest.mark.parametrize("late", [timedelta(days=40), timedelta(days=4000)])
def test_after_a_long_stop_they_do_not_come_in_a_row(late: timedelta) -> None:
    now = TOLD + late
    assert reminder_due(2, told_at=TOLD, now=now) == now + timedelta(days=2)
