"""Sealed jobs: one kind that nobody can tell apart, handed to the sender of the task; a newer one's are left alone."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen, Vault, new_master_key
from gpbot.keyring import KeyRing
from gpbot.outbox.models import JobRow
from gpbot.outbox.patience import MAX_LOST_CLAIMS
from gpbot.outbox.types import OutcomeUnknown, Outgoing, Post, Receipt, Refused
from gpbot.sealed.jobs import SealedJob, SealedJobs, TakenTwice
from tests.outbox.fakes import World

MONA = "U0MONA"
KEYS = KeyRing(Vault([new_master_key()]), b"lookup")


class GreetJob(SealedJob):
    to: str


class Hello(GreetJob, task="hello"):
    pass


class FarewellJob(GreetJob):
    pass


class Farewell(FarewellJob, task="farewell"):
    pass


class Adieu(FarewellJob, task="adieu"):
    pass


@dataclass
class Posts:
    """Sends a post for each, and keeps what it was told."""

    raises: Exception | None = None
    told: list[str] = field(default_factory=list)

    def prepare(self, job: GreetJob) -> Outgoing:
        if self.raises is not None:
            raise self.raises
        return Post(to=job.to, text=job.TASK, blocks=[])

    def record(self, session: Session, job: GreetJob, receipt: Receipt) -> None:  # noqa: ARG002
        self.told.append(f"sent {job.TASK}")

    def gave_up(self, session: Session, job: GreetJob, code: str) -> None:  # noqa: ARG002
        self.told.append(f"gave up {job.TASK}: {code}")


@pytest.fixture
def jobs(world: World) -> SealedJobs:
    jobs = SealedJobs(world.outbox, KEYS)
    world.handlers[SealedJob.KIND] = jobs
    return jobs


def owe(world: World, jobs: SealedJobs, job: GreetJob) -> None:
    with world.database.begin() as session:
        jobs.enqueue(session, job, to=job.to)


def the_job(world: World) -> JobRow:
    with world.database.read() as session:
        return session.execute(select(JobRow)).scalar_one()


def test_each_task_is_sent_by_the_one_that_said_that_they_send_it(world: World, jobs: SealedJobs) -> None:
    hello, farewell = Posts(), Posts()
    jobs.send(Hello, hello)
    jobs.send(FarewellJob, farewell)
    owe(world, jobs, Hello(to=MONA))
    owe(world, jobs, Adieu(to="U0TOM"))
    assert world.courier.run_due() == 2
    assert (hello.told, farewell.told) == (["sent hello"], ["sent adieu"])


def test_a_task_that_two_would_send_is_found_when_it_is_said(jobs: SealedJobs) -> None:
    jobs.send(Hello, Posts())
    with pytest.raises(TakenTwice):
        jobs.send(GreetJob, Posts())


def test_two_tasks_look_alike_in_the_database(world: World, jobs: SealedJobs) -> None:
    owe(world, jobs, Hello(to=MONA))
    owe(world, jobs, Farewell(to=MONA))
    with world.database.read() as session:
        rows = session.execute(select(JobRow)).scalars().all()
    assert len({(row.kind, row.priority, row.lane, row.run_at, tuple(row.payload)) for row in rows}) == 1
    assert len({len(row.key) for row in rows}) == 1
    assert not any(word in f"{row.key}{row.payload}{row.lane}" for row in rows for word in ("hello", "farewell", MONA))


def test_a_task_of_a_newer_release_is_left_as_it_was_to_a_process_of_it(world: World, jobs: SealedJobs) -> None:
    owe(world, jobs, Hello(to=MONA))
    before = the_job(world)
    for _ in range(200):  # far beyond all patience
        assert world.after(60) == 1
    left = the_job(world)
    assert (left.state, left.attempts, left.lost_claims, left.last_error) == ("ready", 0, 0, None)
    assert (left.key, left.payload, left.token) == (before.key, before.payload, None)
    assert not world.slack.sent
    newer = Posts()
    jobs.send(Hello, newer)
    assert world.after(60) == 1
    assert newer.told == ["sent hello"]
    assert the_job(world).state == "done"


def test_what_a_newer_process_may_have_sent_is_still_looked_for_after_an_older_one_had_it(
    world: World, jobs: SealedJobs
) -> None:
    newer, older = Posts(), SealedJobs(world.outbox, KEYS)
    jobs.send(Hello, newer)
    owe(world, jobs, Hello(to=MONA))
    world.slack.faults.append(world.slack.accepts_but_the_answer_is_lost)
    world.courier.run_due()
    world.handlers[SealedJob.KIND] = older
    world.after(600)
    world.handlers[SealedJob.KIND] = jobs
    world.after(600)
    assert len(world.slack.copies(MONA)) == 1
    assert newer.told == ["sent hello"]


def test_a_newer_process_that_was_killed_over_it_again_and_again_leaves_it_to_one_that_knows_what_to_do(
    world: World, jobs: SealedJobs
) -> None:
    owe(world, jobs, Hello(to=MONA))
    for _ in range(MAX_LOST_CLAIMS):
        world.claim_and_die()
        world.clock.advance(3600)
    world.courier.run_due()
    assert the_job(world).state == "ready"
    newer = Posts()
    jobs.send(Hello, newer)
    world.after(60)
    assert newer.told == ["gave up hello: poison"]


def test_what_does_not_open_here_is_tried_again_and_what_gave_up_is_told_to_its_sender(
    world: World, jobs: SealedJobs
) -> None:
    hello = Posts(raises=DoesNotOpen())
    jobs.send(Hello, hello)
    owe(world, jobs, Hello(to=MONA))
    world.courier.run_due()
    assert (the_job(world).state, the_job(world).last_error) == ("ready", "does_not_open")
    hello.raises = None
    world.slack.faults.extend([OutcomeUnknown("timeout"), None, Refused("account_inactive")])
    world.after(3600)
    world.after(3600)
    assert hello.told == ["gave up hello: account_inactive"]
