"""Canaries: every text carries a word of its own, and it must appear nowhere it should not."""

import base64
import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import JSON as JSON_COLUMN
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine
from typer.testing import CliRunner

from gpbot.cli import app as command_line
from gpbot.onboarding import ids as onboarding_ids
from gpbot.outbox.types import Edit, Post, PublishHome
from gpbot.people.names import mentioned
from gpbot.people.types import RoleHolder, RoleName
from gpbot.proposals import ids as proposal_ids
from gpbot.questions import ids as question_ids
from gpbot.reports import ids
from gpbot.slack import on
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.errors import notice_modal
from gpbot.slack.on import TakenTwice, routes_of
from gpbot.slack.requests import Click as Pressed
from tests.databases import ON_POSTGRESQL, Kind, another_program, locked, raw_files
from tests.promises import scanners
from tests.promises.arriving import (
    PROPOSAL_CLICKS,
    STEPS,
    ChooseChannels,
    ConcernClick,
    JoinChannel,
    LookForChannels,
    ProposalClick,
    Propose,
    RaiseConcern,
    TakeStep,
    TellWhy,
    Welcome,
)
from tests.promises.changing import BecomeGuest, BecomeMember, MendChannel, SayWhereTheyWork, SpoilChannel
from tests.promises.dealing import Deck
from tests.promises.naming import WriteNaming
from tests.promises.orders import either_database, promise, stories, stories_of_questions
from tests.promises.quoting import ReportMessage
from tests.promises.scanners import Eavesdropper, disguises, listening
from tests.promises.worlds import (
    CAST,
    MEMBERS,
    NEWCOMERS,
    ROSTER,
    Act,
    AddPeople,
    Agree,
    Ask,
    ChooseReaders,
    Click,
    FailFor,
    Filing,
    MakeReport,
    OpenDesk,
    OpenHome,
    Outage,
    PressNewest,
    QuestionClick,
    Recover,
    Restart,
    Retire,
    ReviewForm,
    SayToBot,
    StartForm,
    Wait,
    World,
    Write,
    WriteInQuestion,
    answered,
    play,
    world,
)

CONTROL = "zqcontrolxkv"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


# The stories deal all of them, and readers and the reporter press as well.
OF_A_REPORT, OF_A_QUESTION, OF_ARRIVING = DECKS = tuple(
    Deck(seed=5, hands=1, part=part, parts=3, with_readers=True) for part in range(3)
)


def database(here: World) -> str:
    return here.c.settings.database_url


def plant(here: World) -> str:
    """A word that nobody may see."""
    here.words.made[CONTROL] = frozenset()
    here.words.for_readers[CONTROL] = False
    return CONTROL


@pytest.fixture
def here(kind: Kind) -> Iterator[World]:
    with world(has_report=True, kind=kind) as one:
        yield one


# --- a story in which everything happens -----------------------------------------------------------------------------


def evidence_is_reported(here: World) -> None:
    """A message reported from its own menu, and the form left open."""
    said = here.person("tom").say("Look at zqevidencexkv here.", to=here.c.general)
    here.person("mona").message_shortcut("Report to the Champions", said)
    here.c.settle()
    here.words.made["zqevidencexkv"] = frozenset(here.c.people)  # it was said to all
    here.words.for_readers["zqevidencexkv"] = True


STORY: Sequence[Act] = (
    ReviewForm("nadia", ("amina",)),
    StartForm("tom", with_words=True),
    Filing(reporter="mona", about=("tom", "amina"), named=("chloe",)),
    *(OpenHome(who) for who in ("amina", "ben", "chloe", "edith", "mona", "tom")),
    *(Click(who, ids.OPEN) for who in ("amina", "ben", "chloe", "edith", "mona", "tom")),
    PressNewest("ben", "Open"),
    PressNewest("mona", "Open"),
    Click("ben", ids.CLAIM),
    *(Click("ben", ids.TAB, tail) for tail in ("report", "conversation", "notes", "people", "log")),
    Write("ben", ids.NOTE),
    Write("ben", ids.MESSAGE),
    Write("amina", ids.NOTE),
    Write("mona", ids.MORE),
    Write("mona", ids.DETAILS),
    Click("mona", ids.TAB, "0"),
    OpenDesk("ben"),
    AddPeople("ben", ("nadia",), ("tom",)),
    SayToBot("mona"),
    Outage(slow_down=False),
    Click("ben", ids.OPEN),
    Write("ben", ids.MESSAGE),
    Wait(1),
    Recover(),
    FailFor("mona", "refused"),
    Write("ben", ids.MESSAGE),
    Recover(),
    Wait(25),
    Restart(),
    SpoilChannel("public"),
    WriteNaming(who="ben", form=ids.CLOSING, named="tom", agrees=False),
    BecomeGuest("ben"),
    OpenHome("ben"),
    MendChannel(),
    BecomeMember("ben"),
    Write("ben", ids.CLOSING),
    Click("mona", ids.OPEN),
    Write("mona", ids.MORE),
    ChooseReaders("mona", ("chloe",)),
    Click("ben", ids.STEP_BACK),
    Click("edith", ids.OPEN),
    Click("edith", ids.TAB, "people"),
    Write("edith", ids.NOTE),
    Retire("ben"),
    Wait(25),
)


