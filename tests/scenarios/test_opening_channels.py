"""From the approval of a proposal to its channel, as people see it."""

from collections.abc import Sequence

import pytest

from gpbot.practice import CannotDo, Channel, Person, Screen
from gpbot.proposals.types import Proposed
from tests.halves import WALK
from tests.stage import Stage

PURPOSE = "Boats & <quays>, and work on them."


def approve(community: Stage, name: str = "harbour", *, wants_in: Sequence[Person] = ()) -> None:
    """Mona proposes it, some ask to be added, and Amina approves it on the card."""
    proposals = community.bot.records.proposals
    proposal = proposals.propose(community.mona.id, name, Proposed(purpose=PURPOSE, name=name))
    community.settle()
    for number, person in enumerate(wants_in):
        proposals.want_in(person.id, proposal.id, str(number))
    community.amina.press("Approve", within=on_triage(community, "A channel is proposed"))
    community.settle(12)


def on_triage(community: Stage, words: str) -> Screen:
    (found,) = (said for said in community.amina.read(community.triage) if words in said.text)
    return found


def stuck(community: Stage) -> Screen:
    return on_triage(community, "could not be opened yet")


def press(community: Stage, who: Person, words: str) -> None:
    who.press(words, within=stuck(community))
    community.settle(12)


def channel(community: Stage, name: str = "harbour") -> Channel:
    (place,) = (place for place in community.workspace.channels.values() if place.name == name)
    return place


def reads(who: Person, place: Channel) -> str:
    return "\n".join(said.text for said in who.read(place))


@WALK("proposals", "opening")
def test_from_approval_to_a_channel_with_people_in_it(community: Stage) -> None:
    community.workspace.invite(community.general, community.app.bot_user_id)
    approve(community, wants_in=[community.tom, community.nadia])
    place = channel(community)
    assert {community.mona.id, community.tom.id, community.nadia.id} <= set(place.members)
    read = reads(community.tom, place)
    assert "@Mona Said proposed this channel." in read
    assert PURPOSE in read
    assert "Type /report, here or in any channel." in read
    assert "A new channel is open: #harbour" in reads(community.nadia, community.general)
    assert "A new channel is open: #harbour" in reads(community.nadia, community.proposals)
    assert "open: #harbour" in community.mona.inbox[-1].text
    assert [said for said in community.amina.read(community.triage) if "opened yet" in said.text] == []


def test_champions_help_by_hand_where_gpbot_may_not_make_channels(community: Stage) -> None:
    community.workspace.restricted.add("create")
    approve(community)
    assert "gpbot may not make channels" in stuck(community).text
    assert "Use #harbour" not in stuck(community).buttons
    assert "could not be made yet" in community.mona.inbox[-1].text
    community.amina.open_home()
    community.settle()
    assert community.amina.home is not None
    assert "#harbour could not be opened yet." in community.amina.home.text
    community.tom.open_home()
    community.settle()
    assert community.tom.home is not None
    assert "could not be opened" not in community.tom.home.text

    community.workspace.restricted.clear()
    community.tom.create_channel("harbour")
    community.settle()
    assert "#harbour is there now." in stuck(community).text
    press(community, community.ben, "Use #harbour")
    assert "#harbour is open." in on_triage(community, "#harbour is open").text
    assert community.mona.id in channel(community).members
    assert "open: #harbour" in community.mona.inbox[-1].text


def test_a_champion_chooses_another_name_and_the_proposal_bears_it(community: Stage) -> None:
    community.workspace.add_channel("harbour", private=True)
    approve(community)
    press(community, community.amina, "Another name")
    community.amina.fill("Name", "General")
    community.amina.submit()
    community.settle()
    assert community.amina.modal is not None
    assert "#general exists already. Please choose another name." in community.amina.modal.text
    community.amina.fill("Name", "#Quay Side")
    community.amina.submit()
    community.settle(12)
    assert channel(community, "quay-side").creator == community.app.bot_user_id
    assert "#quay-side" in community.mona.inbox[-1].text


def test_a_champion_declines_what_cannot_be_made(community: Stage) -> None:
    community.workspace.restricted.add("create")
    approve(community)
    press(community, community.amina, "Decline")
    reason = "We cannot make channels here just now."
    (field,) = community.amina.modal.fields if community.amina.modal else [""]
    community.amina.fill(field, reason)
    community.amina.submit()
    community.settle(5)
    assert "does nothing more about it" in on_triage(community, "#harbour was declined").text
    assert reason in community.mona.inbox[-1].text
    community.workspace.restricted.clear()
    community.later(days=1)
    assert [place for place in community.workspace.channels.values() if place.name == "harbour"] == []


def test_buttons_of_an_opening_are_for_champions_who_have_nothing_to_do_with_it(community: Stage) -> None:
    community.workspace.restricted.add("create")
    approve(community)
    shown = stuck(community)
    for words in ("Try again", "Another name", "Decline"):
        with pytest.raises(CannotDo):
            community.tom.press(words, within=shown)
        control = next(each for each in shown.controls if each.words == words)
        community.tom.send_action(control.action_id, control.element["value"])
        community.settle()
        assert community.tom.modal is None or "This is for champions" in community.tom.modal.text
        community.look_away(community.tom)
    assert "could not be opened yet" in stuck(community).text


def test_a_restart_in_the_middle_loses_nothing_and_repeats_nothing(community: Stage) -> None:
    community.workspace.faults.add(method="conversations.invite", retry_after=60)
    approve(community, wants_in=[community.tom])
    assert community.tom.id not in channel(community).members
    community.restart()
    community.later(minutes=2)
    community.settle(5)
    assert community.tom.id in channel(community).members
    assert len([call for call in community.workspace.calls if call.method == "conversations.create"]) == 1
    own = community.app.bot_user_id
    assert len([said for said in channel(community).messages.values() if said.user.id == own and not said.subtype]) == 1


def test_what_the_only_champion_proposes_is_a_contact_s_to_decide_and_to_help_along(community: Stage) -> None:
    for champion in (community.ben, community.chloe):
        community.bot.records.people.remove_champion(champion.id, by="operator")
    community.edith.open_home()
    community.settle()
    proposed = Proposed(purpose=PURPOSE, name="harbour")
    community.bot.records.proposals.propose(community.amina.id, "one", proposed)
    community.settle()
    assert community.edith.home is not None
    assert "*#harbour* · 0 support it" in community.edith.home.text
    assert community.bot.records.proposals.waiting(community.tom.id).lines == ()

    community.workspace.restricted.add("create")
    community.edith.press("Open", within=community.edith.home)
    community.settle()
    community.press(community.edith, "Approve")
    community.settle(12)
    assert "#harbour could not be opened yet." in community.edith.home.text
    assert community.bot.records.openings.stuck(community.tom.id) == []

    community.workspace.restricted.clear()
    community.look_away(community.edith)
    community.edith.press("Try again", within=community.edith.home)
    community.settle(12)
    assert community.amina.id in channel(community).members
