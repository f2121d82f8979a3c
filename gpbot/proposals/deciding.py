"""What champions do with proposals: they ask, approve, decline, and post one again."""

from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.people import members as people
from gpbot.people.types import Roster
from gpbot.proposals import access as rule
from gpbot.proposals.types import EventKind, ForDeciders, NotReady, OwnProposal, Page, Proposal, State
from gpbot.proposals.usecases import MOST_OPEN, UseCases, refuse_blank, refuse_ended, refuse_unseen


class Deciding(UseCases):
    def look_to_decide(self, viewer: str, proposal_id: UUID) -> Proposal:
        """Raises as `ask`."""
        with self.database.read() as session:
            proposal = self._to_decide(session, viewer, proposal_id, to_write=False)
            refuse_ended(proposal, but=State.STUCK)
            return proposal

    def decides(self, viewer: str, proposal: Proposal) -> bool:
        with self.database.read() as session:
            return viewer in rule.deciders(people.roster(session), proposal.involved)

    def sees_all(self, viewer: str) -> bool:
        """Whether they are shown what champions and proposers write to one another."""
        with self.database.read() as session:
            return rule.sees_all(people.roster(session), viewer)

    def waiting(self, viewer: str) -> Page:
        """The newest open proposals, for those who see all of them; for a contact, those no champion may decide."""
        with self.database.read() as session:
            roster = people.roster(session)
            if rule.sees_all(roster, viewer):
                return self.store.open_list(session, None)
            if roster.role_of(viewer) is None:
                return Page(lines=(), next=None)
            return self.store.open_among(session, self._left_to(session, roster, viewer))

    def approve(self, viewer: str, proposal_id: UUID, *, seen: int | None = None) -> Proposal:
        """One approval; with as many as are needed its channel is made.

        `seen`: the newest event they were shown; None where that is not known, as in messages of earlier releases.
        Raises ForDeciders, OwnProposal, NotReady, HasEnded, NotAvailable, WrittenSince.
        """
        now = self.database.clock.now()
        with self.database.begin() as session:
            proposal = self._to_decide(session, viewer, proposal_id)
            if proposal.state in {State.APPROVED, State.STUCK, State.OPENED}:
                return proposal
            refuse_ended(proposal)
            if not proposal.is_ready:
                raise NotReady
            refuse_unseen(proposal, seen, viewer)
            if viewer not in proposal.approvers:
                self.store.write(session, proposal_id, EventKind.APPROVED, at=now, by=viewer)
                self.audit.record(session, actor=viewer, act=f"proposal.approved:{proposal_id}")
                proposal = self.store.get(session, proposal_id)
            if len(proposal.approvers) >= proposal.approvals_needed:
                self.store.change(session, proposal_id, state=State.APPROVED.value, decided_at=now, approved_at=now)
                self.changes.ended(session, proposal, State.APPROVED)
                for each in self.opens:
                    each.begin(session, proposal_id)
            self.changes.changed(session, proposal)
            return self.store.get(session, proposal_id)

    def ask(self, viewer: str, proposal_id: UUID, text: str, *, once: str = "") -> Proposal:
        """A question to the proposer. Raises as `approve`, and NothingWritten."""
        refuse_blank(text)
        with self.database.begin() as session:
            proposal = self._to_decide(session, viewer, proposal_id)
            refuse_ended(proposal)
            event = self.store.write(
                session, proposal_id, EventKind.ASKED, at=self.database.clock.now(), text=text, by=viewer, once=once
            )
            addressee = proposal.proposer_id if proposal.proposer_is_here else next(iter(proposal.steward_ids), None)
            if event is not None:
                if addressee is not None:
                    self.owed.question(session, proposal_id, event, people.person_id(session, addressee), addressee)
                self.audit.record(session, actor=viewer, act=f"proposal.asked:{proposal_id}")
                self.changes.changed(session, proposal)
            return self.store.get(session, proposal_id)

    def decline(
        self, viewer: str, proposal_id: UUID, reason: str, *, seen: int | None = None, once: str = ""
    ) -> Proposal:
        """With a reason that everybody can read; also one whose channel could not be made.

        `seen` as for `approve`. Raises as `approve`, and NothingWritten.
        """
        refuse_blank(reason)
        now = self.database.clock.now()
        with self.database.begin() as session:
            proposal = self._to_decide(session, viewer, proposal_id)
            if proposal.state is State.DECLINED:
                return proposal
            refuse_ended(proposal, but=State.STUCK)
            refuse_unseen(proposal, seen, viewer)
            if proposal.state is State.STUCK:
                for each in self.opens:
                    each.give_up(session, proposal_id)
            self.store.write(session, proposal_id, EventKind.DECLINED, at=now, text=reason, by=viewer, once=once)
            self.audit.record(session, actor=viewer, act=f"proposal.declined:{proposal_id}")
            self.changes.end(session, proposal, State.DECLINED)
            return self.store.get(session, proposal_id)

    def post_again(self, viewer: str, proposal_id: UUID) -> None:
        """In the proposals channel, where it is missing. Raises ForDeciders, HasEnded, NotAvailable."""
        with self.database.begin() as session:
            proposal = self.store.get(session, proposal_id, to_write=True)
            if not rule.sees_all(people.roster(session), viewer):
                raise ForDeciders
            refuse_ended(proposal)
            if proposal.is_missing:
                self.store.change(session, proposal_id, is_missing=False)
                self.owed.post(session, proposal_id, self.store.next_post(session, proposal_id))
                self.changes.changed(session, proposal)

    def _to_decide(self, session: Session, viewer: str, proposal_id: UUID, *, to_write: bool = True) -> Proposal:
        """Raises NotAvailable, ForDeciders, OwnProposal."""
        proposal = self.store.get(session, proposal_id, to_write=to_write)
        roster = people.roster(session)
        if viewer not in rule.deciders(roster, proposal.involved):
            raise OwnProposal if viewer in proposal.involved and rule.sees_all(roster, viewer) else ForDeciders
        return proposal

    def _left_to(self, session: Session, roster: Roster, contact: str) -> list[UUID]:
        """Every champion proposed them or is a steward, so that any one of them leads there."""
        member = people.member_called(session, min(roster.active_champion_ids))
        if member is None:
            return []
        theirs = {
            *self.store.open_of(session, member.person_id, MOST_OPEN),
            *self.store.steward_of(session, member.person_id),
        }
        return [each for each in theirs if contact in rule.deciders(roster, self.store.get(session, each).involved)]
