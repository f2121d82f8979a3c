"""A community that goes on from a copy is like one that has just started, and each test has its own."""

import gc
import re
import time
from pathlib import Path
from typing import Any
from weakref import ref

from sqlalchemy import select

from gpbot.tables import metadata
from tests.databases import Kind, another_program, fresh_database
from tests.stage import Stage, begun_stage, stage
from tests.waiting import HANGING

RANDOM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=http://127\.0\.0\.1:)\d+")
SEALED = {"key", "payload"}


def plain(value: Any) -> str:
    return RANDOM.sub("…", repr(value))


def slack(c: Stage) -> dict[str, list[str]]:
    """What was asked of Slack, what everybody saw, and what Slack still has to tell."""
    workspace = c.workspace
    return {
        "now": [repr(c.clock.at)],
        "calls": [plain(call) for call in workspace.calls],
        "problems": workspace.problems,
        "owed": [plain(owed) for owed in workspace.courier._owed],
        **{name: [plain(sight) for sight in person.seen] for name, person in c.people.items()},
        **{f"{name} now": [plain((person.home, person.modals, person.inbox))] for name, person in c.people.items()},
    }


def rows(c: Stage) -> dict[str, list[str]]:
    """Every row of every table, without what is sealed or random."""
    with another_program(c.settings.database_url) as db:
        return {
            name: sorted(
                plain({each: row[each] for each in row if each not in SEALED and not isinstance(row[each], bytes)})
                for row in db.execute(select(table)).mappings()
            )
            for name, table in metadata.tables.items()
        }


def test_a_community_that_goes_on_is_like_one_that_has_started(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "started").mkdir()
    (tmp_path / "copied").mkdir()
    with (
        fresh_database(kind, tmp_path / "started") as url,
        stage(tmp_path / "started", database_url=url) as started,
        begun_stage(kind, tmp_path / "copied") as copied,
    ):
        assert slack(copied) == slack(started)
        assert rows(copied) == rows(started)
        assert len(rows(copied)["person"]) == 8  # the control: there is something to compare
        copied.report(copied.mona)
        assert slack(copied) != slack(started)
        assert rows(copied) != rows(started)


def test_what_happens_in_one_community_has_not_happened_in_the_next(kind: Kind, tmp_path: Path) -> None:
    def begins() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        with begun_stage(kind, tmp_path) as here:
            found = slack(here), rows(here)
            here.report(here.mona, about=[here.ben])
            here.later(hours=1)
        return found

    assert begins() == begins()


def test_a_community_that_has_ended_is_let_go(kind: Kind, tmp_path: Path) -> None:
    with begun_stage(kind, tmp_path) as here:
        here.report(here.mona)
        left = [ref(each) for each in (here, here.workspace, here.server, here.bot, here.bot.kit.database.engine)]
        assert all(each() for each in left)
    del here
    until = time.monotonic() + HANGING
    while any(each() for each in left) and time.monotonic() < until:  # a thread of it may still be ending
        gc.collect()
        time.sleep(0.01)
    assert [each() for each in left] == [None] * len(left)
