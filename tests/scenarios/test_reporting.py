"""The path of someone who reports: the form, the review, Send, the receipt, and what they can do afterwards."""

from uuid import UUID

from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from tests.scenarios.doing import (
    NOT_AVAILABLE,
    SOMETHING,
    add,
    button_value,
    close_report,
    code_names,
    direct_messages,
    knows_nothing,
    open_from_home,
    report_of,
    shown,
    stubs,
    waiting,
    write_to_reporter,
)
from tests.stage import HELP, Stage

WORDS = "He keeps writing to me at night."


# The form.


def test_the_form_opens_from_the_command_in_a_channel_and_only_the_person_sees_it(community: Stage) -> None:
    answer = community.mona.command("/report", channel=community.general)
    community.settle()

    assert answer.text == ""
    assert "What happened? Any language." in shown(community.mona)
    assert "call 999" in shown(community.mona)
    assert community.tom.read(community.general) == community.mona.read(community.general)


def test_the_form_opens_from_the_shortcut_the_home_and_a_direct_message(community: Stage) -> None:
    mona = community.mona
    mona.shortcut("Report a concern")
    community.settle()
    assert "What happened" in shown(mona)

    community.look_away(mona)
    mona.open_home()
    community.settle()
    community.press(mona, "Report a concern")
    assert "What happened" in shown(mona)

    community.look_away(mona)
    mona.say("hello?")
    community.settle()
    community.press(mona, "Open the form")
    assert "What happened" in shown(mona)


def test_words_given_with_the_command_are_in_the_form(community: Stage) -> None:
    community.mona.command("/report", "He writes at night", channel=community.general)
    community.settle()

    assert "What happened? Any language.: He writes at night" in shown(community.mona)
    knows_nothing(community.tom, "He writes at night")


def test_the_form_lists_every_champion_and_contact_with_their_organisation_but_not_oneself(community: Stage) -> None:
    community.mona.command("/report")
    community.settle()
    form = shown(community.mona)
    for who in ("Amina Okafor (Harbour Aid)", "Ben Adeyemi (City Welcome)", "Edith Shaw (Fair Hearing)"):
        assert who in form

    community.ben.command("/report")
    community.settle()
    assert "Ben Adeyemi" not in shown(community.ben)


def test_somebody_who_is_named_is_ticked_among_those_who_should_not_read(community: Stage) -> None:
    mona = community.mona
    mona.command("/report")
    community.settle()
    mona.fill("What happened", WORDS)
    mona.fill("Who is it about", [community.amina])
    community.settle()

    assert "☑ Amina Okafor (Harbour Aid)" in shown(mona)
    assert "☐ Ben Adeyemi (City Welcome)" in shown(mona)
    assert WORDS in shown(mona)


def test_the_name_is_hidden_unless_they_choose_to_show_it(community: Stage) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    assert "They will not see your name" in shown(community.mona)
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)

    assert "The reporter's name is hidden." in shown(community.ben)
    for champion in community.champions:
        knows_nothing(champion, "Mona", community.mona.id)


def test_a_name_they_chose_to_show_is_shown_to_readers_alone(community: Stage) -> None:
    community.report(community.mona, about=[community.amina], show_name=True)
    community.open_stub(community.ben)

    assert "Sent by @Mona Said." in shown(community.ben)
    knows_nothing(community.amina, "Mona", community.mona.id)


def test_more_about_privacy_says_who_could_find_out_and_leaves_the_form_as_it_was(community: Stage) -> None:
    mona = community.mona
    mona.command("/report")
    community.settle()
    mona.fill("What happened", WORDS)
    community.press(mona, "More about privacy")

    text = shown(mona)
    for promise in ("Whoever runs this software", "Slack itself", "730 days", "24 hours", "try to ask you first"):
        assert promise in text
    mona.dismiss()
    assert WORDS in shown(mona)


