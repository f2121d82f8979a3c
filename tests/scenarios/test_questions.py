"""Questions to the champions, from asking to the answer, and what happens when one is really a concern."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest

from gpbot.crypto import new_master_key
from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.questions import ids
from gpbot.questions.types import NOT_REACHED, Asking, Concern, NotAChannel, NotPublic
from gpbot.questions.wording import IS_IT_ANSWERED, READ_BY_OTHERS, STILL_WAITING
from gpbot.reports.ticks import LABEL
from gpbot.reports.types import AlreadyClaimed
from tests.halves import WALK
from tests.scenarios.doing import NOT_AVAILABLE, SOMETHING, direct_messages, home_of, knows_nothing, shown, stubs
from tests.sealed.rotating import rotate, rotation_of
from tests.stage import HELP, Stage

WORDS = "Where do I find the list of partner shelters?"
ANSWER = "It is pinned in the shelters channel."


def fill(community: Stage, words: str = WORDS, *, public: bool = False, show_name: bool = False) -> None:
    """Mona fills in the form and sends it once."""
    mona = community.mona
    mona.command("/ask")
    community.bot.windows.settle()
    mona.fill("Your question", words)
    if public:
        mona.fill("May the answer be public", "Yes")
    if show_name:
        mona.fill("Show my name", "Yes")
    mona.submit()
    community.settle()


def ask(community: Stage, words: str = WORDS, *, public: bool = False, show_name: bool = False) -> None:
    """As `fill`; she sends it again when her words name someone. Nothing is open at the end."""
    fill(community, words, public=public, show_name=show_name)
    if "Your words seem to name" in shown(community.mona):
        community.mona.submit()
        community.settle()
    assert "Sent. The champions read it" in shown(community.mona)
    community.look_away(community.mona)


def cards(community: Stage) -> list[Screen]:
    """The cards in the champions' channel now."""
    return [
        said for said in community.amina.read(community.triage) if said.text.startswith("*A question for the champions")
    ]


def on_card(community: Stage, champion: Person, button: str) -> None:
    """Press a button of the one card there is."""
    (card,) = cards(community)
    champion.press(button, within=card)
    community.settle()


def question_of(card: Screen) -> UUID:
    return UUID(next(str(control.element["value"]) for control in card.controls if control.words == "Open"))


def answer(community: Stage, champion: Person, text: str = ANSWER, *, post_in: object = None) -> None:
    on_card(community, champion, "Answer")
    champion.fill("Answer", text)
    if post_in is not None:
        champion.fill("Post it in a channel", post_in)
    champion.submit()
    community.settle()


def own_view(community: Stage) -> str:
    """What Mona reads when she opens her newest question from her App Home."""
    community.look_away(community.mona)
    community.mona.open_home()
    community.settle(1)
    community.mona.press("Open", within=community.mona.home, nth=0)
    community.settle(1)
    return shown(community.mona)


def open_questions(community: Stage, person: Person) -> bool:
    """Whether their App Home lists a question that waits."""
    home = home_of(community, person)
    return "Nobody has claimed it" in home or "has it" in home


def make_report(community: Stage, champion: Person, *, about: list[Person], keep_out: list[Person]) -> None:
    on_card(community, champion, "This is a concern")
    if about:
        champion.fill("Who is it about", about)
        community.settle(1)
    if keep_out:
        champion.fill(LABEL, [person.user.real_name for person in keep_out])
    champion.submit()
    community.settle()


# Asking.


def test_a_question_goes_to_the_champions_channel_as_a_card_without_the_name_of_who_asks(community: Stage) -> None:
    ask(community)

    (card,) = cards(community)
    assert WORDS in card.text
    assert "A member asks" in card.text
    assert "Nobody has claimed it" in card.text
    assert "The answer is for the person who asks alone" in card.text
    for champion in community.champions:
        knows_nothing(champion, community.mona.id)
        assert direct_messages(champion) == []


def test_the_name_is_on_the_card_when_the_person_chose_so(community: Stage) -> None:
    ask(community, show_name=True)

    assert "@Mona Said asks" in cards(community)[0].text


def test_the_form_says_who_reads_it_and_opens_from_everywhere(community: Stage) -> None:
    mona = community.mona
    mona.command("/ask", "Where is it?", channel=community.general)
    community.settle()
    assert "All champions read this, in their channel." in shown(mona)
    assert "Where is it?" in shown(mona)
    assert community.tom.read(community.general) == mona.read(community.general)

    community.look_away(mona)
    mona.shortcut("Ask the champions")
    community.settle()
    assert "All champions read this" in shown(mona)

    community.look_away(mona)
    mona.open_home()
    community.settle()
    community.press(mona, "Ask the champions")
    assert "All champions read this" in shown(mona)

    community.look_away(mona)
    mona.say("hello?")
    community.settle()
    community.press(mona, "Ask the champions")
    assert "All champions read this" in shown(mona)


def test_an_empty_question_is_not_sent(community: Stage) -> None:
    fill(community, " \u200b ")

    assert "Please write your question." in shown(community.mona)
    assert cards(community) == []


