import logging
from datetime import timedelta
from typing import Any

import pytest

from gpbot.crypto import DoesNotOpen
from gpbot.outbox import store
from gpbot.outbox.types import (
    AppTokenTrouble,
    Job,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Receipt,
    Refused,
)
from tests.outbox.fakes import BULK, REPORT, Greeting, World, greet


def test_what_was_sent_is_recorded_with_its_end(world: World) -> None:
    world.owe(greet("U1"))
    assert world.courier.run_due() == 1
    assert world.notes("U1") == [f"sent {world.slack.copies('U1')[0]}"]
    job = world.job("U1")
    assert (job.state, job.token, job.message_ts) == ("done", None, world.slack.copies("U1")[0])


def test_when_nothing_is_to_be_sent_any_more_nothing_is_sent_or_recorded(world: World) -> None:
    world.greeting.owed = False
    world.owe(greet("U1"))
    world.courier.run_due()
    assert world.job("U1").state == "done"
    assert world.slack.sent == []
    assert world.notes("U1") == []


def test_jobs_of_one_lane_go_one_a_second_oldest_first(world: World) -> None:
    world.owe(*(greet(f"U{i}", lane="ch:C1") for i in range(3)), greet("U9", lane="ch:C2"))
    assert world.courier.run_due() == 2
    assert world.after(0.9) == 0
    assert world.after(0.1) == 1
    assert world.after(1) == 1
    assert world.greeted() == ["U0", "U9", "U1", "U2"]


def test_two_processes_share_the_pace_of_a_lane(world: World) -> None:
    world.owe(*(greet(f"U{i}", lane="ch:C1") for i in range(4)))
    other = world.another_courier()
    for _ in range(4):
        assert world.courier.run_due() + other.run_due() == 1
        world.clock.advance(1)


def test_a_lane_that_two_saw_open_is_taken_by_one(world: World) -> None:
    now = world.clock.now()
    with world.database.begin() as session:
        assert store._advance(session, ["ch:C1", "ch:C2"], now) == {"ch:C1", "ch:C2"}
        assert store._advance(session, ["ch:C1", "ch:C3"], now) == {"ch:C3"}


def test_a_full_lane_does_not_keep_the_rest_waiting(world: World) -> None:
    world.owe(*(greet(f"U{i}", lane="ch:C1", priority=REPORT) for i in range(20)), greet("U99"))
    assert [c.payload["to"] for c in world.courier._claim(4)] == ["U0"]
    assert [c.payload["to"] for c in world.courier._claim(4)] == ["U99"]


def test_retry_after_holds_the_whole_lane_and_spends_no_attempt(world: World) -> None:
    world.owe(greet("U1", lane="ch:C1"), greet("U2", lane="ch:C1"), greet("U3"))
    world.slack.faults.append(RateLimited(30))
    assert world.courier.run_due() == 2
    assert world.greeted() == ["U1", "U3"]
    assert world.job("U1").attempts == 0
    assert world.after(29) == 0
    assert world.after(1) == 1
    assert world.after(1) == 1
    assert sorted(world.greeted()[2:]) == ["U1", "U2"]


def test_what_was_surely_not_sent_is_tried_again_later_and_later(world: World) -> None:
    world.owe(greet("U1", priority=REPORT))
    world.slack.faults.extend([NotSent("connection")] * 12)
    world.courier.run_due()
    waits = []
    for attempt in range(1, 12):
        job = world.job("U1")
        assert (job.attempts, job.token, job.last_error) == (attempt, None, "connection")
        waits.append((job.run_at - world.clock.now()).total_seconds())
        assert world.after(waits[-1]) == 1
    for attempt, seconds in enumerate(waits, start=1):
        longest = min(900, 2**attempt)
        assert longest / 2 <= seconds <= longest
    assert world.slack.looks == 0


def test_a_campaign_job_is_given_up_after_eight_attempts(world: World) -> None:
    world.owe(greet("U1", priority=BULK))
    world.slack.faults.extend([NotSent("connection")] * 8)
    while world.slack.faults:
        world.after(900)
    assert world.job("U1").state == "dead"
    assert world.notes("U1") == ["gave up: connection"]


def test_a_normal_job_is_given_up_after_a_day(world: World) -> None:
    world.owe(greet("U1", priority=5))
    world.slack.faults.extend([NotSent("connection")] * 100)
    world.courier.run_due()
    for _ in range(20):
        world.after(900)
    assert world.job("U1").state == "ready"
    world.clock.advance(86400)
    world.after(900)
    assert world.job("U1").state == "dead"


def test_a_report_is_given_up_only_after_seven_days(world: World) -> None:
    world.owe(greet("U1", priority=REPORT))
    world.slack.faults.extend([NotSent("connection")] * 100)
    world.courier.run_due()
    for _ in range(60):
        world.after(900)
    assert world.job("U1").state == "ready"
    world.clock.advance(7 * 86400)
    world.after(900)
    assert world.job("U1").state == "dead"


def test_a_timer_that_lay_for_a_month_still_has_all_its_patience(world: World) -> None:
    world.owe(greet("U1", priority=REPORT, run_at=world.clock.now() + timedelta(days=30)))
    world.slack.faults.append(NotSent("connection"))
    world.after(30 * 86400)
    assert world.job("U1").state == "ready"


def test_a_report_sent_again_by_hand_has_fresh_patience(world: World) -> None:
    world.owe(greet("U1", priority=REPORT))
    world.slack.faults.append(Refused("user_disabled"))
    world.courier.run_due()
    world.clock.advance(30 * 86400)
    with world.database.begin() as session:
        world.outbox.retry(session, world.job("U1").id)
    world.slack.faults.append(NotSent("connection"))
    world.courier.run_due()
    assert world.job("U1").state == "ready"