# The name is shown neither as a question nor as a report.
STORY_OF_A_QUESTION: Sequence[Act] = (
    Ask("mona"),
    *(OpenHome(who) for who in ("amina", "ben", "edith", "mona", "tom")),
    *(QuestionClick(who, question_ids.OPEN) for who in ("amina", "ben", "chloe", "edith", "mona", "tom")),
    OpenDesk("ben"),
    QuestionClick("ben", question_ids.CLAIM),
    QuestionClick("ben", question_ids.WRITE_ANSWER),
    WriteInQuestion("ben", question_ids.ANSWER),
    WriteInQuestion("tom", question_ids.ANSWER),
    WriteNaming(who="chloe", form=question_ids.ANSWER, named="nadia", agrees=False),
    WriteNaming(who="chloe", form=question_ids.ANSWER, named="nadia", agrees=True),
    PressNewest("mona", "Open"),
    WriteInQuestion("mona", question_ids.MORE),
    FailFor("mona", "refused"),
    WriteInQuestion("chloe", question_ids.ANSWER),
    Recover(),
    Outage(slow_down=False),
    QuestionClick("mona", question_ids.CLOSE),
    QuestionClick("mona", question_ids.REOPEN),
    Wait(1),
    Recover(),
    Wait(8 * 24),
    Restart(),
    QuestionClick("chloe", question_ids.MAKE_REPORT),
    MakeReport("chloe", about=("ben", "tom"), keep_out=("edith",)),
    *(QuestionClick(who, question_ids.OPEN) for who in ("ben", "chloe", "edith", "mona")),
    *(Click(who, ids.OPEN) for who in ("amina", "ben", "chloe", "edith", "mona", "tom")),
    *(Click("amina", ids.TAB, tail) for tail in ("report", "conversation", "people", "log")),
    Write("amina", ids.MESSAGE),
    Write("mona", ids.MORE),
    OpenHome("ben"),
    SpoilChannel("archived"),
    Ask("tom"),
    QuestionClick("amina", question_ids.CLAIM),
    WriteInQuestion("tom", question_ids.MORE),
    Write("amina", ids.NOTE),
    SpoilChannel("public"),
    QuestionClick("amina", question_ids.RELEASE),
    TellWhy("yan"),
    MendChannel(),
    Wait(25),
)


# Newcomers, a champion who is proposer and reported, and a concern by the person who reports.
STORY_OF_ARRIVING: Sequence[Act] = (
    TellWhy("zoe"),
    Propose("ben", "tom"),
    RaiseConcern("zoe"),
    Filing(reporter="zoe", about=("ben", "tom")),
    *(TakeStep("zoe", step) for step in STEPS),
    ChooseChannels("zoe", "housing"),
    FailFor("amina", "error"),
    Welcome("ben", "zoe"),
    *(ConcernClick(who, proposal_ids.READ_CONCERN) for who in CAST),
    Welcome("ben", "zoe", onboarding_ids.RELEASE),
    Recover(),
    Outage(slow_down=False),
    Agree("yan"),
    TellWhy("yan"),
    TellWhy("mona"),
    Wait(1),
    Recover(),
    TellWhy("zoe"),
    Welcome("chloe", "zoe"),
    Welcome("amina", "yan"),
    JoinChannel("yan", "flats"),
    LookForChannels("ben", "proposals"),
    *(ProposalClick("yan", action) for action in PROPOSAL_CLICKS),
    *(OpenHome(who) for who in CAST),
    *(Click(who, ids.OPEN) for who in CAST),
    Write("chloe", ids.MESSAGE),
    Restart(),
    ConcernClick("chloe", proposal_ids.END_CONCERN),
    WriteNaming(who="chloe", form=proposal_ids.DECLINE, named="zoe", agrees=False),
    ProposalClick("amina", proposal_ids.APPROVE),
    Retire("ben"),
    Wait(8 * 24),
    Wait(31 * 24),
    Wait(1),
)


