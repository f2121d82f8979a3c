"""Approved proposals whose channels are being opened while gpbot is killed."""

from collections import Counter
from dataclasses import dataclass

from gpbot.bootstrap import Gpbot, Records, open_records
from gpbot.people.members import list_complete_at
from gpbot.practice import Channel, Person
from gpbot.proposals.types import Proposed, State
from gpbot.settings import load_settings
from tests.crash.fleet import Life
from tests.running import Town


@dataclass
class Openings:
    """Proposals by name, and who is to be in their channels."""

    proposals: Channel
    wanted: dict[str, set[str]]


def knows_everybody(records: Records) -> bool:
    with records.database.read() as session:
        return list_complete_at(session) is not None


def approve(here: Town, *, number: int) -> Openings:
    """Once gpbot knows who is there, and while no process is up, so that the first step is met by a fate."""
    people = [*here.members, *here.contacts, *here.champions[1:]]
    proposals = here.workspace.add_channel("proposals", members=[*people, here.app])
    here.workspace.invite(here.general, here.app)
    here.more["PROPOSALS_CHANNEL"] = proposals.id
    life = Life(here.settings(http=True), here.folder)
    here.lives.append(life)
    life.wait_until_ready()
    records = open_records(load_settings(here.settings(http=True)))
    found = Openings(proposals, {})
    try:
        here.workspace.wait_until(lambda: knows_everybody(records))
        life.kill()
        for count in range(number):
            proposer, other = people[count % len(people)], people[(count + 1) % len(people)]
            found.wanted |= _approved(records, here.champions[0], proposer, other, f"channel-{count:02}")
    finally:
        records.database.close()
    return found


def _approved(records: Records, champion: Person, proposer: Person, other: Person, name: str) -> dict[str, set[str]]:
    proposed = Proposed(purpose=f"Whatever belongs to {name}.", name=name, topics="Boats, quays")
    proposal = records.proposals.propose(proposer.id, name, proposed)
    records.proposals.want_in(other.id, proposal.id, name)
    records.proposals.approve(champion.id, proposal.id)
    return {name: {proposer.id, other.id}}


def own_channels(here: Town) -> list[Channel]:
    """Those that gpbot made."""
    return [
        each for each in here.workspace.channels.values() if each.creator == here.app.bot_user_id and not each.is_im
    ]


def assert_each_is_open(here: Town, bot: Gpbot, openings: Openings) -> int:
    """One channel for each proposal, ready, told, and with everybody in it; how often a welcome was posted twice."""
    made = own_channels(here)
    assert Counter(place.name for place in made) == Counter(list(openings.wanted))
    again = 0
    for place in made:
        assert openings.wanted[place.name] <= set(place.members)
        assert (place.topic["value"], bool(place.purpose["value"])) == ("Boats, quays", True)
        said = [each for each in place.messages.values() if each.user.id == here.app.bot_user_id]
        assert [each.subtype for each in said].count("channel_topic") == 1
        welcomes = [each for each in said if each.subtype is None]
        assert len(place.pins) == 1
        again += len(welcomes) - 1
        for where in (openings.proposals, here.general):
            assert any(f"A new channel is open: #{place.name}" == each.text for each in where.messages.values())
    decided = bot.records.proposals.decided_list()
    with bot.records.database.read() as session:
        while True:
            for line in decided.lines:
                opening = bot.records.openings.find(session, line.id)
                assert line.state is State.OPENED, (line.name, opening and (opening.step, opening.code))
            if decided.next is None:
                return again
            decided = bot.records.proposals.decided_list(decided.next)
