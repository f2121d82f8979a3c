"""Which messages about a report stand in Slack: to be taken back when they have to go."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gpbot.reports.models import NotificationRow
from gpbot.reports.store.opened import Message, Standing


class Sent:
    def note_message(
        self,
        session: Session,
        standing: Standing,
        *,
        to: str,
        channel_id: str,
        message_ts: str,
        is_stub: bool,
        at: datetime,
    ) -> None:
        content = {"to": to, "channel": channel_id, "ts": message_ts, "stub": is_stub}
        sealed = standing.key.seal(content)
        session.add(NotificationRow(report_id=standing.id, content=sealed, sent_at=at))
        session.flush()

    def messages(self, session: Session, standing: Standing) -> list[Message]:
        rows = session.execute(
            select(NotificationRow.id, NotificationRow.content, NotificationRow.sent_at).where(
                NotificationRow.report_id == standing.id
            )
        )
        return [
            Message(
                id=number,
                to=content["to"],
                channel_id=content["channel"],
                message_ts=content["ts"],
                is_stub=content["stub"],
                sent_at=sent_at,
            )
            for number, content, sent_at in ((row[0], standing.key.open(row[1]), row[2]) for row in rows)
        ]

    def forget_message(self, session: Session, number: int) -> None:
        session.execute(delete(NotificationRow).where(NotificationRow.id == number))
