"""What Slack tells of the app itself is said in the log, and acknowledged."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.directory.following import channel_columns
from gpbot.slack.on import RATE_LIMITED
from gpbot.tables import metadata
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


def test_a_channel_s_new_id_stands_wherever_the_old_one_stood(
    community: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """In every table that holds ids of channels; and which setting is to follow is said."""
    old, new = community.triage.id, "C0NEW0NEW0"
    with community.bot.records.database.begin() as session:
        before = held(session, old)
        assert any(before.values())
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
    for _ in range(2):  # Slack may deliver it again
        with community.workspace.acting():
            community.workspace.emit("channel_id_changed", event, scope="app")
        community.settle(1)
        with community.bot.records.database.read() as session:
            assert not any(held(session, old).values())
            assert held(session, new) == before
    assert f"The channel {old} is {new} in Slack from now on. Settings that name it: TRIAGE_CHANNEL" in caplog.text


def test_a_public_channel_keeps_what_is_known_of_it(community: Stage) -> None:
    directory = community.bot.records.directory
    event = {"type": "channel_id_changed", "old_channel_id": community.proposals.id, "new_channel_id": "C0NEW0NEW0"}
    with community.workspace.acting():
        community.workspace.emit("channel_id_changed", event, scope="app")
    community.settle(1)
    with community.bot.records.database.read() as session:
        assert directory.get(session, community.proposals.id) is None
        found = directory.get(session, "C0NEW0NEW0")
    assert found is not None
    assert found.name == community.proposals.name


def test_what_is_no_channel_is_followed_nowhere(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    for old, new in (("C1", ""), ("", "C1"), ("D0123456789", "C0NEW0NEW0"), ("C0'; --", "C0NEW0NEW0")):
        with community.workspace.acting():
            event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
            community.workspace.emit("channel_id_changed", event, scope="app")
    community.settle(1)
    assert "from now on" not in caplog.text


def test_every_column_that_could_hold_a_channel_s_id_is_known_as_one() -> None:
    """Planted: what would be overlooked if a table called it otherwise."""
    told = {(each.table.name, each.name) for each in channel_columns()}
    named = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if "channel" in column.name and not column.foreign_keys
    }
    assert told == named
    assert len(told) > 5


def held(session: Session, channel_id: str) -> dict[tuple[str, str], int]:
    """How often it stands in each column."""
    return {
        (each.table.name, each.name): len(session.execute(select(each).where(each == channel_id)).all())
        for each in channel_columns()
    }
