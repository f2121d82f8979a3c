"""Guidelines as people meet them: joining, reading, agreeing, asking, being reminded; and champions seeing to it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gpbot.guidelines import ids, mrkdwn
from gpbot.guidelines.types import Where
from gpbot.people.types import Member
from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.slack.requests import Event
from tests.databases import raw_files
from tests.halves import WALK
from tests.scenarios.doing import button_value, seen_by, shown
from tests.stage import Stage

SAMPLE = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
SECOND = SAMPLE.replace("If someone asks you to stop, stop.", "If someone asks you to stop, stop at once.")
ASKS = ["Read in full", "I agree", "I have a question"]


def publish(c: Stage, markdown: str = SAMPLE, *, major: bool = True, changes: str = "It is new.") -> None:
    c.bot.records.guidelines.publish(
        markdown, is_major=major, changes=changes, attribution="Written for a test.", by="operator"
    )


def join(c: Stage, name: str = "Zoe Newcomer", *, wait: int = 91) -> Person:
    """Somebody joins, and has been told."""
    person = c.add_person(name)
    c.later(seconds=wait)
    return person


def asked(person: Person) -> list[Screen]:
    """The messages from which they can still agree."""
    return [screen for screen in person.inbox if screen.buttons == ASKS]


def of_guidelines(person: Person) -> list[Screen]:
    """All they were sent, but for the first steps of those who have agreed, and the word after a week."""
    arriving = (
        "Welcome to Good Practice Network. A few small steps",
        "You have been in Good Practice Network for a week.",
    )
    return [screen for screen in person.inbox if not screen.text.startswith(arriving)]


def standing(c: Stage, person: Person) -> str:
    """What `/guidelines` says of where they stand."""
    c.look_away(person)
    person.command("/guidelines")
    c.settle(1)
    state = shown(person).splitlines()[1]
    c.look_away(person)
    return state


def agree(c: Stage, person: Person) -> None:
    person.press("I agree", within=asked(person)[-1])
    c.settle(1)


def home(c: Stage, person: Person) -> Screen:
    c.look_away(person)
    person.open_home()
    c.settle(1)
    assert person.home is not None
    return person.home


def has_accepted(c: Stage, person: Person) -> bool:
    with c.bot.records.database.read() as session:
        return c.bot.records.guidelines.has_accepted(session, person.id)


def days_pass(c: Stage, days: int) -> None:
    for _ in range(days):
        c.clock.advance(days=1)
        c.settle(2)


# --- joining ----------------------------------------------------------------------------------------------------------


def test_somebody_who_joins_is_told_once_after_a_short_wait_in_five_lines(community: Stage) -> None:
    publish(community)
    zoe = community.add_person("Zoe Newcomer")
    community.later(seconds=60)
    assert zoe.inbox == []
    community.later(seconds=60)
    (message,) = zoe.inbox
    *lines, _buttons = message.text.splitlines()
    assert len(lines) == 5
    assert lines[0] == "Welcome to Good Practice Network."
    assert message.buttons == ASKS
    assert all(len(line) < 100 for line in lines)
    days_pass(community, 2)
    assert len(zoe.inbox) == 1
    posts = [call for call in community.workspace.calls if call.method == "chat.postMessage"]
    assert community.general.id not in {call.args["channel"] for call in posts}


def test_while_nothing_is_published_nobody_is_asked_and_the_command_says_so(community: Stage) -> None:
    zoe = join(community)
    assert zoe.inbox == []
    assert standing(community, zoe) == "This community has not published its guidelines here yet."
    assert "Guidelines" not in home(community, zoe).text


def test_agreeing_is_said_once_also_where_slack_does_not_take_the_answer(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    community.workspace.faults.add(method="response_url", status=500, times=None)
    agree(community, zoe)
    community.settle()
    assert [each.text.startswith("You agreed to version 1") for each in of_guidelines(zoe)] == [True]


@WALK("guidelines")
def test_agreeing_turns_the_message_into_a_receipt_that_says_what_is_kept(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    agree(community, zoe)
    (receipt,) = of_guidelines(zoe)
    assert receipt.text.startswith("You agreed to version 1 of the guidelines on 2 March 2026. Thank you.")
    assert "We keep: your account, version 1 (a code made from its exact words: " in receipt.text
    assert "where: in a message from gpbot" in receipt.text
    assert receipt.buttons == ["Read them again"]
    assert standing(community, zoe).startswith("You agreed to version 1 of the guidelines on 2 March 2026.")
    accepted = community.bot.records.guidelines.standing(zoe.id).accepted
    current = community.bot.records.guidelines.current()
    assert accepted is not None
    assert current is not None
    assert (accepted.number, accepted.sha256, accepted.where) == (1, current.sha256, Where.MESSAGE)
    assert timedelta() < community.clock.now() - accepted.accepted_at < timedelta(minutes=1)


def test_a_message_that_gpbot_does_not_know_to_have_arrived_becomes_a_receipt_when_it_is_agreed_to(
    community: Stage,
) -> None:
    publish(community)
    faults = community.workspace.faults
    faults.add(method="chat.postMessage", drop="after", where=lambda args: "I agree" in str(args.get("blocks")))
    zoe = community.add_person("Zoe Newcomer")
    community.clock.advance(seconds=120)
    community.bot.settle()
    faults.add(method="response_url", status=500)
    agree(community, zoe)
    days_pass(community, 1)
    assert asked(zoe) == []
    assert all(each.text.startswith("You agreed to version 1 of the guidelines") for each in of_guidelines(zoe))


def test_onboarding_is_told_of_the_first_agreement_and_of_no_click_twice(community: Stage) -> None:
    publish(community)
    heard: list[tuple[str, bool]] = []

    def hear(_session: object, member: Member, first: bool) -> None:  # noqa: FBT001  (the hook's own shape)
        heard.append((member.slack_id, first))

    community.bot.records.guidelines.accepted.connect(hear)
    zoe = join(community)
    value = button_value(zoe.inbox[0], "I agree")
    for _ in range(3):
        zoe.send_action(ids.AGREE, value, within=zoe.inbox[0])
    community.settle()
    publish(community, SECOND)
    zoe.send_action(ids.AGREE, "2:0")
    community.settle()
    assert heard == [(zoe.id, True), (zoe.id, False)]
    with community.bot.records.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM guidelines_acceptance")).scalar() == 2


@pytest.mark.parametrize(("kind", "is_told"), [("member", True), ("guest", True), ("bot", False), ("external", False)])
def test_bots_and_strangers_are_never_asked(community: Stage, kind: str, is_told: bool) -> None:  # noqa: FBT001  (a case)
    publish(community)
    somebody = community.workspace.add_person(
        "Somebody Else", guest=kind == "guest", bot=kind == "bot", external=kind == "external"
    )
    slackbot = community.workspace.users["USLACKBOT"]
    community.bot.people.come_in(event_of(community.workspace.user_json(somebody.user)))
    community.bot.people.come_in(event_of(community.workspace.user_json(slackbot)))
    community.later(seconds=91)
    assert bool(asked(somebody)) == is_told
    assert community.bot.records.guidelines.standing("USLACKBOT").member is None


def test_guests_are_not_asked_where_the_setting_says_so(community: Stage) -> None:
    community.stop()
    community.settings = replace(community.settings, guests_accept=False)
    community.start()
    publish(community)
    guest = community.workspace.add_person("Gul Guest", guest=True)
    community.later(seconds=91)
    assert guest.inbox == []
    assert standing(community, guest) == "You are welcome to read them. You are not asked to agree."


def test_somebody_who_joined_while_gpbot_was_away_is_told_when_it_is_back(community: Stage) -> None:
    publish(community)
    community.stop()
    community.workspace.deliver_to()
    zoe = community.workspace.add_person("Zoe Newcomer", announce=False)
    community.start()
    community.settle()
    community.later(seconds=91)
    assert len(asked(zoe)) == 1


def test_those_who_were_here_when_gpbot_came_are_not_told_without_a_campaign(community: Stage) -> None:
    publish(community)
    community.restart()
    community.later(seconds=300)
    assert [person for person in community.people.values() if person.inbox] == []


def test_leaving_and_coming_back_keeps_what_was_agreed(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    agree(community, zoe)
    community.workspace.deactivate(zoe)
    community.settle()
    days_pass(community, 40)
    community.workspace.reactivate(zoe)
    community.later(seconds=91)
    assert asked(zoe) == []
    assert "You agreed to version 1" in standing(community, zoe)


def test_somebody_who_left_without_agreeing_is_asked_again_when_they_come_back(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    community.workspace.deactivate(zoe)
    days_pass(community, 5)
    assert len(asked(zoe)) == 1
    community.workspace.reactivate(zoe)
    community.later(seconds=91)
    assert len(asked(zoe)) == 2


# --- reading and asking -----------------------------------------------------------------------------------------------


def test_the_text_is_shown_whole_and_can_be_agreed_to_where_it_is_read(community: Stage) -> None:
    publish(community)
    mona = community.mona
    mona.command("/guidelines", channel=community.general)
    community.settle(1)
    words = re.findall(r"\w+", re.sub(r"^#.*$", "", SAMPLE, flags=re.MULTILINE))
    there = shown(mona)
    assert [word for word in words if word not in there] == []
    assert "Written for a test." in there
    mona.submit()
    community.settle(1)
    assert shown(mona).splitlines()[1] == "You agreed to version 1 of the guidelines on 2 March 2026. Thank you."
    assert "where: in the window with the text" in shown(mona)
    assert [
        person for person in community.people.values() if person is not mona and "You agreed" in seen_by(person)
    ] == []


@WALK("desk")
def test_app_home_shows_where_one_stands_and_follows_at_once(community: Stage) -> None:
    publish(community)
    before = home(community, community.mona)
    assert "You have not agreed to them yet." in before.text
    community.mona.press("I agree", within=before)
    community.settle(1)
    assert community.mona.home is not None
    assert "You agreed to version 1" in community.mona.home.text
    assert "I agree" not in community.mona.home.buttons
    accepted = community.bot.records.guidelines.standing(community.mona.id).accepted
    assert accepted is not None
    assert accepted.where is Where.HOME


def test_somebody_who_has_a_question_asks_the_champions_and_can_still_agree(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    zoe.press("I have a question")
    community.settle(1)
    assert "You can agree to the guidelines after you have your answer." in shown(zoe)
    zoe.fill("Your question", "May I share a photo of the lantern walk?")
    zoe.submit()
    community.settle()
    assert "lantern walk" in community.ben.read(community.triage)[-1].text
    assert len(asked(zoe)) == 1
    community.look_away(zoe)
    zoe.press("I agree", within=asked(zoe)[0])
    community.settle()
    assert asked(zoe) == []


def test_somebody_who_has_agreed_is_not_told_that_agreeing_can_wait(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    message = asked(zoe)[0]
    community.press(zoe, "I agree")
    zoe.press("I have a question", within=message, force=True)
    community.settle(1)

    assert "Your question" in shown(zoe)
    assert "You can agree" not in shown(zoe)


def test_the_menu_of_reports_is_the_list_in_the_guidelines(community: Stage) -> None:
    publish(community, SAMPLE.replace("- Something else", "- Stolen bicycles\n- Something else"))
    community.report(community.mona)
    community.press(community.mona, "Add details")
    community.mona.fill("What is it about?", "Stolen bicycles")
    publish(community, SECOND)  # meanwhile
    community.mona.submit()
    community.settle()
    community.look_away(community.mona)
    community.open_stub(community.ben)
    assert "Stolen bicycles" in shown(community.ben)


# --- reminders --------------------------------------------------------------------------------------------------------


def test_reminders_come_after_three_ten_and_thirty_days_and_then_no_more(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    told = community.clock.now()
    came: list[int] = []
    for _ in range(60):
        before = len(zoe.inbox)
        days_pass(community, 1)
        came += [round((community.clock.now() - told) / timedelta(days=1))] * (len(zoe.inbox) - before)
    assert came == [3, 10, 30]
    assert "This is the last reminder" in zoe.inbox[-1].text
    assert "Champions see who has not" in zoe.inbox[-1].text
    page = community.bot.records.guidelines.outstanding(community.amina.id)
    (line,) = [line for line in page.lines if line.member.slack_id == zoe.id]
    assert line.reminders == 3


def test_reminders_survive_a_restart_and_a_long_stop_and_never_come_in_a_row(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    community.stop()
    community.clock.advance(days=45)
    community.start()
    community.settle(5)
    assert len(zoe.inbox) == 2
    days_pass(community, 1)
    assert len(zoe.inbox) == 2
    days_pass(community, 2)
    assert len(zoe.inbox) == 3


def test_a_clock_that_went_back_sends_nothing_twice(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    days_pass(community, 4)
    assert len(zoe.inbox) == 2
    community.clock.advance(days=-4)
    community.restart()
    days_pass(community, 5)
    assert len(zoe.inbox) == 2


@pytest.mark.parametrize("how", ["agrees", "leaves"])
def test_reminders_stop_at_once(community: Stage, how: str) -> None:
    publish(community)
    zoe = join(community)
    if how == "agrees":
        agree(community, zoe)
    else:
        community.workspace.deactivate(zoe)
    messages = len(of_guidelines(zoe))
    days_pass(community, 40)
    assert len(of_guidelines(zoe)) == messages
    with community.bot.records.database.read() as session:
        waiting = [line for line in community.bot.records.outbox.waiting(session) if line.kind == "guidelines"]
    assert waiting == []


def test_agreeing_turns_every_reminder_into_the_receipt_too(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    days_pass(community, 11)
    assert len(asked(zoe)) == 3
    zoe.press("I agree", within=zoe.inbox[0])
    community.settle(10)
    assert asked(zoe) == []
    assert [message.text[:23] for message in of_guidelines(zoe)] == ["You agreed to version 1"] * 3


# --- versions ---------------------------------------------------------------------------------------------------------


def test_a_version_can_never_be_altered_by_anything_that_reaches_the_database(community: Stage) -> None:
    publish(community)
    for sentence in ("UPDATE guidelines_version SET markdown = 'other'", "DELETE FROM guidelines_version"):
        with pytest.raises(DBAPIError), community.bot.records.database.begin() as session:
            session.execute(text(sentence))
    current = community.bot.records.guidelines.current()
    assert current is not None
    assert current.markdown == SAMPLE


def test_an_old_button_shows_the_current_text_and_agrees_to_nothing(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    publish(community, SECOND, changes="Stopping is now *at once*.")
    agree(community, zoe)
    assert "The guidelines have changed since this was sent." in shown(zoe)
    assert "stop at once" in shown(zoe)
    assert not has_accepted(community, zoe)
    zoe.submit()
    community.settle()
    assert "You agreed to version 2" in shown(zoe)
    assert asked(zoe) == []


def test_a_text_replaced_while_somebody_reads_it_is_shown_again_before_they_can_agree(community: Stage) -> None:
    publish(community)
    community.mona.command("/guidelines")
    community.settle(1)
    publish(community, SECOND)
    community.mona.submit()
    community.settle(1)
    assert "The guidelines have changed since this was sent." in shown(community.mona)
    assert "stop at once" in shown(community.mona)
    assert not has_accepted(community, community.mona)


def test_a_minor_version_asks_nobody_again_and_says_what_is_new(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    agree(community, zoe)
    publish(community, SECOND, major=False, changes="A word was missing.")
    days_pass(community, 35)
    assert asked(zoe) == []
    assert "A word was missing." in home(community, zoe).text
    assert has_accepted(community, zoe)


def in_general(c: Stage) -> list[Screen]:
    return [screen for screen in c.mona.read(c.general) if "guidelines" in screen.text]


def test_of_a_minor_version_everybody_hears_once_where_everybody_is(community: Stage) -> None:
    publish(community)
    community.general.invite(community.app)
    join(community)
    community.settle(30)
    assert in_general(community) == []  # people who are to agree are told by direct message
    told = {person: len(person.inbox) for person in community.people.values()}
    publish(community, SECOND, major=False, changes="*Stop* means at once. Ask @channel.")
    community.settle(30)
    (notice,) = in_general(community)
    assert notice.text.startswith("The guidelines of Good Practice Network have changed a little.")
    assert "Whoever has agreed to them need not agree again. This is new in version 2:" in notice.text
    assert "means at once" in notice.text
    assert "<!channel>" not in str(notice.raw)
    assert {person: len(person.inbox) for person in community.people.values()} == told
    community.restart()
    days_pass(community, 3)
    assert len(in_general(community)) == 1
    community.mona.press("Read the guidelines", within=in_general(community)[0])
    community.settle(1)
    assert "stop at once" in shown(community.mona)


def test_a_minor_version_is_not_told_of_once_a_major_one_has_come(community: Stage) -> None:
    publish(community)
    community.general.invite(community.app)
    publish(community, SECOND, major=False, changes="Stop means at once.")
    publish(community, SAMPLE, changes="All is as it was.")
    community.settle(30)
    assert in_general(community) == []


def test_a_notice_that_cannot_be_posted_is_listed_with_its_reason(community: Stage) -> None:
    publish(community)
    publish(community, SECOND, major=False, changes="Stop means at once.")
    community.settle(30)
    with community.bot.records.database.read() as session:
        (dead,) = community.bot.records.outbox.dead(session)
    assert dead.last_error == "not_in_channel"


def test_a_new_major_version_leaves_thirty_days_in_which_one_still_counts(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    agree(community, zoe)
    publish(community, SECOND, changes="Stopping is now *at once*.")
    assert standing(community, zoe) == (
        "You agreed to version 1 of the guidelines on 2 March 2026. Version 2 asks you to agree again, by 1 April 2026."
    )
    assert has_accepted(community, zoe)
    community.clock.advance(days=31)
    assert not has_accepted(community, zoe)


def test_a_message_that_somebody_else_presses_agrees_for_nobody(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    community.tom.send_action(ids.AGREE, button_value(zoe.inbox[0], "I agree"), within=zoe.inbox[0])
    community.settle(1)
    assert "This was sent to somebody else." in shown(community.tom)
    assert not has_accepted(community, zoe)
    assert not has_accepted(community, community.tom)


@pytest.mark.parametrize("value", ["", "x", "1:2:3", "-1:0", "9" * 400, "1:", "١:0"])  # noqa: RUF001  (a digit, but not ours)
def test_a_button_with_anything_else_in_it_agrees_to_nothing(community: Stage, value: str) -> None:
    publish(community)
    community.mona.send_action(ids.AGREE, value)
    community.mona.send_action(ids.MARK_FORM, value)
    community.mona.send_action(ids.PAUSE, value)
    community.settle(1)
    if value != "1:":
        assert not has_accepted(community, community.mona)


def test_a_click_while_nothing_can_be_saved_says_so_and_can_be_made_again(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    with community.bot.records.database.begin() as session:
        session.execute(text("ALTER TABLE guidelines_acceptance RENAME TO elsewhere"))
    zoe.press("I agree", within=zoe.inbox[0])
    community.settle(1)
    assert "We could not save this." in seen_by(zoe)
    assert not has_accepted_by_row(community, zoe)
    with community.bot.records.database.begin() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO guidelines_acceptance"))
    agree(community, zoe)
    assert has_accepted(community, zoe)
    assert asked(zoe) == []


def has_accepted_by_row(c: Stage, person: Person) -> bool:
    with c.bot.records.database.read() as session:
        number = session.execute(
            text("SELECT accepted_number FROM person WHERE slack_id = :id"), {"id": person.id}
        ).scalar_one()
        return bool(number)


def test_a_receipt_that_slack_did_not_take_at_once_comes_later(community: Stage) -> None:
    publish(community)
    zoe = join(community)
    community.workspace.faults.add(method="response_url", status=500, times=1)
    community.workspace.faults.add(method="chat.update", status=500, times=1)
    agree(community, zoe)
    community.later(minutes=1)
    assert asked(zoe) == []
    assert of_guidelines(zoe)[-1].text.startswith("You agreed to version 1")


# --- champions --------------------------------------------------------------------------------------------------------


def test_champions_and_nobody_else_see_who_has_not_agreed(community: Stage) -> None:
    publish(community)
    assert "have not agreed yet" in home(community, community.amina).text
    for other in (community.mona, community.edith):
        assert "have not agreed yet" not in home(community, other).text
        other.send_action(ids.OUTSTANDING, "")
        community.settle(1)
        assert "This is for champions." in shown(other)
    home(community, community.amina)
    community.amina.press("Who has not agreed")
    community.settle(1)
    assert "8 people have not agreed yet" in shown(community.amina)


def test_the_list_is_paged_and_anybody_can_be_looked_up(community: Stage) -> None:
    publish(community)
    for number in range(25):
        community.add_person(f"Person{number} Member")
    community.settle()
    home(community, community.amina)
    community.amina.press("Who has not agreed")
    community.settle(1)
    first = set(re.findall(r"@\w+ \w+", shown(community.amina)))
    community.amina.press("More")
    community.settle(1)
    second = set(re.findall(r"@\w+ \w+", shown(community.amina)))
    assert len(first) == 20
    assert len(second) == 13
    assert not first & second
    community.mona.send_action(ids.AGREE, "1:0")
    community.amina.fill("See where anybody stands", community.mona)
    community.settle(1)
    assert "@Mona Said agreed to version 1 on 2 March 2026" in shown(community.amina)


def search(c: Stage, words: str) -> list[str]:
    """The names a champion finds among those who have not agreed."""
    if c.ben.modal is None:
        home(c, c.ben)
        c.ben.press("Who has not agreed")
        c.settle(1)
    c.ben.fill("Search this list", words)
    c.ben.submit()
    c.settle(1)
    return re.findall(r"@(\w+(?: \w+)*): ", shown(c.ben))


def test_the_list_is_searched_by_how_names_and_organisations_begin(community: Stage) -> None:
    publish(community)
    community.add_person("Zoë Brandt", "Safe Harbour Trust")
    community.add_person("Zora Brown", "City Welcome")
    community.add_person("Abe Zola")
    community.settle(20)
    assert search(community, "zo") == ["Zoë Brandt", "Zora Brown", "Abe Zola"]
    assert search(community, "ZOE") == ["Zoë Brandt"]
    assert search(community, "br zo") == ["Zoë Brandt", "Zora Brown"]
    assert search(community, "  @Zoe   Brandt, ") == ["Zoë Brandt"]
    assert search(community, "safe har") == ["Zoë Brandt"]
    assert "Not agreed yet, found with “safe har”" in shown(community.ben)
    assert search(community, "rown") == []
    assert search(community, "") == search(community, " ")
    assert "people have not agreed yet" in shown(community.ben)


def test_a_search_that_finds_nobody_says_so_and_why_that_may_be(community: Stage) -> None:
    publish(community)
    community.mona.send_action(ids.AGREE, "1:0")
    assert search(community, "mona *said*") == []
    said = shown(community.ben)
    assert "Nobody on this list has a name or an organisation that begins with “mona *said*”." in said
    assert "Whoever has agreed is not on it." in said
    community.ben.fill("Search this list", "!!")
    community.ben.submit()
    assert community.ben.modal is not None
    assert community.ben.modal.errors["Search this list"] == "Write how a name or an organisation begins."


def test_what_is_found_is_paged_and_nobody_comes_twice(community: Stage) -> None:
    publish(community)
    for number in range(43):
        community.add_person(f"Anna{number} Anders")
    community.settle(20)
    pages = [search(community, "an")]
    while community.ben.modal and "More" in community.ben.modal.buttons:
        community.ben.press("More")
        community.settle(1)
        pages.append(re.findall(r"@(\w+ \w+): ", shown(community.ben)))
    assert [len(page) for page in pages] == [20, 20, 3]
    assert len({name for page in pages for name in page}) == 43


def test_the_search_follows_a_new_name_and_forgets_somebody_who_left(community: Stage) -> None:
    publish(community)
    zoe = community.add_person("Zoe Brandt", "Safe Harbour")
    community.settle(20)
    community.workspace.rename(zoe, real_name="Zoe Castle", display_name="zoe")
    community.settle(20)
    assert search(community, "brandt") == []
    assert search(community, "castle") == ["zoe"]
    kept = text("SELECT count(*) FROM name_start JOIN person ON person.id = person_id WHERE slack_id = :id")
    with community.bot.records.database.read() as session:
        assert session.execute(kept, {"id": zoe.id}).scalar_one() > 0
    community.workspace.deactivate(zoe)
    community.settle(20)
    assert search(community, "castle") == []
    with community.bot.records.database.read() as session:
        assert session.execute(kept, {"id": zoe.id}).scalar_one() == 0


def test_names_that_can_be_searched_for_stand_nowhere_to_be_read(community: Stage) -> None:
    publish(community)
    community.add_person("Zoe Ptarmigan", "Quokkahaven Trust")
    community.settle(20)
    assert search(community, "ptarm quokk") == ["Zoe Ptarmigan"]
    stored = b"".join(raw_files(community.settings.database_url).values()).lower()
    assert b"harbour aid" in stored  # of a champion: the looking works
    assert not [word for word in (b"ptarm", b"quokk") if word in stored]


def test_nobody_but_a_champion_searches(community: Stage) -> None:
    publish(community)
    community.mona.send_action(ids.SEARCHED, "0:mona")
    community.settle(1)
    assert "This is for champions." in shown(community.mona)
    assert "@Mona" not in shown(community.mona)


@pytest.mark.parametrize("value", ["", ":", "x:zo", "0:", "0:!!", f"0:{'zo ' * 300}", "9" * 40 + ":zo"])
def test_a_page_of_a_search_with_anything_else_in_it_does_no_harm(community: Stage, value: str) -> None:
    publish(community)
    community.ben.send_action(ids.SEARCHED, value)
    community.settle(1)
    assert community.ben.modal is not None
    assert community.workspace.problems == []


def test_a_champion_marks_somebody_with_a_reason_and_that_person_is_told(community: Stage) -> None:
    publish(community)
    home(community, community.amina)
    community.amina.press("Who has not agreed")
    community.settle(1)
    community.amina.press("Mark as agreed", nth=5)
    community.settle(1)
    assert "@Mona Said is told" in shown(community.amina)
    community.amina.fill("How do you know", "She said so on the telephone.")
    community.amina.submit()
    community.settle()
    assert "@Mona Said counts as having agreed to version 1." in shown(community.amina)
    assert community.mona.inbox[-1].text.startswith("A champion noted that you agreed to version 1 of the guidelines.")
    assert has_accepted(community, community.mona)
    assert "telephone" not in seen_by(community.mona)
    assert b"telephone" not in b"".join(raw_files(community.settings.database_url).values())


def test_nobody_but_a_champion_marks_anybody(community: Stage) -> None:
    publish(community)
    member = community.bot.records.guidelines.standing(community.mona.id).member
    assert member is not None
    state = {"values": {"reason": {"reason": {"type": "plain_text_input", "value": "I say so"}}}}
    view = {"callback_id": ids.MARK, "private_metadata": str(member.person_id), "blocks": [], "state": state}
    community.mona.send_view_submission(view)
    community.settle()
    assert not has_accepted(community, community.mona)


# --- telling everybody ------------------------------------------------------------------------------------------------


@pytest.fixture
def town(community: Stage) -> Stage:
    """Sixty people, gpbot in the general channel, and guidelines."""
    community.general.invite(community.app)
    for number in range(52):
        person = community.workspace.add_person(f"Person{number} Member", announce=False)
        community.people[f"p{number}"] = person
    community.workspace.add_person("Robo Bot", bot=True, announce=False)
    community.people["gone"] = community.workspace.add_person("Gone Away", announce=False)
    community.workspace.deactivate(community.gone)
    community.restart()
    community.settle()
    publish(community)
    return community


def begin(c: Stage, who: str = "amina") -> None:
    champion = c.people[who]
    home(c, champion)
    champion.press("Write to them")
    c.bot.windows.settle()
    champion.submit()
    c.bot.windows.settle()


def until_done(c: Stage, seconds: int = 60, do: Callable[[], None] = lambda: None) -> None:
    for _ in range(seconds):
        c.settle(1)
        do()


def card(c: Stage) -> Screen:
    """The message with the progress, as the champions see it."""
    (found,) = [screen for screen in c.amina.read(c.triage) if "Telling members" in screen.text]
    return found


def told(c: Stage) -> dict[str, int]:
    """How many first messages each got."""
    return {name: len(person.inbox) for name, person in c.people.items()}


def test_the_preview_says_who_how_many_and_how_long_and_sends_nothing(town: Stage) -> None:
    home(town, town.amina)
    town.amina.press("Write to them")
    town.settle(1)
    assert "That is 60 people now." in shown(town.amina)
    assert "about a minute" in shown(town.amina)
    assert "#general" in shown(town.amina)
    town.amina.dismiss(all=True)
    until_done(town, 20)
    assert sum(told(town).values()) == 0


def test_everybody_is_told_once_and_the_general_channel_first(town: Stage) -> None:
    begin(town)
    until_done(town)
    assert told(town) == dict.fromkeys(town.people, 1) | {"gone": 0}
    posts = [call for call in town.workspace.calls if call.method == "chat.postMessage" and call.response.get("ok")]
    to_members = [call for call in posts if str(call.args["channel"]).startswith("U")]
    announced = [number for number, call in enumerate(posts) if call.args["channel"] == town.general.id]
    assert len(announced) == 1
    assert announced[0] < posts.index(to_members[0])
    assert "it is real, and the champions asked for it" in town.mona.read(town.general)[-1].text
    assert "Done." in card(town).text
    assert "60 people told." in card(town).text
    assert town.mona.inbox[0].text.startswith("Hello. Good Practice Network has guidelines for its members.")


def test_it_keeps_its_pace_and_leaves_slack_room_for_everything_else(town: Stage) -> None:
    begin(town)
    until_done(town, 10)
    sent = sum(told(town).values())
    assert 30 <= sent <= 48  # 240 a minute, and what may be caught up


def test_a_report_goes_before_everybody_who_is_still_to_be_told(town: Stage) -> None:
    begin(town)
    until_done(town, 3)
    before = sum(told(town).values())
    town.report(town.mona, about=[town.tom])
    champions = [person for person in town.champions if "There is something for you" in seen_by(person)]
    assert champions == town.champions
    assert sum(told(town).values()) - before < 20


def test_pause_resume_and_cancel(town: Stage) -> None:
    begin(town)
    until_done(town, 4)
    town.ben.press("Pause", within=card(town))
    until_done(town, 2)
    at_pause = sum(told(town).values())
    assert 0 < at_pause < 60
    assert "Paused." in card(town).text
    until_done(town, 30)
    assert sum(told(town).values()) == at_pause
    town.chloe.press("Go on", within=card(town))
    until_done(town, 4)
    assert sum(told(town).values()) > at_pause
    town.amina.press("Cancel", within=card(town))
    until_done(town, 3)
    at_cancel = sum(told(town).values())
    until_done(town, 60)
    assert sum(told(town).values()) == at_cancel < 60
    assert "Cancelled. Whoever was told stays told." in card(town).text
    begin(town)
    until_done(town)
    assert told(town) == dict.fromkeys(town.people, 1) | {"gone": 0}


def test_only_champions_start_pause_and_cancel_it(town: Stage) -> None:
    town.mona.send_action(ids.BACKFILL_FORM, "")
    town.settle(1)
    assert "This is for champions." in shown(town.mona)
    view = {"callback_id": ids.BACKFILL, "private_metadata": "1", "blocks": [], "state": {"values": {}}}
    town.mona.send_view_submission(view)
    until_done(town, 5)
    assert sum(told(town).values()) == 0
    begin(town)
    for action in (ids.PAUSE, ids.CANCEL):
        town.mona.send_action(action, "1", within=town.mona.home)
    until_done(town)
    assert "60 people told." in card(town).text


def test_two_champions_who_start_at_once_start_one(town: Stage) -> None:
    for champion in (town.amina, town.ben):
        home(town, champion)
        champion.press("Write to them")
        town.bot.windows.settle()
    town.amina.submit()
    town.ben.submit()
    assert "One is under way already." in shown(town.ben)
    until_done(town)
    assert told(town) == dict.fromkeys(town.people, 1) | {"gone": 0}


def test_it_stops_with_words_when_the_workspace_is_over_its_limit_and_goes_on_without_telling_anyone_twice(
    town: Stage,
) -> None:
    begin(town)
    until_done(town, 4)
    town.workspace.faults.add(
        method="chat.postMessage",
        error="message_limit_exceeded",
        where=lambda args: str(args["channel"]).startswith("U"),
        times=None,
    )
    until_done(town, 20)
    assert "over Slack's limit" in card(town).text
    tries = len(town.workspace.calls)
    until_done(town, 60)
    assert len(town.workspace.calls) == tries
    town.workspace.faults.clear()
    town.amina.press("Go on", within=card(town))
    until_done(town)
    assert told(town) == dict.fromkeys(town.people, 1) | {"gone": 0}


def test_each_person_who_could_not_be_reached_is_listed_with_the_reason(town: Stage) -> None:
    town.workspace.faults.add(
        method="chat.postMessage",
        error="messages_tab_disabled",
        where=lambda args: args["channel"] == town.tom.id,
        times=None,
    )
    begin(town)
    until_done(town)
    assert "1 could not be reached." in card(town).text
    town.amina.press("Who was not reached", within=card(town))
    town.settle(1)
    assert "@Tom Reed: gpbot's Messages tab is switched off" in shown(town.amina)


def test_without_the_general_channel_nobody_is_written_to(town: Stage) -> None:
    town.general.remove(town.app)
    begin(town)
    until_done(town, 20)
    assert sum(told(town).values()) == 0
    assert "could not post in the general channel (gpbot is not in that channel: invite it)" in card(town).text
    town.general.invite(town.app)
    town.amina.press("Go on", within=card(town))
    until_done(town)
    assert told(town) == dict.fromkeys(town.people, 1) | {"gone": 0}


def test_where_no_general_channel_is_set_it_cannot_be_started(town: Stage) -> None:
    town.stop()
    town.settings = replace(town.settings, general_channel="")
    town.start()
    home(town, town.amina)
    town.amina.press("Write to them")
    town.settle(1)
    assert "gpbot does not know in which channel to say first that its messages are real" in shown(town.amina)


def test_slack_asking_to_slow_down_is_heeded_and_nobody_is_missed(town: Stage) -> None:
    begin(town)
    until_done(town, 4)
    town.workspace.faults.add(method="chat.postMessage", retry_after=20, times=2)
    until_done(town, 240)
    assert told(town) == dict.fromkeys(town.people, 1) | {"gone": 0}


def test_somebody_who_agrees_or_joins_meanwhile_is_told_no_more_than_once(town: Stage) -> None:
    begin(town)
    until_done(town, 3)
    late = town.people["p50"]
    assert late.inbox == []
    late.send_action(ids.AGREE, "1:0")
    zoe = town.workspace.add_person("Zoe Newcomer")
    town.people["zoe"] = zoe
    until_done(town)
    town.later(seconds=91)
    assert asked(late) == []
    assert told(town) | {"p50": 0} == dict.fromkeys(town.people, 1) | {"gone": 0, "p50": 0}


def test_a_newer_version_ends_it_and_somebody_who_is_left_is_asked_for_that_one(town: Stage) -> None:
    begin(town)
    until_done(town, 4)
    publish(town, SECOND, changes="At once.")
    until_done(town, 30)
    assert "Ended, because a newer version was published." in card(town).text
    before = sum(told(town).values())
    until_done(town, 30)
    assert sum(told(town).values()) == before


def event_of(user: dict[str, object]) -> Event:
    return Event(type="team_join", event_id="Ev1", body={"type": "team_join", "user": user})


def test_the_text_reads_the_same_wherever_it_is_shown(community: Stage) -> None:
    publish(community)
    community.mona.command("/guidelines")
    community.settle(1)
    assert community.mona.modal is not None
    pieces = mrkdwn.pieces(SAMPLE)
    shown_pieces = [
        block["text"]["text"]
        for block in community.mona.modal.raw["blocks"]
        if block["type"] == "section" and block["text"]["text"] in pieces
    ]
    assert shown_pieces == list(pieces)
