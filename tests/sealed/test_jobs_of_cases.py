"""A job about a case is sealed with its key, goes with it, and tells little once it has ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen, Vault, new_master_key
from gpbot.db import table_of
from gpbot.keyring import KeyRing, load_keyring
from gpbot.outbox import store, subjects
from gpbot.outbox.models import JobRow
from gpbot.outbox.types import Post, Receipt, Refused
from gpbot.reports.models import DraftRow
from gpbot.reports.store import Store
from gpbot.reports.types import Draft, Filled
from gpbot.sealed.erasing import erase_case
from gpbot.sealed.jobs import SealedJob, SealedJobs
from gpbot.sealed.keys import key_of
from tests.outbox.fakes import World

MONA, TOM = "U0MONA", "U0TOM"
HOUR = 3600


class LetterJob(SealedJob):
    to: str


class OfLetter(LetterJob, task="letter", subject="letter"):
    letter: UUID


class OfNone(LetterJob, task="no letter"):
    pass


@dataclass
class Posts:
    meanwhile: Callable[[], None] = lambda: None
    told: list[str] = field(default_factory=list)

    def prepare(self, job: LetterJob) -> Post:
        self.meanwhile()
        return Post(to=job.to, text=job.TASK, blocks=[])

    def record(self, session: Session, job: LetterJob, receipt: Receipt) -> None:  # noqa: ARG002
        self.told.append(job.to)

    def gave_up(self, session: Session, job: LetterJob, code: str) -> None:
        """Nothing more can be done."""


@dataclass
class Here:
    world: World
    keyring: KeyRing
    jobs: SealedJobs
    posts: Posts

    def a_case(self) -> UUID:
        draft = Draft(id=uuid4(), filled=Filled(what="He follows me home."))
        with self.world.database.begin() as session:
            Store(self.keyring).save_draft(session, MONA, draft)
        return draft.id

    def owe(self, *jobs: LetterJob) -> None:
        with self.world.database.begin() as session:
            for job in jobs:
                self.jobs.enqueue(session, job, to=job.to)

    def erase(self, case: UUID) -> None:
        with self.world.database.begin() as session:
            erase_case(session, self.keyring, table_of(DraftRow), case, and_row=True)

    def rows(self) -> list[JobRow]:
        with self.world.database.read() as session:
            return list(session.scalars(select(JobRow).order_by(JobRow.id)))

    def change(self, **columns: Any) -> None:
        with self.world.database.begin() as session:
            session.execute(update(JobRow).values(**columns))


@pytest.fixture
def here(world: World) -> Here:
    keyring = load_keyring(world.database, Vault([new_master_key()]))
    jobs, posts = SealedJobs(world.outbox, keyring), Posts()
    jobs.send(LetterJob, posts)
    world.handlers[SealedJob.KIND] = jobs
    return Here(world, keyring, jobs, posts)


def test_it_opens_with_the_key_of_its_case_alone_and_is_sent(here: Here) -> None:
    case = here.a_case()
    here.owe(OfLetter(letter=case, to=MONA))
    (row,) = here.rows()
    token = row.payload["sealed"].encode()
    with pytest.raises(DoesNotOpen):
        here.keyring.box.open(token)
    with here.world.database.read() as session:
        key = key_of(session, here.keyring, case)
    assert key is not None
    assert key.open(token) == {"task": "letter", "to": MONA, "letter": str(case)}
    here.world.courier.run_due()
    assert here.posts.told == [MONA]


def test_it_is_told_in_a_lane_that_what_names_its_person_is_not_in(here: Here) -> None:
    here.owe(OfNone(to=MONA))
    (row,) = here.rows()
    assert row.lane != here.keyring.direct_lane(MONA)
    assert here.keyring.mark(MONA) not in str(row.lane)


def test_whatever_became_of_them_jobs_go_with_their_case_and_no_others_do(here: Here) -> None:
    case, other = here.a_case(), here.a_case()
    here.owe(OfLetter(letter=case, to=MONA), OfLetter(letter=other, to=TOM), OfNone(to=TOM))
    here.world.slack.faults.append(Refused("user_disabled"))
    here.world.courier.run_due()  # the first is dead
    here.owe(OfLetter(letter=case, to=TOM))
    here.world.slack.faults.append(Refused("user_disabled"))
    here.erase(case)
    assert [row.subject for row in here.rows()] == [other, None]


def test_one_that_is_being_sent_while_its_case_is_erased_is_written_down(here: Here) -> None:
    case = here.a_case()
    here.owe(OfLetter(letter=case, to=MONA))
    here.posts.meanwhile = lambda: here.erase(case)
    here.world.courier.run_due()
    assert here.posts.told == [MONA]
    assert [(row.state, row.subject) for row in here.rows()] == [("done", None)]


@pytest.mark.parametrize("ends", ["the answer is lost", "killed"])
def test_one_that_may_have_been_sent_is_still_looked_for_after_its_case_is_erased(here: Here, ends: str) -> None:
    case = here.a_case()
    here.owe(OfLetter(letter=case, to=MONA))
    if ends == "killed":
        here.world.claim_and_die()
    else:
        here.world.slack.faults.append(here.world.slack.accepts_but_the_answer_is_lost)
        here.world.courier.run_due()
    here.erase(case)
    here.world.after(600)
    assert here.posts.told == [MONA]
    assert len(here.world.slack.copies(MONA)) == 1


def test_when_it_ended_is_kept_to_the_day_and_after_an_hour_nothing_but_its_key(here: Here) -> None:
    case = here.a_case()
    here.owe(OfLetter(letter=case, to=MONA))
    here.world.courier.run_due()
    (done,) = here.rows()
    assert done.message_ts
    assert {done.created_at.time(), done.run_at.time()} == {done.created_at.min.time()}
    for seconds, left in ((HOUR - 1, 1), (2, 0)):
        here.world.clock.advance(seconds)
        with here.world.database.begin() as session:
            subjects.empty(session, here.world.clock.now())
        (row,) = here.rows()
        assert bool(row.wire_id) == bool(left)
    assert (row.key, row.state) == (done.key, "done")
    assert (row.payload, row.lane, row.message_ts, row.first_sent_at, row.subject) == ({}, None, None, None, None)
    here.owe(OfLetter(letter=case, to=MONA))
    here.world.after(600)
    assert here.posts.told == [MONA]  # the same key again is known


class Shown(LetterJob, task="shown", by_turns=True):
    pass


def test_what_goes_by_turns_is_shown_again_after_it_was_emptied(here: Here) -> None:
    here.owe(Shown(to=MONA))
    here.world.courier.run_due()
    here.world.clock.advance(2 * HOUR)
    with here.world.database.begin() as session:
        subjects.empty(session, here.world.clock.now())
    here.owe(Shown(to=MONA))
    here.world.courier.run_due()
    assert here.posts.told == [MONA, MONA]
    assert all(row.wire_id and row.lane for row in here.rows())


def test_a_dead_one_that_belongs_to_no_case_goes_after_a_week(here: Here) -> None:
    here.owe(OfNone(to=MONA), OfLetter(letter=here.a_case(), to=TOM))
    here.world.slack.faults.extend([Refused("user_disabled")] * 2)
    here.world.courier.run_due()
    assert [row.state for row in here.rows()] == ["dead", "dead"]
    here.world.clock.advance(8 * 24 * HOUR)
    with here.world.database.begin() as session:
        store.forget(session, here.world.clock.now(), sealed=[SealedJob.KIND])
    assert [bool(row.subject) for row in here.rows()] == [True]


def test_what_an_earlier_release_left_belongs_to_its_case_from_the_next_start_on(here: Here) -> None:
    case, erased = here.a_case(), here.a_case()
    here.owe(OfLetter(letter=case, to=MONA))
    here.owe(OfLetter(letter=erased, to=TOM))
    for row, letter in zip(here.rows(), (case, erased), strict=True):
        content = {"task": "letter", "to": MONA, "letter": str(letter)}
        with here.world.database.begin() as session:
            its = {"payload": {"sealed": here.keyring.box.seal(content).decode()}, "subject": None, "state": "dead"}
            session.execute(update(JobRow).where(JobRow.id == row.id).values(its))
    here.erase(erased)
    for _ in range(2):
        here.jobs.adopt()
    (row,) = here.rows()
    assert row.subject == case
    with pytest.raises(DoesNotOpen):
        here.keyring.box.open(row.payload["sealed"].encode())
    here.erase(case)
    assert here.rows() == []


def test_one_whose_case_does_not_open_is_enqueued_all_the_same_and_goes_with_it(here: Here) -> None:
    case = here.a_case()
    with here.world.database.begin() as session:
        _, lost = Vault([new_master_key()]).new_data_key()
        session.execute(update(DraftRow).values(key=lost))
    here.owe(OfLetter(letter=case, to=MONA))
    assert [row.subject for row in here.rows()] == [case]
    here.world.courier.run_due()
    assert here.posts.told == [MONA]
