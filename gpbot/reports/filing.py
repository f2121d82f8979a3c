"""From the form to a report that is on disk: the draft, the review, and Send."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from secrets import SystemRandom
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.people import members as people
from gpbot.people.names import is_signed
from gpbot.people.organisations import all_work_with, works_elsewhere
from gpbot.people.types import RoleHolder, RoleName, Roster
from gpbot.refusals import NotAvailable, NothingWritten
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
    OwnReport,
    Reason,
    Review,
    Ticks,
    check_answer,
)
from gpbot.reports.usecases import UseCases
from gpbot.text import is_blank


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Resolution:
    """Who would read a draft if it were sent now."""

    exclusions: frozenset[tuple[str, Reason]]
    readers: tuple[RoleHolder, ...]
    outside: bool
    listed: tuple[RoleHolder, ...]  # who could read it, now or later, if nobody was ticked
    ticked: frozenset[str]
    named: tuple[RoleHolder, ...]  # in the words
    about: tuple[RoleHolder, ...]  # as far as the reporter says: picked, named, or ticked where nobody was picked

    @property
    def colleagues(self) -> tuple[RoleHolder, ...]:
        """It is about them, and everybody who would read it works with one of them."""
        return all_work_with(self.readers, self.about)

    @property
    def instead(self) -> RoleHolder | None:
        """Then: the first contact of whom it is known that they work with none of these."""
        colleagues = self.colleagues
        if not colleagues:
            return None
        could = (each for each in self.listed if each.role is RoleName.CONTACT and each.slack_id not in self.ticked)
        return next((each for each in could if works_elsewhere(each, colleagues)), None)


class Filing(UseCases):
    def keep(self, user_id: str, filled: Filled, evidence: Evidence | None = None) -> UUID:
        """What someone brings to an empty form, kept until the form can be shown."""
        draft = Draft(id=uuid4(), filled=filled, evidence=evidence)
        with self.database.begin() as session:
            self._save(session, user_id, draft)
        return draft.id

    # See docs/decisions/0020-drafts.md
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
            if before is None or _looked_through(before) != _looked_through(draft):
                draft = replace(draft, allowed={}, none=False)  # of other words
            return self._judge(session, roster, user_id, draft, user_name)

    def tick(self, user_id: str, draft_id: UUID, ticks: Ticks, *, revision: str, user_name: str = "") -> Review | None:
        """Keep what is ticked on a review, of this `revision`; None when it was sent or deleted meanwhile."""
        with self.database.begin() as session:
            draft = self.store.draft(session, user_id, draft_id)
            if draft is None:
                return None
            roster = people.roster(session)
            draft = self._ticked(draft, self._resolve(session, roster, user_id, draft), roster, ticks, revision)
            self.store.save_draft(session, user_id, draft)  # its day is counted from when it was written
            return self._seen(draft, self._resolve(session, roster, user_id, draft), roster, user_id, user_name)

    def send_elsewhere(self, user_id: str, draft_id: UUID, *, user_name: str = "") -> Review | None:
        """Instead of to colleagues of whom it is about, to the first contact who is none.

        As `tick`; nothing changes where there is no such contact, or nobody is a colleague.
        """
        with self.database.begin() as session:
            draft = self.store.draft(session, user_id, draft_id)
            if draft is None:
                return None
            roster = people.roster(session)
            found = self._resolve(session, roster, user_id, draft)
            contact = found.instead
            if contact is not None:
                before = roster.contacts[: roster.contacts.index(contact)]
                out = {*draft.filled.keep_out_ids, *(each.slack_id for each in before if each in found.listed)}
                filled = replace(draft.filled, outside_only=True, keep_out_ids=tuple(sorted(out)))
                draft = replace(draft, filled=filled, none=False)
                self.store.save_draft(session, user_id, draft)
                found = self._resolve(session, roster, user_id, draft)
            return self._seen(draft, found, roster, user_id, user_name)

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
        self, user_id: str, draft_id: UUID, ticks: Ticks, *, revision: str, user_name: str = ""
    ) -> OwnReport | NobodyLeft | Review:
        """Make a draft a report: on disk when this returns, and once however often it is sent.

        `ticks` are those on the review they read, of this `revision`. If the draft is another by now, or with these
        ticks somebody would read it whom that review does not show, nothing is sent and they review it again.
        Raises NotAvailable, NotAnswered, BothAnswers.
        """
        with self.database.begin() as session:
            draft = self.store.draft(session, user_id, draft_id)
            if draft is None:  # sent before, or nothing of theirs
                return self.store.own_report(session, self.store.open_as_reporter(session, draft_id, user_id))
            roster = people.roster(session)
            draft = self._ticked(draft, self._resolve(session, roster, user_id, draft), roster, ticks, revision)
            found = self._resolve(session, roster, user_id, draft)
            if not found.listed:
                self._erase(session, draft)
                return NobodyLeft(words=draft.filled.what)
            is_same = _reviewed(revision) == _reviewed(self._revision(draft, found))
            if is_same and draft.asks:
                check_answer(ticked=any(each.slack_id in found.ticked for each in found.listed), none=ticks.none)
            if revision != self._revision(draft, found) or not found.readers:
                return self._judge(session, roster, user_id, draft, user_name)
            report = self._create(session, roster, user_id, draft, found, text=draft.filled.what)
            self._erase(session, draft)
            self._announce(session, report)
            self.audit.record(session, actor="reporter", act="filed", subject=report.id, key=report.key)
            entry = Entry(
                id=1,
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

        `filled.what` is what is looked through for names; what is kept are the `entries`, oldest first. People whom the
        words name is kept out: the reporter, whose report it is from now on, can change that.
        Nobody may be left to read it: then the reporter is told whom to ask instead, and nobody else. Whether anybody
        is left can depend on who the reporter is.
        """
        roster = people.roster(session)
        draft = Draft(id=report_id, filled=filled, shown_ids=tuple(sorted(roster.active_champion_ids)))
        found = self._resolve(session, roster, reporter, draft, written_at=written_at)
        report = self._create(session, roster, reporter, draft, found)
        for entry in entries:
            self.store.write(
                session, report, entry.kind, at=entry.at, text=entry.text, author=entry.author, was_read=True
            )
        now = self.database.clock.now()
        self.store.tell_reporter(session, report, said, at=now)
        self.store.write(session, report, EntryKind.NOTE, at=now, text=noted, once=once)
        # The person who passes it on has read it: it can be withdrawn, but not as if nobody had.
        self.store.change(session, report.id, opened_at=now)
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
            self.screens.unsend(session, *notice)
        else:
            self.store.save_draft(session, user_id, replace(draft, notice=notice))

    def _create(
        self,
        session: Session,
        roster: Roster,
        reporter: str,
        draft: Draft,
        found: _Resolution,
        *,
        text: str | None = None,
    ) -> Opened:
        now = self.database.clock.now()
        head = Head(
            code=new_code_name(),
            reporter=reporter,
            show_name=draft.filled.show_name,
            reported=_named(draft.filled),
            waiting_since=now.isoformat(),
            shown_in_evidence=draft.filled.about_ids,
            about_words="" if is_blank(draft.filled.about_words) else draft.filled.about_words.strip(),
            allowed={
                holder.slack_id: self.known_as.words_of(session, holder)
                for holder in found.named
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
            text=text,
            evidence=draft.evidence,
        )

    def _announce(self, session: Session, report: Opened) -> None:
        """What a new report enqueues: its receipt, its readers' messages, and its clocks."""
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
        found = self._resolve(session, roster, user_id, draft)
        if not found.listed:
            self._erase(session, draft)
            return NobodyLeft(words=draft.filled.what)
        self._save(session, user_id, draft)
        return self._seen(draft, found, roster, user_id, user_name)

    def _seen(self, draft: Draft, found: _Resolution, roster: Roster, user_id: str, user_name: str) -> Review:
        return Review(
            draft=draft,
            readers=found.readers,
            outside=found.outside,
            listed=found.listed,
            ticked=tuple(each.slack_id for each in found.listed if each.slack_id in found.ticked),
            named=tuple(each for each in found.listed if each in found.named),
            colleagues=found.colleagues,
            instead=found.instead,
            reporter_is_known=roster.role_of(user_id) is not None,
            signed=_is_signed(draft, user_id, user_name),
            revision=self._revision(draft, found),
        )

    def _ticked(self, draft: Draft, found: _Resolution, roster: Roster, ticks: Ticks, revision: str) -> Draft:
        """The draft with what was ticked on a review of this `revision`.

        Of another one it counts alone who is ticked: who is not may never have been shown ticked.
        """
        is_same = _reviewed(revision) == _reviewed(self._revision(draft, found))
        on_roster = {each.slack_id for each in roster.everyone}
        ticked = on_roster & set(ticks.ticked)
        left_out = on_roster & set(ticks.listed) - ticked if is_same else set()
        before = set(draft.filled.keep_out_ids)
        allowed = {each.slack_id: each.changed for each in found.named if each.slack_id in left_out}
        return replace(
            draft,
            filled=replace(draft.filled, keep_out_ids=tuple(sorted((before | ticked) - left_out))),
            allowed={each: since for each, since in {**draft.allowed, **allowed}.items() if each not in ticked},
            none=ticks.none,
        )

    def _resolve(
        self,
        session: Session,
        roster: Roster,
        user_id: str,
        draft: Draft,
        *,
        written_at: datetime | None = None,
    ) -> _Resolution:
        """`written_at`: of words that others have read since, not knowing who wrote them."""
        filled = draft.filled
        excluded: set[tuple[str, Reason]] = {(user_id, Reason.REPORTER)}
        excluded |= {(slack_id, Reason.REPORTED) for slack_id in filled.about_ids}
        involved = [user_id, *filled.about_ids]
        excluded |= {
            (conflict.holder_id, Reason.CONFLICT)
            for conflict in people.conflicts_with(session, involved)
            # Declared since: a champion who passes the words on could otherwise try names, and see who wrote them.
            if written_at is None or conflict.other_id in filled.about_ids or conflict.declared_at <= written_at
        }
        out = {slack_id for slack_id, _ in excluded}
        could = [holder for holder in roster.everyone if holder.slack_id not in out]
        named = self.known_as.mentioned(session, _looked_through(draft), could)
        shown = () if filled.outside_only else draft.shown_ids
        listed = [each for each in could if each.reachable and (each in roster.contacts or each.slack_id in shown)]
        unasked = {each.slack_id for each in named if draft.allowed.get(each.slack_id) != each.changed}
        ticked = {*filled.keep_out_ids, *unasked}
        excluded |= {(slack_id, Reason.TICKED) for slack_id in ticked}
        hashes = self.store.hashes_of(draft.id)
        access = Access(
            readers={hashes.reader(slack_id): How.SHOWN for slack_id in shown},
            excluded=frozenset(hashes.excluded(slack_id) for slack_id, _ in excluded),
            compared=roster.version,
        )
        readers = rule.readers(roster, access, hashes)
        contact = None if readers else rule.next_contact(roster, access, hashes)
        about = {*filled.about_ids, *(ticked if draft.asks else ticked & {each.slack_id for each in named})}
        return _Resolution(
            exclusions=frozenset(excluded),
            readers=(contact,) if contact else readers,
            outside=contact is not None,
            listed=tuple(listed),
            ticked=frozenset(ticked),
            named=named,
            about=tuple(each for each in roster.everyone if each.slack_id in about),
        )

    def _revision(self, draft: Draft, found: _Resolution) -> str:
        """What was reviewed, then what follows the ticks: who outside the champions reads it, who works together."""
        shown = [f"{each.slack_id}:{each.changed}" for each in (*found.listed, *found.named)]
        reviewed = self.store.revision_of(draft, [draft.filled.outside_only, *shown])
        outside = found.readers if found.outside else ()
        said = [*outside, None, *found.colleagues, None, found.instead]
        follows = [each.slack_id if each else "" for each in said]
        return f"{reviewed}:{self.store.revision_of(draft, [*follows, bool(found.readers)])}"

    def _save(self, session: Session, user_id: str, draft: Draft) -> None:
        now = self.database.clock.now()
        draft = replace(draft, saved_at=now.isoformat())
        self.store.save_draft(session, user_id, draft)
        self.owed.draft_over(session, draft.id, user_id, now)
        if draft.reviewed:
            self.owed.draft_left(session, draft.id, user_id, now)

    def _erase(self, session: Session, draft: Draft) -> None:
        if draft.notice:
            self.screens.unsend(session, *draft.notice)
        self.store.erase_draft(session, draft.id)


def _reviewed(revision: str) -> str:
    """Without what follows the ticks."""
    return revision.partition(":")[0]


def _looked_through(draft: Draft) -> str:
    """The words in which names are looked for."""
    evidence = draft.evidence.words if draft.evidence else ""
    return f"{draft.filled.what}\n{draft.filled.about_words}\n{evidence}"


def _is_signed(draft: Draft, user_id: str, user_name: str) -> bool:
    """Whether the words, or whom they are about, tell who wrote them."""
    evidence = draft.evidence.words if draft.evidence else ""
    words = f"{draft.filled.what}\n{draft.filled.about_words}\n{evidence}"
    return user_id in draft.filled.about_ids or is_signed(words, user_id, user_name)


def _named(filled: Filled) -> tuple[Named, ...]:
    named = [Named(slack_id=slack_id) for slack_id in filled.about_ids]
    if not is_blank(filled.about_words):
        named.append(Named(words=filled.about_words.strip()))
    return tuple(named)
