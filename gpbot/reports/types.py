"""Reports as views, messages and neighbours see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from gpbot.audit.log import Record
from gpbot.people.types import RoleHolder
from gpbot.refusals import Refusal
from gpbot.reports.evidence import Evidence
from gpbot.text import is_blank  # noqa: F401  (found here too by who looked for it here)


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    ERASED = "erased"


class How(StrEnum):
    """How someone came to be a possible reader."""

    SHOWN = "shown"
    CONTACT = "contact"


class Reason(StrEnum):
    """Why someone is excluded."""

    REPORTED = "reported"
    REPORTER = "reporter"
    HARMED = "harmed"
    TICKED = "ticked"
    STEPPED_BACK = "stepped_back"
    CONFLICT = "conflict"


class EntryKind(StrEnum):
    REPORT = "report"
    ADDITION = "addition"
    DETAILS = "details"
    NOTE = "note"
    TO_REPORTER = "to_reporter"
    FROM_REPORTER = "from_reporter"
    CLOSING = "closing"
    STATUS = "status"  # what gpbot itself tells the reporter


class Outcome(StrEnum):
    RESOLVED = "resolved"
    NO_BREACH = "no_breach"
    NOT_ENOUGH = "not_enough"
    OUT_OF_SCOPE = "out_of_scope"
    WITHDRAWN = "withdrawn"


OUTCOMES: Mapping[Outcome, str] = {
    Outcome.RESOLVED: "We have done what we can",
    Outcome.NO_BREACH: "Nothing here is against the guidelines",
    Outcome.NOT_ENOUGH: "We do not know enough to act",
    Outcome.OUT_OF_SCOPE: "This is not something the champions can handle",
    Outcome.WITHDRAWN: "Withdrawn by the person who reported it",
}

CATEGORIES: Mapping[str, str] = {
    "harassment": "Harassment, threats or bullying",
    "discrimination": "Racism or other discrimination",
    "sexual": "Unwanted sexual attention",
    "confidentiality": "Sharing what was private",
    "journalists": "Sharing with journalists or sellers without consent",
    "selling": "Selling or self-promotion",
    "safety": "Worry about someone's safety",
    "other": "Something else",
}

PARTS: Mapping[str, str] = {
    "me": "It happened to me",
    "witness": "I saw or read it",
    "for": "I am telling this for someone else",
}

WISHES: Mapping[str, str] = {
    "know": "I only want you to know",
    "help": "Please help me",
    "act": "Please do something about it",
}

MAY_SPEAK: Mapping[str, str] = {
    "no": "No, do not speak to them",
    "without_details": "Yes, but without details",
    "yes": "Yes",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Filled:
    """The form as someone filled it in."""

    what: str
    about_ids: tuple[str, ...] = ()
    about_words: str = ""
    keep_out_ids: tuple[str, ...] = ()
    outside_only: bool = False
    show_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ticks:
    """What a list of people who must not read it holds."""

    listed: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    none: bool = False  # "None of them"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft:
    id: UUID
    filled: Filled
    evidence: Evidence | None = None
    shown_ids: tuple[str, ...] = ()  # the champions of the review
    reviewed: bool = False
    saved_at: str = ""  # ISO
    notice: tuple[str, str] | None = None  # channel and ts of "You have not sent this yet"
    # The words name them, and they may read it all the same; with since when they were called as they were then.
    allowed: Mapping[str, int] = field(default_factory=dict)
    none: bool = False  # "None of them" was ticked

    @property
    def asks(self) -> bool:
        """Nobody was picked, so the review asks who must not read it: names in words can be missed."""
        return not self.filled.about_ids

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.filled.what,
            "about": list(self.filled.about_ids),
            "about_words": self.filled.about_words,
            "keep_out": list(self.filled.keep_out_ids),
            "outside": self.filled.outside_only,
            "show_name": self.filled.show_name,
            "evidence": self.evidence.as_json() if self.evidence else None,
            "shown": list(self.shown_ids),
            "reviewed": self.reviewed,
            "saved_at": self.saved_at,
            "notice": list(self.notice) if self.notice else None,
            "may_read": dict(self.allowed),
            "none": self.none,
        }

    @classmethod
    def from_json(cls, draft_id: UUID, content: Mapping[str, Any]) -> Self:
        return cls(
            id=draft_id,
            filled=Filled(
                what=content["what"],
                about_ids=tuple(content["about"]),
                about_words=content["about_words"],
                keep_out_ids=tuple(content["keep_out"]),
                outside_only=content["outside"],
                show_name=content["show_name"],
            ),
            evidence=Evidence.from_json(content["evidence"]) if content["evidence"] else None,
            shown_ids=tuple(content["shown"]),
            reviewed=content["reviewed"],
            saved_at=content["saved_at"],
            notice=(content["notice"][0], content["notice"][1]) if content["notice"] else None,
            allowed=content.get("may_read", {}),
            none=content.get("none", False),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Review:
    """What Send would do, and who would read it."""

    draft: Draft
    readers: tuple[RoleHolder, ...]  # none, while everybody who could read it is ticked
    outside: bool  # the reader is a contact outside the champions
    listed: tuple[RoleHolder, ...]  # all who could read it, now or later
    ticked: tuple[str, ...]  # of them, who must not
    named: tuple[RoleHolder, ...]  # of them, whom the words seem to name
    colleagues: tuple[RoleHolder, ...]  # it is about them, and everybody who would read it works with one of them
    instead: RoleHolder | None  # then: who could read it and works elsewhere
    reporter_is_known: bool  # the reporter is a champion or contact: elimination may identify them
    signed: bool  # the words hold the reporter's own name or mention, or name them as the one it is about
    revision: str  # of what was reviewed

    def has_list_of(self, revision: str) -> bool:
        """Whether the review of that `revision` shows the same list, whatever was ticked in it since."""
        return self.revision.partition(":")[0] == revision.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NobodyLeft:
    """Nobody may read it; nothing was kept. The words go back to the person who wrote them."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Named:
    """Someone in a report: a Slack account, or a name in words."""

    slack_id: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Entry:
    id: int  # among those its viewer reads
    at: datetime
    kind: EntryKind
    author: str  # a Slack id; "" for the reporter and for gpbot
    text: str
    evidence: Evidence | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    was_read: bool = False  # readers have read these very words before it was a report


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Handed:
    """Something written elsewhere before it became part of a report."""

    at: datetime
    kind: EntryKind
    text: str
    author: str = ""  # a Slack id; "" for the reporter and for gpbot


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line:
    """One report in somebody's own list."""

    report_id: UUID
    code: str
    filed_at: datetime
    state: State
    opened: bool
    claimer: str | None  # a Slack id


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Page:
    lines: tuple[Line, ...]
    next: str | None  # a cursor for the page after this one


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Case:
    """A report as one of its readers sees it."""

    report_id: UUID
    viewer: str
    code: str
    state: State
    filed_at: datetime
    claimer: str | None
    reporter: str | None  # a Slack id, when the reporter chose to show it
    reported: tuple[Named, ...]
    harmed: tuple[Named, ...]
    readers: tuple[str, ...]
    not_handling: tuple[str, ...]
    entries: tuple[Entry, ...]
    log: tuple[Record, ...]
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OwnReport:
    """A report as the person who sent it sees it."""

    report_id: UUID
    code: str
    state: State
    filed_at: datetime
    opened: bool
    claimed: bool
    readers: tuple[RoleHolder, ...]
    ticked: tuple[str, ...]
    could_be_ticked: tuple[RoleHolder, ...]
    could_read: tuple[RoleHolder, ...]  # now, or when they are asked later
    asks: bool  # nobody was picked, so further words ask who must not read them
    entries: tuple[Entry, ...]
    show_name: bool
    outcome: Outcome | None

    @property
    def mark_of_readers(self) -> str:
        """Changes with who can read it: what showing one's name rests on."""
        who = sorted(holder.slack_id for holder in self.readers)
        return sha256(" ".join(who).encode()).hexdigest()[:16]


