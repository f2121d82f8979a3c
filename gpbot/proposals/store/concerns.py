"""Concerns about a proposal, and who may read one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey, DoesNotOpen
from gpbot.db import insert_into, table_of
from gpbot.keyring import KeyRing
from gpbot.people import members as people
from gpbot.people.known_as import KnownAs
from gpbot.people.models import Person
from gpbot.people.types import RoleHolder, Roster
from gpbot.proposals import access as rule
from gpbot.proposals.models import KEPT, ConcernMessageRow, ConcernRow, ProposalRow
from gpbot.proposals.store.keyed import Keyed
from gpbot.proposals.store.lists import PAGE
from gpbot.proposals.store.stewards import Stewards
from gpbot.proposals.types import Worry
from gpbot.refusals import NotAvailable
from gpbot.sealed.erasing import erase_case


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
class ConcernMessage:
    """A direct message that told one of a concern's readers."""

    id: int = 0  # as it is kept
    to: str  # their mark; "" where the release before did not keep it
    channel_id: str
    message_ts: str


class Concerns(Keyed, Stewards):
    def __init__(self, keyring: KeyRing, known_as: KnownAs) -> None:
        super().__init__(keyring)
        self._known_as = known_as

    def create_concern(
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
        key, sealed = self._keyring.new_data_key(session)
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
        key, content = self._keyring.open_case(concern_id, sealed_key, sealed_content)
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
        return self._keyring.stand_in({"author": "", "text": "", "out": []})

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
        erase_case(session, self._keyring, table_of(ConcernRow), concern_id)
        session.execute(update(ConcernRow).where(ConcernRow.id == concern_id).values(kept=False))

    def note_concern_message(self, session: Session, concern: Concern, told: ConcernMessage) -> None:
        content = concern.key.seal({"to": told.to, "channel": told.channel_id, "ts": told.message_ts})
        session.execute(insert(ConcernMessageRow).values(concern_id=concern.worry.id, content=content))

    def concern_messages(self, session: Session, concern: Concern) -> list[ConcernMessage]:
        """The messages that told its readers."""
        rows = session.execute(
            select(ConcernMessageRow.id, ConcernMessageRow.content).where(
                ConcernMessageRow.concern_id == concern.worry.id
            )
        )
        contents = [(number, concern.key.open(content)) for number, content in rows]
        return [
            ConcernMessage(id=number, to=content.get("to", ""), channel_id=content["channel"], message_ts=content["ts"])
            for number, content in contents
        ]

    def forget_concern_message(self, session: Session, number: int) -> None:
        session.execute(delete(ConcernMessageRow).where(ConcernMessageRow.id == number))
