"""A review that is sent twice, or while something changes: in two processes at once, and in one window."""

from typing import Any

import pytest

from gpbot.questions import ids as question_ids
from gpbot.refusals import NotAvailable
from gpbot.reports.models import DraftRow, EntryRow, ReportRow
from gpbot.reports.types import EntryKind, OwnReport, Review, Ticks
from tests.promises.processes import (
    AMINA,
    BEN,
    CHLOE,
    EDITH,
    FARID,
    MONA,
    Process,
    a_form,
    at_once,
    raised,
    rename,
    who_reads,
)
from tests.promises.worlds import choice_state, submit, text_state
from tests.stage import Stage

Two = tuple[Process, Process]
NADIA = "U0NADIA"


def test_two_sends_of_one_draft_get_the_same_receipt(two: tuple[Process, Process]) -> None:
    one, other = two
    review = one.review(a_form())
    first, second = at_once((one, lambda: one.send(review)), (other, lambda: other.send(review)))
    assert isinstance(first.result(), OwnReport)
    assert second.result().report_id == first.result().report_id
    assert second.result().entries == first.result().entries
    with one.records.database.read() as session:
        assert session.query(ReportRow).count() == 1
        assert session.query(EntryRow).count() == 1


def test_the_same_form_sent_on_twice_is_one_draft(two: tuple[Process, Process]) -> None:
    one, other = two
    draft_id = one.records.reports.draft_id_for(MONA, "V0FORM")

    def review(process: Process) -> Any:
        return process.filing.review(MONA, a_form(), draft_id)

    first, second = at_once((one, lambda: review(one)), (other, lambda: review(other)))
    assert first.result().draft.id == second.result().draft.id
    with one.records.database.read() as session:
        assert session.query(DraftRow).count() == 1


def test_a_draft_that_is_being_sent_cannot_be_discarded(two: tuple[Process, Process]) -> None:
    one, other = two
    review = one.review(a_form())
    first, second = at_once(
        (one, lambda: one.send(review)), (other, lambda: other.filing.discard(MONA, review.draft.id))
    )
    assert isinstance(first.result(), OwnReport)
    assert second.result() is False


def test_a_draft_that_is_being_discarded_is_not_sent(two: tuple[Process, Process]) -> None:
    one, other = two
    review = one.review(a_form())
    first, second = at_once(
        (one, lambda: one.filing.discard(MONA, review.draft.id)), (other, lambda: other.send(review))
    )
    assert first.result() is True
    assert isinstance(second.exception(), NotAvailable)


