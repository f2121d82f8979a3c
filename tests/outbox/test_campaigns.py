"""Telling one thing to many: its pace, what pauses it, and what keeps anyone from being told twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gpbot.outbox import campaigns
from gpbot.outbox.models import Status
from gpbot.outbox.patience import PACES
from gpbot.outbox.types import BULK, Job, OutcomeUnknown, Post, Priority, RateLimited, Receipt, WorkspaceFull
from tests.outbox.fakes import World

PEOPLE = [f"U{number:03}" for number in range(40)]


class Cards:
    """What shows a campaign's progress; here nobody looks."""

    def prepare(self, payload: dict[str, Any]) -> None:
        assert payload["task"] == campaigns.CARD

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        """Nothing is sent."""

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        """Nothing is enqueued instead."""


@pytest.fixture(autouse=True)
def cards(world: World) -> None:
    world.handlers["campaign"] = Cards()


def begin(world: World, *, about: int = 1) -> int:
    with world.database.begin() as session:
        now = world.clock.now()
        campaign_id = campaigns.start(session, kind="campaign", about=about, total=len(PEOPLE), now=now)
        assert campaign_id is not None
        jobs = [
            Job(
                kind="greeting",
                key=f"greet:{person}",
                payload={"to": person},
                lane=BULK,
                priority=Priority.BULK,
                campaign_id=campaign_id,
            )
            for person in PEOPLE
        ]
        world.outbox.owe_all(session, jobs, revive=True)
    return campaign_id


def found(world: World, campaign_id: int) -> campaigns.Campaign:
    with world.database.read() as session:
        campaign = campaigns.find(session, campaign_id)
    assert campaign is not None
    return campaign


def seconds(world: World, count: float, step: float = 0.05) -> None:
    for _ in range(round(count / step)):
        world.courier.run_due()
        world.clock.advance(step)


def told(world: World) -> list[str]:
    return [message.to for message in world.slack._arrived()]


def test_it_goes_at_its_pace(world: World) -> None:
    begin(world)
    seconds(world, 5)
    assert len(told(world)) == pytest.approx(5 * PACES[BULK] / 60, abs=1)
    seconds(world, 6)
    assert sorted(told(world)) == PEOPLE


def test_small_delays_do_not_add_up(world: World) -> None:
    begin(world)
    seconds(world, 9, step=0.35)
    assert len(told(world)) == pytest.approx(9 * PACES[BULK] / 60, abs=9)
    world.clock.advance(3600)
    before = len(told(world))
    world.courier.run_due()
    assert len(told(world)) - before <= 2 * PACES[BULK] / 60 + 1  # nor is an hour made up for at once


def test_slack_asking_for_less_halves_the_pace_and_it_recovers_slowly(world: World) -> None:
    campaign_id = begin(world)
    seconds(world, 1)
    world.slack.faults.append(RateLimited(5))
    seconds(world, 1)
    before = len(told(world))
    seconds(world, 4)
    assert len(told(world)) == before
    seconds(world, 5)
    assert 6 <= len(told(world)) - before <= 16
    seconds(world, 30)
    assert sorted(told(world)) == PEOPLE
    assert found(world, campaign_id).failed == 0


def test_what_matters_more_goes_first(world: World) -> None:
    begin(world)
    with world.database.begin() as session:
        job = Job(kind="greeting", key="now", payload={"to": "UREPORT"}, lane=BULK, priority=Priority.REPORT)
        world.outbox.owe(session, job)
    world.courier.run_due()
    assert told(world) == ["UREPORT"]


def test_while_it_is_paused_nothing_of_it_is_sent_and_health_does_not_complain(world: World) -> None:
    campaign_id = begin(world)
    seconds(world, 1)
    with world.database.begin() as session:
        assert campaigns.pause(session, campaign_id, world.clock.now())
        assert not campaigns.pause(session, campaign_id, world.clock.now())
    at_pause = len(told(world))
    seconds(world, 20)
    assert len([person for person in told(world) if person in PEOPLE]) == at_pause
    with world.database.read() as session:
        assert world.outbox.health(session)["overdue_seconds"] == 0
    with world.database.begin() as session:
        assert campaigns.resume(session, campaign_id, world.clock.now())
    seconds(world, 20)
    assert sorted(person for person in told(world) if person in PEOPLE) == PEOPLE


def test_a_full_workspace_pauses_it_and_costs_nobody_a_try(world: World) -> None:
    campaign_id = begin(world)
    world.slack.faults.append(WorkspaceFull("message_limit_exceeded"))
    seconds(world, 30)
    paused = found(world, campaign_id)
    assert (paused.status, paused.reason) == (Status.PAUSED, "message_limit_exceeded")
    assert [person for person in told(world) if person in PEOPLE] == []
    with world.database.begin() as session:
        campaigns.resume(session, campaign_id, world.clock.now())
    seconds(world, 20)
    assert sorted(person for person in told(world) if person in PEOPLE) == PEOPLE
    assert found(world, campaign_id).told == len(PEOPLE)


def test_one_that_was_cancelled_in_doubt_is_looked_for_before_another_campaign_tells_them(world: World) -> None:
    first = begin(world)

    def lost(post: Post, wire_id: str) -> None:
        world.slack.accept(post, wire_id)
        raise OutcomeUnknown("TimeoutError")

    world.slack.faults.append(lost)
    world.courier.run_due()
    with world.database.begin() as session:
        campaigns.end(session, first, Status.CANCELLED, world.clock.now())
    in_doubt = told(world)
    assert len([person for person in in_doubt if person in PEOPLE]) == 1
    world.clock.advance(60)
    second = begin(world, about=2)
    seconds(world, 60)
    assert sorted(person for person in told(world) if person in PEOPLE) == PEOPLE
    assert found(world, second).told == len(PEOPLE)


@pytest.mark.parametrize("becomes", [Status.DONE, Status.CANCELLED, Status.PAUSED])
def test_a_stray_copy_is_looked_for_and_removed_whatever_became_of_its_campaign(world: World, becomes: Status) -> None:
    campaign_id = begin(world)

    def late(post: Post, wire_id: str) -> None:
        world.slack.accept(post, wire_id, after=20)
        raise OutcomeUnknown("TimeoutError")

    world.slack.faults.append(late)
    seconds(world, 16)  # sent again meanwhile
    with world.database.begin() as session:
        if becomes is Status.PAUSED:
            campaigns.pause(session, campaign_id, world.clock.now())
        else:
            campaigns.end(session, campaign_id, becomes, world.clock.now())
    seconds(world, 60, step=0.5)
    assert sorted(told(world)) == PEOPLE
    with world.database.read() as session:
        assert [line for line in world.outbox.waiting(session) if line.kind == "greeting"] == []


def test_one_of_a_kind_is_open_at_a_time(world: World) -> None:
    first = begin(world)
    with world.database.begin() as session:
        now = world.clock.now()
        assert campaigns.start(session, kind="campaign", about=2, total=1, now=now) is None
        assert campaigns.start(session, kind="other", about=2, total=1, now=now) is not None
        campaigns.end(session, first, Status.DONE, now)
        assert campaigns.start(session, kind="campaign", about=2, total=1, now=now) is not None


def test_its_numbers_stay_when_its_jobs_are_forgotten(world: World) -> None:
    campaign_id = begin(world)
    seconds(world, 12)
    with world.database.begin() as session:
        campaigns.end(session, campaign_id, Status.DONE, world.clock.now())
    world.clock.advance(timedelta(days=31).total_seconds())
    world.courier._forgot_at = None
    world.courier._forget_hourly()
    assert found(world, campaign_id).told == len(PEOPLE)
