"""Kept words against names that came later: of people who got a role or another name, before they read anything."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.clock import Clock
from gpbot.people.known_as import KnownAs
from gpbot.people.types import RoleHolder, RoleName
from gpbot.reports.changes import GPBOT, READERS_CHANGED, Changes
from gpbot.reports.evidence import Evidence
from gpbot.reports.store import Opened, Store
from gpbot.reports.types import Entry, EntryKind, Reason

WRITTEN_BY_REPORTER = (EntryKind.REPORT, EntryKind.ADDITION, EntryKind.FROM_REPORTER)


# See docs/decisions/0024-compared-before-read.md
class Comparing:
    """Part of the caller's transaction."""

    def __init__(self, store: Store, changes: Changes, audit: AuditLog, known_as: KnownAs, clock: Clock) -> None:
        self._store = store
        self._changes = changes
        self._audit = audit
        self._known_as = known_as
        self._clock = clock

    def catch_up(self, session: Session, opened: Opened) -> None:
        """Keep out whom its words seem to name by a role or a name that came since they were last compared.

        What the reporter allowed stays, unless a new name asks again. They are told, and can undo it.
        """
        fresh = [
            holder
            for holder in opened.roster.everyone
            if holder.changed > opened.compared and not self._store.is_excluded(opened, holder.slack_id)
        ]
        reported, named = self._named(session, opened, fresh) if fresh else ((), ())
        self._store.note_compared(session, opened)
        if reported or named:
            excluded = {(holder.slack_id, Reason.REPORTED) for holder in reported}
            excluded |= {(holder.slack_id, Reason.TICKED) for holder in named}
            self._store.exclude(session, opened, excluded)
            self._audit.record(session, actor=GPBOT, act="changed who can read", subject=opened.id, key=opened.key)
            self._follow(session, opened, reported, named)

    def _follow(
        self, session: Session, opened: Opened, reported: Iterable[RoleHolder], named: Iterable[RoleHolder]
    ) -> None:
        before, now = self._store.as_if_compared(opened), self._clock.now()

        def could_read(holder: RoleHolder) -> bool:
            return holder.slack_id in before.reader_ids or holder.role is RoleName.CONTACT

        self._changes.follow(session, before, now)
        self._changes.tell_whom_words_name(session, before, filter(could_read, named), at=now)
        if any(map(could_read, reported)):
            self._changes.tell_reporter(session, before, READERS_CHANGED, at=now)

    def _named(
        self, session: Session, opened: Opened, holders: list[RoleHolder]
    ) -> tuple[tuple[RoleHolder, ...], tuple[RoleHolder, ...]]:
        """Whom readers named in whole as reported or harmed, and whom the reporter's words seem to name."""
        head = opened.head
        # The release before did not tell what readers added from the reporter's own: that is the reporter's here.
        added = [] if head.about_words is None else [each for each in head.reported if each.words != head.about_words]
        by_readers = "\n".join(each.words for each in (*added, *head.harmed) if each.words)
        reported = self._known_as.mentioned(session, by_readers, holders, in_full=True) if by_readers else ()
        entries = self._store.entries(session, opened, (*WRITTEN_BY_REPORTER, EntryKind.TO_REPORTER))
        reading = self._store.as_if_compared(opened).reader_ids
        # A reader who takes one name after another must not find out what is hidden from them.
        words, seen = reporters_words(opened, entries), reporters_words(opened, entries, as_readers_see=True)
        named = [
            holder
            for holder in holders
            if holder not in reported
            and self._is_named(session, opened, seen if holder.slack_id in reading else words, holder)
        ]
        return reported, tuple(named)

    def _is_named(self, session: Session, opened: Opened, words: str, holder: RoleHolder) -> bool:
        allowed = opened.head.allowed.get(holder.slack_id)
        if allowed is None:
            return bool(self._known_as.mentioned(session, words, [holder]))
        return self._known_as.mentioned_newly(session, words, holder, allowed)


def reporters_words(opened: Opened, entries: Iterable[Entry], *, as_readers_see: bool = False) -> str:
    """All that names are looked for in: never what readers write."""

    def words_of(evidence: Evidence) -> str:
        if as_readers_see:
            evidence = evidence.as_readers_see(head.shown_in_evidence, show_name=head.show_name)
        return evidence.words

    head = opened.head
    about = [each.words for each in head.reported] if head.about_words is None else [head.about_words]
    written = [
        f"{entry.text}\n{words_of(entry.evidence) if entry.evidence else ''}"
        for entry in entries
        # What was written elsewhere before it became a report was taken over whole, with the answers to it.
        if entry.kind in WRITTEN_BY_REPORTER or entry.at < opened.filed_at
    ]
    return "\n".join([*about, *written])
