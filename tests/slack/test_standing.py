"""What Slack tells of the app itself is said in the log, and acknowledged."""

from typing import Any

import pytest

from gpbot.slack.on import RATE_LIMITED
from tests.stage import Stage

TOLD: list[tuple[dict[str, Any], str]] = [
    ({"type": "app_uninstalled"}, "was taken out of the workspace"),
    ({"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}, "token was revoked"),
]


@pytest.mark.parametrize(("event", "said"), TOLD)
def test_what_slack_tells_of_the_app_stands_in_the_log(
    community: Stage, caplog: pytest.LogCaptureFixture, event: dict[str, Any], said: str
) -> None:
    with community.workspace.acting():
        community.workspace.emit(event["type"], event, scope="app")
    community.settle()
    assert said in caplog.text


def test_whose_token_else_was_revoked_concerns_nobody(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    with community.workspace.acting():
        community.workspace.emit("tokens_revoked", event, scope="app")
    community.settle()
    assert "revoked" not in caplog.text


def test_that_events_were_left_out_is_taken_as_what_it_is(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    told = {"type": RATE_LIMITED, "team_id": community.workspace.team_id, "minute_rate_limited": 1, "token": "x"}
    assert community.workspace.courier.interaction("events_api", told).ok
    assert "Slack left out events" in caplog.text
    assert "refused" not in caplog.text


def test_what_is_no_channel_is_followed_nowhere(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    for old, new in (("C1", ""), ("", "C1"), ("D0123456789", "C0NEW0NEW0"), ("C0'; --", "C0NEW0NEW0")):
        with community.workspace.acting():
            event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
            community.workspace.emit("channel_id_changed", event, scope="app")
    community.settle(1)
    assert "from now on" not in caplog.text
