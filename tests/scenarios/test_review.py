"""The one list on the review, *Tick everyone who must not read it*: what it asks, and what its ticks do."""

from collections.abc import Callable
from typing import Any

import pytest

from gpbot.practice.person import Person
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from tests.databases import ON_SQLITE
from tests.promises.worlds import ticks_state
from tests.scenarios.doing import add, direct_messages, knows_nothing, news, open_from_home, send, shown, stubs, told
from tests.stage import HELP, Stage

pytestmark = ON_SQLITE
WORDS = "Somebody keeps writing to me at night."
ASKED = f"☐ {NONE_OF_THEM}"
BOTH = "“None of them” is ticked, and so is somebody."
EDITH = "*Edith Shaw (Fair Hearing) will read this*, outside the champions."
NOBODY = "Nobody is left to read this"


def tick(community: Stage, who: Person, *people: Person | str) -> None:
    """These, and nobody else."""
    who.fill(LABEL, [each if isinstance(each, str) else each.user.real_name for each in people])
    community.settle()


def as_drawn(who: Person, *ticked: str) -> dict[str, Any]:
    """The review as it was drawn, sent with these values ticked."""
    assert who.modal is not None
    view = who.modal.raw
    boxes = next(each for each in view["blocks"] if str(each.get("block_id")).startswith("keep_out."))
    return view | {"state": {"values": {boxes["block_id"]: {"keep_out": ticks_state(ticked)}}}}


# What it asks.


def test_where_nobody_was_picked_it_stands_first_and_nothing_is_sent_without_an_answer(community: Stage) -> None:
    community.review(community.mona, WORDS)
    review = shown(community.mona)
    assert review.index(LABEL) < review.index("Who will read this") < review.index(WORDS)
    for holder in (*community.champions, *community.contacts):
        assert f"☐ {holder.user.real_name}" in review

    assert not community.mona.submit().ok
    community.settle()
    assert told(community) == []
    assert WORDS in shown(community.mona)

    tick(community, community.mona, NONE_OF_THEM)
    send(community, community.mona)
    assert told(community) == ["Amina", "Ben", "Chloe"]


def test_a_client_that_does_not_want_an_answer_is_told_in_words(community: Stage) -> None:
    """Slack wants one itself where one group of boxes is enough."""
    mona = community.mona
    community.review(mona, WORDS)
    mona.send_view_submission(as_drawn(mona))
    community.settle()

    assert "Please tick everyone who must not read it, or “None of them”." in mona.seen[-1].text
    assert told(community) == []


@pytest.mark.parametrize("about", [["tom"], ["amina"]])
def test_where_somebody_was_picked_it_wants_no_answer(community: Stage, about: list[str]) -> None:
    community.review(community.mona, WORDS, about=[community.people[name] for name in about])
    review = shown(community.mona)
    assert ASKED not in review
    assert review.index("Who will read this") < review.index(WORDS) < review.index(LABEL)
    assert ("Amina Okafor" in review[review.index(LABEL) :]) is (about == ["tom"])

    send(community, community.mona)
    assert told(community) == (["Amina", "Ben", "Chloe"] if about == ["tom"] else ["Ben", "Chloe"])


def test_a_name_in_words_is_nobody_picked(community: Stage) -> None:
    community.mona.command("/report")
    community.settle()
    community.mona.fill("What happened", WORDS)
    community.mona.fill("Their name", "the tall one")
    send(community, community.mona)

    assert ASKED in shown(community.mona)


def test_whom_the_words_name_is_ticked_and_that_is_an_answer(community: Stage) -> None:
    community.review(community.mona, "Chloe keeps writing to me at night.")
    review = shown(community.mona)
    assert "Your words seem to name Chloe Martin." in review
    assert "☑ Chloe Martin" in review
    assert "Who will read this:* Amina Okafor (Harbour Aid), Ben Adeyemi (City Welcome)\n" in review

    send(community, community.mona)
    assert told(community) == ["Amina", "Ben"]
    knows_nothing(community.chloe, "at night")


def test_a_tick_and_none_of_them_is_no_answer(community: Stage) -> None:
    community.review(community.mona, "I told Chloe about it.")
    tick(community, community.mona, community.chloe, NONE_OF_THEM)
    send(community, community.mona)

    assert BOTH in shown(community.mona)
    assert told(community) == []
    tick(community, community.mona, NONE_OF_THEM)
    send(community, community.mona)
    assert told(community) == ["Amina", "Ben", "Chloe"]


def test_a_message_without_a_person_as_its_author_asks_too(community: Stage) -> None:
    robot = community.workspace.add_person("Feed Robot", bot=True)
    community.workspace.invite(community.general, robot.id)
    robot.say("Buy my course", to=community.general)
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    community.mona.fill("What happened", "This again.")
    community.mona.fill("Who is it about", [])
    community.settle()
    send(community, community.mona)

    assert ASKED in shown(community.mona)


