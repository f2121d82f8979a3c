"""Every look and act is logged: append-only, chained over ciphertext, still whole when a report is erased."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update

from gpbot.audit import Verdict
from gpbot.audit.models import AuditEntry
from gpbot.reports import ids
from tests.databases import Kind, another_program
from tests.promises.worlds import (
    AddPeople,
    ChooseReaders,
    Click,
    Filing,
    Retire,
    Wait,
    World,
    Write,
    play,
    world,
)


@pytest.fixture
def here(kind: Kind) -> Iterator[World]:
    with world(has_report=True, kind=kind) as one:
        yield one


def verdict(here: World) -> Verdict:
    with here.c.bot.records.database.read() as session:
        return here.c.bot.records.audit.verify(session)


def acts(here: World, reader: str) -> list[tuple[str, str]]:
    """Who did what, oldest first, as a reader's Log has it: names for Slack ids."""
    assert here.report_id is not None
    names = {person.id: name for name, person in here.c.people.items()}
    with here.c.bot.records.database.read() as session:
        reports = here.c.bot.records.reports
        opened = reports.open_as_reader(session, here.report_id, here.person(reader).id)
        log = here.c.bot.records.audit.of(session, opened.id, opened.key, limit=100)
    return [(names.get(record.actor, record.actor), record.act) for record in reversed(log)]


def test_every_look_and_every_act_is_in_the_log_with_who_did_it(here: World) -> None:
    play(
        here,
        [
            Filing(reporter="mona", about=("tom",)),
            Click("ben", ids.OPEN),
            Click("ben", ids.TAB, "log"),
            Click("amina", ids.OPEN),
            Click("ben", ids.CLAIM),
        ],
    )
    log = acts(here, "ben")
    assert log[0] == ("reporter", "filed")
    assert log.count(("amina", "opened")) == 1
    assert log.count(("ben", "opened")) >= 3  # each look is one: the report, the tab, and the report once claimed
    assert ("ben", "claimed") in log
    before = len(log)
    play(
        here,
        [
            Write("ben", ids.NOTE),
            Write("ben", ids.MESSAGE),
            Write("mona", ids.MORE),
            Write("mona", ids.DETAILS),
            AddPeople("ben", ("nadia",), ("tom",)),
            ChooseReaders("mona", ("chloe",)),
            Click("mona", ids.SHOW_NAME),
            Click("ben", ids.RELEASE),
            Write("ben", ids.CLOSING),
            Click("ben", ids.REOPEN),
            Click("amina", ids.STEP_BACK),
        ],
    )
    new = [row for row in acts(here, "ben")[before:] if row[1] != "opened"]
    assert new == [
        ("ben", "wrote a note"),
        ("ben", "wrote to the reporter"),
        ("reporter", "added something"),
        ("reporter", "added details"),
        ("ben", "added people"),
        ("reporter", "changed who can read"),
        ("reporter", "showed their name"),
        ("ben", "released"),
        ("ben", "closed"),
        ("ben", "reopened"),
        ("amina", "stepped back"),
    ]
    assert verdict(here).broken_at is None


def test_a_look_that_was_refused_leaves_no_mark_in_the_reports_log(here: World) -> None:
    play(here, [Filing(reporter="mona", about=("amina",))])
    before = acts(here, "ben")
    play(here, [Click("amina", ids.OPEN), Click("tom", ids.CLAIM), Write("nadia", ids.NOTE)])
    assert acts(here, "ben") == before


def test_a_report_cannot_be_looked_at_when_the_look_cannot_be_logged(here: World) -> None:
    play(here, [Filing(reporter="mona")])
    with another_program(here.c.settings.database_url) as db:
        db.execute(text("ALTER TABLE audit_entry RENAME TO hidden"))
        play(here, [Click("ben", ids.OPEN)])
        modal = here.person("ben").modal
        assert modal is not None
        assert "We could not save this" in modal.text
        assert not [word for word in here.words.made if word in modal.text]
        db.execute(text("ALTER TABLE hidden RENAME TO audit_entry"))


def long_log(here: World) -> int:
    """How many entries a story with an erased report left."""
    play(
        here,
        [
            Filing(reporter="mona", about=("tom",)),
            Click("ben", ids.OPEN),
            Write("ben", ids.NOTE),
            Retire("chloe"),
            Write("ben", ids.CLOSING),
            Wait(24 * here.c.settings.keep_closed_days),
            Wait(25),
        ],
    )
    with here.c.bot.records.database.read() as session:
        assert here.report_id is not None
        assert here.c.bot.records.reports.open_as_caretaker(session, here.report_id) is None
    return verdict(here).entries


def test_the_chain_still_verifies_when_a_report_is_erased(here: World) -> None:
    assert long_log(here) >= 7
    assert verdict(here).broken_at is None


def test_altering_any_column_of_any_row_breaks_the_chain_at_that_row(here: World) -> None:
    entries = long_log(here)
    with another_program(here.c.settings.database_url) as db:
        for number in range(1, entries + 1):
            this = AuditEntry.id == number
            row = db.execute(select(AuditEntry.__table__).where(this)).one()
            altered = {
                "at": row.at - timedelta(microseconds=1),
                "subject": UUID(int=0),
                "sealed": row.sealed[:20] + bytes([row.sealed[20] ^ 1]) + row.sealed[21:],
                "mac": bytes([row.mac[0] ^ 1]) + row.mac[1:],
            }
            for column, value in altered.items():
                db.execute(update(AuditEntry).where(this).values({column: value}))
                assert verdict(here).broken_at == number, (number, column)
                db.execute(update(AuditEntry).where(this).values({column: row._mapping[column]}))
        assert verdict(here).broken_at is None


def test_a_row_taken_out_or_put_in_or_cut_off_the_end_breaks_the_chain_there(here: World) -> None:
    entries = long_log(here)
    with another_program(here.c.settings.database_url) as db:
        for number in range(1, entries + 1):
            row = db.execute(select(AuditEntry.__table__).where(AuditEntry.id == number)).one()._asdict()
            db.execute(delete(AuditEntry).where(AuditEntry.id == number))
            assert verdict(here).broken_at == (number + 1 if number < entries else number)
            db.execute(insert(AuditEntry).values(row))
        assert verdict(here).broken_at is None
        db.execute(insert(AuditEntry).values({**row, "id": entries + 1}))
        assert verdict(here).broken_at == entries + 1
        db.execute(delete(AuditEntry).where(AuditEntry.id == entries + 1))
        for before, after in ((1, -1), (2, 1), (-1, 2)):
            db.execute(update(AuditEntry).where(AuditEntry.id == before).values(id=after))
        assert verdict(here).broken_at == 1
