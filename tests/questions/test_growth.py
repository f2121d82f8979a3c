"""However many questions there are, nothing anybody waits for looks through all of them."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from benchmarks import people, plans, rows, servers
from gpbot.bootstrap import Records, open_records
from gpbot.questions.types import Asking, Concern, Page
from gpbot.settings import load_settings
from tests.databases import KINDS, fresh_database

COUNT = 2000
AMINA, BEN = people.CHAMPIONS[:2]
MONA = "UMONA0001"


@pytest.fixture(scope="module", params=KINDS)
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """Enough questions that a database prefers an index where it can use one."""
    with fresh_database(request.param, tmp_path_factory.mktemp("grown")) as url:
        records = open_records(load_settings(servers.environment("http://127.0.0.1:9/api/", url)))
        rows.settle_roster(records)
        rows.fill_members(records, COUNT, accepted=True)
        rows.fill(records, COUNT)
        yield records
        records.database.close()


def ask_one(grown: Records) -> UUID:
    return grown.questions.ask(MONA, str(uuid4()), Asking(what="Where are the templates?", may_be_public=True)).id


def every(pages: Iterator[Page]) -> list[UUID]:
    return [line.id for page in pages for line in page.lines]


def test_the_lists_scan_nothing(grown: Records) -> None:
    questions = grown.questions

    def look() -> None:
        for viewer in (AMINA, people.CONTACTS[0], MONA):
            page = questions.open_list(viewer)
            questions.open_list(viewer, cursor=page.next)
        page = questions.own_list(rows.BUSY_MEMBER)
        assert page.next
        questions.own_list(rows.BUSY_MEMBER, cursor=page.next)

    assert plans.scans(grown.database.engine, look) == {}


def test_asking_and_answering_scans_nothing(grown: Records) -> None:
    questions = grown.questions

    def act() -> None:
        question_id = ask_one(grown)
        questions.look(MONA, question_id)
        questions.look(AMINA, question_id)
        questions.note_window(AMINA, "V1", question_id)
        questions.adopt_card(question_id, "1.1")
        questions.claim(AMINA, question_id)
        questions.release(AMINA, question_id)
        questions.answer(AMINA, question_id, "On the shelf.", channel_id="CGENERAL1", once="1")
        questions.add(MONA, question_id, "Which one?", once="2")
        questions.close(MONA, question_id)
        questions.reopen(MONA, question_id)
        questions.withdraw(MONA, question_id)
        questions.make_report(BEN, ask_one(grown), Concern(about_ids=("UTOM00001",)))
        questions.make_draft(MONA, ask_one(grown))

    assert plans.scans(grown.database.engine, act) == {}


def test_what_happens_as_time_passes_scans_nothing(grown: Records) -> None:
    questions = grown.questions
    question_id = ask_one(grown)

    def pass_time() -> None:
        questions.quiet(question_id, 0)
        questions.roster_changed()
        questions.forget(question_id)
        questions.forget_overdue()

    assert plans.scans(grown.database.engine, pass_time) == {}


def test_both_lists_hold_every_question_once(grown: Records) -> None:
    def pages(viewer: str, *, own: bool) -> Iterator[Page]:
        read = grown.questions.own_list if own else grown.questions.open_list
        page = read(viewer)
        yield page
        while page.next:
            page = read(viewer, cursor=page.next)
            yield page

    is_open, own = every(pages(AMINA, own=False)), every(pages(rows.BUSY_MEMBER, own=True))
    with grown.database.read() as session:
        assert sorted(is_open) == sorted(grown.questions.store.open_ones(session))
    assert len(is_open) >= COUNT // 100
    assert len(own) == len(set(own)) == COUNT // 100
