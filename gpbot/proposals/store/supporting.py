"""Who supports a proposal, and wants to be added when its channel opens."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.people import members as people
from gpbot.people.models import Person
from gpbot.people.types import Member
from gpbot.proposals.models import OPEN, ProposalMessageRow, ProposalRow, SupporterRow
from gpbot.proposals.types import Standing, State
from gpbot.refusals import NotAvailable

# Built once: they are what a press of a button runs, and building one costs more than running it.
_PROPOSALS, _SUPPORTERS, _MESSAGES = table_of(ProposalRow), table_of(SupporterRow), table_of(ProposalMessageRow)
_PEOPLE = table_of(Person)
_GATHERING = (
    select(
        _PROPOSALS.c.state,
        _PROPOSALS.c.proposer_id,
        _PROPOSALS.c.ready_at,
        exists()
        .where(_MESSAGES.c.channel_id == bindparam("channel"), _MESSAGES.c.message_ts == bindparam("ts"))
        .label("is_known"),
        *(_PEOPLE.c[name] for name in people.MEMBER_FIELDS),
    )
    .select_from(_PROPOSALS.outerjoin(_PEOPLE, _PEOPLE.c.slack_id == bindparam("slack_id")))
    .where(_PROPOSALS.c.id == bindparam("proposal"))
)
_COUNT = (
    update(_PROPOSALS)
    .where(_PROPOSALS.c.id == bindparam("proposal"))
    .values(
        supporters=_PROPOSALS.c.supporters + bindparam("more_supporters"),
        wanting=_PROPOSALS.c.wanting + bindparam("more_wanting"),
        version=_PROPOSALS.c.version + 1,
    )
    .returning(_PROPOSALS.c.supporters)
)
_STANDING = select(_SUPPORTERS.c.supports, _SUPPORTERS.c.wants_in).where(
    _SUPPORTERS.c.proposal_id == bindparam("proposal"), _SUPPORTERS.c.person_id == bindparam("person")
)


def _turning(insert_of: Any, column: str) -> Any:
    put = insert_of(_SUPPORTERS).values(
        {name: bindparam(f"new_{name}") for name in ("proposal_id", "person_id", "supports", "wants_in", "click")}
    )
    return put.on_conflict_do_update(
        index_elements=["proposal_id", "person_id"],
        set_={column: ~_SUPPORTERS.c[column], "click": put.excluded.click},
        where=_SUPPORTERS.c.click != put.excluded.click,
    ).returning(_SUPPORTERS.c.supports, _SUPPORTERS.c.wants_in)


_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_TURN = {
    (name, column): _turning(insert_of, column)
    for name, insert_of in _INSERTS.items()
    for column in ("supports", "wants_in")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """The little of a proposal that a click on *Support* needs."""

    state: State
    proposer: int
    is_ready: bool
    is_known: bool  # the message that was pressed
    member: Member | None  # who pressed


class Supporting:
    def gathering(
        self, session: Session, proposal_id: UUID, slack_id: str, *, channel_id: str = "", message_ts: str = ""
    ) -> Gathering:
        """Of a press by this person, on this message. Raises NotAvailable."""
        asked = {"proposal": proposal_id, "slack_id": slack_id, "channel": channel_id, "ts": message_ts}
        row = session.execute(_GATHERING, asked).one_or_none()
        if row is None:
            raise NotAvailable
        return Gathering(
            state=State(row.state),
            proposer=row.proposer_id,
            is_ready=row.ready_at is not None,
            is_known=row.is_known,
            member=people.member_of(row) if row.id is not None else None,
        )

    def turn(self, session: Session, proposal_id: UUID, person_id: int, *, column: str, click: str) -> Standing | None:
        """Turn `supports` or `wants_in` of this person; their status now. None when it is the same click again."""
        values: dict[str, Any] = {"proposal_id": proposal_id, "person_id": person_id, "click": click}
        values |= {"supports": False, "wants_in": False, column: True}
        turned = _TURN[session.get_bind().dialect.name, column]
        row = session.execute(turned, {f"new_{name}": value for name, value in values.items()}).one_or_none()
        return Standing(supports=row.supports, wants_in=row.wants_in) if row is not None else None

    def standing(self, session: Session, proposal_id: UUID, person_id: int) -> Standing:
        row = session.execute(_STANDING, {"proposal": proposal_id, "person": person_id}).one_or_none()
        return Standing(supports=row is not None and row.supports, wants_in=row is not None and row.wants_in)

    def count(self, session: Session, proposal_id: UUID, *, supporters: int = 0, wanting: int = 0) -> int:
        """Change the counts by so many; how many supporters there are now. Its messages are to be drawn again."""
        more = {"proposal": proposal_id, "more_supporters": supporters, "more_wanting": wanting}
        counted: int = session.execute(_COUNT, more).scalar_one()
        return counted

    def take_back(self, session: Session, person_id: int) -> list[tuple[UUID, int, int]]:
        """Whatever this person supports of what is open, they do no more: proposal, supporters and wanting less."""
        still = (
            select(SupporterRow.proposal_id, SupporterRow.supports, SupporterRow.wants_in)
            .join(ProposalRow, ProposalRow.id == SupporterRow.proposal_id)
            .where(SupporterRow.person_id == person_id, OPEN, SupporterRow.supports | SupporterRow.wants_in)
        )
        found = [(row[0], int(row[1]), int(row[2])) for row in session.execute(still)]
        if found:
            ids = [proposal_id for proposal_id, _, _ in found]
            session.execute(
                update(SupporterRow)
                .where(SupporterRow.person_id == person_id, SupporterRow.proposal_id.in_(ids))
                .values(supports=False, wants_in=False)
            )
        return found
