"""Whether somebody wrote in a channel: people's words count, by their time alone."""

from datetime import UTC, datetime, timedelta

import pytest

from gpbot.outbox.types import RateLimited, Refused
from gpbot.practice import Channel, Person
from tests.slack.conftest import Slack


@pytest.fixture
def place(slack: Slack) -> Channel:
    """Public, with gpbot and Mona in it; the app may read what it is in."""
    slack.workspace.manifest["oauth_config"]["scopes"]["bot"].append("channels:history")
    return slack.workspace.add_channel("harbour", members=[slack.app, slack.mona])


def spoken(slack: Slack, place: Channel, days: float = 30) -> datetime | None:
    return slack.gateway.last_spoken(place.id, slack.clock.now() - timedelta(days=days))


def moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def bot(slack: Slack, place: Channel) -> Person:
    found = slack.workspace.add_person("News Feed", bot=True)
    slack.workspace.invite(place, found)
    return found


def test_nobody_wrote(slack: Slack, place: Channel) -> None:
    slack.workspace.add_person("Tom Reed").join(place)
    slack.workspace.describe(place, "purpose", "Boats", by=slack.mona.id)
    bot(slack, place).say("News", to=place)
    slack.gateway.client.chat_postMessage(channel=place.id, text="Welcome")
    slack.clock.advance(days=1)
    assert spoken(slack, place) is None
    assert len([call for call in slack.workspace.calls if call.method == "conversations.history"]) == 1


def test_a_message_counts_until_it_is_old(slack: Slack, place: Channel) -> None:
    said = slack.mona.say("Hello", to=place)
    slack.clock.advance(days=29)
    assert spoken(slack, place) == moment(said.ts)
    slack.clock.advance(days=2)
    assert spoken(slack, place) is None


@pytest.mark.parametrize("subtype", ["file_share", "huddle_thread", "me_message", "thread_broadcast"])
def test_whatever_people_do_counts(slack: Slack, place: Channel, subtype: str) -> None:
    with slack.workspace.acting():
        said = slack.workspace.messages.post(place, slack.mona.user, text="", subtype=subtype)
    assert spoken(slack, place) == moment(said.ts)


@pytest.mark.parametrize("subtype", ["channel_join", "channel_name", "channel_archive", "bot_message", "reminder_add"])
def test_what_slack_says_does_not(slack: Slack, place: Channel, subtype: str) -> None:
    with slack.workspace.acting():
        slack.workspace.messages.post(place, slack.mona.user, text="", subtype=subtype)
    assert spoken(slack, place) is None


def test_an_answer_under_an_old_message_counts(slack: Slack, place: Channel) -> None:
    first = slack.mona.say("Hello", to=place)
    slack.clock.advance(days=40)
    assert spoken(slack, place) is None
    answer = slack.mona.say("Still here", to=place, thread=first)
    slack.clock.advance(days=10)
    assert spoken(slack, place) == moment(answer.ts)


def test_people_are_found_among_many_bots(slack: Slack, place: Channel) -> None:
    feed = bot(slack, place)
    said = slack.mona.say("Hello", to=place)
    for number in range(120):
        slack.clock.advance(minutes=1)
        feed.say(f"News {number}", to=place)
    assert spoken(slack, place) == moment(said.ts)
    slack.clock.advance(days=29)
    last = feed.say("News", to=place)
    slack.clock.advance(days=2)
    before = len(slack.workspace.calls)
    assert spoken(slack, place) is None
    assert len(slack.workspace.calls) == before + 1
    assert spoken(slack, place, days=0.5) is None
    assert moment(last.ts) < slack.clock.now()


def test_where_bots_write_more_than_can_be_read_the_channel_is_in_use(
    slack: Slack,
    place: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gpbot.slack.gateway._FEW", 2)
    feed = bot(slack, place)
    for number in range(25):
        slack.clock.advance(minutes=1)
        last = feed.say(f"News {number}", to=place)
    assert spoken(slack, place) == moment(last.ts)
    assert len([call for call in slack.workspace.calls if call.method == "conversations.history"]) == 10


def test_why_slack_does_not_tell(slack: Slack, place: Channel, caplog: pytest.LogCaptureFixture) -> None:
    other = slack.workspace.add_channel("quay", members=[slack.mona])
    private = slack.workspace.add_channel("board", private=True, members=[slack.mona])
    for channel, code in ((other, "not_in_channel"), (private, "channel_not_found")):
        with pytest.raises(Refused) as refused:
            spoken(slack, channel)
        assert refused.value.code == code
    slack.workspace.faults.add(method="conversations.history", retry_after=30)
    with pytest.raises(RateLimited):
        spoken(slack, place)
    slack.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("channels:history")
    with pytest.raises(Refused) as refused:
        spoken(slack, place)
    assert refused.value.code == "missing_scope"
    assert caplog.text == ""
