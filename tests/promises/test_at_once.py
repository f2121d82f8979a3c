"""Two processes on one PostgreSQL at the same moment: the second finds what the first has done, as on SQLite."""

import subprocess
import sys
from dataclasses import fields
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from gpbot.audit.models import AuditHead
from gpbot.directory.types import Channel
from gpbot.guidelines.types import Where
from gpbot.onboarding.types import AlreadyWelcomed
from gpbot.opening.models import OpeningRow
from gpbot.outbox.models import JobRow
from gpbot.people import members as people
from gpbot.people.models import Role
from gpbot.people.types import CannotHoldRole, Kind, Profile
from gpbot.proposals.types import HasEnded, Proposed, State
from gpbot.questions.types import AnsweredSince, Asking
from gpbot.refusals import NotAvailable
from gpbot.reports.shown import Shown
from gpbot.reports.types import (
    AlreadyClaimed,
    EntryKind,
    IsClosed,
    Named,
    Outcome,
)
from gpbot.reports.types import State as ReportState
from gpbot.settings import Settings
from gpbot.tables import REVISION
from tests.databases import another_program, shared
from tests.promises.processes import AMINA, BEN, CHLOE, EDITH, FARID, MONA, ROSTER, Process, at_once, rename
from tests.running import ROOT


def test_of_two_claims_one_is_first_and_the_other_learns_whose(two: tuple[Process, Process]) -> None:
    one, other = two
    report = one.file()
    first, second = at_once(
        (one, lambda: one.cases.claim(BEN, report)), (other, lambda: other.cases.claim(CHLOE, report))
    )
    assert first.exception() is None
    lost = second.exception()
    assert isinstance(lost, AlreadyClaimed)
    assert lost.words == "Ben Adeyemi was first and has this one."


def test_two_champions_closing_close_it_once(two: tuple[Process, Process]) -> None:
    one, other = two
    report = one.file()

    def close(process: Process, who: str) -> None:
        process.cases.close(who, report, Outcome.RESOLVED, f"We spoke, says {who}.")

    first, second = at_once((one, lambda: close(one, BEN)), (other, lambda: close(other, CHLOE)))
    assert first.exception() is None
    assert isinstance(second.exception(), IsClosed)
    closings = [entry for entry in one.own.look(MONA, report).entries if entry.kind is EntryKind.CLOSING]
    assert [entry.text for entry in closings] == [f"We spoke, says {BEN}."]


def test_a_report_is_not_closed_against_words_that_are_being_added(two: tuple[Process, Process]) -> None:
    one, other = two
    report = one.file()
    seen = Shown().also(one.cases.look(BEN, report).entries)

    def close(process: Process) -> Any:
        return process.cases.close(BEN, report, Outcome.RESOLVED, "We spoke with her.", seen=seen)

    first, second = at_once(
        (one, lambda: one.own.add(MONA, report, "Please do not speak with her.")), (other, lambda: close(other))
    )
    assert first.exception() is None
    assert [entry.text for entry in second.result()] == ["Please do not speak with her."]
    assert one.cases.look(BEN, report).state is ReportState.OPEN
    seen = seen.also(second.result())
    first, second = at_once((one, lambda: close(one)), (other, lambda: other.own.add(MONA, report, "And thank you.")))
    assert first.result() == ()
    assert second.exception() is None
    assert one.cases.look(BEN, report).state is ReportState.OPEN  # words after it open it again


