"""The jobs of guidelines: ids alone, keyed by whom, which version and which occasion."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gpbot.outbox import Outbox, campaigns
from gpbot.outbox.typed import TypedJob
from gpbot.outbox.types import BULK, EDITS, Priority
from gpbot.people.types import Member


class GuidelinesJob(TypedJob, kind="guidelines"):
    pass


class Tell(GuidelinesJob, task="tell", lane=BULK):
    """The first message (0) and the reminders (1, 2, 3)."""

    person: int
    number: int
    spell: int
    nth: int
    new: bool  # people who have just joined are told soon; campaigns and reminders can wait

    def key(self) -> str:
        return f"{self.KIND}:{self.person}:{self.number}:{self.spell}:{self.nth}"

    def priority(self) -> Priority:
        return Priority.NORMAL if self.new else Priority.BULK


class Receipt(GuidelinesJob, task="receipt", lane=EDITS):
    """A message with buttons becomes one that says what they agreed to."""

    person: int
    channel: str
    ts: str


class Noted(GuidelinesJob, task="noted", lane=BULK):
    """A champion marked it by hand."""

    person: int
    number: int


class Notice(GuidelinesJob, task="notice"):
    """To all, in the general channel: a minor version."""

    number: int


class Announce(GuidelinesJob, task="announce"):
    campaign: int

    def key(self) -> str:
        return f"campaign:{self.campaign}:{self.TASK}"


class Feed(GuidelinesJob, task="feed"):
    campaign: int
    beat: int

    def key(self) -> str:
        return f"campaign:{self.campaign}:{self.TASK}:{self.beat}"


class Card(GuidelinesJob, task=campaigns.CARD):
    """Enqueued by the campaign itself."""

    campaign: int


class Owed:
    """Each method enqueues one job in the caller's transaction; the same job twice is once."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def tell(self, session: Session, member: Member, number: int, *, nth: int, run_at: datetime) -> None:
        """Reminders let everything else go first."""
        self._outbox.enqueue(session, _tell(member, number, nth=nth, new=nth == 0), run_at=run_at)

    def tell_all(self, session: Session, members: Sequence[Member], number: int, *, campaign_id: int) -> None:
        """What an earlier campaign left unsent keeps its key, and so is looked for before it is sent."""
        jobs = [_tell(member, number, nth=0, new=False).queued(campaign_id=campaign_id) for member in members]
        self._outbox.owe_all(session, jobs, revive=True)

    def stop_telling(self, session: Session, member: Member, number: int, *, last: int) -> None:
        """They agreed: nothing that is still to be sent about version `number` is."""
        for nth in range(last + 1):
            self._outbox.cancel(session, _tell(member, number, nth=nth, new=False).key())

    def receipt(self, session: Session, member: Member, number: int, channel_id: str, message_ts: str) -> None:
        key = Receipt.key_for(f"{number}:{channel_id}:{message_ts}")
        self._outbox.enqueue(session, Receipt(person=member.person_id, channel=channel_id, ts=message_ts), key=key)

    def noted(self, session: Session, member: Member, number: int) -> None:
        self._outbox.enqueue(session, Noted(person=member.person_id, number=number))

    def notice(self, session: Session, number: int) -> None:
        self._outbox.enqueue(session, Notice(number=number))

    def announce(self, session: Session, campaign_id: int) -> None:
        self._outbox.enqueue(session, Announce(campaign=campaign_id), campaign_id=campaign_id, revive=True)

    def feed(self, session: Session, campaign_id: int, beat: int, *, run_at: datetime | None = None) -> None:
        job = Feed(campaign=campaign_id, beat=beat)
        self._outbox.enqueue(session, job, run_at=run_at, campaign_id=campaign_id, revive=True)


def _tell(member: Member, number: int, *, nth: int, new: bool) -> Tell:
    return Tell(person=member.person_id, number=number, spell=member.spell, nth=nth, new=new)
