import subprocess
import sys
from dataclasses import field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.outbox import Courier
from gpbot.outbox.models import JobRow
from gpbot.outbox.typed import (
    LEFT_OUT,
    SameTask,
    TypedHandler,
    TypedJob,
    UnreadableJob,
    handler_of,
    none_as,
    read,
    tasks_of,
)
from gpbot.outbox.types import ForANewerProcess, Job, Post, Priority, Receipt
from tests.databases import ON_SQLITE
from tests.outbox.fakes import World
from tests.running import ROOT

HARBOUR = UUID("443c2e2f-c973-46de-6f3e-91492f9a9f04")


class Wind(StrEnum):
    FAIR = "fair"


class BoatJob(TypedJob, kind="boat", priority=Priority.REPORT):
    harbour: UUID


class Sail(BoatJob, task="sail", lane="sea", by_turns=True):
    crew: int
    flag: str
    fast: bool
    wind: Wind | None = field(metadata=none_as("calm"))
    knots: int = 5  # an earlier release did not write it
    buoy: str = field(default="", metadata=LEFT_OUT)


class Rest(BoatJob, task="rest"):
    def lane(self) -> str:
        return f"ch:{self.harbour}"


class Boats:
    """Posts to its crew."""

    def prepare(self, job: BoatJob) -> Post | None:
        return Post(to=f"U{job.crew}", text="Ahoy", blocks=[]) if isinstance(job, Sail) else None

    def record(self, session: Session, job: BoatJob, receipt: Receipt) -> None: ...

    def gave_up(self, session: Session, job: BoatJob, code: str) -> None: ...


WRITTEN = {
    "task": "sail",
    "harbour": str(HARBOUR),
    "crew": 7,
    "flag": "U0FLAG",
    "fast": 1,
    "wind": "calm",
    "knots": 5,
}


def sail(**more: Any) -> Sail:
    about: dict[str, Any] = {"harbour": HARBOUR, "crew": 7, "flag": "U0FLAG", "fast": True, "wind": None}
    return Sail(**(about | more))


def test_a_job_is_written_with_everything_that_its_type_says() -> None:
    assert sail().queued() == Job(
        kind="boat",
        key=f"boat:sail:{HARBOUR}:7:U0FLAG:1:calm:5",
        payload=WRITTEN,  # type: ignore[arg-type]  # values of both kinds
        lane="sea",
        priority=Priority.REPORT,
        by_turns=True,
    )
    assert sail(wind=Wind.FAIR, buoy="B1").payload() == WRITTEN | {"wind": "fair", "buoy": "B1"}
    rest = Rest(harbour=HARBOUR)
    assert (rest.queued().lane, rest.queued(lane="ch:C1").lane) == (f"ch:{HARBOUR}", "ch:C1")
    assert (rest.key(), rest.queued(key=Rest.key_for("once")).key) == (f"boat:rest:{HARBOUR}", "boat:rest:once")


def test_a_job_is_read_as_it_was_written() -> None:
    for job in (sail(), sail(wind=Wind.FAIR, fast=False, knots=9, buoy="B1"), Rest(harbour=HARBOUR)):
        assert read(BoatJob, job.payload()) == job
    earlier = {name: value for name, value in WRITTEN.items() if name != "knots"}
    assert read(BoatJob, earlier) == sail()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (WRITTEN | {"mast": 1}, "Sail has no mast"),
        ({"task": "sail", "harbour": str(HARBOUR)}, "Sail without crew, fast, flag, wind"),
        (WRITTEN | {"harbour": "the secret one"}, "harbour of Sail is no UUID"),
        (WRITTEN | {"crew": "7"}, "crew of Sail is no int"),
        (WRITTEN | {"crew": True}, "crew of Sail is no int"),
        (WRITTEN | {"fast": 2}, "fast of Sail is no bool"),
        (WRITTEN | {"flag": 7}, "flag of Sail is no str"),
        (WRITTEN | {"wind": "foul"}, "wind of Sail is no Wind"),
        (WRITTEN | {"task": "dive"}, "an unknown task of boat"),
    ],
)
def test_what_does_not_fit_its_type_is_said_without_a_word_of_what_stands_there(wrong: Any, said: str) -> None:
    with pytest.raises(UnreadableJob) as raised:
        read(BoatJob, wrong)
    assert str(raised.value) == said


