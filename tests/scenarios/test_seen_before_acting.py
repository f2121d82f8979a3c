"""Nobody ends anything against words they have not seen: the window comes back with them, and what was typed too."""

from uuid import UUID

import pytest

from gpbot.guidelines.types import Where
from gpbot.practice.person import Person
from gpbot.proposals import ids as proposal_ids
from gpbot.proposals.types import Proposed, WrittenSince
from gpbot.proposals.types import State as ProposalState
from gpbot.questions import ids as question_ids
from gpbot.questions.types import Asking
from gpbot.reports import ids, views
from gpbot.reports.cases import Cases
from gpbot.reports.shown import Shown
from gpbot.reports.types import Entry, EntryKind, Outcome, State
from tests.clocks import MONDAY
from tests.promises.worlds import choice_state, people_state, submit, text_state
from tests.scenarios.doing import add, report_of, shown
from tests.stage import Stage

PLEASE = "Please do not speak with her, I am afraid."
DONE = "We spoke with everybody."


def state_of(community: Stage, report_id: UUID) -> State:
    reports = community.bot.records.reports
    with community.bot.records.database.read() as session:
        standing = reports.open_as_caretaker(session, report_id)
    assert standing is not None
    return standing.state


def fill_closing(ben: Person) -> None:
    ben.fill("Why", "Nothing here")
    ben.fill("What the reporter will read", DONE)


