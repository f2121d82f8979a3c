"""However many members there are, nothing anybody waits for looks through all of them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from benchmarks import people, plans, rows, servers
from gpbot.bootstrap import Records, open_records
from gpbot.guidelines.types import CAP, Where
from gpbot.people.models import HERE, Person
from gpbot.people.store import note_list_complete
from gpbot.people.types import Kind, Profile
from gpbot.settings import load_settings
from tests.databases import KINDS, fresh_database

COUNT = 4000
OUTSTANDING = COUNT // 20
AMINA = people.CHAMPIONS[0]
MONA = "UMEMBER0000020"  # has not agreed


@pytest.fixture(scope="module", params=KINDS)
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """Enough members that a database prefers an index where it can use one; one in twenty has not agreed."""
    with fresh_database(request.param, tmp_path_factory.mktemp("grown")) as url:
        settings = load_settings(servers.environment("http://127.0.0.1:9/api/", url))
        records = open_records(replace(settings, general_channel="C0GENERAL"))
        rows.settle_roster(records)
        rows.fill_members(records, COUNT, accepted=True)
        rows.fill(records, COUNT // 2)
        with records.database.begin() as session:
            note_list_complete(session, records.database.clock.now())
        yield records
        records.database.close()


def test_the_list_and_the_counts_scan_nothing(grown: Records) -> None:
    guidelines = grown.guidelines

    def look() -> None:
        assert guidelines.counts().accepted == CAP
        page = guidelines.outstanding(AMINA)
        assert page.next
        guidelines.outstanding(AMINA, page.next)
        line = page.lines[-1]
        guidelines.line(AMINA, line.member.person_id)
        guidelines.look_up(AMINA, [MONA, line.member.slack_id])

    assert plans.scans(grown.database.engine, look) == {}


def test_agreeing_and_being_marked_scans_nothing(grown: Records) -> None:
    guidelines = grown.guidelines

    def act() -> None:
        guidelines.standing(MONA)
        guidelines.accept(MONA, 1, Where.HOME)
        person = guidelines.outstanding(AMINA).lines[0].member.person_id
        guidelines.mark(AMINA, person, "They told me.")

    assert plans.scans(grown.database.engine, act) == {}


def test_the_member_list_is_taken_in_without_a_scan(grown: Records) -> None:
    def profile(number: int, *, deactivated: bool = False) -> Profile:
        slack_id = f"UMEMBER{number:07d}"
        return Profile(
            slack_id=slack_id, display_name="", real_name="", title="", deactivated=deactivated, kind=Kind.MEMBER
        )

    page = [profile(number, deactivated=number % 7 == 0) for number in range(COUNT - 100, COUNT + 100)]

    def take_in() -> None:
        with grown.database.begin() as session:
            grown.people.take_page(session, page, first_time=False)
        grown.people.follow([profile(1, deactivated=True)])
        grown.people.follow([profile(COUNT + 200)], joined=True)

    assert plans.scans(grown.database.engine, take_in) == {}


def test_a_campaign_scans_nothing(grown: Records) -> None:
    backfill = grown.backfill

    def tell() -> None:
        campaign_id = backfill.start(None, number=backfill.preview(None).number)
        backfill.feed(campaign_id, 0)
        backfill.pause(None, campaign_id)
        backfill.resume(None, campaign_id)
        backfill.feed(campaign_id, 1)
        backfill.failures(None, campaign_id)
        backfill.latest()
        backfill.cancel(None, campaign_id)

    assert plans.scans(grown.database.engine, tell) == {}


def test_the_list_holds_everybody_who_has_not_agreed_once(grown: Records) -> None:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = grown.guidelines.outstanding(AMINA, cursor)
        found += [line.member.slack_id for line in page.lines]
        cursor = page.next
    with grown.database.read() as session:
        expected = session.scalars(select(Person.slack_id).where(HERE, Person.accepted_number == 0)).all()
    assert sorted(found) == sorted(expected)
    assert len(found) > OUTSTANDING