def locked_while_writing(here: World) -> None:
    """The database cannot be written to while a reader saves a note."""
    with locked(database(here)):
        Write("ben", ids.NOTE).play(here)
    here.c.settle()


def tell_story(here: World) -> None:
    evidence_is_reported(here)
    play(here, STORY[:3])
    if code := code_name(here):
        here.words.listed.append(code)
        here.words.made[code] = frozenset({"mona"})
        here.words.for_readers[code] = True
    play(here, STORY[3:14])
    locked_while_writing(here)
    play(here, STORY[14:])


def code_name(here: World) -> str:
    """The report's, as its reporter read it."""
    title = str(answered(here.person("mona"))["title"]["text"])
    # One champion's organisation is called Open Door, and so might a report be.
    return "" if title.casefold() == "open door" else title


# --- nothing comes out -----------------------------------------------------------------------------------------------


def test_a_long_story_comes_out_nowhere(kind: Kind) -> None:
    with listening() as lines, world(has_report=True, kind=kind) as here:
        tell_story(here)
        press_all_of(OF_A_REPORT, here)
        words, people = list(here.words.made), scanners.slack_ids(here)
        assert here.report_id is not None
        assert len(words) > 15
        assert scanners.in_what_people_saw(here) == []
        assert scanners.in_calls_to_slack(here) == []
        assert scanners.in_columns(database(here), words) == []
        assert scanners.people_in_columns(here) == []
        assert scanners.in_files(raw_files(database(here)), words) == []
        health = [json.dumps(here.c.bot.health()), here.ask_health()]
        assert scanners.in_lines(health, [*words, *people]) == []
    assert scanners.in_lines(lines, words) == []
    assert scanners.in_lines([line for line in lines if not line.startswith("sqlalchemy")], people) == []


def test_a_question_and_the_report_it_becomes_come_out_nowhere(kind: Kind) -> None:
    with listening() as lines, world(has_report=True, kind=kind) as here:
        play(here, STORY_OF_A_QUESTION)
        assert here.report_id is not None
        assert len(here.words.in_questions) >= 5
        press_all_of(OF_A_QUESTION, here)
        nothing_came_out(here)
    assert scanners.in_lines(lines, here.words.made) == []
    people = scanners.slack_ids(here)
    assert scanners.in_lines([line for line in lines if not line.startswith("sqlalchemy")], people) == []


def test_first_steps_a_welcome_and_a_concern_come_out_nowhere_else(kind: Kind) -> None:
    with listening() as lines, world(has_report=True, kind=kind) as here:
        play(here, STORY_OF_ARRIVING[:17])
        triage = "\n".join(str(said.raw) for said in here.person("ben").read(here.c.triage))
        assert all(word in triage for word in here.words.in_welcomes)
        seen = "\n".join(str(sight.raw) for sight in here.person("chloe").seen)
        assert all(word in seen for word in here.words.in_concerns)
        play(here, STORY_OF_ARRIVING[17:])
        assert here.report_id is not None
        assert (len(here.words.in_welcomes), len(here.words.in_concerns)) == (4, 1)
        press_all_of(OF_ARRIVING, here)
        nothing_came_out(here)
        triage = "\n".join(str(said.raw) for said in here.person("ben").read(here.c.triage))
        assert [word for word in here.words.in_welcomes if word in triage] == []  # they are kept for a month
    assert scanners.in_lines(lines, here.words.made) == []
    people = scanners.slack_ids(here)
    assert scanners.in_lines([line for line in lines if not line.startswith("sqlalchemy")], people) == []


def press_all_of(deck: Deck, here: World) -> None:
    """What a reader presses may change who reads: what was seen until then is looked through before."""
    assert scanners.in_what_people_saw(here) == []
    deck.begin()
    play(here, [deck.hand(), Wait(1)])
    assert deck.left() == []


def nothing_came_out(here: World) -> None:
    words = list(here.words.made)
    assert scanners.in_what_people_saw(here) == []
    assert scanners.in_calls_to_slack(here) == []
    assert scanners.in_columns(database(here), words) == []
    assert scanners.people_in_columns(here) == []
    assert scanners.in_files(raw_files(database(here)), words) == []


@pytest.mark.parametrize(
    "story", [None, STORY_OF_A_QUESTION, STORY_OF_ARRIVING], ids=["a report", "a question", "arriving"]
)
def test_no_repr_and_no_exception_holds_a_word(story: Sequence[Act] | None, kind: Kind) -> None:
    words: list[str] = []
    with Eavesdropper(lambda text: text_holds(words, text)) as eavesdropper, world(has_report=True, kind=kind) as here:
        here.words.listed = words
        if story is None:
            tell_story(here)
        else:
            play(here, story)
    assert eavesdropper.found == []


