"""What people write to gpbot itself, and forms left unsent: reminded once, continued or deleted, gone after a day."""

from tests.scenarios.doing import NOT_AVAILABLE, SOMETHING, direct_messages, knows_nothing, shown, stubs
from tests.stage import Stage

WORDS = "He keeps writing to me at night."
NOT_SENT = "You have not sent this yet."


def answers(community: Stage) -> list[str]:
    """What gpbot said to mona."""
    return [screen.text.partition("\n")[0] for screen in community.mona.inbox if screen.author == "gpbot"]


def leave_a_form(community: Stage) -> None:
    """Filled in, reviewed, and left with *Not now*."""
    community.review(community.mona, WORDS, about=[community.tom])
    community.mona.dismiss()
    community.settle(1)


# Plain messages.


def test_a_plain_message_is_never_guessed_into_a_report_and_the_form_is_offered(community: Stage) -> None:
    community.mona.say("Tom harasses me")
    community.settle()

    (answer,) = answers(community)
    assert "What you write here stays in Slack" in answer
    assert "use the form" in answer
    assert "a concern, a question, or neither?" in answer
    assert community.mona.inbox[-1].buttons == ["Open the form", "Ask the champions"]
    for champion in community.champions:
        assert direct_messages(champion) == []
        knows_nothing(champion, "harasses")


def test_the_answer_repeats_nothing_of_what_was_written(community: Stage) -> None:
    community.mona.say("Tom harasses me")
    community.settle()

    assert "harasses" not in answers(community)[0]
    for call in community.workspace.calls:
        assert "harasses" not in str(call.args)


def test_a_message_delivered_twice_is_answered_once(community: Stage) -> None:
    community.workspace.faults.deliveries(duplicate=True, where=lambda payload: payload.get("type") == "event_callback")
    community.mona.say("hello")
    community.settle()

    assert len(answers(community)) == 1


def test_a_message_whose_ack_was_lost_comes_again_and_is_answered_once(community: Stage) -> None:
    community.workspace.faults.deliveries(lose_ack=True, where=lambda payload: payload.get("type") == "event_callback")
    community.mona.say("hello")
    community.later(minutes=2)
    community.workspace.run_due()
    community.settle()

    assert len(answers(community)) == 1


def test_whatever_somebody_says_is_answered_once(community: Stage) -> None:
    """Behind `/me`, and as an answer that is shown in the conversation too, which Slack tells twice."""
    community.mona.say("is afraid of Tom", me=True)
    community.settle()
    assert len(answers(community)) == 1
    community.nadia.say("Tom again", thread=community.nadia.say("hello"), broadcast=True)
    community.settle()
    assert len([screen for screen in community.nadia.inbox if screen.author == "gpbot"]) == 2


def test_editing_deleting_and_previews_are_not_new_messages(community: Stage) -> None:
    said = community.mona.say("Tom harasses me https://example.org")
    community.settle()
    community.workspace.unfurl(said, "A page")
    community.mona.edit(said, "Forget it")
    community.settle()
    community.mona.delete(said)
    community.settle()

    assert len(answers(community)) == 1


def test_files_alone_are_answered_too(community: Stage) -> None:
    community.mona.say("", files=["screenshot.png"])
    community.settle()

    assert len(answers(community)) == 1
    assert "screenshot" not in answers(community)[0]


def test_an_answer_in_a_thread_of_the_direct_message_is_a_plain_message(community: Stage) -> None:
    community.report(community.mona)
    community.mona.say("It was Tuesday", thread=community.mona.inbox[-1])
    community.settle()

    assert any("stays in Slack" in answer for answer in answers(community))
    community.open_stub(community.ben)
    assert "Tuesday" not in shown(community.ben)


def test_champions_talking_in_their_channel_are_not_answered(community: Stage) -> None:
    community.amina.say("Who is on this week?", to=community.triage)
    community.settle()

    assert len(community.amina.read(community.triage)) == 3  # the bot's joining, the Desk, and these words


# Forms left unsent.


def test_a_form_left_at_the_review_is_reminded_of_once_and_neutrally(community: Stage) -> None:
    leave_a_form(community)
    community.later(minutes=14)
    assert answers(community) == []
    community.later(minutes=2)
    assert answers(community) == [NOT_SENT]
    assert community.mona.inbox[-1].buttons == ["Continue", "Delete"]
    community.later(hours=20)

    assert answers(community) == [NOT_SENT]


