"""The one pinned message in the triage channel; its button opens the clicker's own list."""

from dataclasses import field
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.desk.models import DeskMessage
from gpbot.home import ids
from gpbot.outbox import Outbox
from gpbot.outbox.typed import LEFT_OUT, TypedJob
from gpbot.outbox.types import Delete, Outgoing, Post, Receipt
from gpbot.slack.blocks import actions, button, section

DESK = "The Desk: what is waiting for you. Each of you sees only your own list."


class DeskJob(TypedJob, kind="desk", lane="desk"):
    """Puts the message up, or takes one away: one lane, so that several starts do not send side by side."""

    channel: str = field(default="", metadata=LEFT_OUT)
    ts: str = field(default="", metadata=LEFT_OUT)

    def key(self) -> str:
        return self.key_for(self.ts or uuid4())


class Desk:
    """Its words never change, so the channel cannot tell when something comes in."""

    def __init__(self, database: Database, outbox: Outbox, channel_id: str) -> None:
        self._database = database
        self._outbox = outbox
        self._channel_id = channel_id

    def put_up(self) -> None:
        """Enqueue the message, if it is not there yet."""
        with self._database.begin() as session:
            if not self._is_up(session):
                self._owe_up(session)

    def is_read_by_others(self, session: Session, channel_id: str) -> None:
        """A channel is: perhaps the one where the Desk stands."""
        if channel_id == self._channel_id:
            self.take_down(session)

    def take_down(self, session: Session) -> None:
        """It is put up again when the channel is mended."""
        row = session.get(DeskMessage, self._channel_id)
        if row is not None:
            self._owe_away(session, row.channel_id, row.message_ts)
            session.delete(row)
            session.flush()
            self._owe_up(session)

    def prepare(self, job: DeskJob) -> Outgoing | None:
        if job.ts:
            return Delete(channel_id=job.channel, message_ts=job.ts)
        with self._database.read() as session:
            if self._is_up(session):
                return None
        open_desk = button("What is waiting for me", ids.WAITING, "open:", style="primary")
        return Post(
            to=self._channel_id, text=DESK, blocks=[section(DESK), actions(open_desk)], pin=True, look_back=False
        )

    def record(self, session: Session, job: DeskJob, receipt: Receipt) -> None:  # noqa: ARG002
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if self._is_up(session):  # another process put one up while this one was on its way
            self._owe_away(session, receipt.channel_id, receipt.message_ts)
        else:
            session.add(DeskMessage(channel_id=self._channel_id, message_ts=receipt.message_ts))

    def gave_up(self, session: Session, job: DeskJob, code: str) -> None:
        """Nothing to fall back on: the next start, or the bot's joining the channel, tries again."""

    def _owe_up(self, session: Session) -> None:
        self._outbox.enqueue(session, DeskJob())

    def _owe_away(self, session: Session, channel_id: str, message_ts: str) -> None:
        self._outbox.enqueue(session, DeskJob(channel=channel_id, ts=message_ts))

    def _is_up(self, session: Session) -> bool:
        found = select(DeskMessage.channel_id).where(DeskMessage.channel_id == self._channel_id)
        return session.execute(found).first() is not None
