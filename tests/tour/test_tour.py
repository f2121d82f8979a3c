"""The tour: it holds as it stands, and it fails when a promise breaks."""

import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from slack_sdk.web import WebClient

from gpbot.reports import codenames
from gpbot.tour import scenes
from gpbot.tour.neighbourhood import ROOT, BotSettings, NotPractice, bot_environment
from gpbot.tour.run import Scene, Tour, run_tour
from gpbot.tour.scenes import REPORT_WORD, a_report_about_a_champion
from tests.halves import LONG
from tests.waiting import HANGING

pytestmark = LONG

NARROW = 40


def told(*scenes: Scene, width: int = 100) -> tuple[int, str]:
    """The exit status of a tour with these scenes, and what it said."""
    out = StringIO()
    status = run_tour(scenes, Console(file=out, width=width))
    return status, out.getvalue()


def test_the_whole_tour_holds_without_a_terminal() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gpbot", "tour"], cwd=ROOT, capture_output=True, text=True, timeout=HANGING, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert "checks held" in ran.stdout
    assert "BROKEN" not in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 100
    assert ran.stderr == ""


def test_a_word_that_reaches_somebody_else_breaks_the_tour() -> None:
    def somebody_leaks(tour: Tour) -> None:
        place = tour.place
        client = WebClient(token=place.app.bot_token, base_url=place.server.api_url)
        client.chat_postMessage(channel=place["amina"].id, text=f"They wrote about the {REPORT_WORD.upper()} stall.")

    status, said = told(a_report_about_a_champion, somebody_leaks)
    assert status == 1
    assert "BROKEN PROMISE" in said
    assert "it was seen by Amina Okafor" in " ".join(said.split())
    assert "checks held" not in said


def test_a_promise_that_does_not_hold_is_named() -> None:
    def promises_too_much(tour: Tour) -> None:
        tour.checks.holds("Two and two are four", kept=True)
        tour.checks.holds("Pigs fly", kept=False)

    status, said = told(promises_too_much)
    assert status == 1
    assert "✓ Two and two are four" in said
    assert "✗ BROKEN PROMISE: Pigs fly" in said


def test_somebody_who_cannot_go_on_breaks_the_tour() -> None:
    status, said = told(lambda tour: tour.place["mona"].dismiss())
    assert status == 1
    assert "has no modal open" in said


def test_a_bot_that_died_breaks_the_tour_and_its_log_is_shown() -> None:
    def it_dies(tour: Tour) -> None:
        tour.place.bot.kill()
        tour.place.until(lambda: False)

    status, said = told(it_dies)
    assert status == 1
    assert "gpbot ended by itself" in said
    assert "gpbot is ready, in Socket Mode" in said


def test_a_narrow_terminal_gets_one_screen_below_the_other() -> None:
    status, said = told(a_report_about_a_champion, width=NARROW)
    assert status == 0
    assert max(map(len, said.splitlines())) <= NARROW
    assert said.count("╭─") == 4


def test_the_bot_gets_nothing_of_a_real_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "real")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    environment = bot_environment(SLACK_BOT_TOKEN="xoxb-practice-1")
    assert environment["SLACK_SIGNING_SECRET"] == ""  # set, so that no `.env` can set it
    assert environment["SLACK_BOT_TOKEN"] == "xoxb-practice-1"
    assert "HTTPS_PROXY" not in environment


def test_no_marked_word_of_the_story_is_one_that_a_report_may_be_called_by() -> None:
    marked = {word for name, word in vars(scenes).items() if name.endswith("_WORD")}
    assert len(marked) > 8
    assert not marked & {*codenames._FIRST, *codenames._SECOND}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_API_URL", "https://slack.com/api/"),
        ("SLACK_API_URL", "http://127.0.0.1.example/api/"),
        ("SLACK_BOT_TOKEN", "xoxb-1234-real"),
        ("SLACK_APP_TOKEN", "xapp-1234-real"),
        ("DATABASE_URL", "postgresql://real/gpbot"),
        ("DATABASE_URL", "sqlite:///gpbot.sqlite3"),
    ],
)
def test_practice_refuses_what_is_not_its_own(name: str, value: str, tmp_path: Path) -> None:
    settings = BotSettings(
        folder=tmp_path,
        environment={
            "SLACK_API_URL": "http://127.0.0.1:4000/api/",
            "SLACK_BOT_TOKEN": "xoxb-practice-1",
            "SLACK_APP_TOKEN": "xapp-practice-1",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'gpbot.sqlite3'}",
        },
    )
    with pytest.raises(NotPractice):
        replace(settings, environment={**settings.environment, name: value})
