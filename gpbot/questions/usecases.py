"""What every use case about questions works with."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.home.screens import Screens
from gpbot.people.known_as import KnownAs
from gpbot.questions.changes import Changes
from gpbot.questions.jobs import Owed
from gpbot.questions.store import Opened, Store
from gpbot.questions.types import EntryKind, Question
from gpbot.reports.filing import Filing
from gpbot.reports.types import EntryKind as ReportEntry

AS_REPORTED = {
    EntryKind.QUESTION: ReportEntry.REPORT,
    EntryKind.ADDITION: ReportEntry.ADDITION,
    EntryKind.ANSWER: ReportEntry.TO_REPORTER,
}


# See docs/decisions/0015-files-by-who-acts.md
@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Each public method of its children is one transaction, and raises NotAvailable to anyone who may not.

    `once` names one act of writing; the same act again changes nothing.
    """

    database: Database
    store: Store
    owed: Owed
    changes: Changes
    screens: Screens
    filing: Filing
    known_as: KnownAs
    is_in_channel: Callable[[], bool] = lambda: True  # the champions' channel, as it was last seen
    look_at_channel: Callable[[], None] = lambda: None  # off the ack path: it may ask Slack

    def _seen_by_asker(self, session: Session, question_id: UUID, viewer: str) -> Question:
        return self.store.as_seen(session, self.store.open_as_asker(session, question_id, viewer), viewer)

    def _whole_conversation(self, session: Session, opened: Opened) -> str:
        entries = self.store.entries(session, opened)
        return "\n\n".join(
            f"The champions answered: {entry.text}" if entry.kind is EntryKind.ANSWER else entry.text
            for entry in entries
            if entry.kind in AS_REPORTED
        )
