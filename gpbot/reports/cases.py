"""What readers do with a report: look, claim, note, write to the reporter, add people, step back, close."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.audit.log import Record
from gpbot.people import members as people
from gpbot.refusals import NotAvailable, NothingWritten, Refusal
from gpbot.reports.changes import NOT_REACHED, READERS_CHANGED
from gpbot.reports.evidence import without
from gpbot.reports.shown import Shown
from gpbot.reports.store import Opened
from gpbot.reports.types import (
    AlreadyClaimed,
    Case,
    Entry,
    EntryKind,
    IsClosed,
    Named,
    NotYourClaim,
    Outcome,
    Page,
    Reason,
    State,
)
from gpbot.reports.usecases import UseCases
from gpbot.text import is_blank

LOG_READ = 2000
SAYS_WHY = {"stepped back", "changed who can read"}
REOPENED = "This has been opened again."
READ_BY_READERS = tuple(kind for kind in EntryKind if kind is not EntryKind.STATUS)


class Cases(UseCases):
    """Every method raises NotAvailable to anyone who is not a reader at that moment.

    `once` names one act of writing; the same act again changes nothing.
    """

    def waiting(self, viewer: str, *, closed: bool = False, cursor: str | None = None) -> Page:
        """The viewer's own list, ten to a page; empty for everybody without a role."""
        with self.database.read() as session:
            return self.store.list_for_reader(session, viewer, closed=closed, before=read_cursor(cursor))

    def look(self, viewer: str, report_id: UUID, *, with_log: bool = False) -> Case:
        """Open a report; the look itself is logged. The log comes with it when asked for."""
        with self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            self._looked(session, opened)
            case = self._case(session, opened, with_log=with_log)
            self._log(session, opened, "opened")
            return case

    # See docs/decisions/0014-looks.md
    def show_again(self, viewer: str, report_id: UUID) -> Case:
        """For a window that gpbot redraws by itself, which is no look of anybody's."""
        with self.database.read() as session:
            return self._case(session, self.store.open_as_reader(session, report_id, viewer), with_log=False)

    def has_reply(self, viewer: str, report_id: UUID) -> bool:
        """Whether the reporter was written to; for forms that show no word of the report, which is no look."""
        with self.database.read() as session:
            opened = self.store.open_as_reader(session, report_id, viewer)
            return bool(self.store.entries(session, opened, [EntryKind.TO_REPORTER]))

    def look_at_unseen(self, viewer: str, report_id: UUID, seen: Shown) -> tuple[Entry, ...]:
        """What others wrote and is newer than `seen`; a look, where there is any."""
        with self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            return self._unseen(session, opened, seen)

    def claim(self, viewer: str, report_id: UUID) -> None:
        """Raises AlreadyClaimed, naming who was first, and IsClosed."""
        with self._noting_refusals(viewer, report_id, "claim"), self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            _refuse_closed(opened)
            if opened.claimer == viewer:
                return
            if opened.claimer is not None:
                name = opened.roster.name_of(opened.claimer)
                raise AlreadyClaimed(f"{name} was first and has this one." if name else None)
            now = self.database.clock.now()
            self.store.save_head(session, opened, claimer=viewer)
            self.store.change(session, report_id, claimed_at=now)
            if viewer in opened.roster.active_champion_ids:
                self.store.drop_contacts(session, opened)
            self.changes.drop_stubs(session, opened)
            self.changes.await_work(session, opened, now)
            self._log(session, opened, "claimed")
            self.changes.follow(session, opened, now)

    def release(self, viewer: str, report_id: UUID) -> None:
        """Raises NotYourClaim."""
        now = self.database.clock.now()
        with self._noting_refusals(viewer, report_id, "release"), self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            if opened.claimer != viewer:
                raise NotYourClaim
            self.store.end_claim(session, opened)
            free = self.store.open_as_reader(session, report_id, viewer)
            self.changes.notify_readers(session, free, about=f"released:{now.isoformat()}", at=now, but=viewer)
            self.changes.await_claim(session, free, now)
            self.changes.redraw(session, free)
            self._log(session, opened, "released")

    def note(self, viewer: str, report_id: UUID, text: str, *, once: str = "") -> None:
        """A note that the reporter never sees. Raises NothingWritten."""
        with self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            if self.store.was_written(session, once):
                return
            self._write(session, opened, EntryKind.NOTE, text, once)
            self._log(session, opened, "wrote a note")

    def write_to_reporter(self, viewer: str, report_id: UUID, text: str, *, once: str = "") -> None:
        """Comes "from the Champions", never from a named person. Raises NothingWritten, IsClosed."""
        with self._noting_refusals(viewer, report_id, "write to the reporter"), self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            if self.store.was_written(session, once):
                return
            _refuse_closed(opened)
            entry = self._write(session, opened, EntryKind.TO_REPORTER, text, once)
            self.owed.news(session, opened.id, opened.reporter, about=str(entry))
            self.screens.redraw_home(session, opened.reporter)
            self._log(session, opened, "wrote to the reporter")

    def add_people(self, viewer: str, report_id: UUID, *, reported: Sequence[Named], harmed: Sequence[Named]) -> bool:
        """Who else is reported or was harmed: only ever widens who is excluded, at once.

        False when that ends the viewer's own reading.
        """
        with self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            head = opened.head
            fresh_reported = tuple(each for each in reported if each not in head.reported)
            fresh_harmed = tuple(each for each in harmed if each not in head.harmed)
            self.store.save_head(
                session,
                opened,
                reported=head.reported + fresh_reported,
                harmed=head.harmed + fresh_harmed,
            )
            ids = [each.slack_id for each in (*fresh_reported, *fresh_harmed) if each.slack_id]
            excluded = {(each.slack_id, Reason.REPORTED) for each in fresh_reported if each.slack_id}
            excluded |= {(each.slack_id, Reason.HARMED) for each in fresh_harmed if each.slack_id}
            in_words = "\n".join(each.words for each in (*fresh_reported, *fresh_harmed))
            excluded |= {
                (holder.slack_id, Reason.REPORTED)
                for holder in self.known_as.mentioned(session, in_words, opened.roster.everyone, in_full=True)
            }
            # Declared after the report: an excluded champion could otherwise try names and watch what vanishes.
            excluded |= {
                (conflict.holder_id, Reason.CONFLICT)
                for conflict in people.conflicts_with(session, ids)
                if conflict.declared_at <= opened.filed_at
            }
            self.store.exclude(session, opened, excluded)
            self._log(session, opened, "added people")
            now = self.database.clock.now()
            if opened.claimer == viewer:
                self.changes.await_work(session, opened, now)
            self.changes.follow(session, opened, now)
            after = self.store.open_as_caretaker(session, report_id)
            could_be_asked = (opened.reader_ids, opened.next_contact)
            if after is None or (after.reader_ids, after.next_contact) != could_be_asked:
                self.changes.tell_reporter(session, opened, READERS_CHANGED, at=now)
            return after is not None and viewer in after.reader_ids

    def step_back(self, viewer: str, report_id: UUID) -> None:
        """*I should not handle this*: at any time, without a reason, and for good."""
        with self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            self.store.exclude(session, opened, {(viewer, Reason.STEPPED_BACK)})
            self._log(session, opened, "stepped back")
            self.changes.follow(session, opened, self.database.clock.now())

    def close(
        self,
        viewer: str,
        report_id: UUID,
        outcome: Outcome,
        text: str,
        *,
        seen: Shown | None = None,
        once: str = "",
    ) -> tuple[Entry, ...]:
        """With a reason and words for the reporter. Raises NothingWritten, IsClosed.

        `seen`: what the window in which it is closed has shown. When others wrote since, that is returned and nothing
        is closed.
        """
        now = self.database.clock.now()
        with self._noting_refusals(viewer, report_id, "close"), self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            if self.store.was_written(session, once):
                return ()
            _refuse_closed(opened)
            if seen is not None and (unseen := self._unseen(session, opened, seen)):
                self._log(session, opened, "tried to close")
                return unseen
            entry = self._write(session, opened, EntryKind.CLOSING, text, once)
            self.store.save_head(session, opened, outcome=outcome)
            self.changes.close(session, opened, now + self.keep_closed, at=now)
            self.owed.news(session, opened.id, opened.reporter, about=str(entry))
            self._log(session, opened, "closed")
            return ()

    def reopen(self, viewer: str, report_id: UUID) -> None:
        """Raises IsClosed where the reporter withdrew it."""
        with self._noting_refusals(viewer, report_id, "reopen"), self.database.begin() as session:
            opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
            if opened.state is State.OPEN:
                return
            if opened.head.outcome is Outcome.WITHDRAWN:
                raise IsClosed("The person who sent this withdrew it. Only they can open it again.")
            now = self.database.clock.now()
            self.changes.reopen(session, opened, now)
            self.changes.tell_reporter(session, opened, REOPENED, at=now)
            self._log(session, opened, "reopened")

    def note_window(self, viewer: str, view_id: str, report_id: UUID) -> None:
        """A modal now shows this report; if its viewer may not see that any more, it is emptied."""
        with self.database.begin() as session:
            self.screens.note_window(session, view_id, viewer, report_id, self.database.clock.now())
            standing = self.store.open_as_caretaker(session, report_id, to_write=True)
            if standing is None or not standing.is_seen_by(viewer):
                self.screens.draw_again(session, view_id, viewer, report_id)

    def may_see(self, viewer: str, report_id: UUID) -> bool:
        """As one of its readers, or as who sent it; no look."""
        with self.database.read() as session:
            standing = self.store.open_as_caretaker(session, report_id)
            return standing is not None and standing.is_seen_by(viewer)

    @contextmanager
    def _noting_refusals(self, viewer: str, report_id: UUID, act: str) -> Iterator[None]:
        """What a refusal tells its reader of the report is logged before they are told."""
        try:
            yield
        except (NotAvailable, NothingWritten):  # which tell nothing
            raise
        except Refusal:
            with self.database.begin() as session:
                opened = self.store.open_as_reader(session, report_id, viewer, to_write=True)
                self._log(session, opened, f"tried to {act}")
            raise

    def _looked(self, session: Session, opened: Opened) -> None:
        if opened.opened_at is None:
            self.store.change(session, opened.id, opened_at=self.database.clock.now())
            self.screens.redraw_home(session, opened.reporter)
        self.changes.knows(session, opened, opened.viewer)

    def _unseen(self, session: Session, opened: Opened, seen: Shown) -> tuple[Entry, ...]:
        unseen = seen.unseen(self._entries(session, opened), opened.viewer)
        if unseen:
            self._looked(session, opened)
            self._log(session, opened, "opened")
        return unseen

    def _entries(self, session: Session, opened: Opened) -> tuple[Entry, ...]:
        """As readers see them, numbered among those alone: what is left out leaves no gap."""
        found = self.store.entries(session, opened, READ_BY_READERS)
        shown = [entry for entry in found if not _tells_whose_account(entry, opened)]
        return tuple(replace(_masked(entry, opened), id=number) for number, entry in enumerate(shown, 1))

    def _case(self, session: Session, opened: Opened, *, with_log: bool) -> Case:
        head = opened.head
        champions = opened.roster.champions
        return Case(
            report_id=opened.id,
            viewer=opened.viewer,
            code=head.code,
            state=opened.state,
            filed_at=opened.filed_at,
            claimer=opened.claimer,
            reporter=head.reporter if head.show_name else None,
            reported=head.reported,
            harmed=head.harmed,
            readers=tuple(holder.name for holder in opened.readers),
            not_handling=tuple(holder.name for holder in champions if holder.slack_id not in opened.reader_ids),
            entries=self._entries(session, opened),
            log=_shown(self.audit.of(session, opened.id, opened.key, limit=LOG_READ)) if with_log else (),
            outcome=head.outcome,
        )

    def _write(self, session: Session, opened: Opened, kind: EntryKind, text: str, once: str) -> int:
        if is_blank(text):
            raise NothingWritten
        now = self.database.clock.now()
        return self.store.write(session, opened, kind, at=now, text=text, author=opened.viewer, once=once)

    def _log(self, session: Session, opened: Opened, act: str) -> None:
        self.audit.record(session, actor=opened.viewer, act=act, subject=opened.id, key=opened.key)


