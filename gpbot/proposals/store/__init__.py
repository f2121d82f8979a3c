"""Every query about proposals, and who may read a concern about one."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gpbot.db import insert_into
from gpbot.keyring import KeyRing
from gpbot.people import members as people
from gpbot.people.known_as import KnownAs
from gpbot.people.models import HERE, Person
from gpbot.proposals import access as rule
from gpbot.proposals.models import WANTS_IN, EventRow, ProposalRow, SupporterRow
from gpbot.proposals.store.concerns import Concern, ConcernMessage, Concerns
from gpbot.proposals.store.lists import Lists
from gpbot.proposals.store.messages import Messages
from gpbot.proposals.store.supporting import Supporting
from gpbot.proposals.types import Event, EventKind, Proposal, ProposalToOpen, State
from gpbot.refusals import NotAvailable

__all__ = ["Concern", "ConcernMessage", "Store"]


class Store(Concerns, Lists, Messages, Supporting):
    """Of one proposal, and what was said about it; its other parts are in the files beside this one."""

    def __init__(self, keyring: KeyRing, known_as: KnownAs, *, threshold: int, approvals: int) -> None:
        """`threshold` is how many supporters it takes before champions may approve, `approvals` how many of these."""
        super().__init__(keyring, known_as)
        self.threshold = threshold
        self._approvals = approvals

    def find(self, session: Session, proposal_id: UUID, *, to_write: bool = False) -> Proposal | None:
        query = (
            select(ProposalRow, Person.slack_id, Person.deactivated)
            .join(Person, Person.id == ProposalRow.proposer_id)
            .where(ProposalRow.id == proposal_id)
        )
        if to_write:
            query = query.with_for_update(of=ProposalRow)
        found = session.execute(query.execution_options(populate_existing=True)).one_or_none()
        if found is None:
            return None
        row, proposer_id, has_left = found
        stewards = self.stewards(session, proposal_id)
        events = self._events(session, proposal_id)
        roster = people.roster(session)
        return Proposal(
            id=row.id,
            name=row.name,
            purpose=row.purpose,
            topics=row.topics,
            proposer_id=proposer_id,
            proposer_is_here=not has_left,
            steward_ids=stewards,
            state=State(row.state),
            supporters=row.supporters,
            wanting=row.wanting,
            threshold=self.threshold,
            approvals_needed=rule.needed(roster, {proposer_id, *stewards}, self._approvals),
            proposed_at=row.proposed_at,
            deadline_at=row.deadline_at,
            is_ready=row.ready_at is not None,
            decided_at=row.decided_at,
            channel_id=row.channel_id,
            code=row.code,
            is_missing=row.is_missing,
            events=events,
            version=row.version,
            card=row.card,
            post=row.post,
            approvers=_approvers(events, rule.deciders(roster, {proposer_id, *stewards})),
        )

    def get(self, session: Session, proposal_id: UUID, *, to_write: bool = False) -> Proposal:
        """Raises NotAvailable."""
        found = self.find(session, proposal_id, to_write=to_write)
        if found is None:
            raise NotAvailable
        return found

    def to_open(self, session: Session, proposal_id: UUID) -> ProposalToOpen:
        """Raises NotAvailable, unless it was approved."""
        row = session.execute(select(ProposalRow).where(ProposalRow.id == proposal_id)).scalar_one_or_none()
        if row is None or row.approved_at is None:
            raise NotAvailable
        proposer = session.execute(select(Person.slack_id).where(Person.id == row.proposer_id)).scalar_one()
        wants_in = session.scalars(
            select(Person.slack_id)
            .join(SupporterRow, SupporterRow.person_id == Person.id)
            .where(SupporterRow.proposal_id == proposal_id, WANTS_IN, HERE)
            .order_by(Person.id)
        )
        return ProposalToOpen(
            id=row.id,
            name=row.name,
            topic=" ".join(row.topics.split()),
            purpose=" ".join(row.purpose.split()),
            proposer_id=proposer,
            steward_ids=self.stewards(session, proposal_id),
            wants_in=tuple(wants_in),
            approved_at=row.approved_at,
        )

    def create(self, session: Session, proposal_id: UUID, proposer: int, **columns: Any) -> bool:
        """False when there is one of this id."""
        fresh = insert_into(session)(ProposalRow).values(
            id=proposal_id,
            proposer_id=proposer,
            state=State.OPEN.value,
            supporters=0,
            wanting=0,
            version=0,
            card=0,
            post=1,
            is_missing=False,
            **columns,
        )
        put = fresh.on_conflict_do_nothing(index_elements=["id"]).returning(ProposalRow.id)
        return session.execute(put).first() is not None

    def change(self, session: Session, proposal_id: UUID, **columns: Any) -> None:
        session.execute(update(ProposalRow).where(ProposalRow.id == proposal_id).values(**columns))

    def next_card(self, session: Session, proposal_id: UUID) -> int:
        turned = update(ProposalRow).where(ProposalRow.id == proposal_id).values(card=ProposalRow.card + 1)
        return session.execute(turned.returning(ProposalRow.card)).scalar_one()

    def next_post(self, session: Session, proposal_id: UUID) -> int:
        turned = update(ProposalRow).where(ProposalRow.id == proposal_id).values(post=ProposalRow.post + 1)
        return session.execute(turned.returning(ProposalRow.post)).scalar_one()

    def write(
        self,
        session: Session,
        proposal_id: UUID,
        kind: EventKind,
        *,
        at: datetime,
        text: str = "",
        by: str = "",
        once: str = "",
    ) -> int | None:
        """The new event's row; None when `once`, which tells one act from another, was written before."""
        fresh = insert_into(session)(EventRow).values(
            proposal_id=proposal_id,
            at=at,
            kind=kind.value,
            content=self._keyring.box.seal({"by": by, "text": text}),
            once=self._keyring.hash("once of proposal", once) if once else None,
        )
        put = fresh.on_conflict_do_nothing(index_elements=["once"]).returning(EventRow.id)
        return session.execute(put).scalar_one_or_none()

    def _events(self, session: Session, proposal_id: UUID) -> tuple[Event, ...]:
        """Oldest first."""
        rows = session.execute(
            select(EventRow.id, EventRow.at, EventRow.kind, EventRow.content)
            .where(EventRow.proposal_id == proposal_id)
            .order_by(EventRow.id)
        )
        events = []
        for number, row in enumerate(rows, 1):
            content = self._content(row.content)
            kind = EventKind(row.kind)
            said = {"by": content["by"], "text": content["text"]}
            events.append(Event(id=number, row=row.id, at=row.at, kind=kind, **said))
        return tuple(events)


def _approvers(events: Iterable[Event], deciders: Collection[str]) -> tuple[str, ...]:
    given = [event.by for event in events if event.kind is EventKind.APPROVED and event.by in deciders]
    return tuple(dict.fromkeys(given))
