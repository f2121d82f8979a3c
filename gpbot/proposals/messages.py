"""What proposals send later, rendered at delivery: the two messages in channels, and direct messages."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.home.notices import SOMETHING, something
from gpbot.outbox.types import Delete, Edit, NotSent, Outgoing, Post, Receipt, Withdraw
from gpbot.people import store as people
from gpbot.proposals import ids, views
from gpbot.proposals.concerns import Concerns
from gpbot.proposals.owed import Owed, Task
from gpbot.proposals.store import Store, Told
from gpbot.proposals.types import EventKind, Place, Proposal, State
from gpbot.proposals.workflow import NOT_POSTED, WAS_DELETED, Proposals

_TIMERS = {Task.DEADLINE, Task.LAPSE, Task.FORGET, Task.ROSTER_CHANGED, Task.RENAMED}


class ProposalMessages:
    """The handler of every job about a proposal. How it stands is asked again, here, at the moment of sending."""

    def __init__(self, database: Database, store: Store, owed: Owed, proposals: Proposals, concerns: Concerns) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._proposals = proposals
        self._concerns = concerns
        self._shown: dict[str, int] = {}  # by job, while it is being sent: the version that was rendered

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        task = Task(payload["task"])
        if task in _TIMERS:
            self._time_has_come(task, payload)
            return None
        if task is Task.UNSEND:
            return Delete(channel_id=payload["channel"], message_ts=payload["ts"])
        with self._database.read() as session:
            match task:
                case Task.CONCERN:
                    return self._concern(session, payload)
                case Task.DRAW:
                    return self._draw(session, payload)
            proposal = self._store.find(session, UUID(payload["proposal"]))
            return self._render(session, task, payload, proposal) if proposal else None

    def _render(self, session: Session, task: Task, payload: dict[str, Any], proposal: Proposal) -> Outgoing | None:
        is_open = proposal.state is State.OPEN
        match task:
            case Task.POST if is_open and payload["number"] == proposal.post:
                self._shown[_name(payload)] = proposal.version
                text, blocks = views.public_text(proposal), views.public_blocks(proposal)
                return Post(to=self._owed.proposals_channel, text=text, blocks=blocks, look_back=False)
            case Task.CARD if is_open and payload["number"] == proposal.card:
                self._shown[_name(payload)] = proposal.version
                text, blocks = views.card_text(proposal), views.card(proposal)
                return Post(to=self._owed.triage_channel, text=text, blocks=blocks, look_back=False)
            case Task.STATE if payload["state"] == proposal.state:
                to = self._reachable(session, payload)
                if to is not None:
                    text, blocks = views.state_message(proposal, is_proposer=to == proposal.proposer_id)
                    return Post(to=to, text=text, blocks=blocks)
            case Task.QUESTION if is_open:
                to = self._reachable(session, payload)
                asked = next((each for each in proposal.events if each.id == payload["event"]), None)
                if to is not None and asked is not None and asked.kind is EventKind.ASKED:
                    text, blocks = views.question_message(proposal, asked)
                    return Post(to=to, text=text, blocks=blocks)
            case Task.STEWARD if is_open:
                to = self._reachable(session, payload)
                if to is not None and to in proposal.steward_ids:
                    text, blocks = views.steward_message(proposal)
                    return Post(to=to, text=text, blocks=blocks)
        return None

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        task = Task(payload["task"])
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if task is Task.CONCERN:
            told = Told(to=payload["to"], channel_id=receipt.channel_id, message_ts=receipt.message_ts)
            self._concerns.note_told(session, UUID(payload["concern"]), told)
        elif task in {Task.POST, Task.CARD}:
            place = Place.PUBLIC if task is Task.POST else Place.CARD
            shown = self._shown.pop(_name(payload), None)
            proposal = self._store.find(session, UUID(payload["proposal"]))
            current = proposal and (proposal.post if task is Task.POST else proposal.card)
            if proposal is None or current != payload["number"]:
                self._owed.unsend(session, receipt.channel_id, receipt.message_ts)
            else:
                self._proposals.note_message(
                    session,
                    proposal,
                    place,
                    channel_id=receipt.channel_id,
                    message_ts=receipt.message_ts,
                    shows=shown,
                )

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        """Those who can still do something about it see it."""
        task = Task(payload["task"])
        self._shown.pop(_name(payload), None)
        if task is Task.DRAW:
            message = self._store.message(session, int(payload["message"]))
            if message is None or code != "message_not_found":
                return  # the next change tries again
            self._store.forget_message(session, message.id)  # somebody deleted it
            proposal = self._store.find(session, message.proposal_id)
            left = self._store.messages(session, message.proposal_id, message.place)
            if proposal is not None and message.place is Place.PUBLIC and not left:
                self._proposals.missing(session, proposal, WAS_DELETED)
        elif task is Task.POST:
            proposal = self._store.find(session, UUID(payload["proposal"]))
            if proposal is not None and proposal.post == payload["number"]:
                self._proposals.missing(session, proposal, NOT_POSTED)

    def _draw(self, session: Session, payload: dict[str, Any]) -> Outgoing | None:
        message = self._store.message(session, int(payload["message"]))
        proposal = self._store.find(session, message.proposal_id) if message else None
        if message is None or proposal is None:
            return None
        is_card = message.place is Place.CARD
        return Edit(
            channel_id=message.channel_id,
            message_ts=message.message_ts,
            text=views.card_text(proposal) if is_card else views.public_text(proposal),
            blocks=views.card(proposal) if is_card else views.public_blocks(proposal),
        )

    def _concern(self, session: Session, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        try:
            concern = self._store.concern(session, UUID(payload["concern"]))
        except DoesNotOpen:
            raise NotSent("does_not_open") from None  # again later: the missing key may come back
        everybody = people.roster(session).everyone
        to = next((each.slack_id for each in everybody if self._owed.mark(each.slack_id) == payload["to"]), None)
        if to is None:
            return None
        if concern is None or to not in concern.readers:
            return Withdraw(to=to)
        return Post(to=to, text=SOMETHING, blocks=something(ids.READ_CONCERN, payload["concern"]))

    def _reachable(self, session: Session, payload: dict[str, Any]) -> str | None:
        member = people.member(session, int(payload["to"]))
        return member.slack_id if member is not None and not member.deactivated else None

    def _time_has_come(self, task: Task, payload: dict[str, Any]) -> None:
        match task:
            case Task.DEADLINE:
                self._proposals.deadline(UUID(payload["proposal"]))
            case Task.LAPSE:
                self._proposals.lapse(UUID(payload["proposal"]))
            case Task.ROSTER_CHANGED:
                self._proposals.roster_changed()
                self._concerns.roster_changed()
            case Task.RENAMED:
                self._concerns.roster_changed()
            case Task.FORGET:
                try:
                    self._concerns.forget(UUID(payload["proposal"]))
                except DoesNotOpen:
                    raise NotSent("does_not_open") from None


def _name(payload: dict[str, Any]) -> str:
    """Which job it is, as far as what it shows goes."""
    return f"{payload['task']}:{payload.get('proposal')}:{payload.get('number')}"
