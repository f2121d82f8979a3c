"""What is registered is in the manifest and the reverse; the scopes asked for are those used."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gpbot.bootstrap import app_manifest
from gpbot.cli import app as command_line
from gpbot.practice.delivery import EVENTS
from gpbot.practice.web_api import METHODS
from gpbot.proposals.types import Proposed
from gpbot.settings import Settings
from gpbot.slack.on import RATE_LIMITED
from tests.stage import Stage

QUIET = "channels:history"
URL = "https://gpbot.example.org/slack/events"


def manifest_of(community: Stage, url: str | None = URL) -> dict[str, Any]:
    return app_manifest(community.settings, url=url)


def test_every_command_and_shortcut_registered_is_in_the_manifest_and_the_reverse(community: Stage) -> None:
    routes = community.bot.routes
    features = manifest_of(community)["features"]
    assert {each["command"] for each in features["slash_commands"]} == set(routes.commands)
    shortcuts = {(each["type"], each["callback_id"]) for each in features["shortcuts"]}
    assert shortcuts == {("global", each) for each in routes.shortcuts} | {
        ("message", each) for each in routes.message_shortcuts
    }
    assert all(each["description"] for each in [*features["slash_commands"], *features["shortcuts"]])


def test_every_event_with_a_handler_is_subscribed_to_and_the_reverse(community: Stage) -> None:
    subscribed = manifest_of(community)["settings"]["event_subscriptions"]["bot_events"]
    assert {each.partition(".")[0] for each in subscribed} == set(community.bot.events.types) - {RATE_LIMITED}
    assert subscribed == sorted(set(subscribed))
    assert "message.im" in subscribed
    assert not {"message.channels", "message.groups"} & set(subscribed)


def test_the_scopes_asked_for_are_those_that_a_whole_story_uses(community: Stage) -> None:
    a_whole_story(community)
    asked = set(manifest_of(community)["oauth_config"]["scopes"]["bot"])
    assert not [call for call in community.workspace.calls if call.response.get("error") == "missing_scope"]
    used = {"commands"}
    called = {call.method for call in community.workspace.calls} - {"response_url"}
    for scopes in (METHODS[method].scopes for method in called):
        if scopes:
            assert asked & set(scopes)
            used |= asked & set(scopes)
    for event in manifest_of(community)["settings"]["event_subscriptions"]["bot_events"]:
        used |= asked & set(EVENTS[event])
    assert asked == used


def test_nothing_is_asked_that_these_plans_do_not_give_nor_a_person_s_own_token(community: Stage) -> None:
    scopes = manifest_of(community)["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}
    assert not [scope for scope in scopes["bot"] if scope.startswith(("admin", "channels:history", "groups:history"))]


def test_reading_channels_is_asked_for_only_where_quiet_channels_are_asked_about(community: Stage) -> None:
    without, asked = (
        set(
            app_manifest(replace(community.settings, quiet_channel_days=days), url=None)["oauth_config"]["scopes"][
                "bot"
            ]
        )
        for days in (0, 60)
    )
    assert asked - without == {"channels:history"}
    assert without < asked


def test_over_http_every_address_is_ours_and_in_socket_mode_there_is_none(community: Stage) -> None:
    over_http, over_sockets = manifest_of(community), manifest_of(community, None)
    settings = over_http["settings"]
    assert settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == URL
    assert {each["url"] for each in over_http["features"]["slash_commands"]} == {URL}
    assert not settings["socket_mode_enabled"]
    assert over_sockets["settings"]["socket_mode_enabled"]
    assert "request_url" not in str(over_sockets)
    assert "url" not in str(over_sockets["features"])


def test_the_words_behind_a_command_are_in_its_hint_whichever_workflow_they_belong_to(community: Stage) -> None:
    hints = {each["command"]: each.get("usage_hint") for each in manifest_of(community)["features"]["slash_commands"]}
    assert hints["/channels"] == "[words to look for] | proposals"
    assert hints["/propose-channel"] == "[its name]"
    assert hints["/report"] is None


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """What `python -m gpbot manifest` says where nothing is set but what is given."""
    for each in fields(Settings):
        monkeypatch.delenv(each.name.upper(), raising=False)
    (tmp_path / ".env").touch()
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **environ: str) -> Result:
        return CliRunner().invoke(command_line, ["manifest", *words], env=environ)

    return run


def bot_scopes(result: Result) -> set[str]:
    return set(json.loads(result.stdout)["oauth_config"]["scopes"]["bot"])


def test_the_command_prints_a_manifest_before_anything_is_set(printed: Callable[..., Result]) -> None:
    result = printed()
    assert result.exit_code == 0
    assert not result.stderr
    assert "your community" in result.stdout
    assert json.loads(result.stdout)["settings"]["socket_mode_enabled"]
    assert QUIET not in bot_scopes(result)


def test_the_command_asks_for_what_the_settings_there_are_need(
    community: Stage, printed: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("COMMUNITY_NAME=Harbour Network\nQUIET_CHANNEL_DAYS=60\n")
    result = printed("--url", URL)
    assert result.exit_code == 0
    assert not result.stderr
    assert bot_scopes(result) == {*manifest_of(community)["oauth_config"]["scopes"]["bot"], QUIET}
    assert json.loads(result.stdout)["settings"]["interactivity"]["request_url"] == URL
    assert "Harbour Network" in result.stdout
    assert "Harbour Network" not in printed("--name", "Pier").stdout


def test_the_command_says_what_is_set_and_wrong_beside_the_manifest(printed: Callable[..., Result]) -> None:
    result = printed(QUIET_CHANNEL_DAYS="60 days", CHAMPIONS="ben")
    assert result.exit_code == 0
    assert QUIET not in bot_scopes(result)
    assert "QUIET_CHANNEL_DAYS is not a whole number from 14 to 3650." in result.stderr
    assert "CHAMPIONS holds 'ben'" in result.stderr
    assert "is not set" not in result.stderr


@pytest.mark.parametrize("name", ["N", "A very long name " * 20])
def test_it_keeps_slack_s_limits_whatever_the_community_is_called(community: Stage, name: str) -> None:
    made = app_manifest(replace(community.settings, community_name=name), url=None)
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["display_information"]["name"]) <= 35
    for command in made["features"]["slash_commands"]:
        assert len(command["description"]) <= 2000
        assert len(command["command"]) <= 32
    for shortcut in made["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    assert len(made["features"]["shortcuts"]) <= 10


def a_whole_story(c: Stage) -> None:
    """A report handled to its end, with an outage that makes gpbot look back; a channel joined, and one proposed."""
    c.workspace.faults.add(method="chat.postMessage", drop="after")
    c.report(c.mona, about=[c.tom])
    c.later(minutes=2)
    c.look_away(c.mona)
    c.open_stub(c.ben)
    c.press(c.ben, "Claim")
    c.press(c.ben, "Write to the reporter")
    c.ben.submit()
    c.settle()
    c.mona.open_home()
    c.ben.open_home()
    c.settle()
    c.mona.say("hello")
    c.settle()
    c.workspace.rename(c.tom, display_name="Tommy")
    c.settle()
    proposals = c.bot.records.proposals
    proposal = proposals.propose(c.mona.id, "1", Proposed(purpose="Boats.", name="harbour"))
    c.tom.create_channel("harbour")
    proposals.approve(c.amina.id, proposal.id)
    c.settle()
    c.amina.press("Use #harbour", channel=c.triage)
    c.settle(10)
    c.look_away(c.mona)
    c.mona.command("/channels")
    c.settle()
    c.press(c.mona, "Join")


@pytest.mark.parametrize("url", ["https://gpbot.example.org", "https://gpbot.example.org/"])
def test_an_address_without_a_path_is_given_the_one_gpbot_listens_at(printed: Callable[..., Result], url: str) -> None:
    manifest = json.loads(printed("--url", url).stdout)
    urls = {manifest["settings"]["interactivity"]["request_url"]}
    urls |= {each["url"] for each in manifest["features"]["slash_commands"]}
    assert urls == {"https://gpbot.example.org/slack/events"}
    assert "https://" in printed("--url", "gpbot.example.org").output
    assert printed("--url", "http://gpbot.example.org").exit_code != 0
