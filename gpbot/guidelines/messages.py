"""What guidelines send later, rendered at delivery for one recipient."""

from sqlalchemy.orm import Session

from gpbot.community import Community
from gpbot.db import Database
from gpbot.guidelines import days, jobs, store, views
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.jobs import Owed
from gpbot.guidelines.types import Standing
from gpbot.guidelines.workflow import Guidelines
from gpbot.outbox import campaigns
from gpbot.outbox.types import Edit, Outgoing, Post, Receipt
from gpbot.people import members as people
from gpbot.people.types import Member


class GuidelinesMessages:
    """The handler of every job about guidelines. Whether it is still to be sent is decided again, here."""

    def __init__(
        self,
        database: Database,
        community: Community,
        guidelines: Guidelines,
        backfill: Backfill,
        owed: Owed,
        *,
        general_channel: str,
        triage_channel: str,
    ) -> None:
        self._database = database
        self._community = community
        self._guidelines = guidelines
        self._backfill = backfill
        self._owed = owed
        self._general_channel = general_channel
        self._triage_channel = triage_channel

    def prepare(self, job: jobs.GuidelinesJob) -> Outgoing | None:
        match job:
            case jobs.Tell():
                return self._tell(job)
            case jobs.Receipt():
                return self._receipt(job)
            case jobs.Noted():
                standing = self._standing(job.person)
                if standing is None or standing.member is None or standing.member.deactivated:
                    return None
                text, blocks = views.noted_message(standing)
                return Post(to=standing.member.slack_id, text=text, blocks=blocks)
            case jobs.Notice():
                return self._notice(job.number)
            case jobs.Announce():
                campaign = self._backfill.find(job.campaign)
                if campaign is None or not campaign.is_open or campaign.cursor or campaign.fed:
                    return None
                text, blocks = views.announcement(self._community)
                return Post(to=self._general_channel, text=text, blocks=blocks, look_back=False)
            case jobs.Feed():
                self._backfill.feed(job.campaign, job.beat)
            case jobs.Card():
                return self._card(job.campaign)
        return None

    def record(self, session: Session, job: jobs.GuidelinesJob, receipt: Receipt) -> None:
        match job:
            case jobs.Tell() if receipt.channel_id and receipt.message_ts:
                self._told(session, job, receipt.channel_id, receipt.message_ts)
            case jobs.Announce():
                self._backfill.announced(session, job.campaign)
            case jobs.Card() if receipt.channel_id and receipt.message_ts:
                campaigns.note_card(session, job.campaign, receipt.channel_id, receipt.message_ts)
            case _:
                pass

    def gave_up(self, session: Session, job: jobs.GuidelinesJob, code: str) -> None:
        """Somebody who cannot be reached stays on the champions' list, and in the campaign's, with the reason."""
        match job:
            case jobs.Announce():
                self._backfill.could_not_announce(session, job.campaign, code)
            case jobs.Feed():
                self._backfill.could_not_feed(session, job.campaign, job.beat)
            case _:
                pass

    def _tell(self, job: jobs.Tell) -> Post | None:
        with self._database.read() as session:
            member = self._still_owed(session, job)
            if member is None or (job.nth == 0 and store.told_at(session, member, job.number) is not None):
                return None
            standing = self._guidelines.standing_of(session, member.slack_id)
        if standing.current is None:
            return None
        text, blocks = views.first_message(self._community, standing, standing.current, nth=job.nth, is_new=job.new)
        return Post(to=member.slack_id, text=text, blocks=blocks)

    def _receipt(self, job: jobs.Receipt) -> Edit | None:
        standing = self._standing(job.person)
        if standing is None or standing.accepted is None:
            return None
        text, blocks = views.receipt(standing)
        return Edit(channel_id=job.channel, message_ts=job.ts, text=text, blocks=blocks)

    def _still_owed(self, session: Session, job: jobs.Tell) -> Member | None:
        """Whom it is for; None when they agreed, left, came back since, or a newer version is asked for."""
        member = people.member(session, job.person)
        _, required = store.numbers(session)
        if member is None or not self._guidelines.asks(member):
            return None
        is_current = member.spell == job.spell and required == job.number
        return member if is_current and member.accepted_number < required else None

    def _told(self, session: Session, job: jobs.Tell, channel_id: str, message_ts: str) -> None:
        member = people.member(session, job.person)
        if member is None:
            return
        number, nth = job.number, job.nth
        now = self._database.clock.now()
        store.note_message(session, member, number, nth, at=now, channel_id=channel_id, message_ts=message_ts)
        if member.accepted_number >= number:  # while it was on its way
            self._owed.receipt(session, member, member.accepted_number, channel_id, message_ts)
            return
        told_at = store.told_at(session, member, number) or now
        due = days.reminder_due(nth + 1, told_at=told_at, now=now)
        if due is not None:
            self._owed.tell(session, member, number, nth=nth + 1, run_at=due)

    def _notice(self, number: int) -> Post | None:
        """Nothing once a major version has come, of which everybody is told."""
        with self._database.read() as session:
            _, required = store.numbers(session)
            version = store.find(session, number)
        if version is None or number < required:
            return None
        text, blocks = views.minor_notice(self._community, version)
        return Post(to=self._general_channel, text=text, blocks=blocks, look_back=False)

    def _card(self, campaign_id: int) -> Outgoing | None:
        campaign = self._backfill.find(campaign_id)
        if campaign is None:
            return None
        text, blocks = views.campaign_text(campaign), views.campaign_blocks(campaign)
        if campaign.card is None:
            return Post(to=self._triage_channel, text=text, blocks=blocks, look_back=False)
        channel_id, message_ts = campaign.card
        return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)

    def _standing(self, person_id: int) -> Standing | None:
        with self._database.read() as session:
            member = people.member(session, person_id)
            return self._guidelines.standing_of(session, member.slack_id) if member else None
