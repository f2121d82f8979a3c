"""What every use case about reports works with."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Self
from uuid import UUID

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.home.screens import Screens
from gpbot.people.known_as import KnownAs
from gpbot.reports.changes import Changes
from gpbot.reports.jobs import Owed
from gpbot.reports.store import Standing, Store


# See docs/decisions/0015-files-by-who-acts.md
@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Each public method of its children is one transaction."""

    database: Database
    store: Store
    owed: Owed
    changes: Changes
    screens: Screens
    audit: AuditLog
    known_as: KnownAs
    keep_closed: timedelta  # how long a closed report is kept

    @classmethod
    def beside(cls, other: "UseCases") -> Self:
        """These use cases, working with the same things as `other`."""
        return cls(**{each.name: getattr(other, each.name) for each in fields(UseCases)})

    def up_to_date(self, report_id: UUID) -> Standing | None:
        """Its status for the caretaker, compared with every name there is."""
        with self.database.read() as session:
            standing = self.store.open_as_caretaker(session, report_id)
        if standing is None or not standing.is_behind:
            return standing
        with self.database.begin() as session:
            return self.store.open_as_caretaker(session, report_id, to_write=True)
