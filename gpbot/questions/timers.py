"""What happens to questions as time passes and roles change; each is safe to repeat."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.erasing import another_look
from gpbot.questions.types import State
from gpbot.questions.usecases import UseCases
from gpbot.questions.wording import CLOSED_BY_ITSELF, IS_IT_ANSWERED, STILL_WAITING
from gpbot.sealed.keys import seal_each

log = logging.getLogger(__name__)

GPBOT = "gpbot"


class Timers(UseCases):
    def quiet(self, question_id: UUID, turn: int) -> None:
        """A week has passed since `turn`: those who answer are reminded, or the person who asked is."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self.store.open_as_caretaker(session, question_id, to_write=True)
            if opened is None or opened.state is not State.OPEN or opened.turn != turn:
                return
            head = opened.head
            if head.answered and head.quiet:
                self.changes.tell_asker(session, opened, CLOSED_BY_ITSELF, now)
                self.changes.close(session, opened)
                self.changes.log(session, opened, GPBOT, "question.closed")
                return
            if head.answered:
                self.changes.tell_asker(session, opened, IS_IT_ANSWERED, now)
                self.store.save_head(session, opened, quiet=True)
                self.changes.moved(session, opened, still_quiet=True)
            else:
                entry = self.changes.tell_asker(session, opened, STILL_WAITING, now)
                self.store.save_head(session, opened, quiet=True, claimer=None)
                self.changes.moved(session, opened, still_quiet=True)
                self.changes.post_card_again(session, opened)
                self.changes.tell_contacts(session, opened, entry)
            self.changes.log(session, opened, GPBOT, "question.quiet")

    def roster_changed(self) -> None:
        """Somebody gained or lost a role: a claim of theirs ends, and somebody must know of each open question."""
        with self.database.read() as session:
            waiting = self.store.open_ones(session)
        for question_id in waiting:
            try:
                self._follow_roster(question_id)
            except DoesNotOpen:
                log.error("a question does not open with the keys at hand")  # noqa: TRY400  (the others go on)

    def _follow_roster(self, question_id: UUID) -> None:
        with self.database.begin() as session:
            opened = self.store.open_as_caretaker(session, question_id, to_write=True)
            if opened is None or opened.state is not State.OPEN:
                return
            if opened.head.claimer is not None and opened.claimer is None:
                self.store.save_head(session, opened, claimer=None)
                self.changes.moved(session, opened)
            if not opened.head.answered:
                self.changes.tell_contacts(session, opened, 0)
            # With the first champion the contacts lose what they could read while there was none, and the reverse.
            contacts = {holder.slack_id for holder in opened.roster.contacts}
            self.screens.redraw_windows(session, contacts - set(opened.answerers), question_id)
            self.screens.redraw_homes(session, contacts)

    def take_cards_back(self, session: Session) -> None:
        """Others read the champions' channel now: each card goes, and another waits until the channel is mended."""
        for question_id in self.store.open_ones(session):
            try:
                opened = self.store.open_as_caretaker(session, question_id, to_write=True)
            except DoesNotOpen:
                log.error("a question does not open with the keys at hand")  # noqa: TRY400  (the others go on)
                continue
            if opened is not None and self.changes.is_on_a_card(session, opened):
                self.changes.post_card_again(session, opened)

    def forget(self, question_id: UUID, looked_at: datetime | None = None) -> None:
        """Erase what has been closed for long enough; `looked_at`: when that was about to be so."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self.store.open_as_caretaker(session, question_id, to_write=True)
            if opened is None or opened.closed_at is None:
                return
            due = opened.closed_at + self.changes.keep_closed
            if (look := another_look(due, now=now, looked_at=looked_at)) is not None:
                self.owed.forget(session, question_id, due, **look)
            else:
                self.changes.log(session, opened, GPBOT, "question.erased")
                self.changes.erase(session, opened)

    def forget_overdue(self) -> None:
        """At start: what was closed before the time to keep it was shortened."""
        with self.database.begin() as session:
            closed_before = self.database.clock.now() - self.changes.keep_closed
            for question_id, closed_at in self.store.due_to_be_erased(session, closed_before):
                self.owed.forget(session, question_id, closed_at + self.changes.keep_closed)

    def seal_what_stands(self) -> bool:
        """At the first start after an earlier release; whether everything opened."""
        with self.database.read() as session:
            kept = self.store.kept(session)
        return seal_each(self.database, kept, self.store.seal_what_stands)
