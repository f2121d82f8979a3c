"""What champions do with a report: look, claim, note, write, add people, step back, close, and their own lists."""

from concurrent.futures import ThreadPoolExecutor

from gpbot.people.types import RoleName
from tests.halves import WALK
from tests.scenarios.doing import (
    NOT_AVAILABLE,
    SOMETHING,
    add,
    close_report,
    code_names,
    direct_messages,
    knows_nothing,
    open_from_home,
    shown,
    stubs,
    waiting,
    write_to_reporter,
)
from tests.stage import Stage

WORDS = "He keeps writing to me at night."


def test_a_stub_says_that_something_waits_and_nothing_else(community: Stage) -> None:
    community.report(community.mona)

    for champion in community.champions:
        stub = champion.inbox[-1]
        assert direct_messages(champion) == [SOMETHING]
        assert stub.raw["text"] == SOMETHING
        assert stub.buttons == ["Open", "I should not handle this"]


def test_a_report_never_touches_a_channel(community: Stage) -> None:
    before = len(community.amina.read(community.triage))
    community.report(community.mona)
    community.open_stub(community.amina)
    community.press(community.amina, "Claim")
    community.later(days=8)

    assert len(community.amina.read(community.triage)) == before
    assert community.amina.read(community.general) == []


def test_the_desk_opens_each_clickers_own_list(community: Stage) -> None:
    community.report(community.mona, about=[community.amina])
    for champion, expected in ((community.amina, 0), (community.ben, 1)):
        champion.press("What is waiting for me", channel=community.triage)
        community.settle()
        assert champion.modal is not None
        assert len(code_names(champion.modal)) == expected
    assert "Nothing is waiting for you." in shown(community.amina)

    community.press(community.ben, "Open")
    assert WORDS in shown(community.ben)


def test_the_desk_looks_the_same_whatever_comes_in(community: Stage) -> None:
    before = community.amina.read(community.triage)
    community.report(community.mona)

    assert community.amina.read(community.triage) == before


def test_a_claim_removes_the_stubs_of_everybody_alike_and_tells_who_has_it(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")

    assert "You are handling this." in shown(community.ben)
    for champion in community.champions:
        assert direct_messages(champion) == []
    community.chloe.open_home()
    community.settle()
    assert community.chloe.home is not None
    assert "Handled by @Ben Adeyemi" in community.chloe.home.text
    assert community.ben.home is not None
    assert "You are handling it" in community.ben.home.text


def test_the_second_to_claim_learns_who_was_first(community: Stage) -> None:
    community.report(community.mona)
    for champion in (community.ben, community.chloe):
        community.open_stub(champion)
    community.press(community.ben, "Claim")
    community.press(community.chloe, "Claim")

    assert "Ben Adeyemi was first and has this one." in shown(community.chloe)


def test_two_champions_claiming_at_once_end_with_one_who_has_it(community: Stage) -> None:
    community.report(community.mona)
    both = [community.ben, community.chloe]
    for champion in both:
        community.open_stub(champion)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda champion: champion.press("Claim"), both))
    community.settle()

    assert all(answer.ok for answer in answers)
    has_it = [champion for champion in both if "You are handling this." in shown(champion)]
    lost = [champion for champion in both if "was first and has this one." in shown(champion)]
    assert len(has_it) == len(lost) == 1
    assert has_it[0].user.real_name in shown(lost[0])


