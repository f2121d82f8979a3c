"""Who can write to the database and has no key changes nothing that was written in a question."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, select, update

from gpbot.db import table_of
from gpbot.questions.models import QuestionEntryRow
from tests.databases import another_program
from tests.scenarios.test_questions import ANSWER, answer, ask, own_view
from tests.stage import Stage

ENTRIES = table_of(QuestionEntryRow)
Alter = Callable[[Connection], object]


def another_kind(connection: Connection) -> None:
    connection.execute(update(ENTRIES).where(ENTRIES.c.kind == "answer").values(kind="note"))


def one_is_gone(connection: Connection) -> None:
    last = select(ENTRIES.c.id).order_by(ENTRIES.c.id.desc()).limit(1)
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id == last.scalar_subquery()))


def two_change_places(connection: Connection) -> None:
    rows = connection.execute(select(ENTRIES).order_by(ENTRIES.c.id)).all()
    for row, other in zip(rows, reversed(rows), strict=True):
        connection.execute(update(ENTRIES).where(ENTRIES.c.id == row.id).values(content=other.content))


@pytest.mark.parametrize("how", [another_kind, one_is_gone, two_change_places])
def test_what_was_altered_opens_for_nobody(community: Stage, how: Alter) -> None:
    ask(community)
    answer(community, community.ben)
    assert ANSWER in own_view(community)
    assert community.bot.health()["ok"]
    with another_program(community.settings.database_url) as connection:
        how(connection)
    said = own_view(community)
    assert ANSWER not in said
    assert "We could not open what was stored." in said
    assert not community.bot.health()["ok"]
