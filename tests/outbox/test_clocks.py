"""Clocks may lie: one that goes back delays nothing, and while nobody knows the time nothing is done for time alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from gpbot.clock import AgreedClock
from gpbot.db import Database
from gpbot.outbox.patience import LANE_GAP, LEASE, MAY_WAIT
from gpbot.outbox.types import BULK as BULK_LANE
from gpbot.outbox.types import AppTokenTrouble, HeldBack, NotSent, OutcomeUnknown, RateLimited, SendingEnded
from gpbot.schema import upgrade
from tests.clocks import SteadyClock, StoppedClock
from tests.outbox.fakes import World, greet

BACK = timedelta(hours=2).total_seconds()
A_MINUTE = int(MAY_WAIT.total_seconds())
DAY = timedelta(days=1)


def sent_within_a_minute(world: World) -> list[str]:
    before = len(world.slack.sent)
    for _ in range(A_MINUTE):
        world.after(1)
    return [outgoing.to for _, outgoing in world.slack.sent[before:]]  # type: ignore[union-attr]


def test_what_was_enqueued_before_the_clock_went_back_goes_at_once(world: World) -> None:
    world.courier.run_due()
    world.owe(*(greet(f"U{number}", lane="dm:U1") for number in range(3)))
    world.clock.advance(-BACK)
    assert sent_within_a_minute(world) == ["U0", "U1", "U2"]


def test_a_lane_used_before_the_clock_went_back_is_open(world: World) -> None:
    world.owe(greet("U0", lane="dm:U1"), greet("U1", lane=BULK_LANE))
    world.courier.run_due()
    world.clock.advance(-BACK)
    world.owe(greet("U2", lane="dm:U1"), greet("U3", lane=BULK_LANE))
    assert sent_within_a_minute(world) == ["U2", "U3"]


@pytest.mark.parametrize(
    "trouble", [RateLimited(20), NotSent("no"), OutcomeUnknown("no"), HeldBack(timedelta(minutes=10))]
)
def test_what_waits_for_another_try_goes_at_once(world: World, trouble: SendingEnded) -> None:
    world.slack.faults.append(trouble)
    world.owe(greet("U1", lane="dm:U1"))
    world.courier.run_due()
    world.clock.advance(-BACK)
    assert sent_within_a_minute(world) == ["U1"]


def test_a_pause_of_a_time_to_come_is_over(world: World) -> None:
    world.slack.faults.append(AppTokenTrouble("token_revoked"))
    world.owe(greet("U1"))
    world.courier.run_due()
    world.clock.advance(-BACK)
    assert sent_within_a_minute(world) == ["U1"]


def test_a_job_held_by_a_process_that_died_goes_on(world: World) -> None:
    world.owe(greet("U1"))
    world.claim_and_die()
    world.clock.advance(-BACK)
    assert sent_within_a_minute(world) == ["U1"]


def test_what_was_sent_before_the_clock_went_back_is_still_found(world: World) -> None:
    world.courier.run_due()
    world.clock.advance(BACK)  # it lies
    world.owe(greet("U1"))
    world.slack.its_clock_is_ahead_by = -timedelta(seconds=BACK)
    world.slack.faults.append(world.slack.accepts_but_the_answer_is_lost)
    world.courier.run_due()
    world.slack.its_clock_is_ahead_by = timedelta()
    world.clock.advance(-BACK)
    sent_within_a_minute(world)
    assert len(world.slack.copies("U1")) == 1
    assert world.job("U1").state == "done"


def test_a_process_that_starts_after_the_clock_went_back_sends_as_well(world: World) -> None:
    world.owe(greet("U1", lane="dm:U1"))
    world.courier.run_due()
    world.owe(greet("U2", lane="dm:U1"))
    world.clock.advance(-BACK)
    world.courier = world.another_courier()
    assert sent_within_a_minute(world) == ["U2"]


def test_a_timer_keeps_its_time_and_one_enqueued_while_the_clock_lied_keeps_its_delay(world: World) -> None:
    right = world.clock.now() + DAY
    world.courier.run_due()
    world.owe(greet("U1", run_at=right))
    world.clock.advance(BACK)
    world.courier.run_due()
    world.owe(greet("U2", run_at=world.clock.now() + DAY))
    world.clock.advance(-BACK)
    assert sent_within_a_minute(world) == []
    assert world.job("U1").run_at == right
    assert timedelta() <= world.job("U2").run_at - right <= timedelta(minutes=2)


def test_a_lease_is_never_taken_from_a_process_that_is_alive(world: World) -> None:
    assert LEASE < MAY_WAIT
    assert LANE_GAP < MAY_WAIT
    world.owe(greet("U1"))
    world.courier._claim(1)
    assert world.another_courier().run_due() == 0


def test_while_nobody_knows_the_time_only_what_is_enqueued_for_now_is_sent(tmp_path: Path) -> None:
    machine = SteadyClock(StoppedClock())
    clock = AgreedClock(machine)
    database = Database(f"sqlite:///{tmp_path / 'gpbot.sqlite3'}", clock=clock)
    upgrade(database)
    world = World(database, machine.truth)
    world.greeting.is_noted = False
    clock.hear(machine.truth.now())
    world.owe(greet("U1", run_at=clock.now() + DAY))
    world.courier.run_due()
    machine.ahead = 365 * DAY
    machine.truth.advance(3600)
    world.owe(greet("U2"))
    world.courier.run_due()
    assert world.greeted() == ["U2"]
    machine.truth.advance(DAY.total_seconds())  # now it is due, and still nobody knows
    world.courier.run_due()
    assert world.greeted() == ["U2"]
    clock.hear(machine.truth.now())
    world.courier.run_due()
    assert world.greeted() == ["U2", "U1"]
    database.close()
