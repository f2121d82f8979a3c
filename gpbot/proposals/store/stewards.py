"""Who looks after a channel that is proposed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from gpbot.people.models import HERE, Person
from gpbot.proposals.models import OPEN, ProposalRow, StewardRow


class Stewards:
    def stewards(self, session: Session, proposal_id: UUID) -> tuple[str, ...]:
        """Those who are still here, in the order in which they were named."""
        rows = session.scalars(
            select(Person.slack_id)
            .join(StewardRow, StewardRow.person_id == Person.id)
            .where(StewardRow.proposal_id == proposal_id, HERE)
            .order_by(StewardRow.position)
        )
        return tuple(rows)

    def add_stewards(self, session: Session, proposal_id: UUID, person_ids: Sequence[int]) -> None:
        rows = [
            {"proposal_id": proposal_id, "person_id": person_id, "position": position}
            for position, person_id in enumerate(person_ids)
        ]
        if rows:
            session.execute(insert(StewardRow), rows)

    def remove_steward(self, session: Session, proposal_id: UUID, person_id: int) -> bool:
        gone = delete(StewardRow).where(StewardRow.proposal_id == proposal_id, StewardRow.person_id == person_id)
        return session.execute(gone.returning(StewardRow.person_id)).first() is not None

    def steward_of(self, session: Session, person_id: int) -> Sequence[UUID]:
        """Open proposals."""
        return session.scalars(
            select(ProposalRow.id)
            .join(StewardRow, StewardRow.proposal_id == ProposalRow.id)
            .where(OPEN, StewardRow.person_id == person_id)
        ).all()
