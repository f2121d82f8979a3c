"""The story that is kept of each release can be told of this one, and nothing that was in it has been left out."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from gpbot.tables import metadata
from tests.databases import Kind, another_program, fresh_database
from tests.halves import LONG
from tests.upgrading import keeping
from tests.upgrading.make import play
from tests.upgrading.playing import NEWEST


@LONG
@pytest.mark.parametrize("kind", ["sqlite"])
def test_everything_is_played_and_every_table_and_every_state_is_in_it(kind: Kind, tmp_path: Path) -> None:
    before = keeping.read(NEWEST, kind)
    with fresh_database(kind, tmp_path) as url:
        kept = play(tmp_path, url)
        with another_program(url) as connection:
            empty = [table.name for table in metadata.sorted_tables if not connection.execute(select(table)).first()]
            jobs = set(connection.execute(text("SELECT DISTINCT state FROM job")).scalars())
            told = set(connection.execute(text("SELECT state FROM job WHERE campaign_id IS NOT NULL")).scalars())
    assert empty == []
    assert jobs == {"ready", "done", "dead", "cancelled"}
    assert told >= {"ready", "done"}  # half of them
    for what, ids in before.things.items():
        assert ids.keys() <= kept.things[what].keys()
