"""What is done with questions: asked, claimed, answered, added to, closed, reopened, made a report, forgotten.

Every champion reads every open question in the champions' channel. However a question ends (closed, withdrawn, or made
a report), it ends alike for everybody but the person who asked: its card goes, and it can no longer be opened. So
champions who may not read a report that was a question cannot tell that there is one; what they read while it was a
question they have read, which the champion who passes it on and the person who asked are told.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.erasing import another_look
from gpbot.home.screens import Screens
from gpbot.people import store as people
from gpbot.people.known_as import KnownAs
from gpbot.people.types import RoleHolder, Roster
from gpbot.questions.jobs import Owed
from gpbot.questions.store import Opened, Store, read_cursor
from gpbot.questions.types import (
    NOT_REACHED,
    AboutYou,
    AnsweredSince,
    Asking,
    Concern,
    Entry,
    EntryKind,
    MessageKind,
    NotAChannel,
    NotPublic,
    OwnQuestion,
    Page,
    Question,
    State,
)
from gpbot.questions.wording import (
    CLOSED_BY_ITSELF,
    IN_CHANNEL,
    IS_IT_ANSWERED,
    NAME_WAS_SHOWN,
    PERHAPS_IN_CHANNEL,
    READ_BY_OTHER_CHAMPIONS,
    READ_BY_OTHERS,
    STILL_WAITING,
    WAS_A_QUESTION,
)
from gpbot.refusals import NotAvailable, NothingWritten, Refusal
from gpbot.reports.filing import Filing
from gpbot.reports.types import AlreadyClaimed, Filled, Handed, NotYourClaim
from gpbot.reports.types import EntryKind as ReportEntry
from gpbot.text import is_blank

log = logging.getLogger(__name__)

GPBOT = "gpbot"
ASKER = "asker"
CHANNEL = re.compile(r"C[A-Z0-9]{6,}")
QUIET_AFTER = timedelta(days=7)
_TELLS_NOTHING = (NotAvailable, NothingWritten, NotAChannel, OwnQuestion)
_AS_REPORTED = {
    EntryKind.QUESTION: ReportEntry.REPORT,
    EntryKind.ADDITION: ReportEntry.ADDITION,
    EntryKind.ANSWER: ReportEntry.TO_REPORTER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Each public method is one transaction, and raises NotAvailable to anyone who may not.

    `once` names one act of writing; the same act again changes nothing.
    """

    database: Database
    store: Store
    owed: Owed
    screens: Screens
    filing: Filing
    audit: AuditLog
    known_as: KnownAs
    keep_closed: timedelta  # how long a closed question is kept
    is_in_channel: Callable[[], bool] = lambda: True  # the champions' channel, as it was last seen
    look_at_channel: Callable[[], None] = lambda: None  # off the ack path: it may ask Slack

    # Asking.

    def named_in(self, text: str) -> tuple[RoleHolder, ...]:
        """Champions and contacts whom these words name."""
        with self.database.read() as session:
            return self.known_as.mentioned(session, text, people.roster(session).everyone)

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
                self._tell_contacts(session, opened, entry)
                self._redraw(session, opened)
                self._log(session, opened, ASKER, "question.asked")
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
                self._open_again(session, opened)
                if opened.claimer:
                    self.owed.tell(session, question_id, entry, opened.claimer)
                else:
                    self._tell_contacts(session, opened, entry)
                self._log(session, opened, ASKER, "question.added")
            return self._seen_by_asker(session, question_id, viewer)

    def close(self, viewer: str, question_id: UUID, *, seen: int | None = None) -> Question:
        """By the person who asked: answered, or needed no more.

        `seen`: the newest entry their window showed. Raises AnsweredSince; likewise `withdraw`.
        """
        with self.database.begin() as session:
            opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            if opened.state is State.OPEN:
                self._refuse_answered(session, opened, seen)
                self._close(session, opened, but=viewer)
                self._log(session, opened, ASKER, "question.closed")
            return self._seen_by_asker(session, question_id, viewer)

    def reopen(self, viewer: str, question_id: UUID) -> Question:
        with self.database.begin() as session:
            opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            if opened.state is State.CLOSED:
                self._open_again(session, opened)
                self._log(session, opened, ASKER, "question.reopened")
            return self._seen_by_asker(session, question_id, viewer)

    def withdraw(self, viewer: str, question_id: UUID, *, seen: int | None = None) -> None:
        """Erased at once."""
        with self.database.begin() as session:
            opened = self.store.open_as_asker(session, question_id, viewer, to_write=True)
            self._refuse_answered(session, opened, seen)
            self._log(session, opened, ASKER, "question.withdrawn")
            self._erase(session, opened, but=viewer)

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
            self._log(session, opened, ASKER, "question.withdrawn")
            self._erase(session, opened, but=viewer)
            self.filing.keep_for(session, viewer, draft_id, filled)
            return draft_id

    # Answering.

    def open_list(self, viewer: str, *, cursor: str | None = None) -> Page:
        """Open questions, newest first, ten to a page; empty for anyone who does not answer them."""
        with self.database.read() as session:
            return self.store.open_list(session, viewer, before=read_cursor(cursor))

    def look(self, viewer: str, question_id: UUID) -> Question:
        """As the person who asked, or as one of those who answer, whose look is logged."""
        with self.database.read() as session, suppress(NotAvailable):
            return self._seen_by_asker(session, question_id, viewer)
        with self.database.begin() as session:
            opened = self.store.open_to_answer(session, question_id, viewer)
            self._log(session, opened, viewer, "question.opened")
            return self.store.as_seen(session, opened, viewer)

    def show_again(self, viewer: str, question_id: UUID) -> Question:
        """For a window that gpbot redraws by itself, and where no word of it is shown: no look of anybody's."""
        with self.database.read() as session:
            try:
                return self._seen_by_asker(session, question_id, viewer)
            except NotAvailable:
                opened = self.store.open_to_answer(session, question_id, viewer)
                return self.store.as_seen(session, opened, viewer)

    def look_at_unseen(self, viewer: str, question_id: UUID, seen: int) -> tuple[Question, tuple[Entry, ...]]:
        """To answer it: what others wrote after entry `seen`, which is a look where there is any."""
        with self.database.begin() as session:
            opened = self.store.open_to_answer(session, question_id, viewer)
            if opened.head.asker == viewer:
                raise NotAvailable
            return self.store.as_seen(session, opened, viewer), self._unseen(session, opened, viewer, seen)

    def claim(self, viewer: str, question_id: UUID) -> None:
        """Raises AlreadyClaimed, naming who was first, and OwnQuestion."""
        with self._noting_refusals(viewer, question_id, "claim"), self.database.begin() as session:
            opened = self._open_to_answer(session, question_id, viewer)
            if opened.claimer == viewer:
                return
            if opened.claimer is not None:
                name = opened.roster.name_of(opened.claimer)
                raise AlreadyClaimed(f"{name} was first and has this one." if name else None)
            self.store.save_head(session, opened, claimer=viewer)
            self._moved(session, opened)
            self._log(session, opened, viewer, "question.claimed")

    def release(self, viewer: str, question_id: UUID) -> None:
        """Raises NotYourClaim."""
        with self._noting_refusals(viewer, question_id, "release"), self.database.begin() as session:
            opened = self._open_to_answer(session, question_id, viewer)
            if opened.claimer != viewer:
                raise NotYourClaim
            self.store.save_head(session, opened, claimer=None)
            self._moved(session, opened)
            self._log(session, opened, viewer, "question.released")

    def answer(
        self,
        viewer: str,
        question_id: UUID,
        text: str,
        *,
        channel_id: str = "",
        seen: int | None = None,
        once: str = "",
    ) -> tuple[Entry, ...]:
        """To the person who asked, and where they allowed it in a public channel too; claims it if nobody has.

        `seen`: the newest entry its window has shown. When others wrote since, that is returned and nothing is sent:
        it would look answered, and what stands in a channel cannot be taken back.
        Raises NothingWritten, NotAChannel, NotPublic, OwnQuestion.
        """
        if is_blank(text):
            raise NothingWritten
        if channel_id and not CHANNEL.fullmatch(channel_id):
            raise NotAChannel
        now = self.database.clock.now()
        with self._noting_refusals(viewer, question_id, "answer"), self.database.begin() as session:
            opened = self._open_to_answer(session, question_id, viewer)
            if self.store.was_written(session, once):
                return ()
            if channel_id and not opened.head.may_be_public:
                raise NotPublic
            if seen is not None and (unseen := self._unseen(session, opened, viewer, seen)):
                self._log(session, opened, viewer, "question.tried to answer")
                return unseen
            entry = self.store.write(
                session,
                opened,
                EntryKind.ANSWER,
                at=now,
                text=text,
                author=viewer,
                channel_id=channel_id,
                once=once,
            )
            self.store.save_head(session, opened, answered=True, claimer=opened.claimer or viewer)
            self.owed.news(session, question_id, entry, opened.head.asker)
            if channel_id:
                self.owed.public(session, question_id, entry)
            self._moved(session, opened)
            self._log(session, opened, viewer, "question.answered")
            return ()

    def kept_out(self, viewer: str, question_id: UUID, more: str = "") -> tuple[Roster, tuple[RoleHolder, ...]]:
        """The roster, and whom the words (and `more`) name: they would not read it if it became a report.

        Raises AboutYou, OwnQuestion.
        """
        with self._noting_refusals(viewer, question_id, "make it a report"), self.database.read() as session:
            opened = self.store.open_to_answer(session, question_id, viewer)
            if opened.head.asker == viewer:
                raise OwnQuestion
            words = f"{self._whole_conversation(session, opened)}\n{more}"
            named = self.known_as.mentioned(session, words, opened.roster.everyone)
            if any(holder.slack_id == viewer for holder in named):
                raise AboutYou
            return opened.roster, named

    # See docs/decisions/0037-question-becomes-report.md
    def make_report(self, viewer: str, question_id: UUID, concern: Concern, *, once: str = "") -> tuple[UUID, bool]:
        """By somebody who answers: the question becomes a report of the person who asked, their name hidden.

        The report's id, and whether this act made it: it is made once, and what others choose then is not used.
        Whether the viewer is one of its readers is not told: it could tell them who asked.
        Nor whether anybody is left to read it: that may depend on who asked.
        Raises AboutYou, OwnQuestion.
        """
        was_in_channel = self.is_in_channel()
        with self._noting_refusals(viewer, question_id, "make it a report"), self.database.begin() as session:
            report_id = self.store.report_id_for(question_id)
            try:
                opened = self._open_to_answer(session, question_id, viewer)
            except NotAvailable:
                is_same = self.filing.was_taken_over(session, once)  # sent twice
                if is_same or self.filing.is_reader(session, viewer, report_id):  # or by two at once
                    return report_id, is_same
                raise
            words = self._whole_conversation(session, opened)
            is_named = self.known_as.mentioned(session, f"{words}\n{concern.about_words}", _only(opened, viewer))
            if is_named or viewer in set(concern.about_ids) | set(concern.keep_out_ids):
                raise AboutYou
            entries = [
                Handed(at=entry.at, kind=_AS_REPORTED[entry.kind], text=entry.text, author=entry.author)
                for entry in self.store.entries(session, opened)
                if entry.kind in _AS_REPORTED
            ]
            was_in_channel = was_in_channel or self._is_on_a_card(session, opened)
            said = WAS_A_QUESTION.format(who=IN_CHANNEL if was_in_channel else PERHAPS_IN_CHANNEL)
            # First what everybody sees who answers questions: that it ended, like any other.
            self._log(session, opened, viewer, "question.withdrawn")
            self._erase(session, opened, but=viewer)
            self.filing.take_over(
                session,
                report_id,
                opened.head.asker,
                Filled(
                    what=words,
                    about_ids=concern.about_ids,
                    about_words=concern.about_words,
                    keep_out_ids=concern.keep_out_ids,
                ),
                entries,
                written_at=opened.asked_at,
                said=f"{said} {NAME_WAS_SHOWN}" if opened.head.show_name else said,
                noted=READ_BY_OTHERS if was_in_channel else READ_BY_OTHER_CHAMPIONS,
                by=viewer,
                once=once,
            )
            return report_id, True

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
        self._fill_cards(session, opened)

    def could_not_reach(self, session: Session, opened: Opened) -> None:
        """While their name is hidden, nobody is told: it would show whose account was closed."""
        if opened.head.show_name:
            self.could_not_send(session, opened, NOT_REACHED)

    # As time passes; each is safe to repeat.

    def quiet(self, question_id: UUID, turn: int) -> None:
        """A week has passed since `turn`: those who answer are reminded, or the person who asked is."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self.store.open_as_caretaker(session, question_id, to_write=True)
            if opened is None or opened.state is not State.OPEN or opened.turn != turn:
                return
            head = opened.head
            if head.answered and head.quiet:
                self._tell_asker(session, opened, CLOSED_BY_ITSELF, now)
                self._close(session, opened)
                self._log(session, opened, GPBOT, "question.closed")
                return
            if head.answered:
                self._tell_asker(session, opened, IS_IT_ANSWERED, now)
                self.store.save_head(session, opened, quiet=True)
                self._moved(session, opened, still_quiet=True)
            else:
                entry = self._tell_asker(session, opened, STILL_WAITING, now)
                self.store.save_head(session, opened, quiet=True, claimer=None)
                self._moved(session, opened, still_quiet=True)
                self._post_card_again(session, opened)
                self._tell_contacts(session, opened, entry)
            self._log(session, opened, GPBOT, "question.quiet")

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
                self._moved(session, opened)
            if not opened.head.answered:
                self._tell_contacts(session, opened, 0)
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
            if opened is not None and self._is_on_a_card(session, opened):
                self._post_card_again(session, opened)

    def _is_on_a_card(self, session: Session, opened: Opened) -> bool:
        return any(message.kind is MessageKind.CARD for message in self.store.messages(session, opened))

    def forget(self, question_id: UUID, looked_at: datetime | None = None) -> None:
        """Erase what has been closed for long enough; `looked_at`: when that was about to be so."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            opened = self.store.open_as_caretaker(session, question_id, to_write=True)
            if opened is None or opened.closed_at is None:
                return
            due = opened.closed_at + self.keep_closed
            if (look := another_look(due, now=now, looked_at=looked_at)) is not None:
                self.owed.forget(session, question_id, due, **look)
            else:
                self._log(session, opened, GPBOT, "question.erased")
                self._erase(session, opened)

    def forget_overdue(self) -> None:
        """At start: what was closed before the time to keep it was shortened."""
        with self.database.begin() as session:
            closed_before = self.database.clock.now() - self.keep_closed
            for question_id, closed_at in self.store.due_to_be_erased(session, closed_before):
                self.owed.forget(session, question_id, closed_at + self.keep_closed)

    def reseal(self) -> int:
        """Every key under the newest master key, one short transaction each; how many could not be opened."""
        with self.database.read() as session:
            kept = self.store.all_kept(session)
        damaged = 0
        for question_id in kept:
            try:
                with self.database.begin() as session:
                    self.store.reseal(session, question_id)
            except DoesNotOpen:
                damaged += 1
        return damaged

    # Part of the caller's transaction.

    def _open_to_answer(self, session: Session, question_id: UUID, viewer: str) -> Opened:
        opened = self.store.open_to_answer(session, question_id, viewer, to_write=True)
        if opened.head.asker == viewer:
            raise OwnQuestion
        return opened

    @contextmanager
    def _noting_refusals(self, viewer: str, question_id: UUID, act: str) -> Iterator[None]:
        """What a refusal tells one of those who answer is logged before they are told."""
        try:
            yield
        except _TELLS_NOTHING:
            raise
        except Refusal:
            with self.database.begin() as session:
                opened = self.store.open_to_answer(session, question_id, viewer)
                self._log(session, opened, viewer, f"question.tried to {act}")
            raise

    def _unseen(self, session: Session, opened: Opened, viewer: str, seen: int) -> tuple[Entry, ...]:
        unseen = self.store.as_seen(session, opened, viewer).unseen(seen)
        if unseen:
            self._log(session, opened, viewer, "question.opened")
        return unseen

    def _refuse_answered(self, session: Session, opened: Opened, seen: int | None) -> None:
        """Windows of earlier releases do not say what they have shown, and act as they did."""
        if seen is not None and self.store.as_seen(session, opened, opened.head.asker).unseen(seen):
            raise AnsweredSince

    def _may_see(self, session: Session, viewer: str, question_id: UUID) -> bool:
        for door in (self.store.open_as_asker, self.store.open_to_answer):
            try:
                door(session, question_id, viewer)
            except NotAvailable:
                continue
            return True
        return False

    def _seen_by_asker(self, session: Session, question_id: UUID, viewer: str) -> Question:
        return self.store.as_seen(session, self.store.open_as_asker(session, question_id, viewer), viewer)

    def _whole_conversation(self, session: Session, opened: Opened) -> str:
        entries = self.store.entries(session, opened)
        return "\n\n".join(
            f"The champions answered: {entry.text}" if entry.kind is EntryKind.ANSWER else entry.text
            for entry in entries
            if entry.kind in _AS_REPORTED
        )

    def _moved(self, session: Session, opened: Opened, *, still_quiet: bool = False) -> None:
        """Something happened: the clock starts again, and people who see the question see it as it is now."""
        if opened.head.quiet and not still_quiet:
            self.store.save_head(session, opened, quiet=False)
        turn = self.store.next_turn(session, opened.id)
        self.owed.quiet(session, opened.id, turn, self.database.clock.now() + QUIET_AFTER)
        self._fill_cards(session, opened)
        self._redraw(session, opened)

    def _open_again(self, session: Session, opened: Opened) -> None:
        """By the person who asked: with a new card, which is noticed where a changed one is not."""
        closed = opened.state is State.CLOSED
        self.store.save_head(session, opened, answered=False, claimer=None if closed else opened.claimer)
        self.store.mark(session, opened.id, state=State.OPEN, closed_at=None)
        self._moved(session, opened)
        self._post_card_again(session, opened)

    def _post_card_again(self, session: Session, opened: Opened) -> None:
        self._drop_messages(session, opened, MessageKind.CARD)
        self.owed.card(session, opened.id, self.store.next_card(session, opened.id))

    def _close(self, session: Session, opened: Opened, *, but: str | None = None) -> None:
        now = self.database.clock.now()
        self.store.mark(session, opened.id, state=State.CLOSED, closed_at=now)
        self.store.next_turn(session, opened.id)
        self.owed.forget(session, opened.id, now + self.keep_closed)
        self._drop_messages(session, opened, MessageKind.CARD, MessageKind.TOLD)
        self._end_on_screens(session, opened, but=but)

    def _erase(self, session: Session, opened: Opened, *, but: str | None = None) -> None:
        self._drop_messages(session, opened, *MessageKind)
        self.store.erase(session, opened.id)
        self._end_on_screens(session, opened, but=but)
        self.screens.forget_windows(session, opened.id)

    def _end_on_screens(self, session: Session, opened: Opened, *, but: str | None) -> None:
        """`but` is who ended it: their own window tells them what they did."""
        everybody = {*opened.answerers, opened.head.asker}
        self.screens.redraw_windows(session, everybody - {but}, opened.id)
        self.screens.redraw_homes(session, everybody)

    def _drop_messages(self, session: Session, opened: Opened, *kinds: MessageKind) -> None:
        for message in self.store.messages(session, opened):
            if message.kind in kinds:
                self.screens.unsend(session, message.channel_id, message.message_ts)
                self.store.forget_message(session, message.id)

    def _fill_cards(self, session: Session, opened: Opened) -> None:
        for message in self.store.messages(session, opened):
            if message.kind is MessageKind.CARD:
                self.owed.fill(session, opened.id, message.message_ts)

    def _redraw(self, session: Session, opened: Opened) -> None:
        self.screens.redraw_homes(session, {*opened.answerers, opened.head.asker})

    def _tell_asker(self, session: Session, opened: Opened, words: str, at: datetime) -> int:
        entry = self.store.write(session, opened, EntryKind.STATUS, at=at, text=words)
        self.owed.news(session, opened.id, entry, opened.head.asker)
        return entry

    def _tell_contacts(self, session: Session, opened: Opened, entry: int) -> None:
        """While there is no champion nobody need look at the champions' channel."""
        if not opened.roster.active_champion_ids:
            for contact in opened.roster.active_contact_ids:
                self.owed.tell(session, opened.id, entry, contact)

    def _log(self, session: Session, opened: Opened, actor: str, act: str) -> None:
        self.audit.record(session, actor=actor, act=act, subject=opened.id, key=opened.key)


def _only(opened: Opened, viewer: str) -> Collection[RoleHolder]:
    return [holder for holder in opened.roster.everyone if holder.slack_id == viewer]