def test_two_jobs_of_one_task_are_refused() -> None:
    class Twin(TypedJob, kind="twin"):
        pass

    class One(Twin, task="same"):
        pass

    class Other(Twin, task="same"):
        pass

    with pytest.raises(SameTask):
        tasks_of(Twin)
    assert [One.TASK, Other.TASK] == ["same", "same"]


def test_a_task_that_nobody_here_knows_is_left_to_a_newer_process(world: World) -> None:
    courier = Courier(world.database, world.slack, handler_of(BoatJob, Boats()))
    world.owe(Job(kind="boat", key="dive", payload={"task": "dive", "depth": 3}))
    with pytest.raises(ForANewerProcess):
        TypedHandler(BoatJob, Boats()).prepare({"task": "dive"})
    for _ in range(20):
        courier.run_due()
        world.clock.advance(61)
    left = the_only(world)
    assert (left.state, left.attempts) == ("ready", 0)


def test_what_cannot_be_read_is_tried_again_as_any_fault_of_ours_is(world: World) -> None:
    courier = Courier(world.database, world.slack, handler_of(BoatJob, Boats()))
    world.owe(Job(kind="boat", key="sail", payload={"task": "sail", "harbour": "none"}))
    courier.run_due()
    left = the_only(world)
    assert (left.state, left.attempts, left.last_error) == ("ready", 1, "UnreadableJob")
    assert world.slack.sent == []


def the_only(world: World) -> JobRow:
    with world.database.read() as session:
        return session.scalars(select(JobRow)).one()


def test_a_typed_job_is_sent(world: World) -> None:
    courier = Courier(world.database, world.slack, handler_of(BoatJob, Boats()))
    with world.database.begin() as session:
        world.outbox.enqueue(session, sail(), run_at=world.clock.at + timedelta(seconds=5))
    assert courier.run_due() == 0
    world.clock.advance(6)
    assert courier.run_due() == 1
    assert len(world.slack.copies("U7")) == 1


# --- what mypy says ---------------------------------------------------------------------------------------------------

PLANTED = """
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.outbox.typed import TypedJob, handler_of
from gpbot.outbox.types import Receipt


class BoatJob(TypedJob, kind="boat"):
    harbour: UUID


class Sail(BoatJob, task="sail"):
    knots: int = 5


class TrainJob(TypedJob, kind="train"):
    track: int


class Boats:
    def prepare(self, job: BoatJob) -> None: ...

    def record(self, session: Session, job: BoatJob, receipt: Receipt) -> None: ...

    def gave_up(self, session: Session, job: BoatJob, code: str) -> None: ...


HARBOUR = UUID(int=1)
sail = Sail(harbour=HARBOUR, knots=7)
handler_of(BoatJob, Boats())
print(sail.harbour, sail.knots)
handler_of(TrainJob, Boats())  # wrong: a handler of other jobs
Sail(knots=7)  # wrong: a field is missing
Sail(harbour=HARBOUR, knotts=7)  # wrong: misspelt where it is written
Sail(harbour=HARBOUR, knots="7")  # wrong: of another type
print(sail.knotts)  # wrong: misspelt where it is read
sail.knots = 8  # wrong: changed
"""
SETTINGS = """
[mypy]
strict = True
[mypy-gpbot.*]
follow_imports = silent
[mypy-sqlalchemy.*]
follow_imports = skip
"""


@ON_SQLITE
@pytest.mark.usefixtures("kind")
def test_mypy_finds_a_misspelt_field_a_missing_one_and_a_handler_of_other_jobs(tmp_path: Path) -> None:
    planted, settings = tmp_path / "planted.py", tmp_path / "mypy.ini"
    planted.write_text(PLANTED)
    settings.write_text(SETTINGS)
    how = ["--config-file", str(settings), "--cache-dir", str(tmp_path / "cache"), "--no-error-summary"]
    found = subprocess.run(  # noqa: S603  (our own)
        [sys.executable, "-m", "mypy", *how, str(planted)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = [int(line.split(":")[1]) for line in found.stdout.splitlines()]
    wrong = [number for number, line in enumerate(PLANTED.splitlines(), 1) if "# wrong" in line]
    assert sorted(set(lines)) == wrong, found.stdout + found.stderr
