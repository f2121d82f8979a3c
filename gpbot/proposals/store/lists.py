"""Many proposals at once, as people are shown them, and by what makes them alike."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from gpbot.proposals.models import DECIDED, HOLDS_ITS_NAME, OPEN, EventRow, ProposalRow
from gpbot.proposals.store.keyed import Keyed
from gpbot.proposals.types import EventKind, Line, Page, Similar, State

PAGE = 10


class Lists(Keyed):
    def holds_name(self, session: Session, name: str) -> bool:
        """Whether a proposal that is not decided, or whose channel is not made yet, has this name."""
        return (
            session.execute(select(ProposalRow.id).where(HOLDS_ITS_NAME, ProposalRow.name == name)).first() is not None
        )

    def open_of(self, session: Session, proposer: int, limit: int) -> Sequence[UUID]:
        return session.scalars(
            select(ProposalRow.id).where(OPEN, ProposalRow.proposer_id == proposer).limit(limit)
        ).all()

    def open_ones(self, session: Session) -> Sequence[UUID]:
        return session.scalars(select(ProposalRow.id).where(OPEN)).all()

    def for_comparison(self, session: Session, limit: int) -> list[Similar]:
        """The newest open proposals."""
        rows = session.execute(
            select(ProposalRow.name, ProposalRow.purpose, ProposalRow.topics)
            .where(OPEN)
            .order_by(ProposalRow.proposed_at.desc(), ProposalRow.id.desc())
            .limit(limit)
        )
        return [Similar(name=row.name, purpose=f"{row.purpose} {row.topics}") for row in rows]

    def open_list(self, session: Session, cursor: str | None) -> Page:
        """Newest first."""
        return self._page(session, select(ProposalRow).where(OPEN), ProposalRow.proposed_at, cursor)

    def open_among(self, session: Session, ids: Collection[UUID]) -> Page:
        query = select(ProposalRow).where(OPEN, ProposalRow.id.in_(ids))
        return self._page(session, query, ProposalRow.proposed_at, None)

    def decided_list(self, session: Session, cursor: str | None) -> Page:
        """The last decided first, with the reasons why they were declined."""
        return self._page(session, select(ProposalRow).where(DECIDED), ProposalRow.decided_at, cursor)

    def own_list(self, session: Session, proposer: int, cursor: str | None) -> Page:
        query = select(ProposalRow).where(ProposalRow.proposer_id == proposer)
        return self._page(session, query, ProposalRow.proposed_at, cursor)

    def _page(self, session: Session, query: Any, by: Any, cursor: str | None) -> Page:
        before = read_cursor(cursor)
        if before is not None:
            query = query.where(tuple_(by, ProposalRow.id) < tuple_(*map(literal, before)))
        rows: Sequence[ProposalRow] = session.scalars(
            query.order_by(by.desc(), ProposalRow.id.desc()).limit(PAGE + 1)
        ).all()
        shown = rows[:PAGE]
        declined = [row.id for row in shown if row.state == State.DECLINED]
        reasons = self._reasons(session, declined) if declined else {}
        lines = tuple(
            Line(
                id=row.id,
                name=row.name,
                purpose=row.purpose,
                state=State(row.state),
                supporters=row.supporters,
                proposed_at=row.proposed_at,
                decided_at=row.decided_at,
                channel_id=row.channel_id,
                reason=reasons.get(row.id, ""),
            )
            for row in shown
        )
        if len(rows) <= PAGE:
            return Page(lines=lines, next=None)
        last = shown[-1]
        at: datetime = getattr(last, by.key)
        return Page(lines=lines, next=f"{at.isoformat()}|{last.id}")

    def _reasons(self, session: Session, declined: Collection[UUID]) -> dict[UUID, str]:
        rows = session.execute(
            select(EventRow.proposal_id, EventRow.content).where(
                EventRow.proposal_id.in_(declined), EventRow.kind == EventKind.DECLINED.value
            )
        )
        return {proposal_id: self._content(content)["text"] for proposal_id, content in rows}


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """A page's cursor as `Page.next` gave it; anything else starts from the beginning."""
    at, _, proposal_id = (cursor or "").partition("|")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(proposal_id)) if moment.tzinfo else None
    except ValueError:
        return None
