"""The jobs guidelines owe: ids alone, keyed by whom, which version and which occasion."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from gpbot.guidelines.types import JOB_KIND
from gpbot.outbox import Outbox
from gpbot.outbox.types import BULK, EDITS, Job, Priority
from gpbot.people.types import Member


class Task(StrEnum):
    TELL = "tell"  # the first message (0) and the reminders (1, 2, 3)
    RECEIPT = "receipt"  # a message with buttons becomes one that says what they agreed to
    NOTED = "noted"  # a champion marked it by hand
    NOTICE = "notice"  # to all, in the general channel: a minor version
    ANNOUNCE = "announce"
    FEED = "feed"
    CARD = "card"


class Owed:
    """Each method owes one thing in the caller's transaction; the same thing twice is once."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def tell(self, session: Session, member: Member, number: int, *, nth: int, run_at: datetime) -> None:
        """Reminders let everything else go first."""
        self._outbox.owe(session, _tell(member, number, nth=nth, run_at=run_at))

    def tell_all(self, session: Session, members: Sequence[Member], number: int, *, campaign_id: int) -> None:
        """What an earlier campaign left unsent keeps its key, and so is looked for before it is sent."""
        jobs = [_tell(member, number, nth=0, campaign_id=campaign_id) for member in members]
        self._outbox.owe_all(session, jobs, revive=True)

    def stop_telling(self, session: Session, member: Member, number: int, *, last: int) -> None:
        """They agreed: nothing that is still to be sent about version `number` is."""
        for nth in range(last + 1):
            self._outbox.cancel(session, _key(member, number, nth))

    def receipt(self, session: Session, member: Member, number: int, channel_id: str, message_ts: str) -> None:
        payload: dict[str, str | int] = {
            "task": Task.RECEIPT,
            "person": member.person_id,
            "channel": channel_id,
            "ts": message_ts,
        }
        key = f"guidelines:receipt:{number}:{channel_id}:{message_ts}"
        self._outbox.owe(session, Job(kind=JOB_KIND, key=key, payload=payload, lane=EDITS))

    def noted(self, session: Session, member: Member, number: int) -> None:
        payload: dict[str, str | int] = {"task": Task.NOTED, "person": member.person_id, "number": number}
        key = f"guidelines:noted:{member.person_id}:{number}"
        self._outbox.owe(session, Job(kind=JOB_KIND, key=key, payload=payload, lane=BULK))

    def notice(self, session: Session, number: int) -> None:
        payload: dict[str, str | int] = {"task": Task.NOTICE, "number": number}
        self._outbox.owe(session, Job(kind=JOB_KIND, key=f"guidelines:notice:{number}", payload=payload))

    def announce(self, session: Session, campaign_id: int) -> None:
        payload: dict[str, str | int] = {"task": Task.ANNOUNCE, "campaign": campaign_id}
        job = Job(kind=JOB_KIND, key=f"campaign:{campaign_id}:announce", payload=payload, campaign_id=campaign_id)
        self._outbox.owe_all(session, [job], revive=True)

    def feed(self, session: Session, campaign_id: int, beat: int, *, run_at: datetime | None = None) -> None:
        payload: dict[str, str | int] = {"task": Task.FEED, "campaign": campaign_id, "beat": beat}
        key = f"campaign:{campaign_id}:feed:{beat}"
        job = Job(kind=JOB_KIND, key=key, payload=payload, run_at=run_at, campaign_id=campaign_id)
        self._outbox.owe_all(session, [job], revive=True)


def _tell(
    member: Member, number: int, *, nth: int, run_at: datetime | None = None, campaign_id: int | None = None
) -> Job:
    # Whoever has just joined is told soon; campaigns and reminders can wait.
    can_wait = campaign_id is not None or nth > 0
    return Job(
        kind=JOB_KIND,
        key=_key(member, number, nth),
        payload={
            "task": Task.TELL,
            "person": member.person_id,
            "number": number,
            "spell": member.spell,
            "nth": nth,
            "new": int(not can_wait),
        },
        lane=BULK,
        priority=Priority.BULK if can_wait else Priority.NORMAL,
        run_at=run_at,
        campaign_id=campaign_id,
    )


def _key(member: Member, number: int, nth: int) -> str:
    return f"guidelines:{member.person_id}:{number}:{member.spell}:{nth}"
