"""Canaries: every text carries a word of its own, and it must appear nowhere it should not."""

import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from gpbot.cli import app as command_line
from gpbot.people.types import RoleHolder, RoleName
from gpbot.reports import ids
from gpbot.reports.names import mentioned
from gpbot.slack.routes import Routes, TakenTwice
from tests.promises import scanners
from tests.promises.scanners import Eavesdropper, listening
from tests.promises.test_two_worlds import after, before, filings
from tests.promises.worlds import (
    Act,
    AddPeople,
    ChooseReaders,
    Click,
    FailFor,
    Filing,
    OpenDesk,
    OpenHome,
    OtherReport,
    Outage,
    PressNewest,
    Recover,
    Restart,
    Retire,
    ReviewForm,
    SayToBot,
    StartForm,
    Wait,
    World,
    Write,
    play,
    world,
)

CONTROL = "zqcontrolxkv"


def every_word(here: World) -> list[str]:
    return list(here.words.made)


def database(here: World) -> Path:
    path = here.c.bot.records.database.sqlite_path
    assert path is not None
    return path


def plant(here: World) -> str:
    """A word that nobody may see."""
    here.words.made[CONTROL] = frozenset()
    here.words.for_readers[CONTROL] = False
    return CONTROL


@pytest.fixture
def here() -> Iterator[World]:
    with world(has_report=True) as one:
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


def locked_while_writing(here: World) -> None:
    """The database cannot be written to while a reader saves a note."""
    with closing(sqlite3.connect(database(here), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        Write("ben", ids.NOTE).play(here)
        other.execute("ROLLBACK")
    here.c.settle()


def tell_story(here: World) -> None:
    evidence_is_reported(here)
    play(here, STORY[:14])
    locked_while_writing(here)
    play(here, STORY[14:])
    if code := code_name(here):
        here.words.made[code] = frozenset({"mona"})
        here.words.for_readers[code] = True


def code_name(here: World) -> str:
    """The report's, as its reporter read it."""
    title = next(
        sight.raw["view"]["title"]["text"]
        for sight in here.person("mona").seen
        if sight.where == "answer to a forged form" and sight.raw["view"]["private_metadata"] == str(here.report_id)
        and sight.raw["view"]["callback_id"] == ids.OWN
    )
    # One champion's organisation is called Open Door, and so might a report be.
    return "" if title.casefold() == "open door" else str(title)


# --- nothing comes out -----------------------------------------------------------------------------------------------


def test_a_long_story_comes_out_nowhere() -> None:
    with (
        listening() as lines,
        Eavesdropper(lambda text: ["zq"] if "zq" in text and "xkv" in text else []) as eavesdropper,
        world(has_report=True) as here,
    ):
        tell_story(here)
        assert here.report_id is not None
        words = every_word(here)
        people = scanners.slack_ids(here)
        assert scanners.in_what_people_saw(here) == []
        assert scanners.in_calls_to_slack(here) == []
        assert scanners.in_columns(database(here), words) == []
        assert scanners.in_columns(database(here), people, but=["person"]) == []
        assert scanners.in_files(database(here).parent, words) == []
        assert scanners.in_lines([json.dumps(here.c.bot.health()), here.public_health()[1]], [*words, *people]) == []
    assert scanners.in_lines(lines, words) == []
    not_sql = [line for line in lines if not line.startswith("sqlalchemy")]
    assert scanners.in_lines(not_sql, people) == []
    assert eavesdropper.found == []