def test_refused_for_good_is_dead_at_once_and_enqueues_the_fallback(world: World) -> None:
    world.owe(greet("U1", priority=REPORT))
    world.slack.faults.append(Refused("user_disabled"))
    world.courier.run_due()
    assert (world.job("U1").state, world.job("U1").last_error) == ("dead", "user_disabled")
    assert world.notes("U1") == ["gave up: user_disabled"]


def test_our_own_fault_pauses_everything_and_spends_nothing(world: World) -> None:
    world.owe(greet("U1"), greet("U2"))
    world.slack.faults.append(AppTokenTrouble("invalid_auth"))
    assert world.courier.run_due() == 1
    with world.database.read() as session:
        assert world.outbox.health(session)["paused"] == "invalid_auth"
    assert world.after(59) == 0
    assert world.job("U1").attempts == 0
    assert world.after(1) == 2
    assert world.courier.paused is None


def test_while_the_fault_lasts_one_job_at_a_time_finds_out(world: World) -> None:
    world.owe(*(greet(f"U{i}") for i in range(5)))
    world.slack.faults.extend([AppTokenTrouble("invalid_auth")] * 3)
    assert [world.courier.run_due(), world.after(60), world.after(60)] == [1, 1, 1]
    assert world.after(60) == 5


def test_a_pause_ends_by_itself_when_nothing_waits_for_it_any_more(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(AppTokenTrouble("token_revoked"))
    world.courier.run_due()
    world.greeting.owed = False
    assert world.after(59) == 0
    assert world.courier.paused == "token_revoked"
    world.after(1)
    assert world.courier.paused is None


def test_an_unknown_kind_is_put_back_for_a_newer_process(world: World) -> None:
    world.owe(Job(kind="farewell", key="greet:U1", payload={"to": "U1"}))
    assert world.courier.run_due() == 1
    assert world.after(59) == 0
    world.handlers["farewell"] = Greeting()
    assert world.after(1) == 1
    assert world.job("U1").state == "done"


def test_a_handler_that_fails_is_tried_again_and_named_by_type_only(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.greeting.raises = ValueError("canary-7421")
    world.owe(greet("U1"))
    world.courier.run_due()
    assert (world.job("U1").state, world.job("U1").last_error) == ("ready", "ValueError")
    assert "ValueError at outbox/delivery.py:" in caplog.text
    assert "canary-7421" not in caplog.text
    world.greeting.raises = None
    world.after(10)
    assert world.job("U1").state == "done"


def test_what_no_key_opens_any_more_is_dead(world: World) -> None:
    world.greeting.raises = DoesNotOpen()
    world.owe(greet("U1"))
    world.courier.run_due()
    assert (world.job("U1").state, world.job("U1").last_error) == ("dead", "DoesNotOpen")


def test_five_claims_that_never_came_back_are_poison_with_an_alarm(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.owe(greet("U1", priority=REPORT))
    for _ in range(5):
        world.claim_and_die()
        world.clock.advance(30)
    world.courier.run_due()
    assert (world.job("U1").state, world.job("U1").last_error) == ("dead", "poison")
    assert world.notes("U1") == ["gave up: poison"]
    assert world.slack.sent == []
    assert any(line.levelno == logging.ERROR for line in caplog.records)


def test_a_claim_that_came_back_clears_the_lost_ones(world: World) -> None:
    world.owe(greet("U1", priority=REPORT))
    for _ in range(4):
        world.claim_and_die()
        world.clock.advance(30)
    world.slack.faults.append(NotSent("connection"))
    world.courier.run_due()
    for _ in range(4):
        world.clock.advance(900)
        world.claim_and_die()
    world.after(30)
    assert len(world.slack.copies("U1")) == 1


def test_poison_is_dead_even_when_its_fallback_fails(world: World) -> None:
    world.greeting.gave_up_raises = KeyError()
    world.owe(greet("U1"))
    for _ in range(5):
        world.claim_and_die()
        world.clock.advance(30)
    world.courier.run_due()
    assert world.job("U1").state == "dead"
    assert world.notes("U1") == []


def test_a_job_cancelled_while_it_goes_out_is_recorded_all_the_same(world: World) -> None:
    def cancel_meanwhile(*_: Any) -> None:
        with world.database.begin() as session:
            world.outbox.cancel(session, "greet:U1")

    world.owe(greet("U1"))
    world.slack.faults.append(cancel_meanwhile)
    world.courier.run_due()
    assert world.job("U1").state == "done"
    assert len(world.notes("U1")) == 1


def test_a_job_cancelled_while_it_fails_stays_cancelled(world: World) -> None:
    def cancel_meanwhile(*_: Any) -> None:
        with world.database.begin() as session:
            world.outbox.cancel(session, "greet:U1")
        raise OutcomeUnknown("timeout")

    world.owe(greet("U1"))
    world.slack.faults.append(cancel_meanwhile)
    world.courier.run_due()
    assert world.job("U1").state == "cancelled"
    assert world.after(3600) == 0


def test_recording_may_enqueue_the_next_job(world: World) -> None:
    class Chain(Greeting):
        def record(self, session: Any, payload: dict[str, Any], receipt: Receipt) -> None:
            super().record(session, payload, receipt)
            world.outbox.owe(session, greet("U2"))

    world.handlers["greeting"] = Chain()
    world.owe(greet("U1"))
    assert world.courier.run_due() == 2
    assert world.greeted() == ["U1", "U2"]
