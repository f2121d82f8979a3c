"""One listener for every Slack event: handlers fail on their own, and Slack is asked to come again."""

import logging
from typing import Any

import pytest

from gpbot.slack.events import EventFailed, Events
from gpbot.slack.requests import Event
from tests.stage import Stage

JOINED = Event(type="team_join", event_id="Ev1", body={"type": "team_join"})


def test_every_handler_of_an_event_hears_it_in_order() -> None:
    events = Events()
    heard: list[str] = []
    events.on("team_join", lambda _event: heard.append("first"))
    events.on("team_join", lambda _event: heard.append("second"))
    events.on("message", lambda _event: heard.append("another event"))
    events.dispatch(JOINED)
    assert heard == ["first", "second"]
    assert events.types == ("message", "team_join")


def test_an_event_nobody_wants_is_no_error() -> None:
    Events().dispatch(JOINED)


def test_a_handler_that_fails_does_not_keep_others_from_hearing_and_is_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    events = Events()
    heard: list[Event] = []

    def fail(_event: Event) -> None:
        raise RuntimeError("canary words")

    events.on("team_join", fail)
    events.on("team_join", heard.append)
    with caplog.at_level(logging.DEBUG), pytest.raises(EventFailed):
        events.dispatch(JOINED)
    assert heard == [JOINED]
    assert "a handler of team_join failed: RuntimeError at slack/" in caplog.text
    assert "canary" not in caplog.text


def test_slack_brings_an_event_again_until_every_handler_has_finished(community: Stage) -> None:
    tries: list[str] = []

    def fail_twice(event: Event) -> None:
        tries.append(event.event_id)
        if len(tries) <= 2:
            raise RuntimeError

    community.bot.events.on("user_change", fail_twice)
    community.workspace.rename(community.mona, title="New title")
    assert len(tries) == 2  # at once, and at once again
    community.clock.advance(minutes=1)
    community.workspace.run_due()
    community.clock.advance(hours=1)
    community.workspace.run_due()
    assert len(tries) == 3
    assert len(set(tries)) == 1
    troubles = community.workspace.problems
    assert troubles == ["The event user_change was answered with HTTP 500."] * 2
    troubles.clear()


def test_an_event_that_comes_twice_changes_nothing_twice(community: Stage) -> None:
    community.workspace.faults.deliveries(duplicate=True, where=_is_a_message)
    community.mona.say("hello")
    community.workspace.settle()
    community.settle()
    assert len(community.mona.inbox) == 2  # their own words, and one answer


def _is_a_message(payload: Any) -> bool:
    return bool(payload.get("event", {}).get("type") == "message")