@promise(5, stories, either_database)
def test_a_random_story_comes_out_nowhere(story: Sequence[Act], kind: Kind) -> None:
    a_story_comes_out_nowhere(story, kind)


@promise(5, stories_of_questions, either_database)
def test_a_random_story_of_a_question_comes_out_nowhere(story: Sequence[Act], kind: Kind) -> None:
    a_story_comes_out_nowhere(story, kind)


def a_story_comes_out_nowhere(story: Sequence[Act], kind: Kind) -> None:
    with listening() as lines, world(has_report=True, kind=kind) as here:
        play(here, [*story, Recover(), Wait(1), *(OpenHome(name) for name in CAST)])
        words, people = list(here.words.made), scanners.slack_ids(here)
        nothing_came_out(here)
    assert scanners.in_lines(lines, words) == []
    assert scanners.in_lines([line for line in lines if not line.startswith("sqlalchemy")], people) == []


def test_the_name_of_who_asked_stays_hidden_when_the_question_becomes_a_report(here: World) -> None:
    mona = here.person("mona")
    for canary in (mona.id, "Mona Said"):
        here.words.made[canary] = frozenset({"mona"})
        here.words.for_readers[canary] = False
    play(here, STORY_OF_A_QUESTION)
    assert here.report_id is not None
    in_public = ("#general", "channel list", "pins of")
    found = [line for line in scanners.in_what_people_saw(here) if not line.partition(" at ")[2].startswith(in_public)]
    assert found == []


def test_words_of_a_question_in_a_posted_message_are_found_and_in_its_changed_card_are_not(here: World) -> None:
    word = here.words.ask("control", by="tom").split()[1]
    gateway, triage = here.c.bot.gateway, here.c.triage.id
    posted = gateway.send(Post(to=triage, text=f"Hear, {word}!", blocks=[]), "w")
    assert scanners.in_calls_to_slack(here) == [f"chat.postMessage carries {word}"]
    here.c.workspace.calls.clear()
    edit = Edit(channel_id=triage, message_ts=posted.message_ts or "", text=f"Hear, {word}!", blocks=[])
    gateway.send(edit, "w")
    assert scanners.in_calls_to_slack(here) == []
    other = plant(here)
    gateway.send(Edit(channel_id=triage, message_ts=posted.message_ts or "", text=other, blocks=[]), "w")
    assert scanners.in_calls_to_slack(here) == [f"chat.update carries {other}"]


def test_words_of_a_welcome_may_stand_on_its_changed_card_and_nowhere_else(here: World) -> None:
    word = here.words.welcome(by="zoe").split()[1]
    gateway, triage = here.c.bot.gateway, here.c.triage.id
    posted = gateway.send(Post(to=triage, text="Somebody is new.", blocks=[]), "w")
    edit = Edit(channel_id=triage, message_ts=posted.message_ts or "", text=f"Hear, {word}!", blocks=[])
    gateway.send(edit, "w")
    assert scanners.in_calls_to_slack(here) == []
    assert scanners.in_what_people_saw(here) == []
    gateway.send(Post(to=here.c.proposals.id, text=f"Hear, {word}!", blocks=[]), "w")
    assert scanners.in_calls_to_slack(here) == [f"chat.postMessage carries {word}"]
    assert any(line.startswith(f"tom saw {word}") for line in scanners.in_what_people_saw(here))
    assert not any(line.startswith(f"ben saw {word}") for line in scanners.in_what_people_saw(here))


def test_a_concern_shown_to_somebody_it_concerns_is_found(here: World) -> None:
    play(here, [Propose("ben", "tom"), RaiseConcern("zoe")])
    [word] = here.words.in_concerns
    view = notice_modal(f"About {word}")
    home = {"type": "home", "blocks": view["blocks"]}
    here.c.bot.gateway.send(PublishHome(user_id=here.person("amina").id, view=home), "w")
    assert scanners.in_calls_to_slack(here) == scanners.in_what_people_saw(here) == []
    here.c.bot.gateway.send(PublishHome(user_id=here.person("ben").id, view=home), "w")
    assert scanners.in_calls_to_slack(here) == [f"views.publish carries {word} to ben"]
    assert scanners.in_what_people_saw(here) == [f"ben saw {word} at home"]


