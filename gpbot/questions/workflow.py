"""What is done with questions: asked, claimed, answered, added to, closed, reopened, made a report, forgotten.

Every champion reads every open question in the champions' channel. However a question ends (closed, withdrawn, or made
a report), it ends alike for everybody but the person who asked: its card goes, and it can no longer be opened. So
champions who may not read a report that was a question cannot tell that there is one; what they read while it was a
question they have read, which the champion who passes it on and the person who asked are told.
"""

from contextlib import suppress
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.people import members as people
from gpbot.people.types import RoleHolder
from gpbot.questions.answering import Answering
from gpbot.questions.asker import OwnQuestions
from gpbot.questions.store import Opened
from gpbot.questions.timers import Timers
from gpbot.questions.types import NOT_REACHED, EntryKind, MessageKind, Question, State
from gpbot.refusals import NotAvailable


class Questions(OwnQuestions, Answering, Timers):
    def named_in(self, text: str) -> tuple[RoleHolder, ...]:
        """Champions and contacts whom these words name."""
        with self.database.read() as session:
            return self.known_as.mentioned(session, text, people.roster(session).everyone)

    def look(self, viewer: str, question_id: UUID) -> Question:
        """As the person who asked, or as one of those who answer, whose look is logged."""
        with self.database.read() as session, suppress(NotAvailable):
            return self._seen_by_asker(session, question_id, viewer)
        with self.database.begin() as session:
            opened = self.store.open_to_answer(session, question_id, viewer)
            self.changes.log(session, opened, viewer, "question.opened")
            return self.store.as_seen(session, opened, viewer)

    def show_again(self, viewer: str, question_id: UUID) -> Question:
        """For a window that gpbot redraws by itself, and where no word of it is shown: no look of anybody's."""
        with self.database.read() as session:
            try:
                return self._seen_by_asker(session, question_id, viewer)
            except NotAvailable:
                opened = self.store.open_to_answer(session, question_id, viewer)
                return self.store.as_seen(session, opened, viewer)

    # What is on screens, and what was sent.

    def note_window(self, viewer: str, view_id: str, question_id: UUID) -> None:
        """A modal now shows this question; emptied if its viewer may not see it any more."""
        with self.database.begin() as session:
            self.screens.note_window(session, view_id, viewer, question_id, self.database.clock.now())
            if not self._may_see(session, viewer, question_id):
                self.screens.draw_again(session, view_id, viewer, question_id)

    def adopt_card(self, question_id: UUID, message_ts: str) -> None:
        """A button was pressed on this card: one that was sent twice is kept in step from now on, or taken away."""
        with self.database.read() as session:
            if self._is_known(session, question_id, message_ts):
                return
        with self.database.begin() as session:
            opened = self.store.open_as_caretaker(session, question_id, to_write=True)
            self.note_card(session, opened, self.owed.triage_channel, message_ts)

    def note_card(self, session: Session, opened: Opened | None, channel_id: str, message_ts: str) -> None:
        """A card stands there: give it its words, or take it away when its question has ended."""
        if opened is None or opened.state is not State.OPEN:
            self.screens.unsend(session, channel_id, message_ts, again=True)
        elif not any(message.message_ts == message_ts for message in self.store.messages(session, opened)):
            self.store.note_message(session, opened, MessageKind.CARD, channel_id=channel_id, message_ts=message_ts)
            self.owed.fill(session, opened.id, message_ts)

    def _is_known(self, session: Session, question_id: UUID, message_ts: str) -> bool:
        opened = self.store.open_as_caretaker(session, question_id)
        if opened is None or opened.state is not State.OPEN:
            return False
        return any(message.message_ts == message_ts for message in self.store.messages(session, opened))

    def could_not_send(self, session: Session, opened: Opened, words: str, *, tell: str | None = None) -> None:
        """Say it to those who answer, and to `tell` of them by direct message."""
        entry = self.store.write(session, opened, EntryKind.NOTE, at=self.database.clock.now(), text=words)
        if tell is not None:
            self.owed.tell(session, opened.id, entry, tell)
        self.changes.fill_cards(session, opened)

    def could_not_reach(self, session: Session, opened: Opened) -> None:
        """While their name is hidden, nobody is told: it would show whose account was closed."""
        if opened.head.show_name:
            self.could_not_send(session, opened, NOT_REACHED)

    def _may_see(self, session: Session, viewer: str, question_id: UUID) -> bool:
        for door in (self.store.open_as_asker, self.store.open_to_answer):
            try:
                door(session, question_id, viewer)
            except NotAvailable:
                continue
            return True
        return False
