"""Every query about questions, and who may open one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey, DoesNotOpen
from gpbot.db import table_of
from gpbot.keyring import KeyRing
from gpbot.people import members as people
from gpbot.people.types import Roster
from gpbot.questions import access as rule
from gpbot.questions.models import CLOSED, OPEN, QuestionEntryRow, QuestionMessageRow, QuestionRow
from gpbot.questions.types import NOT_REACHED, Asking, Entry, EntryKind, Line, MessageKind, Page, Question, State
from gpbot.refusals import NotAvailable
from gpbot.sealed.entries import open_entries, seal_entry
from gpbot.sealed.erasing import erase_case
from gpbot.text import start_of

PAGE = 10  # questions in one page of a list
START = 150  # characters of a question in a list
DOES_NOT_OPEN = "Cannot be opened now"
_ENTRIES = select(QuestionEntryRow.id, QuestionEntryRow.at, QuestionEntryRow.kind, QuestionEntryRow.content).order_by(
    QuestionEntryRow.id
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Head:
    """What is sealed about a question as a whole."""

    asker: str
    start: str
    may_be_public: bool
    show_name: bool
    claimer: str | None = None
    answered: bool = False
    quiet: bool = False
    # Of an earlier release None, until the first start of this one seals what stands.
    entries: int | None = None
    last_entry: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        return cls(**content)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened:
    """A question opened by someone who may: made by the store alone."""

    id: UUID
    state: State
    turn: int
    card: int
    asked_at: datetime
    closed_at: datetime | None
    claimer: str | None  # only while they may still answer
    head: Head
    roster: Roster
    key: DataKey

    @property
    def answerers(self) -> tuple[str, ...]:
        return rule.answerers(self.roster)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message:
    id: int
    kind: MessageKind
    channel_id: str
    message_ts: str


class Store:
    """Raises DoesNotOpen where what is stored does not fit the keys."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring

    def id_for(self, asker: str, form_id: str) -> UUID:
        """One form is one question, however often it is sent, and nobody's but the sender's."""
        return UUID(bytes=self._keyring.hash("question", f"{asker}:{form_id}")[:16])

    def report_id_for(self, question_id: UUID) -> UUID:
        """What the report is called that a question becomes, once."""
        return UUID(bytes=self._keyring.hash("report of question", str(question_id))[:16])

    # The door.

    def open_to_answer(self, session: Session, question_id: UUID, viewer: str, *, to_write: bool = False) -> Opened:
        """Raises NotAvailable, in the same words whether it is not theirs, has ended, or never was."""
        opened = self._open(session, question_id, to_write=to_write)
        if opened.state is not State.OPEN or not rule.may_answer(opened.roster, viewer):
            raise NotAvailable
        return opened

    def open_as_asker(self, session: Session, question_id: UUID, viewer: str, *, to_write: bool = False) -> Opened:
        """Raises NotAvailable likewise."""
        opened = self._open(session, question_id, to_write=to_write)
        if opened.head.asker != viewer:
            raise NotAvailable
        return opened

    def open_as_caretaker(self, session: Session, question_id: UUID, *, to_write: bool = False) -> Opened | None:
        """For the card, for clocks and for erasure; None when erased or never there."""
        try:
            return self._open(session, question_id, to_write=to_write)
        except NotAvailable:
            return None

    def _open(self, session: Session, question_id: UUID, *, to_write: bool) -> Opened:
        query = select(QuestionRow).where(QuestionRow.id == question_id, QuestionRow.state != State.ERASED)
        row = session.execute(query.with_for_update() if to_write else query).scalar_one_or_none()
        sealed_key, sealed_head = (row.key, row.head) if row else self._nothing
        key, content = self._keyring.open_case(question_id, sealed_key, sealed_head)
        head = Head.from_json(content)
        roster = people.roster(session)
        if row is None:  # not before: how long it takes must not tell whether there is one
            raise NotAvailable
        return Opened(
            id=question_id,
            state=State(row.state),
            turn=row.turn,
            card=row.card,
            asked_at=row.asked_at,
            closed_at=row.closed_at,
            claimer=head.claimer if head.claimer and rule.may_answer(roster, head.claimer) else None,
            head=head,
            roster=roster,
            key=key,
        )

    @cached_property
    def _nothing(self) -> tuple[bytes, bytes]:
        """A key and a head that are opened in place of those that are not there."""
        return self._keyring.stand_in(Head(asker="", start="", may_be_public=False, show_name=False).as_json())

    # Reading what the door opened.

    def entries(self, session: Session, opened: Opened, *, but: Iterable[EntryKind] = ()) -> tuple[Entry, ...]:
        """Oldest first."""
        left_out = set(but)
        rows = self._rows(session, opened.id)
        head = self._head(session, opened)
        is_sealed = head.entries is not None or self._keyring.is_all_sealed
        known = (head.entries or 0, head.last_entry) if is_sealed else None
        contents = open_entries(self._keyring, opened.key, opened.id, rows, known=known)
        shown = [(row, content) for row, content in zip(rows, contents, strict=True) if row.kind not in left_out]
        return tuple(_entry(row.id, row.at, row.kind, content) for row, content in shown)

    def _rows(self, session: Session, question_id: UUID) -> Sequence[Any]:
        return session.execute(_ENTRIES.where(QuestionEntryRow.question_id == question_id)).all()

    def _head(self, session: Session, opened: Opened) -> Head:
        stored = session.execute(select(QuestionRow.head).where(QuestionRow.id == opened.id)).scalar_one()
        return Head.from_json(opened.key.open(stored))

    def as_seen(self, session: Session, opened: Opened, viewer: str) -> Question:
        """`viewer` "" is everybody who answers.

        Entries are numbered from one among those they see: the database's own numbers would count all questions.
        """
        head = opened.head
        is_own = viewer == head.asker
        shown = [
            entry
            for entry in self.entries(session, opened, but=[EntryKind.NOTE if is_own else EntryKind.STATUS])
            # An earlier release told those who answer, who could see whose account was closed.
            if head.show_name or (entry.kind, entry.text) != (EntryKind.NOTE, NOT_REACHED)
        ]
        return Question(
            id=opened.id,
            viewer=viewer,
            is_own=is_own,
            asker=head.asker if head.show_name or is_own else None,
            may_be_public=head.may_be_public,
            show_name=head.show_name,
            state=opened.state,
            asked_at=opened.asked_at,
            claimer=opened.claimer,
            answered=head.answered,
            quiet=head.quiet,
            entries=tuple(replace(entry, id=number) for number, entry in enumerate(shown, 1)),
        )

    def open_list(self, session: Session, viewer: str, *, before: tuple[datetime, UUID] | None) -> Page:
        """Every open question, newest first, for those who answer; empty for everybody else."""
        roster = people.roster(session)
        if not rule.may_answer(roster, viewer):
            return Page(lines=(), next=None)
        return self._page(session, select(QuestionRow).where(OPEN), before, roster)

    def own_list(self, session: Session, viewer: str, *, before: tuple[datetime, UUID] | None) -> Page:
        return self._page(session, select(QuestionRow).where(QuestionRow.asker == self._asker(viewer)), before)

    def _page(
        self, session: Session, query: Any, before: tuple[datetime, UUID] | None, roster: Roster | None = None
    ) -> Page:
        if before:
            query = query.where(tuple_(QuestionRow.asked_at, QuestionRow.id) < before)
        newest = query.order_by(QuestionRow.asked_at.desc(), QuestionRow.id.desc()).limit(PAGE + 1)
        rows: Sequence[QuestionRow] = session.scalars(newest).all()
        if not rows:
            return Page(lines=(), next=None)
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        roster = roster or people.roster(session)
        lines = tuple(self._line(row, roster) for row in rows[:PAGE])
        return Page(lines=lines, next=f"{last.asked_at.isoformat()}|{last.id}" if last else None)

    def _line(self, row: QuestionRow, roster: Roster) -> Line:
        start, claimer, answered = DOES_NOT_OPEN, None, False  # one that is damaged must not hide the others
        try:
            head = Head.from_json(self._keyring.open_case(row.id, row.key, row.head)[1])
            start, answered = head.start, head.answered
            claimer = head.claimer if head.claimer and rule.may_answer(roster, head.claimer) else None
        except DoesNotOpen:
            pass
        return Line(
            id=row.id,
            start=start,
            asked_at=row.asked_at,
            state=State(row.state),
            claimer=claimer,
            answered=answered,
        )

    # Writing.

    def create(self, session: Session, question_id: UUID, asker: str, asking: Asking, *, at: datetime) -> Opened | None:
        """None when there is one of this id, or was."""
        key, sealed = self._keyring.new_data_key(session)
        head = Head(
            asker=asker,
            start=start_of(" ".join(start_of(asking.what, START * 2).split()), START),
            may_be_public=asking.may_be_public,
            show_name=asking.show_name,
        )
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        fresh = dialect.insert(QuestionRow).values(
            id=question_id,
            key=sealed,
            head=key.seal(head.as_json()),
            asker=self._asker(asker),
            state=State.OPEN,
            turn=0,
            card=0,
            asked_at=at,
        )
        made = session.execute(fresh.on_conflict_do_nothing(index_elements=["id"]).returning(QuestionRow.id)).first()
        return self.open_as_asker(session, question_id, asker) if made else None

    def save_head(self, session: Session, opened: Opened, **changes: Any) -> None:
        """Change what `changes` names of the head as it is stored now."""
        head = replace(self._head(session, opened), **changes)
        self.change(session, opened.id, head=opened.key.seal(head.as_json()))

    def change(self, session: Session, question_id: UUID, **columns: Any) -> None:
        session.execute(update(QuestionRow).where(QuestionRow.id == question_id).values(**columns))

    def next_turn(self, session: Session, question_id: UUID) -> int:
        turned = update(QuestionRow).where(QuestionRow.id == question_id).values(turn=QuestionRow.turn + 1)
        return session.execute(turned.returning(QuestionRow.turn)).scalar_one()

    def next_card(self, session: Session, question_id: UUID) -> int:
        turned = update(QuestionRow).where(QuestionRow.id == question_id).values(card=QuestionRow.card + 1)
        return session.execute(turned.returning(QuestionRow.card)).scalar_one()

    def write(
        self,
        session: Session,
        opened: Opened,
        kind: EntryKind,
        *,
        at: datetime,
        text: str,
        author: str = "",
        channel_id: str = "",
        once: str = "",
    ) -> int:
        """The new entry's id. `once` tells one act of writing from another, so that it cannot be written twice."""
        number = (self._head(session, opened).entries or 0) + 1
        content = {"text": text, "author": author, "channel": channel_id}
        sealed, mark = seal_entry(opened.key, content, number, at, kind)
        result = session.execute(
            insert(QuestionEntryRow)
            .values(
                question_id=opened.id,
                at=at,
                kind=kind,
                content=sealed,
                once=self._once(once) if once else None,
            )
            .returning(QuestionEntryRow.id)
        )
        entry_id = result.scalar_one()
        self.save_head(session, opened, entries=number, last_entry=mark)
        return entry_id

    def seal_what_stands(self, session: Session, question_id: UUID) -> None:
        """What was written in it, as an earlier release left it. Raises DoesNotOpen."""
        opened = self.open_as_caretaker(session, question_id)
        if opened is None or opened.head.entries is not None:
            return
        rows, last = self._rows(session, question_id), ""
        for number, row in enumerate(rows, 1):
            content, last = seal_entry(opened.key, opened.key.open(row.content), number, row.at, row.kind)
            changed = update(QuestionEntryRow).where(QuestionEntryRow.id == row.id)
            session.execute(changed.values(content=content))
        self.save_head(session, opened, entries=len(rows), last_entry=last)

    def was_written(self, session: Session, once: str) -> bool:
        if not once:
            return False
        found = select(QuestionEntryRow.id).where(QuestionEntryRow.once == self._once(once))
        return session.execute(found).first() is not None

    def erase(self, session: Session, question_id: UUID) -> None:
        """Destroy the key and all it held; its id, its dates and the log's ciphertext stay."""
        erase_case(session, self._keyring, table_of(QuestionRow), question_id)
        self.change(session, question_id, state=State.ERASED)

    def kept(self, session: Session) -> Sequence[UUID]:
        return session.scalars(select(QuestionRow.id).where(QuestionRow.state != State.ERASED)).all()

    def open_ones(self, session: Session) -> Sequence[UUID]:
        return session.scalars(select(QuestionRow.id).where(OPEN)).all()

    def due_to_be_erased(self, session: Session, closed_before: datetime) -> Sequence[tuple[UUID, datetime]]:
        """Closed questions and when they were closed, oldest first."""
        rows = session.execute(
            select(QuestionRow.id, QuestionRow.closed_at)
            .where(CLOSED, QuestionRow.closed_at <= closed_before)
            .order_by(QuestionRow.closed_at)
        )
        return [(question_id, closed_at) for question_id, closed_at in rows if closed_at is not None]

    # What was sent.

    def note_message(
        self, session: Session, opened: Opened, kind: MessageKind, *, channel_id: str, message_ts: str
    ) -> None:
        content = opened.key.seal({"channel": channel_id, "ts": message_ts})
        session.execute(insert(QuestionMessageRow).values(question_id=opened.id, kind=kind, content=content))

    def messages(self, session: Session, opened: Opened) -> list[Message]:
        rows = session.execute(
            select(QuestionMessageRow.id, QuestionMessageRow.kind, QuestionMessageRow.content).where(
                QuestionMessageRow.question_id == opened.id
            )
        )
        return [
            Message(id=number, kind=MessageKind(kind), channel_id=content["channel"], message_ts=content["ts"])
            for number, kind, content in ((row[0], row[1], opened.key.open(row[2])) for row in rows)
        ]

    def forget_message(self, session: Session, number: int) -> None:
        session.execute(delete(QuestionMessageRow).where(QuestionMessageRow.id == number))

    def _asker(self, slack_id: str) -> bytes:
        return self._keyring.hash("asker", slack_id)

    def _once(self, once: str) -> bytes:
        return self._keyring.hash("once of question", once)


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """A page's cursor as `Page.next` gave it; anything else starts from the beginning."""
    at, _, question_id = (cursor or "").partition("|")
    try:
        return datetime.fromisoformat(at), UUID(question_id)
    except ValueError:
        return None


def _entry(number: int, at: datetime, kind: str, content: Mapping[str, Any]) -> Entry:
    return Entry(
        id=number,
        at=at,
        kind=EntryKind(kind),
        author=content["author"],
        text=content["text"],
        channel_id=content["channel"],
    )
