"""The first start after the upgrade compares every kept report with the names of all who hold a role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from gpbot.reports.models import ReportRow
from gpbot.reports.own import OwnReports
from gpbot.reports.types import EntryKind, State
from tests.databases import Kind, another_program, fresh_database
from tests.stage import Stage
from tests.upgrading.keeping import RELEASES
from tests.upgrading.playing import kept_and_migrated, stage_on

RELEASE = RELEASES[0]  # which compared names once, when a report was filed
NAMES_BEN = "its words name a champion"
CALLED = "Adeyemi Martin"  # Ben's other name stands in those words


@pytest.fixture
def community(kind: Kind, tmp_path: Path) -> Iterator[Stage]:
    """Chloe took, while the release before ran, a name that stands in a report she was shown."""
    filled = fresh_database(kind, tmp_path, kept_and_migrated(RELEASE, kind))
    with filled as url, stage_on(url, kind, RELEASE) as here:
        here.chloe.user.real_name = CALLED
        with another_program(url) as connection:
            renamed = text("UPDATE person SET real_name = :name WHERE slack_id = :who")
            connection.execute(renamed, {"name": CALLED, "who": here.chloe.id})
        here.start()
        try:
            yield here
        finally:
            here.stop()


def readers(community: Stage) -> dict[str, set[str]]:
    """Of each report: who reads it."""
    records, names = community.bot.records, {person.id: name for name, person in community.people.items()}
    found = {}
    with records.database.read() as session:
        for name, its_id in community.things["reports"].items():
            standing = records.reports.open_as_caretaker(session, its_id)
            if standing is not None:
                found[name] = {names[reader] for reader in standing.reader_ids}
    return found


def test_nobody_reads_what_was_not_compared_yet_and_then_somebody_the_words_do_not_name(community: Stage) -> None:
    before = readers(community)
    assert len(before) > 20
    assert not any(before.values())
    community.settle(20)
    after = readers(community)
    assert "chloe" in after["new"]
    assert after[NAMES_BEN] == {"amina"}
    records = community.bot.records
    with records.database.read() as session:
        compared = select(ReportRow.compared).where(ReportRow.state != State.ERASED)
        assert set(session.scalars(compared)) == {records.people.roster().version}


def test_the_reporter_is_told_of_the_reader_who_is_kept_out_and_can_let_them_read(community: Stage) -> None:
    own, nadia, its_id = (
        OwnReports.beside(community.bot.records.timers),
        community.nadia.id,
        community.things["reports"][NAMES_BEN],
    )
    had = len(community.nadia.inbox)
    community.settle(20)
    assert len(community.nadia.inbox) > had
    report = own.look(nadia, its_id)
    told = [entry.text for entry in report.entries if entry.kind is EntryKind.STATUS]
    assert [f"{CALLED} cannot read this from now on" in text for text in told] == [True]
    own.change_readers(nadia, its_id, tick=[], untick=[community.chloe.id])
    community.settle(3)
    community.restart()
    community.settle(20)
    assert readers(community)[NAMES_BEN] == {"amina", "chloe"}
