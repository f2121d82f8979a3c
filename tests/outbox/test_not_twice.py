from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gpbot.db import Busy
from gpbot.outbox.types import (
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Post,
    PublishHome,
    RateLimited,
    Receipt,
    Refused,
    Withdraw,
)
from tests.outbox.fakes import Greeting, World, greet


def settle(world: World) -> None:
    for _ in range(10):
        world.after(60)


def test_a_lost_answer_is_looked_for_before_it_is_sent_again(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(world.slack.accepts_but_the_answer_is_lost)
    world.courier.run_due()
    assert world.after(9) == 0
    assert world.job("U1").token is not None
    settle(world)
    [ts] = world.slack.copies("U1")
    assert world.notes("U1") == [f"sent {ts}"]
    assert (world.job("U1").state, world.job("U1").message_ts) == ("done", ts)
    assert world.greeted() == ["U1"]


def test_what_did_not_arrive_is_sent_after_looking(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(OutcomeUnknown("reset"))
    world.courier.run_due()
    settle(world)
    assert len(world.slack.copies("U1")) == 1
    assert world.job("U1").state == "done"


def test_a_copy_that_arrives_late_is_found_and_removed(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(world.slack.accepts_long_after_the_timeout)
    world.courier.run_due()
    world.after(10)
    recorded = world.job("U1").message_ts
    world.clock.advance(20)
    assert len(world.slack.copies("U1")) == 2
    settle(world)
    assert world.slack.copies("U1") == [recorded]
    assert world.notes("U1") == [f"sent {recorded}"]
    assert world.job("U1").state == "done"


def test_a_process_that_died_after_sending_leaves_one_copy(world: World) -> None:
    world.owe(greet("U1"))
    [claim] = world.courier._claim(1)
    world.slack.accept(Post(to="U1", text="Hello", blocks=[]), claim.wire_id)
    assert world.after(29) == 0
    world.after(1)
    assert world.greeted() == []
    assert world.notes("U1") == [f"sent {world.slack.copies('U1')[0]}"]


def test_a_process_that_died_before_sending_is_taken_over_after_its_lease(world: World) -> None:
    world.owe(greet("U1"))
    world.claim_and_die()
    other = world.another_courier()
    assert other.run_due() == 0
    world.clock.advance(30)
    assert other.run_due() == 1
    assert len(world.slack.copies("U1")) == 1


def test_a_late_finisher_changes_nothing_and_its_copy_is_removed(world: World) -> None:
    other = world.another_courier()

    def freeze(post: Post, wire_id: str) -> None:
        world.clock.advance(40)
        assert other.run_due() == 1

    world.owe(greet("U1"))
    world.slack.faults.append(freeze)
    world.courier.run_due()
    assert len(world.slack.copies("U1")) == 2
    settle(world)
    [ts] = world.slack.copies("U1")
    assert world.notes("U1") == [f"sent {ts}"]
    assert (world.job("U1").state, world.job("U1").message_ts) == ("done", ts)


def test_a_late_finisher_after_the_second_look_has_it_looked_for_once_more(world: World) -> None:
    def freeze(post: Post, wire_id: str) -> None:
        for _ in range(3):
            world.clock.advance(60)
            other.run_due()
        assert world.job("U1").state == "done"

    other = world.another_courier()
    world.owe(greet("U1"))
    world.slack.faults.append(freeze)
    world.courier.run_due()
    settle(world)
    assert len(world.slack.copies("U1")) == 1
    assert len(world.notes("U1")) == 1


def test_nobody_begins_to_send_late_in_a_lease(world: World) -> None:
    world.owe(greet("U1"))
    [claim] = world.courier._claim(1)
    prepare = world.greeting.prepare

    def slowly(payload: dict[str, str]) -> object:
        world.clock.advance(16)
        return prepare(payload)

    world.greeting.prepare = slowly  # type: ignore[method-assign,assignment]
    world.courier._deliver(claim)
    assert world.slack.sent == []
    assert world.job("U1").last_error == "too_late"


def test_a_process_that_stood_still_after_its_claim_sends_nothing_once_its_lease_is_over(world: World) -> None:
    other = world.another_courier()
    world.owe(greet("U1"))
    [frozen] = world.courier._claim(1)
    world.clock.advance(31)
    other.run_due()
    world.courier._deliver(frozen)
    assert len(world.slack.copies("U1")) == 1
    settle(world)
    assert len(world.slack.copies("U1")) == 1
    assert len(world.notes("U1")) == 1


def test_when_recording_fails_the_message_is_found_later_and_recorded_then(world: World) -> None:
    world.greeting.record_raises = KeyError()
    world.owe(greet("U1"))
    world.courier.run_due()
    assert world.notes("U1") == []
    assert world.after(29) == 0
    world.greeting.record_raises = None
    settle(world)
    assert world.greeted() == ["U1"]
    assert len(world.notes("U1")) == 1


def test_an_answer_nobody_foresaw_counts_as_perhaps_sent(world: World) -> None:
    def accepts_and_answers_nonsense(post: Post, wire_id: str) -> None:
        world.slack.accept(post, wire_id)
        raise KeyError("ts")

    world.owe(greet("U1"))
    world.slack.faults.append(accepts_and_answers_nonsense)
    world.courier.run_due()
    assert world.job("U1").last_error == "KeyError"
    settle(world)
    assert len(world.slack.copies("U1")) == 1


@pytest.mark.parametrize("trouble", [NotSent("connection"), RateLimited(5), OutcomeUnknown("timeout")])
def test_a_doubt_stays_until_a_look_has_cleared_it(world: World, trouble: Exception) -> None:
    world.owe(greet("U1"))
    world.slack.faults.extend([world.slack.accepts_but_the_answer_is_lost, trouble])  # type: ignore[list-item]
    world.courier.run_due()
    settle(world)
    assert len(world.slack.copies("U1")) == 1


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_ten_minutes_off_does_not_hide_what_was_sent(world: World, minutes: int) -> None:
    world.slack.its_clock_is_ahead_by = timedelta(minutes=minutes)
    world.owe(greet("U1"))
    world.slack.faults.append(world.slack.accepts_but_the_answer_is_lost)
    world.courier.run_due()
    settle(world)
    assert len(world.slack.copies("U1")) == 1


def test_where_history_is_not_read_it_is_simply_sent_again(world: World) -> None:
    world.greeting.look_back = False
    world.owe(greet("U1"))
    world.slack.faults.append(world.slack.accepts_but_the_answer_is_lost)
    world.courier.run_due()
    settle(world)
    assert len(world.slack.copies("U1")) == 2
    assert world.slack.looks == 0
    assert len(world.notes("U1")) == 1


def test_a_late_finisher_where_history_is_not_read_does_not_start_it_all_over(world: World) -> None:
    other = world.another_courier()

    def freeze(post: Post, wire_id: str) -> None:
        world.clock.advance(40)
        other.run_due()

    world.greeting.look_back = False
    world.owe(greet("U1"))
    world.slack.faults.append(freeze)
    world.courier.run_due()
    settle(world)
    assert world.greeted() == ["U1", "U1"]
    assert len(world.notes("U1")) == 1


def test_what_is_withdrawn_after_a_lost_answer_is_taken_back(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(world.slack.accepts_but_the_answer_is_lost)
    world.courier.run_due()
    world.greeting.owed = False
    world.greeting.not_owed_any_more = Withdraw(to="U1")
    settle(world)
    assert world.slack.copies("U1") == []
    assert world.job("U1").state == "done"
    assert world.notes("U1") == []


def test_what_was_never_tried_is_withdrawn_without_looking(world: World) -> None:
    world.greeting.owed = False
    world.greeting.not_owed_any_more = Withdraw(to="U1")
    world.owe(greet("U1"))
    world.courier.run_due()
    assert world.job("U1").state == "done"
    assert world.slack.looks == 0


def test_a_second_look_that_is_refused_ends_the_job_as_done(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.extend([OutcomeUnknown("timeout"), None, None, Refused("channel_not_found")])
    world.courier.run_due()
    settle(world)
    assert world.job("U1").state == "done"
    assert not any("gave up" in line for line in world.notes("U1"))


def test_what_died_in_doubt_is_looked_for_when_it_is_sent_again_by_hand(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.extend([world.slack.accepts_but_the_answer_is_lost, Refused("user_disabled")])
    world.courier.run_due()
    world.after(60)
    assert world.job("U1").state == "dead"
    with world.database.begin() as session:
        world.outbox.retry(session, world.job("U1").id)
    settle(world)
    assert len(world.slack.copies("U1")) == 1
    assert world.job("U1").state == "done"


def test_a_copy_that_lands_during_the_second_look_is_looked_for_once_more(world: World) -> None:
    other = world.another_courier()
    find = world.slack.find
    world.owe(greet("U1"))
    [frozen] = world.courier._claim(1)
    world.clock.advance(31)
    other.run_due()

    def find_and_then_it_thaws(to: str, wire_id: str, since: datetime) -> list[Receipt]:
        found = find(to, wire_id, since)
        world.slack.find = find  # type: ignore[method-assign]
        post = Post(to="U1", text="Hello", blocks=[])
        late = world.slack.accept(post, frozen.wire_id)
        world.courier._delivery._finish(frozen, world.greeting, post, late)
        return found

    world.slack.find = find_and_then_it_thaws  # type: ignore[method-assign]
    world.clock.advance(30)
    other.run_due()
    assert len(world.slack.copies("U1")) == 2
    settle(world)
    assert len(world.slack.copies("U1")) == 1
    assert len(world.notes("U1")) == 1


def test_cancelling_what_was_sent_does_not_cancel_its_second_look(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(world.slack.accepts_long_after_the_timeout)
    world.courier.run_due()
    world.after(10)
    with world.database.begin() as session:
        world.outbox.cancel(session, "greet:U1")
    settle(world)
    assert world.job("U1").state == "done"
    assert len(world.slack.copies("U1")) == 1


def test_a_database_busy_for_a_moment_does_not_cost_the_answer(world: World) -> None:
    class BusyOnce(Greeting):
        def record(self, session: Session, payload: dict[str, str], receipt: Receipt) -> None:
            super().record(session, payload, receipt)
            if not tries:
                tries.append(1)
                raise Busy

    tries: list[int] = []
    world.handlers["greeting"] = BusyOnce()
    world.owe(greet("U1"))
    world.courier.run_due()
    assert world.job("U1").state == "done"
    assert len(world.notes("U1")) == 1


def test_what_gave_up_does_so_once_though_the_answer_to_the_commit_got_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.owe(greet("U1"))
    [claim] = world.courier._claim(1)
    begin, commits = world.database.begin, count(1)

    @contextmanager
    def begin_unanswered() -> Iterator[Session]:
        with begin() as session:
            yield session
        if next(commits) == 1:
            raise OperationalError("COMMIT", {}, Exception())

    monkeypatch.setattr(world.database, "begin", begin_unanswered)
    world.slack.faults.append(Refused("user_not_found"))
    world.courier._delivery.deliver(claim)
    assert world.notes("U1") == ["gave up: user_not_found"]
    assert world.job("U1").state == "dead"


class Home(Greeting):
    """Shows what is current when it is rendered."""

    def __init__(self) -> None:
        super().__init__()
        self.current = "what there was"

    def prepare(self, payload: dict[str, str]) -> PublishHome:
        return PublishHome(user_id=payload["to"], view={"type": "home", "says": self.current})


def shown(world: World) -> list[str]:
    return [view.view["says"] for _, view in world.slack.sent if isinstance(view, PublishHome)]


def test_what_a_late_finisher_shows_over_what_is_current_is_shown_again(world: World) -> None:
    home = world.handlers["greeting"] = Home()
    other, send = world.another_courier(), world.slack.send

    def freeze(outgoing: Outgoing, wire_id: str) -> Receipt:
        world.slack.send = send  # type: ignore[method-assign]
        home.current = "what there is"
        world.clock.advance(40)
        other.run_due()
        return send(outgoing, wire_id)

    world.slack.send = freeze  # type: ignore[method-assign]
    world.owe(greet("U1"))
    world.courier.run_due()
    settle(world)
    assert shown(world)[:2] == ["what there is", "what there was"]
    assert shown(world)[-1] == "what there is"
    assert world.job("U1").state == "done"


def test_what_is_shown_late_while_another_is_just_at_it_is_shown_again(world: World) -> None:
    home = world.handlers["greeting"] = Home()
    world.owe(greet("U1"))
    [frozen] = world.courier._claim(1)
    old = home.prepare(frozen.payload)
    world.clock.advance(31)
    home.current = "what there is"
    [taken_over] = world.courier._claim(1)
    current = home.prepare(taken_over.payload)
    for claim, view in ((taken_over, current), (frozen, old)):
        receipt = world.slack.send(view, claim.wire_id)
        if claim is frozen:
            world.courier._delivery._finish(frozen, home, old, receipt)
            world.courier._delivery._finish(taken_over, home, current, receipt)
    settle(world)
    assert shown(world)[-1] == "what there is"
    assert world.job("U1").state == "done"


def test_late_finishers_do_not_take_the_turn_from_one_another_for_ever(world: World) -> None:
    home = world.handlers["greeting"] = Home()
    world.owe(greet("U1"))
    [frozen] = world.courier._claim(1)
    world.clock.advance(31)
    at_it = world.courier._claim(1)
    old = home.prepare(frozen.payload)
    world.courier._delivery._finish(frozen, home, old, world.slack.send(old, frozen.wire_id))
    shown_again = 0
    while at_it and shown_again < 10:
        at_it += world.courier._claim(1)  # before the one that is at it has finished
        world.courier._delivery.deliver(at_it.pop(0))
        at_it += world.courier._claim(1)
        shown_again += 1
    assert shown_again == 2
    assert (world.job("U1").state, world.job("U1").last_error) == ("done", None)


def test_what_may_be_shown_by_an_earlier_try_after_all_is_shown_again_once_that_is_over(world: World) -> None:
    home = world.handlers["greeting"] = Home()
    world.owe(greet("U1"))
    world.slack.faults.append(OutcomeUnknown("timeout"))
    world.courier.run_due()
    home.current = "what there is"
    world.after(10)
    assert world.job("U1").state == "ready"
    world.slack.sent.append((world.clock.now(), PublishHome(user_id="U1", view={"says": "what there was"})))
    settle(world)
    assert shown(world)[-1] == "what there is"
    assert world.job("U1").state == "done"
