"""Who can write to the database and has no key makes nobody a reader, and turns no note into a message."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from gpbot.db import table_of
from gpbot.practice.person import Person
from gpbot.reports.models import EntryRow, ExclusionRow, ReaderRow, ReportRow
from gpbot.reports.types import Reason
from tests.databases import another_program
from tests.scenarios.doing import forge_open, home_of, open_from_home, report_of, shown, stubs, write_to_reporter
from tests.stage import Stage

REPORTS, READERS = table_of(ReportRow), table_of(ReaderRow)
EXCLUSIONS, ENTRIES = table_of(ExclusionRow), table_of(EntryRow)
WORDS, NOTE, REPLY = "He waits for me at the door", "She sounded afraid", "Thank you for telling us"
REFUSED = "We could not open what was stored."
Alter = Callable[[Connection, UUID], object]


def out_of_it(connection: Connection, report: UUID) -> None:
    """Those who were kept out of it are not any more."""
    connection.execute(delete(EXCLUSIONS).where(EXCLUSIONS.c.report_id == report))


def one_exclusion_less(connection: Connection, report: UUID) -> None:
    one = select(EXCLUSIONS.c.id).where(EXCLUSIONS.c.report_id == report).limit(1).scalar_subquery()
    connection.execute(delete(EXCLUSIONS).where(EXCLUSIONS.c.id == one))


def a_reader_more(connection: Connection, report: UUID) -> None:
    row = connection.execute(select(READERS).where(READERS.c.report_id == report).limit(1)).one()
    values = {**row._mapping, "person": bytes(32)}
    del values["id"]
    connection.execute(insert(READERS).values(values))


def another_kind_of_reader(connection: Connection, report: UUID) -> None:
    connection.execute(update(READERS).where(READERS.c.report_id == report).values(how="contact"))


def compared_with_names_to_come(connection: Connection, report: UUID) -> None:
    connection.execute(update(REPORTS).where(REPORTS.c.id == report).values(compared=10**6))


OF_WHO_READS: list[Alter] = [
    out_of_it,
    one_exclusion_less,
    a_reader_more,
    another_kind_of_reader,
    compared_with_names_to_come,
]


def a_note_is_a_message(connection: Connection, report: UUID) -> None:
    notes = update(ENTRIES).where(ENTRIES.c.report_id == report, ENTRIES.c.kind == "note")
    assert connection.execute(notes.values(kind="to_reporter")).rowcount == 1


def two_change_places(connection: Connection, report: UUID) -> None:
    rows = connection.execute(select(ENTRIES).where(ENTRIES.c.report_id == report).order_by(ENTRIES.c.id)).all()
    for row, other in zip(rows, reversed(rows), strict=True):
        connection.execute(update(ENTRIES).where(ENTRIES.c.id == row.id).values(content=other.content))


def the_last_is_gone(connection: Connection, report: UUID) -> None:
    last = select(ENTRIES.c.id).where(ENTRIES.c.report_id == report).order_by(ENTRIES.c.id.desc()).limit(1)
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id == last.scalar_subquery()))


def one_stands_there_twice(connection: Connection, report: UUID) -> None:
    row = connection.execute(select(ENTRIES).where(ENTRIES.c.report_id == report).limit(1)).one()
    values = {**row._mapping, "once": None}
    del values["id"]
    connection.execute(insert(ENTRIES).values(values))


def another_time(connection: Connection, report: UUID) -> None:
    at = connection.execute(select(ENTRIES.c.at).where(ENTRIES.c.report_id == report).limit(1)).scalar_one()
    connection.execute(update(ENTRIES).where(ENTRIES.c.report_id == report).values(at=at.replace(year=2020)))


OF_WHAT_WAS_WRITTEN: list[Alter] = [
    a_note_is_a_message,
    two_change_places,
    the_last_is_gone,
    one_stands_there_twice,
    another_time,
]


@pytest.fixture
def report(community: Stage) -> UUID:
    """About Amina, read by Ben and Chloe, with a note and a reply; Amina reads another one."""
    community.report(community.nadia, "Somebody shouts")
    community.report(community.mona, WORDS, about=[community.amina])
    report = report_of(community.mona)
    open_from_home(community, community.ben)
    community.press(community.ben, "Claim")
    community.press(community.ben, "Write a note")
    community.ben.fill("Note", NOTE)
    community.ben.submit()
    community.settle()
    return report


def alter(community: Stage, report: UUID, how: Alter) -> None:
    with another_program(community.settings.database_url) as connection:
        how(connection, report)


def tries_to_open(community: Stage, person: Person, report: UUID) -> str:
    community.look_away(person)
    forge_open(person, report)
    community.bot.windows.settle()
    return shown(person)


@pytest.mark.parametrize("how", [*OF_WHO_READS, *OF_WHAT_WAS_WRITTEN])
def test_what_was_altered_opens_for_nobody_and_health_and_log_say_so(
    community: Stage, report: UUID, how: Alter, caplog: pytest.LogCaptureFixture
) -> None:
    everybody = (community.ben, community.chloe, community.mona)
    assert all(WORDS in tries_to_open(community, each, report) for each in everybody)
    assert community.bot.health()["ok"]
    alter(community, report, how)

    for each in (*everybody, community.amina, community.tom):
        said = tries_to_open(community, each, report)
        assert not any(words in said for words in (WORDS, NOTE, REPLY))
    assert REFUSED in tries_to_open(community, community.ben, report)
    assert community.bot.health()["reports"] == "some do not open with GPBOT_KEYS"
    told = [line for line in caplog.messages if "altered in the database" in line]
    assert 1 <= len(told) <= 2  # once for each thing that is not as it was sealed


@pytest.mark.parametrize("how", OF_WHO_READS)
def test_lists_and_messages_tell_whom_it_was_altered_for_nothing(community: Stage, report: UUID, how: Alter) -> None:
    before = home_of(community, community.amina), len(stubs(community.amina))
    code = next(line for line in home_of(community, community.ben).splitlines() if line.startswith("*"))
    alter(community, report, how)
    community.report(community.tom, "Another one", about=[community.amina])
    community.later(days=3)

    assert code not in home_of(community, community.amina)
    assert home_of(community, community.amina).count("Open") == before[0].count("Open")
    assert len(stubs(community.amina)) == before[1]


def test_what_gpbot_itself_changes_opens_afterwards(community: Stage, report: UUID) -> None:
    """The control: everything that is sealed changes, and none of it was altered."""
    tries_to_open(community, community.ben, report)
    write_to_reporter(community, community.ben, REPLY)
    with community.bot.records.database.begin() as session:
        store = community.bot.records.reports
        opened = store.open_as_reporter(session, report, community.mona.id, to_write=True)
        store.exclude(session, opened, {(community.chloe.id, Reason.TICKED)})
        store.untick(session, opened, [community.chloe.id])
        store.add_contact(session, opened, community.edith.id)
        store.drop_contacts(session, opened)
        store.note_compared(session, opened)
    assert REPLY in tries_to_open(community, community.mona, report)
    assert WORDS in tries_to_open(community, community.chloe, report)
    community.press(community.chloe, "Notes")
    assert NOTE in shown(community.chloe)
    assert community.bot.health()["ok"]
