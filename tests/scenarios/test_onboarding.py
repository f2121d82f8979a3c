"""Arriving, as a newcomer meets it: topics, hello, a welcome by a person, a word after a week, or none of it."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from gpbot.onboarding import ids
from gpbot.onboarding.jobs import Window
from gpbot.onboarding.types import MOST_CHANNELS
from gpbot.outbox.models import JobRow
from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.practice.state import Channel
from tests.databases import raw_files
from tests.halves import WALK
from tests.scenarios.doing import seen_by, shown
from tests.scenarios.test_guidelines import agree, join, publish
from tests.stage import Stage

WELCOME = "Welcome to Good Practice Network. A few small steps"
WEEK = "You have been in Good Practice Network for a week."
WORDS = "I run a drop-in in Leeds."


@pytest.fixture
def community(community: Stage) -> Stage:
    """With guidelines published, and three channels about two topics."""
    community.stop()
    for name, purpose in (("flats", "#housing"), ("tenants", "#housing #law"), ("lawyers", "Topics: law")):
        community.workspace.add_channel(name, purpose=purpose)
    community.start()
    community.settle(3)
    publish(community)
    return community


def newcomer(c: Stage, name: str = "Zoe Newcomer") -> Person:
    """Somebody who joined, and agreed."""
    person = join(c, name)
    agree(c, person)
    c.settle(1)
    return person


def steps(person: Person) -> Screen:
    """The message with the first steps."""
    return next(screen for screen in reversed(person.inbox) if "Why did you join?" in screen.text)


def place(c: Stage, name: str) -> Channel:
    return next(channel for channel in c.workspace.channels.values() if channel.name == name)


def pick(c: Stage, who: Person, *topics: str, within: Screen | None = None) -> None:
    """As far as the channels to choose from."""
    who.press("Pick topics", within=within or steps(who))
    c.bot.windows.settle()
    who.fill("What do you care about?", list(topics))
    who.submit()


def add_me(c: Stage, who: Person) -> None:
    who.submit()
    c.settle(6)


def tell_why(c: Stage, who: Person, words: str = WORDS) -> None:
    who.press("Write it", within=steps(who))
    c.bot.windows.settle()
    who.fill("In a line or two", words)
    who.submit()
    c.look_away(who)
    c.settle(4)


def cards(c: Stage, who: Person, where: Channel | None = None) -> list[Screen]:
    return [screen for screen in who.read(where or c.triage) if "is new here" in screen.text]


def days_pass(c: Stage, days: int) -> None:
    for _ in range(days):
        c.clock.advance(days=1)
        c.settle(2)


# --- beginning --------------------------------------------------------------------------------------------------------


def test_first_steps_come_when_somebody_new_has_agreed_and_not_before(community: Stage) -> None:
    zoe = join(community)
    assert [screen for screen in zoe.inbox if WELCOME in screen.text] == []
    agree(community, zoe)
    community.settle(1)
    assert len([screen for screen in zoe.inbox if WELCOME in screen.text]) == 1
    assert "Say hello* in #general" in steps(zoe).text


def test_somebody_who_was_here_before_gpbot_is_not_welcomed_like_a_newcomer(community: Stage) -> None:
    community.mona.command("/guidelines")
    community.settle(1)
    community.mona.submit()
    community.settle(2)
    days_pass(community, 8)
    assert community.mona.inbox == []


@pytest.mark.parametrize("step", [ids.HELLO, ids.TOPICS_FORM])
def test_not_even_when_they_took_one_of_the_steps_before_they_agreed(community: Stage, step: str) -> None:
    mona = community.mona
    if step == ids.HELLO:
        mona.send_action(ids.HELLO)
    else:
        mona.open_home()
        community.settle(1)
        assert mona.home is not None
        pick(community, mona, "Law", within=mona.home)
        add_me(community, mona)
    community.settle(1)
    community.look_away(mona)
    mona.command("/guidelines")
    community.settle(1)
    mona.submit()
    community.settle(2)
    days_pass(community, 8)
    assert not [said for said in mona.inbox if WELCOME in said.text or WEEK in said.text]


def test_nobody_is_welcomed_twice_however_often_they_leave_and_come_back(community: Stage) -> None:
    zoe = newcomer(community)
    community.workspace.deactivate(zoe)
    community.settle(1)
    community.workspace.reactivate(zoe)
    community.later(minutes=2)
    assert len([screen for screen in zoe.inbox if WELCOME in screen.text]) == 1
    days_pass(community, 8)
    assert not [screen for screen in zoe.inbox if WEEK in screen.text]  # that was about the first time


def test_without_the_setting_nothing_comes(community: Stage) -> None:
    community.settings = replace(community.settings, onboarding=False)
    community.restart()
    zoe = newcomer(community)
    days_pass(community, 8)
    assert not [screen for screen in zoe.inbox if "Why did you join?" in screen.text or WEEK in screen.text]


def newcomer_whose_message_is_not_known_to_have_arrived(c: Stage) -> Person:
    person = join(c)
    c.workspace.faults.add(method="chat.postMessage", drop="after", where=lambda args: WELCOME in str(args["text"]))
    agree(c, person)
    c.settle(1)
    assert WELCOME in steps(person).text
    return person


def test_steps_taken_before_it_is_known_that_their_message_arrived_bring_no_second_message(community: Stage) -> None:
    zoe = newcomer_whose_message_is_not_known_to_have_arrived(community)
    zoe.press("I said hello", within=steps(zoe))
    pick(community, zoe, "Housing")
    add_me(community, zoe)
    for _ in range(4):
        community.later(minutes=1)
    [message] = [screen for screen in zoe.inbox if "Why did you join?" in screen.text]
    assert "Added to " in message.text
    assert "Done, thank you." in message.text


def test_somebody_who_skips_before_it_is_known_that_the_message_arrived_is_left_with_none(community: Stage) -> None:
    zoe = newcomer_whose_message_is_not_known_to_have_arrived(community)
    zoe.press("Skip all this", within=steps(zoe))
    for _ in range(4):
        community.later(minutes=1)
    assert not [screen for screen in zoe.inbox if WELCOME in screen.text]


# --- topics and channels ----------------------------------------------------------------------------------------------


def test_topics_lead_to_channels_and_each_result_is_said_in_the_window_and_the_message(community: Stage) -> None:
    zoe = newcomer(community)
    community.workspace.invite(place(community, "flats"), zoe)
    pick(community, zoe, "Housing", "Law")
    gone = place(community, "lawyers")
    community.workspace.faults.deliveries(delay=3600)
    community.workspace.archive(gone)
    add_me(community, zoe)
    for said in (shown(zoe), steps(zoe).text):
        assert "Added to #tenants." in said
        assert "Already in #flats." in said
        assert "Closed by now, so not added: #lawyers." in said
    assert zoe.id in place(community, "tenants").members
    assert zoe.id not in gone.members


def test_how_joining_goes_is_shown_by_turns_so_that_no_older_state_stays(community: Stage) -> None:
    zoe = newcomer(community)
    community.workspace.faults.add(method="views.update", error="internal_error", times=None)
    pick(community, zoe, "Housing", "Law")
    zoe.submit()
    community.settle(6)
    with community.bot.records.database.read() as session:
        payloads = session.scalars(select(JobRow.payload).where(JobRow.kind == Window.KIND)).all()
    assert len([each for each in payloads if each["task"] == Window.TASK]) == 1
    community.workspace.faults.clear()
    community.later(minutes=2)
    assert "Done." in shown(zoe)


def test_only_what_is_left_ticked_is_joined(community: Stage) -> None:
    zoe = newcomer(community)
    pick(community, zoe, "Housing")
    zoe.fill("Add me to these", ["#tenants"])
    add_me(community, zoe)
    assert zoe.id in place(community, "tenants").members
    assert zoe.id not in place(community, "flats").members


def test_a_rate_limit_makes_it_later_and_loses_no_channel(community: Stage) -> None:
    zoe = newcomer(community)
    community.workspace.faults.add(method="conversations.invite", retry_after=20)
    pick(community, zoe, "Housing")
    add_me(community, zoe)
    assert "1 of 2" in shown(zoe) or "0 of 2" in shown(zoe)
    community.later(seconds=60)
    assert "Added to #flats, #tenants." in steps(zoe).text.replace("#tenants, #flats", "#flats, #tenants")


def test_what_was_chosen_is_joined_although_gpbot_was_stopped_meanwhile(community: Stage) -> None:
    zoe = newcomer(community)
    pick(community, zoe, "Housing")
    zoe.submit()
    community.restart()
    community.later(seconds=40)
    assert zoe.id in place(community, "flats").members
    assert zoe.id in place(community, "tenants").members
    assert "Still to come" not in steps(zoe).text


@pytest.mark.parametrize("method", ["conversations.join", "conversations.invite"])
def test_a_lost_answer_makes_it_later_and_adds_nobody_twice(community: Stage, method: str) -> None:
    zoe = newcomer(community)
    community.workspace.faults.add(method=method, drop="after")
    pick(community, zoe, "Law")
    add_me(community, zoe)
    community.later(minutes=1)
    community.settle(3)
    said = steps(zoe).text
    assert "Still to come" not in said
    assert said.count("#tenants") == said.count("#lawyers") == 1
    for name in ("tenants", "lawyers"):
        assert place(community, name).members.count(zoe.id) == 1


def test_what_slack_refuses_is_said_and_reports_still_go_out(community: Stage) -> None:
    zoe = newcomer(community)
    community.workspace.faults.add(method="conversations.join", error="missing_scope", times=None)
    pick(community, zoe, "Law")
    add_me(community, zoe)
    assert "Slack did not let gpbot add you here; open them and join there: " in steps(zoe).text
    assert community.bot.health()["outbox"]["paused"] is None


def test_it_can_be_done_again_from_app_home_by_somebody_who_was_here_before_too(community: Stage) -> None:
    community.mona.open_home()
    community.settle(1)
    assert community.mona.home is not None
    pick(community, community.mona, "Law", within=community.mona.home)
    add_me(community, community.mona)
    [message] = community.mona.inbox
    assert "Added to " in message.text
    community.mona.press("Pick other topics")
    community.bot.windows.settle()
    community.mona.fill("What do you care about?", ["Housing"])
    community.mona.submit()
    add_me(community, community.mona)
    assert community.mona.id in place(community, "flats").members
    assert "Already in #tenants" in community.mona.inbox[-1].text


def test_how_joining_went_is_told_in_one_message_also_where_slack_s_answers_are_lost(community: Stage) -> None:
    mona = community.mona
    mona.open_home()
    community.settle(1)
    assert mona.home is not None
    community.workspace.faults.add(method="chat.postMessage", drop="after", times=2)
    for topic in ("Law", "Housing"):
        community.look_away(mona)
        pick(community, mona, topic, within=mona.home)
        add_me(community, mona)
    for _ in range(3):
        community.later(minutes=1)
    [message] = mona.inbox
    assert message.text.count("#flats") == 1
    assert "Added to " in message.text


def test_no_forged_choice_leads_to_a_private_channel_or_to_too_many(community: Stage) -> None:
    zoe = newcomer(community)

    def choose(*channel_ids: str) -> str:
        options = [{"value": each, "text": {"type": "plain_text", "text": each}} for each in channel_ids]
        state = {"values": {ids.CHANNELS: {ids.CHANNELS: {"type": "multi_static_select", "selected_options": options}}}}
        answer = zoe.send_view_submission({"callback_id": ids.CHANNELS, "state": state})
        community.settle(4)
        return answer.text

    choose(community.triage.id)
    assert zoe.id not in community.triage.members
    many = [community.workspace.add_channel(f"many-{number}") for number in range(MOST_CHANNELS + 1)]
    choose(*(channel.id for channel in many))
    assert not [channel for channel in many if zoe.id in channel.members]


def test_guests_are_shown_no_channels_and_the_other_steps_all_the_same(community: Stage) -> None:
    guest = community.workspace.add_person("Gul Guest", guest=True)
    community.later(seconds=91)
    agree(community, guest)
    community.settle(2)
    assert "Find your channels" not in steps(guest).text
    assert "Say hello" in steps(guest).text


# --- hello, later, skip -----------------------------------------------------------------------------------------------


def test_hello_is_noted_when_they_say_so(community: Stage) -> None:
    zoe = newcomer(community)
    zoe.press("I said hello", within=steps(zoe))
    community.settle(3)
    assert "Done, thank you." in steps(zoe).text
    assert "I said hello" not in steps(zoe).buttons


def test_what_is_done_on_app_home_shows_there_at_once(community: Stage) -> None:
    zoe = newcomer(community)
    zoe.open_home()
    community.settle(1)
    assert zoe.home is not None
    zoe.press("I said hello", within=zoe.home)
    community.settle(3)
    assert "Done, thank you." in zoe.home.text
    days_pass(community, 31)
    zoe.open_home()
    community.settle(1)
    assert "First steps" not in zoe.home.text
    assert "Pick topics" in zoe.home.buttons


def test_later_reminds_once_and_no_more(community: Stage) -> None:
    zoe = newcomer(community)
    zoe.press("Later", within=steps(zoe))
    community.settle(3)
    assert "You are reminded once, in three days." in steps(zoe).text
    assert "Later" not in steps(zoe).buttons
    days_pass(community, 2)
    before = steps(zoe).ts
    days_pass(community, 2)
    reminder = steps(zoe)
    assert reminder.ts != before
    assert "You wanted to come back" in reminder.text
    assert "You are reminded" not in reminder.text
    days_pass(community, 20)
    assert steps(zoe).ts == reminder.ts
    # The one that was put off is gone: its words about a reminder would not be true any more.
    assert len([screen for screen in zoe.inbox if "Why did you join?" in screen.text]) == 1


def test_where_nothing_is_left_to_do_nothing_is_left_to_put_off(community: Stage) -> None:
    zoe = newcomer(community)
    pick(community, zoe, "Housing")
    add_me(community, zoe)
    community.look_away(zoe)
    tell_why(community, zoe)
    assert "Later" in steps(zoe).buttons
    zoe.press("I said hello", within=steps(zoe))
    community.settle(3)
    assert "Pick topics" in steps(zoe).buttons
    assert not {"Later", "Skip all this"} & set(steps(zoe).buttons)


def test_somebody_who_skips_still_reads_how_being_added_went(community: Stage) -> None:
    zoe = newcomer(community)
    zoe.press("Skip all this", within=steps(zoe))
    community.settle(3)
    zoe.open_home()
    community.settle(1)
    assert zoe.home is not None
    pick(community, zoe, "Housing", within=zoe.home)
    add_me(community, zoe)
    assert any("Skipped." in said.text and "Added to #flats, #tenants." in said.text for said in zoe.inbox)


def test_skipped_means_that_nothing_more_comes_by_itself(community: Stage) -> None:
    zoe = newcomer(community)
    zoe.press("Later", within=steps(zoe))
    community.settle(3)
    zoe.press("Skip all this", within=steps(zoe))
    community.settle(3)
    messages = len(zoe.inbox)
    assert "Skipped. Nothing more comes by itself" in zoe.inbox[-1].text
    days_pass(community, 12)
    assert len(zoe.inbox) == messages
    zoe.open_home()
    community.settle(1)
    assert zoe.home is not None
    assert "Pick topics" in zoe.home.buttons


def test_how_joining_went_is_also_said_to_somebody_who_skipped_the_rest(community: Stage) -> None:
    zoe = newcomer(community)
    zoe.press("Skip all this", within=steps(zoe))
    zoe.open_home()
    community.settle(3)
    pick(community, zoe, "Housing", within=zoe.home)
    add_me(community, zoe)
    assert "Skipped." in zoe.inbox[-1].text
    assert "Added to #flats, #tenants." in zoe.inbox[-1].text


# --- being welcomed ---------------------------------------------------------------------------------------------------


@WALK("onboarding")
def test_why_they_joined_reaches_the_champions_and_the_one_who_claims_it_is_named_to_them(community: Stage) -> None:
    zoe = newcomer(community)
    tell_why(community, zoe)
    [card] = cards(community, community.ben)
    assert WORDS in card.text
    community.ben.press("I will welcome them", within=card)
    community.settle(4)
    [card] = cards(community, community.chloe)
    assert "@Ben Adeyemi will welcome them" in card.text
    assert any("@Ben Adeyemi would like to welcome you" in screen.text for screen in zoe.inbox)
    assert "@Ben Adeyemi will welcome you." in steps(zoe).text


def test_a_second_card_that_nobody_knows_of_never_holds_their_words(community: Stage) -> None:
    zoe = newcomer(community)
    community.workspace.faults.add(
        method="chat.postMessage", drop="after", where=lambda args: args["channel"] == community.triage.id
    )
    tell_why(community, zoe)
    community.later(minutes=1)
    community.settle(3)
    assert [WORDS in card.text for card in cards(community, community.ben)] == [False, True]


def test_the_second_who_claims_a_welcome_is_told_and_a_released_one_is_free_again(community: Stage) -> None:
    zoe = newcomer(community)
    tell_why(community, zoe)
    [card] = cards(community, community.ben)
    value = str(next(control for control in card.controls if "welcome them" in control.words).element["value"])
    community.ben.press("I will welcome them", within=card)
    community.settle(4)
    community.chloe.send_action(ids.CLAIM, value, within=card)
    community.settle(1)
    assert "Somebody else has just said that they will." in seen_by(community.chloe)
    community.chloe.press("I cannot after all", within=cards(community, community.chloe)[0])
    community.settle(4)
    assert "Only they can take it back." in seen_by(community.chloe)
    assert "@Ben Adeyemi will welcome them" in cards(community, community.ben)[0].text
    community.ben.press("I cannot after all", within=cards(community, community.ben)[0])
    community.settle(4)
    community.chloe.press("I will welcome them", within=cards(community, community.chloe)[0])
    community.settle(4)
    assert "@Chloe Martin will welcome them" in cards(community, community.ben)[0].text


@pytest.mark.parametrize("how", ["the roster", "the workspace"])
def test_a_welcome_is_free_again_when_the_one_who_claimed_it_has_left(community: Stage, how: str) -> None:
    zoe = newcomer(community)
    tell_why(community, zoe)
    community.ben.press("I will welcome them", within=cards(community, community.ben)[0])
    community.settle(4)
    if how == "the roster":
        community.bot.records.people.remove_champion(community.ben.id, by="operator")
    else:
        community.workspace.deactivate(community.ben)
    community.settle(4)
    [card] = cards(community, community.chloe)
    assert "Ben Adeyemi" not in card.text + steps(zoe).text
    community.chloe.press("I will welcome them", within=card)
    community.settle(4)
    assert "@Chloe Martin will welcome you." in steps(zoe).text


def test_a_member_who_leaves_gives_back_what_they_claimed_and_a_newcomer_s_card_says_that_they_left(
    community: Stage,
) -> None:
    lounge = community.workspace.add_channel("lounge", members=[community.mona, community.ben])
    community.workspace.invite(lounge, community.app)
    community.settings = replace(community.settings, welcome_channel=lounge.id)
    community.restart()
    zoe, yan = newcomer(community), newcomer(community, "Yan Second")
    community.workspace.invite(lounge, yan)
    tell_why(community, zoe)
    yan.press("I will welcome them", within=cards(community, yan, lounge)[0])
    community.settle(4)
    community.workspace.deactivate(yan)
    community.settle(4)
    [card] = cards(community, community.mona, lounge)
    assert "I will welcome them" in card.buttons
    community.workspace.deactivate(zoe)
    community.settle(4)
    assert "They have left since." in cards(community, community.mona, lounge)[0].text
    community.workspace.reactivate(zoe)
    community.settle(4)
    assert "They have left since." not in cards(community, community.mona, lounge)[0].text


def test_nobody_but_champions_claims_a_welcome_in_their_channel_and_nobody_their_own(community: Stage) -> None:
    zoe = newcomer(community)
    tell_why(community, zoe)
    [card] = cards(community, community.ben)
    value = str(next(control for control in card.controls if "welcome them" in control.words).element["value"])
    for somebody in (community.mona, zoe):
        somebody.send_action(ids.CLAIM, value)
        community.settle(1)
    for wrong in ("", "x", "99999999999999999999", "4242"):
        community.ben.send_action(ids.CLAIM, wrong)
        community.settle(1)
    assert "will welcome" not in cards(community, community.ben)[0].text.replace("I will welcome", "")


def test_in_a_channel_for_welcomes_any_member_who_agreed_may_claim_one_but_not_their_own(community: Stage) -> None:
    lounge = community.workspace.add_channel("lounge", members=[community.mona, community.ben])
    community.workspace.invite(lounge, community.app)
    community.settings = replace(community.settings, welcome_channel=lounge.id)
    community.restart()
    zoe = newcomer(community)
    tell_why(community, zoe)
    [card] = cards(community, community.mona, lounge)
    community.mona.press("I will welcome them", within=card)  # who has not agreed yet
    community.settle(2)
    assert "I will welcome them" in cards(community, community.mona, lounge)[0].buttons
    value = str(next(control for control in card.controls if "welcome them" in control.words).element["value"])
    zoe.send_action(ids.CLAIM, value)
    community.settle(1)
    assert "Somebody else welcomes you." in seen_by(zoe)
    yan = newcomer(community, "Yan Second")
    yan.send_action(ids.CLAIM, value)
    community.settle(4)
    assert "@Yan Second will welcome them" in cards(community, community.mona, lounge)[0].text


def test_their_words_are_sealed_at_rest_and_gone_after_a_month(community: Stage) -> None:
    zoe = newcomer(community)
    tell_why(community, zoe, "A canary of a newcomer")
    assert b"canary of a newcomer" not in b"".join(raw_files(community.settings.database_url).values())
    community.later(days=31)
    community.settle(3)
    assert "canary" not in cards(community, community.ben)[0].text
    with community.bot.records.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM arrival WHERE sealed_why IS NOT NULL")).scalar_one() == 0


def test_blank_words_are_asked_for_again_and_new_words_replace_the_old_on_the_same_card(community: Stage) -> None:
    zoe = newcomer(community)
    zoe.press("Write it", within=steps(zoe))
    community.bot.windows.settle()
    zoe.fill("In a line or two", "  ")
    answer = zoe.submit()
    assert answer.text
    community.look_away(zoe)
    tell_why(community, zoe)
    zoe.press("Change it", within=steps(zoe))
    community.bot.windows.settle()
    zoe.fill("In a line or two", "I moved to York.")
    zoe.submit()
    community.settle(4)
    [card] = cards(community, community.ben)
    assert "I moved to York." in card.text
    assert WORDS not in card.text


# --- after a week -----------------------------------------------------------------------------------------------------


def test_after_a_week_they_are_asked_once_with_ways_to_ask_and_to_report(community: Stage) -> None:
    zoe = newcomer(community)
    days_pass(community, 6)
    assert not [screen for screen in zoe.inbox if WEEK in screen.text]
    days_pass(community, 10)
    [asked] = [screen for screen in zoe.inbox if WEEK in screen.text]
    assert asked.buttons == ["All is well", "Ask the champions", "Report a concern", "Find channels"]
    zoe.press("Report a concern", within=asked)
    community.bot.windows.settle()
    assert "What happened" in shown(zoe)
    community.look_away(zoe)
    zoe.press("All is well", within=asked)
    community.bot.windows.settle()
    assert any("Good to hear." in screen.text for screen in zoe.inbox)


def test_somebody_who_left_is_asked_nothing(community: Stage) -> None:
    zoe = newcomer(community)
    community.workspace.deactivate(zoe)
    days_pass(community, 9)
    assert not [screen for screen in zoe.inbox if WEEK in screen.text]