def test_words_that_name_a_champion_are_not_posted_before_the_person_was_asked(community: Stage) -> None:
    fill(community, "Is Ben always this rude?", show_name=True)

    assert "Your words seem to name Ben Adeyemi. Every champion would read this." in shown(community.mona)
    assert "Is Ben always this rude?" in shown(community.mona)
    assert cards(community) == []
    knows_nothing(community.ben, "this rude")

    community.mona.submit()
    community.settle()
    assert "Is Ben always this rude?" in cards(community)[0].text
    assert "@Mona Said asks" in cards(community)[0].text


def test_further_words_that_name_a_champion_are_not_posted_before_the_person_was_asked(community: Stage) -> None:
    ask(community)
    own_view(community)
    community.press(community.mona, "Add something")
    community.mona.fill("Add something", "Is Ben always this rude?")
    community.mona.submit()
    community.settle()
    assert "Your words seem to name Ben Adeyemi. Every champion would read this." in shown(community.mona)
    knows_nothing(community.ben, "this rude")

    community.press(community.mona, "Report a concern")
    assert "What happened? Any language." in shown(community.mona)
    assert "Is Ben always this rude?" in shown(community.mona)
    community.look_away(community.mona)
    own_view(community)
    community.press(community.mona, "Add something")
    community.mona.fill("Add something", "Is Ben always this rude?")
    community.mona.submit()
    community.mona.submit()
    community.settle()
    on_card(community, community.ben, "Open")
    assert "Is Ben always this rude?" in shown(community.ben)


def test_words_that_say_who_asks_are_not_posted_before_the_person_was_told_so(community: Stage) -> None:
    fill(community, "Where is it? Thank you, Mona Said")
    assert "Your words seem to say who you are" in shown(community.mona)
    assert cards(community) == []
    community.mona.submit()
    community.settle()
    assert "Thank you, Mona Said" in cards(community)[0].text


def test_words_that_say_who_asks_go_at_once_when_the_name_is_to_be_shown(community: Stage) -> None:
    fill(community, "Where is it? Thank you, Mona Said", show_name=True)

    assert "Thank you, Mona Said" in cards(community)[0].text


def test_a_champion_who_asks_is_told_that_others_may_guess_it_if_it_becomes_a_report(community: Stage) -> None:
    warning = "the others see that you are *not handling* it, and may guess that you asked"
    for person, is_told in ((community.chloe, True), (community.edith, True), (community.mona, False)):
        person.command("/ask")
        community.settle(1)
        assert (warning in shown(person)) == is_told


def test_report_a_concern_takes_the_words_along_and_posts_nothing(community: Stage) -> None:
    fill(community, "Is Ben always this rude?")
    community.press(community.mona, "Report a concern")

    assert "What happened? Any language." in shown(community.mona)
    assert "Is Ben always this rude?" in shown(community.mona)
    community.mona.submit()
    community.mona.submit()
    community.settle()
    assert cards(community) == []
    assert stubs(community.amina)
    assert not stubs(community.ben)
    knows_nothing(community.ben, "rude")


def test_a_form_sent_twice_at_once_is_one_question(community: Stage) -> None:
    mona = community.mona
    mona.command("/ask", WORDS)
    community.bot.windows.settle()
    mona.submit(times=2, together=True)
    community.settle()

    assert len(cards(community)) == 1


def test_typed_words_are_not_lost_when_slack_is_too_slow_to_open_the_form(community: Stage) -> None:
    community.workspace.faults.add(method="views.open", error="expired_trigger_id")
    community.mona.command("/ask", WORDS)
    community.settle()
    community.press(community.mona, "Open the form")

    assert WORDS in shown(community.mona)


@pytest.mark.parametrize("length", [3000, 3900])
def test_a_very_long_question_is_shown_whole(community: Stage, length: int) -> None:
    community.mona.command("/ask", "x" * (length - 5) + " end.")
    community.settle()
    assert ("This did not fit." in shown(community.mona)) == (length > 3000)
    community.mona.submit()
    community.settle()

    assert len(cards(community)) == 1
    assert shown(community.mona).count("x") >= 2900


def test_hostile_words_ring_nobody_and_link_nowhere(community: Stage) -> None:
    hostile = "<!channel> <@U0000000001> *bold* <https://example.org|here> @channel"
    ask(community, hostile)

    (card,) = cards(community)
    assert "<!channel> <@U0000000001> *bold* <https://example.org|here> @channel" in card.text
    posted = [call for call in community.workspace.calls if call.method in {"chat.postMessage", "chat.update"}]
    for call in posted:
        for block in json.loads(json.dumps(call.args["blocks"])) if isinstance(call.args["blocks"], list) else []:
            text = block.get("text") or {}
            assert text.get("type") != "mrkdwn" or "<!channel>" not in text["text"]
        assert "<!channel>" not in call.args["text"]


# The card.


