"""Whatever an earlier release enqueued, this one reads by its type, and would write down as the very same."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gpbot.crypto import Vault
from gpbot.db import Database
from gpbot.keyring import load_keyring
from gpbot.outbox.models import JobRow
from gpbot.outbox.typed import UnreadableJob, read
from gpbot.sealed.jobs import SealedJob
from tests.clocks import StoppedClock
from tests.databases import Kind, fresh_database
from tests.house.owing import kinds
from tests.upgrading import keeping
from tests.upgrading.keeping import RELEASES
from tests.upgrading.playing import kept_and_migrated

importlib.import_module("gpbot.bootstrap")


def kept_jobs(release: str, kind: Kind, folder: Path) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Kind, content and priority; done and dead ones too: a dead one can be asked for again."""
    keys = keeping.read(release, kind).settings["gpbot_keys"]
    with fresh_database(kind, folder, kept_and_migrated(release, kind)) as url:
        database = Database(url, clock=StoppedClock())
        keyring = load_keyring(database, Vault(keys))
        with database.read() as session:
            for row in session.scalars(select(JobRow)):
                is_sealed = row.kind == SealedJob.KIND
                content = keyring.box.open(row.payload["sealed"].encode()) if is_sealed else row.payload
                yield row.kind, content, row.priority
        database.close()


@pytest.mark.parametrize("release", RELEASES)
def test_every_job_that_was_kept_is_read_and_written_again_the_same(kind: Kind, release: str, tmp_path: Path) -> None:
    known = kinds("gpbot.")
    found = list(kept_jobs(release, kind, tmp_path))
    assert len(found) > 1000
    assert {each for each, _, _ in found} <= known.keys()
    for its_kind, content, priority in found:
        job = read(known[its_kind], content)
        assert (job.payload(), int(job.priority())) == (content, priority)


def test_a_field_that_was_left_out_of_a_type_is_found() -> None:
    known = kinds("gpbot.")
    with pytest.raises(UnreadableJob, match="Card has no round"):
        read(known["opening"], {"task": "card", "proposal": "443c2e2f-c973-46de-6f3e-91492f9a9f04", "round": 1})
