"""When the champions cannot: contacts in their order, nobody left, five working days, accounts and roles that go."""

from datetime import UTC, datetime

import pytest

from gpbot.bootstrap import build
from gpbot.clock import after_working_days
from gpbot.db import AnotherProcess
from gpbot.people.types import CannotHoldRole
from gpbot.practice.person import Person
from tests.clocks import MONDAY
from tests.databases import ON_SQLITE
from tests.scenarios.doing import (
    NOT_AVAILABLE,
    SOMETHING,
    close_report,
    direct_messages,
    knows_nothing,
    open_from_home,
    shown,
    stubs,
    waiting,
    write_to_reporter,
)
from tests.stage import HELP, Stage

WORDS = "He keeps writing to me at night."


def own_view(community: Stage, reporter: Person) -> str:
    open_from_home(community, reporter)
    return shown(reporter)


# Who is asked first.


def test_when_every_champion_is_excluded_the_first_contact_reads_it(community: Stage) -> None:
    community.review(community.mona, WORDS, about=community.champions)
    assert "*Edith Shaw (Fair Hearing) will read this*, outside the champions." in shown(community.mona)
    community.mona.submit()
    community.settle()

    assert len(stubs(community.edith)) == 1
    assert direct_messages(community.farid) == []
    for champion in community.champions:
        knows_nothing(champion, WORDS, SOMETHING)


def test_a_contact_who_is_accused_is_passed_over(community: Stage) -> None:
    community.report(community.mona, about=[*community.champions, community.edith])

    assert len(stubs(community.farid)) == 1
    assert direct_messages(community.edith) == []
    knows_nothing(community.edith, WORDS)


def test_outside_only_offers_the_contact_who_is_not_accused(community: Stage) -> None:
    mona = community.mona
    mona.command("/report")
    community.settle()
    mona.fill("What happened", WORDS)
    mona.fill("Who is it about", [community.edith])
    community.settle()
    assert "Send only to someone outside the champions — Farid Khan (Open Door)" in shown(mona)


def test_a_contact_whose_account_is_closed_is_passed_over(community: Stage) -> None:
    community.workspace.deactivate(community.edith)
    community.settle()
    community.report(community.mona, outside=True)

    assert len(stubs(community.farid)) == 1


def test_a_contact_handles_it_as_a_champion_would(community: Stage) -> None:
    community.report(community.mona, outside=True)
    community.open_stub(community.edith)
    community.press(community.edith, "Claim")
    assert "You are handling this." in shown(community.edith)
    write_to_reporter(community, community.edith, "I am not a champion. Are you safe?")
    community.press(community.edith, "Close report")
    community.edith.fill("Why", "We have done")
    community.edith.fill("What the reporter will read", "I spoke with them.")
    community.edith.submit()
    community.settle()

    assert "I spoke with them." in own_view(community, community.mona)
    for champion in community.champions:
        assert waiting(community, champion) == []
        knows_nothing(champion, "spoke with them", WORDS)


def test_a_contact_reads_that_one_report_and_no_other(community: Stage) -> None:
    community.report(community.mona, "For the champions")
    community.look_away(community.mona)
    community.report(community.mona, "For outside", outside=True)

    assert len(waiting(community, community.edith)) == 1
    assert waiting(community, community.farid) == []
    knows_nothing(community.edith, "For the champions")


def test_when_the_contact_steps_back_the_next_one_is_asked(community: Stage) -> None:
    community.report(community.mona, outside=True)
    community.open_stub(community.edith)
    community.press(community.edith, "I should not handle this")

    assert direct_messages(community.edith) == []
    assert len(stubs(community.farid)) == 1


def test_when_the_last_reader_steps_back_the_reporter_is_told_whom_to_ask(community: Stage) -> None:
    community.report(community.mona, outside=True)
    community.edith.press("I should not handle this", within=community.edith.inbox[-1])
    community.settle()
    community.farid.press("I should not handle this", within=community.farid.inbox[-1])
    community.settle()

    view = own_view(community, community.mona)
    assert f"Nobody here can read this at the moment. Please contact {HELP}" in view
    assert direct_messages(community.mona)[-1] == SOMETHING


def test_all_champions_stepping_back_brings_the_first_contact(community: Stage) -> None:
    community.report(community.mona)
    for champion in community.champions:
        assert direct_messages(community.edith) == []
        champion.press("I should not handle this", within=champion.inbox[-1])
        community.settle()

    assert len(stubs(community.edith)) == 1
    assert "Someone outside the champions has been asked" in own_view(community, community.mona)


