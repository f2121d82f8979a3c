"""What those who answer questions do: claim, answer, release, or make it a report."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.people.types import RoleHolder, Roster
from gpbot.questions.store import Opened, read_cursor
from gpbot.questions.types import (
    AboutYou,
    Concern,
    Entry,
    EntryKind,
    NotAChannel,
    NotPublic,
    OwnQuestion,
    Page,
    Question,
)
from gpbot.questions.usecases import AS_REPORTED, UseCases
from gpbot.questions.wording import (
    IN_CHANNEL,
    NAME_WAS_SHOWN,
    PERHAPS_IN_CHANNEL,
    READ_BY_OTHER_CHAMPIONS,
    READ_BY_OTHERS,
    WAS_A_QUESTION,
)
from gpbot.refusals import NotAvailable, NothingWritten, Refusal
from gpbot.reports.types import AlreadyClaimed, Filled, Handed, NotYourClaim
from gpbot.text import is_blank

CHANNEL = re.compile(r"C[A-Z0-9]{6,}")
_TELLS_NOTHING = (NotAvailable, NothingWritten, NotAChannel, OwnQuestion)


class Answering(UseCases):
    def open_list(self, viewer: str, *, cursor: str | None = None) -> Page:
        """Open questions, newest first, ten to a page; empty for anyone who does not answer them."""
        with self.database.read() as session:
            return self.store.open_list(session, viewer, before=read_cursor(cursor))

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
            self.changes.moved(session, opened)
            self.changes.log(session, opened, viewer, "question.claimed")

    def release(self, viewer: str, question_id: UUID) -> None:
        """Raises NotYourClaim."""
        with self._noting_refusals(viewer, question_id, "release"), self.database.begin() as session:
            opened = self._open_to_answer(session, question_id, viewer)
            if opened.claimer != viewer:
                raise NotYourClaim
            self.store.save_head(session, opened, claimer=None)
            self.changes.moved(session, opened)
            self.changes.log(session, opened, viewer, "question.released")

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
                self.changes.log(session, opened, viewer, "question.tried to answer")
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
            self.changes.moved(session, opened)
            self.changes.log(session, opened, viewer, "question.answered")
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
                Handed(at=entry.at, kind=AS_REPORTED[entry.kind], text=entry.text, author=entry.author)
                for entry in self.store.entries(session, opened)
                if entry.kind in AS_REPORTED
            ]
            was_in_channel = was_in_channel or self.changes.is_on_a_card(session, opened)
            said = WAS_A_QUESTION.format(who=IN_CHANNEL if was_in_channel else PERHAPS_IN_CHANNEL)
            # First what everybody sees who answers questions: that it ended, like any other.
            self.changes.log(session, opened, viewer, "question.withdrawn")
            self.changes.erase(session, opened, but=viewer)
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
                self.changes.log(session, opened, viewer, f"question.tried to {act}")
            raise

    def _unseen(self, session: Session, opened: Opened, viewer: str, seen: int) -> tuple[Entry, ...]:
        unseen = self.store.as_seen(session, opened, viewer).unseen(seen)
        if unseen:
            self.changes.log(session, opened, viewer, "question.opened")
        return unseen


def _only(opened: Opened, viewer: str) -> Collection[RoleHolder]:
    return [holder for holder in opened.roster.everyone if holder.slack_id == viewer]