def test_a_form_without_words_is_not_taken(community: Stage) -> None:
    mona = community.mona
    mona.command("/report")
    community.settle()
    assert not mona.submit().ok

    mona.fill("What happened", "\u200b \n ")
    answer = mona.submit()
    assert "What happened? Any language." in shown(mona)
    assert not answer.ok


# The review.


def test_the_review_shows_who_reads_and_every_word_they_will_see(community: Stage) -> None:
    community.review(community.mona, WORDS, about=[community.tom, community.amina])
    text = shown(community.mona)

    assert "*Who will read this:* Ben Adeyemi (City Welcome), Chloe Martin (City Welcome)" in text
    assert "About: @Tom Reed, @Amina Okafor" in text
    assert WORDS in text
    assert "usually reply within 3 working days" in text
    assert "nobody takes it on in five working days" in text


def test_what_the_review_promised_is_what_happens(community: Stage) -> None:
    community.report(community.mona, about=[community.amina])

    assert [len(stubs(champion)) for champion in community.champions] == [0, 1, 1]
    assert not any(stubs(contact) for contact in community.contacts)


def test_words_that_name_a_champion_keep_them_out_unless_the_reporter_says_otherwise(community: Stage) -> None:
    community.review(community.mona, "It was during Chloe's shift.")
    assert "☑ Chloe Martin" in shown(community.mona)
    community.mona.submit()
    community.settle()

    assert not stubs(community.chloe)
    assert len(stubs(community.ben)) == 1
    knows_nothing(community.chloe, "shift")


def test_a_champion_the_words_name_reads_when_the_reporter_allows_it(community: Stage) -> None:
    community.review(community.mona, "I told Chloe already.")
    community.mona.fill(LABEL, [NONE_OF_THEM])
    community.mona.submit()
    community.settle()

    assert len(stubs(community.chloe)) == 1


def test_a_champion_is_found_in_the_words_however_they_are_written(community: Stage) -> None:
    amina = community.amina
    for words in ("AMINA OKAFOR did it", "it was Åmina", "A\u200bm\u200bina", amina.mention, amina.id):
        community.review(community.mona, words)
        assert "☑ Amina Okafor" in shown(community.mona), words
        community.look_away(community.mona)


def test_edit_brings_the_form_back_as_it_was_filled_in(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS, about=[community.tom], keep_out=[community.ben], show_name=True)
    community.press(mona, "Edit")
    form = shown(mona)
    assert WORDS in form
    assert "Tom Reed" in form

    mona.fill("What happened", "Other words")
    mona.submit()
    community.settle()
    assert "Other words" in shown(mona)
    assert WORDS not in shown(mona)
    assert "Who will read this:* Amina Okafor (Harbour Aid), Chloe Martin (City Welcome)" in shown(mona)
    assert "They will see your name." in shown(mona)


