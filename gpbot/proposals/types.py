"""Proposals as views, messages and neighbours see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.refusals import Refusal

MOST_NAME = 80  # characters; Slack's limits for a channel
MOST_PURPOSE = 250
MOST_TOPIC = 250


class State(StrEnum):
    OPEN = "open"
    APPROVED = "approved"  # its channel is being made
    STUCK = "stuck"  # approved, and its channel could not be made: somebody has to look
    OPENED = "opened"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def is_decided(self) -> bool:
        return self is not State.OPEN


class EventKind(StrEnum):
    """What happened to a proposal, as far as those who decide and the proposer see it."""

    ASKED = "asked"
    ANSWERED = "answered"
    APPROVED = "approved"
    DECLINED = "declined"
    NOTE = "note"  # a word of gpbot's own


class Place(StrEnum):
    """Where a message about a proposal stands."""

    PUBLIC = "public"
    CARD = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalToOpen:
    """What is needed to make the channel. People are Slack ids; those who have left are not among them."""

    id: UUID
    name: str
    topic: str  # at most 250 characters; may be empty
    purpose: str  # at most 250 characters
    proposer_id: str
    steward_ids: tuple[str, ...]
    wants_in: tuple[str, ...]  # those who asked to be added, in the order in which they came to be known
    approved_at: datetime


class Opens(Protocol):
    """Makes the channel of an approved proposal."""

    def begin(self, session: Session, proposal_id: UUID) -> None:
        """In the transaction that approves it; once, however often it is called."""
        ...

    def give_up(self, session: Session, proposal_id: UUID) -> None:
        """One that could not be made is not tried any more."""
        ...


"""`hook(session, proposal_id, channel_id)`, in the transaction in which a proposal's channel is open."""


# No repr below: it would print what people wrote.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Proposed:
    """The form as someone filled it in."""

    purpose: str = ""
    name: str = ""  # as it was typed
    steward_ids: tuple[str, ...] = ()
    topics: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Similar:
    """A channel, or an open proposal, that may be what somebody looks for."""

    name: str
    purpose: str
    channel_id: str = ""  # "" for a proposal
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Preview:
    """What a filled form would make, before it is posted."""

    name: str  # as Slack would have it
    steward_ids: tuple[str, ...]
    similar: tuple[Similar, ...]
    mark: str  # changes with what was filled in


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one person has said to a proposal."""

    supports: bool
    wants_in: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Event:
    id: int  # counted within the proposal: people are shown it, and it tells nothing of others
    row: int
    at: datetime
    kind: EventKind
    by: str  # a Slack id; "" for gpbot
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Proposal:
    """A proposal as it stands; people are Slack ids."""

    id: UUID
    name: str
    purpose: str
    topics: str
    proposer_id: str
    proposer_is_here: bool
    steward_ids: tuple[str, ...]
    state: State
    supporters: int
    wanting: int  # how many asked to be added
    threshold: int
    approvals_needed: int
    proposed_at: datetime
    deadline_at: datetime
    is_ready: bool  # champions may approve it
    decided_at: datetime | None
    channel_id: str | None  # once opened
    code: str | None  # why the channel could not be made
    is_missing: bool  # from the proposals channel: it could not be posted, or was deleted there
    events: Sequence[Event]  # oldest first
    approvers: tuple[str, ...]  # so far, of those who may still decide
    version: int  # counts what changed
    card: int  # which posting of its card is the current one; 0: none yet
    post: int  # which posting in the proposals channel is the current one

    @property
    def involved(self) -> frozenset[str]:
        """Those whose own it is: they do not decide it, and read no concern about it."""
        return frozenset({self.proposer_id, *self.steward_ids})

    @property
    def said(self) -> tuple[Event, ...]:
        """What champions and proposers wrote to one another."""
        return tuple(event for event in self.events if event.kind in {EventKind.ASKED, EventKind.ANSWERED})

    @property
    def last_said(self) -> int:
        """The number of the newest of it, 0 where nothing was: what deciding rests on."""
        return max((event.id for event in self.said), default=0)

    def unseen(self, seen: int, viewer: str) -> tuple[Event, ...]:
        """What others wrote after event `seen`."""
        return tuple(event for event in self.said if event.id > seen and event.by != viewer)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line:
    """One proposal in a list."""

    id: UUID
    name: str
    purpose: str
    state: State
    supporters: int
    proposed_at: datetime
    decided_at: datetime | None
    channel_id: str | None
    reason: str  # why it was declined


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Page:
    lines: tuple[Line, ...]
    next: str | None  # a cursor for the page after this one


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Worry:
    """A concern about a proposal, as one of those who may read it sees it."""

    id: UUID
    proposal_id: UUID
    proposal_name: str
    author: str  # a Slack id, which nobody is shown
    at: datetime
    text: str


class NotSwitchedOn(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Proposing channels is not switched on here. Whoever runs gpbot for this community can switch it on."
        )


class CannotTakePart(Refusal):
    """Why somebody may not propose or support."""

    words = "Only members of this workspace can do this. If you have just joined, please try again in a few minutes."


class IsGuest(CannotTakePart):
    words = "This is for full members of this workspace. As a guest you can ask the champions: type /ask."


class NotAgreed(CannotTakePart):
    words = "Please read and agree to the guidelines first: type /guidelines."


class OwnSupport(CannotTakePart):
    words = "You proposed this yourself, so your support is not counted."


class AddedAnyway(CannotTakePart):
    words = "You are added anyway when it opens."


class HasEnded(Refusal):
    words = "This proposal has ended, so nothing was changed."


class TooMany(Refusal):
    words = (
        "You have three proposals open. Please wait until one is decided, or withdraw one: open it on gpbot's Home tab."
    )


class OnField(Refusal):
    """Something in the form is not right."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class OwnProposal(Refusal):
    words = "You are a proposer or steward of this one, so somebody else decides it."


class NotReady(Refusal):
    words = "It can be approved when enough members support it, or when its time is over."


class ForDeciders(Refusal):
    words = "This is for champions."


class NobodyCouldRead(Refusal):
    """Nothing was kept."""

    def __init__(self, external_help: str) -> None:
        super().__init__(
            f"Nobody here could read this except those it is about, so it was not sent. Please contact {external_help}."
        )


class AboutYou(Refusal):
    words = "This seems to be about you, so another champion should pass it on."


class WrittenSince(Refusal):
    """Nothing was decided."""

    words = "Something was written about it meanwhile, so nothing is decided yet. Please read it first."