@pytest.fixture
def many(community: Stage) -> list[Person]:
    """More people on the roster than Slack shows boxes for in one group."""
    more = [community.add_person(f"Zoe{number} Champion") for number in range(12)]
    for person in more:
        community.bot.records.people.add_champion(person.id, by=community.amina.id)
    community.bot.learn_names()
    community.settle(1)
    return more


@pytest.mark.parametrize("answer", [NONE_OF_THEM, "Zoe11 Champion", "Amina Okafor"])
def test_of_more_than_ten_people_it_wants_one_answer_too(community: Stage, many: list[Person], answer: str) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    asked = shown(mona)[: shown(mona).index("Who will read this")]
    assert all(f"☐ {person.user.real_name}" in asked for person in (*many, *community.champions))
    assert "(optional)" not in asked
    send(community, mona)
    assert shown(mona).startswith("Read it once more\nPlease tick everyone who must not read it, or “None of them”.")
    assert told(community) == []

    tick_among_many(community, mona, answer)
    send(community, mona)
    assert "Saved. No person has read it yet." in shown(mona)
    assert told(community) == [name for name in ("Amina", "Ben", "Chloe") if not answer.startswith(name)]
    assert bool(stubs(many[-1])) is not answer.startswith("Zoe11")


def test_of_more_than_ten_people_further_words_want_one_answer_too(community: Stage, many: list[Person]) -> None:
    mona = community.mona
    community.report(mona, WORDS)
    community.press(mona, "Add something")
    mona.fill("Add something", "It was on Monday too.")
    assert "(optional)" not in shown(mona)
    send(community, mona)
    assert shown(mona).startswith("Add something\nPlease tick everyone who must not read it, or “None of them”.")
    assert "It was on Monday too." in shown(mona)

    tick_among_many(community, mona, many[-1].user.real_name)
    send(community, mona)
    assert "Saved. It is with your report." in shown(mona)


def tick_among_many(community: Stage, who: Person, words: str) -> None:
    """In the group where it stands."""
    assert who.modal is not None
    boxes = next(
        each for each in who.modal.controls
        if any(option["text"]["text"].startswith(words) for option in each.options)
    )  # fmt: skip
    who.fill_this(boxes, [words], within=who.modal)
    community.settle()


# What its ticks do.


