"""What follows from every change to a proposal: its messages and Homes drawn again, and who is told."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.clock import Clock
from gpbot.home.screens import Screens
from gpbot.people import members as people
from gpbot.proposals import access as rule
from gpbot.proposals.jobs import Owed
from gpbot.proposals.store import Store
from gpbot.proposals.types import EventKind, Place, Proposal, State

STEWARD_LEFT = "A steward has left, or stepped down."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the community has set."""

    days: int  # until the deadline, and once more until it lapses
    reserved: tuple[str, ...]
    keep_concerns: timedelta  # after a proposal has ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Part of the caller's transaction, after its own change."""

    store: Store
    owed: Owed
    screens: Screens
    clock: Clock
    rules: Rules

    def present(self, session: Session, proposal_id: UUID) -> None:
        """From now on champions may approve it, and are told."""
        self.store.change(session, proposal_id, ready_at=self.clock.now())
        self.post_card(session, proposal_id)

    def post_card(self, session: Session, proposal_id: UUID) -> None:
        """The champions' card, or a new one, which is noticed where a changed one is not."""
        for message in self.store.messages(session, proposal_id, Place.CARD):
            self.owed.unsend(session, message.channel_id, message.message_ts)
            self.store.forget_message(session, message.id)
        self.owed.card(session, proposal_id, self.store.next_card(session, proposal_id))

    def note(self, session: Session, proposal: Proposal, text: str) -> None:
        self.store.write(session, proposal.id, EventKind.NOTE, at=self.clock.now(), text=text)
        self.changed(session, proposal)

    def end(self, session: Session, proposal: Proposal, state: State) -> None:
        """In any way but by being approved."""
        self.store.change(session, proposal.id, state=state.value, decided_at=self.clock.now())
        self.ended(session, proposal, state)
        self.changed(session, proposal)

    def ended(self, session: Session, proposal: Proposal, state: State) -> None:
        self.tell_state(session, proposal, state)
        self.owed.forget(session, proposal.id, self.clock.now() + self.rules.keep_concerns)

    def tell_state(self, session: Session, proposal: Proposal, state: State) -> None:
        """The proposer, and its stewards; everybody else sees it in the proposals channel."""
        for each in sorted(proposal.involved):
            self.owed.state(session, proposal.id, state, people.person_id(session, each), each)

    def changed(self, session: Session, proposal: Proposal) -> None:
        self.draw(session, proposal.id, is_new=True)
        self.redraw_homes(session, proposal)

    def draw(self, session: Session, proposal_id: UUID, *, is_new: bool = False) -> None:
        """Have its messages show it as it is: one job for each at a time, however much changes meanwhile."""
        if is_new:
            self.store.count(session, proposal_id)
        self.owed.draw(session, self.store.message_ids(session, proposal_id))

    def redraw_homes(self, session: Session, proposal: Proposal) -> None:
        roster = people.roster(session)
        deciding = roster.active_champion_ids or set(roster.active_contact_ids)
        deciders = rule.deciders(roster, proposal.involved)
        self.screens.redraw_homes(session, {*proposal.involved, *deciding, *deciders})

    def adopt(self, session: Session, proposal_id: UUID, place: Place, channel_id: str, message_ts: str) -> None:
        found = self.store.note_message(session, proposal_id, place, channel_id=channel_id, message_ts=message_ts)
        if found is not None:
            self.draw(session, proposal_id)

    def lost_steward(self, session: Session, proposal_id: UUID) -> None:
        proposal = self.store.get(session, proposal_id)
        if proposal.state is not State.OPEN:
            return
        self.note(session, proposal, STEWARD_LEFT)
        if not proposal.steward_ids and not proposal.proposer_is_here:
            self.end(session, proposal, State.LAPSED)
