"""However many channels there are, nothing anybody waits for looks through all of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text

from benchmarks import people, plans, rows, servers
from gpbot.bootstrap import Records, open_records
from gpbot.directory.models import ChannelRow
from gpbot.people.members import member_called
from gpbot.people.models import Person
from gpbot.proposals.models import ProposalRow, StewardRow
from gpbot.quiet import store
from gpbot.quiet.models import QuietChannelRow, QuietQuestionRow
from gpbot.settings import load_settings
from tests.databases import KINDS, fresh_database
from tests.opening.rig import filled

COUNT = 3000
OFFERED_OF = 1000  # one in so many waits for the champions
AMINA = people.CHAMPIONS[0]
STEWARD = "UMEMBER0000020"
TABLES = {"quiet_channel", "quiet_question", "proposal", "proposal_steward", "channel", "person", "job"}


@pytest.fixture(scope="module", params=KINDS)
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """Enough channels that a database prefers an index where it can use one; nobody has written in a third of them."""
    with fresh_database(request.param, tmp_path_factory.mktemp("grown")) as url:
        settings = load_settings(servers.environment("http://127.0.0.1:9/api/", url))
        records = open_records(replace(settings, quiet_channel_days=60))
        rows.settle_roster(records)
        rows.fill_members(records, 2000, accepted=True)
        _fill(records)
        yield records
        records.database.close()


def _fill(records: Records) -> None:
    now = records.database.clock.now()
    with records.database.begin() as session:
        steward = member_called(session, STEWARD)
        assert steward is not None
        proposals, channels, watched, stewards = [], [], [], []
        for number in range(COUNT):
            proposal_id, channel_id = uuid4(), f"C{number:08}"
            known = {"id": proposal_id, "proposer_id": steward.person_id, "name": f"c-{number}", "state": "opened"}
            proposals.append(filled(ProposalRow, known))
            channels.append(filled(ChannelRow, {"id": channel_id, "name": f"c-{number}"}))
            stewards.append({"proposal_id": proposal_id, "person_id": steward.person_id, "position": 0})
            is_offered = number % OFFERED_OF == 0
            watched.append(
                {
                    "proposal_id": proposal_id,
                    "channel_id": channel_id,
                    "state": "offered" if is_offered else "watched",
                    "since": now - timedelta(days=90 if number % 3 == 0 else number % 50),
                    "round": int(is_offered),
                    "began_at": now - timedelta(days=20) if is_offered else None,
                    "reason": "silence" if is_offered else None,
                }
            )
        session.execute(insert(ProposalRow), proposals)
        session.execute(insert(ChannelRow), channels)
        session.execute(insert(StewardRow), stewards)
        session.execute(insert(QuietChannelRow), watched)
        others = session.scalars(select(Person.id).where(Person.id != steward.person_id)).all()
        asked = [
            {
                "proposal_id": row["proposal_id"],
                "person_id": steward.person_id if row["state"] == "offered" else others[number % len(others)],
            }
            for number, row in enumerate(watched)  # what was asked before stays until the next question
        ]
        session.execute(insert(QuietQuestionRow), asked)
    with records.database.engine.execution_options(gpbot_writes=True).begin() as connection:
        connection.execute(text("ANALYZE"))


def scans(grown: Records, act: Callable[[], object]) -> dict[str, set[str]]:
    return plans.scans(grown.database.engine, act, TABLES)


def silent(grown: Records) -> list[UUID]:
    until = grown.database.clock.now() - timedelta(days=60)
    with grown.database.read() as session:
        return list(store.silent(session, until, but_not=["C00000001"], limit=50))


def test_a_day_looks_at_what_is_due_alone(grown: Records) -> None:
    def day() -> None:
        grown.quiet.begin()
        grown.quiet.day()

    assert scans(grown, day) == {}
    with grown.database.read() as session:
        assert grown.outbox.count_waiting(session) == 100  # as far as it counts


def test_a_channel_that_is_looked_at_asked_about_and_decided_scans_nothing(grown: Records) -> None:
    quiet = grown.quiet
    first, second, third = silent(grown)[:3]

    def act() -> None:
        for proposal_id in (first, second, third):
            look = quiet.to_look(proposal_id)
            assert look is not None
            quiet.looked(look, look.at if proposal_id == third else None)
        quiet.keep(STEWARD, first, 1)
        quiet.let_go(STEWARD, second, 1)
        quiet.archive(AMINA, second, 1)
        assert quiet.to_archive(second, 1) is not None
        with grown.database.begin() as session:
            quiet.could_not_archive(session, second, 1, "restricted_action")
        quiet.decide_to_keep(AMINA, second, 1)
        quiet.was_archived("C00000007")
        quiet.came_back("C00000007")

    assert scans(grown, act) == {}


def test_what_people_see_scans_nothing(grown: Records) -> None:
    def look() -> None:
        assert len(grown.quiet.waiting(AMINA)) == COUNT // OFFERED_OF
        grown.quiet.asked_of(STEWARD)

    assert scans(grown, look) == {}


def test_somebody_who_leaves_is_looked_for_among_their_own_questions(grown: Records) -> None:
    def leave() -> None:
        with grown.database.begin() as session:
            member = member_called(session, STEWARD)
            assert member is not None
            grown.quiet.left(session, member)

    assert scans(grown, leave) == {}
