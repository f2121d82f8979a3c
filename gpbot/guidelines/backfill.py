"""Telling everybody who was here before: counted first, then paced, and paused, resumed or cancelled at any time."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.guidelines import store
from gpbot.guidelines.jobs import GuidelinesJob, Owed, Tell
from gpbot.guidelines.types import CannotBackfill, ForChampions
from gpbot.outbox import campaigns
from gpbot.outbox.campaigns import Campaign
from gpbot.outbox.models import Status
from gpbot.outbox.patience import PACES
from gpbot.outbox.typed import read
from gpbot.outbox.types import BULK
from gpbot.people import members as people
from gpbot.people.types import Member, RoleName
from gpbot.text import start_of

BATCH = 100  # written in one transaction, for which everybody else who saves something waits
LOW = 120  # jobs still waiting when more are written: longer than a beat takes to send
BEAT = timedelta(seconds=15)
A_MINUTE = PACES[BULK]
FAILURES_PAGE = 30

NEWER_VERSION = "newer_version"  # reasons, beside Slack's codes
NOT_ANNOUNCED = "not_announced:"
NOT_FED = "not_fed:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What starting would do; `cannot` says why it cannot be started."""

    number: int  # the major version they are asked to agree to
    people: int
    minutes: int
    cannot: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    member: Member
    code: str