def test_ticking_every_reader_later_brings_the_first_contact_who_is_not_ticked(community: Stage) -> None:
    community.report(community.mona)
    community.press(community.mona, "Change who can read")
    everyone = [person.user.real_name for person in (*community.champions, community.edith)]
    community.mona.fill("Who should not read this", everyone)
    community.mona.submit()
    community.settle()

    assert len(stubs(community.farid)) == 1
    assert direct_messages(community.edith) == []


def test_an_accused_added_late_who_was_the_last_reader_brings_the_next_contact(community: Stage) -> None:
    community.report(community.mona, outside=True)
    community.open_stub(community.edith)
    community.press(community.edith, "People")
    community.press(community.edith, "Add people")
    community.edith.fill("Who else is it about", [community.edith])
    community.edith.submit()
    community.settle()

    assert WORDS not in shown(community.edith)
    assert len(stubs(community.farid)) == 1


# Five working days.


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (MONDAY, datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 16, 30, tzinfo=UTC), datetime(2026, 3, 13, 16, 30, tzinfo=UTC)),
        (datetime(2026, 3, 7, 10, 0, tzinfo=UTC), datetime(2026, 3, 13, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 23, 59, tzinfo=UTC), datetime(2026, 3, 13, 23, 59, tzinfo=UTC)),
    ],
)
def test_five_working_days_leave_out_weekends(start: datetime, end: datetime) -> None:
    assert after_working_days(start, 5) == end


def test_unclaimed_for_five_working_days_the_first_contact_is_asked_and_the_reporter_told(community: Stage) -> None:
    community.report(community.mona)
    community.later(days=6, hours=23)
    assert direct_messages(community.edith) == []
    community.later(hours=2)

    assert len(stubs(community.edith)) == 1
    assert "Someone outside the champions has been asked to look at this." in own_view(community, community.mona)
    assert len(waiting(community, community.ben)) == 1


def test_a_claim_stops_the_clock(community: Stage) -> None:
    community.report(community.mona)
    community.later(days=2)
    open_from_home(community, community.ben)
    community.press(community.ben, "Claim")
    community.later(days=30)

    assert direct_messages(community.edith) == []


def test_a_release_starts_the_five_days_again(community: Stage) -> None:
    community.report(community.mona)
    open_from_home(community, community.ben)
    community.press(community.ben, "Claim")
    community.later(days=3)
    community.press(community.ben, "Release")
    community.later(days=5)
    assert direct_messages(community.edith) == []
    community.later(days=3)

    assert len(stubs(community.edith)) == 1


def test_a_contact_who_does_not_claim_it_either_is_followed_by_the_next(community: Stage) -> None:
    community.report(community.mona)
    community.later(days=7, hours=1)
    assert direct_messages(community.farid) == []
    community.later(days=7, hours=1)

    assert len(stubs(community.farid)) == 1
    community.later(days=30)
    assert len(waiting(community, community.farid)) == 1


def test_a_ticked_contact_is_not_asked_when_five_days_are_over(community: Stage) -> None:
    community.report(community.mona, keep_out=[community.edith])
    community.later(days=7, hours=1)

    assert len(stubs(community.farid)) == 1
    assert direct_messages(community.edith) == []


def test_a_closed_report_asks_nobody(community: Stage) -> None:
    community.report(community.mona)
    open_from_home(community, community.ben)
    close_report(community, community.ben)
    community.later(days=30)

    assert direct_messages(community.edith) == []


# Roles and accounts that change.


def test_when_the_last_champion_who_may_read_leaves_a_contact_is_asked(community: Stage) -> None:
    community.report(community.mona, about=[community.amina, community.chloe])
    community.bot.records.people.remove_champion(community.ben.id, by=community.amina.id)
    community.settle()

    assert len(stubs(community.edith)) == 1
    assert direct_messages(community.ben) == []


def test_when_the_last_champion_who_may_read_is_deactivated_a_contact_is_asked(community: Stage) -> None:
    community.report(community.mona, about=[community.amina, community.chloe])
    community.workspace.deactivate(community.ben)
    community.settle()

    assert len(stubs(community.edith)) == 1


def test_a_champion_whose_account_comes_back_reads_again(community: Stage) -> None:
    community.report(community.mona)
    community.workspace.deactivate(community.ben)
    community.settle()
    assert "Ben Adeyemi" not in own_view(community, community.mona)
    community.workspace.reactivate(community.ben)
    community.settle()

    assert len(waiting(community, community.ben)) == 1