def test_words_on_a_card_that_is_changed_while_its_channel_is_not_as_it_has_to_be_are_found(here: World) -> None:
    word = here.words.ask("control", by="tom").split()[1]
    gateway, triage = here.c.bot.gateway, here.c.triage.id
    posted = gateway.send(Post(to=triage, text="Somebody asked.", blocks=[]), "w")
    edit = Edit(channel_id=triage, message_ts=posted.message_ts or "", text=f"Hear, {word}!", blocks=[])
    play(here, [SpoilChannel("public")])
    gateway.send(edit, "w")
    assert scanners.in_calls_to_slack(here) == [f"chat.update carries {word}"]
    assert [line for line in scanners.in_what_people_saw(here) if line.startswith(f"nadia saw {word}")]
    play(here, [MendChannel()])
    here.c.workspace.calls.clear()
    gateway.send(edit, "w")
    assert scanners.in_calls_to_slack(here) == []


def test_who_works_with_whom_it_is_about_is_said_to_the_reporter_alone(here: World) -> None:
    """Also when the accused, or a reader, says where they work while the report waits."""
    story: Sequence[Act] = [
        SayWhereTheyWork("amina", "City Welcome"),
        Filing(reporter="mona", about=("ben",)),
        SayWhereTheyWork("ben", "Harbour Aid"),
        SayWhereTheyWork("chloe", "Harbour Aid"),
        *(OpenHome(who) for who in ROSTER),
        *(Click(who, ids.OPEN) for who in ("amina", "ben", "chloe")),
        SayWhereTheyWork("ben", ""),
        OpenDesk("ben"),
    ]
    play(here, story)
    said = "at the same organisation as"
    assert {name for name in CAST if any(said in sight.text for sight in here.person(name).seen)} == {"mona"}


def test_the_name_of_who_reported_stays_hidden_though_a_reader_welcomes_them(here: World) -> None:
    mona = here.person("mona")
    for canary in (mona.id, "Mona Said"):
        here.words.made[canary] = frozenset({"mona"})
        here.words.for_readers[canary] = False
    story: Sequence[Act] = [
        Filing(reporter="mona", about=("tom",)),
        TellWhy("mona"),
        Welcome("ben", "mona"),
        ChooseChannels("mona", "law"),
        *(Click("ben", action) for action in (ids.OPEN, ids.CLAIM)),
        *(Click("ben", ids.TAB, tail) for tail in ("conversation", "people", "log")),
        OpenHome("ben"),
        OpenDesk("ben"),
        Wait(25),
    ]
    play(here, story)
    in_public = ("#", "channel list", "pins of")
    found = [line for line in scanners.in_what_people_saw(here) if not line.partition(" at ")[2].startswith(in_public)]
    assert found == []


def test_the_name_of_who_reported_stays_hidden_in_what_is_quoted_and_attached(here: World) -> None:
    """The reported message mentions them, shares their words, and has a file of their name."""
    mona = here.person("mona")
    play(here, [ReportMessage("mona")])
    until_then = len(here.person("ben").seen)
    play(here, [Click("ben", ids.OPEN), AddPeople("chloe", ("nadia", "mona"), ()), Click("ben", ids.OPEN)])
    play(here, [*(Click("ben", ids.TAB, tail) for tail in ("report", "conversation", "log")), OpenHome("ben")])
    saw = [sight for sight in here.person("ben").seen[until_then:] if sight.where == "modal" and "liars" in sight.text]
    assert saw
    for sight in saw:
        evidence = json.dumps(sight.raw).partition("The message they reported")[2]
        assert not [each for each in (mona.id, mona.user.name, "Mona", here.person("nadia").id) if each in evidence]
        assert here.person("tom").id in evidence


def test_the_reporters_name_and_id_reach_nobody_else_while_it_is_hidden(here: World) -> None:
    mona = here.person("mona")
    for canary in (mona.id, "Mona Said"):
        here.words.made[canary] = frozenset({"mona"})
        here.words.for_readers[canary] = False
    play(here, STORY)
    in_public = ("#", "channel list", "pins of")
    found = [line for line in scanners.in_what_people_saw(here) if not line.partition(" at ")[2].startswith(in_public)]
    assert found == []


