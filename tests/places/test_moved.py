"""A channel that Slack gives another id is the same channel: everything of it goes on, whatever .env calls it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gpbot.bootstrap import build
from gpbot.desk.desk import DESK
from gpbot.named import OfChannel, named_in, with_channels
from gpbot.outbox.types import Post, Refused
from gpbot.practice.screens import Screen
from gpbot.practice.state import Channel
from gpbot.slack.gateway import Gateway
from gpbot.slack.moved import MovedChannels
from gpbot.web.server import WebServer, wsgi_app
from tests.databases import ON_SQLITE
from tests.scenarios.doing import shown
from tests.stage import Stage

ASKED = "Where is the marmalade stall?"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def ask(community: Stage, words: str = ASKED) -> None:
    community.mona.command("/ask")
    community.bot.windows.settle()
    community.mona.fill("Your question", words)
    community.mona.submit()
    community.settle()
    community.look_away(community.mona)


def cards(community: Stage) -> list[Screen]:
    return [said for said in community.amina.read(community.triage) if said.text.startswith("*A question")]


def desks(community: Stage) -> int:
    return sum(DESK in said.text for said in community.amina.read(community.triage))


def move(community: Stage, channel: Channel) -> str:
    """Its new id."""
    new = community.workspace.give_new_id(channel)
    community.settle()
    return new


def test_slack_takes_the_old_id_no_more(community: Stage) -> None:
    """What everything below rests on."""
    old = community.triage.id
    new = move(community, community.triage)
    without = Gateway(community.app.bot_token, community.server.api_url)
    with pytest.raises(Refused, match="channel_not_found"):
        without.send(Post(to=old, text="Hello", blocks=[]), "wire-1")
    assert without.send(Post(to=new, text="Hello", blocks=[]), "wire-2").channel_id == new


def test_what_is_asked_before_and_after_stands_in_the_channel_and_is_answered_there(community: Stage) -> None:
    ask(community)
    move(community, community.triage)
    ask(community, "Who has the key?")
    first, second = sorted(cards(community), key=lambda card: "key" in card.text)
    for card in (first, second):
        community.ben.press("Claim", within=card)
        community.settle()
    assert all("Ben" in card.text or community.ben.id in card.text for card in cards(community))
    community.amina.press("What is waiting for me", channel=community.triage)
    community.settle()
    assert shown(community.amina)


@pytest.mark.parametrize("is_written", [False, True])
def test_another_start_posts_nothing_twice_whichever_id_is_in_env(
    community: Stage, caplog: pytest.LogCaptureFixture, *, is_written: bool
) -> None:
    ask(community)
    new = move(community, community.triage)
    said = f"TRIAGE_CHANNEL names a channel that Slack calls {new} by now."
    assert said in community.bot.health()["settings"]
    assert said in caplog.text
    if is_written:
        community.settings = replace(community.settings, triage_channel=new)
    community.restart()
    community.settle()
    assert (said in community.bot.health()["settings"]) is not is_written
    assert community.bot.health()["settings"] == "ok" or not is_written
    assert (desks(community), len(cards(community))) == (1, 1)
    ask(community, "Who has the key?")
    assert len(cards(community)) == 2


def test_a_channel_that_moves_again_and_again_is_followed(community: Stage) -> None:
    first = community.triage.id
    ask(community)
    second, third = move(community, community.triage), move(community, community.triage)
    assert {first, second, third} == {first, second, community.triage.id}
    ask(community, "Who has the key?")
    assert len(cards(community)) == 2
    # An operator who put the one in between into `.env` is told the last.
    community.settings = replace(community.settings, triage_channel=second)
    community.restart()
    community.settle()
    assert f"in the place of {second} in .env" in community.bot.health()["settings"]
    assert (desks(community), len(cards(community))) == (1, 2)


def test_a_public_channel_keeps_its_line_and_is_linked_to_by_its_new_id(community: Stage) -> None:
    old = community.proposals.id
    new = move(community, community.proposals)
    community.mona.command("/channels", "channel-prop")
    community.settle()
    window = community.mona.modal
    assert window is not None
    assert f"<#{new}" in str(window.raw)
    assert f"<#{old}" not in str(window.raw)
    community.bot.channels.begin()
    community.later(days=1)
    with community.bot.records.database.read() as session:
        names = [each.id for each in community.bot.records.directory.public(session).channels]
    assert (names.count(old), names.count(new)) == (1, 0)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_another_process_follows_what_it_was_not_told_of(community: Stage) -> None:
    """The event comes to one of them; the other calls the old id, and learns the new one."""
    other = build(community.settings, clock=community.clock)
    web = WebServer(wsgi_app(other.app, other.health), host="127.0.0.1", port=0)
    web.start()
    try:
        ask(community)
        old = community.triage.id
        community.workspace.give_new_id(community.triage)
        other.gateway.send(Post(to=old, text="Said by the other one", blocks=[]), "wire-1")
        assert "Said by the other one" in [said.text for said in community.amina.read(community.triage)]
        newer = community.triage.id
        community.workspace.give_new_id(community.triage)
        other.gateway.check()
        assert other.kit.moved.newest(newer) == community.triage.id
        community.workspace.deliver_to(f"http://127.0.0.1:{web.port}/slack/events")
        [card] = cards(community)
        community.ben.press("Claim", within=card)
        community.settle()
        assert community.ben.id in cards(community)[0].text or "Ben" in cards(community)[0].text
    finally:
        web.stop()
        other.stop()


# --- which ids are one channel's -------------------------------------------------------------------------------------


@pytest.fixture
def moved(community: Stage) -> MovedChannels:
    return MovedChannels(community.bot.records.database)


STEPS = [("CA", "CB", 1), ("CB", "CC", 2)]


@pytest.mark.parametrize("told", [STEPS, STEPS[::-1], [*STEPS, STEPS[0]], [STEPS[1], *STEPS]])
def test_however_slack_tells_it_the_ids_are_one_channels(
    moved: MovedChannels, told: list[tuple[str, str, int]]
) -> None:
    """In any order, and again."""
    for old, new, minutes in told:
        moved.follow(old, new, NOW + timedelta(minutes=minutes))
    assert {moved.known(each) for each in ("CA", "CB", "CC")} == {"CA"}
    assert {moved.newest(each) for each in ("CA", "CB", "CC")} == {"CC"}
    assert (moved.known("CX"), moved.newest("CX")) == ("CX", "CX")


def test_a_channel_that_gets_its_old_id_back_has_it(moved: MovedChannels) -> None:
    moved.follow("CA", "CB", NOW)
    moved.follow("CB", "CA", NOW + timedelta(minutes=1))
    assert (moved.newest("CA"), moved.newest("CB")) == ("CA", "CA")
    assert moved.known("CB") == "CA"


def test_only_what_names_a_channel_is_translated_and_never_what_somebody_wrote(moved: MovedChannels) -> None:
    moved.follow("CA", "CB", NOW)
    words = {"type": "plain_text_input", "initial_value": "CA <#CA>", "value": "CB"}
    assert moved.outside(words) == moved.inside(words) == words
    said = {"channel": "CA", "blocks": [{"text": {"text": "<#CA> <#CAB> <#CA|name> CA https://x/archives/CA/p1"}}]}
    assert moved.outside({"json": said}) == {
        "json": {"channel": "CB", "blocks": [{"text": {"text": "<#CB> <#CAB> <#CB|name> CA https://x/archives/CB/p1"}}]}
    }
    heard = {"event": {"channel": {"id": "CB"}}, "message": {"text": "<#CB>"}, "state": {"selected_channel": "CB"}}
    assert moved.inside(heard) == {
        "event": {"channel": {"id": "CA"}},
        "message": {"text": "<#CB>"},
        "state": {"selected_channel": "CA"},
    }


@ON_SQLITE
def test_every_channel_that_a_setting_can_name_is_called_as_it_is_known(community: Stage) -> None:
    """Told from the types of the settings, as what is asked of Slack is."""
    settings = replace(
        community.settings,
        keep_channels=("C1", "C2"),
        topics=(("Housing", ("C3", "C4")),),
        hello_channel="C5",
        welcome_channel="C6",
    )
    changed = named_in(with_channels(settings, lambda slack_id: f"{slack_id}x"))
    for before, after in zip(named_in(settings), changed, strict=True):
        is_channel = isinstance(before.wants, OfChannel)
        assert after == replace(before, slack_id=before.slack_id + "x" if is_channel else before.slack_id)
