"""The one pinned message in the triage channel; its button opens the clicker's own list."""

from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.desk.models import DeskMessage
from gpbot.home import ids
from gpbot.outbox import Outbox
from gpbot.outbox.types import Delete, Job, Outgoing, Post, Receipt
from gpbot.slack.blocks import actions, button, section

JOB_KIND = "desk"
DESK = "The Desk: what is waiting for you. Each of you sees only your own list."


class Desk:
    """Its words never change, so the channel cannot tell when something comes in."""

    def __init__(self, database: Database, outbox: Outbox, channel_id: str) -> None:
        self._database = database
        self._outbox = outbox
        self._channel_id = channel_id

    def put_up(self) -> None:
        """Owe the message, if it is not there yet."""
        with self._database.begin() as session:
            if not self._is_up(session):
                self._owe_up(session)

    def take_down(self, session: Session) -> None:
        """Others read the channel now; it is put up again when the channel is mended."""
        row = session.get(DeskMessage, self._channel_id)
        if row is not None:
            self._owe_away(session, row.channel_id, row.message_ts)
            session.delete(row)
            session.flush()
            self._owe_up(session)

    def prepare(self, payload: dict[str, Any]) -> Outgoing | None:
        if payload:
            return Delete(channel_id=payload["channel"], message_ts=payload["ts"])
        with self._database.read() as session:
            if self._is_up(session):
                return None
        open_desk = button("What is waiting for me", ids.WAITING, "open:", style="primary")
        return Post(
            to=self._channel_id, text=DESK, blocks=[section(DESK), actions(open_desk)], pin=True, look_back=False
        )

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:  # noqa: ARG002
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if self._is_up(session):  # another process put one up while this one was on its way
            self._owe_away(session, receipt.channel_id, receipt.message_ts)
        else:
            session.add(DeskMessage(channel_id=self._channel_id, message_ts=receipt.message_ts))

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        """Nothing to fall back on: the next start, or the bot's joining the channel, tries again."""

    def _owe_up(self, session: Session) -> None:
        # One lane: what several starts owed must not be sent side by side.
        self._outbox.owe(session, Job(kind=JOB_KIND, key=f"desk:{uuid4()}", payload={}, lane="desk"))

    def _owe_away(self, session: Session, channel_id: str, message_ts: str) -> None:
        away: dict[str, int | str] = {"channel": channel_id, "ts": message_ts}
        self._outbox.owe(session, Job(kind=JOB_KIND, key=f"desk:{message_ts}", payload=away, lane="desk"))

    def _is_up(self, session: Session) -> bool:
        found = select(DeskMessage.channel_id).where(DeskMessage.channel_id == self._channel_id)
        return session.execute(found).first() is not None
