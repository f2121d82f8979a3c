"""Whatever an earlier release owed, this one reads by its type, and would write down as the very same."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gpbot.outbox.models import JobRow
from gpbot.outbox.typed import UnreadableJob, read
from tests.databases import Kind, another_program, fresh_database
from tests.house.owing import kinds
from tests.upgrading.keeping import RELEASES
from tests.upgrading.playing import as_kept

importlib.import_module("gpbot.bootstrap")
JOB = JobRow.__table__.c


def kept_jobs(release: str, kind: Kind, folder: Path) -> list[Any]:
    """Done and dead ones too: a dead one can be asked for again."""
    columns = (JOB.kind, JOB.payload, JOB.priority)
    with fresh_database(kind, folder, as_kept(release, kind)) as url, another_program(url) as connection:
        return list(connection.execute(select(*columns).where(JOB.kind != "report")))


@pytest.mark.parametrize("release", RELEASES)
def test_every_job_that_was_kept_is_read_and_written_again_the_same(kind: Kind, release: str, tmp_path: Path) -> None:
    known = kinds("gpbot.")
    kept = kept_jobs(release, kind, tmp_path)
    assert len(kept) > 400
    assert {row.kind for row in kept} <= known.keys()
    for row in kept:
        job = read(known[row.kind], row.payload)
        assert (job.payload(), int(job.priority())) == (row.payload, row.priority)


def test_a_field_that_was_left_out_of_a_type_is_found() -> None:
    known = kinds("gpbot.")
    with pytest.raises(UnreadableJob, match="Card has no round"):
        read(known["opening"], {"task": "card", "proposal": "443c2e2f-c973-46de-6f3e-91492f9a9f04", "round": 1})
