"""From the form to a report that is on disk: the draft, the review, and Send."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from secrets import SystemRandom
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.people import store as people
from gpbot.people.names import is_signed
from gpbot.people.types import RoleHolder, Roster
from gpbot.refusals import NotAvailable
from gpbot.reports import access as rule
from gpbot.reports.access import Access
from gpbot.reports.codenames import new_code_name
from gpbot.reports.evidence import Evidence
from gpbot.reports.store import Head, Opened
from gpbot.reports.types import (
    Draft,
    Entry,
    EntryKind,
    Filled,
    Handed,
    How,
    Named,
    NobodyLeft,
    NothingWritten,
    OwnReport,
    Reason,
    Review,
    is_blank,
)
from gpbot.reports.usecases import UseCases


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Resolution:
    """Who would read a draft if it were sent now."""

    exclusions: frozenset[tuple[str, Reason]]
    readers: tuple[RoleHolder, ...]
    outside: bool
    mentioned: tuple[RoleHolder, ...]


class Filing(UseCases):
    def keep(self, user_id: str, filled: Filled, evidence: Evidence | None = None) -> UUID:
        """What someone brings to an empty form, kept until the form can be shown."""
        draft = Draft(id=uuid4(), filled=filled, evidence=evidence)
        with self.database.begin() as session:
            self._save(session, user_id, draft)
        return draft.id

    def leave(self, user_id: str, draft_id: UUID) -> None:
        """The form could not be shown, nor anything else be said: they are reminded of what they wrote."""
        with self.database.begin() as session:
            draft = self.store.draft(session, user_id, draft_id)
            if draft is not None:
                self._save(session, user_id, replace(draft, reviewed=True))

    def draft(self, user_id: str, draft_id: UUID) -> Draft:
        """Raises NotAvailable."""
        draft = self.draft_if_kept(user_id, draft_id)
        if draft is None:
            raise NotAvailable
        return draft

    def draft_if_kept(self, user_id: str, draft_id: UUID | None) -> Draft | None:
        with self.database.read() as session:
            return self.store.draft(session, user_id, draft_id) if draft_id else None

    def review(
        self, user_id: str, filled: Filled, draft_id: UUID | None, *, user_name: str = ""
    ) -> Review | NobodyLeft:
        """Keep the filled form as a draft, and say what Send would do. Raises NothingWritten.

        A draft that is not there (any more) is made from the form, whose words must not be lost.
        """
        if is_blank(filled.what):
            raise NothingWritten
        with self.database.begin() as session:
            roster = people.roster(session)
            before = self.store.draft(session, user_id, draft_id) if draft_id else None
            if draft_id is not None and before is None:
                # An id of their own: taking the one brought here would tell whether anything else has it.
                draft_id = self.store.draft_id_for(user_id, str(draft_id))
                before = self.store.draft(session, user_id, draft_id)
            if draft_id is None or (before is None and self.store.is_taken(session, draft_id)):
                draft_id = uuid4()
            draft = replace(
                before or Draft(id=draft_id, filled=filled),
                filled=filled,
                shown_ids=tuple(sorted(roster.active_champion_ids)),
                reviewed=True,
            )
            return self._judge(session, roster, user_id, draft, user_name)

    def resume(self, user_id: str, draft_id: UUID, *, user_name: str = "") -> Review | NobodyLeft:
        """The review of a draft that was left. Raises NotAvailable."""
        return self.review(user_id, self.draft(user_id, draft_id).filled, draft_id, user_name=user_name)

    def discard(self, user_id: str, draft_id: UUID) -> bool:
        """False when it was sent or deleted before."""
        with self.database.begin() as session:
            draft = self.store.draft(session, user_id, draft_id)
            if draft is not None:
                self._erase(session, draft)
            return draft is not None

    def expire(self, user_id: str, draft_id: UUID, saved_at: str) -> None:
        """A day has passed since `saved_at`; if it was not saved again meanwhile, the draft goes."""
        with self.database.begin() as session:
            draft = self.store.draft(session, user_id, draft_id)
            if draft is not None and draft.saved_at == saved_at:
                self._erase(session, draft)

    def file(
        self, user_id: str, draft_id: UUID, may_read: Collection[str], *, revision: str, user_name: str = ""
    ) -> OwnReport | NobodyLeft | Review:
        """Make a draft a report: on disk when this returns, and once however often it is sent.

        `may_read`: those whom the words name and who, the reporter says, may read it all the same.
        `revision`: of the review they read; if the draft is another by now, nothing is sent and they review it again.
        Raises NotAvailable.
        """
        with self.database.begin() as session:
            draft = self.store.draft(session, user_id, draft_id)
            if draft is None:  # sent before, or nothing of theirs
                return self.store.own_report(session, self.store.open_as_reporter(session, draft_id, user_id))
            roster = people.roster(session)
            reviewed = self._resolve(session, roster, user_id, draft, ())
            if revision != self._revision(draft, reviewed):
                return self._judge(session, roster, user_id, draft, user_name)
            found = self._resolve(session, roster, user_id, draft, may_read) if may_read else reviewed
            if not found.readers:
                self._erase(session, draft)
                return NobodyLeft(words=draft.filled.what)
            report = self._create(session, roster, user_id, draft, found)
            words = self.store.write(
                session,
                report,
                EntryKind.REPORT,
                at=report.filed_at,
                text=draft.filled.what,
                evidence=draft.evidence,
            )
            self._erase(session, draft)
            self._announce(session, report)
            self.audit.record(session, actor="reporter", act="filed", subject=report.id, key=report.key)
            entry = Entry(
                id=words,
                at=report.filed_at,
                kind=EntryKind.REPORT,
                author="",
                text=draft.filled.what,
                evidence=draft.evidence,
            )
            return self.store.as_filed(report, found.exclusions, entry)

    def keep_for(self, session: Session, user_id: str, draft_id: UUID, filled: Filled) -> None:
        """Words that come from elsewhere as an unsent report of theirs, reminded of and kept like any other."""
        self._save(session, user_id, Draft(id=draft_id, filled=filled, reviewed=True))

    def has_draft(self, session: Session, user_id: str, draft_id: UUID) -> bool:
        return self.store.draft(session, user_id, draft_id) is not None

    def is_reader(self, session: Session, viewer: str, report_id: UUID) -> bool:
        standing = self.store.open_as_caretaker(session, report_id, to_write=True)
        return standing is not None and viewer in standing.reader_ids

    def was_taken_over(self, session: Session, once: str) -> bool:
        """Whether this act of passing something on is on disk already."""
        return self.store.was_written(session, once)

    def take_over(
        self,
        session: Session,
        report_id: UUID,
        reporter: str,
        filled: Filled,
        entries: Sequence[Handed],
        *,
        written_at: datetime,
        said: str,
        noted: str,
        by: str,
        once: str,
        was: str = "a question",
    ) -> None:
        """Make a report of what was written elsewhere, which `was` names; `by` passes it on, in the act `once` names.

        `said` tells the reporter what became of it, `noted` the readers where it comes from.

        `filled.what` is what is looked through for names; what is kept are the `entries`, oldest first. Whoever the
        words name is kept out: the reporter, whose report it is from now on, can change that.
        Nobody may be left to read it: then the reporter is told whom to ask instead, and nobody else. Whether anybody
        is left can depend on who the reporter is.
        """
        roster = people.roster(session)
        draft = Draft(id=report_id, filled=filled, shown_ids=tuple(sorted(roster.active_champion_ids)))
        found = self._resolve(session, roster, reporter, draft, (), written_at=written_at)
        report = self._create(session, roster, reporter, draft, found)
        for entry in entries:
            self.store.write(
                session, report, entry.kind, at=entry.at, text=entry.text, author=entry.author, was_read=True
            )
        now = self.database.clock.now()
        self.store.tell_reporter(session, report, said, at=now)
        self.store.write(session, report, EntryKind.NOTE, at=now, text=noted, once=once)
        # Whoever passes it on has read it: it can be withdrawn, but not as if nobody had.
        self.store.mark(session, report.id, opened_at=now)
        self._announce(session, report)
        if not found.readers:
            self.changes.ask_next_contact(session, report, now)
        self.audit.record(session, actor=by, act=f"made this report of {was}", subject=report.id, key=report.key)

    def answer_in_dm(self, user_id: str, message_ts: str) -> None:
        """Somebody wrote to gpbot itself; sealed like all the rest, for it may be somebody who reports."""
        with self.database.begin() as session:
            self.owed.answer_in_dm(session, user_id, message_ts)

    def note_reminder(self, session: Session, user_id: str, draft_id: UUID, notice: tuple[str, str]) -> None:
        """The reminder of a draft was sent; it goes when the draft goes."""
        draft = self.store.draft(session, user_id, draft_id)
        if draft is None:
            self.owed.unsend(session, *notice)
        else:
            self.store.save_draft(session, user_id, replace(draft, notice=notice))

    def _create(self, session: Session, roster: Roster, reporter: str, draft: Draft, found: _Resolution) -> Opened:
        now = self.database.clock.now()
        head = Head(
            code=new_code_name(),
            reporter=reporter,
            show_name=draft.filled.show_name,
            reported=_named(draft.filled),
            waiting_since=now.isoformat(),
            shown_in_evidence=draft.filled.about_ids,
            about_words=draft.filled.about_words.strip(),
            allowed={
                holder.slack_id: self.known_as.words_of(session, holder)
                for holder in found.mentioned
                if holder.slack_id not in {slack_id for slack_id, _ in found.exclusions}
            },
        )
        asked: dict[str, How] = {}
        if not draft.filled.outside_only:
            asked = dict.fromkeys(draft.shown_ids, How.SHOWN)
        if found.outside:
            asked |= {holder.slack_id: How.CONTACT for holder in found.readers}
        return self.store.create(
            session,
            report_id=draft.id,
            head=head,
            readers=asked,
            exclusions=found.exclusions,
            roster=roster,
            at=now,
        )

    def _announce(self, session: Session, report: Opened) -> None:
        """What a new report owes: its receipt, its readers' messages, and its clocks."""
        now = report.filed_at
        # In no order: the first job of a report must not always be its reporter's.
        owe_receipt = partial(self.owed.news, session, report.id, report.reporter, about="receipt")
        owe_stubs = [partial(self.owed.stub, session, report.id, reader, about="filed") for reader in report.reader_ids]
        for owe in SystemRandom().sample([owe_receipt, *owe_stubs], len(owe_stubs) + 1):
            owe()
        self.owed.stubs_over(session, report.id, "filed", now)
        self.changes.await_claim(session, report, now)
        self.changes.redraw(session, report)

    def _judge(
        self, session: Session, roster: Roster, user_id: str, draft: Draft, user_name: str
    ) -> Review | NobodyLeft:
        found = self._resolve(session, roster, user_id, draft, ())
        if not found.readers and not found.mentioned:
            self._erase(session, draft)
            return NobodyLeft(words=draft.filled.what)
        self._save(session, user_id, draft)
        return Review(
            draft=draft,
            readers=found.readers,
            outside=found.outside,
            mentioned=found.mentioned,
            reporter_is_known=roster.role_of(user_id) is not None,
            signed=_is_signed(draft, user_id, user_name),
            revision=self._revision(draft, found),
        )

    def _resolve(
        self,
        session: Session,
        roster: Roster,
        user_id: str,
        draft: Draft,
        may_read: Collection[str],
        *,
        written_at: datetime | None = None,
    ) -> _Resolution:
        """`written_at`: of words that others have read since, not knowing who wrote them."""
        filled = draft.filled
        excluded: set[tuple[str, Reason]] = {(user_id, Reason.REPORTER)}
        excluded |= {(slack_id, Reason.REPORTED) for slack_id in filled.about_ids}
        excluded |= {(slack_id, Reason.TICKED) for slack_id in filled.keep_out_ids}
        involved = [user_id, *filled.about_ids]
        excluded |= {
            (conflict.holder_id, Reason.CONFLICT)
            for conflict in people.conflicts_with(session, involved)
            # Declared since: whoever passes the words on could otherwise try names, and see who wrote them.
            if written_at is None or conflict.other_id in filled.about_ids or conflict.declared_at <= written_at
        }
        out = {slack_id for slack_id, _ in excluded}
        evidence = draft.evidence.words if draft.evidence else ""
        named = self.known_as.mentioned(
            session,
            f"{filled.what}\n{filled.about_words}\n{evidence}",
            [holder for holder in roster.everyone if holder.slack_id not in out],
        )
        excluded |= {(holder.slack_id, Reason.TICKED) for holder in named if holder.slack_id not in may_read}
        shown = () if filled.outside_only else draft.shown_ids
        hashes = self.store.hashes_of(draft.id)
        access = Access(
            readers={hashes.reader(slack_id): How.SHOWN for slack_id in shown},
            excluded=frozenset(hashes.excluded(slack_id) for slack_id, _ in excluded),
            compared=roster.version,
        )
        readers = rule.readers(roster, access, hashes)
        contact = None if readers else rule.next_contact(roster, access, hashes)
        return _Resolution(
            exclusions=frozenset(excluded),
            readers=(contact,) if contact else readers,
            outside=contact is not None,
            mentioned=named,
        )

    def _revision(self, draft: Draft, found: _Resolution) -> str:
        """Changes with the words, and with who would read them."""
        people_ = [*found.readers, *found.mentioned]
        return self.store.revision_of(draft, [found.outside, *(holder.slack_id for holder in people_)])

    def _save(self, session: Session, user_id: str, draft: Draft) -> None:
        now = self.database.clock.now()
        draft = replace(draft, saved_at=now.isoformat())
        self.store.save_draft(session, user_id, draft)
        self.owed.draft_over(session, draft.id, user_id, now)
        if draft.reviewed:
            self.owed.draft_left(session, draft.id, user_id, now)

    def _erase(self, session: Session, draft: Draft) -> None:
        if draft.notice:
            self.owed.unsend(session, *draft.notice)
        self.store.erase_draft(session, draft.id)


def _is_signed(draft: Draft, user_id: str, user_name: str) -> bool:
    """Whether the words, or whom they are about, tell who wrote them."""
    evidence = draft.evidence.words if draft.evidence else ""
    words = f"{draft.filled.what}\n{draft.filled.about_words}\n{evidence}"
    return user_id in draft.filled.about_ids or is_signed(words, user_id, user_name)


def _named(filled: Filled) -> tuple[Named, ...]:
    named = [Named(slack_id=slack_id) for slack_id in filled.about_ids]
    if filled.about_words.strip():
        named.append(Named(words=filled.about_words.strip()))
    return tuple(named)