def test_closing_against_words_that_came_meanwhile_closes_nothing(community: Stage) -> None:
    community.report(community.mona)
    report_id = report_of(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Close report")
    assert "Please read this" not in shown(community.ben)
    fill_closing(community.ben)
    add(community, community.mona, PLEASE)
    community.ben.submit()
    community.settle()

    assert state_of(community, report_id) is State.OPEN
    window = shown(community.ben)
    assert "This is not closed." in window
    assert window.index(PLEASE) < window.index(DONE)
    assert "Nothing here is against the guidelines" in window
    community.ben.submit()
    community.settle()
    assert state_of(community, report_id) is State.CLOSED


def test_the_form_shows_what_its_case_had_not_shown(community: Stage) -> None:
    """On the tab in front of them words behind another tab are unseen, however long they have been there."""
    community.report(community.mona)
    add(community, community.mona, PLEASE)
    community.open_stub(community.ben)
    assert PLEASE not in shown(community.ben)
    community.press(community.ben, "Close report")
    assert PLEASE in shown(community.ben)
    community.press(community.ben, "Back")
    assert PLEASE in shown(community.ben)
    community.press(community.ben, "Report")
    community.press(community.ben, "Close report")
    assert PLEASE not in shown(community.ben)  # it had been shown in this window


def test_another_champions_note_is_read_first_and_ones_own_is_not_news(community: Stage) -> None:
    community.report(community.mona)
    report_id = report_of(community.mona)
    cases = Cases.beside(community.bot.records.timers)
    community.open_stub(community.ben)
    community.press(community.ben, "Close report")
    fill_closing(community.ben)
    cases.note(community.chloe.id, report_id, "I am speaking with her tomorrow.")
    cases.note(community.ben.id, report_id, "Mine.")
    community.ben.submit()
    community.settle()
    assert "I am speaking with her tomorrow." in shown(community.ben)
    assert "Mine." not in shown(community.ben)
    assert state_of(community, report_id) is State.OPEN


def test_a_window_of_the_earlier_release_closes_as_it_did(community: Stage) -> None:
    """It carries the report alone."""
    community.report(community.mona)
    report_id = report_of(community.mona)
    add(community, community.mona, PLEASE)
    form = {
        views.TEXT: {views.TEXT: text_state(DONE)},
        views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
    }
    submit(community.ben, ids.CLOSING, f"{report_id}:{Shown()}", form)
    assert state_of(community, report_id) is State.OPEN  # the control
    submit(community.ben, ids.CLOSING, str(report_id), form)
    assert state_of(community, report_id) is State.CLOSED


def test_withdrawing_while_an_answer_comes_withdraws_nothing(community: Stage) -> None:
    community.report(community.mona)
    report_id = report_of(community.mona)
    community.open_stub(community.mona)
    cases = Cases.beside(community.bot.records.timers)
    cases.look(community.ben.id, report_id)
    cases.write_to_reporter(community.ben.id, report_id, "We can meet you on Friday.")
    community.press(community.mona, "Withdraw")
    assert "This has changed since" in shown(community.mona)
    assert "We can meet you on Friday." in shown(community.mona)
    assert state_of(community, report_id) is State.OPEN
    community.press(community.mona, "Withdraw")
    assert state_of(community, report_id) is State.CLOSED


def test_a_name_is_shown_to_those_alone_whom_the_window_listed(community: Stage) -> None:
    community.report(community.mona, keep_out=[community.chloe])
    community.open_stub(community.mona)
    own = community.bot.records
    report_id = report_of(community.mona)
    submit(community.mona, ids.READERS, f"{report_id}:{community.chloe.id}", {})  # in another window of hers
    community.press(community.mona, "Show my name")
    assert "This has changed since" in shown(community.mona)
    assert "Chloe Martin" in shown(community.mona)
    with own.database.read() as session:
        assert not own.reports.open_as_reader(session, report_id, community.ben.id).head.show_name
    community.press(community.mona, "Show my name")
    assert "They can now see your name." in shown(community.mona)


# --- questions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def question_id(community: Stage) -> UUID:
    form = {"question": {"question": text_state("Where is the list of partner shelters?")}}
    submit(community.mona, question_ids.FORM, "one", form)
    community.settle()
    return community.bot.records.questions.store.id_for(community.mona.id, "one")


def test_an_answer_to_less_than_was_asked_is_not_sent(community: Stage, question_id: UUID) -> None:
    questions = community.bot.records.questions
    community.ben.send_action(question_ids.WRITE_ANSWER, str(question_id))
    community.settle()
    community.ben.fill("Answer", "It is pinned.")
    questions.add(community.mona.id, question_id, PLEASE)
    community.ben.submit()
    community.settle()
    window = shown(community.ben)
    assert "Nothing is sent yet." in window
    assert window.index(PLEASE) < window.index("It is pinned.")
    assert not questions.show_again(community.mona.id, question_id).answered
    community.ben.submit()
    community.settle()
    assert questions.show_again(community.mona.id, question_id).answered


def test_the_form_shows_what_a_card_or_another_champion_has_not(community: Stage, question_id: UUID) -> None:
    """A card has the question alone."""
    questions = community.bot.records.questions
    questions.answer(community.chloe.id, question_id, "Ask in the channel.")
    community.ben.send_action(question_ids.WRITE_ANSWER, str(question_id))
    community.settle()
    assert "Ask in the channel." in shown(community.ben)
    community.look_away(community.ben)
    community.ben.send_action(question_ids.OPEN, str(question_id))
    community.settle()
    community.press(community.ben, "Answer")
    assert "Ask in the channel." not in shown(community.ben)
    community.ben.fill("Start from", "The guidelines say")
    community.settle()
    assert "The guidelines say this" in shown(community.ben)


@pytest.mark.parametrize("ends", ["Close question", "Withdraw"])
def test_a_question_answered_meanwhile_is_not_ended(community: Stage, question_id: UUID, ends: str) -> None:
    questions = community.bot.records.questions
    community.mona.send_action(question_ids.OPEN, str(question_id))
    community.settle()
    questions.answer(community.ben.id, question_id, "It is pinned.")
    community.press(community.mona, ends)
    assert "An answer came" in shown(community.mona)
    assert "It is pinned." in shown(community.mona)
    assert questions.show_again(community.mona.id, question_id).answered
    community.press(community.mona, ends)
    assert {"Close question": "Closed.", "Withdraw": "It is erased"}[ends] in shown(community.mona)


# --- proposals, and concerns about them --------------------------------------------------------------------------


ANSWER = "Nobody has the time to look after it after all."


@pytest.fixture
def proposal_id(community: Stage) -> UUID:
    """Asked about, and not answered yet."""
    records, tom = community.bot.records, community.tom.id
    records.guidelines.publish("# Be kind", is_major=True, changes="", attribution="", by="operator")
    records.guidelines.accept(tom, 1, Where.WINDOW)
    proposal = records.proposals.propose(tom, "one", Proposed(purpose="Flats.", name="flats"))
    records.proposals.ask(community.chloe.id, proposal.id, "Who looks after it?")
    community.settle()
    return proposal.id


def test_what_a_window_carries_of_a_question_does_not_count_the_others(community: Stage) -> None:
    questions = community.bot.records.questions
    carried = []
    for who in (community.mona, community.nadia, community.tom):
        asked = questions.ask(who.id, f"asked by {who.id}", Asking(what="Who can help with letters?"))
        questions.answer(community.ben.id, asked.id, "Nadia can.")
        carried.append([entry.id for entry in questions.look(who.id, asked.id).entries])
    assert carried == [[1, 2]] * 3


def test_what_was_written_about_it_meanwhile_is_read_before_it_is_approved(community: Stage, proposal_id: UUID) -> None:
    ben, proposals = community.ben, community.bot.records.proposals
    ben.send_action(proposal_ids.OPEN, str(proposal_id))
    community.settle()
    proposals.answer(community.tom.id, proposal_id, ANSWER)
    community.press(ben, "Approve")
    assert WrittenSince.words in shown(ben)
    assert ANSWER in shown(ben)
    assert proposals.look(proposal_id).approvers == ()
    community.press(ben, "Approve")
    assert proposals.look(proposal_id).state.is_decided


def test_it_is_not_declined_against_an_answer_that_came_meanwhile(community: Stage, proposal_id: UUID) -> None:
    ben, proposals = community.ben, community.bot.records.proposals
    ben.send_action(proposal_ids.OPEN, str(proposal_id))
    community.settle()
    community.press(ben, "Decline")
    assert WrittenSince.words not in shown(ben)
    ben.fill("Why not", "Nobody said who looks after it.")
    proposals.answer(community.tom.id, proposal_id, ANSWER)
    ben.submit()
    community.settle()
    window = shown(ben)
    assert WrittenSince.words in window
    assert window.index(ANSWER) < window.index("Nobody said who looks after it.")
    assert not proposals.look(proposal_id).state.is_decided
    ben.submit()
    community.settle()
    assert proposals.look(proposal_id).state is ProposalState.DECLINED


@pytest.mark.parametrize("carried", ["", ":0", ":999", ":seen0"])
def test_a_button_of_an_earlier_release_decides_as_it_did_or_counts_as_nothing_seen(
    community: Stage, proposal_id: UUID, carried: str
) -> None:
    """It carries the proposal alone, or a number among the events of all proposals; the last says nothing was seen."""
    proposals = community.bot.records.proposals
    proposals.answer(community.tom.id, proposal_id, ANSWER)
    community.ben.send_action(proposal_ids.APPROVE, f"{proposal_id}{carried}")
    community.settle()
    assert proposals.look(proposal_id).state.is_decided is (carried == "")


def test_what_a_window_carries_of_a_proposal_does_not_count_the_others(community: Stage, proposal_id: UUID) -> None:
    records, ben, nadia = community.bot.records, community.ben, community.nadia
    records.guidelines.accept(nadia.id, 1, Where.WINDOW)
    other = records.proposals.propose(nadia.id, "two", Proposed(purpose="Songs.", name="songs")).id
    for asked in ("What for?", "When?"):
        records.proposals.ask(ben.id, other, asked)
        records.proposals.answer(nadia.id, other, "On Mondays.")
    records.proposals.answer(community.tom.id, proposal_id, ANSWER)
    for each, said in ((proposal_id, 2), (other, 4)):
        ben.send_action(proposal_ids.OPEN, str(each))
        community.settle()
        assert ben.modal is not None
        values = {control.element.get("value") for control in ben.modal.controls}
        assert values <= {str(each), f"{each}:seen{said}"}
        community.press(ben, "Decline")
        assert ben.modal.raw["private_metadata"] == f"{each}:seen{said}"
        community.look_away(ben)


def test_a_refusal_to_make_a_report_of_a_concern_is_in_its_log_and_one_that_tells_nothing_is_not(
    community: Stage, proposal_id: UUID
) -> None:
    records, ben = community.bot.records, community.ben
    records.concerns.raise_one(community.mona.id, proposal_id, "form", "It ended in quarrels before.")
    community.settle()
    [worry] = records.concerns.waiting(ben.id)
    about_me = {proposal_ids.ABOUT: {proposal_ids.ABOUT: people_state([ben.id])}}
    for who in (ben, community.nadia, community.tom):
        submit(who, proposal_ids.CONVERT, str(worry.id), about_me)
    community.settle()
    with records.database.read() as session:
        concern = records.proposals.store.open_concern(session, worry.id, ben.id)
        log = records.audit.of(session, worry.id, concern.key, limit=100)
    assert [(each.actor, each.act) for each in log if "tried" in each.act] == [
        (ben.id, "concern.tried to make it a report")
    ]
    assert [each.id for each in records.concerns.waiting(ben.id)] == [worry.id]


# --- the numbers a window carries ------------------------------------------------------------------------------------


def entry(number: int, kind: EntryKind, author: str = "") -> Entry:
    return Entry(id=number, at=MONDAY, kind=kind, author=author, text="")


def test_each_part_of_a_case_is_shown_for_itself() -> None:
    entries = [
        entry(1, EntryKind.REPORT),
        entry(2, EntryKind.ADDITION),
        entry(3, EntryKind.NOTE, "U0BEN"),
        entry(4, EntryKind.NOTE, "U0CHLOE"),
        entry(5, EntryKind.DETAILS),
    ]
    seen = Shown().also([entries[0], entries[4]])
    assert [each.id for each in seen.unseen(entries, "U0BEN")] == [2, 4]
    assert Shown.read(["report", str(seen)]) == seen
    assert seen.also([entries[3]]).also(entries[:2]).unseen(entries, "U0BEN") == ()


@pytest.mark.parametrize("carried", [[], [""], ["s1.2"], ["s1.2.3.4"], ["s-1.2.3"], [f"s{10**30}.0.0"], ["x"]])
def test_what_is_no_such_number_is_none(carried: list[str]) -> None:
    assert Shown.read(carried) is None


def test_closing_needs_no_window_where_there_is_none(community: Stage) -> None:
    community.report(community.mona)
    report_id = report_of(community.mona)
    assert Cases.beside(community.bot.records.timers).close(community.ben.id, report_id, Outcome.RESOLVED, DONE) == ()
