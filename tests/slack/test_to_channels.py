"""What is done to channels is done once, and what Slack does not allow there stops nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.web import SlackResponse

from gpbot.outbox.types import (
    AppTokenTrouble,
    ArchiveChannel,
    CreateChannel,
    Invite,
    JoinChannel,
    OutcomeUnknown,
    Outgoing,
    Pin,
    Post,
    RateLimited,
    Receipt,
    Refused,
    SendingEnded,
    SetPurpose,
    SetTopic,
)
from gpbot.practice import Channel
from tests.slack.conftest import Slack

MORE = ("channels:join", "channels:manage", "channels:read")


@pytest.fixture(autouse=True)
def may(slack: Slack) -> None:
    """The scopes that these calls need."""
    scopes = slack.workspace.manifest["oauth_config"]["scopes"]["bot"]
    scopes += [scope for scope in MORE if scope not in scopes]


def create(slack: Slack, name: str = "harbour", but_not: tuple[str, ...] = ()) -> CreateChannel:
    return CreateChannel(name=name, since=slack.clock.now(), but_not=but_not)


def made(slack: Slack, create_it: CreateChannel) -> Channel:
    receipt = slack.gateway.send(create_it, "wire-1")
    assert receipt.channel_id is not None
    return slack.workspace.channels[receipt.channel_id]


def channels(slack: Slack) -> list[str]:
    return [place.name for place in slack.workspace.channels.values() if not place.is_im]


def calls(slack: Slack, method: str) -> int:
    return len([call for call in slack.workspace.calls if call.method == method])


@pytest.mark.parametrize(
    "fault",
    [{"drop": "after"}, {"status": 503, "after": True}, {"error": "internal_error", "after": True}],
)
def test_a_channel_whose_answer_was_lost_is_not_made_again(slack: Slack, fault: dict[str, Any]) -> None:
    wanted = create(slack)
    slack.workspace.faults.add(method="conversations.create", **fault)
    with pytest.raises(OutcomeUnknown):
        slack.gateway.send(wanted, "wire-1")
    slack.clock.advance(seconds=10)
    again = made(slack, wanted)
    assert channels(slack) == ["harbour"]
    assert (again.creator, calls(slack, "conversations.create")) == (slack.app.bot_user_id, 1)


def test_it_is_found_whatever_became_of_it_meanwhile(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpbot.slack.gateway._MOST_AT_ONCE", 2)
    for number in range(5):
        slack.workspace.add_channel(f"other-{number}")
    wanted = create(slack)
    place = made(slack, wanted)
    slack.workspace.rename_channel(place, "port")
    slack.workspace.archive(place)
    assert made(slack, wanted) is place
    assert "harbour" not in channels(slack)


def test_a_call_that_takes_effect_between_the_look_and_the_next_call_is_found_too(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = slack.gateway.client.conversations_create

    def late(**asked: Any) -> SlackResponse:
        slack.workspace.add_channel("harbour", members=[slack.app], creator=slack.app)
        return ask(**asked)

    monkeypatch.setattr(slack.gateway.client, "conversations_create", late)
    made(slack, create(slack))
    assert channels(slack) == ["harbour"]


def test_what_somebody_else_made_or_gpbot_itself_long_ago_is_another_channel(slack: Slack) -> None:
    slack.workspace.add_channel("harbour", creator=slack.mona)
    with pytest.raises(Refused, match="name_taken"):
        slack.gateway.send(create(slack), "wire-1")
    old = made(slack, create(slack, "quay"))
    slack.clock.advance(days=1)
    with pytest.raises(Refused, match="name_taken"):
        slack.gateway.send(create(slack, "quay"), "wire-2")
    slack.workspace.rename_channel(old, "pier")
    new = made(slack, create(slack, "quay"))
    assert new is not old
    with pytest.raises(Refused, match="name_taken"):
        slack.gateway.send(create(slack, "quay", but_not=(new.id,)), "wire-3")


def test_topic_and_purpose_are_set_once_and_what_people_wrote_can_be_kept(slack: Slack) -> None:
    place = made(slack, create(slack))
    said = len(place.messages)
    words = "Boats & <quays>"
    for _ in range(2):
        slack.gateway.send(SetTopic(channel_id=place.id, topic=words), "wire-1")
        slack.gateway.send(SetPurpose(channel_id=place.id, purpose=words), "wire-2")
    assert (place.topic["value"], place.purpose["value"]) == (words, words)
    assert len(place.messages) == said + 2
    slack.gateway.send(SetTopic(channel_id=place.id, topic="Other", keep=True), "wire-3")
    slack.gateway.send(SetPurpose(channel_id=place.id, purpose="Other"), "wire-4")
    assert (place.topic["value"], place.purpose["value"]) == (words, "Other")


def test_what_is_so_already_is_done(slack: Slack) -> None:
    place = slack.workspace.add_channel("harbour")
    for _ in range(2):
        slack.gateway.send(JoinChannel(channel_id=place.id), "wire-1")
    receipt = slack.gateway.send(Post(to=place.id, text="Welcome", blocks=[]), "wire-2")
    assert receipt.message_ts is not None
    for _ in range(2):
        slack.gateway.send(Pin(channel_id=place.id, message_ts=receipt.message_ts), "wire-3")
    assert list(place.pins) == [receipt.message_ts]
    for _ in range(2):
        slack.gateway.send(ArchiveChannel(channel_id=place.id), "wire-4")
    assert place.is_archived


def test_an_invitation_says_of_each_person_how_it_went(slack: Slack) -> None:
    place = made(slack, create(slack))
    gone = slack.workspace.add_person("Gone Gently")
    slack.workspace.deactivate(gone)
    guest = slack.workspace.add_person("Gus Guest", guest=True)
    ben = slack.workspace.add_person("Ben Adeyemi")
    slack.workspace.invite(place, ben)
    ids = [slack.mona.id, gone.id, guest.id, ben.id, slack.app.bot_user_id]
    receipt = slack.gateway.send(Invite(channel_id=place.id, user_ids=ids), "wire-1")
    assert receipt.invited == {
        slack.mona.id: "",
        gone.id: "user_not_found",
        guest.id: "user_is_restricted",
        ben.id: "",
        slack.app.bot_user_id: "",
    }
    assert slack.mona.id in place.members
    again = slack.gateway.send(Invite(channel_id=place.id, user_ids=ids), "wire-1")
    assert again.invited == receipt.invited


@pytest.mark.parametrize("code", ["user_not_found", "ura_max_channels", "already_in_channel"])
def test_a_refusal_of_the_only_one_invited_is_theirs(slack: Slack, code: str) -> None:
    place = made(slack, create(slack))
    slack.workspace.faults.add(method="conversations.invite", error=code)
    receipt = slack.gateway.send(Invite(channel_id=place.id, user_ids=[slack.mona.id]), "wire-1")
    assert receipt == Receipt(
        channel_id=place.id, invited={slack.mona.id: "" if code == "already_in_channel" else code}
    )


def test_a_refusal_of_the_whole_invitation_is_no_one_s(slack: Slack) -> None:
    place = made(slack, create(slack))
    slack.workspace.archive(place)
    with pytest.raises(Refused, match="is_archived"):
        slack.gateway.send(Invite(channel_id=place.id, user_ids=[slack.mona.id]), "wire-1")


ACTS: dict[str, Callable[[str, Slack], Outgoing]] = {
    "conversations.create": lambda _, slack: create(slack, "quay"),
    "conversations.join": lambda place, _: JoinChannel(channel_id=place),
    "conversations.setTopic": lambda place, _: SetTopic(channel_id=place, topic="Boats"),
    "conversations.setPurpose": lambda place, _: SetPurpose(channel_id=place, purpose="Boats"),
    "conversations.invite": lambda place, slack: Invite(channel_id=place, user_ids=[slack.mona.id]),
    "conversations.archive": lambda place, _: ArchiveChannel(channel_id=place),
    "pins.add": lambda place, _: Pin(channel_id=place, message_ts="1.1"),
}


@pytest.mark.parametrize("method", ACTS)
@pytest.mark.parametrize(
    ("fault", "ending", "code"),
    [
        ({"error": "missing_scope"}, Refused, "missing_scope"),
        ({"error": "no_permission"}, Refused, "no_permission"),
        ({"error": "restricted_action"}, Refused, "restricted_action"),
        ({"error": "token_revoked"}, AppTokenTrouble, "token_revoked"),
        ({"retry_after": 7}, RateLimited, "ratelimited"),
        ({"status": 500}, OutcomeUnknown, "http_500"),
    ],
)
def test_what_slack_does_not_allow_here_stops_no_other_sending(
    slack: Slack, method: str, fault: dict[str, Any], ending: type[SendingEnded], code: str
) -> None:
    place = made(slack, create(slack))
    slack.workspace.faults.add(method=method, times=None, **fault)
    with pytest.raises(SendingEnded) as ended:
        slack.gateway.send(ACTS[method](place.id, slack), "wire-1")
    assert (type(ended.value), ended.value.code) == (ending, code)


def test_a_channel_is_looked_for_from_a_little_before(slack: Slack) -> None:
    wanted = create(slack)
    slack.clock.advance(minutes=-10)  # Slack's clock may be behind ours
    place = made(slack, wanted)
    slack.clock.advance(minutes=10)
    assert made(slack, wanted) is place