def last_answer(entries: Iterable[Entry]) -> int:
    """The number of the newest among them, 0 where there is none: what withdrawing a report rests on."""
    kinds = {EntryKind.TO_REPORTER, EntryKind.CLOSING}
    return max((entry.id for entry in entries if entry.kind in kinds), default=0)


class AlreadyClaimed(Refusal):
    words = "Someone else has this one."


class NotYourClaim(Refusal):
    words = "You are not the one handling this."


class IsClosed(Refusal):
    words = "This is closed. Reopen it first."


class OnTheList(Refusal):
    """What is wrong with the list of people who must not read it; said there."""


class NotAnswered(OnTheList):
    words = "Please tick everyone who must not read it, or “None of them”."


class BothAnswers(OnTheList):
    words = "“None of them” is ticked, and so is somebody. Please take one of the two away."


class NobodyLeftOnList(OnTheList):
    def __init__(self, external_help: str) -> None:
        super().__init__(
            f"Nobody would be left to read it, so it is not sent. Take a tick away, or contact {external_help}."
        )


def check_answer(*, ticked: bool, none: bool) -> None:
    """Where a list wants an answer: somebody is ticked, or *None of them*. Raises NotAnswered, BothAnswers."""
    if not ticked and not none:
        raise NotAnswered
    if ticked and none:
        raise BothAnswers
