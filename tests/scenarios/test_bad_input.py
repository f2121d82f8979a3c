"""What can go wrong with reports: each time somebody reads a clear sentence, nothing is lost and nothing leaks."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from gpbot.bootstrap import build
from gpbot.crypto import Vault, new_master_key
from gpbot.keyring import KeysDoNotFit
from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.reports import ids
from gpbot.reports.models import ReportRow
from gpbot.reports.types import EntryKind
from tests import databases, halves
from tests.scenarios.doing import (
    NOT_AVAILABLE,
    SOMETHING,
    add,
    direct_messages,
    knows_nothing,
    open_from_home,
    report_of,
    shown,
    stubs,
    waiting,
)
from tests.stage import HELP, Stage

WORDS = "He keeps writing to me at night."
LONG = "They know where I live. " * 120
NOT_SAVED = "We could not save this. Nothing was sent."
Trouble = Callable[[Stage], AbstractContextManager[None]]


# Troubles with the database.


def locked(community: Stage) -> AbstractContextManager[None]:
    return databases.locked(community.settings.database_url)


def full(community: Stage) -> AbstractContextManager[None]:
    return databases.full(community.bot.records.database)


def read_only(community: Stage) -> AbstractContextManager[None]:
    return databases.read_only(community.bot.records.database)


every_trouble = pytest.mark.parametrize("trouble", [locked, full, read_only])


@every_trouble
def test_when_saving_fails_next_says_so_at_once_and_the_form_holds_the_words(
    community: Stage, trouble: Trouble
) -> None:
    mona = community.mona
    mona.command("/report")
    community.settle()
    mona.fill("What happened", LONG)
    with trouble(community):
        answer = mona.submit()
        assert not answer.ok
        assert NOT_SAVED in answer.text
        assert HELP in answer.text
        assert LONG.strip() in shown(mona)
    mona.submit()
    community.settle()

    assert "Read it once more" in shown(mona)
    assert LONG.strip() in shown(mona).replace("\n", "")


@every_trouble
def test_when_saving_fails_send_says_so_and_thanks_nobody(community: Stage, trouble: Trouble) -> None:
    community.review(community.mona, LONG)
    community.answer_none(community.mona)
    with trouble(community):
        community.mona.submit()
        assert NOT_SAVED in shown(community.mona)
        assert "They know where I live." in shown(community.mona)
        assert "*Saved." not in shown(community.mona)
    community.settle()
    assert not stubs(community.ben)
    community.mona.submit()
    community.settle()

    assert "*Saved." in shown(community.mona)
    assert len(stubs(community.ben)) == 1


def test_when_saving_fails_a_claim_says_so(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    for trouble in (locked, read_only):
        with trouble(community):
            community.ben.press("Claim")
            community.bot.windows.settle()
            assert NOT_SAVED in shown(community.ben)
            community.ben.dismiss()
    community.settle()
    community.open_stub(community.chloe)

    assert "*Next step:* claim it" in shown(community.chloe)


def test_what_a_champion_wrote_stays_in_the_form_when_saving_fails(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.ben)
    community.press(community.ben, "Write to the reporter")
    community.ben.fill("Message", LONG)
    for trouble in (locked, full, read_only):
        with trouble(community):
            assert NOT_SAVED in community.ben.submit().text
            assert LONG.strip() in shown(community.ben)
    community.ben.submit()
    community.settle()

    assert len(direct_messages(community.mona)) == 2


def test_a_message_that_could_not_be_copied_is_not_said_to_be_reported(community: Stage) -> None:
    community.tom.say("Nobody wants you here", to=community.general)
    with read_only(community):
        community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
        community.bot.windows.settle()
    told = community.mona.read(community.general)[-1]

    assert told.kind == "ephemeral"
    assert NOT_SAVED in told.text
    assert community.mona.modal is None
    assert len(community.tom.read(community.general)) == 1


def test_reading_works_while_another_program_writes(community: Stage) -> None:
    with locked(community):
        community.mona.command("/report")
        community.bot.windows.settle()
        assert "What happened" in shown(community.mona)


def test_two_people_sending_while_the_database_is_locked_are_both_told_in_time(community: Stage) -> None:
    both = [community.mona, community.nadia]
    for person in both:
        community.review(person, WORDS)
        community.answer_none(person)
    with locked(community), ThreadPoolExecutor(2) as pool:
        assert not any(pool.map(lambda person: person.submit().ok, both))
    for person in both:
        assert NOT_SAVED in shown(person)
        assert WORDS in shown(person)


def test_a_question_that_cannot_be_saved_stays_in_the_form_and_is_asked_once(community: Stage) -> None:
    mona = community.mona
    mona.command("/ask", "Where is it?")
    community.bot.windows.settle()
    with locked(community):
        mona.submit()
    assert "We could not save this. Nothing was sent." in shown(mona)
    assert "Where is it?" in shown(mona)
    mona.submit()
    community.settle()

    posted = [said.text for said in community.ben.read(community.triage) if "A question for the champions" in said.text]
    assert len(posted) == 1


def test_a_message_to_gpbot_is_answered_when_the_database_is_back(community: Stage) -> None:
    with locked(community):
        community.mona.say("hello")
    assert any("HTTP 500" in problem for problem in community.workspace.problems)
    community.workspace.problems.clear()  # what Slack is told so that it delivers again
    community.later(minutes=2)
    community.workspace.run_due()
    community.settle()

    assert community.mona.inbox[-1].buttons == ["Open the form", "Ask the champions"]


# Keys.


def test_gpbot_does_not_start_on_a_database_its_keys_do_not_open(community: Stage) -> None:
    community.report(community.mona)
    community.stop()
    with pytest.raises(KeysDoNotFit):
        build(replace(community.settings, gpbot_keys=(new_master_key(),)), clock=community.clock)
    community.start()
    community.settle()
    community.open_stub(community.ben)

    assert WORDS in shown(community.ben)


def damage(community: Stage, report_id: UUID) -> None:
    """As if its key had been sealed by master keys that are lost."""
    _, sealed = Vault([new_master_key()]).new_data_key()
    with community.bot.records.database.begin() as session:
        session.execute(update(ReportRow).where(ReportRow.id == report_id).values(key=sealed))


def test_a_report_that_does_not_decrypt_says_so_and_hides_no_other(community: Stage) -> None:
    community.report(community.mona, "The first")
    damaged = report_of(community.mona)
    stub = community.ben.inbox[-1]
    community.look_away(community.mona)
    community.report(community.mona, "The second")
    damage(community, damaged)

    community.ben.press("Open", within=stub)
    community.bot.windows.settle()
    assert "We could not open what was stored." in shown(community.ben)
    assert HELP in shown(community.ben)
    assert len(waiting(community, community.ben)) == 1
    open_from_home(community, community.ben)
    assert "The second" in shown(community.ben)


def test_health_tells_of_a_report_that_does_not_decrypt_from_the_start_and_until_it_opens_again(
    community: Stage,
) -> None:
    community.report(community.mona)
    report_id = report_of(community.mona)
    with community.bot.records.database.read() as session:
        key = session.execute(select(ReportRow.key).where(ReportRow.id == report_id)).scalar_one()
    damage(community, report_id)
    community.restart()
    community.bot.records.timers.look_for_damage()
    assert community.bot.health()["reports"] == "some do not open with GPBOT_KEYS"
    assert not community.bot.health()["ok"]
    with community.bot.records.database.begin() as session:
        session.execute(update(ReportRow).where(ReportRow.id == report_id).values(key=key))
    community.open_stub(community.ben)
    assert community.bot.health()["reports"] == "ok"


def test_a_report_that_does_not_decrypt_keeps_no_other_from_its_next_reader(community: Stage) -> None:
    community.report(community.mona, "The first", about=[community.amina, community.chloe])
    damaged = report_of(community.mona)
    community.look_away(community.mona)
    community.report(community.mona, "The second", about=[community.amina, community.chloe])
    damage(community, damaged)
    community.bot.records.people.remove_champion(community.ben.id, by=community.amina.id)
    community.settle()

    assert len(stubs(community.edith)) == 1


# Slack in trouble.


@pytest.mark.parametrize("does_it_anyway", [False, True])
def test_with_slack_answering_500_to_everything_a_report_is_saved_and_told_once_later(
    community: Stage,
    does_it_anyway: bool,  # noqa: FBT001  (a parameter)
) -> None:
    community.review(community.mona, WORDS, about=[community.amina])
    community.workspace.faults.add(status=500, after=does_it_anyway, times=None)
    community.mona.submit()
    community.settle()
    assert "*Saved." in shown(community.mona)
    community.workspace.faults.clear()
    for _ in range(4):
        community.later(minutes=20)

    for person in (community.ben, community.chloe, community.mona):
        assert direct_messages(person) == [SOMETHING]
    assert direct_messages(community.amina) == []


def test_an_expired_trigger_offers_a_button_and_keeps_the_typed_words(community: Stage) -> None:
    community.workspace.faults.add(method="views.open", error="expired_trigger_id")
    community.mona.command("/report", WORDS, channel=community.general)
    community.settle()
    offered = community.mona.read(community.general)[-1]
    assert offered.kind == "ephemeral"
    assert "Press Open the form to go on." in offered.text
    assert WORDS not in str(offered.raw)
    assert community.tom.read(community.general) == []
    community.mona.press("Open the form", within=offered)
    community.settle()

    assert WORDS in shown(community.mona)


def test_an_expired_trigger_on_a_message_shortcut_keeps_the_message(community: Stage) -> None:
    said = community.tom.say("Nobody wants you here", to=community.general)
    community.workspace.faults.add(method="views.open", error="expired_trigger_id")
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    community.tom.delete(said)
    community.mona.press("Open the form", within=community.mona.read(community.general)[-1])
    community.settle()

    assert "Nobody wants you here" in shown(community.mona)


def test_an_expired_trigger_on_a_stub_or_home_offers_to_open_it_again(community: Stage) -> None:
    community.report(community.mona)
    community.workspace.faults.add(method="views.open", error="expired_trigger_id")
    community.ben.press("Open", within=stubs(community.ben)[-1])
    community.settle()
    assert community.ben.modal is None
    community.ben.press("Open", within=community.ben.inbox[-1])
    community.settle()
    assert WORDS in shown(community.ben)

    community.look_away(community.ben)
    community.ben.open_home()
    community.settle()
    community.workspace.faults.add(method="views.open", error="invalid_trigger_id")
    community.ben.press("Open", within=community.ben.home)
    community.settle()
    assert WORDS not in "".join(direct_messages(community.ben))
    community.ben.press("Open", within=community.ben.inbox[-1])
    community.settle()
    assert WORDS in shown(community.ben)


# The same thing twice.


def test_a_report_sent_twice_is_one_report(community: Stage) -> None:
    for reporter, together in ((community.mona, False), (community.nadia, True)):
        community.review(reporter, WORDS)
        community.answer_none(reporter)
        reporter.submit(times=3, together=together)
        assert "*Saved." in shown(reporter)
    community.settle()

    assert direct_messages(community.mona) == direct_messages(community.nadia) == [SOMETHING]
    assert len(stubs(community.ben)) == 2
    assert len(waiting(community, community.ben)) == 2


def test_a_submission_delivered_twice_is_one_report(community: Stage) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.workspace.faults.deliveries(duplicate=True)
    community.mona.submit()
    community.settle()

    assert len(waiting(community, community.ben)) == 1


def test_a_report_whose_answer_got_lost_is_sent_once_however_often_send_is_pressed(community: Stage) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.workspace.faults.deliveries(lose_ack=True)
    assert not community.mona.submit().ok
    community.mona.submit()
    community.settle()

    assert "*Saved." in shown(community.mona)
    assert len(waiting(community, community.ben)) == 1


def test_a_form_submitted_twice_is_one_draft(community: Stage) -> None:
    for reporter, together in ((community.mona, False), (community.nadia, True)):
        reporter.command("/report")
        community.bot.windows.settle()
        reporter.fill("What happened", WORDS)
        reporter.submit(times=2, together=together)
        community.answer_none(reporter)
        reporter.submit()
    community.later(minutes=20)

    assert direct_messages(community.mona) == direct_messages(community.nadia) == [SOMETHING]


def test_what_is_written_twice_is_there_once(community: Stage) -> None:
    community.report(community.mona)
    community.press(community.mona, "Add something")
    community.mona.fill("Add something", "And on Tuesday")
    community.answer_none(community.mona)
    community.mona.submit(times=2, together=True)
    community.open_stub(community.ben)
    for button, field, together in (("Write to the reporter", "Message", False), ("Write a note", "Note", True)):
        community.ben.press(button, nth=0)
        community.bot.windows.settle()
        community.ben.fill(field, f"{field} one")
        community.ben.submit(times=2, together=together)
        assert shown(community.ben).count(f"{field} one") == 1
        community.ben.press("Report")
        community.bot.windows.settle()
    community.settle()
    community.press(community.ben, "Conversation")
    assert shown(community.ben).count("And on Tuesday") == 1
    assert shown(community.ben).count("Message one") == 1
    assert len(direct_messages(community.mona)) == 2


# Forged, cut short, and not meant for them.


def deliver(community: Stage, payload: Mapping[str, Any] | str, **sign: Any) -> int:
    """Post an interaction as Slack does; gives the HTTP status."""
    body = payload if isinstance(payload, str) else urlencode({"payload": json.dumps(payload)})
    headers = {"Content-Type": "application/x-www-form-urlencoded", **community.workspace.sign(body.encode(), **sign)}
    status, answer = community.workspace.deliver_raw(body.encode(), headers)
    assert status == 200 or WORDS.encode() not in answer
    return status


def sending(community: Stage) -> dict[str, Any]:
    """What Slack sends when mona presses Send in the review she has open."""
    assert community.mona.modal is not None
    view = dict(community.mona.modal.raw)
    user = {"id": community.mona.id, "team_id": community.workspace.team_id}
    return {"type": "view_submission", "user": user, "view": view, "team": {"id": community.workspace.team_id}}


def test_a_forged_or_old_signature_does_nothing(community: Stage) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    payload = sending(community)
    now = int(time.time())
    assert deliver(community, payload, secret="guessed") == 401
    assert deliver(community, payload, timestamp=now - 601) == 401
    assert deliver(community, payload, timestamp=now + 601) == 401
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert community.workspace.deliver_raw(body, {"Content-Type": "application/x-www-form-urlencoded"})[0] == 401
    community.settle()
    assert not stubs(community.ben)

    assert deliver(community, payload) == 200
    community.settle()
    assert stubs(community.ben)


def test_a_payload_cut_short_is_refused_without_a_word_of_it_in_the_log(
    community: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    payload = sending(community)
    whole = urlencode({"payload": json.dumps(payload)})
    cut = [whole[: len(whole) // 2], whole[:40], "payload=", "", "payload=%7B%22type%22"]
    with caplog.at_level(logging.DEBUG):
        for body in cut:
            assert deliver(community, body) >= 400
        for missing in ("user", "view"):
            assert deliver(community, {key: value for key, value in payload.items() if key != missing}) >= 400
        for part in ("id", "type", "callback_id", "state", "private_metadata", "blocks"):
            less = {key: value for key, value in payload["view"].items() if key != part}
            assert deliver(community, payload | {"view": less}) < 600
        for kind in ("block_actions", "view_submission", "view_closed", "shortcut", "message_action", "nonsense"):
            assert deliver(community, {"type": kind}) >= 400
        community.bot.windows.settle()
    assert "keeps writing" not in caplog.text
    assert community.mona.id not in caplog.text
    community.settle()
    assert "What will" not in shown(community.mona)

    community.mona.submit()
    community.settle()
    assert "*Saved." in shown(community.mona)


def outcome(community: Stage, person: Person) -> tuple[list[str], list[str]]:
    """What a click brought: the modals and the direct messages as they read."""
    community.settle(1)
    brought = [screen.text for screen in person.modals], [screen.text for screen in person.inbox]
    community.look_away(person)
    with community.workspace.acting():
        community.workspace.dm(person.id).ephemerals.clear()
    return brought


CLICKS = [
    ids.OPEN,
    f"{ids.TAB}:x",
    ids.CLAIM,
    ids.RELEASE,
    ids.REOPEN,
    ids.STEP_BACK,
    ids.WRITE_NOTE,
    ids.WRITE_MESSAGE,
    ids.NAME_PEOPLE,
    ids.WRITE_CLOSING,
    ids.WRITE_MORE,
    ids.CHANGE_READERS,
    ids.WRITE_DETAILS,
    ids.SHOW_NAME,
    ids.WITHDRAW,
    ids.EDIT,
    ids.DISCARD,
    ids.CONTINUE,
    ids.OPEN_FORM,
]
FORMS = [ids.NOTE, ids.MESSAGE, ids.PEOPLE, ids.CLOSING, ids.MORE, ids.READERS, ids.DETAILS, ids.REVIEW, ids.FORM]


def test_a_strangers_click_is_answered_alike_for_not_theirs_erased_and_never_there(community: Stage) -> None:
    community.report(community.mona, "To be withdrawn")
    erased = str(report_of(community.mona))
    community.press(community.mona, "Withdraw")
    community.look_away(community.mona)
    community.report(community.mona, keep_out=[community.amina])
    theirs = str(report_of(community.mona))
    community.look_away(community.mona)
    community.review(community.mona, "A draft")
    community.answer_none(community.mona)
    assert community.mona.modal is not None
    draft = str(community.mona.modal.raw["private_metadata"]).partition(":")[0]

    for stranger in (community.tom, community.amina):
        for action_id in CLICKS:
            for suffix in ("", ":report", ":notes", ":3") if action_id.startswith(ids.TAB) else ("",):
                brought = []
                for value in (theirs, erased, draft, str(uuid4())):
                    stranger.send_action(action_id, value + suffix)
                    brought.append(outcome(community, stranger))
                assert brought.count(brought[0]) == len(brought), action_id
        knows_nothing(stranger, WORDS, "A draft", "To be withdrawn")
    assert len(waiting(community, community.ben)) == 1


def test_a_strangers_form_is_answered_alike_for_not_theirs_and_never_there(community: Stage) -> None:
    community.report(community.mona, keep_out=[community.amina])
    theirs = str(report_of(community.mona))
    field = {"type": "plain_text_input", "value": "let me in"}
    people = {"type": "multi_users_select", "selected_users": [community.tom.id]}
    why = {"type": "static_select", "selected_option": {"value": "resolved"}}
    part = {"type": "radio_buttons", "selected_option": {"value": "me"}}
    values = {"text": {"text": field}, "outcome": {"outcome": why}, "reported": {"reported": people}}
    values |= {"part": {"part": part}, "what": {"what": field}}
    for stranger in (community.tom, community.amina):
        for callback_id in FORMS:
            view = {"callback_id": callback_id, "state": {"values": values}}
            answers = {
                stranger.send_view_submission(view | {"private_metadata": report_id}).text
                for report_id in (theirs, str(uuid4()))
            }
            assert len(answers) == 1, callback_id
        knows_nothing(stranger, WORDS)
    community.open_stub(community.ben)
    for tab in ("Report", "Conversation", "Notes", "People"):
        community.press(community.ben, tab)
        assert "let me in" not in shown(community.ben)
        assert "Tom Reed" not in shown(community.ben)


def test_a_button_gpbot_no_longer_knows_says_so(community: Stage) -> None:
    community.mona.send_action("report.of_an_older_release", "x")
    community.settle()

    assert any("This button no longer works." in screen.text for screen in community.mona.inbox)


def test_a_button_whose_value_is_no_report_says_not_available(community: Stage) -> None:
    for value in ("", "x" * 2000, "../../etc/passwd", "' OR 1=1 --"):
        community.ben.send_action(ids.CLAIM, value)
        modals, messages = outcome(community, community.ben)
        assert NOT_AVAILABLE in "".join(modals + messages)


# People's words.

WILD = (
    "\u202eلم يتوقف\u202c \u200b\u200d\ufeff <!channel> <!here> @everyone @channel "
    "*bold* `code` ~x~ > quote &lt; <@U0> 👩🏽\u200d🚒\n"
)


def plain_texts(screen: Screen) -> str:
    """Every word of the plain text sections, in order."""
    blocks = [block for block in screen.raw["blocks"] if block["type"] == "section" and "text" in block]
    return "".join(block["text"]["text"] for block in blocks if block["text"]["type"] == "plain_text")


def assert_rings_nobody(community: Stage) -> None:
    def marked_up(found: Any) -> Iterator[str]:
        if isinstance(found, Mapping):
            if found.get("type") == "mrkdwn":
                yield str(found["text"])
            for part in found.values():
                yield from marked_up(part)
        elif isinstance(found, list):
            for part in found:
                yield from marked_up(part)

    for call in community.workspace.calls:
        args = [json.loads(part) if isinstance(part, str) and part[:1] in "[{" else part for part in call.args.values()]
        for words in (*marked_up(args), str(call.args.get("text", ""))):
            assert "<!" not in words.replace("<!date^", "")
            assert "@channel" not in words
            assert "@everyone" not in words


def test_three_thousand_wild_characters_ring_nobody_and_are_shown_whole(community: Stage) -> None:
    wild = (WILD * 40)[:3000].rstrip()
    community.report(community.mona, wild)
    community.open_stub(community.ben)
    assert community.ben.modal is not None
    assert wild in plain_texts(community.ben.modal)
    community.press(community.ben, "Write to the reporter")
    community.ben.fill("Message", wild)
    community.ben.submit()
    community.settle()
    community.open_stub(community.mona)
    assert community.mona.modal is not None
    assert plain_texts(community.mona.modal).count(wild) == 2
    add(community, community.mona, wild)

    assert_rings_nobody(community)


def test_words_typed_with_the_command_are_kept_whole_when_they_do_not_fit(community: Stage) -> None:
    community.mona.command("/report", "a < b & <!channel> " * 200)
    community.settle()
    form = shown(community.mona)

    assert form.count("a < b &") == 200
    assert "This did not fit." in form
    community.mona.fill("Who is it about", [community.tom])
    community.settle()
    assert shown(community.mona).count("a < b &") == 200
    assert_rings_nobody(community)


def test_words_that_do_not_fit_are_kept_when_the_trigger_expired_too(community: Stage) -> None:
    community.workspace.faults.add(method="views.open", error="expired_trigger_id")
    community.mona.command("/report", "a < b & <!channel> " * 200)
    community.settle()
    community.press(community.mona, "Open the form")

    assert shown(community.mona).count("a < b &") == 200


def test_words_in_a_form_left_open_for_days_can_still_be_sent(community: Stage) -> None:
    community.tom.say("Nobody wants you here", to=community.general)
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    community.mona.fill("What happened", WORDS)
    community.later(hours=30)
    community.mona.submit()
    assert WORDS in shown(community.mona)
    community.mona.submit()
    community.settle()

    assert "*Saved." in shown(community.mona)


@pytest.mark.parametrize("words", ["👩🏽\u200d🚒", "لا أحد يريدك "])
def test_a_reported_message_of_forty_thousand_characters_is_shown_whole(community: Stage, words: str) -> None:
    said = (words * 40_000)[:40_000].rstrip()
    community.tom.say(said, to=community.general)
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    community.mona.fill("What happened", WORDS)
    community.mona.submit()
    community.answer_none(community.mona)
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)
    assert community.ben.modal is not None

    assert said in plain_texts(community.ben.modal)
    assert WORDS in shown(community.ben)


def report_newest(community: Stage) -> str:
    """Mona reports the newest message in #general; what Ben then reads."""
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.settle()
    community.mona.fill("What happened", WORDS)
    community.mona.submit()
    community.answer_none(community.mona)
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)
    return shown(community.ben)