def test_what_a_role_holder_was_called_comes_out_nowhere_once_they_are_called_otherwise(kind: Kind) -> None:
    former = "Zqformerxkv"
    with listening() as lines, world(has_report=True, kind=kind) as here:
        amina = here.person("amina")
        for name in (former, "Zora Blue"):
            here.c.workspace.rename(amina, real_name=name, display_name=name)
            here.settle()
            found = scanners.in_columns(database(here), [former])
            assert bool(found) is (name == former), found  # first the control
        shown = len(amina.seen)
        story: Sequence[Act] = [Filing(reporter="mona"), *(OpenHome(who) for who in CAST), ReviewForm("mona", ("tom",))]
        play(here, story)
        until = [*here.person("mona").seen, *here.person("ben").seen, *amina.seen[shown:]]
        assert scanners.in_lines([f"{sight.text} {sight.raw}" for sight in until], [former]) == []
        assert (
            scanners.in_lines([json.dumps(here.c.bot.health()), repr(here.c.bot.records.people.roster())], [former])
            == []
        )
        with here.c.bot.records.database.read() as session:
            row = session.scalars(text("SELECT content FROM sealed_roster")).one()
        assert former in str(here.c.bot.records.keyring.box.open(bytes(row)))  # it is kept
    assert scanners.in_lines([line for line in lines if not line.startswith("sqlalchemy")], [former]) == []


