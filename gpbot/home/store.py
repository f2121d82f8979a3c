"""Every query about open modals."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from gpbot.home.models import WindowRow
from gpbot.keyring import KeyRing

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Window:
    view_id: str
    subject: UUID | None  # None: a list of what waits


class Store:
    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring

    def note(self, session: Session, *, view_id: str, viewer: str, subject: UUID | None, at: datetime) -> None:
        whose = self._viewer(viewer)
        session.execute(delete(WindowRow).where(WindowRow.viewer == whose, WindowRow.opened_at < at - KEPT))
        view = self._keyring.hash("view", view_id)
        session.execute(delete(WindowRow).where(WindowRow.view == view))
        content = self._keyring.box.seal({"view": view_id})
        session.add(WindowRow(view=view, viewer=whose, subject=subject, content=content, opened_at=at))
        session.flush()

    def forget(self, session: Session, subject: UUID) -> None:
        session.execute(delete(WindowRow).where(WindowRow.subject == subject))

    def that_show(self, session: Session, viewer: str, subject: UUID) -> list[Window]:
        """The viewer's open modals that show this, or a list it may be in."""
        return self._found(session, viewer, (WindowRow.subject == subject) | WindowRow.subject.is_(None))

    def all_of(self, session: Session, viewer: str) -> list[Window]:
        return self._found(session, viewer)

    def _found(self, session: Session, viewer: str, *which: ColumnElement[bool]) -> list[Window]:
        found = select(WindowRow.content, WindowRow.subject).where(WindowRow.viewer == self._viewer(viewer), *which)
        return [
            Window(view_id=self._keyring.box.open(content)["view"], subject=subject)
            for content, subject in session.execute(found)
        ]

    def _viewer(self, slack_id: str) -> bytes:
        return self._keyring.hash("viewer", slack_id)