def test_a_message_without_a_user_can_be_reported(community: Stage) -> None:
    robot = community.workspace.add_person("Feed Robot", bot=True)
    community.general.invite(robot)
    robot.say("Buy now <!channel>", to=community.general)
    assert "user" not in community.mona.read(community.general)[-1].raw
    case = report_newest(community)

    assert "Buy now" in case
    assert "Feed Robot in #general" in case


def test_a_message_of_files_alone_can_be_reported_and_their_names_stay_behind(community: Stage) -> None:
    community.tom.say("", to=community.general, files=["Mona-Said-payslip.pdf", "b.png"])
    case = report_newest(community)

    assert "(2 attached files, not copied)" in case
    assert "payslip" not in case


def test_a_message_of_blocks_alone_is_copied_by_its_words(community: Stage) -> None:
    robot = community.workspace.add_person("Feed Robot", bot=True)
    with community.workspace.acting():
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Nobody wants you here"}}]
        community.workspace.messages.post(community.general, robot.user, text="", blocks=blocks, subtype="bot_message")

    assert "Nobody wants you here" in report_newest(community)


# About whom.


def test_a_bot_a_guest_and_a_stranger_can_be_reported(community: Stage) -> None:
    others = [
        community.workspace.add_person("Feed Robot", bot=True),
        community.workspace.add_person("Gus Guest", guest=True),
        community.workspace.add_person("Robin Elsewhere", external=True),
    ]
    community.report(community.mona, about=others)
    community.open_stub(community.ben)

    assert "*About:* @Feed Robot, @Gus Guest, @Robin Elsewhere" in shown(community.ben)


