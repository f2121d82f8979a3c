"""Finding channels: the directory by topic, its pages, its search, and *Join*."""

from dataclasses import replace

import pytest

from gpbot.directory import ids
from gpbot.directory.workflow import PAGE
from gpbot.practice.person import Person
from gpbot.practice.state import Channel as Place
from tests.halves import WALK
from tests.scenarios.doing import shown
from tests.stage import Stage


@pytest.fixture(autouse=True)
def some_channels(community: Stage) -> None:
    for name, purpose in (
        ("housing", "Flats and landlords. #housing"),
        ("legal-advice", "Ask a lawyer. #law"),
        ("tenants-law", "Topics: housing, law"),
    ):
        community.workspace.add_channel(name, purpose=purpose)
    read_again(community)


def read_again(c: Stage) -> None:
    c.bot.channels.begin()
    c.settle(3)


def place(c: Stage, name: str) -> Place:
    return next(channel for channel in c.workspace.channels.values() if channel.name == name)


def look(c: Stage, who: Person, words: str = "") -> None:
    c.look_away(who)
    who.command("/channels", words)
    c.bot.windows.settle()


def names(c: Stage, who: Person) -> list[str]:
    """The channels of the page in front."""
    assert who.modal is not None
    carried = [str(control.element.get("value")) for control in who.modal.controls if control.words == "Join"]
    return [c.workspace.channels[channel_id].name for channel_id in carried]


def join(c: Stage, who: Person, name: str) -> str:
    """Press *Join* of a channel on the page in front; what is said then."""
    who.press("Join", nth=names(c, who).index(name))
    c.settle(1)
    return shown(who).partition("\n")[2].partition("\n")[0]


def test_somebody_who_looks_sees_open_channels_with_what_they_are_for(community: Stage) -> None:
    look(community, community.mona)
    assert names(community, community.mona) == [
        "channel-proposals",
        "general",
        "housing",
        "legal-advice",
        "tenants-law",
    ]
    assert "Flats and landlords." in shown(community.mona)


def test_a_topic_shows_its_channels_and_every_topic_shows_all_again(community: Stage) -> None:
    look(community, community.mona)
    community.mona.fill("Topic", "Housing")
    community.bot.windows.settle()
    assert names(community, community.mona) == ["housing", "tenants-law"]
    community.mona.fill("Topic", "Every topic")
    community.bot.windows.settle()
    assert len(names(community, community.mona)) == 5


def test_words_find_channels_behind_the_command_and_in_the_window(community: Stage) -> None:
    look(community, community.mona, "lawyer")
    assert names(community, community.mona) == ["legal-advice"]
    community.mona.fill("Words to look for", "landlords flats")
    community.mona.submit()
    assert names(community, community.mona) == ["housing"]
    community.mona.fill("Words to look for", "zebra")
    community.mona.submit()
    assert "No channel fits." in shown(community.mona)


def test_topic_and_words_narrow_together_and_stay_when_pages_turn(community: Stage) -> None:
    for number in range(PAGE + 3):
        community.workspace.add_channel(f"flat-{number:02}", purpose="#housing")
    read_again(community)
    look(community, community.mona, "flat")
    community.mona.fill("Topic", "Housing")
    community.bot.windows.settle()
    first = names(community, community.mona)
    assert len(first) == PAGE
    community.mona.press("More")
    community.bot.windows.settle()
    second = names(community, community.mona)
    assert [*first, *second] == [*(f"flat-{number:02}" for number in range(PAGE + 3)), "housing"]
    community.mona.press("From the beginning")
    community.bot.windows.settle()
    assert names(community, community.mona) == first


@WALK("directory")
def test_join_adds_the_person_who_pressed_it_and_says_so(community: Stage) -> None:
    look(community, community.mona)
    assert join(community, community.mona, "housing") == "You are in #housing now."
    assert community.mona.id in place(community, "housing").members
    assert join(community, community.mona, "housing") == "You are in #housing already."
    assert place(community, "housing").members.count(community.mona.id) == 1


def test_join_on_a_later_page_stays_on_that_page(community: Stage) -> None:
    for number in range(PAGE):
        community.workspace.add_channel(f"aa-{number:02}")
    read_again(community)
    look(community, community.mona)
    community.mona.press("More")
    community.bot.windows.settle()
    before = names(community, community.mona)
    assert join(community, community.mona, "housing") == "You are in #housing now."
    assert names(community, community.mona) == before


@pytest.mark.parametrize("heard", [True, False])
def test_a_channel_that_was_archived_meanwhile_is_said_to_be_closed_and_leaves_the_list(
    community: Stage, *, heard: bool
) -> None:
    look(community, community.mona)
    if not heard:
        community.workspace.faults.deliveries(delay=3600)
    community.workspace.archive(place(community, "housing"))
    assert join(community, community.mona, "housing") == "That channel is closed: it was archived."
    assert "housing" not in names(community, community.mona)


