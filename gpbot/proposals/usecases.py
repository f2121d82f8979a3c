"""What every use case about proposals works with."""

from dataclasses import dataclass, field

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.directory.workflow import Directory
from gpbot.guidelines.workflow import Guidelines
from gpbot.proposals.changes import Changes, Rules
from gpbot.proposals.jobs import Owed
from gpbot.proposals.store import Store
from gpbot.proposals.types import HasEnded, Opens, Proposal, State, WrittenSince
from gpbot.refusals import NothingWritten
from gpbot.text import is_blank

MOST_OPEN = 3  # of one person


# See docs/decisions/0015-files-by-who-acts.md
@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Each public method of its children is one transaction, unless it takes the caller's session.

    `once` and `click` name one act; the same act again changes nothing.
    """

    database: Database
    store: Store
    owed: Owed
    changes: Changes
    guidelines: Guidelines
    audit: AuditLog
    directory: Directory
    opens: list[Opens] = field(default_factory=list)  # who makes the channel of what is approved, if anybody does

    @property
    def rules(self) -> Rules:
        return self.changes.rules

    @property
    def is_on(self) -> bool:
        return bool(self.owed.proposals_channel)


def refuse_ended(proposal: Proposal, *, but: State | None = None) -> None:
    if proposal.state not in {State.OPEN, but}:
        raise HasEnded


def refuse_blank(text: str) -> None:
    if is_blank(text):
        raise NothingWritten


def refuse_unseen(proposal: Proposal, seen: int | None, viewer: str) -> None:
    if seen is not None and proposal.unseen(seen, viewer):
        raise WrittenSince