def test_someone_deactivated_before_send_can_be_reported(community: Stage) -> None:
    community.review(community.mona, WORDS, about=[community.tom])
    community.workspace.deactivate(community.tom)
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)

    assert "*About:* @Tom Reed" in shown(community.ben)


def test_a_name_in_words_can_be_reported_and_is_searched_for_champions_too(community: Stage) -> None:
    community.mona.command("/report")
    community.settle()
    community.mona.fill("What happened", WORDS)
    community.mona.fill("Their name", "Amina's husband <!channel>")
    community.mona.submit()
    assert "☑ Amina Okafor" in shown(community.mona)
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)

    assert "Amina's husband <!channel>" in shown(community.ben)
    assert not stubs(community.amina)
    assert_rings_nobody(community)


def test_a_report_about_oneself_is_taken(community: Stage) -> None:
    community.report(community.mona, "I shared a photo I should not have.", about=[community.mona])

    assert "*Saved." in shown(community.mona)
    community.open_stub(community.ben)
    assert "I shared a photo" in shown(community.ben)
    community.look_away(community.mona)
    open_from_home(community, community.mona)
    assert "I shared a photo" in shown(community.mona)


def test_a_champion_reporting_themselves_does_not_read_it_as_a_champion(community: Stage) -> None:
    community.report(community.ben, "I shared a photo I should not have.", about=[community.ben])

    assert not stubs(community.ben)
    assert stubs(community.amina)
    community.ben.open_home()
    community.settle()
    assert community.ben.home is not None
    assert "No report is waiting for you." in community.ben.home.text