def test_the_commands_say_no_word_and_no_name_of_a_report(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    play(here, [*STORY[:20], FailFor("ben", "refused"), FailFor("mona", "refused"), *STORY[20:28]])
    here.c.stop()
    told = here.c.settings
    environment = {
        "SLACK_BOT_TOKEN": told.slack_bot_token,
        "SLACK_SIGNING_SECRET": told.slack_signing_secret,
        "DATABASE_URL": told.database_url,
        "GPBOT_KEYS": ",".join(told.gpbot_keys),
        "EXTERNAL_HELP": told.external_help,
        "ESCALATION_CONTACTS": ",".join(told.escalation_contacts),
        "CHAMPIONS": ",".join(told.champions),
        "TRIAGE_CHANNEL": told.triage_channel,
        "COMMUNITY_NAME": told.community_name,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    linked = [here.person(name).id for name in (*MEMBERS, *NEWCOMERS)]  # the roster is shown to the operator
    for command in (["jobs"], ["jobs", "--waiting"], ["audit", "verify"], ["champions", "list"], ["keys", "rotate"]):
        result = CliRunner().invoke(command_line, command)
        assert result.exit_code == 0, (command, result.output)
        assert result.output
        assert scanners.in_lines([result.output], [*here.words.made, *linked]) == []
    here.c.start()


def test_an_erased_report_leaves_neither_its_key_nor_its_ciphertext_in_the_database(here: World) -> None:
    play(here, [Filing(reporter="mona", about=("tom",)), Click("ben", ids.OPEN), Write("ben", ids.NOTE)])
    url, report = database(here), here.report_id
    assert report is not None
    with another_program(url) as db:
        kept = [bytes(key) for key in db.scalars(text("SELECT key FROM report"))]
        kept += [bytes(content) for content in db.scalars(text("SELECT content FROM report_entry"))]
        log = [bytes(sealed) for sealed in db.scalars(text("SELECT sealed FROM audit_entry WHERE subject IS NOT NULL"))]
    assert len(kept) == 3
    assert log
    play(here, [Write("ben", ids.CLOSING), Wait(24 * here.c.settings.keep_closed_days), Wait(25)])
    with another_program(url) as db:
        assert db.scalars(text("SELECT state FROM report")).all() == ["erased"]
        # PostgreSQL overwrites nothing by itself: what was erased leaves its files when it rewrites them.
        db.execute(text("PRAGMA wal_checkpoint(TRUNCATE)" if url.startswith("sqlite") else "VACUUM FULL"))
        now = b"".join(bytes(sealed) for sealed in db.scalars(text("SELECT sealed FROM audit_entry")))
    content = b"".join(raw_files(url, without_log=True).values())
    assert not [sealed for sealed in kept if sealed in content]
    assert all(sealed in now for sealed in log)  # so that the chain can still be checked


# --- each scanner finds what is planted ------------------------------------------------------------------------------


def test_words_shown_to_a_stranger_are_found(here: World) -> None:
    word = plant(here)
    here.c.bot.gateway.send(Post(to=here.person("tom").id, text=f"Hear, {word}!", blocks=[]), "w")
    assert any(word in line for line in scanners.in_what_people_saw(here))


def test_words_in_a_call_to_slack_are_found_and_in_a_modal_only_for_others(here: World) -> None:
    word = here.words.write("control", by="tom", readers=False).split()[1]
    view = notice_modal(f"About {word}")
    home = {"type": "home", "blocks": view["blocks"]}
    here.c.bot.gateway.send(PublishHome(user_id=here.person("tom").id, view=home), "w")
    assert scanners.in_calls_to_slack(here) == []
    here.c.bot.gateway.send(PublishHome(user_id=here.person("ben").id, view=home), "w")
    assert scanners.in_calls_to_slack(here) == [f"views.publish carries {word} to ben"]
    opened = here.c.workspace.views.trigger(here.person("amina").id)
    view_id = here.c.bot.gateway.open_view(opened, view)
    here.c.bot.gateway.update_view(view_id, view)
    here.c.bot.gateway.direct_message(here.person("tom").id, word)
    assert scanners.in_calls_to_slack(here)[1:] == [
        f"views.open carries {word} to amina",
        f"views.update carries {word} to amina",
        f"chat.postMessage carries {word}",
    ]


@pytest.mark.parametrize("held_as", [String(), LargeBinary(), JSON_COLUMN()])
def test_words_and_ids_in_a_column_are_found(here: World, held_as: TypeEngine[Any]) -> None:
    planted = Table("planted", MetaData(), Column("held", held_as))
    for word in (CONTROL, here.person("tom").id):
        value = {"VARCHAR": f"a {word} b", "BLOB": f"a {word} b".encode(), "JSON": [word]}[str(held_as)]
        with another_program(database(here)) as db:
            planted.create(db)
            db.execute(planted.insert().values(held=value))
            assert scanners.in_columns(database(here), [word], but=["person"]) == [f"planted.held holds {word}"]
            planted.drop(db)


@ON_POSTGRESQL
def test_words_in_a_long_value_that_postgresql_compresses_are_found_in_its_column_though_not_in_its_files(
    database_url: str,
) -> None:
    planted = Table("planted", MetaData(), Column("held", Text))
    compressed, plain = (f"zq{token_hex(4)}xkv" for _ in range(2))  # of this test alone: the server is shared
    with another_program(database_url) as db:
        planted.create(db)
        db.execute(planted.insert().values(held=f"Marmalade, {compressed[:3]} " * 2000 + compressed))
        db.execute(planted.insert().values(held=f"a {plain} b"))
    files = raw_files(database_url)
    assert scanners.in_files(files, [compressed]) == []
    assert scanners.in_files(files, [plain]) != []
    assert scanners.in_columns(database_url, [compressed, plain]) == [
        f"planted.held holds {compressed}",
        f"planted.held holds {plain}",
    ]


def test_an_id_in_the_table_of_people_is_found_unless_that_table_is_left_out(here: World) -> None:
    ben = here.person("ben").id
    assert scanners.in_columns(database(here), [ben]) == [f"person.slack_id holds {ben}"]
    assert scanners.in_columns(database(here), [ben], but=["person"]) == []


@pytest.mark.parametrize("coat", range(len(disguises(CONTROL))))
def test_words_in_raw_bytes_are_found_in_any_coat(coat: int) -> None:
    assert scanners.in_files({"some.db-wal": b"\0\x01"}, [CONTROL]) == []
    held = {"some.db-wal": b"\0\x01" + disguises(CONTROL)[coat] + b"\xff"}
    assert scanners.in_files(held, [CONTROL]) == [f"some.db-wal holds {CONTROL}"]


def test_words_in_base64_are_found_wherever_they_begin() -> None:
    for shift in range(7):
        held = {"held": base64.urlsafe_b64encode(b"?" * shift + CONTROL.encode() + b"??")}
        assert scanners.in_files(held, [CONTROL]) == [f"held holds {CONTROL}"]


def test_words_that_sqlite_wrote_and_deleted_are_found_in_its_files(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "loose.sqlite3", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("CREATE TABLE held (words TEXT)")
        db.execute("INSERT INTO held VALUES (?)", (CONTROL,))
        db.execute("DELETE FROM held")
        found = scanners.in_files(raw_files(f"sqlite:///{tmp_path / 'loose.sqlite3'}"), [CONTROL])
        assert f"loose.sqlite3-wal holds {CONTROL}" in found


@ON_POSTGRESQL
def test_words_that_postgresql_wrote_and_deleted_are_found_in_its_files_and_in_its_log(database_url: str) -> None:
    with another_program(database_url) as db:
        db.execute(text("CREATE TABLE held (words TEXT UNIQUE)"))
        db.execute(text("INSERT INTO held VALUES (:word)"), {"word": CONTROL})
        with pytest.raises(IntegrityError):
            db.execute(text("INSERT INTO held VALUES (:word)"), {"word": CONTROL})
        db.execute(text("DELETE FROM held"))
    holders = {line.split(" holds ")[0] for line in scanners.in_files(raw_files(database_url), [CONTROL])}
    assert "log" in holders
    assert [name for name in holders if len(name) == 24]  # a segment of its write-ahead log
    assert [name for name in holders if name.isdigit() and len(name) < 24]  # a table's own file


def test_words_in_a_log_line_are_found_in_message_arguments_traceback_and_extras() -> None:
    log = logging.getLogger("some.library")
    with listening() as lines:
        log.debug("heard %s", CONTROL)
        log.debug("heard", extra={"payload": {"text": CONTROL}})
        try:
            raise ValueError(CONTROL)
        except ValueError:
            log.exception("oh")
    assert len([line for line in lines if scanners.in_lines([line], [CONTROL])]) == 3


def test_slacks_own_libraries_stay_quiet_at_debug(here: World) -> None:
    """The control for the cap: without it they write whole payloads."""
    with listening() as lines:
        play(here, [Filing(reporter="mona"), Click("ben", ids.OPEN)])
        assert not [line for line in lines if line.startswith(("slack_bolt", "slack_sdk"))]
        logging.getLogger("slack_sdk").setLevel(logging.DEBUG)
        try:
            play(here, [Click("ben", ids.OPEN)])
        finally:
            logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    assert scanners.in_lines(lines, here.words.made)


class Controlled:
    @on.click(CONTROL)
    def press(self, _asked: Pressed) -> Answer:
        return Nothing()


def test_a_repr_and_an_exception_that_hold_words_are_overheard() -> None:
    holder = RoleHolder(slack_id="U1", role=RoleName.CHAMPION, name=CONTROL, other_names=(), title="", reachable=True)
    with Eavesdropper(lambda text: text_holds([CONTROL], text)) as eavesdropper:
        mentioned("nobody", [holder])
        with pytest.raises(TakenTwice):
            routes_of([Controlled, Controlled])
    assert {line.split(" in ")[0] for line in eavesdropper.found} == {"repr of RoleHolder", "TakenTwice"}


def text_holds(words: Sequence[str], text: str) -> list[str]:
    return scanners.in_lines([text], list(words))


# --- what comes from outside, of every kind and broken in every way --------------------------------------------------

HELD = {
    "user": {"id": "U0000000001"},
    "team": {"id": "T0000000001"},
    "view": {"id": "V0000000001", "type": "modal", "state": {"values": {"a": {"b": {"value": CONTROL}}}}},
    "callback_id": "unknown",
    "action_id": "unknown",
    "block_id": "unknown",
    "value": CONTROL,
    "actions": [{"action_id": "unknown", "value": CONTROL}],
    "message": {"text": CONTROL},
}
KINDS = (
    *("block_actions", "block_suggestion", "dialog_cancellation", "dialog_submission", "dialog_suggestion"),
    *("interactive_message", "message_action", "shortcut", "view_closed", "view_submission", "workflow_step_edit"),
    *("never_heard_of", ""),
)
EVENTS: tuple[object, ...] = (
    {"type": "message", "channel_type": "im", "user": "U0000000001", "text": CONTROL, "ts": {"of": CONTROL}},
    {"type": "message", "channel_type": "im", "user": f"{CONTROL} {CONTROL}", "text": CONTROL, "ts": CONTROL},
    {"type": "user_change", "user": {"id": CONTROL, "profile": CONTROL}},
    {"type": "app_home_opened", "tab": "home", "user": {"id": CONTROL}},
    {"type": "function_executed", "text": CONTROL},
    {"text": CONTROL},
    CONTROL,
)
BODIES: tuple[tuple[str, bytes], ...] = (
    *((FORM, urlencode({"payload": json.dumps({**HELD, "type": kind})}).encode()) for kind in KINDS),
    *((JSON, json.dumps({"type": "event_callback", "event": event}).encode()) for event in EVENTS),
    (FORM, f"payload=%7Bbroken{CONTROL}".encode()),
    (FORM, urlencode({"command": "/report", "text": CONTROL}).encode()),
    (FORM, urlencode({"command": "/unknown", "text": CONTROL, "user_id": "U0000000001"}).encode()),
    (JSON, json.dumps([CONTROL]).encode()),
    (JSON, json.dumps(CONTROL).encode()),
    (JSON, b"\xff\xfe" + CONTROL.encode()),
)


def test_no_request_of_any_kind_comes_back_in_a_log_line_or_in_its_answer(kind: Kind) -> None:
    with listening() as lines, world(has_report=True, kind=kind) as here:
        workspace = here.c.workspace
        for media, body in BODIES:
            for secret in (None, "of somebody else"):
                _, answer = workspace.deliver_raw(body, {"Content-Type": media, **workspace.sign(body, secret=secret)})
                assert CONTROL.encode() not in answer, body
        here.c.bot.settle()
        workspace.problems.clear()  # these were no requests of Slack's
    assert scanners.in_lines(lines, [CONTROL]) == []
    assert any("refused" in line for line in lines)
