"""What people do who arrive, find channels and propose some: both worlds share all of it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from gpbot.directory import ids as directory_ids
from gpbot.onboarding import ids
from gpbot.people import members as people
from gpbot.proposals import ids as proposal_ids
from gpbot.proposals import views as proposal_views
from gpbot.proposals.types import Proposed
from gpbot.refusals import Refusal
from gpbot.reports import ids as report_ids
from tests.promises.worlds import CHANNELS, Agree, World, submit, text_state, ticks_state

STEPS = (ids.HELLO, ids.LATER, ids.SKIP, ids.WELL, ids.TOPICS_FORM, ids.WHY_FORM)
WELCOMES = (ids.CLAIM, ids.RELEASE)
PROPOSAL_CLICKS = (
    proposal_ids.SUPPORT,
    proposal_ids.WANT_IN,
    proposal_ids.OPEN,
    proposal_ids.WRITE_CONCERN,
    proposal_ids.APPROVE,
    proposal_ids.WITHDRAW,
    proposal_ids.LIST,
)
CONCERN_CLICKS = (proposal_ids.READ_CONCERN, proposal_ids.END_CONCERN)


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A button of the first steps, no matter who presses it."""

    who: str
    action: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).send_action(self.action)


@dataclass(frozen=True, slots=True)
class TellWhy:
    """Why they joined, which the champions' channel reads."""

    who: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            state = {ids.WHY: {ids.WHY: text_state(world.words.welcome(by=self.who))}}
            submit(world.person(self.who), ids.WHY, "", state)


@dataclass(frozen=True, slots=True)
class Welcome:
    """Claim or release somebody's welcome, theirs to claim or not."""

    who: str
    whom: str
    action: str = ids.CLAIM

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            with world.c.bot.records.database.read() as session:
                [member] = people.members(session, [world.person(self.whom).id])
            world.person(self.who).send_action(self.action, str(member.person_id))


@dataclass(frozen=True, slots=True)
class ChooseChannels:
    """Pick a topic, and be added to all of its channels."""

    who: str
    topic: str

    def play(self, world: World) -> None:
        if not world.can_act(self.who):
            return
        who = world.person(self.who)
        submit(who, ids.TOPICS, "", {ids.TOPICS: {ids.TOPICS: _several([self.topic])}})
        chosen = [channel_id(world, name) for name, topic in CHANNELS.items() if topic == self.topic]
        submit(who, ids.CHANNELS, "", {ids.CHANNELS: {ids.CHANNELS: _several(chosen)}})


@dataclass(frozen=True, slots=True)
class LookForChannels:
    """`/channels`, with words or without."""

    who: str
    words: str = ""

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).command("/channels", self.words, channel=world.c.general)


@dataclass(frozen=True, slots=True)
class JoinChannel:
    """*Join*, in a list that they need not have in front of them."""

    who: str
    name: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            view = {"id": "V0FORGED000", "type": "modal", "callback_id": directory_ids.SHOW, "private_metadata": ""}
            standing: dict[str, Any] = {"view": view, "container": {"type": "view", "view_id": view["id"]}}
            world.person(self.who).send_action(directory_ids.JOIN, channel_id(world, self.name), **standing)


@dataclass(frozen=True, slots=True)
class Propose:
    """A channel; the first that is proposed is the one that the script means by "the proposal"."""

    who: str
    steward: str

    def play(self, world: World) -> None:
        if not world.can_act(self.who) or world.proposal_id is not None:
            return
        Agree(self.who).play(world)
        proposed = Proposed(
            purpose="Housing law.", name="housing-law", steward_ids=(world.person(self.steward).id,), topics="Rents"
        )
        with suppress(Refusal):  # no steward can be who has left
            made = world.c.bot.records.proposals.propose(world.person(self.who).id, "one", proposed)
            world.proposal_id = made.id
            world.oracle.stewards = {self.steward}
            world.oracle.proposer = self.who


@dataclass(frozen=True, slots=True)
class ProposalClick:
    who: str
    action: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).send_action(self.action, str(world.proposal_id or NOTHING))


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    """About the proposal, in confidence."""

    who: str

    def play(self, world: World) -> None:
        if not world.can_act(self.who) or world.proposal_id is None or world.concern_id is not None:
            return
        oracle, form_id = world.oracle, str(uuid5(NAMESPACE_OID, "a concern"))
        oracle.out_of_concern = {self.who, oracle.proposer}
        oracle.time_passed(world.c.clock.now())
        state = {
            proposal_views.TEXT: {proposal_views.TEXT: text_state(world.words.concern(by=self.who))},
            f"{report_ids.KEEP_OUT}.0.x": {report_ids.KEEP_OUT: ticks_state(["none"])},
        }
        who = world.person(self.who)
        submit(who, proposal_ids.CONCERN, f"{world.proposal_id}:{form_id}", state)
        world.concern_id = world.c.bot.records.proposals.store.id_for("concern of proposal", who.id, form_id)


@dataclass(frozen=True, slots=True)
class ConcernClick:
    who: str
    action: str

    def play(self, world: World) -> None:
        if world.can_act(self.who):
            world.person(self.who).send_action(self.action, str(world.concern_id or NOTHING))


NOTHING = UUID(int=0)


def channel_id(world: World, name: str) -> str:
    return next(each.id for each in world.c.workspace.channels.values() if each.name == name)


def _several(values: list[str]) -> dict[str, object]:
    return {"type": "multi_static_select", "selected_options": [{"value": value} for value in values]}