# Many, long, and strange.


def test_more_than_ten_champions_fit_every_form(community: Stage) -> None:
    people = community.bot.records.people
    more = [community.add_person(f"Zoe{number} Champion", title=f"Charity {number}") for number in range(22)]
    for person in more:
        people.add_champion(person.id, by=community.amina.id)
    community.bot.learn_names()
    for number, person in enumerate(more):
        people.set_organisation(person.id, f"Charity {number}")
    community.settle(1)
    mona, last = community.mona, more[-1]
    mona.command("/report")
    community.bot.windows.settle()
    assert all(f"Zoe{number} Champion (Charity {number})" in shown(mona) for number in range(22))
    words = "I told " + ", ".join(f"Zoe{number}" for number in range(21))
    mona.fill("What happened", words)
    mona.fill("Who is it about", [last])
    community.bot.windows.settle()
    assert "☑ Zoe21 Champion" in shown(mona)
    mona.submit()
    assert "☑ Zoe20 Champion" in shown(mona)
    mona.submit()
    community.settle(1)
    assert not stubs(last)
    assert not stubs(more[0])
    assert stubs(community.ben)
    community.press(mona, "Change who can read")
    assert "☑ Zoe20 Champion" in shown(mona)
    mona.submit()
    community.settle(1)
    community.press(mona, "Add something")
    mona.fill("Add something", "Amina, Ben, Chloe, Edith and Farid know")
    mona.submit()
    assert "Your words seem to name Amina Okafor, Ben Adeyemi, Chloe Martin" in shown(mona)


