"""The operator's commands about guidelines, on the database of a community."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner

from gpbot.cli import app
from gpbot.guidelines.preview import shown
from gpbot.guidelines.views import text_blocks
from gpbot.practice.reading import read_mrkdwn
from tests.guidelines.test_mrkdwn import SIGNS
from tests.stage import Stage

SAMPLE = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")


@pytest.fixture
def run(community: Stage, monkeypatch: pytest.MonkeyPatch) -> "Run":
    told = community.settings
    environment = {
        "SLACK_BOT_TOKEN": told.slack_bot_token,
        "SLACK_SIGNING_SECRET": told.slack_signing_secret,
        "DATABASE_URL": told.database_url,
        "GPBOT_KEYS": ",".join(told.gpbot_keys),
        "EXTERNAL_HELP": told.external_help,
        "ESCALATION_CONTACTS": ",".join(told.escalation_contacts),
        "CHAMPIONS": ",".join(told.champions),
        "TRIAGE_CHANNEL": told.triage_channel,
        "GENERAL_CHANNEL": told.general_channel,
        "COMMUNITY_NAME": told.community_name,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    community.clock.at = datetime.now(UTC)  # a command is a process of its own, on the real clock
    return Run()


class Run:
    def __call__(self, *words: str, fails: bool = False) -> str:
        result = CliRunner().invoke(app, ["guidelines", *words])
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.split())


def test_one_command_publishes_a_file_or_the_sample(run: Run, tmp_path: Path) -> None:
    assert "No guidelines are published" in run("status")
    said = run("publish", "--sample")
    assert "is what counts now" in said
    assert "8 people who are here have not agreed" in said
    own = tmp_path / "ours.md"
    own.write_text(SAMPLE.replace("Be kind", "Be very kind"), encoding="utf-8")
    said = run("publish", str(own), "--minor", "--changes", "We say very.", "--attribution", "Our own, CC BY 4.0")
    assert "It is minor" in said
    status = run("status")
    assert "We say very." in status
    assert "0 agreed, 8 have not agreed yet." in status
    assert "What can be reported, 8 kinds: Harassment, threats or bullying" in status


def test_show_prints_a_version_and_notices_an_altered_one(run: Run, community: Stage) -> None:
    assert "No guidelines are published." in run("show", fails=True)
    run("publish", "--sample", "--attribution", "Neutral.")
    assert "Neutral." in run("show")
    assert "This place" not in run("show", "1")
    assert "What this place is for" in run("show", "1")
    assert "There is no version 7." in run("show", "7", fails=True)
    with community.bot.records.database.begin() as session:
        where = "" if community.bot.records.database.is_sqlite else " ON guidelines_version"
        name = "guidelines_version_is_final" if where else "guidelines_version_no_update"
        session.execute(text(f"DROP TRIGGER {name}{where}"))
        session.execute(text("UPDATE guidelines_version SET markdown = 'Sell things.'"))
    assert "it was altered" in run("show", fails=True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("publish",), "Name one Markdown file, or --sample"),
        (("publish", "nowhere.md"), "nowhere.md could not be read as text"),
        (("campaign", "start", "--yes"), "No guidelines are published yet."),
        (("campaign", "watch"), "There was no campaign yet."),
    ],
)
def test_what_is_wrong_is_said(run: Run, words: tuple[str, ...], why: str) -> None:
    assert why in run(*words, fails=True)


def test_a_campaign_is_previewed_confirmed_and_followed(
    run: Run, community: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    community.general.invite(community.app)
    run("publish", "--sample")
    assert "8 people have not agreed to version 1" in run("campaign", "preview")
    refused = CliRunner().invoke(app, ["guidelines", "campaign", "start"], input="n\n")
    assert refused.exit_code == 1
    assert community.bot.records.backfill.latest() is None
    assert "Started." in run("campaign", "start", "--yes", "--no-watch")
    assert "One is under way already." in run("campaign", "start", "--yes", fails=True)
    assert "Paused." in run("campaign", "pause")
    assert "Under way." in run("campaign", "resume")
    looks = iter(range(100))

    def go_on(_seconds: float) -> None:
        """In the place of waiting, the community's own time goes by."""
        next(looks)
        community.settle(5)

    monkeypatch.setattr("gpbot.guidelines.commands.time.sleep", go_on)
    assert "Done." in run("campaign", "watch")
    assert "Everybody so far could be reached." in run("campaign", "failures")
    assert [len(person.inbox) for person in community.people.values()] == [1] * 8


def test_cancelling_tells_nobody_else(run: Run, community: Stage) -> None:
    run("publish", "--sample")
    run("campaign", "start", "--yes", "--no-watch")
    assert "Cancelled." in run("campaign", "cancel")
    community.settle(20)
    assert [person for person in community.people.values() if person.inbox] == []


def test_preview_shows_a_text_as_slack_will_and_publishes_nothing(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "ours.md"
    own.write_text("Ours\n\n• Be **kind** &amp; careful\n• See [here](https://example.org)\n", encoding="utf-8")
    said = run("preview", str(own))
    assert "Ours • Be kind & careful • See here (https://example.org)" in said
    assert "It takes about a minute to read." in said
    assert "No list under “What you can report”" in said
    assert f"guidelines publish {own}" in said.replace("\n", " ")
    assert "No guidelines are published" in run("status")


def test_preview_says_why_a_text_cannot_be_published(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "ours.md"
    own.write_text("Kind words. " * 20_000, encoding="utf-8")
    assert "It is too long to be shown in Slack in one piece." in run("preview", str(own), fails=True)
    own.write_text("\u3164\n", encoding="utf-8")
    assert "There is no text in it." in run("preview", str(own), fails=True)
    assert "could not be read" in run("preview", str(tmp_path / "none.md"), fails=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_of_a_windows_editor_is_published_without_its_mark(run: Run, tmp_path: Path, encoding: str) -> None:
    own = tmp_path / "ours.txt"
    own.write_bytes("# Été\r\n\r\nBe kind.\r\n".encode(encoding))
    assert "Été Be kind." in run("preview", str(own))
    run("publish", str(own))
    assert run("show").endswith("# Été Be kind.")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le"])
def test_a_file_in_letters_nobody_can_tell_is_refused_in_words(run: Run, tmp_path: Path, encoding: str) -> None:
    own = tmp_path / "ours.txt"
    own.write_bytes("# Été\r\n".encode(encoding))
    for command in ("preview", "publish"):
        assert "save it as plain text in UTF-8" in run(command, str(own), fails=True)


@given(st.lists(SIGNS, max_size=30).map("".join))
@example("1. \u202e")  # a number beside which nobody sees anything
def test_the_preview_says_what_slack_says(markdown: str) -> None:
    def letters(of: str) -> str:
        return "".join(char for char in of if char.isalnum())

    in_slack = [read_mrkdwn(each["text"]["text"], {}) for each in text_blocks(markdown)]
    assert letters("".join(each.plain for each in shown(markdown))) == letters("".join(in_slack))
