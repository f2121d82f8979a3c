"""However many reports there are, nothing anybody waits for looks through a whole table."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from benchmarks import people, plans, rows, servers
from gpbot.bootstrap import Records, open_records
from gpbot.outbox import store as jobs
from gpbot.people.types import Kind, Profile
from gpbot.reports.cases import Cases
from gpbot.reports.filing import Filing
from gpbot.reports.own import OwnReports
from gpbot.reports.timers import COMPARED_AT_ONCE
from gpbot.reports.types import Filled, Outcome, OwnReport, Page, Review, Ticks
from gpbot.settings import load_settings

COUNT = 1500
AMINA = people.CHAMPIONS[0]
MONA = "UMONA0001"


@pytest.fixture
def grown(database_url: str) -> Iterator[Records]:
    """Enough reports that a database prefers an index where it can use one."""
    records = open_records(load_settings(servers.environment("http://127.0.0.1:9/api/", database_url)))
    rows.settle_roster(records)
    rows.fill_members(records, COUNT, accepted=True)
    rows.fill(records, COUNT)
    yield records
    records.database.close()


def file_one(records: Records) -> UUID:
    filing = Filing.beside(records.timers)
    review = filing.review(MONA, Filled(what="He shouts at me.", about_ids=("UTOM00001",)), None, user_name="mona")
    assert isinstance(review, Review)
    report = filing.file(MONA, review.draft.id, Ticks(), revision=review.revision, user_name="mona")
    assert isinstance(report, OwnReport)
    return report.report_id


def test_the_check_itself_finds_a_scan(grown: Records) -> None:
    def look_through_everything() -> None:
        with grown.database.read() as session:
            session.execute(text("SELECT count(*) FROM report WHERE opened_at = claimed_at")).all()

    assert list(plans.scans(grown.database.engine, look_through_everything).values()) == [{"report"}]


def test_app_home_and_the_desk_scan_nothing(grown: Records) -> None:
    cases, own = Cases.beside(grown.timers), OwnReports.beside(grown.timers)

    def look() -> None:
        for champion in (AMINA, rows.LEFT_OUT, people.CONTACTS[0], MONA):
            for closed in (False, True):
                page = cases.waiting(champion, closed=closed)
                cases.waiting(champion, closed=closed, cursor=page.next)
        page = own.all(rows.BUSY_MEMBER)
        assert page.next
        own.all(rows.BUSY_MEMBER, cursor=page.next)

    assert plans.scans(grown.database.engine, look) == {}


def test_sending_and_handling_a_report_scans_nothing(grown: Records) -> None:
    cases, own = Cases.beside(grown.timers), OwnReports.beside(grown.timers)

    def act() -> None:
        report_id = file_one(grown)
        cases.look(AMINA, report_id)
        cases.note_window(AMINA, "V1", report_id)
        cases.claim(AMINA, report_id)
        cases.note(AMINA, report_id, "I will write to her.", once="1")
        cases.write_to_reporter(AMINA, report_id, "Thank you.", once="2")
        cases.look(AMINA, report_id, with_log=True)
        own.look(MONA, report_id)
        own.add(MONA, report_id, "There is more.", once="3")
        own.change_readers(MONA, report_id, tick=[rows.LEFT_OUT], untick=[])
        own.change_readers(MONA, report_id, tick=[], untick=[rows.LEFT_OUT])
        cases.release(AMINA, report_id)
        cases.close(AMINA, report_id, Outcome.RESOLVED, "We have spoken with him.", once="4")
        own.add(MONA, report_id, "Again.", once="5")
        own.withdraw(MONA, report_id)

    assert plans.scans(grown.database.engine, act) == {}


def test_what_happens_as_time_passes_scans_nothing(grown: Records) -> None:
    timers, outbox = grown.timers, grown.outbox
    report_id = file_one(grown)

    def pass_time() -> None:
        timers.stubs_over(report_id)
        timers.unclaimed(report_id, "")
        timers.remind(report_id, "")
        timers.forget(report_id)
        timers.forget_overdue()
        timers.roster_changed([AMINA])
        timers.compare_overdue()
        timers.compare([AMINA], None)
        with grown.database.begin() as session:
            now = grown.database.clock.now()
            assert jobs.claim(session, now, 4)
            jobs.next_due(session, now)
            jobs.forget(session, now)
            outbox.health(session)
            outbox.count_waiting(session)
            outbox.dead(session)
            outbox.waiting(session)

    assert plans.scans(grown.database.engine, pass_time) == {}


def test_comparing_all_with_a_new_name_scans_nothing_and_compares_each_once(grown: Records) -> None:
    cases, timers = Cases.beside(grown.timers), grown.timers
    file_one(grown)

    def rename() -> None:
        profile = Profile(
            slack_id=AMINA, display_name="", real_name="Zora Blue", title="", deactivated=False, kind=Kind.MEMBER
        )
        grown.people.follow([profile])
        assert cases.waiting(AMINA).lines == ()  # until they were compared
        timers.compare([AMINA], None)

    assert plans.scans(grown.database.engine, rename) == {}
    batches = 1
    while (after := to_go_on(grown)) is not None:
        timers.compare([AMINA], after)
        batches += 1
    assert batches == (COUNT + 1) // COMPARED_AT_ONCE + 1
    assert len(cases.waiting(AMINA).lines) > 0


def to_go_on(records: Records) -> tuple[int, UUID] | None:
    """Where the next batch begins; the rows of this test share one key, so each opens."""
    with records.database.read() as session:
        found = records.reports.behind(session, records.people.roster().version, after=None, most=1)
    return (-1, found[0][1]) if found else None


def test_a_list_is_the_same_however_many_are_passed_over(grown: Records) -> None:
    """A champion left out of every second report pages through the others, each once."""
    cases = Cases.beside(grown.timers)

    def every(champion: str) -> list[UUID]:
        found: list[UUID] = []
        page: Page | None = None
        while page is None or page.next:
            page = cases.waiting(champion, closed=True, cursor=page.next if page else None)
            found += [line.report_id for line in page.lines]
        return found

    all_closed = every(AMINA)
    assert len(all_closed) == len(set(all_closed)) == COUNT - COUNT // 100
    with grown.database.read() as session:
        left_out = {
            report_id
            for report_id in all_closed
            if grown.reports.is_excluded(grown.reports.open_as_reader(session, report_id, AMINA), rows.LEFT_OUT)
        }
    assert left_out
    assert every(rows.LEFT_OUT) == [report_id for report_id in all_closed if report_id not in left_out]