def test_a_hundred_entries_are_turned_page_by_page_and_none_is_missing(community: Stage) -> None:
    community.report(community.mona)
    report_id = report_of(community.mona)
    records = community.bot.records
    words = [f"Entry number {number:03}. " + "x" * 2900 for number in range(100)]
    with records.database.begin() as session:
        opened = records.reports.open_as_reporter(session, report_id, community.mona.id)
        for each in words:
            records.reports.write(session, opened, EntryKind.ADDITION, at=community.clock.now(), text=each)
    for person in (community.ben, community.mona):
        open_from_home(community, person)
        if person is community.ben:
            person.press("Conversation")
            community.bot.windows.settle()
        pages = [shown(person)]
        while "Older" in person.modal.buttons:  # type: ignore[union-attr]
            person.press("Older")
            community.bot.windows.settle()
            pages.append(shown(person))
        whole = "\n".join(reversed(pages))
        assert all(f"Entry number {number:03}." in whole for number in range(100))
    community.press(community.ben, "Newer")
    assert "Entry number 012." in shown(community.ben)


def test_many_looks_push_nothing_out_of_the_log(community: Stage) -> None:
    community.report(community.mona)
    community.open_stub(community.chloe)
    community.open_stub(community.ben)
    for _ in range(70):
        community.press(community.ben, "Report")
    community.press(community.ben, "Log")

    for line in ("@Ben Adeyemi · opened", "@Chloe Martin · opened", "The reporter · filed"):
        assert line in shown(community.ben)