def test_no_message_holds_words_before_gpbot_knows_where_it_stands(community: Stage) -> None:
    """A copy that was sent twice cannot be found again, so it must not hold anything."""
    ask(community)

    posts = [str(call.args) for call in community.workspace.calls if call.method == "chat.postMessage"]
    assert posts
    assert not [post for post in posts if "shelters" in post]
    assert "shelters" in cards(community)[0].text


def test_a_card_that_arrived_twice_is_kept_in_step_once_it_is_pressed(community: Stage) -> None:
    community.workspace.faults.add(
        method="chat.postMessage", drop="after", where=lambda args: args["channel"] == community.triage.id
    )
    ask(community)
    community.later(minutes=1)
    said = [each for each in community.amina.read(community.triage) if "A question for the champions" in each.text]
    stray = next(each for each in said if "shelters" not in each.text)
    assert len(said) == 2

    community.ben.press("Open", within=stray)
    community.settle()
    assert len(cards(community)) == 2
    own_view(community)
    community.press(community.mona, "Close question")
    assert cards(community) == []


def test_a_stray_card_of_a_question_that_ended_goes_when_it_is_pressed(community: Stage) -> None:
    community.workspace.faults.add(
        method="chat.postMessage", drop="after", where=lambda args: args["channel"] == community.triage.id
    )
    ask(community)
    community.later(minutes=1)
    own_view(community)
    community.press(community.mona, "Close question")
    (stray,) = [each for each in community.amina.read(community.triage) if "A question for" in each.text]
    community.ben.press("Open", within=stray)
    community.settle()

    assert NOT_AVAILABLE in shown(community.ben)
    assert not [each for each in community.amina.read(community.triage) if "A question for" in each.text]


def test_a_card_that_slack_does_not_delete_loses_its_words_whatever_ended_its_question(community: Stage) -> None:
    left = []
    for end in ("Withdraw", "Make it a report"):
        ask(community)
        community.workspace.faults.add(method="chat.delete", error="cant_delete_message")
        if end == "Withdraw":
            own_view(community)
            community.press(community.mona, end)
        else:
            make_report(community, community.amina, about=[community.ben], keep_out=[])
        assert cards(community) == []
        left.append(community.ben.read(community.triage)[-1])

    assert left[0].text == left[1].text == "What was here has been taken back."
    assert left[0].ts != left[1].ts


def test_a_card_that_could_not_be_taken_away_goes_when_it_is_pressed(community: Stage) -> None:
    ask(community)
    community.workspace.faults.add(error="channel_not_found", where=lambda args: "ts" in args, times=2)
    own_view(community)
    community.press(community.mona, "Withdraw")
    on_card(community, community.ben, "Open")

    assert NOT_AVAILABLE in shown(community.ben)
    assert cards(community) == []


def test_what_told_of_a_question_is_taken_back_also_where_slack_s_answer_was_lost(community: Stage) -> None:
    at_triage = community.triage.id
    community.workspace.faults.add(error="channel_not_found", where=lambda args: args.get("channel") == at_triage)
    community.workspace.faults.add(
        method="chat.postMessage", drop="after", where=lambda args: args.get("channel") != at_triage, times=3
    )
    ask(community)
    for champion in community.champions:
        assert direct_messages(champion) == [SOMETHING]
    own_view(community)
    community.press(community.mona, "Withdraw")
    for _ in range(2):
        community.later(minutes=1)
    for champion in community.champions:
        assert direct_messages(champion) == []


def test_two_champions_claim_and_the_second_learns_who_was_first(community: Stage) -> None:
    ask(community)
    before = cards(community)[0]
    on_card(community, community.ben, "Claim")
    assert "@Ben Adeyemi has it" in cards(community)[0].text
    community.chloe.press("Claim", within=before, force=True)
    community.settle()

    assert "Ben Adeyemi was first and has this one." in str([s.text for s in community.chloe.read(community.triage)])
    assert "Someone has it." in own_view(community)
    knows_nothing(community.mona, "Ben Adeyemi")


def test_of_champions_who_claim_at_the_same_moment_one_has_it(community: Stage) -> None:
    ask(community)
    question_id = question_of(cards(community)[0])

    def claim(champion: Person) -> bool:
        try:
            community.bot.records.questions.claim(champion.id, question_id)
        except AlreadyClaimed:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(claim, community.champions)) == [False, False, True]


