"""How a channel is opened: one step after the other, each on disk before the next is enqueued."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.opening import store
from gpbot.opening.jobs import Owed
from gpbot.opening.steps import Step, following, goes_on
from gpbot.opening.types import (
    At,
    BelongsToAnother,
    HasItsChannel,
    Involved,
    IsOpen,
    NameNotPossible,
    NotStuck,
    NotThere,
    Opening,
    Proposals,
    PublicChannel,
    PublicChannels,
    Standing,
    State,
    StillArchived,
    There,
    WasGivenUp,
)
from gpbot.outbox.types import Receipt
from gpbot.people import members as people
from gpbot.people.types import NotOnRoster
from gpbot.proposals import access as rule
from gpbot.proposals.types import MOST_NAME, ProposalToOpen
from gpbot.refusals import NotAvailable

_NAME = re.compile(rf"[a-z0-9_-]{{1,{MOST_NAME}}}")
_HAS_LEFT = {"user_not_found", "user_disabled"}
_SHOWN = 10
_IS_GONE = "channel_not_found"
_NOTHING_YET: dict[str, Any] = {"channel_id": None, "is_own": False, "welcome_ts": None, "left": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """Methods that take a session are part of the caller's transaction; every other is one of its own."""

    database: Database
    proposals: Proposals
    channels: PublicChannels
    owed: Owed
    audit: AuditLog

    # --- the machine ------------------------------------------------------------------------------------------------

    def begin(self, session: Session, proposal_id: UUID) -> None:
        """In the transaction that approves a proposal; once, however often it is called."""
        wanted = self.proposals.to_open(session, proposal_id)
        if store.create(session, proposal_id, wanted.name, self.database.clock.now()):
            self.owed.step(session, self._get(session, proposal_id))

    def to_open(self, session: Session, proposal_id: UUID) -> ProposalToOpen:
        return self.proposals.to_open(session, proposal_id)

    def find(self, session: Session, proposal_id: UUID) -> Opening | None:
        return store.find(session, proposal_id)

    def waiting_for(self, session: Session, at: At) -> Opening | None:
        """The opening, while this step of this turn is what it waits for: stuck ones too, if it is tried once more."""
        opening = store.find(session, at.proposal_id)
        if opening is None or opening.state not in {State.RUNNING, State.STUCK}:
            return None
        return opening if (opening.step, opening.turn) == (at.step, at.turn) else None

    def done(self, session: Session, at: At, receipt: Receipt) -> None:
        """A step was carried out; what follows is enqueued."""
        opening, proposal_id = self.waiting_for(session, at), at.proposal_id
        if opening is None:
            return
        match at.step:
            case Step.CREATE:
                channel_id = str(receipt.channel_id)
                if store.owner(session, channel_id) is not None:
                    self.refused(session, at, "name_taken")
                    return
                store.change(session, proposal_id, channel_id=channel_id, is_own=True)
            case Step.WELCOME:
                store.change(session, proposal_id, welcome_ts=receipt.message_ts)
            case Step.INVITE:
                self._note_invited(session, opening, receipt.invited)
                if receipt.invited and store.waiting(session, proposal_id, 1):
                    self._run(session, opening)
                    self.owed.step(session, opening, at.part + 1)
                    return
            case _:
                pass
        self._go_on(session, opening, after=at.step)

    def refused(self, session: Session, at: At, code: str) -> None:
        """A step could not be carried out, for good or for too long."""
        opening, proposal_id, step = self.waiting_for(session, at), at.proposal_id, at.step
        if opening is None:
            return
        if goes_on(step, code):
            store.note_left(session, opening, step, code)
            if step is Step.INVITE:
                everybody = store.waiting(session, proposal_id, limit=100_000)
                self._note_invited(session, opening, dict.fromkeys(everybody, code))
            self._go_on(session, opening, after=step)
            return
        store.change(session, proposal_id, state=State.STUCK.value, code=code)
        self.proposals.could_not_open(session, proposal_id, code)
        self.owed.card(session, proposal_id)

    def _go_on(self, session: Session, opening: Opening, *, after: Step) -> None:
        wanted = self.proposals.to_open(session, opening.proposal_id)
        step = opening.then or following(after)
        while not self._is_needed(session, self._get(session, opening.proposal_id), step, wanted):
            step = following(step)
        store.change(session, opening.proposal_id, step=step.value, then=None)
        self._run(session, opening)
        now_at = self._get(session, opening.proposal_id)
        if step is Step.DONE:
            self._finish(session, now_at)
        else:
            self.owed.step(session, now_at)

    def _is_needed(self, session: Session, opening: Opening, step: Step, wanted: ProposalToOpen) -> bool:
        match step:
            case Step.TOPIC:
                return bool(wanted.topic)
            case Step.PURPOSE:
                return bool(wanted.purpose)
            case Step.PIN:
                return bool(opening.welcome_ts)
            case Step.INVITE:
                everybody = [wanted.proposer_id, *wanted.steward_ids, *wanted.wants_in]
                store.add_invitees(session, opening.proposal_id, store.person_ids(session, everybody).values())
                return bool(store.waiting(session, opening.proposal_id, 1))
            case Step.PROPOSALS:
                return bool(self.owed.proposals_channel)
            case Step.GENERAL:
                return self.owed.general_channel not in {"", self.owed.proposals_channel}
            case _:
                return True

    def _run(self, session: Session, opening: Opening) -> None:
        if opening.state is State.STUCK:
            store.change(session, opening.proposal_id, state=State.RUNNING.value, code=None)
            self.owed.card(session, opening.proposal_id)

    def _finish(self, session: Session, opening: Opening) -> None:
        now = self.database.clock.now()
        store.change(session, opening.proposal_id, state=State.DONE.value, code=None, ended_at=now)
        self.proposals.opened(session, opening.proposal_id, opening.channel_id)
        if opening.card or opening.left or store.counts(session, opening.proposal_id).not_added:
            self.owed.card(session, opening.proposal_id)

    def _note_invited(self, session: Session, opening: Opening, codes: Mapping[str, str]) -> None:
        ids = store.person_ids(session, list(codes))
        store.note_invited(session, opening.proposal_id, {ids[slack_id]: code for slack_id, code in codes.items()})
        for slack_id, code in codes.items():
            if code and code not in _HAS_LEFT:
                self.owed.not_added(session, opening.proposal_id, ids[slack_id], slack_id)

    # --- what champions do about one that is stuck ------------------------------------------------------------------

    def standing(self, session: Session, proposal_id: UUID) -> Standing | None:
        opening = store.find(session, proposal_id)
        if opening is None:
            return None
        return Standing(
            opening=opening,
            counts=store.counts(session, proposal_id),
            there=self._there(session, opening),
        )

    def stuck(self, viewer: str) -> list[Standing]:
        """For those who may help, the oldest ten first; nothing for anybody else."""
        with self.database.read() as session:
            if people.roster(session).role_of(viewer) is None:
                return []
            waiting = [each.proposal_id for each in store.stuck(session, limit=_SHOWN)]
            found = [self.standing(session, each) for each in waiting if self._may_help(session, viewer, each)]
            return [standing for standing in found if standing is not None]

    def name_of_stuck(self, viewer: str, proposal_id: UUID) -> str:
        """Raises NotOnRoster, Involved, HasItsChannel, NotStuck, IsOpen, WasGivenUp."""
        with self.database.read() as session:
            return self._without_channel(session, viewer, proposal_id).name

    def try_again(self, viewer: str, proposal_id: UUID) -> None:
        """The step at which it is stuck, once more. Raises NotOnRoster, NotStuck, IsOpen, WasGivenUp."""
        with self.database.begin() as session:
            self._let_in(session, viewer, proposal_id)
            opening = self._stuck(session, proposal_id)
            if opening.channel_id and opening.code != _IS_GONE:
                then = opening.then or opening.step
                self._begin_again(session, opening, Step.JOIN, then=None if then is Step.JOIN else then.value)
            else:  # there was none, or it was deleted
                self._make(session, opening)
            self._log(session, viewer, "opening.tried_again", opening)

    def use(self, viewer: str, proposal_id: UUID, channel_id: str) -> None:
        """A channel that somebody made becomes the proposal's.

        Raises NotOnRoster, Involved, HasItsChannel, NotStuck, IsOpen, WasGivenUp, NotThere, StillArchived,
        BelongsToAnother.
        """
        with self.database.begin() as session:
            opening = self._without_channel(session, viewer, proposal_id)
            channel = self.channels.get(session, channel_id)
            if channel is None:
                raise NotThere
            if channel.is_archived:
                raise StillArchived
            if store.owner(session, channel_id) not in {None, proposal_id}:
                raise BelongsToAnother
            store.change(session, proposal_id, **_NOTHING_YET | {"channel_id": channel_id})
            self._begin_again(session, opening, Step.JOIN, then=None)
            self._log(session, viewer, "opening.channel_used", opening)

    def rename(self, viewer: str, proposal_id: UUID, name: str) -> None:
        """It is opened under another name, as Slack has names: small letters, digits, - and _.

        Raises NotOnRoster, Involved, HasItsChannel, NotStuck, IsOpen, WasGivenUp, NameNotPossible.
        """
        with self.database.begin() as session:
            opening = self._without_channel(session, viewer, proposal_id)
            if not _NAME.fullmatch(name) or not re.search(r"[a-z0-9]", name):
                raise NameNotPossible("Small letters from a to z, digits, - and _ only, and at most 80 of them.")
            there = self.channels.named(session, name)
            if there is not None:
                archived = ", and is archived" if there.is_archived else ""
                raise NameNotPossible(f"#{name} exists already{archived}. Please choose another name.")
            if name != opening.name and not self.proposals.renamed(session, proposal_id, name):
                raise NameNotPossible(f"Another proposal is called #{name}. Please choose another name.")
            # What was asked for under the name before may have been made after all.
            names = [*(each for each in opening.names if each != name), name][-10:]
            store.change(session, proposal_id, names=" ".join(names), **_NOTHING_YET)
            self._begin_again(session, opening, Step.CREATE, then=None)
            self._log(session, viewer, "opening.renamed", opening)

    def give_up(self, session: Session, proposal_id: UUID) -> None:
        """One that is stuck is not tried any more; what is there stays as it is."""
        opening = self._stuck(session, proposal_id)
        store.change(session, opening.proposal_id, state=State.GIVEN_UP.value, ended_at=self.database.clock.now())
        self.owed.card(session, proposal_id)

    def channel_came(self, session: Session, channel: PublicChannel) -> None:
        """A public channel was made, renamed, archived or brought back: who waits for its name is shown it."""
        for opening in store.stuck_over(session, channel.name):
            self.owed.card(session, opening.proposal_id)

    def note_card(self, session: Session, proposal_id: UUID, channel_id: str, message_ts: str) -> None:
        opening = self._get(session, proposal_id)
        store.change(session, proposal_id, card_channel_id=channel_id, card_ts=message_ts)
        if opening.card is None:
            self.owed.card(session, proposal_id)  # as it stands by now

    def forget_card(self, session: Session, proposal_id: UUID) -> None:
        """Somebody deleted it: the next one is a new message."""
        store.change(session, proposal_id, card_channel_id=None, card_ts=None)

    def _make(self, session: Session, opening: Opening) -> None:
        if opening.channel_id:
            store.change(session, opening.proposal_id, **_NOTHING_YET, since=self.database.clock.now())
        self._begin_again(session, opening, Step.CREATE, then=None)

    def _begin_again(self, session: Session, opening: Opening, step: Step, *, then: str | None) -> None:
        store.change(
            session,
            opening.proposal_id,
            turn=opening.turn + 1,
            step=step.value,
            then=then,
            state=State.RUNNING.value,
            code=None,
        )
        self.owed.step(session, self._get(session, opening.proposal_id))
        self.owed.card(session, opening.proposal_id)

    def _there(self, session: Session, opening: Opening) -> There | None:
        """The proposal that has the name this one waits for."""
        if opening.channel_id and opening.code != _IS_GONE:
            return None
        channel = self.channels.named(session, opening.name)
        if channel is None or store.owner(session, channel.id) not in {None, opening.proposal_id}:
            return None
        return There(id=channel.id, name=channel.name, is_archived=channel.is_archived)

    def _let_in(self, session: Session, viewer: str, proposal_id: UUID) -> None:
        if not self._may_help(session, viewer, proposal_id):
            raise NotOnRoster

    def _may_help(self, session: Session, viewer: str, proposal_id: UUID) -> bool:
        """Champions; while none may decide about it, the contacts."""
        roster = people.roster(session)
        if roster.role_of(viewer) is None:
            return False
        if viewer in roster.active_champion_ids:
            return True
        wanted = self.proposals.to_open(session, proposal_id)
        return viewer in rule.deciders(roster, {wanted.proposer_id, *wanted.steward_ids})

    def _without_channel(self, session: Session, viewer: str, proposal_id: UUID) -> Opening:
        """For decisions about which channel it is; nobody takes them about what they proposed or are to look after."""
        self._let_in(session, viewer, proposal_id)
        opening = self._stuck(session, proposal_id)
        if opening.channel_id and opening.code != _IS_GONE:
            raise HasItsChannel
        wanted = self.proposals.to_open(session, proposal_id)
        if viewer in {wanted.proposer_id, *wanted.steward_ids}:
            raise Involved
        return opening

    def _stuck(self, session: Session, proposal_id: UUID) -> Opening:
        opening = self._get(session, proposal_id)
        match opening.state:
            case State.STUCK:
                return opening
            case State.RUNNING:
                raise NotStuck
            case State.DONE:
                raise IsOpen
            case State.GIVEN_UP:
                raise WasGivenUp

    def _get(self, session: Session, proposal_id: UUID) -> Opening:
        opening = store.find(session, proposal_id)
        if opening is None:
            raise NotAvailable
        return opening

    def _log(self, session: Session, viewer: str, act: str, opening: Opening) -> None:
        self.audit.record(session, actor=viewer, act=f"{act}:{opening.proposal_id}")
