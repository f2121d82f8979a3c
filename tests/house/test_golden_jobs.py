"""What a job is called, and what it holds, stays as earlier releases wrote it: what waits from before is still done."""

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from gpbot.db import Database
from tests.databases import ON_SQLITE
from tests.house import owing


class Then:
    """The same moment, always."""

    def now(self) -> datetime:
        return owing.NOW


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, clock=Then())
    yield database
    database.close()


@ON_SQLITE
def test_every_job_is_written_as_it_always_was(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", bytes)  # chance, held still
    keyring = owing.keyring_again()
    asked = owing.everything(database, keyring)
    assert {each.name: owing.written(database, keyring, each) for each in asked} == owing.golden()


def test_no_task_is_without_one() -> None:
    written = {(each["kind"], task_of(each["payload"])) for each in owing.golden().values()}
    modules = [module for name, module in sys.modules.items() if name.startswith("gpbot.") and name.endswith(".owed")]
    declared = {(module.JOB_KIND, task.value) for module in modules for task in module.Task}
    assert len(declared) > 50
    assert declared <= written


def task_of(payload: dict[str, Any]) -> str:
    return str(payload.get("sealed", payload).get("task", ""))