def test_a_claim_can_be_released(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Claim")
    on_card(community, community.ben, "Open")
    community.press(community.ben, "Release")

    assert "Nobody has claimed it" in cards(community)[0].text


def test_a_champion_who_leaves_the_roster_holds_no_claim(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Claim")
    on_card(community, community.ben, "Open")
    assert WORDS in shown(community.ben)
    community.bot.records.people.remove_champion(community.ben.id, by=community.amina.id)
    community.settle()

    assert "Nobody has claimed it" in cards(community)[0].text
    assert NOT_AVAILABLE in shown(community.ben)
    community.look_away(community.ben)
    on_card(community, community.ben, "Open")
    assert NOT_AVAILABLE in shown(community.ben)
    assert not open_questions(community, community.ben)


def test_a_card_that_cannot_be_posted_is_told_to_each_champion(community: Stage) -> None:
    community.workspace.remove(community.triage, community.app.bot_user_id)
    ask(community)

    for champion in community.champions:
        assert direct_messages(champion) == [SOMETHING]
        community.open_stub(champion)
        assert WORDS in shown(champion)


# The answer.


@WALK("questions")
def test_the_answer_comes_from_the_champions_and_the_message_about_it_says_nothing(community: Stage) -> None:
    ask(community)
    answer(community, community.ben)

    assert direct_messages(community.mona) == [SOMETHING]
    community.open_stub(community.mona)
    assert ANSWER in shown(community.mona)
    assert "From the Champions" in shown(community.mona)
    knows_nothing(community.mona, "Ben Adeyemi")
    assert "Answered; @Ben Adeyemi has it" in cards(community)[0].text
    for other in (community.tom, community.edith):
        knows_nothing(other, "shelters")


def test_an_answer_sent_twice_at_once_is_one(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Answer")
    community.ben.fill("Answer", ANSWER)
    community.ben.submit(times=2, together=True)
    community.settle()

    assert direct_messages(community.mona) == [SOMETHING]
    assert own_view(community).count(ANSWER) == 1


def test_an_answer_may_start_from_a_template_and_keeps_what_was_typed(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Answer")
    community.ben.fill("Answer", "It is in the handbook.")
    community.ben.fill("Start from", "Could you tell us more?")
    community.settle(1)
    community.ben.submit()
    community.settle()

    read = own_view(community)
    assert "Could you tell us a little more" in read
    assert "It is in the handbook." in read


def test_a_template_that_does_not_fit_cuts_nothing_of_what_was_typed(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Answer")
    community.ben.fill("Answer", "x" * 2980 + " the end")
    community.ben.fill("Start from", "Could you tell us more?")
    community.settle(1)

    assert "the end" in shown(community.ben)


def test_a_public_answer_is_offered_only_where_it_was_allowed(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Answer")
    assert community.ben.modal is not None
    assert "Post it in a channel too?" not in community.ben.modal.fields

    question_id = question_of(cards(community)[0])
    questions = community.bot.records.questions
    with pytest.raises(NotPublic):
        questions.answer(community.ben.id, question_id, ANSWER, channel_id=community.general.id)
    assert "From the Champions" not in own_view(community)


def test_a_public_answer_goes_to_no_person_and_no_private_place(community: Stage) -> None:
    ask(community, public=True)
    question_id = question_of(cards(community)[0])
    for place in (community.tom.id, community.workspace.dm(community.tom.id).id, "general"):
        with pytest.raises(NotAChannel):
            community.bot.records.questions.answer(community.ben.id, question_id, ANSWER, channel_id=place)
    community.settle()

    assert direct_messages(community.tom) == []


def test_a_public_answer_holds_the_champions_words_alone(community: Stage) -> None:
    community.workspace.invite(community.general, community.app.bot_user_id)
    ask(community, public=True, show_name=True)
    answer(community, community.ben, post_in=community.general)

    said = community.tom.read(community.general)[-1].text
    assert ANSWER in said
    assert "The champions answer a question." in said
    assert "partner" not in said
    assert "Mona" not in said
    assert "Ben" not in said
    assert ANSWER in own_view(community)


def test_when_gpbot_cannot_post_in_that_channel_the_champion_is_told_what_to_do(community: Stage) -> None:
    ask(community, public=True)
    answer(community, community.ben, post_in=community.general)
    community.settle()

    assert ANSWER not in str([said.text for said in community.tom.read(community.general)])
    assert "The answer could not be posted in #general" in cards(community)[0].text
    assert direct_messages(community.ben) == [SOMETHING]
    community.open_stub(community.ben)
    assert "Invite gpbot to that channel" in shown(community.ben)
    assert ANSWER in own_view(community)
    assert "could not be posted" not in shown(community.mona)


def test_nothing_is_posted_of_a_question_that_was_withdrawn_meanwhile(community: Stage) -> None:
    community.workspace.invite(community.general, community.app.bot_user_id)
    ask(community, public=True)
    community.workspace.faults.add(
        method="chat.postMessage", retry_after=30, where=lambda args: args["channel"] == community.general.id
    )
    answer(community, community.ben, post_in=community.general)
    own_view(community)
    community.press(community.mona, "Withdraw")
    community.later(minutes=2)

    assert ANSWER not in str([said.text for said in community.tom.read(community.general)])


@pytest.mark.parametrize("show_name", [True, False])
def test_that_an_answer_cannot_reach_the_person_is_noted_where_their_name_is_shown(
    community: Stage, *, show_name: bool
) -> None:
    """Where it is not, it would tell whose account was closed."""
    ask(community, show_name=show_name)
    community.workspace.deactivate(community.mona)
    answer(community, community.ben)
    community.settle()

    assert (NOT_REACHED in cards(community)[0].text) == show_name


def test_what_an_earlier_release_noted_about_a_message_not_arriving_is_not_shown(community: Stage) -> None:
    ask(community)
    questions = community.bot.records.questions
    with questions.database.begin() as session:
        [question_id] = questions.store.open_ones(session)
        opened = questions.store.open_as_caretaker(session, question_id)
        assert opened is not None
        questions.could_not_send(session, opened, NOT_REACHED)
    community.settle()

    assert NOT_REACHED not in cards(community)[0].text
    on_card(community, community.ben, "Open")
    assert NOT_REACHED not in shown(community.ben)


# The end, and after it.


def test_closed_by_who_asked_it_is_gone_for_the_champions_and_can_be_opened_again(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Open")
    question_id = question_of(cards(community)[0])
    own_view(community)
    community.press(community.mona, "Close question")
    assert "Closed. The champions no longer see it." in shown(community.mona)
    assert cards(community) == []
    assert NOT_AVAILABLE in shown(community.ben)
    assert not open_questions(community, community.ben)
    for action in (ids.OPEN, ids.CLAIM, ids.WRITE_ANSWER, ids.MAKE_REPORT):
        community.look_away(community.ben)
        community.ben.send_action(action, str(question_id))
        community.settle(1)
        assert NOT_AVAILABLE in community.ben.seen[-1].text

    assert "Closed." in own_view(community)
    community.press(community.mona, "Reopen")
    assert "Nobody has claimed it" in cards(community)[0].text


def test_more_words_open_a_closed_question_again_and_bring_a_new_card(community: Stage) -> None:
    ask(community)
    answer(community, community.ben)
    own_view(community)
    community.press(community.mona, "Close question")
    community.press(community.mona, "Add something")
    community.mona.fill("Add something", "It is not pinned there.")
    community.mona.submit()
    community.settle()

    (card,) = cards(community)
    assert "2 more to read: Open" in card.text
    on_card(community, community.chloe, "Open")
    assert "It is not pinned there." in shown(community.chloe)
    assert ANSWER in shown(community.chloe)


def test_somebody_who_has_it_is_told_when_more_is_written(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Claim")
    own_view(community)
    community.press(community.mona, "Add something")
    community.mona.fill("Add something", "It is urgent.")
    community.mona.submit()
    community.settle()

    assert direct_messages(community.ben) == [SOMETHING]
    assert direct_messages(community.chloe) == []
    assert len(cards(community)) == 1
    community.press(community.mona, "Close question")
    assert direct_messages(community.ben) == []


def test_a_long_conversation_is_paged_and_nothing_of_it_is_lost(community: Stage) -> None:
    ask(community)
    question_id = question_of(cards(community)[0])
    for number in range(14):
        community.bot.records.questions.add(community.mona.id, question_id, f"Word {number} " + "x" * 2900)
    community.settle(40)
    on_card(community, community.ben, "Open")
    assert "Word 13 " in shown(community.ben)
    assert "Word 1 " not in shown(community.ben)
    community.press(community.ben, "Older")
    assert WORDS in shown(community.ben)
    assert "Word 1 " in shown(community.ben)
    community.press(community.ben, "Newer")

    assert "Word 13 " in shown(community.ben)


def test_a_withdrawn_question_is_erased_and_leaves_no_message(community: Stage) -> None:
    ask(community)
    answer(community, community.ben)
    own_view(community)
    community.press(community.mona, "Withdraw")

    assert "It is erased" in shown(community.mona)
    assert cards(community) == []
    assert direct_messages(community.mona) == []
    assert "What you asked" not in home_of(community, community.mona)


def test_a_question_nobody_answers_for_a_week_is_brought_up_again_and_the_claim_ends(community: Stage) -> None:
    ask(community)
    on_card(community, community.ben, "Claim")
    before = cards(community)[0].ts
    community.later(days=7)

    (card,) = cards(community)
    assert card.ts != before
    assert "Nobody has claimed it; nothing has happened for a week" in card.text
    assert direct_messages(community.mona) == [SOMETHING]
    community.open_stub(community.mona)
    assert STILL_WAITING in shown(community.mona)
    answer(community, community.ben)
    assert "a week" not in cards(community)[0].text


def test_an_answered_question_is_asked_about_after_a_week_and_closed_after_another(community: Stage) -> None:
    ask(community)
    answer(community, community.ben)
    community.later(days=7)
    assert IS_IT_ANSWERED in own_view(community)
    assert len(cards(community)) == 1
    community.later(days=7)

    assert cards(community) == []
    assert "Closed." in own_view(community)
    assert "Add something to open it again." in shown(community.mona)


def test_a_closed_question_is_erased_when_its_time_is_over(community: Stage) -> None:
    ask(community)
    question_id = question_of(cards(community)[0])
    own_view(community)
    community.press(community.mona, "Close question")
    community.later(days=community.settings.keep_questions_days - 1)
    assert "Closed." in own_view(community)
    community.later(days=1, minutes=1)

    records = community.bot.records
    with records.database.read() as session:
        assert records.questions.store.open_as_caretaker(session, question_id) is None
    assert "What you asked" not in home_of(community, community.mona)


# Who may read.


def test_members_and_contacts_cannot_open_a_question_and_hear_the_same_as_if_there_were_none(community: Stage) -> None:
    ask(community)
    question_id = question_of(cards(community)[0])
    for person in (community.tom, community.edith):
        for action in (ids.OPEN, ids.CLAIM, ids.WRITE_ANSWER, ids.MAKE_REPORT, ids.CLOSE, ids.WITHDRAW, ids.CONCERN):
            answers = []
            for value in (question_id, UUID(int=7)):
                community.look_away(person)
                person.send_action(action, str(value))
                community.settle(1)
                answers.append(person.seen[-1].text)
            assert answers[0] == answers[1]
            assert NOT_AVAILABLE in answers[0]
        knows_nothing(person, "shelters")
        assert not open_questions(community, person)
    assert "Nobody has claimed it" in cards(community)[0].text


def test_while_there_is_no_champion_the_contacts_read_and_answer_questions(community: Stage) -> None:
    for champion in community.champions:
        community.bot.records.people.remove_champion(champion.id, by="operator")
    community.settle()
    fill(community)
    assert "Those who are asked in the champions' place are told" in shown(community.mona)

    for contact in community.contacts:
        assert direct_messages(contact) == [SOMETHING]
    community.open_stub(community.edith)
    assert WORDS in shown(community.edith)
    community.press(community.edith, "Claim")
    community.bot.records.people.add_champion(community.ben.id, by="operator")
    community.settle()
    assert NOT_AVAILABLE in shown(community.edith)
    assert "Nobody has claimed it" in cards(community)[0].text


def test_while_nobody_can_answer_the_form_promises_no_answer_and_names_the_help_outside(community: Stage) -> None:
    for champion in community.champions:
        community.bot.records.people.remove_champion(champion.id, by="operator")
    community.mona.command("/ask", WORDS)
    community.settle()
    assert "Those who are asked in their place read this." in shown(community.mona)
    assert "All champions" not in shown(community.mona)
    community.look_away(community.mona)
    for contact in community.contacts:
        community.workspace.deactivate(contact)
    community.settle()
    community.mona.command("/ask", WORDS)
    community.settle()
    assert "Nobody can read this at the moment" in shown(community.mona)
    assert HELP in shown(community.mona)
    community.mona.submit()
    community.settle()
    assert HELP in shown(community.mona)
    assert "answer comes here" not in shown(community.mona)

    community.bot.records.people.add_champion(community.ben.id, by="operator")
    community.bot.learn_names()
    community.settle()
    assert open_questions(community, community.ben)


def test_a_champion_who_asks_does_not_answer_themselves(community: Stage) -> None:
    community.chloe.command("/ask", WORDS)
    community.settle()
    community.chloe.submit()
    community.settle()
    community.look_away(community.chloe)
    on_card(community, community.chloe, "Claim")
    assert "You asked this yourself." in str([said.text for said in community.chloe.read(community.triage)])
    on_card(community, community.chloe, "Open")

    assert "Your question" in shown(community.chloe)
    assert "Nobody has claimed it" in cards(community)[0].text


def test_open_questions_are_on_the_desk_and_paged(community: Stage) -> None:
    for number in range(12):
        community.bot.records.questions.ask(community.mona.id, str(number), Asking(what=f"Question {number} of many?"))
        community.clock.advance(seconds=1)
    community.settle(30)
    community.ben.press("What is waiting for me", channel=community.triage)
    community.settle(1)
    assert "Question 11 of many?" in shown(community.ben)
    assert "Question 1 of many?" not in shown(community.ben)
    community.press(community.ben, "Older questions")

    assert "Question 1 of many?" in shown(community.ben)
    assert "Question 0 of many?" in shown(community.ben)
    assert "Question 2 of many?" not in shown(community.ben)
    community.edith.send_action(ids.LIST, "")
    community.settle(1)
    assert "No question is open." in shown(community.edith)


# A question that is a concern.


def test_a_champion_makes_it_a_report_and_anyone_it_is_about_sees_a_question_that_went(community: Stage) -> None:
    ask(community, "Is it allowed to ring people at night, as somebody keeps doing?")
    for champion in community.champions:
        on_card(community, champion, "Open")
    community.look_away(community.amina)
    make_report(community, community.amina, about=[community.ben], keep_out=[])

    assert "It is a report now" in shown(community.amina)
    assert cards(community) == []
    assert NOT_AVAILABLE in shown(community.ben)
    assert NOT_AVAILABLE in shown(community.chloe)
    assert not open_questions(community, community.ben)
    assert direct_messages(community.ben) == []
    assert stubs(community.chloe)
    community.press(community.amina, "Open")
    assert "ring people at night" in shown(community.amina)
    assert "The reporter's name is hidden." in shown(community.amina)
    knows_nothing(community.amina, community.mona.id)

    assert direct_messages(community.mona) == [SOMETHING]
    community.open_stub(community.mona)
    assert "You asked this as a question." in shown(community.mona)
    assert "Everyone in the champions' channel could read this while it was a question." in shown(community.mona)
    assert "Who can read it: Amina Okafor (Harbour Aid), Chloe Martin (City Welcome)." in shown(community.mona)
    assert "They could also see your name" not in shown(community.mona)
    assert {"Withdraw", "Change who can read"} <= set(community.mona.modal.buttons if community.mona.modal else [])


def test_lists_that_are_open_lose_a_question_that_became_a_report(community: Stage) -> None:
    ask(community)
    community.ben.press("What is waiting for me", channel=community.triage)
    community.chloe.send_action(ids.LIST, "")
    community.settle(1)
    assert WORDS in shown(community.ben)
    assert WORDS in shown(community.chloe)
    make_report(community, community.amina, about=[community.ben, community.chloe], keep_out=[])

    assert WORDS not in shown(community.ben)
    assert WORDS not in shown(community.chloe)


def test_the_form_says_before_that_the_champions_could_read_it(community: Stage) -> None:
    ask(community)
    on_card(community, community.amina, "This is a concern")

    assert "The champions could read this while it was a question" in shown(community.amina)
    assert "Amina Okafor" not in shown(community.amina)
    community.amina.fill("Who is it about", [community.ben])
    community.settle(1)
    assert "☑ Ben Adeyemi" in shown(community.amina)


def test_the_whole_conversation_goes_into_the_report(community: Stage) -> None:
    ask(community, show_name=True)
    answer(community, community.chloe)
    own_view(community)
    community.press(community.mona, "Add something")
    community.mona.fill("Add something", "He waits for me there.")
    community.mona.submit()
    community.settle()
    make_report(community, community.amina, about=[], keep_out=[community.chloe])
    community.press(community.amina, "Open")
    assert WORDS in shown(community.amina)
    community.press(community.amina, "Conversation")
    assert "He waits for me there." in shown(community.amina)
    assert ANSWER in shown(community.amina)
    community.press(community.amina, "Log")
    assert "made this report of a question" in shown(community.amina)
    community.open_stub(community.mona)
    assert "They could also see your name then" in shown(community.mona)
    assert not stubs(community.chloe)


def test_somebody_the_words_name_is_kept_out_and_only_who_asked_can_change_that(community: Stage) -> None:
    ask(community, "Is Ben always this rude?")
    make_report(community, community.amina, about=[], keep_out=[])
    assert not stubs(community.ben)
    community.open_stub(community.mona)
    community.press(community.mona, "Change who can read")
    assert "☑ Ben Adeyemi" in shown(community.mona)
    community.mona.fill("Who should not read", [])
    community.mona.submit()
    community.settle()

    assert stubs(community.ben)


def test_a_champion_whom_the_words_name_cannot_pass_it_on(community: Stage) -> None:
    ask(community, "Is Ben always this rude?")
    on_card(community, community.ben, "This is a concern")

    assert "This seems to be about you" in shown(community.ben)
    assert len(cards(community)) == 1


def test_a_champion_cannot_pass_on_what_they_say_is_about_themselves(community: Stage) -> None:
    ask(community)
    make_report(community, community.ben, about=[community.ben], keep_out=[])

    assert "This seems to be about you" in shown(community.ben)
    assert len(cards(community)) == 1
    assert not stubs(community.amina)


def test_a_declared_conflict_with_who_asked_keeps_even_the_champion_who_passes_it_on_out(community: Stage) -> None:
    community.bot.records.people.declare_conflicts(community.ben.id, [community.mona.id])
    ask(community)
    make_report(community, community.ben, about=[], keep_out=[])

    assert "It is a report now" in shown(community.ben)
    assert not stubs(community.ben)
    assert stubs(community.amina)


def test_no_champion_can_find_out_who_asked_by_declaring_conflicts_and_passing_it_on(community: Stage) -> None:
    """Told that nobody would be left, or that they do not read it, they could try one name after the other."""
    ask(community)
    question_id = question_of(cards(community)[0])
    records, ben = community.bot.records, community.ben
    community.clock.advance(minutes=1)
    records.people.declare_conflicts(ben.id, [person.id for person in community.people.values() if person is not ben])
    others = tuple(each.id for each in (*community.champions, *community.contacts) if each is not ben)

    records.questions.make_report(ben.id, question_id, Concern(keep_out_ids=others))
    community.settle()
    assert stubs(ben)


def test_a_conflict_with_somebody_it_is_about_counts_whenever_it_was_declared(community: Stage) -> None:
    ask(community)
    community.clock.advance(minutes=1)
    community.bot.records.people.declare_conflicts(community.chloe.id, [community.tom.id, community.mona.id])
    make_report(community, community.ben, about=[community.tom], keep_out=[])

    assert not stubs(community.chloe)
    assert stubs(community.amina)


def test_what_is_said_to_the_one_who_passed_it_on_does_not_tell_whether_they_read_it(community: Stage) -> None:
    said = []
    for conflicts in ([], [community.mona.id]):
        community.bot.records.people.declare_conflicts(community.ben.id, conflicts)
        community.clock.advance(minutes=1)
        ask(community)
        make_report(community, community.ben, about=[], keep_out=[])
        said.append(shown(community.ben))
        community.look_away(community.ben)

    assert said[0] == said[1]


def test_that_nobody_is_left_to_read_it_is_told_to_the_person_who_asked_alone(community: Stage) -> None:
    """Else a champion who passes it on could rule out all others, and see by their own conflicts who asked."""
    said = []
    for conflicts in ([], [community.mona.id]):
        community.bot.records.people.declare_conflicts(community.ben.id, conflicts)
        community.clock.advance(minutes=1)
        ask(community)
        others = [community.amina, community.chloe, community.edith, community.farid]
        make_report(community, community.ben, about=[], keep_out=others)
        said.append(shown(community.ben))
        community.look_away(community.ben, community.mona)
        assert cards(community) == []
        community.open_stub(community.mona)
        assert (HELP in shown(community.mona)) == bool(conflicts)
        assert WORDS in shown(community.mona)

    assert said[0] == said[1]


def test_with_every_other_champion_ruled_out_the_one_who_passes_it_on_reads_it(community: Stage) -> None:
    ask(community)
    make_report(community, community.ben, about=[community.amina, community.chloe], keep_out=[])

    assert stubs(community.ben)
    assert not stubs(community.edith)


def test_passed_on_twice_at_once_it_is_one_report(community: Stage) -> None:
    ask(community)
    on_card(community, community.amina, "This is a concern")
    community.amina.submit(times=2, together=True)
    community.settle()

    assert "It is a report now" in shown(community.amina)
    assert len(stubs(community.chloe)) == 1


def test_of_two_who_pass_it_on_the_second_learns_that_what_they_chose_was_not_used(community: Stage) -> None:
    ask(community)
    question_id = question_of(cards(community)[0])
    on_card(community, community.chloe, "This is a concern")
    community.chloe.fill(LABEL, [community.ben.user.real_name])
    community.bot.records.questions.make_report(community.amina.id, question_id, Concern(), once="hers")
    community.chloe.submit()

    assert "what you chose on this form was *not used*" in shown(community.chloe)
    community.settle()
    assert len(stubs(community.chloe)) == 1


def test_somebody_who_asked_is_not_told_that_nobody_has_read_what_became_a_report(community: Stage) -> None:
    ask(community)
    make_report(community, community.amina, about=[community.ben], keep_out=[])
    community.open_stub(community.mona)
    assert "Someone has opened it." in shown(community.mona)
    community.press(community.mona, "Withdraw")

    assert "Someone had opened it: they see that you withdrew it" in shown(community.mona)


def test_readers_are_told_that_others_could_read_it_while_it_was_a_question(community: Stage) -> None:
    ask(community)
    make_report(community, community.amina, about=[community.ben], keep_out=[])
    community.open_stub(community.chloe)
    community.press(community.chloe, "Notes")

    assert READ_BY_OTHERS in shown(community.chloe)
    knows_nothing(community.mona, READ_BY_OTHERS)
    knows_nothing(community.ben, READ_BY_OTHERS)


def test_who_asked_makes_it_a_report_and_chooses_who_reads_it(community: Stage) -> None:
    ask(community, "Somebody rings me at night. Is that allowed?")
    on_card(community, community.ben, "Open")
    own_view(community)
    community.press(community.mona, "This is a concern")
    assert cards(community) == []
    assert NOT_AVAILABLE in shown(community.ben)
    assert "Somebody rings me at night. Is that allowed?" in shown(community.mona)
    community.mona.fill("Who is it about", [community.ben])
    community.bot.windows.settle()
    community.mona.submit()
    community.mona.submit()
    community.settle()

    assert "Saved." in shown(community.mona)
    assert stubs(community.amina)
    assert direct_messages(community.ben) == []


def test_words_taken_back_to_become_a_report_are_reminded_of_when_the_form_is_left(community: Stage) -> None:
    ask(community, "Somebody rings me at night. Is that allowed?")
    own_view(community)
    community.press(community.mona, "This is a concern")
    community.look_away(community.mona)
    community.later(minutes=16)

    assert direct_messages(community.mona) == ["You have not sent this yet."]
    community.press(community.mona, "Continue")
    assert "Somebody rings me at night. Is that allowed?" in shown(community.mona)
    community.answer_none(community.mona)
    community.mona.submit()
    community.settle()
    assert stubs(community.ben)


def test_a_question_survives_a_change_of_keys_and_a_restart(community: Stage) -> None:
    ask(community)
    older, newer = community.settings.gpbot_keys[0], new_master_key()
    rotate(rotation_of(community.bot.kit.database, newer, older))
    community.settings = replace(community.settings, gpbot_keys=(newer,))
    community.restart()
    community.settle()
    answer(community, community.ben)

    assert ANSWER in own_view(community)
