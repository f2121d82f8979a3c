"""Every query about proposals, and who may read a concern about one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, insert, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey, DoesNotOpen
from gpbot.db import insert_into, table_of
from gpbot.keyring import KeyRing
from gpbot.people import store as people
from gpbot.people.known_as import KnownAs
from gpbot.people.models import HERE, Person
from gpbot.people.types import Member, RoleHolder, Roster
from gpbot.proposals import access as rule
from gpbot.proposals.models import (
    DECIDED,
    HOLDS_ITS_NAME,
    KEPT,
    OPEN,
    WANTS_IN,
    ConcernMessageRow,
    ConcernRow,
    EventRow,
    ProposalMessageRow,
    ProposalRow,
    StewardRow,
    SupporterRow,
)
from gpbot.proposals.types import (
    Event,
    EventKind,
    Line,
    Page,
    Place,
    Proposal,
    ProposalToOpen,
    Similar,
    Standing,
    State,
    Worry,
)
from gpbot.refusals import NotAvailable

PAGE = 10

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
_MESSAGES_OF = select(_MESSAGES.c.id).where(_MESSAGES.c.proposal_id == bindparam("proposal"))
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


def _noting(insert_of: Any) -> Any:
    put = insert_of(_MESSAGES).values(
        {name: bindparam(f"new_{name}") for name in ("proposal_id", "place", "channel_id", "message_ts")}
    )
    put = put.on_conflict_do_nothing(index_elements=["channel_id", "message_ts"])
    return put.returning(_MESSAGES.c.id)


_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_TURN = {
    (name, column): _turning(insert_of, column)
    for name, insert_of in _INSERTS.items()
    for column in ("supports", "wants_in")
}
_NOTE_MESSAGE = {name: _noting(insert_of) for name, insert_of in _INSERTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """The little of a proposal that a click on *Support* needs."""

    state: State
    proposer: int
    is_ready: bool
    is_known: bool  # the message that was pressed
    member: Member | None  # who pressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: int
    proposal_id: UUID
    place: Place
    channel_id: str
    message_ts: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Concern:
    """A concern that was opened: made by the store alone."""

    worry: Worry
    readers: tuple[str, ...]
    named: tuple[RoleHolder, ...]  # champions and contacts whom its words name
    involved: frozenset[str]  # who proposed it or is its steward, or was, or was named, when it was written
    roster: Roster
    key: DataKey


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Told:
    """A direct message that told one of a concern's readers."""

    id: int = 0  # as it is kept
    to: str  # their mark; "" where the release before did not keep it
    channel_id: str
    message_ts: str