def _refuse_closed(opened: Opened) -> None:
    if opened.state is not State.OPEN:
        raise IsClosed


def _shown(records: Sequence[Record]) -> tuple[Record, ...]:
    """Newest first, and what one person did often as one line, so that nothing can be pushed out of sight.

    Who was ruled out, or left, is not said: readers see *Not handling*, never why.
    """
    newest: dict[tuple[str, str], Record] = {}
    times: Counter[tuple[str, str]] = Counter()
    for record in records:
        if record.act not in SAYS_WHY:
            what = (record.actor, record.act)
            newest.setdefault(what, record)
            times[what] += 1
    return tuple(
        replace(record, act=f"{record.act} ({times[what]} times)") if times[what] > 1 else record
        for what, record in newest.items()
    )


def _masked(entry: Entry, opened: Opened) -> Entry:
    """While the reporter's name is hidden, neither their words nor their evidence carries it.

    What is hidden was decided when it was sent, by what stands in it and was picked on its form. What readers wrote, or
    had read before it was a report, stays as it is: hiding the reporter in it would answer a guess.
    """
    head = opened.head
    if head.show_name or entry.author or entry.was_read:
        return entry
    evidence = entry.evidence
    if evidence is not None:
        evidence = evidence.as_readers_see(head.shown_in_evidence, show_name=False)
    return replace(entry, text=without(head.reporter, entry.text), evidence=evidence)


def _tells_whose_account(entry: Entry, opened: Opened) -> bool:
    """An earlier release noted for the readers what had not arrived: that looks like what nobody has opened yet."""
    return not opened.head.show_name and not entry.author and entry.text == NOT_REACHED


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """A page's cursor as `Page.next` gave it; anything else starts from the beginning."""
    if not cursor:
        return None
    at, _, report_id = cursor.partition("|")
    try:
        return datetime.fromisoformat(at), UUID(report_id)
    except ValueError:
        return None
