"""What the door gives out: a report as its caretaker sees it, or opened by someone who may."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DataKey
from gpbot.people.types import RoleHolder, Roster
from gpbot.reports.access import Access
from gpbot.reports.store.seals import SealedAccess
from gpbot.reports.types import Named, Outcome, State


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Head:
    """What is sealed about a report as a whole."""

    code: str
    reporter: str
    show_name: bool
    claimer: str | None = None
    outcome: Outcome | None = None
    reported: tuple[Named, ...] = ()
    harmed: tuple[Named, ...] = ()
    waiting_since: str = ""  # ISO; what reminders and the next contact count from
    shown_in_evidence: tuple[str, ...] = ()  # while the name is hidden: whom the form picked, whatever comes later
    # The name in words that the reporter gave for who it is about; None: of the release before, who did not tell it
    # from what readers added.
    about_words: str | None = None
    # Whom the words may name: the reporter knows, and lets them read. To each the words of their names, hashed.
    allowed: Mapping[str, Collection[str]] = field(default_factory=dict)
    # These three: None and 0 in a head of an earlier release, until the first start of this one seals what stands.
    access: SealedAccess | None = None
    entries: int = 0
    last_entry: str = ""  # a hash of its content as it is stored

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "reporter": self.reporter,
            "show_name": self.show_name,
            "claimer": self.claimer,
            "outcome": self.outcome,
            "reported": [[named.slack_id, named.words] for named in self.reported],
            "harmed": [[named.slack_id, named.words] for named in self.harmed],
            "waiting_since": self.waiting_since,
            "shown_in_evidence": list(self.shown_in_evidence),
            "about_words": self.about_words,
            "allowed": {slack_id: list(names) for slack_id, names in self.allowed.items()},
            "access": self.access.as_json() if self.access else None,
            "entries": [self.entries, self.last_entry],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        reported = tuple(Named(slack_id=row[0], words=row[1]) for row in content["reported"])
        # An earlier head does not say: it was drawn so, and stays so from its first change on.
        drawn = [each.slack_id for each in reported if each.slack_id not in {"", content["reporter"]}]
        return cls(
            code=content["code"],
            reporter=content["reporter"],
            show_name=content["show_name"],
            claimer=content["claimer"],
            outcome=Outcome(content["outcome"]) if content["outcome"] else None,
            reported=reported,
            harmed=tuple(Named(slack_id=row[0], words=row[1]) for row in content["harmed"]),
            waiting_since=content["waiting_since"],
            shown_in_evidence=tuple(content.get("shown_in_evidence", drawn)),
            about_words=content.get("about_words"),
            allowed=content.get("allowed", {}),
            access=SealedAccess.from_json(content["access"]) if content.get("access") else None,
            entries=content.get("entries", (0, ""))[0],
            last_entry=content.get("entries", (0, ""))[1],
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Standing:
    """A report as the caretaker sees it: ids, dates and states, never words."""

    id: UUID
    state: State
    filed_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    reporter: str
    show_name: bool
    claimer: str | None  # only while they are still a reader
    waiting_since: str
    readers: tuple[RoleHolder, ...]
    next_contact: RoleHolder | None
    roster: Roster
    compared: int  # the version of the roster with whose names its words were last compared
    key: DataKey  # to add to the report; reading it takes an Opened

    @property
    def reader_ids(self) -> tuple[str, ...]:
        return tuple(holder.slack_id for holder in self.readers)

    def is_seen_by(self, viewer: str) -> bool:
        return viewer in {*self.reader_ids, self.reporter}

    @property
    def is_behind(self) -> bool:
        """Somebody has got a role, or another name, with which its words were not compared yet: they read nothing."""
        return self.compared < self.roster.version


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened(Standing):
    """A report opened by someone who may: made by the door alone, asked for by every reading function."""

    viewer: str
    head: Head
    access: Access

    def standing(self) -> Standing:
        return Standing(**{each.name: getattr(self, each.name) for each in fields(Standing)})


CatchUp = Callable[[Session, Opened], None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message:
    id: int
    to: str
    channel_id: str
    message_ts: str
    sent_at: datetime
    is_stub: bool
