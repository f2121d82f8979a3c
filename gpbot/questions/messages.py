"""What questions send later: the card in the champions' channel, neutral direct messages, and public answers."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.home.notices import SOMETHING, something
from gpbot.outbox.types import Edit, NotSent, Outgoing, Post, Receipt, Withdraw
from gpbot.people import store as people
from gpbot.questions import ids, views
from gpbot.questions.owed import Owed, Task
from gpbot.questions.store import Message, Opened, Store
from gpbot.questions.types import Entry, MessageKind, State
from gpbot.questions.wording import NOT_POSTED
from gpbot.questions.workflow import Questions
from gpbot.slack.blocks import Block, context, words

ANSWERED_IN_PUBLIC = "The champions answer a question."


def public_blocks(entry: Entry) -> list[Block]:
    """The champion's words alone: nothing that was asked is repeated, nor who asked it."""
    return [context(f"*{ANSWERED_IN_PUBLIC}*"), *words(entry.text)]


class QuestionMessages:
    """The handler of every job about a question. How it stands is asked again, here, at the moment of sending."""

    def __init__(self, database: Database, store: Store, owed: Owed, questions: Questions) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._questions = questions
        self._rendered: dict[str, list[Block]] = {}  # by job, while it is being sent

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        try:
            return self._outgoing(Task(payload["task"]), payload)
        except DoesNotOpen:
            raise NotSent("does_not_open") from None  # again later: the missing key may come back

    def _outgoing(self, task: Task, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        if task in {Task.QUIET, Task.FORGET, Task.ROSTER_CHANGED}:
            self._time_has_come(task, payload)
            return None
        with self._database.read() as session:
            opened = self._store.open_as_caretaker(session, UUID(payload["question"]))
            if task is Task.TELL:
                return self._tell(session, payload, opened)
            return self._render(session, task, payload, opened) if opened else None

    def _tell(self, session: Session, payload: dict[str, Any], opened: Opened | None) -> Post | Withdraw | None:
        everybody = people.roster(session).everyone
        to = next((each.slack_id for each in everybody if self._owed.mark(each.slack_id) == payload["to"]), None)
        if to is None:
            return None
        if opened is None or opened.state is not State.OPEN or to not in opened.answerers:
            return Withdraw(to=to)
        return Post(to=to, text=SOMETHING, blocks=something(ids.OPEN, str(opened.id)))

    def _render(self, session: Session, task: Task, payload: dict[str, Any], opened: Opened) -> Outgoing | None:
        is_open = opened.state is State.OPEN
        match task:
            case Task.CARD if is_open and payload["card"] == opened.card:
                return Post(
                    to=self._owed.triage_channel,
                    text=views.CARD,
                    blocks=views.empty_card(opened.id),
                    look_back=False,
                )
            case Task.FILL if is_open:
                shown = self._card_at(session, opened, payload["ts"])
                if shown is not None:
                    blocks = self._rendered[payload["n"]] = self._card(session, opened)
                    where = {"channel_id": shown.channel_id, "message_ts": shown.message_ts}
                    return Edit(**where, text=views.CARD, blocks=blocks)
            case Task.NEWS:
                return Post(to=opened.head.asker, text=SOMETHING, blocks=something(ids.OPEN, str(opened.id)))
            case Task.PUBLIC:
                entry = self._entry(session, opened, payload)
                if entry is not None and opened.head.may_be_public:
                    blocks = public_blocks(entry)
                    return Post(to=entry.channel_id, text=ANSWERED_IN_PUBLIC, blocks=blocks, look_back=False)
        return None

    # See docs/decisions/0035-cards-without-words.md
    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        task = Task(payload["task"])
        opened = self._store.open_as_caretaker(session, UUID(payload["question"]), to_write=True)
        if task is Task.FILL:
            rendered = self._rendered.pop(payload["n"], None)
            # What was rendered before a change may have been shown after what was rendered later.
            if opened is not None and opened.state is State.OPEN and rendered != self._card(session, opened):
                self._owed.fill(session, opened.id, payload["ts"])
            return
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if task is Task.CARD:
            is_current = opened is not None and opened.card == payload["card"]
            self._questions.note_card(session, opened if is_current else None, receipt.channel_id, receipt.message_ts)
        elif task in {Task.NEWS, Task.TELL}:
            if opened is None or (task is Task.TELL and opened.state is not State.OPEN):
                self._questions.screens.unsend(session, receipt.channel_id, receipt.message_ts)
            else:
                kind = MessageKind.NEWS if task is Task.NEWS else MessageKind.TOLD
                self._store.note_message(
                    session, opened, kind, channel_id=receipt.channel_id, message_ts=receipt.message_ts
                )

    def held(self, payload: dict[str, Any]) -> None:
        """The champions' channel cannot be used: each of those who answer is told by themselves meanwhile, once."""
        if Task(payload["task"]) is not Task.CARD:
            return
        with self._database.begin() as session:
            opened = self._store.open_as_caretaker(session, UUID(payload["question"]))
            if opened is not None and opened.state is State.OPEN:
                for who in opened.answerers:
                    self._owed.tell(session, opened.id, -opened.card, who)

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        """Whoever can still do something about it is told."""
        self._rendered.pop(str(payload.get("n")), None)
        task = Task(payload["task"])
        if task not in {Task.CARD, Task.FILL, Task.NEWS, Task.PUBLIC}:
            return
        try:
            opened = self._store.open_as_caretaker(session, UUID(payload["question"]), to_write=True)
        except DoesNotOpen:
            return  # nobody can read what there would be to tell
        if opened is not None:
            self._fall_back(session, task, payload, opened, code)

    def _fall_back(self, session: Session, task: Task, payload: dict[str, Any], opened: Opened, code: str) -> None:
        match task:
            case Task.FILL:
                shown = self._card_at(session, opened, payload["ts"])
                if shown is not None and code == "message_not_found":  # somebody deleted it
                    self._store.forget_message(session, shown.id)
            case Task.CARD if opened.state is State.OPEN:
                for who in opened.answerers:
                    self._owed.tell(session, opened.id, 0, who)
            case Task.NEWS:
                self._questions.could_not_reach(session, opened)
            case Task.PUBLIC:
                entry = self._entry(session, opened, payload)
                if entry is not None:
                    said = NOT_POSTED.format(channel=entry.channel_id)
                    self._questions.could_not_send(session, opened, said, tell=entry.author)

    def _card(self, session: Session, opened: Opened) -> list[Block]:
        return views.card(self._store.as_seen(session, opened, ""))

    def _card_at(self, session: Session, opened: Opened, message_ts: str) -> Message | None:
        messages = self._store.messages(session, opened)
        return next(
            (each for each in messages if each.kind is MessageKind.CARD and each.message_ts == message_ts), None
        )

    def _entry(self, session: Session, opened: Opened, payload: dict[str, Any]) -> Entry | None:
        return next((each for each in self._store.entries(session, opened) if each.id == payload["entry"]), None)

    def _time_has_come(self, task: Task, payload: dict[str, Any]) -> None:
        match task:
            case Task.QUIET:
                self._questions.quiet(UUID(payload["question"]), payload["turn"])
            case Task.FORGET:
                self._questions.forget(UUID(payload["question"]))
            case Task.ROSTER_CHANGED:
                self._questions.roster_changed()
