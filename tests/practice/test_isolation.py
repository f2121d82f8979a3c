"""What one person sees does not depend on what others do, and the same play gives the same ids."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from gpbot.practice import Person, RealClock, Server, Workspace
from tests.clocks import StoppedClock
from tests.practice.blocks import buttons, home, modal, section
from tests.practice.conftest import MANIFEST


def play(*, with_secret: bool) -> tuple[Person, list[Any]]:
    """Amina's day, with or without Ben having one too."""
    clock = StoppedClock()
    workspace = Workspace("Network", clock=clock)
    with Server(workspace) as server:
        app = workspace.install(MANIFEST)
        client = WebClient(app.bot_token, base_url=server.api_url, retry_handlers=[])
        people = [workspace.add_person(name) for name in ("Ben Adeyemi", "Amina Okafor")]
        ben, amina = people
        general = workspace.add_channel("general", members=[*people, app])
        for number in range(3):
            clock.advance(seconds=5)
            if with_secret:
                client.chat_postMessage(channel=ben.id, text="secret", blocks=[section("secret"), buttons("Open")])
                client.chat_postEphemeral(channel=general.id, user=ben.id, text="secret")
                client.views_open(trigger_id=workspace.views.trigger(ben.id), view=modal())
                client.views_publish(user_id=ben.id, view=home(section("secret")))
                ben.command("/report", "secret", channel=general)
            client.chat_postMessage(channel=amina.id, text="hello", blocks=[section("hello"), buttons("Open")])
            client.chat_postMessage(channel=general.id, text=f"news {number}")
            client.chat_postEphemeral(channel=general.id, user=amina.id, text="for you")
            client.views_open(trigger_id=workspace.views.trigger(amina.id), view=modal())
            client.views_publish(user_id=amina.id, view=home())
            amina.say("thanks", to=general)
    return amina, [(sight.at, sight.where, sight.text, sight.raw) for sight in amina.seen]


def test_a_secret_changes_nothing_that_others_see() -> None:
    _, without = play(with_secret=False)
    _, beside = play(with_secret=True)
    assert without == beside
    assert len(without) > 20
    assert "secret" not in str(beside)


def test_the_same_name_gives_the_same_id_and_two_of_a_name_are_two() -> None:
    one, other = Workspace("Network"), Workspace("Network")
    other.add_person("Ben Adeyemi")
    assert one.add_person("Amina Okafor").id == other.add_person("Amina Okafor").id
    assert one.add_person("Amina Okafor").id != other.people[next(iter(other.people))].id
    assert len({person.id for person in one.people.values()}) == 2


def test_timestamps_only_grow_even_when_the_clock_goes_back(
    workspace: Workspace, client: WebClient, clock: StoppedClock
) -> None:
    amina = workspace.add_person("Amina Okafor")
    first = client.chat_postMessage(channel=amina.id, text="1")["ts"]
    clock.at -= timedelta(hours=1)
    second = client.chat_postMessage(channel=amina.id, text="2")["ts"]
    assert first < second


def test_waiting_ends_when_it_is_so_and_says_what_was_waited_for(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    with pytest.raises(TimeoutError, match=r"amina\.inbox"):
        workspace.wait_until(lambda: amina.inbox, timeout=0.01)
    client.chat_postMessage(channel=amina.id, text="x")
    assert workspace.wait_until(lambda: amina.inbox)[0].text == "x"


def test_a_real_clock_is_the_default() -> None:
    assert isinstance(Workspace().clock, RealClock)
    assert Workspace().clock.now().tzinfo is not None
