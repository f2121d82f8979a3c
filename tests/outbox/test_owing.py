import pytest
from sqlalchemy import func, select, text

from gpbot.outbox import store
from gpbot.outbox.models import JobRow
from gpbot.outbox.outbox import NotAnId
from gpbot.outbox.types import Job, Refused
from tests.databases import ON_SQLITE
from tests.outbox.fakes import BULK, REPORT, World, greet


def test_what_is_enqueued_in_a_transaction_that_rolls_back_was_never_enqueued(world: World) -> None:
    def decide() -> None:
        with world.database.begin() as session:
            world.outbox.owe(session, greet("U1"))
            raise LookupError

    with pytest.raises(LookupError):
        decide()
    assert world.courier.run_due() == 0


def test_the_same_key_twice_is_once(world: World) -> None:
    world.owe(greet("U1"), greet("U1"))
    assert world.courier.run_due() == 1
    world.owe(greet("U1"))
    assert world.courier.run_due() == 0
    assert len(world.slack.copies("U1")) == 1


def test_a_timer_waits_for_its_time(world: World) -> None:
    world.owe(greet("U1", run_at=world.clock.now().replace(hour=12)))
    assert world.after(3600) == 0
    assert world.after(2 * 3600) == 1


def test_a_cancelled_job_is_not_sent(world: World) -> None:
    world.owe(greet("U1"))
    with world.database.begin() as session:
        world.outbox.cancel(session, "greet:U1")
    assert world.courier.run_due() == 0
    assert world.job("U1").state == "cancelled"


def test_reports_go_before_everything_else_and_campaigns_last(world: World) -> None:
    world.owe(greet("U1", priority=BULK), greet("U2"), greet("U3", priority=REPORT), greet("U4"))
    world.courier.run_due()
    assert world.greeted() == ["U3", "U2", "U4", "U1"]


@pytest.mark.parametrize("words", ["he shouted", "Zoë", "amy@example.org", "", "x" * 8001])
def test_a_payload_holds_ids_and_no_words(world: World, words: str) -> None:
    with pytest.raises(NotAnId) as refused, world.database.begin() as session:
        world.outbox.owe(session, Job(kind="greeting", key="k", payload={"to": words}))
    assert str(refused.value) == "to of a greeting job"


@pytest.mark.parametrize("held", ["U0AB", "1700000000.000100", "3f1c9f54-5d0f-4e4b-9a5c-1f1f4be0b7f1", "gAAAA_-=", 7])
def test_ids_and_sealed_tokens_may_be_enqueued(world: World, held: str | int) -> None:
    with world.database.begin() as session:
        world.outbox.owe(session, Job(kind="greeting", key="k", payload={"to": held}))


def test_a_key_has_no_blank_and_fits_its_column(world: World) -> None:
    for key in ("", "a b", "x" * 201):
        with pytest.raises(NotAnId), world.database.begin() as session:
            world.outbox.owe(session, Job(kind="greeting", key=key, payload={}))


def test_the_dead_are_listed_page_by_page_with_their_reason(world: World) -> None:
    world.owe(greet("U1"), greet("U2"), greet("U3"))
    world.slack.faults.extend([Refused("user_disabled"), None, Refused("channel_not_found")])
    world.courier.run_due()
    with world.database.read() as session:
        [first] = world.outbox.dead(session, limit=1)
        [second] = world.outbox.dead(session, after=first.id)
        assert [first.last_error, second.last_error] == ["user_disabled", "channel_not_found"]
        assert world.outbox.waiting(session) == []
        assert world.outbox.health(session)["dead"] == 2


def test_a_dead_job_can_be_sent_again(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(Refused("user_disabled"))
    world.courier.run_due()
    with world.database.begin() as session:
        assert world.outbox.retry(session, world.job("U1").id)
    world.courier.run_due()
    assert len(world.slack.copies("U1")) == 1
    with world.database.begin() as session:
        assert not world.outbox.retry(session, world.job("U1").id)


def test_a_dead_job_can_be_left_unsent_for_good(world: World) -> None:
    world.owe(greet("U1"))
    world.slack.faults.append(Refused("user_disabled"))
    world.courier.run_due()
    with world.database.begin() as session:
        assert world.outbox.discard(session, world.job("U1").id)
        assert not world.outbox.discard(session, world.job("U1").id)
    assert world.after(3600) == 0
    assert world.job("U1").state == "cancelled"


def test_health_tells_how_late_the_latest_is_and_campaigns_do_not_count(world: World) -> None:
    world.owe(greet("U1", priority=BULK))
    world.clock.advance(50)
    world.owe(greet("U2"))
    world.clock.advance(40)
    with world.database.read() as session:
        assert world.outbox.health(session) == {"overdue_seconds": 40.0, "dead": 0, "paused": None}
        assert world.outbox.count_waiting(session) == 2


def test_done_report_jobs_are_forgotten_after_a_week_others_after_thirty_days_the_dead_never(
    world: World,
) -> None:
    world.owe(greet("U1", priority=REPORT), greet("U2"), greet("U3", priority=REPORT))
    world.slack.faults.extend([None, Refused("user_disabled")])
    world.courier.run_due()

    def left_after(days: float) -> list[str]:
        world.clock.advance(days * 86400)
        with world.database.begin() as session:
            assert not store.forget(session, world.clock.now())
            return list(session.execute(select(JobRow.payload["to"].as_string()).order_by(JobRow.id)).scalars())

    assert left_after(6.9) == ["U1", "U2", "U3"]
    assert left_after(0.2) == ["U2", "U3"]
    assert left_after(23) == ["U3"]


@ON_SQLITE
def test_the_due_query_uses_the_small_index(world: World) -> None:
    due = store._DUE.params(now=world.clock.now(), most=4)
    query = due.compile(world.database.engine, compile_kwargs={"literal_binds": True})
    with world.database.read() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
        assert "USING INDEX ix_job_ready" in plan[0].detail
        assert not any("TEMP B-TREE" in step.detail for step in plan)
        assert session.execute(select(func.count()).select_from(JobRow)).scalar_one() == 0
