"""What members do with proposals: they propose a channel, support one, answer, withdraw, or look after it no longer."""

from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.directory.types import Channel
from gpbot.people import members as people
from gpbot.people.types import Kind, Member
from gpbot.proposals import names
from gpbot.proposals.similar import similar
from gpbot.proposals.types import (
    MOST_PURPOSE,
    MOST_TOPIC,
    AddedAnyway,
    CannotTakePart,
    EventKind,
    HasEnded,
    IsGuest,
    NotAgreed,
    NotSwitchedOn,
    OnField,
    OwnSupport,
    Page,
    Place,
    Preview,
    Proposal,
    Proposed,
    Similar,
    Standing,
    State,
    TooMany,
)
from gpbot.proposals.usecases import MOST_OPEN, UseCases, refuse_blank, refuse_ended
from gpbot.refusals import NotAvailable
from gpbot.text import is_blank

MOST_STEWARDS = 5
_COMPARED = 200  # open proposals, beside all channels


class Proposing(UseCases):
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
                for each in self.directory.everything_for_comparison(session)
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
                self.changes.present(session, proposal_id)
            self.audit.record(session, actor=viewer, act=f"proposal.posted:{proposal_id}")
            proposal = self.store.get(session, proposal_id)
            self.changes.redraw_homes(session, proposal)
            return proposal

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
                self.changes.adopt(session, proposal_id, Place.PUBLIC, place, message_ts)
            turned = self.store.turn(session, proposal_id, member.person_id, column=column, click=click or uuid4().hex)
            if turned is None:
                return self.store.standing(session, proposal_id, member.person_id)
            supports = column == "supports"
            change = 1 if (turned.supports if supports else turned.wants_in) else -1
            supporters = self.store.count(
                session, proposal_id, supporters=change if supports else 0, wanting=0 if supports else change
            )
            if not gathering.is_ready and supporters >= self.store.threshold:
                self.changes.present(session, proposal_id)
            self.changes.draw(session, proposal_id)
            return turned

    def standing(self, viewer: str, proposal_id: UUID) -> Standing:
        with self.database.read() as session:
            member = people.member_called(session, viewer)
            if member is None:
                return Standing(supports=False, wants_in=False)
            return self.store.standing(session, proposal_id, member.person_id)

    def own_list(self, viewer: str, cursor: str | None = None) -> Page:
        with self.database.read() as session:
            member = people.member_called(session, viewer)
            return self.store.own_list(session, member.person_id, cursor) if member else Page(lines=(), next=None)

    def look_as_involved(self, viewer: str, proposal_id: UUID) -> Proposal:
        """Raises as `answer`."""
        with self.database.read() as session:
            proposal = self._as_involved(session, viewer, proposal_id, to_write=False)
            refuse_ended(proposal)
            return proposal

    def answer(self, viewer: str, proposal_id: UUID, text: str, *, once: str = "") -> Proposal:
        """To what the champions asked. Raises NothingWritten, HasEnded, NotAvailable."""
        refuse_blank(text)
        with self.database.begin() as session:
            proposal = self._as_involved(session, viewer, proposal_id)
            refuse_ended(proposal)
            event = self.store.write(
                session, proposal_id, EventKind.ANSWERED, at=self.database.clock.now(), text=text, by=viewer, once=once
            )
            if event is not None:
                self.changes.changed(session, proposal)
                self.changes.post_card(session, proposal_id)
            return self.store.get(session, proposal_id)

    def withdraw(self, viewer: str, proposal_id: UUID) -> Proposal:
        """By who proposed it. Raises HasEnded, NotAvailable."""
        with self.database.begin() as session:
            proposal = self._as_involved(session, viewer, proposal_id)
            if proposal.proposer_id != viewer:
                raise NotAvailable
            if proposal.state is not State.WITHDRAWN:
                refuse_ended(proposal)
                self.audit.record(session, actor=viewer, act=f"proposal.withdrawn:{proposal_id}")
                self.changes.end(session, proposal, State.WITHDRAWN)
            return self.store.get(session, proposal_id)

    def step_down(self, viewer: str, proposal_id: UUID) -> None:
        """A steward would rather not. Raises NotAvailable."""
        with self.database.begin() as session:
            self.store.get(session, proposal_id, to_write=True)
            member = people.member_called(session, viewer)
            if member is None or not self.store.remove_steward(session, proposal_id, member.person_id):
                raise NotAvailable
            self.changes.lost_steward(session, proposal_id)

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
        if not self.guidelines.takes_part(session, member):
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
        taken = self.directory.named(session, name)
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

    def _as_involved(self, session: Session, viewer: str, proposal_id: UUID, *, to_write: bool = True) -> Proposal:
        proposal = self.store.get(session, proposal_id, to_write=to_write)
        if viewer not in proposal.involved:
            raise NotAvailable
        return proposal


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
