"""What a job is called, and what it holds, stays as earlier releases wrote it: what waits from before is still done."""

import importlib
import os
from collections.abc import Iterator
from typing import Any

import pytest

from gpbot.db import Database
from gpbot.home.types import Task as HomeTask
from gpbot.outbox.typed import TypedJob, read, tasks_of
from gpbot.reports.owed import Task
from gpbot.sealed.jobs import JOB_KIND
from tests.databases import ON_SQLITE
from tests.house import owing
from tests.stage import Stage

importlib.import_module("gpbot.bootstrap")  # loads every workflow, and with it every job
KINDS = owing.kinds("gpbot.")
GOLDEN = owing.golden()
UNSEALED = {name: each["payload"] for name, each in GOLDEN.items() if each["kind"] in KINDS}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, clock=owing.Then())
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
    assert missing(KINDS, GOLDEN) == set()
    assert {("report", task.value) for task in (*Task, *HomeTask)} <= kept_tasks(GOLDEN)


def test_a_job_without_one_is_found() -> None:
    class New(TypedJob, kind="planted"):
        pass

    class First(New, task="first"):
        pass

    assert missing(KINDS | {"planted": New}, GOLDEN) == {("planted", "first")}


def missing(kinds: dict[str, type[TypedJob]], golden: dict[str, Any]) -> set[tuple[str, str]]:
    declared = {(kind, task) for kind, jobs in kinds.items() for task in tasks_of(jobs)}
    return declared - kept_tasks(golden)


def kept_tasks(golden: dict[str, Any]) -> set[tuple[str, str]]:
    contents = ((each["kind"], each["payload"].get("sealed", each["payload"])) for each in golden.values())
    return {(kind, content.get("task", "")) for kind, content in contents}


@pytest.mark.parametrize("name", UNSEALED)
def test_what_was_kept_is_read_and_is_the_same_when_it_is_written_again(name: str) -> None:
    kept = GOLDEN[name]
    job = read(KINDS[kept["kind"]], kept["payload"])
    assert job.payload() == kept["payload"]
    assert (job.KIND, int(job.priority())) == (kept["kind"], kept["priority"])


def test_no_job_shows_in_its_repr_whom_it_concerns() -> None:
    for name, payload in UNSEALED.items():
        shown = repr(read(KINDS[GOLDEN[name]["kind"]], payload))
        assert not [value for value in payload.values() if len(str(value)) > 3 and str(value) in shown]


@ON_SQLITE
def test_every_kind_that_is_declared_has_somebody_who_carries_it_out(community: Stage) -> None:
    assert community.bot.courier.kinds == {*KINDS, JOB_KIND}