def test_cancel_deletes_what_was_written_and_nobody_is_told_of_it(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    community.press(mona, "Cancel and delete")
    assert "was deleted. Nothing was sent." in shown(mona)
    community.later(hours=30)

    assert direct_messages(mona) == []
    assert not any(direct_messages(champion) for champion in community.champions)


def test_outside_only_reaches_the_first_contact_and_no_champion(community: Stage) -> None:
    community.review(community.mona, WORDS, outside=True)
    community.answer_none(community.mona)
    assert "*Edith Shaw (Fair Hearing) will read this*, outside the champions." in shown(community.mona)
    community.mona.submit()
    community.settle()

    assert len(stubs(community.edith)) == 1
    for other in (*community.champions, community.farid):
        assert direct_messages(other) == []
        assert waiting(community, other) == []


def test_when_nobody_is_left_it_is_said_before_sending_and_nothing_is_kept(community: Stage) -> None:
    community.review(community.mona, WORDS, about=[*community.champions, *community.contacts])
    text = shown(community.mona)

    assert "*not sent and not kept*" in text
    assert HELP in text
    assert WORDS in text
    community.later(hours=30)
    assert direct_messages(community.mona) == []


def test_when_the_last_reader_goes_between_review_and_send_nothing_is_said_to_be_saved(community: Stage) -> None:
    community.review(community.mona, WORDS, about=[*community.champions, community.edith])
    assert "Farid Khan (Open Door) will read this" in shown(community.mona)
    community.workspace.deactivate(community.farid)
    community.mona.submit()
    community.settle()

    assert "not sent and not kept" in shown(community.mona)
    assert WORDS in shown(community.mona)


# The receipt.


def test_the_receipt_says_saved_and_read_by_nobody_yet(community: Stage) -> None:
    community.report(community.mona, about=[community.amina])
    receipt = shown(community.mona)

    assert "Saved. No person has read it yet." in receipt
    assert "usually reply within 3 working days" in receipt
    assert "Who can read it: Ben Adeyemi (City Welcome), Chloe Martin (City Welcome)" in receipt
    assert community.mona.modal is not None
    assert len(community.mona.modal.title.split()) == 2
    assert not any(letter.isdigit() for letter in community.mona.modal.title)


def test_the_direct_message_to_the_reporter_is_neutral(community: Stage) -> None:
    community.report(community.mona)

    assert direct_messages(community.mona) == [SOMETHING]
    assert community.mona.inbox[-1].buttons == ["Open"]


def test_the_status_is_always_on_the_reporters_home(community: Stage) -> None:
    mona = community.mona
    community.report(mona)
    mona.open_home()
    community.settle()
    assert mona.home is not None
    assert "Nobody has read it yet" in mona.home.text

    community.open_stub(community.ben)
    assert "Someone has opened it" in mona.home.text
    community.press(community.ben, "Claim")
    assert "Someone is handling it" in mona.home.text
    assert "Ben" not in mona.home.text


def test_a_reply_comes_from_the_champions_and_never_from_a_named_volunteer(community: Stage) -> None:
    community.report(community.mona, keep_out=[community.ben, community.chloe])
    community.open_stub(community.amina)
    write_to_reporter(community, community.amina, "Are you safe?")

    assert direct_messages(community.mona)[-1] == SOMETHING
    community.open_stub(community.mona)
    assert "*From the Champions*" in shown(community.mona)
    assert "Are you safe?" in shown(community.mona)
    assert community.amina.id not in shown(community.mona)
    replies = shown(community.mona).partition("From the Champions")[2]
    assert "Amina" not in replies


def test_the_reporter_answers_and_the_one_who_handles_it_is_told(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Claim")
    write_to_reporter(community, community.ben, "Are you safe?")
    community.open_stub(community.mona)
    add(community, community.mona, "Yes, for now.")
    community.settle()

    assert len(stubs(community.ben)) == 1
    assert not stubs(community.chloe)
    community.open_stub(community.ben)
    community.press(community.ben, "Conversation")
    assert "Yes, for now." in shown(community.ben)
    assert "Mona" not in shown(community.ben)


def test_details_come_after_it_is_safe_and_reach_the_readers(community: Stage) -> None:
    mona = community.mona
    community.report(mona)
    community.press(mona, "Add details")
    mona.fill("What is it about", "Racism")
    mona.fill("Your part in it", "I saw")
    mona.fill("What would you like", "Please help")
    mona.fill("Retaliation", ["I am worried"])
    mona.submit()
    community.settle()
    assert "Saved." in shown(mona)

    community.open_stub(community.ben)
    case = shown(community.ben)
    for line in ("Racism or other discrimination", "I saw or read it", "Please help me", "Worried about retaliation"):
        assert line in case
    assert "May the champions speak to the person? No, do not speak to them" in case


def test_further_words_that_name_a_reader_are_not_sent_before_the_reporter_was_asked(community: Stage) -> None:
    mona = community.mona
    community.report(mona)
    add(community, mona, "Ben was in the room too.")
    assert "Your words seem to name Ben Adeyemi" in shown(mona)
    assert "Ben was in the room too." in shown(mona)
    mona.submit()
    community.settle()

    assert "Saved. It is with your report." in shown(mona)
    assert not stubs(community.ben)
    assert waiting(community, community.ben) == []
    knows_nothing(community.ben, "in the room")
    assert stubs(community.chloe)


def test_the_one_who_reported_reads_a_reply_before_the_buttons_and_can_go_back_from_each(community: Stage) -> None:
    mona, ben = community.mona, community.ben
    community.report(mona)
    community.open_stub(ben)
    write_to_reporter(community, ben, "Could we talk on Tuesday?")
    open_from_home(community, mona)
    text = shown(mona)
    assert text.index("Could we talk on Tuesday?") < text.index("[ Withdraw ]")

    for form in ("Add something", "Add details", "Change who can read"):
        community.press(mona, form)
        assert "Could we talk on Tuesday?" not in shown(mona)
        community.press(mona, "Back")
        assert shown(mona) == text


def test_only_the_reporter_can_take_a_tick_back(community: Stage) -> None:
    mona = community.mona
    community.report(mona, keep_out=[community.ben])
    assert not stubs(community.ben)
    community.press(mona, "Change who can read")
    mona.fill("Who should not read this", [])
    mona.submit()
    community.settle()

    assert "Ben Adeyemi" in shown(mona)
    assert len(stubs(community.ben)) == 1


def test_somebody_who_is_ticked_later_loses_stub_list_and_open_window(community: Stage) -> None:
    community.report(community.mona)
    code = waiting(community, community.ben)
    assert len(code) == 1
    community.open_stub(community.ben)
    assert WORDS in shown(community.ben)

    community.press(community.mona, "Change who can read")
    community.mona.fill("Who should not read this", ["Ben Adeyemi"])
    community.mona.submit()
    community.settle()

    assert NOT_AVAILABLE in shown(community.ben)
    assert not stubs(community.ben)
    assert waiting(community, community.ben) == []
    assert waiting(community, community.amina) == code


def test_show_my_name_is_for_good_and_told_to_readers(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.mona, "Show my name")
    assert "They can now see your name." in shown(community.mona)
    assert "Show my name" not in community.mona.modal.buttons  # type: ignore[union-attr]

    community.open_stub(community.ben)
    assert "Sent by @Mona Said." in shown(community.ben)


def test_withdrawn_before_anyone_looked_it_is_erased_everywhere(community: Stage) -> None:
    community.report(community.mona)
    report_id = report_of(community.mona)
    stub = stubs(community.ben)[-1]
    community.press(community.mona, "Withdraw")

    assert "It is erased" in shown(community.mona)
    assert not stubs(community.ben)
    assert waiting(community, community.ben) == []
    assert code_names(community.mona.open_home() or stub) == []
    community.ben.press("Open", within=stub, force=True)
    community.settle()
    assert NOT_AVAILABLE in shown(community.ben)
    community.look_away(community.mona)
    community.mona.send_action("report.open", str(report_id))
    community.settle()
    assert NOT_AVAILABLE in shown(community.mona)


def test_withdrawing_from_a_reopened_receipt_says_that_it_was_withdrawn(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.mona)
    community.press(community.mona, "Withdraw")

    assert "It is erased" in shown(community.mona)


def test_withdrawn_after_someone_read_it_it_is_closed_and_that_is_said(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.open_stub(community.mona)
    community.press(community.mona, "Withdraw")

    assert "Someone had opened it" in shown(community.mona)
    assert waiting(community, community.ben) == []
    community.press(community.ben, "Closed reports")
    community.press(community.ben, "Open")
    assert "Withdrawn by the person who reported it" in shown(community.ben)


def test_adding_something_opens_a_closed_report_again(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    close_report(community, community.ben, "We have done", "We spoke with him.")
    assert waiting(community, community.chloe) == []

    community.open_stub(community.mona)
    assert "*Closed.* We have done what we can." in shown(community.mona)
    assert "We spoke with him." in shown(community.mona)
    add(community, community.mona, "He did it again.")
    community.settle()

    assert len(waiting(community, community.chloe)) == 1
    assert stubs(community.chloe)


def test_how_to_hide_someone_is_told_and_the_receipt_stays_below(community: Stage) -> None:
    community.report(community.mona)
    community.press(community.mona, "How to hide someone in Slack")
    assert "choose the three dots" in shown(community.mona)
    community.mona.dismiss()
    assert "Saved." in shown(community.mona)


def test_a_reported_message_is_copied_and_survives_its_deletion(community: Stage) -> None:
    said = community.tom.say("Nobody wants you here", to=community.general)
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    assert "Nobody wants you here" in shown(community.mona)
    community.tom.delete(said)
    community.mona.fill("What happened", "This was for me")
    community.mona.submit()
    community.mona.submit()
    community.settle()

    community.open_stub(community.ben)
    case = shown(community.ben)
    assert "The message they reported, as it was then" in case
    assert "Nobody wants you here" in case
    assert "@Tom Reed in #general" in case
    assert "This was for me" in case


def test_reporting_a_message_of_a_champion_keeps_that_champion_out(community: Stage) -> None:
    community.amina.say("Go home", to=community.general)
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    community.mona.fill("What happened", "She wrote this")
    community.mona.submit()
    community.settle()
    community.mona.submit()
    community.settle()

    assert direct_messages(community.amina) == []
    knows_nothing(community.amina, "She wrote this")
    assert stubs(community.ben)


def test_the_author_of_a_reported_message_is_told_nothing(community: Stage) -> None:
    community.tom.say("Nobody wants you here", to=community.general)
    before = len(community.tom.seen)
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    community.mona.fill("What happened", "This was for me")
    community.mona.submit()
    community.mona.submit()
    community.settle()

    assert len(community.tom.seen) == before


def test_several_reports_of_one_person_are_kept_apart(community: Stage) -> None:
    community.report(community.mona, "The first one")
    community.look_away(community.mona)
    community.clock.advance(minutes=1)
    community.report(community.mona, "The second one")
    community.look_away(community.mona)
    community.mona.open_home()
    community.settle()
    assert community.mona.home is not None
    assert len(code_names(community.mona.home)) == 2

    open_from_home(community, community.mona)
    assert "The second one" in shown(community.mona)
    assert "The first one" not in shown(community.mona)


def test_what_slack_keeps_with_a_message_is_a_random_id_and_nothing_else(community: Stage) -> None:
    community.report(community.mona, about=[community.amina])

    for person in (community.mona, community.ben):
        message = person.inbox[-1]
        assert set(message.raw["metadata"]["event_payload"]) == {"id"}
        assert message.raw["metadata"]["event_payload"]["id"] != button_value(message, "Open").replace("-", "")
        assert str(UUID(button_value(message, "Open"))) == button_value(message, "Open")


def test_everything_survives_a_restart(community: Stage) -> None:
    community.report(community.mona)
    community.look_away(community.mona)
    community.restart()
    community.settle()

    community.open_stub(community.ben)
    assert WORDS in shown(community.ben)
    community.open_stub(community.mona)
    assert "Someone has opened it" in shown(community.mona)


def test_words_that_say_who_wrote_them_are_pointed_out_before_send(community: Stage) -> None:
    for words in ("Yours, Mona", f"I am {community.mona.mention}", "it is Said, from New Roots"):
        community.review(community.mona, words)
        assert "*Your words seem to say who you are.*" in shown(community.mona), words
        community.look_away(community.mona)
    community.review(community.mona, WORDS)

    assert "seem to say who you are" not in shown(community.mona)


def test_what_changed_since_it_was_reviewed_is_reviewed_again_before_it_is_sent(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    assert mona.modal is not None
    old = dict(mona.modal.raw)
    community.press(mona, "Edit")
    mona.fill("What happened", "Other words")
    mona.submit()
    answer = mona.send_view_submission(old)
    community.settle()

    assert "This changed since. Please read it once more." in answer.text
    assert "Other words" in answer.text
    assert not stubs(community.ben)
