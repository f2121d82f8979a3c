"""What is done with proposals: posted, supported, decided, opened; withdrawn, or lapsed when nobody decides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.directory.types import Channel
from gpbot.directory.workflow import Directory
from gpbot.guidelines.workflow import Guidelines
from gpbot.home.screens import Screens
from gpbot.people import store as people
from gpbot.people.types import Kind, Member, Roster
from gpbot.proposals import access as rule
from gpbot.proposals import names
from gpbot.proposals.jobs import Owed
from gpbot.proposals.similar import similar
from gpbot.proposals.store import Store
from gpbot.proposals.types import (
    MOST_PURPOSE,
    MOST_TOPIC,
    AddedAnyway,
    CannotTakePart,
    EventKind,
    ForDeciders,
    HasEnded,
    IsGuest,
    NotAgreed,
    NotReady,
    NotSwitchedOn,
    OnField,
    Opens,
    OwnProposal,
    OwnSupport,
    Page,
    Place,
    Preview,
    Proposal,
    ProposalToOpen,
    Proposed,
    Similar,
    Standing,
    State,
    TooMany,
    WrittenSince,
)
from gpbot.refusals import NotAvailable, NothingWritten
from gpbot.signals import Signal
from gpbot.text import is_blank, start_of

GPBOT = "gpbot"
MOST_OPEN = 3  # of one person
MOST_STEWARDS = 5
_COMPARED = 200  # open proposals, beside all channels

PROPOSER_LEFT = "Who proposed it has left."
STEWARD_LEFT = "A steward has left, or stepped down."
TIME_IS_OVER = "Its time is over. Without a decision it ends on {date}."
NOT_POSTED = "It could not be posted in the proposals channel. Invite gpbot there, then press *Post it again*."
WAS_DELETED = "Its message in the proposals channel was deleted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the community has set."""

    days: int  # until the deadline, and once more until it lapses
    reserved: tuple[str, ...]
    keep_concerns: timedelta  # after a proposal has ended