def test_a_form_that_was_never_reviewed_is_not_reminded_of(community: Stage) -> None:
    community.mona.command("/report", WORDS)
    community.settle()
    community.mona.dismiss()
    community.later(hours=2)

    assert answers(community) == []


def test_continue_brings_the_review_back_and_send_takes_the_reminder_away(community: Stage) -> None:
    leave_a_form(community)
    community.later(minutes=20)
    community.press(community.mona, "Continue")
    assert WORDS in shown(community.mona)
    assert "About: @Tom Reed" in shown(community.mona)
    community.mona.submit()
    community.settle()

    assert "Saved." in shown(community.mona)
    assert answers(community) == [SOMETHING]
    assert stubs(community.ben)


def test_continue_shows_who_would_read_it_now(community: Stage) -> None:
    leave_a_form(community)
    community.later(minutes=20)
    community.bot.records.people.remove_champion(community.ben.id, by=community.amina.id)
    community.settle()
    community.press(community.mona, "Continue")

    assert "Who will read this:* Amina Okafor (Harbour Aid), Chloe Martin (City Welcome)" in shown(community.mona)


def test_a_champion_who_joins_after_the_review_was_shown_does_not_get_it(community: Stage) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.bot.records.people.add_champion(community.nadia.id, by=community.amina.id)
    community.settle()
    community.mona.submit()
    community.settle()

    assert direct_messages(community.nadia) == []
    assert "Nadia" not in shown(community.mona)


def test_delete_erases_it_and_the_reminder_and_an_old_continue_brings_nothing_back(community: Stage) -> None:
    leave_a_form(community)
    community.later(minutes=20)
    reminder = community.mona.inbox[-1]
    community.press(community.mona, "Delete")
    assert "was deleted. Nothing was sent." in shown(community.mona)
    assert answers(community) == []
    community.look_away(community.mona)

    community.mona.press("Continue", within=reminder, force=True)
    community.settle()
    assert NOT_AVAILABLE in shown(community.mona)
    assert not stubs(community.ben)


def test_after_a_day_the_draft_and_its_reminder_are_gone(community: Stage) -> None:
    leave_a_form(community)
    community.later(minutes=20)
    reminder = community.mona.inbox[-1]
    community.later(hours=24)

    assert answers(community) == []
    community.mona.press("Continue", within=reminder, force=True)
    community.settle()
    assert NOT_AVAILABLE in shown(community.mona)


def test_nobody_else_can_continue_or_delete_somebodys_draft(community: Stage) -> None:
    leave_a_form(community)
    community.later(minutes=20)
    reminder = community.mona.inbox[-1]
    for words in ("Continue", "Delete"):
        community.tom.press(words, within=reminder, force=True)
        community.settle()
        knows_nothing(community.tom, WORDS)
    community.look_away(community.tom)
    community.press(community.mona, "Continue")

    assert WORDS in shown(community.mona)


def test_a_sent_form_is_not_reminded_of(community: Stage) -> None:
    community.report(community.mona)
    community.look_away(community.mona)
    community.later(hours=2)

    assert NOT_SENT not in answers(community)


def test_two_forms_left_are_two_drafts_and_each_reminder_opens_its_own(community: Stage) -> None:
    community.review(community.mona, "The first")
    community.answer_none(community.mona)
    community.mona.dismiss()
    community.review(community.mona, "The second")
    community.answer_none(community.mona)
    community.mona.dismiss()
    community.later(minutes=20)
    assert answers(community) == [NOT_SENT, NOT_SENT]

    first, second = community.mona.inbox
    community.mona.press("Continue", within=first)
    community.settle(1)
    assert "The first" in shown(community.mona)
    community.look_away(community.mona)
    community.mona.press("Continue", within=second)
    community.settle(1)
    assert "The second" in shown(community.mona)


def test_a_draft_survives_a_restart(community: Stage) -> None:
    leave_a_form(community)
    community.restart()
    community.later(minutes=20)
    community.press(community.mona, "Continue")

    assert WORDS in shown(community.mona)