def test_who_will_read_it_follows_the_ticks_and_so_does_the_receipt(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    tick(community, mona, community.ben)
    assert "Who will read this:* Amina Okafor (Harbour Aid), Chloe Martin (City Welcome)\n" in shown(mona)

    send(community, mona)
    assert "Who can read it: Amina Okafor (Harbour Aid), Chloe Martin (City Welcome)." in shown(mona)
    assert told(community) == ["Amina", "Chloe"]
    community.press(mona, "Change who can read")
    assert "☑ Ben Adeyemi" in shown(mona)
    assert "☐ Amina Okafor" in shown(mona)


def test_all_champions_ticked_the_contact_is_shown_before_it_is_sent(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    tick(community, mona, *community.champions)
    assert EDITH in shown(mona)
    send(community, mona)
    assert told(community) == ["Edith"]


def test_nothing_is_sent_to_a_contact_whom_the_review_did_not_show_yet(community: Stage) -> None:
    """Send is pressed before the window follows the ticks."""
    mona = community.mona
    community.review(mona, WORDS)
    mona.send_view_submission(as_drawn(mona, *(each.id for each in community.champions)))
    community.settle()
    assert EDITH in mona.seen[-1].text
    assert told(community) == []


def test_nothing_is_sent_to_colleagues_of_whom_it_is_about_before_that_was_said(community: Stage) -> None:
    """Send is pressed before the window follows the tick; the three champions work together."""
    mona = community.mona
    for champion in community.champions:
        community.bot.records.people.set_organisation(champion.id, "City Welcome")
    community.review(mona, WORDS)
    mona.send_view_submission(as_drawn(mona, community.amina.id))
    community.settle()
    assert "Ben Adeyemi and Chloe Martin work at the same organisation as Amina Okafor." in mona.seen[-1].text
    assert told(community) == []


def test_what_was_said_of_colleagues_is_asked_again_when_another_organisation_is_said_meanwhile(
    community: Stage,
) -> None:
    mona, people = community.mona, community.bot.records.people
    community.review(mona, WORDS, about=[community.amina])
    assert "same organisation" not in shown(mona)
    people.set_organisation(community.amina.id, "City Welcome")
    send(community, mona)
    assert "Ben Adeyemi and Chloe Martin work at the same organisation as Amina Okafor." in shown(mona)
    assert told(community) == []
    send(community, mona)
    assert told(community) == ["Ben", "Chloe"]


@pytest.mark.parametrize("is_left", [False, True])
def test_somebody_who_was_allowed_is_asked_about_again_when_they_are_called_otherwise_before_it_is_sent(
    community: Stage, *, is_left: bool
) -> None:
    mona = community.mona
    community.review(mona, "I told Chloe. Zed Brown keeps writing to me at night.")
    tick(community, mona, NONE_OF_THEM)
    if is_left:
        community.look_away(mona)
    rename(community, community.chloe, "Zed Brown")
    if is_left:
        community.later(hours=23)
        mona.press("Continue", within=mona.inbox[-1])
        community.settle()
    else:
        send(community, mona)
    assert told(community) == []
    assert "☑ Zed Brown" in shown(mona)

    tick(community, mona, community.chloe)
    send(community, mona)
    assert told(community) == ["Amina", "Ben"]
    knows_nothing(community.chloe, "at night")


def test_everybody_ticked_is_said_with_the_outside_address_and_not_sent(community: Stage) -> None:
    mona, everybody = community.mona, [*community.champions, *community.contacts]
    community.review(mona, WORDS)
    tick(community, mona, *everybody)
    assert NOBODY in shown(mona)
    assert HELP in shown(mona)

    send(community, mona)
    assert NOBODY in shown(mona)
    assert WORDS in shown(mona)
    assert told(community) == []
    tick(community, mona, *everybody[:-1])
    send(community, mona)
    assert told(community) == ["Farid"]


def test_edit_keeps_the_ticks(community: Stage) -> None:
    mona = community.mona
    community.review(mona, "Chloe saw it.")
    tick(community, mona, community.ben)
    community.press(mona, "Edit")
    assert "☑ Ben Adeyemi" in shown(mona)
    send(community, mona)

    assert "☑ Ben Adeyemi" in shown(mona)
    assert "☐ Chloe Martin" in shown(mona)
    send(community, mona)
    assert told(community) == ["Amina", "Chloe"]


def test_edit_keeps_the_tick_of_whom_the_words_name_no_longer(community: Stage) -> None:
    """Somebody who takes a name out of the words has read that this person cannot read them."""
    mona = community.mona
    community.review(mona, "Chloe keeps writing to me at night.", about=[community.tom])
    community.press(mona, "Edit")
    assert "☑ Chloe Martin" in shown(mona)
    mona.fill("What happened", WORDS)
    send(community, mona)
    assert "☑ Chloe Martin" in shown(mona)

    send(community, mona)
    assert told(community) == ["Amina", "Ben"]


def test_a_review_that_was_left_keeps_the_ticks(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    tick(community, mona, community.ben, community.edith)
    community.look_away(mona)
    community.later(minutes=20)
    mona.press("Continue", within=mona.inbox[-1])
    community.settle()

    assert "☑ Ben Adeyemi" in shown(mona)
    assert "☑ Edith Shaw" in shown(mona)
    send(community, mona)
    assert told(community) == ["Amina", "Chloe"]


def test_none_of_them_is_kept_too_until_the_words_change(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    tick(community, mona, NONE_OF_THEM)
    community.press(mona, "Edit")
    send(community, mona)
    assert f"☑ {NONE_OF_THEM}" in shown(mona)
    community.press(mona, "Edit")
    mona.fill("What happened", "Other words.")
    send(community, mona)
    assert ASKED in shown(mona)


def test_a_tick_taken_away_does_not_count_for_other_words(community: Stage) -> None:
    mona = community.mona
    community.review(mona, "I told Chloe.")
    tick(community, mona, NONE_OF_THEM)
    community.press(mona, "Edit")
    mona.fill("What happened", "I told Chloe, who laughed. It was Chloe.")
    send(community, mona)

    assert "☑ Chloe Martin" in shown(mona)
    assert ASKED in shown(mona)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda here: here.workspace.deactivate(here.amina), id="a champion left"),
        pytest.param(lambda here: rename(here, here.amina, "Writing Night"), id="the words name one now"),
    ],
)
def test_a_review_that_changed_meanwhile_comes_back_with_its_ticks(
    community: Stage, change: Callable[[Stage], Any]
) -> None:
    mona = community.mona
    community.review(mona, WORDS)
    tick(community, mona, community.ben)
    change(community)
    send(community, mona)

    assert "This changed since." in shown(mona)
    assert "☑ Ben Adeyemi" in shown(mona)
    assert told(community) == []
    send(community, mona)
    assert told(community) == ["Chloe"]
    assert not stubs(community.amina)


def rename(community: Stage, person: Person, name: str) -> None:
    community.workspace.rename(person, real_name=name, display_name=name)
    community.settle()


def test_somebody_who_is_named_only_now_cannot_have_been_allowed(community: Stage) -> None:
    """The window in front was drawn before; without a tick for them it says nothing about them."""
    mona = community.mona
    community.review(mona, WORDS)
    rename(community, community.amina, "Writing Night")
    tick(community, mona, community.ben)
    community.settle()

    assert "☑ Writing Night" in shown(mona)
    send(community, mona)
    assert told(community) == ["Chloe"]


def test_ticks_for_nobody_on_the_roster_change_nothing(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS, about=[community.tom])
    mona.send_view_submission(as_drawn(mona, "U0NOBODY01", community.nadia.id, "<!channel>"))
    community.settle()

    assert told(community) == ["Amina", "Ben", "Chloe"]


def test_a_tick_after_it_was_sent_does_not_bring_the_review_back(community: Stage) -> None:
    mona = community.mona
    community.review(mona, WORDS, about=[community.tom])
    assert mona.modal is not None
    review = mona.modal
    boxes = next(each for each in review.controls if each.words == LABEL)
    send(community, mona)
    receipt = shown(mona)
    mona.send_action(boxes.action_id, "", view=review.raw)
    community.settle()

    assert shown(mona) == receipt
    assert told(community) == ["Amina", "Ben", "Chloe"]


def test_only_for_somebody_outside_lists_the_contacts_alone(community: Stage) -> None:
    community.review(community.mona, WORDS, outside=True)
    review = shown(community.mona)
    asked = review[review.index(LABEL) : review.index("will read this")]
    assert "☐ Edith Shaw" in asked
    assert "Amina" not in asked
    tick(community, community.mona, community.edith)
    assert "*Farid Khan (Open Door) will read this*" in shown(community.mona)
    send(community, community.mona)
    assert told(community) == ["Farid"]


# Words added later.


def test_further_words_ask_as_well_where_nobody_was_picked(community: Stage) -> None:
    mona = community.mona
    community.report(mona, WORDS)
    community.press(mona, "Add something")
    assert shown(mona).index(LABEL) < shown(mona).index("Add something:")
    mona.fill("Add something", "It was on Monday too.")
    assert not mona.submit().ok

    tick(community, mona, community.ben)
    send(community, mona)
    assert "Saved. It is with your report." in shown(mona)
    assert "Who can read it: Amina Okafor (Harbour Aid), Chloe Martin (City Welcome)." in shown(mona)
    assert told(community) == ["Amina", "Chloe"]


def test_further_words_ask_nothing_where_somebody_was_picked(community: Stage) -> None:
    mona = community.mona
    community.report(mona, WORDS, about=[community.tom])
    community.press(mona, "Add something")
    assert ASKED not in shown(mona)
    assert "☐ Ben Adeyemi" in shown(mona)
    mona.fill("Add something", "It was on Monday too.")
    send(community, mona)
    assert "Saved. It is with your report." in shown(mona)


def test_whom_further_words_name_is_ticked_and_what_was_ticked_stays(community: Stage) -> None:
    mona = community.mona
    community.report(mona, WORDS)
    community.press(mona, "Add something")
    mona.fill("Add something", "Chloe was there.")
    tick(community, mona, community.ben)
    send(community, mona)
    assert "Not sent yet. Your words seem to name Chloe Martin." in shown(mona)
    assert "☑ Ben Adeyemi" in shown(mona)
    assert "☑ Chloe Martin" in shown(mona)
    assert "☐ Amina Okafor" in shown(mona)
    send(community, mona)
    assert told(community) == ["Amina"]


def test_whom_further_words_name_reads_them_when_the_tick_is_taken_away(community: Stage) -> None:
    mona = community.mona
    community.report(mona, WORDS)
    add(community, mona, "Chloe knows more.")
    tick(community, mona, NONE_OF_THEM)
    send(community, mona)
    assert "Saved. It is with your report." in shown(mona)
    open_from_home(community, community.chloe)
    community.press(community.chloe, "Conversation")
    assert "Chloe knows more." in shown(community.chloe)


def test_further_words_that_nobody_would_read_are_not_sent(community: Stage) -> None:
    mona = community.mona
    community.report(mona, WORDS)
    community.press(mona, "Add something")
    mona.fill("Add something", "All of them.")
    tick(community, mona, *community.champions, *community.contacts)
    send(community, mona)

    assert f"Nobody would be left to read it, so it is not sent. Take a tick away, or contact {HELP}." in shown(mona)
    assert told(community) == ["Amina", "Ben", "Chloe"]
    assert direct_messages(community.edith) == []
    assert len(news(mona)) == 1
