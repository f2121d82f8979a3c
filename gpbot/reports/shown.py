"""What a window has shown of a report, which it carries: nobody closes in it against words they have not seen."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self

from gpbot.reports.types import Entry, EntryKind

CONVERSATION = frozenset(
    {EntryKind.ADDITION, EntryKind.FROM_REPORTER, EntryKind.TO_REPORTER, EntryKind.CLOSING, EntryKind.STATUS}
)
NOTES = frozenset({EntryKind.NOTE})
_WRITTEN = re.compile(r"s(\d{1,18})\.(\d{1,18})\.(\d{1,18})")


# See docs/decisions/0017-windows-carry-what-they-showed.md
@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The newest entry shown of each part of a case: entries have rising numbers."""

    report: int = 0
    conversation: int = 0
    notes: int = 0

    @classmethod
    def read(cls, written: Collection[str]) -> Self | None:
        """From what a button or window carries; None where it carries none, as those of earlier releases."""
        found = next((match for match in map(_WRITTEN.fullmatch, written) if match), None)
        return cls(report=int(found[1]), conversation=int(found[2]), notes=int(found[3])) if found else None

    def __str__(self) -> str:
        return f"s{self.report}.{self.conversation}.{self.notes}"

    def also(self, entries: Iterable[Entry]) -> Self:
        """When these are shown too."""
        now = self
        for entry in entries:
            part = _part(entry)
            now = replace(now, **{part: max(getattr(now, part), entry.id)})
        return now

    def unseen(self, entries: Iterable[Entry], viewer: str) -> tuple[Entry, ...]:
        """What others wrote and is newer than what was shown."""
        return tuple(entry for entry in entries if entry.id > getattr(self, _part(entry)) and entry.author != viewer)


def _part(entry: Entry) -> str:
    if entry.kind in CONVERSATION:
        return "conversation"
    return "notes" if entry.kind in NOTES else "report"
