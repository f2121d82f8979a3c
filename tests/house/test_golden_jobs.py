"""What a job is called, and what it holds, stays as earlier releases wrote it: what waits from before is still done."""

import ast
import importlib
import os
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import get_args, get_type_hints
from uuid import UUID

import pytest

from gpbot.db import Database
from gpbot.outbox.typed import TypedJob, read, tasks_of
from gpbot.sealed.jobs import SealedJob
from tests.clocks import StoppedClock
from tests.databases import ON_SQLITE
from tests.house import owing
from tests.house.test_house import GPBOT, name_of
from tests.stage import Stage

importlib.import_module("gpbot.bootstrap")  # loads every workflow, and with it every job
KINDS = owing.kinds("gpbot.")
GOLDEN = owing.golden()
CONTENTS = {name: each["payload"].get("sealed", each["payload"]) for name, each in GOLDEN.items()}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, clock=StoppedClock())
    yield database
    database.close()


@ON_SQLITE
def test_every_job_is_written_as_it_always_was(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", bytes)  # chance, held still
    keyring = owing.keyring_again()
    asked = owing.everything(database, keyring)
    assert {each.name: owing.written(database, keyring, each) for each in asked} == GOLDEN


def test_no_job_that_is_declared_is_without_one() -> None:
    assert len(KINDS) > 9
    assert declared(KINDS) - kept() == set(), (
        "ask for it in `owed` of nets.py beside the workflow, and keep it: python -m tests.house.make_golden"
    )


def test_a_job_without_one_is_found() -> None:
    class New(TypedJob, kind="planted"):
        pass

    class First(New, task="first"):
        pass

    assert declared(KINDS | {"planted": New}, also=__name__) - kept() == {("planted", "first")}


def declared(kinds: dict[str, type[TypedJob]], *, also: str = "gpbot") -> set[tuple[str, str]]:
    """Kinds and tasks; those of other tests are none of ours."""
    ours = ("gpbot.", also)
    return {
        (kind, task)
        for kind, jobs in kinds.items()
        for task, job in tasks_of(jobs).items()
        if job.__module__.startswith(ours)
    }


def kept() -> set[tuple[str, str]]:
    return {(GOLDEN[name]["kind"], content.get("task", "")) for name, content in CONTENTS.items()}


@pytest.mark.parametrize("name", GOLDEN)
def test_what_was_kept_is_read_and_is_the_same_when_it_is_written_again(name: str) -> None:
    was = GOLDEN[name]
    job = read(KINDS[was["kind"]], CONTENTS[name])
    assert job.payload() == CONTENTS[name]
    assert (job.KIND, int(job.priority())) == (was["kind"], was["priority"])


def test_no_job_shows_in_its_repr_whom_it_concerns() -> None:
    for name, content in CONTENTS.items():
        shown = repr(read(KINDS[GOLDEN[name]["kind"]], content))
        ids = {str(value) for each, value in content.items() if each != "task" and len(str(value)) > 3}
        assert not [each for each in ids if each in shown]


def test_every_field_is_of_a_kind_that_can_be_written_and_read() -> None:
    for job in every_job():
        for each, hint in get_type_hints(job).items():
            if each.islower():
                assert each not in {"task", *vars(TypedJob)}, (job, each)
                kinds = {kind for kind in get_args(hint) or (hint,) if kind is not NoneType}
                assert len(kinds) == 1, (job, each)
                assert all(kind in {int, str, bool, UUID, datetime} or issubclass(kind, StrEnum) for kind in kinds)


def every_job() -> list[type[TypedJob]]:
    return [job for jobs in KINDS.values() for job in tasks_of(jobs).values()]


def test_no_workflow_writes_a_job_but_by_its_type() -> None:
    written = {name_of(path) for path in GPBOT if by_hand(path.read_text())}
    # A campaign knows of its jobs nothing but their kind.
    assert written == {"gpbot/outbox/campaigns.py", "gpbot/outbox/typed.py"}


def test_one_that_does_is_found() -> None:
    assert by_hand('outbox.owe(session, types.Job(kind="planted", key="1", payload={}))')
    assert not by_hand("outbox.enqueue(session, Look())")


def by_hand(code: str) -> bool:
    calls = (node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return any(
        isinstance(each, ast.Name | ast.Attribute) and ast.unparse(each).split(".")[-1] == "Job" for each in calls
    )


@ON_SQLITE
def test_every_job_that_is_declared_has_somebody_who_carries_it_out(community: Stage) -> None:
    assert community.bot.courier.kinds == KINDS.keys()
    sealed = {task for kind, task in declared(KINDS) if kind == SealedJob.KIND}
    assert community.bot.records.sealed_jobs.tasks == sealed