class Store:
    def __init__(self, keyring: KeyRing, known_as: KnownAs, *, threshold: int, approvals: int) -> None:
        """`threshold` is how many supporters it takes before champions may approve, `approvals` how many of these."""
        self._keyring = keyring
        self._known_as = known_as
        self.threshold = threshold
        self._approvals = approvals

    def id_for(self, what: str, person: str, form_id: str) -> UUID:
        """One form is one proposal (or concern), however often it is sent, and nobody's but the sender's."""
        return UUID(bytes=self._keyring.hash(what, f"{person}:{form_id}")[:16])

    # --- one proposal --------------------------------------------------------------------------------------------

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

    def stewards(self, session: Session, proposal_id: UUID) -> tuple[str, ...]:
        """Those who are still here, in the order in which they were named."""
        rows = session.scalars(
            select(Person.slack_id)
            .join(StewardRow, StewardRow.person_id == Person.id)
            .where(StewardRow.proposal_id == proposal_id, HERE)
            .order_by(StewardRow.position)
        )
        return tuple(rows)

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

    def mark(self, session: Session, proposal_id: UUID, **columns: Any) -> None:
        session.execute(update(ProposalRow).where(ProposalRow.id == proposal_id).values(**columns))

    def next_card(self, session: Session, proposal_id: UUID) -> int:
        turned = update(ProposalRow).where(ProposalRow.id == proposal_id).values(card=ProposalRow.card + 1)
        return session.execute(turned.returning(ProposalRow.card)).scalar_one()

    def next_post(self, session: Session, proposal_id: UUID) -> int:
        turned = update(ProposalRow).where(ProposalRow.id == proposal_id).values(post=ProposalRow.post + 1)
        return session.execute(turned.returning(ProposalRow.post)).scalar_one()

    # --- many of them --------------------------------------------------------------------------------------------

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

    def steward_of(self, session: Session, person_id: int) -> Sequence[UUID]:
        """Open proposals."""
        return session.scalars(
            select(ProposalRow.id)
            .join(StewardRow, StewardRow.proposal_id == ProposalRow.id)
            .where(OPEN, StewardRow.person_id == person_id)
        ).all()

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

    # --- supporting ----------------------------------------------------------------------------------------------

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

    # --- what was said -------------------------------------------------------------------------------------------

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
        """The new event's id; None when `once`, which tells one act from another, was written before."""
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
        for row in rows:
            content = self._content(row.content)
            kind = EventKind(row.kind)
            events.append(Event(id=row.id, at=row.at, kind=kind, by=content["by"], text=content["text"]))
        return tuple(events)

    def _content(self, sealed: bytes) -> Mapping[str, Any]:
        return self._keyring.box.open(sealed)

    # --- messages in channels ------------------------------------------------------------------------------------

    def note_message(
        self, session: Session, proposal_id: UUID, place: Place, *, channel_id: str, message_ts: str
    ) -> int | None:
        """Its id; None when it is known."""
        values: dict[str, Any] = {"proposal_id": proposal_id, "place": place.value, "channel_id": channel_id}
        values |= {"message_ts": message_ts}
        noting = _NOTE_MESSAGE[session.get_bind().dialect.name]
        row = session.execute(noting, {f"new_{name}": value for name, value in values.items()}).one_or_none()
        return None if row is None else int(row.id)

    def message(self, session: Session, number: int) -> Message | None:
        row = session.get(ProposalMessageRow, number, populate_existing=True)
        return _message(row) if row is not None else None

    def messages(self, session: Session, proposal_id: UUID, place: Place) -> list[Message]:
        rows = session.scalars(
            select(ProposalMessageRow).where(
                ProposalMessageRow.proposal_id == proposal_id, ProposalMessageRow.place == place.value
            )
        )
        return [_message(row) for row in rows]

    def forget_message(self, session: Session, number: int) -> None:
        session.execute(delete(ProposalMessageRow).where(ProposalMessageRow.id == number))

    def message_ids(self, session: Session, proposal_id: UUID) -> Sequence[int]:
        return session.execute(_MESSAGES_OF, {"proposal": proposal_id}).scalars().all()

    # --- concerns ------------------------------------------------------------------------------------------------

    def keep_concern(
        self,
        session: Session,
        concern_id: UUID,
        proposal_id: UUID,
        author: str,
        text: str,
        *,
        out: Collection[str],
        allowed: Collection[str],
        at: datetime,
    ) -> bool:
        """`out` never read it, whatever they are called, or have to do with the proposal, later.

        `allowed` read it although the words name them.

        False when it was kept before.
        """
        key, sealed = self._keyring.vault.new_data_key()
        fresh = insert_into(session)(ConcernRow).values(
            id=concern_id,
            proposal_id=proposal_id,
            key=sealed,
            content=key.seal({"author": author, "text": text, "out": sorted(out), "allowed": sorted(allowed)}),
            at=at,
            kept=True,
        )
        put = fresh.on_conflict_do_nothing(index_elements=["id"]).returning(ConcernRow.id)
        return session.execute(put).first() is not None

    def concern(self, session: Session, concern_id: UUID, *, to_write: bool = False) -> Concern | None:
        """None when it has ended, after the same work as when it has not. Raises DoesNotOpen."""
        query = select(ConcernRow).where(ConcernRow.id == concern_id, KEPT)
        row = session.execute(query.with_for_update() if to_write else query).scalar_one_or_none()
        sealed_key, sealed_content = (row.key, row.content) if row else self._nothing
        key = self._keyring.vault.open_data_key(sealed_key)
        content = key.open(sealed_content)
        proposal_id = row.proposal_id if row else concern_id  # which is no proposal's
        found = session.execute(
            select(Person.slack_id, ProposalRow.name)
            .join(ProposalRow, ProposalRow.proposer_id == Person.id)
            .where(ProposalRow.id == proposal_id)
        ).one_or_none()
        stewards = self.stewards(session, proposal_id)
        roster = people.roster(session)
        named = self._known_as.mentioned(session, content.get("text", ""), roster.everyone)
        if row is None or found is None:
            return None
        proposer, name = found
        involved = frozenset({proposer, *stewards, *content.get("out", ())})
        return Concern(
            worry=Worry(
                id=concern_id,
                proposal_id=row.proposal_id,
                proposal_name=name,
                author=content["author"],
                at=row.at,
                text=content["text"],
            ),
            readers=rule.readers(
                roster,
                {*involved, content["author"], *({each.slack_id for each in named} - set(content.get("allowed", ())))},
            ),
            named=named,
            involved=involved,
            roster=roster,
            key=key,
        )

    @cached_property
    def _nothing(self) -> tuple[bytes, bytes]:
        """A key and what it seals, opened in place of those that are not there."""
        key, sealed = self._keyring.vault.new_data_key()
        return sealed, key.seal({"author": "", "text": "", "out": []})

    def open_concern(self, session: Session, concern_id: UUID, viewer: str, *, to_write: bool = False) -> Concern:
        """Raises NotAvailable, in the same words whether it is not theirs, has ended, or never was."""
        concern = self.concern(session, concern_id, to_write=to_write)
        if concern is None or viewer not in concern.readers:
            raise NotAvailable
        return concern

    def concerns_for(self, session: Session, viewer: str, proposal_id: UUID | None = None) -> list[Worry]:
        """Those this viewer may read, newest first, at most a page."""
        found: list[Worry] = []
        for concern_id in self.kept_concerns(session, proposal_id):
            try:
                concern = self.concern(session, concern_id)
            except DoesNotOpen:
                continue  # one that is damaged must not hide the others
            if concern is not None and viewer in concern.readers:
                found.append(concern.worry)
                if len(found) == PAGE:
                    break
        return found

    def kept_concerns(self, session: Session, proposal_id: UUID | None = None) -> Sequence[UUID]:
        """Newest first."""
        query = select(ConcernRow.id).where(KEPT)
        if proposal_id is not None:
            query = query.where(ConcernRow.proposal_id == proposal_id)
        return session.scalars(query.order_by(ConcernRow.at.desc(), ConcernRow.id.desc())).all()

    def erase_concern(self, session: Session, concern_id: UUID) -> None:
        session.execute(delete(ConcernMessageRow).where(ConcernMessageRow.concern_id == concern_id))
        session.execute(update(ConcernRow).where(ConcernRow.id == concern_id).values(key=b"", content=b"", kept=False))

    def note_told(self, session: Session, concern: Concern, told: Told) -> None:
        content = concern.key.seal({"to": told.to, "channel": told.channel_id, "ts": told.message_ts})
        session.execute(insert(ConcernMessageRow).values(concern_id=concern.worry.id, content=content))

    def told(self, session: Session, concern: Concern) -> list[Told]:
        """The messages that told its readers."""
        rows = session.execute(
            select(ConcernMessageRow.id, ConcernMessageRow.content).where(
                ConcernMessageRow.concern_id == concern.worry.id
            )
        )
        contents = [(number, concern.key.open(content)) for number, content in rows]
        return [
            Told(id=number, to=content.get("to", ""), channel_id=content["channel"], message_ts=content["ts"])
            for number, content in contents
        ]

    def forget_told(self, session: Session, number: int) -> None:
        session.execute(delete(ConcernMessageRow).where(ConcernMessageRow.id == number))

    def reseal(self, session: Session, concern_id: UUID) -> None:
        """Put this concern's key, itself unchanged, under the newest master key."""
        row = session.get(ConcernRow, concern_id, with_for_update=True)
        if row is not None and row.kept:
            row.key = self._keyring.vault.reseal(row.key)


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """A page's cursor as `Page.next` gave it; anything else starts from the beginning."""
    at, _, proposal_id = (cursor or "").partition("|")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(proposal_id)) if moment.tzinfo else None
    except ValueError:
        return None


def _approvers(events: Iterable[Event], deciders: Collection[str]) -> tuple[str, ...]:
    given = [event.by for event in events if event.kind is EventKind.APPROVED and event.by in deciders]
    return tuple(dict.fromkeys(given))


def _message(row: ProposalMessageRow) -> Message:
    return Message(
        id=row.id,
        proposal_id=row.proposal_id,
        place=Place(row.place),
        channel_id=row.channel_id,
        message_ts=row.message_ts,
    )