def test_nobody_is_added_to_a_channel_that_is_private_by_now(community: Stage) -> None:
    community.workspace.invite(place(community, "housing"), community.app)
    look(community, community.mona)
    community.workspace.make_private(place(community, "housing"))
    said = join(community, community.mona, "housing")
    assert said == "That channel is no longer there, or is private now."
    assert community.mona.id not in place(community, "housing").members
    assert "housing" not in names(community, community.mona)


def test_no_forged_button_adds_anybody_to_the_champions_channel(community: Stage) -> None:
    look(community, community.mona)
    assert community.mona.modal is not None
    community.mona.send_action(ids.JOIN, community.triage.id, within=community.mona.modal)
    community.settle(1)
    assert "no longer there, or is private" in shown(community.mona)
    assert community.mona.id not in community.triage.members
    assert not [call for call in community.workspace.calls if call.method == "conversations.invite"]


@pytest.mark.parametrize(
    ("method", "error", "said"),
    [
        ("conversations.invite", "user_is_restricted", "Slack does not let gpbot add you to #housing."),
        ("conversations.join", "missing_scope", "Slack does not let gpbot add you to #housing."),
        ("conversations.invite", "internal_error", "Slack asks for a moment's patience."),
    ],
)
def test_what_slack_refuses_is_said_with_the_way_that_is_left(
    community: Stage, method: str, error: str, said: str
) -> None:
    community.workspace.faults.add(method=method, error=error)
    look(community, community.mona)
    assert join(community, community.mona, "housing").startswith(said)
    assert community.bot.health()["outbox"]["paused"] is None
    assert join(community, community.mona, "housing") == "You are in #housing now."


def test_slack_being_busy_is_said_and_join_can_be_pressed_again(community: Stage) -> None:
    community.workspace.faults.add(method="conversations.join", retry_after=30)
    look(community, community.mona)
    assert join(community, community.mona, "housing").startswith("Slack asks for a moment's patience.")


def test_guests_and_strangers_are_not_shown_what_slack_does_not_show_them(community: Stage) -> None:
    guest = community.workspace.add_person("Gul Guest", guest=True)
    community.settle(1)
    look(community, guest)
    assert "for full members" in shown(guest)
    assert "housing" not in shown(guest)
    guest.send_action(ids.JOIN, place(community, "housing").id, within=guest.modal)
    community.settle(1)
    assert guest.id not in place(community, "housing").members
    guest.open_home()
    community.settle(1)
    assert guest.home is not None
    assert "Find channels" not in guest.home.buttons


def test_the_shortcut_and_app_home_open_the_same_list(community: Stage) -> None:
    community.mona.shortcut("Find channels")
    community.bot.windows.settle()
    assert "housing" in names(community, community.mona)
    community.look_away(community.mona)
    community.mona.open_home()
    community.settle(1)
    community.mona.press("Find channels", within=community.mona.home)
    community.bot.windows.settle()
    assert "housing" in names(community, community.mona)


def test_a_spent_trigger_offers_a_button_instead(community: Stage) -> None:
    community.workspace.faults.add(method="views.open", error="expired_trigger_id")
    community.mona.command("/channels", channel=community.general)
    community.settle(1)
    community.mona.press("Show the channels", channel=community.general)
    community.bot.windows.settle()
    assert "housing" in names(community, community.mona)


def test_what_people_wrote_into_a_purpose_rings_nobody_and_links_nowhere(community: Stage) -> None:
    community.workspace.add_channel("noise", purpose="<!channel> @everyone *bold* <https://evil.example|click>")
    read_again(community)
    look(community, community.mona, "noise")
    sent = str(community.workspace.calls[-1].args)
    assert "<!channel>" not in sent
    assert "<https://evil" not in sent
    assert "&lt;!channel&gt;" in sent


def test_topics_by_setting_are_offered_in_their_order(community: Stage) -> None:
    by_setting = (("Rights", (place(community, "legal-advice").id,)), ("A roof", (place(community, "housing").id,)))
    community.settings = replace(community.settings, topics=by_setting)
    community.restart()
    community.settle(3)
    look(community, community.mona)
    community.mona.fill("Topic", "A roof")
    community.bot.windows.settle()
    assert names(community, community.mona) == ["housing"]


@pytest.mark.parametrize("words", ["proposals", " Proposals "])
def test_a_subcommand_goes_before_the_search(community: Stage, words: str) -> None:
    look(community, community.mona, words)
    assert community.mona.modal is not None
    assert community.mona.modal.title == "Proposed channels"