def test_with_every_contact_gone_reports_are_still_taken_and_health_says_so(community: Stage) -> None:
    for contact in community.contacts:
        community.workspace.deactivate(contact)
    community.settle()
    assert not community.bot.health()["ok"]
    community.report(community.mona)

    assert "Saved." in shown(community.mona)
    assert stubs(community.ben)


def test_a_contact_named_later_is_asked_for_what_nobody_could_read(community: Stage) -> None:
    community.report(community.mona, outside=True)
    for contact in community.contacts:
        contact.press("I should not handle this", within=contact.inbox[-1])
        community.settle()
    assert "Nobody here can read this" in own_view(community, community.mona)
    people = community.bot.records.people
    people.seed((), (community.edith.id, community.farid.id, community.nadia.id))
    community.settle()

    assert len(stubs(community.nadia)) == 1
    assert "Nobody here can read this now" not in own_view(community, community.mona)


def test_a_contact_who_loses_the_role_loses_the_report(community: Stage) -> None:
    community.report(community.mona, outside=True)
    stub = community.edith.inbox[-1]
    community.open_stub(community.edith)
    community.bot.records.people.seed((), (community.farid.id,))
    community.settle()

    assert NOT_AVAILABLE in shown(community.edith)
    assert direct_messages(community.edith) == []
    assert len(stubs(community.farid)) == 1
    community.look_away(community.edith)
    community.edith.press("Open", within=stub, force=True)
    community.settle()
    assert NOT_AVAILABLE in shown(community.edith)


def test_the_reporter_is_told_once_that_nobody_can_read_it_however_often_the_roster_changes(community: Stage) -> None:
    community.report(community.mona, about=[*community.champions, community.farid])
    community.edith.press("I should not handle this", within=community.edith.inbox[-1])
    community.settle()
    told = len(direct_messages(community.mona))
    people = community.bot.records.people
    people.add_champion(community.nadia.id, by=community.amina.id)
    community.settle()
    people.remove_champion(community.nadia.id, by=community.amina.id)
    community.settle()

    assert len(direct_messages(community.mona)) == told


def test_a_champion_cannot_be_an_escalation_contact_too(community: Stage) -> None:
    people = community.bot.records.people
    with pytest.raises(CannotHoldRole) as refused:
        people.seed((), (community.amina.id,))
    assert "must be someone else" in refused.value.words
    with pytest.raises(CannotHoldRole):
        people.add_champion(community.edith.id, by=community.amina.id)
    assert [holder.slack_id for holder in people.roster().contacts] == [contact.id for contact in community.contacts]


def test_contacts_follow_the_setting_at_every_start_and_champions_do_not(community: Stage) -> None:
    community.bot.records.people.remove_champion(community.chloe.id, by=community.amina.id)
    community.settle()
    community.restart()
    community.settle()
    roster = community.bot.records.people.roster()

    assert [holder.slack_id for holder in roster.champions] == [community.amina.id, community.ben.id]
    assert [holder.slack_id for holder in roster.contacts] == [community.edith.id, community.farid.id]


@ON_SQLITE
def test_a_second_process_on_the_same_file_is_refused(community: Stage) -> None:
    with pytest.raises(AnotherProcess):
        build(community.settings, clock=community.clock)


def test_a_stub_that_cannot_be_delivered_to_the_only_reader_goes_to_the_next(community: Stage) -> None:
    community.workspace.faults.add(
        method="chat.postMessage",
        error="messages_tab_disabled",
        where=lambda args: args["channel"] == community.edith.id,
    )
    community.report(community.mona, outside=True)
    community.settle()

    assert len(stubs(community.farid)) == 1


@pytest.mark.parametrize("show_name", [True, False])
def test_that_a_reply_cannot_reach_the_reporter_is_noted_where_their_name_is_shown(
    community: Stage, *, show_name: bool
) -> None:
    """Where it is hidden, it would tell whose account was closed."""
    community.report(community.mona, show_name=show_name)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.workspace.deactivate(community.mona)
    write_to_reporter(community, community.ben, "Are you still there?")
    community.settle()
    community.press(community.ben, "Notes")

    assert ("A message has not reached the reporter." in shown(community.ben)) == show_name
    assert len(stubs(community.ben)) == show_name
    community.press(community.ben, "Conversation")
    assert "Are you still there?" in shown(community.ben)
