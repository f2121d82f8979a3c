"""What proposals send later, rendered at delivery: the two messages in channels, and direct messages."""

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.erasing import as_moment
from gpbot.home.notices import SOMETHING, something
from gpbot.outbox.types import Delete, Edit, NotSent, Outgoing, Post, Receipt, Withdraw
from gpbot.people import members as people
from gpbot.proposals import ids, jobs, views
from gpbot.proposals.concerns import Concerns
from gpbot.proposals.jobs import Owed
from gpbot.proposals.store import ConcernMessage, Store
from gpbot.proposals.types import EventKind, Place, Proposal, State
from gpbot.proposals.workflow import NOT_POSTED, WAS_DELETED, Proposals


class ProposalMessages:
    """The handler of every job about a proposal. Its status is asked again, here, at the moment of sending."""

    def __init__(self, database: Database, store: Store, owed: Owed, proposals: Proposals, concerns: Concerns) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._proposals = proposals
        self._concerns = concerns
        self._shown: dict[jobs.ProposalJob, int] = {}  # while it is being sent: the version that was rendered

    def prepare(self, job: jobs.ProposalJob) -> Outgoing | Withdraw | None:
        if isinstance(job, jobs.Unsend):
            return Delete(channel_id=job.channel, message_ts=job.ts)
        if self._time_has_come(job):
            return None
        with self._database.read() as session:
            match job:
                case jobs.TellConcern():
                    return self._concern(session, job)
                case jobs.Draw():
                    return self._draw(session, job)
                case jobs.PostProposal() | jobs.Card() | jobs.TellState() | jobs.Question() | jobs.Steward():
                    proposal = self._store.find(session, job.proposal)
                    return self._render(session, job, proposal) if proposal else None
        return None

    def _render(self, session: Session, job: jobs.ProposalJob, proposal: Proposal) -> Outgoing | None:
        is_open = proposal.state is State.OPEN
        match job:
            case jobs.PostProposal() if is_open and job.number == proposal.post:
                self._shown[job] = proposal.version
                text, blocks = views.public_text(proposal), views.public_blocks(proposal)
                return Post(to=self._owed.proposals_channel, text=text, blocks=blocks, look_back=False)
            case jobs.Card() if is_open and job.number == proposal.card:
                self._shown[job] = proposal.version
                text, blocks = views.card_text(proposal), views.card(proposal)
                return Post(to=self._owed.triage_channel, text=text, blocks=blocks, look_back=False)
            case jobs.TellState() if job.state is proposal.state:
                to = self._reachable(session, job.to)
                if to is not None:
                    text, blocks = views.state_message(proposal, is_proposer=to == proposal.proposer_id)
                    return Post(to=to, text=text, blocks=blocks)
            case jobs.Question() if is_open:
                to = self._reachable(session, job.to)
                asked = next((each for each in proposal.events if each.row == job.event), None)
                if to is not None and asked is not None and asked.kind is EventKind.ASKED:
                    text, blocks = views.question_message(proposal, asked)
                    return Post(to=to, text=text, blocks=blocks)
            case jobs.Steward() if is_open:
                to = self._reachable(session, job.to)
                if to is not None and to in proposal.steward_ids:
                    text, blocks = views.steward_message(proposal)
                    return Post(to=to, text=text, blocks=blocks)
        return None

    def record(self, session: Session, job: jobs.ProposalJob, receipt: Receipt) -> None:
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if isinstance(job, jobs.TellConcern):
            told = ConcernMessage(to=job.to, channel_id=receipt.channel_id, message_ts=receipt.message_ts)
            self._concerns.note_message(session, job.concern, told)
        elif isinstance(job, jobs.PostProposal | jobs.Card):
            place = Place.CARD if isinstance(job, jobs.Card) else Place.PUBLIC
            shown = self._shown.pop(job, None)
            proposal = self._store.find(session, job.proposal)
            current = proposal and (proposal.card if place is Place.CARD else proposal.post)
            if proposal is None or current != job.number:
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

    def gave_up(self, session: Session, job: jobs.ProposalJob, code: str) -> None:
        """Those who can still do something about it see it."""
        self._shown.pop(job, None)
        if isinstance(job, jobs.Draw):
            message = self._store.find_message(session, job.message)
            if message is None or code != "message_not_found":
                return  # the next change tries again
            self._store.forget_message(session, message.id)  # somebody deleted it
            proposal = self._store.find(session, message.proposal_id)
            left = self._store.messages(session, message.proposal_id, message.place)
            if proposal is not None and message.place is Place.PUBLIC and not left:
                self._proposals.missing(session, proposal, WAS_DELETED)
        elif isinstance(job, jobs.PostProposal):
            proposal = self._store.find(session, job.proposal)
            if proposal is not None and proposal.post == job.number:
                self._proposals.missing(session, proposal, NOT_POSTED)

    def _draw(self, session: Session, job: jobs.Draw) -> Outgoing | None:
        message = self._store.find_message(session, job.message)
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

    def _concern(self, session: Session, job: jobs.TellConcern) -> Outgoing | Withdraw | None:
        try:
            concern = self._store.concern(session, job.concern)
        except DoesNotOpen:
            raise NotSent("does_not_open") from None  # again later: the missing key may come back
        everybody = people.roster(session).everyone
        to = next((each.slack_id for each in everybody if job.to in self._owed.marks(each.slack_id)), None)
        if to is None:
            return None
        if concern is None or to not in concern.readers:
            return Withdraw(to=to)
        return Post(to=to, text=SOMETHING, blocks=something(ids.READ_CONCERN, str(job.concern)))

    def _reachable(self, session: Session, person_id: int) -> str | None:
        member = people.member(session, person_id)
        return member.slack_id if member is not None and not member.deactivated else None

    def _time_has_come(self, job: jobs.ProposalJob) -> bool:
        """Whether it was a timer, which has done its work now."""
        match job:
            case jobs.Deadline():
                self._proposals.deadline(job.proposal)
            case jobs.Lapse():
                self._proposals.lapse(job.proposal)
            case jobs.RosterChanged():
                self._proposals.roster_changed()
                self._concerns.roster_changed()
            case jobs.Renamed():
                self._concerns.roster_changed()
            case jobs.Forget():
                due = self._proposals.keeps_concerns_until(job.proposal)
                try:
                    self._concerns.forget(job.proposal, due, as_moment(job.looked_at))
                except DoesNotOpen:
                    raise NotSent("does_not_open") from None
            case _:
                return False
        return True
