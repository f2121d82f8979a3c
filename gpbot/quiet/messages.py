"""The handler of every job about quiet channels: what is looked at, sent or archived, and what follows from it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox.types import ArchiveChannel, Edit, Outgoing, Post, Receipt, Refused, Withdraw
from gpbot.people import members as people
from gpbot.quiet import jobs, views
from gpbot.quiet.jobs import Owed
from gpbot.quiet.types import CANNOT_LOOK, Ending, State
from gpbot.quiet.workflow import QuietChannels


class QuietMessages:
    """Whether it is still to be done is asked again, here."""

    def __init__(
        self,
        database: Database,
        quiet: QuietChannels,
        owed: Owed,
        *,
        last_spoken: Callable[[str, datetime], datetime | None],
    ) -> None:
        """`last_spoken(channel_id, since)` asks Slack when somebody wrote there after that. Raises SendingEnded."""
        self._database = database
        self._quiet = quiet
        self._owed = owed
        self._last_spoken = last_spoken

    def prepare(self, job: jobs.QuietJob) -> Outgoing | Withdraw | None:
        match job:
            case jobs.Day():
                self._quiet.day()
                return None
            case jobs.Look():
                self._look(job.proposal)
                return None
            case jobs.Archive():
                return self._archive(job.proposal, job.round)
        with self._database.read() as session:
            match job:
                case jobs.AskSteward():
                    return self._ask(session, job)
                case jobs.Draw():
                    return self._draw(session, job)
                case jobs.Card():
                    return self._card(session, job)
                case jobs.Told():
                    return self._told(session, job)
        return None

    def record(self, session: Session, job: jobs.QuietJob, receipt: Receipt) -> None:
        match job:
            case jobs.Archive():
                self._quiet.archived(session, job.proposal, job.round)
            case jobs.AskSteward() if receipt.channel_id and receipt.message_ts:
                message = (receipt.channel_id, receipt.message_ts)
                self._quiet.note_message(session, job.proposal, job.round, job.to, message=message)
            case jobs.Card() if receipt.channel_id and receipt.message_ts:
                message = (receipt.channel_id, receipt.message_ts)
                self._quiet.note_card(session, job.proposal, job.round, message)
            case _:
                pass

    def gave_up(self, session: Session, job: jobs.QuietJob, code: str) -> None:
        """Those who can still do something about it are asked, or read why."""
        match job:
            case jobs.Day():
                self._quiet.again_tomorrow(session)
            case jobs.AskSteward():
                self._quiet.could_not_ask(session, job.proposal, job.round, job.to, code)
            case jobs.Archive():
                self._quiet.could_not_archive(session, job.proposal, job.round, code)
            case jobs.Card() if code == "message_not_found":
                self._quiet.forget_card(session, job.proposal)
            case _:
                pass  # the next day, or the next change, tries again

    def _look(self, proposal_id: UUID) -> None:
        look = self._quiet.to_look(proposal_id)
        if look is None:
            return
        try:
            spoken = self._last_spoken(look.watched.channel_id, look.since)
        except Refused as refused:
            self._quiet.could_not_look(proposal_id, refused.code)
        else:
            self._quiet.looked(look, spoken)

    def _archive(self, proposal_id: UUID, number: int) -> Outgoing | None:
        look = self._quiet.to_archive(proposal_id, number)
        if look is None:
            return None
        try:
            spoken = self._last_spoken(look.watched.channel_id, look.since)
        except Refused as refused:
            raise Refused(CANNOT_LOOK if refused.code == "missing_scope" else refused.code) from None
        if spoken is not None:
            self._quiet.came_alive(look, spoken)
            return None
        return ArchiveChannel(channel_id=look.watched.channel_id)

    def _ask(self, session: Session, job: jobs.AskSteward) -> Outgoing | Withdraw | None:
        found = self._quiet.to_ask(session, job.proposal, job.round, job.to)
        if found is None:
            to = self._reachable(session, job.to)
            return Withdraw(to=to) if to else None
        text, blocks = views.question(found[0], self._quiet.rules.days, found[1])
        return Post(to=found[1], text=text, blocks=blocks)

    def _draw(self, session: Session, job: jobs.Draw) -> Outgoing | None:
        watched = self._quiet.standing(session, job.proposal)
        question = self._quiet.find_question(session, job.proposal, job.to)
        if watched is None or question is None or question.message is None:
            return None
        text, blocks = views.question(watched, self._quiet.rules.days, question.slack_id)
        channel_id, message_ts = question.message
        return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)

    def _card(self, session: Session, job: jobs.Card) -> Outgoing | None:
        watched = self._quiet.standing(session, job.proposal)
        if watched is None or watched.round != job.round:
            return None
        text, blocks = views.card(watched, self._quiet.rules.days)
        if watched.card is not None:
            channel_id, message_ts = watched.card
            return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)
        if watched.state not in {State.OFFERED, State.ARCHIVING}:
            return None  # it ended before the champions were asked
        return Post(to=self._owed.triage_channel, text=text, blocks=blocks, look_back=False)

    def _told(self, session: Session, job: jobs.Told) -> Outgoing | None:
        watched = self._quiet.standing(session, job.proposal)
        to = self._reachable(session, job.to)
        if watched is None or to is None or watched.round != job.round:
            return None
        if watched.ending not in {Ending.KEPT, Ending.ARCHIVED}:
            return None
        text, blocks = views.told(watched)
        return Post(to=to, text=text, blocks=blocks)

    def _reachable(self, session: Session, person_id: int) -> str | None:
        member = people.member(session, person_id)
        return member.slack_id if member is not None and not member.deactivated else None