def test_a_question_is_not_answered_nor_closed_against_words_that_are_being_written(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    questions, others = one.records.questions, other.records.questions
    question = questions.ask(MONA, "one", Asking(what="Where is it?", may_be_public=True))
    asked = question.entries[-1].id
    first, second = at_once(
        (one, lambda: questions.add(MONA, question.id, "Please not in public.")),
        (other, lambda: others.answer(BEN, question.id, "Here.", channel_id="C0GENERAL", seen=asked)),
    )
    assert first.exception() is None
    assert [entry.text for entry in second.result()] == ["Please not in public."]
    assert owed(one, "question", "public") == 0
    newest = second.result()[-1].id
    first, second = at_once(
        (one, lambda: questions.answer(BEN, question.id, "Here.", seen=newest)),
        (other, lambda: others.close(MONA, question.id, seen=newest)),
    )
    assert first.result() == ()
    assert isinstance(second.exception(), AnsweredSince)


def test_a_report_opened_while_it_is_withdrawn_is_gone_and_withdrawn_while_it_is_opened_is_closed(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    report = one.file()
    first, second = at_once(
        (one, lambda: one.own.withdraw(MONA, report)), (other, lambda: other.cases.look(BEN, report))
    )
    assert first.result() is True
    assert isinstance(second.exception(), NotAvailable)
    report = one.file()
    first, second = at_once(
        (one, lambda: one.cases.look(BEN, report)), (other, lambda: other.own.withdraw(MONA, report))
    )
    assert first.result().report_id == report
    assert second.result() is False


def test_somebody_who_is_being_ruled_out_does_not_get_to_see_it(two: tuple[Process, Process]) -> None:
    one, other = two
    report = one.file()

    def name_chloe() -> bool:
        return one.cases.add_people(BEN, report, reported=[Named(slack_id=CHLOE)], harmed=[])

    first, second = at_once((one, name_chloe), (other, lambda: other.cases.look(CHLOE, report)))
    assert first.result() is True
    assert isinstance(second.exception(), NotAvailable)


def test_a_claim_by_somebody_who_steps_back_is_refused_or_ends(two: tuple[Process, Process]) -> None:
    one, other = two
    report = one.file()
    first, second = at_once(
        (one, lambda: one.cases.step_back(BEN, report)), (other, lambda: other.cases.claim(BEN, report))
    )
    assert first.exception() is None
    assert isinstance(second.exception(), NotAvailable)
    first, second = at_once(
        (one, lambda: one.cases.claim(CHLOE, report)), (other, lambda: other.cases.step_back(CHLOE, report))
    )
    assert (first.exception(), second.exception()) == (None, None)
    assert one.cases.look(AMINA, report).claimer is None


def test_words_added_while_somebody_they_name_gets_a_role_are_kept_from_them_in_either_order(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    nadia = "U0NADIA"

    def appoint(process: Process) -> None:
        """Slack's answer, which is asked for after the role was given, is here at once."""
        process.records.people.seed([], [nadia, EDITH, FARID])
        rename(process, nadia, "Nadia Haddad")

    def add(process: Process, report: UUID) -> None:
        process.own.add(MONA, report, "Nadia was there too.")

    first = one.file()
    ends = [*at_once((one, lambda: add(one, first)), (other, lambda: appoint(other)))]
    second = one.file()
    one.records.people.seed([], [EDITH, FARID])
    ends += [*at_once((one, lambda: appoint(one)), (other, lambda: add(other, second)))]
    assert [end.exception() for end in ends] == [None] * 4
    for report in (first, second):
        with one.records.database.begin() as session:
            standing = one.records.reports.open_as_caretaker(session, report, to_write=True)
        assert standing is not None
        assert standing.next_contact is not None
        assert standing.next_contact.slack_id == EDITH


def test_the_same_names_compared_in_two_processes_tell_the_reporter_once(two: tuple[Process, Process]) -> None:
    one, other = two
    report = one.file(what="Zora keeps writing to me.")
    rename(one, BEN, "Zora Adeyemi")
    ends = at_once(
        (one, lambda: one.records.timers.compare([BEN], None)),
        (other, lambda: other.records.timers.compare([BEN], None)),
    )
    assert [end.exception() for end in ends] == [None, None]
    told = [entry for entry in one.own.look(MONA, report).entries if entry.kind is EntryKind.STATUS]
    assert len(told) == 1


def test_the_same_reminder_in_two_processes_asks_one_contact_and_tells_the_reporter_once(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    report = one.file()
    with one.records.database.read() as session:
        standing = one.records.reports.open_as_caretaker(session, report)
    assert standing is not None
    since = standing.waiting_since
    for each in two:
        each.clock.advance(days=7)
    first, second = at_once(
        (one, lambda: one.records.timers.unclaimed(report, since)),
        (other, lambda: other.records.timers.unclaimed(report, since)),
    )
    assert (first.exception(), second.exception()) == (None, None)
    own = one.own.look(MONA, report)
    assert EDITH in [holder.slack_id for holder in own.readers]
    assert len([entry for entry in own.entries if entry.kind is EntryKind.STATUS]) == 1


def test_the_same_words_sent_twice_are_written_once(two: tuple[Process, Process]) -> None:
    one, other = two
    report = one.file()

    def write(process: Process) -> None:
        process.cases.note(BEN, report, "I rang them.", once="V0NOTE")

    first, second = at_once((one, lambda: write(one)), (other, lambda: write(other)))
    assert (first.exception(), second.exception()) == (None, None)
    assert [entry.text for entry in one.cases.look(AMINA, report).entries].count("I rang them.") == 1


def test_somebody_made_a_champion_twice_is_one_champion(two: tuple[Process, Process]) -> None:
    one, other = two
    first, second = at_once(
        (one, lambda: one.records.people.add_champion(MONA, by="operator")),
        (other, lambda: other.records.people.add_champion(MONA, by="operator")),
    )
    assert first.exception() is None
    assert isinstance(second.exception(), CannotHoldRole)


# --- arriving, and finding channels ----------------------------------------------------------------------------------


@pytest.fixture
def arriving(two: tuple[Process, Process]) -> tuple[Process, Process]:
    """Guidelines to which all but Mona have agreed, a channel, and Mona, who has just joined."""
    one, _ = two
    one.records.guidelines.publish("# Be kind", is_major=True, changes="", attribution="", by="operator")
    for who in ROSTER:
        one.records.guidelines.accept(who, 1, Where.WINDOW)
    one.records.directory.created(
        Channel(
            id="C0FLATS",
            name="flats",
            topic="",
            purpose="",
            is_archived=False,
            is_ours=False,
            created_at=one.clock.now(),
            members=1,
        )
    )
    join(one)
    return two


def join(process: Process) -> None:
    """Slack tells that Mona has joined."""
    mona = Profile(slack_id=MONA, display_name="", real_name="", title="", deactivated=False, kind=Kind.MEMBER)
    process.records.people.follow([mona], joined=True)


def owed(process: Process, kind: str, task: str) -> int:
    """How many jobs there are for one thing."""
    with process.records.database.read() as session:
        payloads = session.scalars(select(JobRow.payload).where(JobRow.kind == kind)).all()
    return sum(payload["task"] == task for payload in payloads)


def test_somebody_of_whom_two_processes_hear_that_they_joined_is_told_once(two: tuple[Process, Process]) -> None:
    one, other = two
    one.records.guidelines.publish("# Be kind", is_major=True, changes="", attribution="", by="operator")
    first, second = at_once((one, lambda: join(one)), (other, lambda: join(other)))
    assert (first.exception(), second.exception()) == (None, None)
    assert owed(one, "guidelines", "tell") == 1


def test_an_agreement_that_arrives_twice_begins_the_first_steps_once(arriving: tuple[Process, Process]) -> None:
    one, other = arriving

    def agree(process: Process) -> Any:
        return process.records.guidelines.accept(MONA, 1, Where.MESSAGE)

    first, second = at_once((one, lambda: agree(one)), (other, lambda: agree(other)))
    assert first.result().accepted == second.result().accepted
    assert (owed(one, "onboarding", "begin"), owed(one, "onboarding", "week")) == (1, 1)


def test_one_person_welcomes_whom_two_claim_and_the_other_is_told(arriving: tuple[Process, Process]) -> None:
    one, other = arriving
    one.records.onboarding.tell_why(MONA, "I run a drop-in.")
    with one.records.database.read() as session:
        [mona] = people.members(session, [MONA])
    first, second = at_once(
        (one, lambda: one.records.onboarding.claim(BEN, mona.person_id)),
        (other, lambda: other.records.onboarding.claim(CHLOE, mona.person_id)),
    )
    assert first.exception() is None
    assert isinstance(second.exception(), AlreadyWelcomed)
    arrival = one.records.onboarding.arrival(MONA)
    assert arrival is not None
    assert arrival.welcomed_by == BEN
    assert owed(one, "onboarding", "welcomed") == 1


def test_why_they_joined_sent_twice_is_one_card(arriving: tuple[Process, Process]) -> None:
    one, other = arriving

    def tell(process: Process) -> None:
        process.records.onboarding.tell_why(MONA, "I run a drop-in.")

    first, second = at_once((one, lambda: tell(one)), (other, lambda: tell(other)))
    assert (first.exception(), second.exception()) == (None, None)
    assert owed(one, "onboarding", "card") == 1


def test_channels_chosen_twice_at_the_same_moment_are_each_joined(arriving: tuple[Process, Process]) -> None:
    one, other = arriving

    def choose(process: Process, view: str) -> int:
        return process.records.onboarding.choose(MONA, ["C0FLATS"], view)

    first, second = at_once((one, lambda: choose(one, "V0ONE")), (other, lambda: choose(other, "V0OTHER")))
    assert {first.result(), second.result()} == {1, 2}
    assert owed(one, "onboarding", "join") == 2


def propose(process: Process) -> UUID:
    proposed = Proposed(purpose="Housing law.", name="housing-law")
    return process.records.proposals.propose(AMINA, "one", proposed).id


def test_a_proposal_that_is_sent_twice_is_posted_once(arriving: tuple[Process, Process]) -> None:
    one, other = arriving
    first, second = at_once((one, lambda: propose(one)), (other, lambda: propose(other)))
    assert first.result() == second.result()
    assert owed(one, "proposal", "post") == 1


def test_two_who_support_at_once_are_two_and_one_press_that_comes_twice_is_one(
    arriving: tuple[Process, Process],
) -> None:
    one, other = arriving
    proposal = propose(one)

    def support(process: Process, who: str) -> Any:
        return process.records.proposals.support(who, proposal, f"the click of {who}")

    first, second = at_once((one, lambda: support(one, BEN)), (other, lambda: support(other, CHLOE)))
    assert (first.result().supports, second.result().supports) == (True, True)
    assert one.records.proposals.look(proposal).supporters == 2
    first, second = at_once((one, lambda: support(one, EDITH)), (other, lambda: support(other, EDITH)))
    assert (first.result().supports, second.result().supports) == (True, True)
    assert one.records.proposals.look(proposal).supporters == 3


def test_a_channel_that_two_approve_at_once_is_opened_once(arriving: tuple[Process, Process]) -> None:
    one, other = arriving
    proposal = propose(one)
    first, second = at_once(
        (one, lambda: one.records.proposals.approve(BEN, proposal)),
        (other, lambda: other.records.proposals.approve(CHLOE, proposal)),
    )
    assert first.result().state is second.result().state is State.APPROVED
    assert first.result().approvers == second.result().approvers == (BEN,)
    with one.records.database.read() as session:
        assert session.query(OpeningRow).count() == 1


def test_support_that_comes_while_it_is_approved_is_counted_or_told_that_it_is_decided(
    arriving: tuple[Process, Process],
) -> None:
    one, other = arriving
    proposal = propose(one)
    first, second = at_once(
        (one, lambda: one.records.proposals.support(CHLOE, proposal, "a click")),
        (other, lambda: other.records.proposals.approve(BEN, proposal)),
    )
    assert (first.exception(), second.result().supporters) == (None, 1)
    third, fourth = at_once(
        (one, lambda: one.records.proposals.approve(BEN, proposal)),
        (other, lambda: other.records.proposals.support(EDITH, proposal, "another")),
    )
    assert third.exception() is None
    assert isinstance(fourth.exception(), HasEnded)


STARTS = """
from gpbot.bootstrap import open_records
from gpbot.settings import Settings

settings = Settings(**{told!r})
records = open_records(settings)
with records.database.without_hurry():
    records.people.seed(settings.champions, settings.escalation_contacts)
print(records.keyring.hash("any", "thing").hex())
records.database.close()
"""


def test_processes_that_start_at_once_on_an_empty_database_make_it_once(settings: Settings) -> None:
    with shared().database(fill=None) as url:
        told = {each.name: getattr(settings, each.name) for each in fields(settings)} | {"database_url": url}
        starts = [sys.executable, "-c", STARTS.format(told=told)]
        lives = [
            subprocess.Popen(starts, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  (our own lines)
            for _ in range(3)
        ]
        ended = [(*life.communicate(), life.returncode) for life in lives]
        assert [status for _, _, status in ended] == [0, 0, 0], ended
        assert len({said for said, _, _ in ended}) == 1
        with another_program(url) as looking:
            assert looking.scalars(text("SELECT version_num FROM alembic_version")).all() == [REVISION]
            assert len(looking.scalars(select(Role.id)).all()) == 5
            assert looking.scalars(select(AuditHead.entries)).all() == [1]