def test_strange_and_long_names_are_shown_and_ring_nobody(community: Stage) -> None:
    names = ["ليلى حداد 🌸", "Ⓥery " + "long " * 30 + "name", "<!channel> & *Bold* <@U1>", "\u202eeman\u202c"]
    people, added = community.bot.records.people, list[Person]()
    for number, name in enumerate(names):
        person = community.workspace.add_person(name, title="<!here>", display_name=f"@channel {number}")
        people.add_champion(person.id, by=community.amina.id)
        added.append(person)
    community.bot.learn_names()
    for number, person in enumerate(added):
        people.set_organisation(person.id, f"<!here> & sons {number}")
    community.settle(1)
    community.review(community.mona, "I wrote to ليلى حداد about it", about=[community.amina])
    assert "☑ ليلى حداد 🌸" in shown(community.mona)
    community.mona.submit()
    community.settle()
    assert "<!channel> & *Bold* <@U1> (<!here> & sons 2)" in shown(community.mona).replace("\u2060", "")
    community.open_stub(community.ben)
    community.press(community.ben, "People")
    assert "Not handling:* " in shown(community.ben)

    assert_rings_nobody(community)


@halves.LONG
@databases.ON_SQLITE
def test_every_reader_is_named_however_many_there_are(community: Stage) -> None:
    people = community.bot.records.people
    names = [f"Volunteer Number{number} of the Long and Windy Road" for number in range(80)]
    for name in names:
        person = community.workspace.add_person(name, title="A charity with a name as long as its road")
        people.add_champion(person.id, by="operator")
    while not all(holder.reachable for holder in people.roster().champions):
        community.later(minutes=1)  # Slack tells so many names a minute
        community.bot.learn_names()
    for holder in people.roster().champions:
        people.set_organisation(holder.slack_id, "A charity with a name as long as its road")
    community.settle()
    mona = community.mona
    community.review(mona, "He keeps writing to me at night.")
    assert [name for name in names if name not in shown(mona)] == []
    assert "Who will read this" in shown(mona)
    community.answer_none(mona)
    mona.submit()
    community.bot.windows.settle()
    assert [name for name in names if name not in shown(mona)] == []
    assert "They do not see your name." in shown(mona)
    community.settle()
    community.open_stub(community.ben)
    community.press(community.ben, "People")
    assert [name for name in names if name not in shown(community.ben)] == []