def test_a_double_click_on_claim_is_one_claim(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    case = community.ben.modal
    community.ben.press("Claim", within=case)
    community.ben.press("Claim", within=case, force=True)
    community.settle()
    assert "You are handling this." in shown(community.ben)

    community.press(community.ben, "Log")
    assert shown(community.ben).count("claimed") == 1


def test_a_released_report_waits_again_for_the_others(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.press(community.ben, "Release")

    assert not stubs(community.ben)
    assert stubs(community.chloe)
    assert stubs(community.amina)
    community.open_stub(community.chloe)
    assert "*Next step:* claim it" in shown(community.chloe)


def test_only_the_one_who_claimed_it_can_release_it(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.press(community.ben, "Release")
    old = community.ben.modal
    community.open_stub(community.chloe)
    community.press(community.chloe, "Claim")
    assert old is not None
    community.ben.send_action("report.release", str(old.raw["private_metadata"]))
    community.settle()

    assert "You are not the one handling this." in shown(community.ben) + "".join(direct_messages(community.ben))


def test_notes_are_for_readers_and_the_reporter_never_sees_them(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Write a note")
    community.ben.fill("Note", "I know the organisation")
    community.ben.submit()
    community.settle()
    assert "I know the organisation" in shown(community.ben)

    community.open_stub(community.chloe)
    community.press(community.chloe, "Notes")
    assert "I know the organisation" in shown(community.chloe)
    community.open_stub(community.mona)
    knows_nothing(community.mona, "I know the organisation")


def test_the_first_reply_starts_from_a_kind_draft_and_the_next_does_not(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Write to the reporter")
    assert "Thank you for telling us." in shown(community.ben)
    community.ben.submit()
    community.settle()
    community.press(community.ben, "Write to the reporter")
    assert "Thank you for telling us." not in shown(community.ben)


def test_every_look_is_in_the_log_that_readers_see(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.open_stub(community.chloe)
    community.press(community.chloe, "Log")
    log = shown(community.chloe)

    assert "@Ben Adeyemi · opened" in log
    assert "@Chloe Martin · opened" in log
    assert "The reporter · filed" in log
    assert "Mona" not in log


def test_stepping_back_needs_no_reason_and_is_for_good(community: Stage) -> None:
    community.report(community.mona)
    community.ben.press("I should not handle this", within=community.ben.inbox[-1])
    community.settle()

    assert "You will not see this again, and nobody is told why." in shown(community.ben)
    assert not stubs(community.ben)
    assert waiting(community, community.ben) == []
    community.open_stub(community.chloe)
    community.press(community.chloe, "People")
    assert "*Not handling:* Ben Adeyemi" in shown(community.chloe)


def test_notes_of_someone_who_stepped_back_stay_with_the_report(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Write a note")
    community.ben.fill("Note", "She told me more on the phone")
    community.ben.submit()
    community.settle()
    community.press(community.ben, "Report")
    community.press(community.ben, "I should not handle this")

    community.open_stub(community.chloe)
    community.press(community.chloe, "Notes")
    assert "She told me more on the phone" in shown(community.chloe)


def test_when_the_one_who_claimed_it_steps_back_the_others_hear_that_it_waits(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.press(community.ben, "I should not handle this")

    assert stubs(community.chloe)
    assert waiting(community, community.ben) == []
    community.open_stub(community.chloe)
    assert "*Next step:* claim it" in shown(community.chloe)


def test_an_accused_added_late_loses_everything_at_once_and_what_they_opened_is_listed(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.chloe)
    assert WORDS in shown(community.chloe)
    community.open_stub(community.ben)
    community.press(community.ben, "People")
    community.press(community.ben, "Add people")
    community.ben.fill("Who else is it about", [community.chloe])
    community.ben.submit()
    community.settle()

    assert "About:* @Chloe Martin" in shown(community.ben)
    assert NOT_AVAILABLE in shown(community.chloe)
    assert direct_messages(community.chloe) == []
    assert waiting(community, community.chloe) == []
    community.press(community.ben, "Log")
    assert "@Chloe Martin · opened" in shown(community.ben)


def test_a_reader_who_adds_themselves_is_out(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "People")
    community.press(community.ben, "Add people")
    community.ben.fill("Who was harmed", [community.ben])
    community.ben.submit()
    community.settle()

    assert WORDS not in shown(community.ben)
    assert waiting(community, community.ben) == []


def test_an_excluded_champion_cannot_act_from_a_form_still_open(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.chloe)
    community.press(community.chloe, "Write a note")
    form = community.chloe.modal
    assert form is not None
    community.press(community.mona, "Change who can read")
    community.mona.fill("Who should not read this", ["Chloe Martin"])
    community.mona.submit()
    community.settle()
    assert NOT_AVAILABLE in shown(community.chloe)

    answer = community.chloe.send_view_submission(
        {
            "callback_id": "report.note",
            "private_metadata": form.raw["private_metadata"],
            "blocks": form.raw["blocks"],
            "state": {"values": {"text": {"text": {"type": "plain_text_input", "value": "let me in"}}}},
        }
    )
    assert answer.text == NOT_AVAILABLE
    community.open_stub(community.ben)
    community.press(community.ben, "Notes")
    assert "let me in" not in shown(community.ben)


@WALK("reports")
def test_closing_needs_a_reason_and_words_and_the_reporter_reads_both(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Close report")
    community.ben.fill("Why", "Nothing here")
    assert not community.ben.submit().ok
    assert "Please say in a few words what was done." in shown(community.ben)

    community.ben.fill("What the reporter will read", "We read the thread together.")
    community.ben.submit()
    community.settle()
    assert waiting(community, community.ben) == []
    assert not stubs(community.chloe)
    community.open_stub(community.mona)
    assert "*Closed.* Nothing here is against the guidelines." in shown(community.mona)
    assert "We read the thread together." in shown(community.mona)
    assert community.ben.id not in shown(community.mona)


def test_a_closed_report_can_be_found_and_reopened(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    close_report(community, community.ben, "We do not know", "We could not find out.")
    community.look_away(community.ben)
    community.ben.press("What is waiting for me", channel=community.triage)
    community.settle()
    community.press(community.ben, "Closed reports")
    community.press(community.ben, "Open")
    assert "Closed: We do not know enough to act." in shown(community.ben)
    community.press(community.ben, "Reopen")

    assert "This is open again." in shown(community.ben)
    assert len(waiting(community, community.ben)) == 1


def test_a_message_written_while_another_champion_closes_it_is_refused_and_not_lost(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.chloe)
    community.press(community.chloe, "Write to the reporter")
    community.chloe.fill("Message", "One more question")
    community.open_stub(community.ben)
    close_report(community, community.ben)

    answer = community.chloe.submit()
    assert answer.text == "This is closed. Reopen it first."
    assert "One more question" in shown(community.chloe)


def test_a_closed_report_is_erased_when_its_time_is_over(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    close_report(community, community.ben)
    message = community.mona.inbox[-1]
    community.look_away(community.mona, community.ben)
    community.later(days=729)
    assert direct_messages(community.mona) != []
    community.later(days=1)

    assert direct_messages(community.mona) == []
    community.mona.press("Open", within=message, force=True)
    community.settle()
    assert NOT_AVAILABLE in shown(community.mona)


def test_stubs_go_after_a_day_for_all_alike_and_the_desk_still_lists_it(community: Stage) -> None:
    community.later(days=5)  # Saturday
    community.report(community.mona)
    community.open_stub(community.ben)
    community.look_away(community.ben)
    community.later(hours=25)

    for champion in community.champions:
        assert direct_messages(champion) == []
        assert len(waiting(community, champion)) == 1


def test_unclaimed_after_a_working_day_its_readers_are_reminded_and_the_reminder_goes_too(community: Stage) -> None:
    community.report(community.mona, keep_out=[community.amina])
    community.later(hours=25)
    assert [len(stubs(champion)) for champion in community.champions] == [0, 1, 1]
    community.later(days=1, hours=1)

    assert [len(stubs(champion)) for champion in community.champions] == [0, 0, 0]


def test_reminders_stop_with_a_claim_and_begin_once_with_a_release(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.press(community.ben, "Release")
    community.press(community.ben, "Claim")
    community.press(community.ben, "Release")
    community.look_away(community.ben)
    community.later(hours=26)

    assert len(stubs(community.ben)) == 1
    assert len(stubs(community.chloe)) == 1


def test_declared_conflicts_keep_later_reports_away_and_leave_earlier_ones(community: Stage) -> None:
    community.report(community.mona, "Before", about=[community.tom])
    before = waiting(community, community.ben)
    community.press(community.ben, "Whom I should not handle")
    community.ben.fill("People", [community.tom])
    community.ben.submit()
    community.settle()
    community.look_away(community.mona)
    community.report(community.mona, "After", about=[community.tom])

    assert waiting(community, community.ben) == before
    assert len(waiting(community, community.chloe)) == 2
    knows_nothing(community.ben, "After")


def test_a_conflict_with_the_reporter_keeps_their_reports_away_too(community: Stage) -> None:
    community.ben.open_home()
    community.settle()
    community.press(community.ben, "Whom I should not handle")
    community.ben.fill("People", [community.mona])
    community.ben.submit()
    community.settle()
    community.report(community.mona)

    assert waiting(community, community.ben) == []
    assert stubs(community.chloe)


def test_adding_people_one_by_one_does_not_tell_whom_a_colleague_named_in_a_conflict(community: Stage) -> None:
    community.report(community.mona, keep_out=[community.ben])
    community.chloe.open_home()
    community.settle()
    community.press(community.chloe, "Whom I should not handle")
    community.chloe.fill("People", [community.tom])
    community.chloe.submit()
    community.settle()
    community.open_stub(community.amina)
    community.press(community.amina, "People")
    community.press(community.amina, "Add people")
    community.amina.fill("Who else is it about", [community.tom])
    community.amina.submit()
    community.settle()

    assert len(waiting(community, community.chloe)) == 1


def test_a_champion_who_reports_is_warned_that_elimination_may_tell(community: Stage) -> None:
    community.review(community.ben, WORDS, about=[community.tom])
    assert "may guess that you sent it" in shown(community.ben)
    community.ben.submit()
    community.settle()

    assert not stubs(community.ben)
    community.open_stub(community.chloe)
    community.press(community.chloe, "People")
    assert "*Not handling:* Ben Adeyemi" in shown(community.chloe)
    assert "The reporter's name is hidden." not in shown(community.chloe)


def test_a_champion_sees_their_own_report_only_as_its_reporter(community: Stage) -> None:
    community.report(community.ben, about=[community.tom])
    open_from_home(community, community.ben)

    assert "Saved. No person has read it yet." in shown(community.ben)
    community.ben.open_home()
    assert community.ben.home is not None
    assert "No report is waiting for you." in community.ben.home.text


def test_a_new_champion_reads_nothing_that_was_sent_before(community: Stage) -> None:
    community.report(community.mona, about=[community.tom])
    people = community.bot.records.people
    people.add_champion(community.nadia.id, by=community.amina.id)
    people.add_champion(community.tom.id, by=community.amina.id)
    community.settle()

    for person in (community.nadia, community.tom):
        assert waiting(community, person) == []
        knows_nothing(person, WORDS)
    community.look_away(community.mona)
    community.report(community.mona, "Another one")
    assert len(waiting(community, community.nadia)) == 1


def test_a_champion_removed_while_holding_a_claim_leaves_it_to_the_others(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.bot.records.people.remove_champion(community.ben.id, by=community.amina.id)
    community.settle()

    assert NOT_AVAILABLE in shown(community.ben)
    assert stubs(community.chloe)
    community.open_stub(community.chloe)
    community.press(community.chloe, "Claim")
    assert "You are handling this." in shown(community.chloe)
    community.look_away(community.ben)
    community.ben.open_home()
    community.settle()
    assert community.ben.home is not None
    assert "waiting for you" not in community.ben.home.text


def test_a_removed_champion_finds_no_way_back_to_what_they_read(community: Stage) -> None:
    community.report(community.mona)
    stub = community.ben.inbox[-1]
    community.bot.records.people.remove_champion(community.ben.id, by=community.amina.id)
    community.settle()
    assert direct_messages(community.ben) == []

    community.ben.press("Open", within=stub, force=True)
    community.settle()
    assert NOT_AVAILABLE in shown(community.ben)


def test_a_champion_who_returns_reads_again_what_was_shown_to_them(community: Stage) -> None:
    community.report(community.mona)
    people = community.bot.records.people
    people.remove_champion(community.ben.id, by=community.amina.id)
    community.settle()
    people.add_champion(community.ben.id, by=community.amina.id)
    community.settle()

    assert people.roster().role_of(community.ben.id) is RoleName.CHAMPION
    assert len(waiting(community, community.ben)) == 1


def test_lists_are_paged_ten_at_a_time_on_home_and_desk(community: Stage) -> None:
    for number in range(12):
        community.review(community.mona, f"Number {number}")
        community.answer_none(community.mona)
        community.mona.submit()
        community.look_away(community.mona)
        community.clock.advance(seconds=1)
    community.settle()
    first = waiting(community, community.ben)
    assert len(first) == 10

    seen = list(first)
    community.press(community.ben, "Older")
    assert community.ben.modal is not None
    seen += code_names(community.ben.modal)
    assert "Older" not in community.ben.modal.buttons
    assert len(seen) == 12


def test_the_reporters_answer_does_not_ring_those_who_do_not_handle_it(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    write_to_reporter(community, community.ben, "How are you?")
    community.open_stub(community.mona)
    add(community, community.mona, "Better")
    community.settle()

    assert stubs(community.ben)
    assert direct_messages(community.chloe) == []
    assert direct_messages(community.amina) == []


def test_somebody_who_claimed_it_and_does_nothing_is_reminded_and_then_it_is_free_again(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    community.look_away(community.ben)
    community.later(days=7, hours=1)
    assert [len(stubs(champion)) for champion in community.champions] == [0, 1, 0]
    community.later(days=7, hours=1)
    assert stubs(community.chloe)

    community.open_stub(community.chloe)
    assert "*Next step:* claim it" in shown(community.chloe)


def test_when_a_champion_claims_it_after_all_the_contact_who_was_asked_no_longer_reads_it(community: Stage) -> None:
    community.report(community.mona)
    community.later(days=7, hours=1)
    stub = stubs(community.edith)[-1]
    open_from_home(community, community.ben)
    community.press(community.ben, "Claim")

    assert direct_messages(community.edith) == []
    assert waiting(community, community.edith) == []
    community.edith.press("Open", within=stub, force=True)
    community.settle()
    assert NOT_AVAILABLE in shown(community.edith)


def test_the_reporters_own_mention_does_not_carry_a_hidden_name(community: Stage) -> None:
    community.report(community.mona, f"Everybody heard it: {community.mona.mention} is my account, {community.mona.id}")
    community.open_stub(community.ben)

    assert shown(community.ben).count("(name hidden)") == 2
    knows_nothing(community.ben, community.mona.id)
    community.press(community.mona, "Show my name")
    community.open_stub(community.ben)
    assert community.mona.id in str(community.ben.modal)


def test_the_reporter_is_told_when_a_champion_changes_who_can_read(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "People")
    community.press(community.ben, "Add people")
    community.ben.fill("Their name", "It was Chloe Martin, I think")
    community.ben.submit()
    community.settle()

    assert waiting(community, community.chloe) == []
    assert direct_messages(community.mona) == [SOMETHING, SOMETHING]
    community.open_stub(community.mona)
    assert "Who can read this has changed." in shown(community.mona)
    assert "Chloe" not in shown(community.mona)


def test_the_log_does_not_say_who_left_or_was_ruled_out(community: Stage) -> None:
    community.report(community.mona)
    community.press(community.mona, "Change who can read")
    community.mona.fill("Who should not read this", ["Amina Okafor"])
    community.mona.submit()
    community.settle()
    community.chloe.press("I should not handle this", within=community.chloe.inbox[-1])
    community.settle()
    community.open_stub(community.ben)
    community.press(community.ben, "Log")
    assert "@Chloe Martin" not in shown(community.ben)
    assert "changed who" not in shown(community.ben)
    community.press(community.ben, "People")

    assert "*Not handling:* Amina Okafor, Chloe Martin" in shown(community.ben)


def test_what_the_reporter_withdrew_only_they_can_open_again(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.mona, "Withdraw")
    community.look_away(community.ben)
    community.ben.press("What is waiting for me", channel=community.triage)
    community.settle()
    community.press(community.ben, "Closed reports")
    community.press(community.ben, "Open")
    community.press(community.ben, "Reopen")
    assert "Only they can open it again." in shown(community.ben)
    community.look_away(community.mona)
    open_from_home(community, community.mona)
    add(community, community.mona, "I changed my mind.")
    community.settle()

    assert len(waiting(community, community.ben)) == 1
