"""What the person who asks does: asks, adds, closes, reopens, withdraws, or reports it instead."""

from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.questions.changes import QUIET_AFTER
from gpbot.questions.store import Opened, read_cursor
from gpbot.questions.types import AnsweredSince, Asking, EntryKind, Page, Question, State
from gpbot.questions.usecases import UseCases
from gpbot.refusals import NotAvailable, NothingWritten
from gpbot.reports.types import Filled
from gpbot.text import is_blank

ASKER = "asker"


class OwnQuestions(UseCases):
    def ask(self, asker: str, form_id: str, asking: Asking) -> Question:
        """On disk when this returns, and once however often the form is sent. Raises NothingWritten."""
        if is_blank(asking.what):
            raise NothingWritten
        now = self.database.clock.now()
        with self.database.begin() as session:
            question_id = self.store.id_for(asker, form_id)
            opened = self.store.create(session, question_id, asker, asking, at=now)
            if opened is not None:
                entry = self.store.write(session, opened, EntryKind.QUESTION, at=now, text=asking.what)
                self.owed.card(session, question_id, opened.card)
                self.owed.quiet(session, question_id, opened.turn, now + QUIET_AFTER)
                self.changes.tell_contacts(session, opened, entry)
                self.changes.redraw(session, opened)
                self.changes.log(session, opened, ASKER, "question.asked")
            return self.store.as_seen(session, self.store.open_as_asker(session, question_id, asker), asker)

    def own_list(self, viewer: str, *, cursor: str | None = None) -> Page:
        """Their own questions, newest first, ten to a page."""
        with self.database.read() as session:
            return self.store.own_list(session, viewer, before=read_cursor(cursor))

    def add(self, viewer: str, question_id: UUID, text: str, *, once: str = "") -> Question:
        """More words, which reopen a closed question. Raises NothingWritten."""
        if is_blank(text):
            raise NothingWritten
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            if not self.store.was_written(session, once):
                entry = self.store.write(session, opened, EntryKind.ADDITION, at=now, text=text, once=once)
                self.changes.open_again(session, opened)
                if opened.claimer:
                    self.owed.tell(session, question_id, entry, opened.claimer)
                else:
                    self.changes.tell_contacts(session, opened, entry)
                self.changes.log(session, opened, ASKER, "question.added")
            return self._seen_by_asker(session, question_id, viewer)

    def close(self, viewer: str, question_id: UUID, *, seen: int | None = None) -> Question:
        """By the person who asked: answered, or needed no more.

        `seen`: the newest entry their window showed. Raises AnsweredSince; likewise `withdraw`.
        """
        with self.database.begin() as session:
            opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            if opened.state is State.OPEN:
                self._refuse_answered(session, opened, seen)
                self.changes.close(session, opened, but=viewer)
                self.changes.log(session, opened, ASKER, "question.closed")
            return self._seen_by_asker(session, question_id, viewer)

    def reopen(self, viewer: str, question_id: UUID) -> Question:
        with self.database.begin() as session:
            opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            if opened.state is State.CLOSED:
                self.changes.open_again(session, opened)
                self.changes.log(session, opened, ASKER, "question.reopened")
            return self._seen_by_asker(session, question_id, viewer)

    def withdraw(self, viewer: str, question_id: UUID, *, seen: int | None = None) -> None:
        """Erased at once."""
        with self.database.begin() as session:
            opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            self._refuse_answered(session, opened, seen)
            self.changes.log(session, opened, ASKER, "question.withdrawn")
            self.changes.erase(session, opened, but=viewer)

    def make_draft(self, viewer: str, question_id: UUID) -> UUID:
        """By the person who asked: the question is withdrawn at once, and its words are an unsent report of theirs."""
        with self.database.begin() as session:
            draft_id = self.store.report_id_for(question_id)
            try:
                opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            except NotAvailable:
                if self.filing.has_draft(session, viewer, draft_id):  # pressed twice
                    return draft_id
                raise
            filled = Filled(what=self._whole_conversation(session, opened))
            self.changes.log(session, opened, ASKER, "question.withdrawn")
            self.changes.erase(session, opened, but=viewer)
            self.filing.keep_for(session, viewer, draft_id, filled)
            return draft_id

    def _refuse_answered(self, session: Session, opened: Opened, seen: int | None) -> None:
        """Windows of earlier releases do not say what they have shown, and act as they did."""
        if seen is not None and self.store.as_seen(session, opened, opened.head.asker).unseen(seen):
            raise AnsweredSince
