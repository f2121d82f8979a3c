"""The public channels as gpbot knows them: read through Slack's pages, and followed by its events."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from gpbot.directory import store
from gpbot.directory.models import ChannelRow, ChannelTopic
from gpbot.directory.types import Channel
from gpbot.directory.workflow import Directory
from gpbot.practice.state import Channel as Place
from tests.scenarios.doing import shown
from tests.stage import Stage


def known(c: Stage) -> dict[str, Channel]:
    """Every channel that gpbot knows, archived ones too, by name."""
    with c.bot.records.database.read() as session:
        ids = [each.id for each in directory(c).everything_for_comparison(session)]
        return {channel.name: channel for channel in directory(c).several(session, ids)}


def directory(c: Stage) -> Directory:
    return c.bot.records.directory


def listed(c: Stage, *, topic: str | None = None, text: str = "") -> list[str]:
    """The names on all pages, as people turn them."""
    names: list[str] = []
    with c.bot.records.database.read() as session:
        page = directory(c).public(session, topic=topic, text=text, limit=2)
        names += [channel.name for channel in page.channels]
        while page.next:
            page = directory(c).public(session, topic=topic, text=text, limit=2, after=page.next)
            names += [channel.name for channel in page.channels]
    return names


def topics(c: Stage) -> list[str]:
    with c.bot.records.database.read() as session:
        return [topic.name for topic in directory(c).topics(session)]


def read_again(c: Stage) -> None:
    c.bot.channels.begin()
    c.settle(8)


def calls(c: Stage) -> int:
    return len([call for call in c.workspace.calls if call.method == "conversations.list" and call.response.get("ok")])


def test_the_whole_list_is_read_page_by_page_and_through_a_rate_limit(community: Stage) -> None:
    community.stop()
    for number in range(450):
        community.workspace.add_channel(f"channel-{number}")
    community.workspace.faults.add(method="conversations.list", retry_after=5, times=2)
    before = calls(community)
    community.start()
    community.settle(20)
    assert {f"channel-{number}" for number in range(450)} <= known(community).keys()
    assert calls(community) - before == 3


def test_private_channels_and_direct_messages_are_never_in_it(community: Stage) -> None:
    community.workspace.invite(community.triage, community.app)
    community.mona.say("hello")
    read_again(community)
    assert set(known(community)) == {"general"}


def test_what_it_keeps_is_what_slack_says(community: Stage) -> None:
    people = [community.mona, community.tom]
    place = community.workspace.add_channel("housing", topic="Flats & homes", purpose="Help\n#housing", members=people)
    read_again(community)
    found = known(community)["housing"]
    assert (found.id, found.topic, found.purpose) == (place.id, "Flats & homes", "Help\n#housing")
    assert (found.is_archived, found.is_ours, found.members) == (False, False, 2)
    assert topics(community) == ["Housing"]


def test_a_new_channel_is_known_at_once_and_the_one_who_asked_is_told_once(community: Stage) -> None:
    told: list[str] = []
    directory(community).channel_created.connect(lambda _session, channel: told.append(channel.name))
    community.workspace.add_channel("allotments")
    assert "allotments" in known(community)
    read_again(community)
    assert told == ["allotments"]


def test_a_channel_made_while_gpbot_was_away_is_told_of_by_the_list(community: Stage) -> None:
    told: list[str] = []
    community.stop()
    community.workspace.add_channel("allotments")
    community.start()
    directory(community).channel_created.connect(lambda _session, channel: told.append(channel.name))
    community.settle(5)
    assert told == ["allotments"]


def test_what_fails_because_of_a_new_channel_is_done_when_slack_tells_again(community: Stage) -> None:
    told: list[str] = []

    def fail_once(_session: Session, channel: Channel) -> None:
        told.append(channel.name)
        if len(told) == 1:
            raise RuntimeError

    directory(community).channel_created.connect(fail_once)
    community.workspace.add_channel("allotments")
    community.later(minutes=10)
    community.workspace.run_due()
    assert told == ["allotments", "allotments"]
    assert "allotments" in known(community)
    [said] = community.workspace.problems
    assert said == "The event channel_created was answered with HTTP 500."
    community.workspace.problems.clear()


def archive(c: Stage, place: Place) -> None:
    c.workspace.archive(place)


def delete(c: Stage, place: Place) -> None:
    c.workspace.delete_channel(place)


def hide(c: Stage, place: Place) -> None:
    """Slack tells nobody of it: the next list does."""
    c.workspace.make_private(place)
    c.later(days=1)
    c.settle(8)


@pytest.mark.parametrize("away", [archive, delete, hide])
def test_what_is_archived_deleted_or_private_now_is_not_shown_any_more(
    community: Stage, away: Callable[[Stage, Place], None]
) -> None:
    place = community.workspace.add_channel("housing", purpose="#housing")
    read_again(community)
    assert (listed(community), topics(community)) == (["general", "housing"], ["Housing"])
    away(community, place)
    assert (listed(community), topics(community)) == (["general"], [])
    assert ("housing" in known(community)) is (away is archive)


def test_an_archived_channel_is_still_known_by_name_and_comes_back(community: Stage) -> None:
    place = community.workspace.add_channel("housing")
    community.workspace.archive(place)
    with community.bot.records.database.read() as session:
        found = directory(community).named(session, "housing")
    assert found is not None
    assert found.is_archived
    community.workspace.unarchive(place)
    assert listed(community) == ["general", "housing"]


def test_a_renamed_channel_keeps_what_it_is_about(community: Stage) -> None:
    place = community.workspace.add_channel("flats", purpose="Topics: housing")
    read_again(community)
    community.workspace.rename_channel(place, "homes")
    assert set(known(community)) == {"general", "homes"}
    assert listed(community, topic="housing") == ["homes"]
    assert listed(community, text="flats") == []


@pytest.mark.parametrize("flag", ["is_private", "is_group", "is_mpim"])
def test_a_channel_that_became_private_is_not_known_by_its_new_name(community: Stage, flag: str) -> None:
    place = community.workspace.add_channel("flats")
    read_again(community)
    community.workspace.make_private(place)
    with community.workspace.acting():
        about = {"id": place.id, "name": "layoffs", "created": place.created, "is_channel": True, flag: True}
        event = {"type": "channel_rename", "channel": about, "event_ts": community.workspace.stamp(place.id)}
        community.workspace.emit("channel_rename", event, scope=place.id)
    assert set(known(community)) == {"general"}


def test_a_purpose_that_changed_is_known_a_day_later(community: Stage) -> None:
    place = community.workspace.add_channel("flats", purpose="#housing #law")
    read_again(community)
    community.workspace.describe(place, "purpose", "#Housing #tenants", by=community.mona.id)
    community.later(days=1)
    community.settle(8)
    assert topics(community) == ["Housing", "Tenants"]


def test_search_finds_each_word_somewhere_in_name_topic_or_purpose(community: Stage) -> None:
    for name, topic, purpose in (
        ("legal-advice", "Ask a lawyer", "Tribunals"),
        ("law-students", "Legal placements", ""),
        ("cooking", "100%", "Under_score"),
    ):
        community.workspace.add_channel(name, topic=topic, purpose=purpose)
    read_again(community)
    assert listed(community, text="legal") == ["law-students", "legal-advice"]
    assert listed(community, text="LEGAL tribunals") == ["legal-advice"]
    assert listed(community, text="legal advice") == listed(community, text="legal-advice") == ["legal-advice"]
    assert listed(community, text="%") == ["cooking"]
    assert listed(community, text="under_score") == ["cooking"]
    assert listed(community, text="nothing of the kind") == []


def test_topics_by_setting_go_before_what_purposes_say_and_keep_their_order(community: Stage) -> None:
    flats = community.workspace.add_channel("flats", purpose="#housing")
    law = community.workspace.add_channel("law", purpose="#law")
    closed = community.workspace.add_channel("closed")
    community.workspace.archive(closed)
    by_setting = (("Rights", (law.id, flats.id)), ("Empty", (closed.id,)), ("A roof", (flats.id, "C0000NOWHERE")))
    community.settings = replace(community.settings, topics=by_setting)
    community.restart()
    community.settle(5)
    assert topics(community) == ["Rights", "A roof"]
    assert listed(community, topic="rights") == ["flats", "law"]
    assert listed(community, topic="a roof") == ["flats"]
    assert listed(community, topic="unknown") == []


@pytest.mark.parametrize(
    "purpose",
    [f"Topics: {chr(0xFDFA) * 40}", "half an emoji \ud83d #law", "\0 #law", "\u202e" * 250],
    ids=["long topic", "half an emoji", "nul", "right to left"],
)
def test_no_purpose_keeps_anybody_from_the_list_or_it_from_being_read(community: Stage, purpose: str) -> None:
    hidden = community.workspace.add_channel("hidden")
    read_again(community)
    community.workspace.make_private(hidden)
    community.workspace.add_channel("odd", purpose=purpose)
    community.clock.advance(hours=1)
    read_again(community)
    assert listed(community) == ["general", "odd"]
    community.tom.command("/channels")
    community.settle()
    assert "#odd" in shown(community.tom)


def test_a_half_read_list_forgets_nothing(community: Stage) -> None:
    for number in range(250):
        community.workspace.add_channel(f"channel-{number}")
    read_again(community)
    community.workspace.faults.add(
        method="conversations.list", error="not_today", where=lambda args: bool(args.get("cursor")), times=None
    )
    community.later(hours=1)
    read_again(community)
    assert len(known(community)) == 251


def test_a_list_that_slack_does_not_give_today_is_asked_for_tomorrow(community: Stage) -> None:
    community.stop()
    community.workspace.add_channel("housing")
    community.workspace.faults.add(method="conversations.list", error="not_today")
    community.start()
    community.settle(5)
    assert "housing" not in known(community)
    community.later(days=1)
    community.settle(8)
    assert "housing" in known(community)


def test_an_app_without_the_scope_for_channels_goes_on_with_everything_else(community: Stage) -> None:
    scopes = community.workspace.manifest["oauth_config"]["scopes"]
    scopes["bot"] = [scope for scope in scopes["bot"] if not scope.startswith("channels:")]
    community.restart()
    community.settle(5)
    community.report(community.mona, about=[community.tom])
    assert community.bot.health()["outbox"]["paused"] is None
    assert [screen for screen in community.ben.inbox if "There is something for you" in screen.text]


def test_several_processes_that_are_told_of_one_channel_keep_it_once(community: Stage) -> None:
    community.workspace.add_channel("housing")
    [known_one] = [channel for channel in known(community).values() if channel.name == "housing"]
    with community.bot.records.database.begin() as session:
        assert store.save(session, [known_one], now=community.clock.now()) == []
        assert store.save(session, [known_one, known_one], now=community.clock.now()) == []


@pytest.mark.parametrize(
    ("purpose", "typed"),
    [
        ("Réfugiés et demandeurs d'asile", "refugies"),
        ("Refugies", "Réfugiés"),
        ("Treffen in München", "munchen"),
        ("لقاء اللاجئين في إيطاليا", "ايطاليا"),
        ("Một nhóm người Việt", "nguoi viet"),
    ],
)
def test_a_channel_is_found_however_its_accents_are_typed(community: Stage, purpose: str, typed: str) -> None:
    place = community.workspace.add_channel("meeting-point")
    community.workspace.describe(place, "purpose", purpose, by=community.tom.id)
    read_again(community)
    assert listed(community, text=typed) == ["meeting-point"]


def test_what_an_earlier_release_stored_with_accents_is_found_once_the_list_was_read(community: Stage) -> None:
    place = community.workspace.add_channel("meeting-point")
    community.workspace.describe(place, "purpose", "Topics: Réfugiés", by=community.tom.id)
    read_again(community)
    with community.bot.records.database.begin() as session:
        session.execute(update(ChannelRow).values(searchable="meeting point topics: réfugiés"))
        session.execute(update(ChannelTopic).values(key="réfugiés"))
    assert listed(community, text="refugies") == []
    community.restart()  # which reads the list
    community.settle(8)
    assert listed(community, text="refugies") == listed(community, topic="réfugiés") == ["meeting-point"]
    assert topics(community) == ["Réfugiés"]
