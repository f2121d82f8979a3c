"""What is done with proposals: posted, supported, decided, opened; withdrawn, or lapsed when nobody decides."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.people import members as people
from gpbot.proposals.deciding import Deciding
from gpbot.proposals.proposing import Proposing
from gpbot.proposals.timers import Timers
from gpbot.proposals.types import Opens, Page, Place, Proposal, ProposalToOpen, State
from gpbot.proposals.usecases import refuse_ended
from gpbot.signals import Signal
from gpbot.text import start_of

NOT_POSTED = "It could not be posted in the proposals channel. Invite gpbot there, then press *Post it again*."
WAS_DELETED = "Its message in the proposals channel was deleted."


@dataclass(frozen=True, kw_only=True)
class Proposals(Proposing, Deciding, Timers):
    channel_opened: Signal[[Session, UUID, str]] = field(default_factory=Signal)  # proposal and channel

    def stewards(self, session: Session, proposal_id: UUID) -> tuple[str, ...]:
        """Those who are still here, in the order in which they were named."""
        return self.store.stewards(session, proposal_id)

    def open_with(self, opens: Opens) -> None:
        """Who makes the channel of what is approved."""
        self.opens[:] = [opens]

    # --- looking -------------------------------------------------------------------------------------------------

    def look(self, proposal_id: UUID) -> Proposal:
        """Everybody may. Raises NotAvailable."""
        with self.database.read() as session:
            return self.store.get(session, proposal_id)

    def keeps_concerns_until(self, proposal_id: UUID) -> datetime:
        """Raises NotAvailable."""
        proposal = self.look(proposal_id)
        return (proposal.decided_at or self.database.clock.now()) + self.rules.keep_concerns

    def look_if_open(self, proposal_id: UUID) -> Proposal:
        """Raises NotAvailable, HasEnded."""
        proposal = self.look(proposal_id)
        refuse_ended(proposal)
        return proposal

    def may_look_through(self, viewer: str) -> bool:
        """Not guests: a list of proposals tells what channels there are, which Slack does not tell them."""
        with self.database.read() as session:
            member = people.member_called(session, viewer)
            return member is not None and member.takes_part

    def open_list(self, cursor: str | None = None) -> Page:
        """Newest first, ten to a page."""
        with self.database.read() as session:
            return self.store.open_list(session, cursor)

    def decided_list(self, cursor: str | None = None) -> Page:
        """The last decided first, ten to a page, with the reasons."""
        with self.database.read() as session:
            return self.store.decided_list(session, cursor)

    # --- making the channel: part of the caller's transaction ------------------------------------------------------

    def to_open(self, session: Session, proposal_id: UUID) -> ProposalToOpen:
        """Raises NotAvailable, unless it was approved."""
        return self.store.to_open(session, proposal_id)

    def opened(self, session: Session, proposal_id: UUID, channel_id: str) -> None:
        """Its channel is there: people who see the proposal see that, and the proposer is told."""
        if self._made(session, proposal_id, State.OPENED, channel_id=channel_id, code=None):
            self.channel_opened.send(session, proposal_id, channel_id)

    def could_not_open(self, session: Session, proposal_id: UUID, code: str) -> None:
        """`code` is Slack's. It may still be opened later."""
        self._made(session, proposal_id, State.STUCK, code=start_of(code, 100))

    def renamed(self, session: Session, proposal_id: UUID, name: str) -> bool:
        """Its channel is to be called so; False when another proposal has that name."""
        if self.store.holds_name(session, name):
            return False
        self.store.change(session, proposal_id, name=name)
        proposal = self.store.get(session, proposal_id)
        self.changes.note(session, proposal, f"The champions open it as #{name}.")
        return True

    def _made(self, session: Session, proposal_id: UUID, state: State, **columns: str | None) -> bool:
        """False when that is known."""
        proposal = self.store.get(session, proposal_id, to_write=True)
        if proposal.state not in {State.APPROVED, State.STUCK} or proposal.state is state:
            return False
        self.store.change(session, proposal_id, state=state.value, **columns)
        self.changes.tell_state(session, proposal, state)
        self.changes.changed(session, proposal)
        return True

    # --- messages in channels: part of the caller's transaction ------------------------------------------------------

    def note_message(
        self, session: Session, proposal: Proposal, place: Place, *, channel_id: str, message_ts: str, shows: int | None
    ) -> None:
        """A message stands there that shows version `shows`."""
        known = self.store.note_message(session, proposal.id, place, channel_id=channel_id, message_ts=message_ts)
        if known is not None and shows != proposal.version:
            self.changes.draw(session, proposal.id)

    def adopt(self, proposal_id: UUID, place: Place, channel_id: str, message_ts: str) -> None:
        """A button was pressed on this message: one that was sent twice is kept in step from now on."""
        with self.database.begin() as session:
            if self.store.find(session, proposal_id) is not None:
                self.changes.adopt(session, proposal_id, place, channel_id, message_ts)

    def missing(self, session: Session, proposal: Proposal, words: str) -> None:
        """It is not in the proposals channel; those who can put it there are told."""
        if proposal.state is State.OPEN and not proposal.is_missing:
            self.store.change(session, proposal.id, is_missing=True)
            self.changes.note(session, proposal, words)
            if proposal.card == 0:
                self.changes.post_card(session, proposal.id)
