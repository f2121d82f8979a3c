"""The handler of every job of an opening: what is done now, and what follows from how it went."""

from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.community import Community
from gpbot.db import Database
from gpbot.opening import jobs, store, views
from gpbot.opening.jobs import Owed
from gpbot.opening.steps import Step
from gpbot.opening.types import Opening, State
from gpbot.opening.workflow import Openings
from gpbot.outbox.types import (
    MOST_INVITED,
    CreateChannel,
    Edit,
    Invite,
    JoinChannel,
    Outgoing,
    Pin,
    Post,
    Receipt,
    SetPurpose,
    SetTopic,
)


class OpeningMessages:
    """Whether a step is still what its opening waits for is asked again, here."""

    def __init__(self, database: Database, community: Community, openings: Openings, owed: Owed) -> None:
        self._database = database
        self._community = community
        self._openings = openings
        self._owed = owed

    def prepare(self, job: jobs.OpeningJob) -> Outgoing | None:
        with self._database.read() as session:
            match job:
                case jobs.CarryOut():
                    opening = self._openings.waiting_for(session, job.at)
                    return self._step(session, opening) if opening is not None else None
                case jobs.Card():
                    return self._card(session, job.proposal)
                case jobs.NotAdded():
                    return self._not_added(session, job)
        return None

    def record(self, session: Session, job: jobs.OpeningJob, receipt: Receipt) -> None:
        match job:
            case jobs.CarryOut():
                self._openings.done(session, job.at, receipt)
            case jobs.Card() if receipt.channel_id and receipt.message_ts:
                self._openings.note_card(session, job.proposal, receipt.channel_id, receipt.message_ts)
            case _:
                pass

    def gave_up(self, session: Session, job: jobs.OpeningJob, code: str) -> None:
        """Champions learn what they can do, in words."""
        match job:
            case jobs.CarryOut():
                self._openings.refused(session, job.at, code)
            case jobs.Card() if code == "message_not_found":
                self._openings.forget_card(session, job.proposal)
                self._owed.card(session, job.proposal)
            case _:
                pass

    def _step(self, session: Session, opening: Opening) -> Outgoing | None:
        wanted = self._openings.to_open(session, opening.proposal_id)
        channel_id, keep = opening.channel_id, not opening.is_own
        match opening.step:
            case Step.CREATE:
                return CreateChannel(
                    name=opening.name,
                    since=opening.since,
                    before=opening.names[:-1],
                    but_not=store.other_channels(session, opening),
                )
            case Step.JOIN:
                return JoinChannel(channel_id=channel_id)
            case Step.TOPIC:
                return SetTopic(channel_id=channel_id, topic=wanted.topic, keep=keep)
            case Step.PURPOSE:
                return SetPurpose(channel_id=channel_id, purpose=wanted.purpose, keep=keep)
            case Step.WELCOME:
                text, blocks = views.welcome(wanted, self._community.name)
                return Post(to=channel_id, text=text, blocks=blocks, look_back=False)
            case Step.PIN:
                return Pin(channel_id=channel_id, message_ts=opening.welcome_ts)
            case Step.INVITE:
                people = store.waiting(session, opening.proposal_id, MOST_INVITED)
                return Invite(channel_id=channel_id, user_ids=people)
            case Step.PROPOSALS | Step.GENERAL:
                text, blocks = views.announcement(opening, wanted)
                is_general = opening.step is Step.GENERAL
                to = self._owed.general_channel if is_general else self._owed.proposals_channel
                return Post(to=to, text=text, blocks=blocks, look_back=False)
            case Step.DONE:
                return None

    def _card(self, session: Session, proposal_id: UUID) -> Outgoing | None:
        standing = self._openings.standing(session, proposal_id)
        if standing is None:
            return None
        text, blocks = views.card(standing)
        if standing.opening.card is not None:
            channel_id, message_ts = standing.opening.card
            return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)
        if standing.opening.state is State.RUNNING:
            return None  # it went on before anybody was told that it did not
        return Post(to=self._owed.triage_channel, text=text, blocks=blocks, look_back=False)

    def _not_added(self, session: Session, job: jobs.NotAdded) -> Outgoing | None:
        opening = self._openings.find(session, job.proposal)
        found = store.code_of(session, job.proposal, job.to)
        if opening is None or not opening.channel_id or found is None or not found[1]:
            return None
        text, blocks = views.not_added(opening.channel_id)
        return Post(to=found[0], text=text, blocks=blocks)
