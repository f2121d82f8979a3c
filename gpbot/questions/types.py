"""Questions as views, messages and neighbours see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gpbot.refusals import Refusal

NOT_REACHED = "A message has not reached the person who asked."


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    ERASED = "erased"


class EntryKind(StrEnum):
    QUESTION = "question"
    ADDITION = "addition"
    ANSWER = "answer"
    STATUS = "status"  # what gpbot itself tells the person who asks
    NOTE = "note"  # what gpbot itself tells the champions


class MessageKind(StrEnum):
    CARD = "card"
    TOLD = "told"  # to one of those who answer
    NEWS = "news"  # to the person who asks


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asking:
    """The form as someone filled it in."""

    what: str
    may_be_public: bool = False
    show_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Concern:
    """What a champion says about a question that is really a concern."""

    about_ids: tuple[str, ...] = ()
    about_words: str = ""
    keep_out_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Entry:
    id: int
    at: datetime
    kind: EntryKind
    author: str  # a champion's Slack id; "" for the person who asks and for gpbot
    text: str
    channel_id: str = ""  # where an answer was to be posted too


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question:
    """A question as one viewer sees it; `asker` is None while their name is hidden from that viewer."""

    id: UUID
    viewer: str
    is_own: bool
    asker: str | None
    may_be_public: bool
    show_name: bool
    state: State
    asked_at: datetime
    claimer: str | None
    answered: bool
    quiet: bool  # nothing has happened for a week
    entries: Sequence[Entry]

    def unseen(self, seen: int) -> tuple[Entry, ...]:
        """What others have written beside the question itself, after entry `seen`."""
        return tuple(
            entry
            for entry in self.entries
            if entry.kind in {EntryKind.ADDITION, EntryKind.ANSWER}
            and entry.id > seen
            and not (self.is_own and entry.kind is EntryKind.ADDITION)
            and entry.author != self.viewer
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line:
    """One question in a list."""

    id: UUID
    start: str  # its first words, as they were written
    asked_at: datetime
    state: State
    claimer: str | None
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Page:
    lines: tuple[Line, ...]
    next: str | None  # a cursor for the page after this one


class OwnQuestion(Refusal):
    words = "You asked this yourself. Open it from gpbot's Home tab."


class NotAChannel(Refusal):
    words = "Please choose a public channel."


class NotPublic(Refusal):
    words = "The person who asks does not want the answer in a channel."


class AnsweredSince(Refusal):
    """Nothing was done."""

    words = "An answer came after this window was opened, so nothing was done. Please read it first."


class AboutYou(Refusal):
    words = (
        "This seems to be about you, so another champion should pass it on. If there is nobody else, answer that they "
        "can open their question and choose “This is a concern”."
    )
