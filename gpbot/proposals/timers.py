"""What happens to proposals as time passes and people leave."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.people.types import Member
from gpbot.proposals.types import EventKind, State
from gpbot.proposals.usecases import MOST_OPEN, UseCases

PROPOSER_LEFT = "Who proposed it has left."
TIME_IS_OVER = "Its time is over. Without a decision it ends on {date}."


class Timers(UseCases):
    def left(self, session: Session, member: Member) -> None:
        """Their support counts no more; what they proposed goes on while there is a steward."""
        for proposal_id, supporters, wanting in self.store.take_back(session, member.person_id):
            self.store.count(session, proposal_id, supporters=-supporters, wanting=-wanting)
            self.changes.draw(session, proposal_id)
        for proposal_id in self.store.steward_of(session, member.person_id):
            self.store.remove_steward(session, proposal_id, member.person_id)
            self.changes.lost_steward(session, proposal_id)
        for proposal_id in self.store.open_of(session, member.person_id, MOST_OPEN) if member.deactivated else ():
            proposal = self.store.get(session, proposal_id)
            self.changes.note(session, proposal, PROPOSER_LEFT)
            if not proposal.steward_ids:
                self.changes.end(session, proposal, State.LAPSED)

    def deadline(self, proposal_id: UUID) -> None:
        """Its time is over: champions may approve it whatever its support, and are reminded."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            proposal = self.store.find(session, proposal_id, to_write=True)
            if proposal is None or proposal.state is not State.OPEN or proposal.deadline_at > now:
                return
            ends = now + timedelta(days=self.rules.days)
            text = TIME_IS_OVER.format(date=f"{ends.day} {ends:%B}")
            once = f"deadline:{proposal_id}"
            if self.store.write(session, proposal_id, EventKind.NOTE, at=now, text=text, once=once) is None:
                return
            self.owed.lapse(session, proposal_id, ends)
            self.changes.changed(session, proposal)
            self.changes.present(session, proposal_id)

    def lapse(self, proposal_id: UUID) -> None:
        with self.database.begin() as session:
            proposal = self.store.find(session, proposal_id, to_write=True)
            if proposal is not None and proposal.state is State.OPEN:
                self.changes.end(session, proposal, State.LAPSED)

    def roster_changed(self) -> None:
        """How many approvals it takes may be another number now."""
        with self.database.read() as session:
            waiting = self.store.open_ones(session)
        for proposal_id in waiting:
            with self.database.begin() as session:
                self.changes.draw(session, proposal_id, is_new=True)
