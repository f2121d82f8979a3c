"""Clocks may lie: time goes on as it went until Slack has said what time it is."""

from datetime import UTC, datetime, timedelta

import pytest

from gpbot.clock import MOST_OFF, AgreedClock, SystemClock
from tests.clocks import SteadyClock, StoppedClock

THREE_YEARS = timedelta(days=3 * 365)
SMALL = timedelta(seconds=50)


Machine = SteadyClock[StoppedClock]


def trouble(clock: AgreedClock) -> str | None:
    return clock.trouble


def doubts(clock: AgreedClock) -> bool:
    return clock.is_in_doubt


@pytest.fixture
def machine() -> Machine:
    return SteadyClock(StoppedClock())


@pytest.fixture
def clock(machine: Machine) -> AgreedClock:
    clock = AgreedClock(machine)
    clock.hear(machine.truth.now())
    return clock


@pytest.mark.parametrize("jump", [THREE_YEARS, -timedelta(hours=2), -THREE_YEARS])
def test_a_clock_that_jumps_is_not_believed_until_slack_was_heard(
    machine: Machine, clock: AgreedClock, jump: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    machine.ahead = jump
    machine.truth.advance(seconds=3)
    assert clock.now() == machine.truth.now()
    assert doubts(clock)
    assert trouble(clock) == "has jumped; waiting for Slack to say what time it is"
    machine.ahead = timedelta()
    assert clock.now() == machine.truth.now()
    assert doubts(clock)  # it was wrong a moment ago
    clock.hear(machine.truth.now())
    assert not doubts(clock)
    assert trouble(clock) is None
    assert caplog.messages == [
        "this machine's clock has jumped; until Slack says what time it is, gpbot does only what is due now",
        "the clock is as Slack's again",
    ]


@pytest.mark.parametrize("jump", [THREE_YEARS, -timedelta(hours=2)])
def test_a_clock_that_stays_wrong_is_put_right_by_slacks(
    machine: Machine, clock: AgreedClock, jump: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    machine.ahead = jump
    for _ in range(3):
        machine.truth.advance(minutes=1)
        clock.hear(machine.truth.now())
        assert clock.now() == machine.truth.now()
        assert not doubts(clock)
    minutes = abs(jump) // timedelta(minutes=1)
    apart = f"{minutes} minutes {'ahead of' if jump > timedelta() else 'behind'} Slack's"
    assert trouble(clock) == apart
    assert caplog.messages == [  # how its doubt has ended is said, and once
        "this machine's clock has jumped; until Slack says what time it is, gpbot does only what is due now",
        f"the clock is {apart}; gpbot goes by Slack's until it is set right",
    ]
    machine.ahead = timedelta()  # somebody set it right: once more it has jumped
    assert clock.now() == machine.truth.now()
    clock.hear(machine.truth.now())
    assert clock.now() == machine.truth.now()
    assert trouble(clock) is None


def test_signatures_are_checked_by_the_right_time(machine: Machine, clock: AgreedClock) -> None:
    machine.ahead = timedelta(hours=1)
    clock.hear(machine.truth.now())
    assert clock.timestamp() == machine.truth.now().timestamp()


@pytest.mark.parametrize("looked_at_before", [0, 1])
def test_whatever_notices_the_jump_the_log_says_how_the_doubt_has_ended(
    machine: Machine, clock: AgreedClock, looked_at_before: int, caplog: pytest.LogCaptureFixture
) -> None:
    machine.ahead = THREE_YEARS
    clock.hear(machine.truth.now())
    machine.ahead = timedelta()
    for _ in range(looked_at_before):
        clock.now()
    clock.hear(machine.truth.now())
    jumped = "this machine's clock has jumped; until Slack says what time it is, gpbot does only what is due now"
    apart = "the clock is 1576800 minutes ahead of Slack's; gpbot goes by Slack's until it is set right"
    assert caplog.messages == [jumped, apart, jumped, "the clock is as Slack's again"]


def test_a_clock_that_was_wrong_from_the_start_is_put_right_with_the_first_answer(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.ahead = THREE_YEARS
    clock = AgreedClock(machine)
    clock.hear(machine.truth.now())
    assert clock.now() == machine.truth.now()
    assert caplog.messages == [
        "the clock is 1576800 minutes ahead of Slack's; gpbot goes by Slack's until it is set right"
    ]


def test_small_differences_are_left_alone(machine: Machine, clock: AgreedClock) -> None:
    machine.ahead = SMALL
    assert clock.now() == machine.truth.now() + SMALL
    clock.hear(machine.truth.now())
    assert clock.now() == machine.truth.now() + SMALL
    assert not doubts(clock)


def test_a_clock_that_drifts_is_put_right_once_it_is_too_far(machine: Machine, clock: AgreedClock) -> None:
    for _ in range(10):
        machine.ahead += SMALL
        machine.truth.advance(minutes=1)
        clock.hear(machine.truth.now())
        assert abs(clock.now() - machine.truth.now()) <= MOST_OFF
        assert not doubts(clock)


def test_processes_agree_by_their_database(machine: Machine, clock: AgreedClock) -> None:
    databases = machine.truth.now() + SMALL
    assert clock.agree(databases) == databases
    assert clock.now() == databases
    machine.ahead = -SMALL
    assert clock.agree(databases) == databases


def test_a_database_whose_clock_jumps_is_not_believed_either(machine: Machine, clock: AgreedClock) -> None:
    clock.agree(machine.truth.now())
    assert clock.agree(machine.truth.now() + THREE_YEARS) == machine.truth.now()
    assert doubts(clock)
    clock.hear(machine.truth.now())
    assert clock.agree(machine.truth.now() + THREE_YEARS) == machine.truth.now()
    assert not doubts(clock)
    assert clock.agree(machine.truth.now()) == machine.truth.now()  # set right: a jump once more
    assert doubts(clock)
    clock.hear(machine.truth.now())
    assert clock.agree(machine.truth.now()) == clock.now() == machine.truth.now()
    assert trouble(clock) is None


def test_machine_and_database_are_wrong_in_different_ways(machine: Machine, clock: AgreedClock) -> None:
    clock.agree(machine.truth.now())
    machine.ahead = timedelta(hours=5)
    clock.agree(machine.truth.now() - timedelta(hours=1))
    clock.hear(machine.truth.now())
    assert clock.agree(machine.truth.now() - timedelta(hours=1)) == machine.truth.now()
    assert clock.now() == machine.truth.now()
    assert not doubts(clock)


def test_the_real_clock_is_steady_where_it_counts() -> None:
    clock = AgreedClock(SystemClock())
    clock.hear(datetime.now(UTC))
    assert abs(clock.now() - datetime.now(UTC)) < MOST_OFF
    assert clock.is_of_this_machine
    assert not doubts(clock)