class Backfill:
    """Each public method is one transaction. `viewer` is a Slack id, or None for the operator.

    Those raise ForChampions for everybody else.
    """

    def __init__(self, database: Database, owed: Owed, audit: AuditLog, *, guests: bool, general_channel: str) -> None:
        self._database = database
        self._owed = owed
        self._audit = audit
        self._guests = guests
        self._general_channel = general_channel

    def preview(self, viewer: str | None) -> Preview:
        with self._database.read() as session:
            self._may(session, viewer)
            return self._preview(session)

    def start(self, viewer: str | None, *, number: int) -> int:
        """The campaign's id; `number` is the version of the preview. Raises CannotBackfill."""
        now = self._database.clock.now()
        with self._database.begin() as session:
            self._may(session, viewer)
            preview = self._preview(session)
            if preview.cannot is not None:
                raise CannotBackfill(preview.cannot)
            if preview.number != number:
                raise CannotBackfill("Another version was published meanwhile. Look at the preview again.")
            campaign_id = campaigns.start(session, kind=GuidelinesJob.KIND, about=number, total=preview.people, now=now)
            if campaign_id is None:
                raise CannotBackfill(_ONE_IS_OPEN)
            self._owed.announce(session, campaign_id)
            campaigns.owe_card(session, campaign_id, GuidelinesJob.KIND, now)
            self._log(session, viewer, "started", campaign_id)
        return campaign_id

    def pause(self, viewer: str | None, campaign_id: int) -> None:
        now = self._database.clock.now()
        with self._database.begin() as session:
            self._may(session, viewer)
            if campaigns.pause(session, campaign_id, now):
                self._log(session, viewer, "paused", campaign_id)

    def resume(self, viewer: str | None, campaign_id: int) -> None:
        now = self._database.clock.now()
        with self._database.begin() as session:
            self._may(session, viewer)
            before = campaigns.find(session, campaign_id, to_write=True)
            if before is None or not campaigns.resume(session, campaign_id, now):
                return
            reason = before.reason or ""
            if reason.startswith(NOT_ANNOUNCED):
                self._owed.announce(session, campaign_id)
            elif reason.startswith(NOT_FED):
                self._owed.feed(session, campaign_id, int(reason.removeprefix(NOT_FED)))
            self._log(session, viewer, "resumed", campaign_id)

    def cancel(self, viewer: str | None, campaign_id: int) -> None:
        now = self._database.clock.now()
        with self._database.begin() as session:
            self._may(session, viewer)
            if campaigns.end(session, campaign_id, Status.CANCELLED, now):
                self._log(session, viewer, "cancelled", campaign_id)

    def latest(self) -> Campaign | None:
        """The one that is open, or else the last one."""
        with self._database.read() as session:
            return campaigns.latest(session, GuidelinesJob.KIND)

    def find(self, campaign_id: int) -> Campaign | None:
        with self._database.read() as session:
            return campaigns.find(session, campaign_id)

    def failures(self, viewer: str | None, campaign_id: int) -> list[Unreached]:
        """Whom the campaign could not reach, and Slack's reason; the first thirty."""
        with self._database.read() as session:
            self._may(session, viewer)
            found = []
            for failure in campaigns.failures(session, campaign_id, limit=FAILURES_PAGE):
                member = people.member(session, read(Tell, failure.payload).person)
                if member is not None:
                    found.append(Unreached(member=member, code=failure.code))
            return found

    def announced(self, session: Session, campaign_id: int) -> None:
        """The post in the general channel is there: now each person is told."""
        self._owed.feed(session, campaign_id, 0)

    def could_not_announce(self, session: Session, campaign_id: int, code: str) -> None:
        self._stop(session, campaign_id, f"{NOT_ANNOUNCED}{code}")

    def could_not_feed(self, session: Session, campaign_id: int, beat: int) -> None:
        self._stop(session, campaign_id, f"{NOT_FED}{beat}")

    def feed(self, campaign_id: int, beat: int) -> None:
        """One beat: write the next jobs when few are left, or see that all is done. Safe to run again."""
        now = self._database.clock.now()
        with self._database.begin() as session:
            campaign = campaigns.find(session, campaign_id, to_write=True)
            if campaign is None or campaign.status is not Status.RUNNING:
                return
            _, required = store.numbers(session)
            if required != campaign.about:
                campaigns.end(session, campaign_id, Status.CANCELLED, now, reason=NEWER_VERSION)
                return
            if campaign.fed and campaign.waiting == 0:
                campaigns.end(session, campaign_id, Status.DONE, now)
                return
            if not campaign.fed and campaign.waiting < LOW:
                self._feed(session, campaign)
            self._owed.feed(session, campaign_id, beat + 1, run_at=now + BEAT)
            campaigns.owe_card(session, campaign_id, GuidelinesJob.KIND, now)

    def _feed(self, session: Session, campaign: Campaign) -> None:
        next_ones = store.to_tell(session, campaign.about, guests=self._guests, after=campaign.cursor, limit=BATCH)
        self._owed.tell_all(session, next_ones, campaign.about, campaign_id=campaign.id)
        cursor = next_ones[-1].person_id if next_ones else campaign.cursor
        campaigns.advance(session, campaign.id, cursor=cursor, fed=len(next_ones) < BATCH)

    def _preview(self, session: Session) -> Preview:
        _, required = store.numbers(session)
        count = store.count_to_tell(session, required, guests=self._guests)
        cannot = None
        if not required:
            cannot = "No guidelines are published yet."
        elif people.list_complete_at(session) is None:
            cannot = "gpbot has not read the whole member list yet. Try again in a minute."
        elif campaigns.is_open(session, GuidelinesJob.KIND):
            cannot = _ONE_IS_OPEN
        elif not self._general_channel:
            cannot = (
                "gpbot does not know in which channel to say first that its messages are real, so that nobody takes "
                "them for a trick. Please ask whoever runs gpbot to choose one."
            )
        elif count == 0:
            cannot = "Everybody who is to agree has agreed, or has been told already."
        return Preview(number=required, people=count, minutes=max(1, round(count / A_MINUTE)), cannot=cannot)

    def _stop(self, session: Session, campaign_id: int, reason: str) -> None:
        campaigns.pause(session, campaign_id, self._database.clock.now(), reason=start_of(reason, 100))

    def _may(self, session: Session, viewer: str | None) -> None:
        if viewer is not None and people.roster(session).role_of(viewer) is not RoleName.CHAMPION:
            raise ForChampions

    def _log(self, session: Session, viewer: str | None, act: str, campaign_id: int) -> None:
        self._audit.record(session, actor=viewer or "operator", act=f"guidelines.campaign.{act}:{campaign_id}")


_ONE_IS_OPEN = "One is under way already."