def test_a_report_that_is_sent_while_its_only_reader_leaves_the_roster_finds_another(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    review = one.review(a_form(keep_out_ids=(AMINA, CHLOE)))
    assert [holder.slack_id for holder in review.readers] == [BEN]
    first, second = at_once(
        (one, lambda: one.send(review)), (other, lambda: other.records.people.remove_champion(BEN, by="operator"))
    )
    assert isinstance(first.result(), OwnReport)
    assert second.exception() is None
    other.records.timers.roster_changed([BEN])  # as the job does that the removal enqueues
    assert [holder.slack_id for holder in one.own.look(MONA, first.result().report_id).readers] == [EDITH]


def test_a_report_is_reviewed_again_when_its_only_reader_leaves_the_roster_while_it_is_sent(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    review = one.review(a_form(keep_out_ids=(AMINA, CHLOE)))
    first, second = at_once(
        (one, lambda: one.records.people.remove_champion(BEN, by="operator")), (other, lambda: other.send(review))
    )
    assert first.exception() is None
    again = second.result()
    assert isinstance(again, Review)
    assert [holder.slack_id for holder in again.readers] == [EDITH]


def test_a_report_sent_while_a_reader_takes_a_name_that_stands_in_it_is_kept_from_them(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    review = one.review(a_form(what="Zora keeps writing to me."))
    first, second = at_once((one, lambda: one.send(review)), (other, lambda: rename(other, BEN, "Zora Adeyemi")))
    report = first.result().report_id
    assert second.exception() is None
    assert who_reads(one, report) == {AMINA, CHLOE}  # before anything was compared
    assert isinstance(raised(lambda: other.cases.look(BEN, report)), NotAvailable)
    other.records.timers.compare([BEN], None)  # as the job does that the name enqueues
    assert who_reads(one, report) == {AMINA, CHLOE}
    told = [entry.text for entry in one.own.look(MONA, report).entries if entry.kind is EntryKind.STATUS]
    assert [text.partition(",")[0] for text in told] == ["Zora Adeyemi cannot read this from now on"]


def test_a_report_is_reviewed_again_when_a_reader_took_a_name_that_stands_in_it_while_it_is_sent(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    review = one.review(a_form(what="Zora keeps writing to me."))
    first, second = at_once((one, lambda: rename(one, BEN, "Zora Adeyemi")), (other, lambda: other.send(review)))
    assert first.exception() is None
    again = second.result()
    assert isinstance(again, Review)
    assert [holder.slack_id for holder in again.named] == [BEN]


# --- the list of the review --------------------------------------------------------------------------------------


def listed(review: Review, *ticked: str) -> Ticks:
    return Ticks(listed=tuple(each.slack_id for each in review.listed), ticked=ticked, none=not ticked)


@pytest.mark.parametrize("ticks", [((BEN,), ()), ((), (BEN,)), ((BEN,), (CHLOE,))])
def test_a_review_sent_twice_with_different_ticks_is_one_report_by_the_first_and_both_read_whose(
    two: Two, ticks: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    one, other = two
    review = one.review(a_form())

    def send(process: Process, ticked: tuple[str, ...]) -> Any:
        return process.filing.file(MONA, review.draft.id, listed(review, *ticked), revision=review.revision)

    first, second = at_once((one, lambda: send(one, ticks[0])), (other, lambda: send(other, ticks[1])))
    readers = {AMINA, BEN, CHLOE} - {*ticks[0]}
    report = first.result().report_id
    assert second.result().report_id == report
    assert {each.slack_id for each in first.result().readers} == readers
    assert {each.slack_id for each in second.result().readers} == readers  # as it is, not as they ticked
    assert who_reads(one, report) == readers
    with one.records.database.read() as session:
        assert (session.query(ReportRow).count(), session.query(EntryRow).count()) == (1, 1)


@pytest.mark.parametrize("sent", [(), (BEN,)])
def test_somebody_who_is_ticked_on_the_review_that_is_sent_is_kept_out_whatever_was_clicked_at_that_moment(
    two: Two, sent: tuple[str, ...]
) -> None:
    """In its state Send carries every tick there was when it was pressed; a click that comes late changes nothing."""
    one, other = two

    def click(process: Process, review: Review, *ticked: str) -> Any:
        return process.filing.tick(MONA, review.draft.id, listed(review, *ticked), revision=review.revision)

    def send(process: Process, review: Review) -> Any:
        return process.filing.file(MONA, review.draft.id, listed(review, *sent), revision=review.revision)

    clicked = set() if sent else {CHLOE}
    review = one.review(a_form())
    first, second = at_once((one, lambda: click(one, review, *clicked)), (other, lambda: send(other, review)))
    assert first.exception() is None
    assert who_reads(one, second.result().report_id) == {AMINA, BEN, CHLOE} - {*sent}
    review = one.review(a_form(what="And again."))
    first, second = at_once((one, lambda: send(one, review)), (other, lambda: click(other, review, *clicked)))
    assert second.result() is None
    assert who_reads(one, first.result().report_id) == {AMINA, BEN, CHLOE} - {*sent}
    with one.records.database.read() as session:
        assert session.query(DraftRow).count() == 0


def test_two_ticks_at_once_are_one_after_the_other_and_the_last_is_kept(two: Two) -> None:
    one, other = two
    review = one.review(a_form())

    def click(process: Process, *ticked: str) -> Any:
        return process.filing.tick(MONA, review.draft.id, listed(review, *ticked), revision=review.revision)

    first, second = at_once((one, lambda: click(one, BEN)), (other, lambda: click(other, BEN, CHLOE)))
    assert first.result().ticked == (BEN,)
    assert second.result().ticked == (BEN, CHLOE)
    assert one.filing.draft(MONA, review.draft.id).filled.keep_out_ids == (BEN, CHLOE)


def test_a_review_is_read_again_when_somebody_became_a_contact_while_it_was_sent(two: Two) -> None:
    """A role counts when Slack has said who holds it. In the other order the report is kept from them."""
    one, other = two

    def told(process: Process) -> None:
        rename(process, NADIA, "Nadia Haddad")

    review = one.review(a_form(what="Nadia keeps writing to me."))
    one.records.people.seed([], [NADIA, EDITH, FARID])
    assert NADIA not in {each.slack_id for each in review.listed}
    first, second = at_once((one, lambda: told(one)), (other, lambda: other.send(review)))
    assert first.exception() is None
    again = second.result()
    assert isinstance(again, Review)
    assert NADIA in again.ticked
    with one.records.database.read() as session:
        assert session.query(ReportRow).count() == 0
    one.records.people.seed([], [EDITH, FARID])

    review = one.review(a_form(what="Nadia keeps writing to me."))
    first, second = at_once(
        (one, lambda: one.send(review)), (other, lambda: other.records.people.seed([], [NADIA, EDITH, FARID]))
    )
    assert second.exception() is None
    other.records.timers.compare([NADIA], None)  # as the job does that the role enqueues
    with one.records.database.begin() as session:
        standing = one.records.reports.open_as_caretaker(session, first.result().report_id, to_write=True)
    assert standing is not None
    assert standing.next_contact is not None
    assert standing.next_contact.slack_id == EDITH


def test_somebody_who_became_a_champion_while_a_review_was_sent_is_not_among_its_readers(two: Two) -> None:
    one, other = two
    review = one.review(a_form())
    one.records.people.add_champion(NADIA, by="operator")
    first, second = at_once((one, lambda: rename(one, NADIA, "Nadia Haddad")), (other, lambda: other.send(review)))
    assert first.exception() is None
    sent = second.result()
    assert isinstance(sent, OwnReport)
    assert NADIA not in {each.slack_id for each in sent.readers}
    assert who_reads(one, sent.report_id) == {AMINA, BEN, CHLOE}
    assert isinstance(raised(lambda: one.cases.look(NADIA, sent.report_id)), NotAvailable)
    again = one.review(a_form(what="And again."))
    assert NADIA in {each.slack_id for each in again.readers}  # who is shown on the next one


# --- they know and agree -----------------------------------------------------------------------------------------


def test_a_public_answer_that_names_somebody_and_is_sent_twice_at_once_asks_once_and_is_posted_once(
    community: Stage,
) -> None:
    ben, questions = community.ben, community.bot.records.questions
    community.workspace.invite(community.general, community.app.bot_user_id)
    form: dict[str, Any] = {
        "question": {"question": text_state("Where is the list?")},
        "public": {"public": choice_state("yes")},
    }
    submit(community.mona, question_ids.FORM, "one", form)
    community.settle()
    question_id = questions.store.id_for(community.mona.id, "one")
    ben.send_action(question_ids.WRITE_ANSWER, str(question_id))
    community.settle()
    ben.fill("Answer", "Tom Reed keeps the list.")
    ben.fill("Post it in a channel too?", community.general)
    ben.submit(times=2, together=True)
    community.settle()
    assert not questions.show_again(community.mona.id, question_id).answered
    assert posted(community) == 0
    ben.fill("They know and agree", ["They know and agree that I send this"])
    ben.submit(times=2, together=True)
    community.settle()
    assert posted(community) == 1
    answers = [entry.text for entry in questions.show_again(community.mona.id, question_id).entries]
    assert answers.count("Tom Reed keeps the list.") == 1


def posted(community: Stage) -> int:
    return sum("Tom Reed keeps" in str(said.raw) for said in community.mona.read(community.general))