class Proposals:
    """Each public method is one transaction, unless it takes the caller's session.

    `once` and `click` name one act; the same act again changes nothing.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        owed: Owed,
        *,
        guidelines: Guidelines,
        screens: Screens,
        audit: AuditLog,
        directory: Directory,
        rules: Rules,
    ) -> None:
        self.database = database
        self.store = store
        self.owed = owed
        self.rules = rules
        self._guidelines = guidelines
        self._screens = screens
        self._audit = audit
        self._directory = directory
        self._opens: Opens | None = None
        self.channel_opened = Signal[[Session, UUID, str]]()  # proposal and channel

    def stewards(self, session: Session, proposal_id: UUID) -> tuple[str, ...]:
        """Those who are still here, in the order in which they were named."""
        return self.store.stewards(session, proposal_id)

    def open_with(self, opens: Opens) -> None:
        """Who makes the channel of what is approved."""
        self._opens = opens

    @property
    def is_on(self) -> bool:
        return bool(self.owed.proposals_channel)

    # --- proposing -----------------------------------------------------------------------------------------------

    def may_propose(self, viewer: str) -> None:
        """Raises NotSwitchedOn, CannotTakePart, TooMany."""
        with self.database.read() as session:
            self._may_propose(session, viewer)

    def preview(self, viewer: str, form_id: str, proposed: Proposed) -> Preview | None:
        """What would be posted, and what is close to it; None once it is posted. Raises as `propose`."""
        with self.database.read() as session:
            if self.store.find(session, self.store.id_for("proposal", viewer, form_id)) is not None:
                return None
            self._may_propose(session, viewer)
            name, stewards = self._checked(session, proposed)
            others = [
                Similar(
                    name=each.name,
                    purpose=f"{each.purpose} {each.topic}",
                    channel_id=each.id,
                    is_archived=each.is_archived,
                )
                for each in self._directory.everything_for_comparison(session)
            ]
            others += self.store.for_comparison(session, _COMPARED)
            return Preview(
                name=name,
                steward_ids=tuple(each.slack_id for each in stewards) or (viewer,),
                similar=tuple(similar(name, proposed, others)),
                mark=_mark(proposed),
            )

    def propose(self, viewer: str, form_id: str, proposed: Proposed) -> Proposal:
        """On disk when this returns, and once however often the form is sent.

        Raises NotSwitchedOn, CannotTakePart, TooMany, OnField.
        """
        now = self.database.clock.now()
        proposal_id = self.store.id_for("proposal", viewer, form_id)
        with self.database.begin() as session:
            known = self.store.find(session, proposal_id)
            if known is not None:
                return known
            proposer = self._may_propose(session, viewer)
            name, stewards = self._checked(session, proposed)
            deadline_at = now + timedelta(days=self.rules.days)
            self.store.create(
                session,
                proposal_id,
                proposer.person_id,
                name=name,
                purpose=proposed.purpose.strip(),
                topics=proposed.topics.strip(),
                proposed_at=now,
                deadline_at=deadline_at,
            )
            self.store.add_stewards(session, proposal_id, [each.person_id for each in stewards] or [proposer.person_id])
            self.owed.post(session, proposal_id, 1)
            self.owed.deadline(session, proposal_id, deadline_at)
            for each in stewards:
                if each.slack_id != viewer:
                    self.owed.steward(session, proposal_id, each.person_id, each.slack_id)
            if self.store.threshold <= 0:
                self._present(session, proposal_id)
            self._audit.record(session, actor=viewer, act=f"proposal.posted:{proposal_id}")
            proposal = self.store.get(session, proposal_id)
            self._redraw_homes(session, proposal)
            return proposal

    # --- supporting ----------------------------------------------------------------------------------------------

    def support(self, viewer: str, proposal_id: UUID, click: str, *, message_ts: str = "") -> Standing:
        """Their support, given or taken back: the other of what it was.

        `click` tells one press from another; `message_ts` is of the message in the proposals channel it was on.
        Raises CannotTakePart, HasEnded, NotAvailable.
        """
        return self._turn(viewer, proposal_id, click, column="supports", message_ts=message_ts)

    def want_in(self, viewer: str, proposal_id: UUID, click: str, *, message_ts: str = "") -> Standing:
        """Likewise whether they are added when it opens."""
        return self._turn(viewer, proposal_id, click, column="wants_in", message_ts=message_ts)

    def _turn(self, viewer: str, proposal_id: UUID, click: str, *, column: str, message_ts: str) -> Standing:
        with self.database.begin() as session:
            place = self.owed.proposals_channel
            gathering = self.store.gathering(session, proposal_id, viewer, channel_id=place, message_ts=message_ts)
            member = self._let_in(session, gathering.member)
            if gathering.state is not State.OPEN:
                raise HasEnded
            if gathering.proposer == member.person_id:
                raise OwnSupport if column == "supports" else AddedAnyway
            if message_ts and not gathering.is_known:
                self._adopt(session, proposal_id, Place.PUBLIC, place, message_ts)
            turned = self.store.turn(session, proposal_id, member.person_id, column=column, click=click or uuid4().hex)
            if turned is None:
                return self.store.standing(session, proposal_id, member.person_id)
            supports = column == "supports"
            change = 1 if (turned.supports if supports else turned.wants_in) else -1
            supporters = self.store.count(
                session, proposal_id, supporters=change if supports else 0, wanting=0 if supports else change
            )
            if not gathering.is_ready and supporters >= self.store.threshold:
                self._present(session, proposal_id)
            self._draw(session, proposal_id)
            return turned

    def standing(self, viewer: str, proposal_id: UUID) -> Standing:
        with self.database.read() as session:
            member = people.member_called(session, viewer)
            if member is None:
                return Standing(supports=False, wants_in=False)
            return self.store.standing(session, proposal_id, member.person_id)

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
        self._refuse_ended(proposal)
        return proposal

    def look_to_decide(self, viewer: str, proposal_id: UUID) -> Proposal:
        """Raises as `ask`."""
        with self.database.read() as session:
            proposal = self._to_decide(session, viewer, proposal_id, to_write=False)
            self._refuse_ended(proposal, but=State.STUCK)
            return proposal

    def look_as_involved(self, viewer: str, proposal_id: UUID) -> Proposal:
        """Raises as `answer`."""
        with self.database.read() as session:
            proposal = self._as_involved(session, viewer, proposal_id, to_write=False)
            self._refuse_ended(proposal)
            return proposal

    def decides(self, viewer: str, proposal: Proposal) -> bool:
        with self.database.read() as session:
            return viewer in rule.deciders(people.roster(session), proposal.involved)

    def sees_all(self, viewer: str) -> bool:
        """Whether they are shown what champions and proposers write to one another."""
        with self.database.read() as session:
            return rule.sees_all(people.roster(session), viewer)

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

    def own_list(self, viewer: str, cursor: str | None = None) -> Page:
        with self.database.read() as session:
            member = people.member_called(session, viewer)
            return self.store.own_list(session, member.person_id, cursor) if member else Page(lines=(), next=None)

    def waiting(self, viewer: str) -> Page:
        """The newest open proposals, for those who see all of them; for a contact, those no champion may decide."""
        with self.database.read() as session:
            roster = people.roster(session)
            if rule.sees_all(roster, viewer):
                return self.store.open_list(session, None)
            if roster.role_of(viewer) is None:
                return Page(lines=(), next=None)
            return self.store.open_among(session, self._left_to(session, roster, viewer))

    # --- deciding ------------------------------------------------------------------------------------------------

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
            self._refuse_ended(proposal)
            if not proposal.is_ready:
                raise NotReady
            _refuse_unseen(proposal, seen, viewer)
            if viewer not in proposal.approvers:
                self.store.write(session, proposal_id, EventKind.APPROVED, at=now, by=viewer)
                self._audit.record(session, actor=viewer, act=f"proposal.approved:{proposal_id}")
                proposal = self.store.get(session, proposal_id)
            if len(proposal.approvers) >= proposal.approvals_needed:
                self.store.mark(session, proposal_id, state=State.APPROVED.value, decided_at=now, approved_at=now)
                self._ended(session, proposal, State.APPROVED)
                if self._opens is not None:
                    self._opens.begin(session, proposal_id)
            self._changed(session, proposal)
            return self.store.get(session, proposal_id)

    def ask(self, viewer: str, proposal_id: UUID, text: str, *, once: str = "") -> Proposal:
        """A question to the proposer. Raises as `approve`, and NothingWritten."""
        self._refuse_blank(text)
        with self.database.begin() as session:
            proposal = self._to_decide(session, viewer, proposal_id)
            self._refuse_ended(proposal)
            event = self.store.write(
                session, proposal_id, EventKind.ASKED, at=self.database.clock.now(), text=text, by=viewer, once=once
            )
            addressee = proposal.proposer_id if proposal.proposer_is_here else next(iter(proposal.steward_ids), None)
            if event is not None:
                if addressee is not None:
                    self.owed.question(session, proposal_id, event, people.person_id(session, addressee), addressee)
                self._audit.record(session, actor=viewer, act=f"proposal.asked:{proposal_id}")
                self._changed(session, proposal)
            return self.store.get(session, proposal_id)

    def decline(
        self, viewer: str, proposal_id: UUID, reason: str, *, seen: int | None = None, once: str = ""
    ) -> Proposal:
        """With a reason that everybody can read; also one whose channel could not be made.

        `seen` as for `approve`. Raises as `approve`, and NothingWritten.
        """
        self._refuse_blank(reason)
        now = self.database.clock.now()
        with self.database.begin() as session:
            proposal = self._to_decide(session, viewer, proposal_id)
            if proposal.state is State.DECLINED:
                return proposal
            self._refuse_ended(proposal, but=State.STUCK)
            _refuse_unseen(proposal, seen, viewer)
            if proposal.state is State.STUCK and self._opens is not None:
                self._opens.give_up(session, proposal_id)
            self.store.write(session, proposal_id, EventKind.DECLINED, at=now, text=reason, by=viewer, once=once)
            self._audit.record(session, actor=viewer, act=f"proposal.declined:{proposal_id}")
            self._end(session, proposal, State.DECLINED)
            return self.store.get(session, proposal_id)

    def post_again(self, viewer: str, proposal_id: UUID) -> None:
        """In the proposals channel, where it is missing. Raises ForDeciders, HasEnded, NotAvailable."""
        with self.database.begin() as session:
            proposal = self.store.get(session, proposal_id, to_write=True)
            if not rule.sees_all(people.roster(session), viewer):
                raise ForDeciders
            self._refuse_ended(proposal)
            if proposal.is_missing:
                self.store.mark(session, proposal_id, is_missing=False)
                self.owed.post(session, proposal_id, self.store.next_post(session, proposal_id))
                self._changed(session, proposal)

    # --- the side of those who proposed it -----------------------------------------------------------------------

    def answer(self, viewer: str, proposal_id: UUID, text: str, *, once: str = "") -> Proposal:
        """To what the champions asked. Raises NothingWritten, HasEnded, NotAvailable."""
        self._refuse_blank(text)
        with self.database.begin() as session:
            proposal = self._as_involved(session, viewer, proposal_id)
            self._refuse_ended(proposal)
            event = self.store.write(
                session, proposal_id, EventKind.ANSWERED, at=self.database.clock.now(), text=text, by=viewer, once=once
            )
            if event is not None:
                self._changed(session, proposal)
                self._post_card(session, proposal_id)
            return self.store.get(session, proposal_id)

    def withdraw(self, viewer: str, proposal_id: UUID) -> Proposal:
        """By who proposed it. Raises HasEnded, NotAvailable."""
        with self.database.begin() as session:
            proposal = self._as_involved(session, viewer, proposal_id)
            if proposal.proposer_id != viewer:
                raise NotAvailable
            if proposal.state is not State.WITHDRAWN:
                self._refuse_ended(proposal)
                self._audit.record(session, actor=viewer, act=f"proposal.withdrawn:{proposal_id}")
                self._end(session, proposal, State.WITHDRAWN)
            return self.store.get(session, proposal_id)

    def step_down(self, viewer: str, proposal_id: UUID) -> None:
        """A steward would rather not. Raises NotAvailable."""
        with self.database.begin() as session:
            self.store.get(session, proposal_id, to_write=True)
            member = people.member_called(session, viewer)
            if member is None or not self.store.remove_steward(session, proposal_id, member.person_id):
                raise NotAvailable
            self._lost_steward(session, proposal_id)

    # --- what Slack tells, and what time brings --------------------------------------------------------------------

    def left(self, session: Session, member: Member) -> None:
        """Their support counts no more; what they proposed goes on while there is a steward."""
        for proposal_id, supporters, wanting in self.store.take_back(session, member.person_id):
            self.store.count(session, proposal_id, supporters=-supporters, wanting=-wanting)
            self._draw(session, proposal_id)
        for proposal_id in self.store.steward_of(session, member.person_id):
            self.store.remove_steward(session, proposal_id, member.person_id)
            self._lost_steward(session, proposal_id)
        for proposal_id in self.store.open_of(session, member.person_id, MOST_OPEN) if member.deactivated else ():
            proposal = self.store.get(session, proposal_id)
            self._note(session, proposal, PROPOSER_LEFT)
            if not proposal.steward_ids:
                self._end(session, proposal, State.LAPSED)

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
            self._changed(session, proposal)
            self._present(session, proposal_id)

    def lapse(self, proposal_id: UUID) -> None:
        with self.database.begin() as session:
            proposal = self.store.find(session, proposal_id, to_write=True)
            if proposal is not None and proposal.state is State.OPEN:
                self._end(session, proposal, State.LAPSED)

    def roster_changed(self) -> None:
        """How many approvals it takes may be another number now."""
        with self.database.read() as session:
            waiting = self.store.open_ones(session)
        for proposal_id in waiting:
            with self.database.begin() as session:
                self._draw(session, proposal_id, is_new=True)

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
        self.store.mark(session, proposal_id, name=name)
        proposal = self.store.get(session, proposal_id)
        self._note(session, proposal, f"The champions open it as #{name}.")
        return True

    def _made(self, session: Session, proposal_id: UUID, state: State, **columns: str | None) -> bool:
        """False when that is known."""
        proposal = self.store.get(session, proposal_id, to_write=True)
        if proposal.state not in {State.APPROVED, State.STUCK} or proposal.state is state:
            return False
        self.store.mark(session, proposal_id, state=state.value, **columns)
        self._tell_state(session, proposal, state)
        self._changed(session, proposal)
        return True

    # --- messages in channels: part of the caller's transaction ------------------------------------------------------

    def note_message(
        self, session: Session, proposal: Proposal, place: Place, *, channel_id: str, message_ts: str, shows: int | None
    ) -> None:
        """A message stands there that shows version `shows`."""
        known = self.store.note_message(session, proposal.id, place, channel_id=channel_id, message_ts=message_ts)
        if known is not None and shows != proposal.version:
            self._draw(session, proposal.id)

    def adopt(self, proposal_id: UUID, place: Place, channel_id: str, message_ts: str) -> None:
        """A button was pressed on this message: one that was sent twice is kept in step from now on."""
        with self.database.begin() as session:
            if self.store.find(session, proposal_id) is not None:
                self._adopt(session, proposal_id, place, channel_id, message_ts)

    def _adopt(self, session: Session, proposal_id: UUID, place: Place, channel_id: str, message_ts: str) -> None:
        found = self.store.note_message(session, proposal_id, place, channel_id=channel_id, message_ts=message_ts)
        if found is not None:
            self._draw(session, proposal_id)

    def missing(self, session: Session, proposal: Proposal, words: str) -> None:
        """It is not in the proposals channel; those who can put it there are told."""
        if proposal.state is State.OPEN and not proposal.is_missing:
            self.store.mark(session, proposal.id, is_missing=True)
            self._note(session, proposal, words)
            if proposal.card == 0:
                self._post_card(session, proposal.id)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _may_propose(self, session: Session, viewer: str) -> Member:
        if not self.is_on:
            raise NotSwitchedOn
        member = self._taking_part(session, viewer)
        if len(self.store.open_of(session, member.person_id, MOST_OPEN)) >= MOST_OPEN:
            raise TooMany
        return member

    def _taking_part(self, session: Session, viewer: str) -> Member:
        """Raises CannotTakePart."""
        return self._let_in(session, people.member_called(session, viewer))

    def _let_in(self, session: Session, member: Member | None) -> Member:
        if member is None:
            raise CannotTakePart
        if member.kind is Kind.GUEST:
            raise IsGuest
        if not member.takes_part:
            raise CannotTakePart
        if not self._guidelines.takes_part(session, member):
            raise NotAgreed
        return member

    def _checked(self, session: Session, proposed: Proposed) -> tuple[str, list[Member]]:
        """The name it would have, and the stewards. Raises OnField."""
        if is_blank(proposed.purpose):
            raise OnField("purpose", "Please write what the channel is for.")
        if len(proposed.purpose.strip()) > MOST_PURPOSE:
            raise OnField("purpose", f"Please use at most {MOST_PURPOSE} characters: Slack shows no more.")
        name = names.normalised(proposed.name)
        wrong = names.wrong_with(name, self.rules.reserved)
        if wrong is not None:
            raise OnField("name", wrong)
        taken = self._directory.named(session, name)
        if taken is not None:
            raise OnField("name", _taken(taken))
        if self.store.holds_name(session, name):
            raise OnField("name", f"#{name} is proposed already: type /channels proposals to find it.")
        if len(proposed.topics.strip()) > MOST_TOPIC:
            raise OnField("topics", f"Please use at most {MOST_TOPIC} characters: Slack shows no more.")
        return name, self._stewards(session, proposed.steward_ids)

    def _stewards(self, session: Session, steward_ids: Collection[str]) -> list[Member]:
        wanted = list(dict.fromkeys(steward_ids))
        if len(wanted) > MOST_STEWARDS:
            raise OnField("stewards", f"Please choose at most {MOST_STEWARDS}.")
        found = {member.slack_id: member for member in people.members(session, wanted) if member.takes_part}
        if any(each not in found for each in wanted):
            raise OnField("stewards", "Please choose members of this workspace: no guests, apps or closed accounts.")
        return [found[each] for each in wanted]

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

    def _as_involved(self, session: Session, viewer: str, proposal_id: UUID, *, to_write: bool = True) -> Proposal:
        proposal = self.store.get(session, proposal_id, to_write=to_write)
        if viewer not in proposal.involved:
            raise NotAvailable
        return proposal

    def _refuse_ended(self, proposal: Proposal, *, but: State | None = None) -> None:
        if proposal.state not in {State.OPEN, but}:
            raise HasEnded

    def _refuse_blank(self, text: str) -> None:
        if is_blank(text):
            raise NothingWritten

    def _present(self, session: Session, proposal_id: UUID) -> None:
        """From now on champions may approve it, and are told."""
        self.store.mark(session, proposal_id, ready_at=self.database.clock.now())
        self._post_card(session, proposal_id)

    def _post_card(self, session: Session, proposal_id: UUID) -> None:
        """The champions' card, or a new one, which is noticed where a changed one is not."""
        for message in self.store.messages(session, proposal_id, Place.CARD):
            self.owed.unsend(session, message.channel_id, message.message_ts)
            self.store.forget_message(session, message.id)
        self.owed.card(session, proposal_id, self.store.next_card(session, proposal_id))

    def _lost_steward(self, session: Session, proposal_id: UUID) -> None:
        proposal = self.store.get(session, proposal_id)
        if proposal.state is not State.OPEN:
            return
        self._note(session, proposal, STEWARD_LEFT)
        if not proposal.steward_ids and not proposal.proposer_is_here:
            self._end(session, proposal, State.LAPSED)

    def _note(self, session: Session, proposal: Proposal, text: str) -> None:
        self.store.write(session, proposal.id, EventKind.NOTE, at=self.database.clock.now(), text=text)
        self._changed(session, proposal)

    def _end(self, session: Session, proposal: Proposal, state: State) -> None:
        """In any way but by being approved."""
        self.store.mark(session, proposal.id, state=state.value, decided_at=self.database.clock.now())
        self._ended(session, proposal, state)
        self._changed(session, proposal)

    def _ended(self, session: Session, proposal: Proposal, state: State) -> None:
        self._tell_state(session, proposal, state)
        self.owed.forget(session, proposal.id, self.database.clock.now() + self.rules.keep_concerns)

    def _tell_state(self, session: Session, proposal: Proposal, state: State) -> None:
        """The proposer, and its stewards; everybody else sees it in the proposals channel."""
        for each in sorted(proposal.involved):
            self.owed.state(session, proposal.id, state, people.person_id(session, each), each)

    def _changed(self, session: Session, proposal: Proposal) -> None:
        self._draw(session, proposal.id, is_new=True)
        self._redraw_homes(session, proposal)

    def _draw(self, session: Session, proposal_id: UUID, *, is_new: bool = False) -> None:
        """Have its messages show it as it is: one job for each at a time, however much changes meanwhile."""
        if is_new:
            self.store.count(session, proposal_id)
        self.owed.draw(session, self.store.message_ids(session, proposal_id))

    def _redraw_homes(self, session: Session, proposal: Proposal) -> None:
        roster = people.roster(session)
        deciding = roster.active_champion_ids or set(roster.active_contact_ids)
        deciders = rule.deciders(roster, proposal.involved)
        self._screens.redraw_homes(session, {*proposal.involved, *deciding, *deciders})


def _refuse_unseen(proposal: Proposal, seen: int | None, viewer: str) -> None:
    if seen is not None and proposal.unseen(seen, viewer):
        raise WrittenSince


def _mark(proposed: Proposed) -> str:
    """Tells whether a form still says what was previewed."""
    parts = (proposed.purpose.strip(), names.normalised(proposed.name), proposed.topics.strip(), *proposed.steward_ids)
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _taken(channel: Channel) -> str:
    if channel.is_archived:
        return (
            f"#{channel.name} exists and is archived, so Slack keeps its name. Ask a champion to bring it back, or "
            "choose another name."
        )
    return f"#{channel.name} exists already. To join it, type /channels {channel.name}; or choose another name."
