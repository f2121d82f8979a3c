"""The one door to reports: nothing is read without a viewer, and the viewer is checked at every look."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from gpbot.crypto import DataKey, DoesNotOpen
from gpbot.db import table_of
from gpbot.keyring import KeyRing
from gpbot.people import store as people
from gpbot.people.types import RoleHolder, RoleName, Roster
from gpbot.refusals import NotAvailable
from gpbot.reports import access as rule
from gpbot.reports.access import Access
from gpbot.reports.evidence import Evidence
from gpbot.reports.models import (
    CLOSED,
    KEPT,
    OPEN,
    DraftRow,
    EntryRow,
    ExclusionRow,
    NotificationRow,
    ReaderRow,
    ReportRow,
)
from gpbot.reports.types import (
    Draft,
    Entry,
    EntryKind,
    How,
    Line,
    Named,
    Outcome,
    OwnReport,
    Page,
    Reason,
    State,
)

PAGE = 10  # reports in one page of a list
FEWEST, MOST = 30, 960  # of a reader's reports, looked at together while a page is filled
AT_ONCE = 500  # where there may be very many
REVIEWED = ("what", "about", "about_words", "outside", "show_name", "evidence", "shown")  # and not the ticks
DOES_NOT_OPEN = "Cannot be opened now"
SIGNS_OF_LIFE = tuple(kind for kind in EntryKind if kind not in {EntryKind.REPORT, EntryKind.STATUS})
READ_BY_REPORTER = tuple(kind for kind in EntryKind if kind is not EntryKind.NOTE)

# What runs before an ack is built once: building a statement costs more than running it.
_REPORTS, _READERS, _EXCLUSIONS = table_of(ReportRow), table_of(ReaderRow), table_of(ExclusionRow)
_ENTRIES, _DRAFTS = table_of(EntryRow), table_of(DraftRow)
_REPORT_ID: BindParameter[UUID] = bindparam("report_id")
_OPEN = select(
    _REPORTS.c.key,
    _REPORTS.c.head,
    _REPORTS.c.state,
    _REPORTS.c.filed_at,
    _REPORTS.c.compared,
    _REPORTS.c.opened_at,
    _REPORTS.c.closed_at,
).where(_REPORTS.c.id == _REPORT_ID, _REPORTS.c.state != State.ERASED)
_OPEN_TO_WRITE = _OPEN.with_for_update()
_IS_FILED = select(_REPORTS.c.id).where(_REPORTS.c.id == _REPORT_ID)
_READ_HEAD = select(_REPORTS.c.head).where(_REPORTS.c.id == _REPORT_ID)
_SAVE_HEAD = update(_REPORTS).where(_REPORTS.c.id == bindparam("of")).values(head=bindparam("sealed"))
_READ_ACCESS = select(_READERS.c.person, _READERS.c.how).where(_READERS.c.report_id == _REPORT_ID)
_READ_EXCLUDED = select(_EXCLUSIONS.c.person).where(_EXCLUSIONS.c.report_id == _REPORT_ID)
_READ_WHY = select(_EXCLUSIONS.c.why).where(_EXCLUSIONS.c.report_id == _REPORT_ID)
_READ_ENTRIES = (
    select(_ENTRIES.c.at, _ENTRIES.c.kind, _ENTRIES.c.content)
    .where(_ENTRIES.c.report_id == _REPORT_ID, _ENTRIES.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_ENTRIES.c.id)
)
_FILE, _ADD_READERS, _EXCLUDE = insert(_REPORTS), insert(_READERS), insert(_EXCLUSIONS)
_WRITE = insert(_ENTRIES).returning(_ENTRIES.c.id)
_LINE = (_REPORTS.c.id, _REPORTS.c.key, _REPORTS.c.head, _REPORTS.c.state, _REPORTS.c.filed_at, _REPORTS.c.opened_at)
_LINES = select(*_LINE).where(_REPORTS.c.id.in_(bindparam("report_ids", expanding=True)))
_BEFORE = tuple_(bindparam("at", type_=_REPORTS.c.filed_at.type), bindparam("id", type_=_REPORTS.c.id.type))
_MINE = (
    select(_READERS.c.report_id, _READERS.c.filed_at)
    .where(
        _READERS.c.person == bindparam("person"),
        _READERS.c.closed == bindparam("closed"),
        _READERS.c.how == bindparam("how"),
    )
    .order_by(_READERS.c.filed_at.desc(), _READERS.c.report_id.desc())
    .limit(bindparam("most"))
)
_MINE_BEFORE = _MINE.where(tuple_(_READERS.c.filed_at, _READERS.c.report_id) < _BEFORE)
_SENT = (
    select(*_LINE)
    .where(_REPORTS.c.reporter == bindparam("reporter"))
    .order_by(_REPORTS.c.filed_at.desc(), _REPORTS.c.id.desc())
    .limit(bindparam("most"))
)
_SENT_BEFORE = _SENT.where(tuple_(_REPORTS.c.filed_at, _REPORTS.c.id) < _BEFORE)
_EXCLUDED_AMONG = select(_EXCLUSIONS.c.person).where(_EXCLUSIONS.c.person.in_(bindparam("people", expanding=True)))
_VERSION: BindParameter[int] = bindparam("version")
_BEHIND = (
    select(_REPORTS.c.compared, _REPORTS.c.id)
    .where(KEPT, _REPORTS.c.compared < _VERSION)
    .order_by(_REPORTS.c.compared, _REPORTS.c.id)
    .limit(bindparam("most"))
)
_BEHIND_AFTER = _BEHIND.where(
    tuple_(_REPORTS.c.compared, _REPORTS.c.id)
    > tuple_(bindparam("compared", type_=_REPORTS.c.compared.type), bindparam("id", type_=_REPORTS.c.id.type))
)
_BEHIND_AMONG = select(_REPORTS.c.id).where(
    _REPORTS.c.id.in_(bindparam("report_ids", expanding=True)), _REPORTS.c.compared < _VERSION
)
_COMPARED = update(_REPORTS).where(_REPORTS.c.id == bindparam("of")).values(compared=_VERSION)
_DRAFT_ID: BindParameter[UUID] = bindparam("draft_id")
_READ_DRAFT = select(_DRAFTS.c.key, _DRAFTS.c.owner, _DRAFTS.c.content).where(_DRAFTS.c.id == _DRAFT_ID)
_NEW_DRAFT = insert(_DRAFTS)
_CHANGE_DRAFT = update(_DRAFTS).where(_DRAFTS.c.id == _DRAFT_ID).values(content=bindparam("sealed"))
_ERASE_DRAFT = delete(_DRAFTS).where(_DRAFTS.c.id == _DRAFT_ID)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Head:
    """What is sealed about a report as a whole."""

    code: str
    reporter: str
    show_name: bool
    claimer: str | None = None
    outcome: Outcome | None = None
    reported: tuple[Named, ...] = ()
    harmed: tuple[Named, ...] = ()
    waiting_since: str = ""  # ISO; what reminders and the next contact count from
    shown_in_evidence: tuple[str, ...] = ()  # while the name is hidden: whom the form picked, whatever comes later
    # The name in words that the reporter gave for who it is about; None: of the release before, who did not tell it
    # from what readers added.
    about_words: str | None = None
    # Whom the words may name: the reporter knows, and lets them read. To each the words of their names, hashed.
    allowed: Mapping[str, Collection[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "reporter": self.reporter,
            "show_name": self.show_name,
            "claimer": self.claimer,
            "outcome": self.outcome,
            "reported": [[named.slack_id, named.words] for named in self.reported],
            "harmed": [[named.slack_id, named.words] for named in self.harmed],
            "waiting_since": self.waiting_since,
            "shown_in_evidence": list(self.shown_in_evidence),
            "about_words": self.about_words,
            "allowed": {slack_id: list(names) for slack_id, names in self.allowed.items()},
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        reported = tuple(Named(slack_id=row[0], words=row[1]) for row in content["reported"])
        # An earlier head does not say: it was drawn so, and stays so from its first change on.
        drawn = [each.slack_id for each in reported if each.slack_id not in {"", content["reporter"]}]
        return cls(
            code=content["code"],
            reporter=content["reporter"],
            show_name=content["show_name"],
            claimer=content["claimer"],
            outcome=Outcome(content["outcome"]) if content["outcome"] else None,
            reported=reported,
            harmed=tuple(Named(slack_id=row[0], words=row[1]) for row in content["harmed"]),
            waiting_since=content["waiting_since"],
            shown_in_evidence=tuple(content.get("shown_in_evidence", drawn)),
            about_words=content.get("about_words"),
            allowed=content.get("allowed", {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Standing:
    """A report as the caretaker sees it: ids, dates and states, never words."""

    id: UUID
    state: State
    filed_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    reporter: str
    show_name: bool
    claimer: str | None  # only while they are still a reader
    waiting_since: str
    readers: tuple[RoleHolder, ...]
    next_contact: RoleHolder | None
    roster: Roster
    compared: int  # the version of the roster with whose names its words were last compared
    key: DataKey  # to add to the report; reading it takes an Opened

    @property
    def reader_ids(self) -> tuple[str, ...]:
        return tuple(holder.slack_id for holder in self.readers)

    def is_seen_by(self, viewer: str) -> bool:
        return viewer in {*self.reader_ids, self.reporter}

    @property
    def is_behind(self) -> bool:
        """Somebody has got a role, or another name, with which its words were not compared yet: they read nothing."""
        return self.compared < self.roster.version


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened(Standing):
    """A report opened by someone who may: made by the door alone, asked for by every reading function."""

    viewer: str
    head: Head
    access: Access

    def standing(self) -> Standing:
        return Standing(**{each.name: getattr(self, each.name) for each in fields(Standing)})


CatchUp = Callable[[Session, Opened], None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Notification:
    id: int
    to: str
    channel_id: str
    message_ts: str
    sent_at: datetime
    is_stub: bool


class Hashes:
    """One report's: exclusions are hashed with it, so that nobody can be followed from one report to another.

    Readers cannot be: their own list is looked up by that hash.
    """

    def __init__(self, keyring: KeyRing, report_id: UUID) -> None:
        self._keyring = keyring
        self._report_id = report_id

    def reader(self, slack_id: str) -> bytes:
        return self._keyring.hash("reader", slack_id)

    def excluded(self, slack_id: str) -> bytes:
        return self._keyring.hash("excluded", f"{self._report_id}:{slack_id}")

    def exclusion(self, slack_id: str, reason: Reason) -> bytes:
        return self._keyring.hash("exclusion", f"{self._report_id}:{slack_id}:{reason}")


class Store:
    """Every query about reports. Raises DoesNotOpen where what is stored does not fit the keys."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self.damaged: set[UUID] = set()  # reports that did not open when somebody last tried, in this process
        self._catch_up: CatchUp | None = None

    def before_writing(self, catch_up: CatchUp) -> None:
        """Call `catch_up(session, opened)` before a report that is behind is changed: it marks it as compared."""
        self._catch_up = catch_up

    # Hashes: each in a domain of its own, so that one column cannot be matched with another.

    def hashes_of(self, report_id: UUID) -> Hashes:
        return Hashes(self._keyring, report_id)

    def _reader(self, slack_id: str) -> bytes:
        return self._keyring.hash("reader", slack_id)

    def _reporter(self, slack_id: str) -> bytes:
        return self._keyring.hash("reporter", slack_id)

    def _owner(self, slack_id: str) -> bytes:
        return self._keyring.hash("owner", slack_id)

    # Drafts.

    def save_draft(self, session: Session, owner: str, draft: Draft) -> None:
        """Raises NotAvailable when a draft of this id is somebody else's."""
        row = session.execute(_READ_DRAFT, {"draft_id": draft.id}).one_or_none()
        if row is None:
            key, sealed = self._keyring.vault.new_data_key()
            fresh = {"id": draft.id, "key": sealed, "owner": self._owner(owner), "content": key.seal(draft.as_json())}
            session.execute(_NEW_DRAFT, fresh)
        elif row.owner != self._owner(owner):
            raise NotAvailable
        else:
            sealed = self._keyring.vault.open_data_key(row.key).seal(draft.as_json())
            session.execute(_CHANGE_DRAFT, {"draft_id": draft.id, "sealed": sealed})

    def draft_id_for(self, owner: str, view_id: str) -> UUID:
        """The same form, submitted twice, is the same draft."""
        return UUID(bytes=self._keyring.hash("draft", f"{owner}:{view_id}")[:16])

    def draft(self, session: Session, owner: str, draft_id: UUID) -> Draft | None:
        """The owner's draft; None for anybody else's, sent, deleted, or never there."""
        row = session.execute(_READ_DRAFT, {"draft_id": draft_id}).one_or_none()
        if row is None or row.owner != self._owner(owner):
            return None
        return Draft.from_json(draft_id, self._keyring.vault.open_data_key(row.key).open(row.content))

    def revision_of(self, draft: Draft, shown: Sequence[str | bool]) -> str:
        """Changes with what a review shows: the words, and `shown`."""
        content = json.dumps([*(draft.as_json()[name] for name in REVIEWED), shown], sort_keys=True)
        return self._keyring.hash("revision", content).hex()[:16]

    def erase_draft(self, session: Session, draft_id: UUID) -> None:
        session.execute(_ERASE_DRAFT, {"draft_id": draft_id})

    # The door.

    def open_as_reader(self, session: Session, report_id: UUID, viewer: str, *, to_write: bool = False) -> Opened:
        """Raises NotAvailable, in the same words whether it is not theirs, erased or never was.

        Opened `to_write`, its words are first compared with whatever names they were not compared with yet.
        """
        opened = self._open(session, report_id, viewer, to_write=to_write)
        if viewer not in opened.reader_ids:
            raise NotAvailable
        return opened

    def open_as_reporter(self, session: Session, report_id: UUID, viewer: str, *, to_write: bool = False) -> Opened:
        """Raises NotAvailable likewise."""
        opened = self._open(session, report_id, viewer, to_write=to_write)
        if viewer != opened.head.reporter:
            raise NotAvailable
        return opened

    def open_as_caretaker(self, session: Session, report_id: UUID, *, to_write: bool = False) -> Standing | None:
        """Ids, dates and states for clocks and erasure; None when erased or never there."""
        try:
            return self._open(session, report_id, "", to_write=to_write).standing()
        except NotAvailable:
            return None

    def _open(self, session: Session, report_id: UUID, viewer: str, *, to_write: bool) -> Opened:
        """What is not there takes the same work as what somebody may not read: they must not be told apart by time."""
        one = {"report_id": report_id}
        row = session.execute(_OPEN_TO_WRITE if to_write else _OPEN, one).one_or_none()
        sealed_key, sealed_head = (row.key, row.head) if row else self._nothing
        with self._noting_damage(report_id):
            key = self._keyring.vault.open_data_key(sealed_key)
            head = Head.from_json(key.open(sealed_head))
        access = Access(
            readers={person: How(how) for person, how in session.execute(_READ_ACCESS, one)},
            excluded=frozenset(session.scalars(_READ_EXCLUDED, one)),
            compared=row.compared if row else 0,
        )
        roster = people.roster(session)
        if row is None:
            raise NotAvailable
        opened = self._opened(
            report_id,
            viewer=viewer,
            key=key,
            head=head,
            access=access,
            roster=roster,
            state=State(row.state),
            filed_at=row.filed_at,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        if not to_write or self._catch_up is None or not opened.is_behind:
            return opened
        self._catch_up(session, opened)
        return self._open(session, report_id, viewer, to_write=True)

    @cached_property
    def _nothing(self) -> tuple[bytes, bytes]:
        """A key and a head that are opened in place of those that are not there."""
        key, sealed = self._keyring.vault.new_data_key()
        return sealed, key.seal(Head(code="", reporter="", show_name=False).as_json())

    def _opened(self, report_id: UUID, *, head: Head, access: Access, roster: Roster, **stored: Any) -> Opened:
        """`stored`: what else of Opened is stored as it is."""
        hashes = self.hashes_of(report_id)
        readers = rule.readers(roster, access, hashes)
        return Opened(
            id=report_id,
            reporter=head.reporter,
            show_name=head.show_name,
            claimer=head.claimer if any(head.claimer == holder.slack_id for holder in readers) else None,
            waiting_since=head.waiting_since,
            readers=readers,
            next_contact=rule.next_contact(roster, access, hashes),
            roster=roster,
            compared=access.compared,
            head=head,
            access=access,
            **stored,
        )

    def as_if_compared(self, opened: Opened) -> Opened:
        """How it would stand if its words named nobody new."""
        access = replace(opened.access, compared=max(opened.access.compared, opened.roster.version))
        hashes = self.hashes_of(opened.id)
        readers = rule.readers(opened.roster, access, hashes)
        return replace(
            opened,
            access=access,
            compared=access.compared,
            readers=readers,
            next_contact=rule.next_contact(opened.roster, access, hashes),
            claimer=opened.head.claimer if any(opened.head.claimer == each.slack_id for each in readers) else None,
        )

    def look_for_damage(self, session: Session, *, after: UUID | None) -> UUID | None:
        """Whether the keys at hand open some open reports' keys, by id; the last id looked at, None at the end."""
        some = select(ReportRow.id, ReportRow.key).where(OPEN).order_by(ReportRow.id).limit(AT_ONCE)
        last = None
        for report_id, sealed in session.execute(some.where(ReportRow.id > after) if after else some):
            last = report_id
            with suppress(DoesNotOpen), self._noting_damage(report_id):
                self._keyring.vault.open_data_key(sealed)
        return last

    @contextmanager
    def _noting_damage(self, report_id: UUID) -> Iterator[None]:
        try:
            yield
        except DoesNotOpen:
            self.damaged.add(report_id)
            raise
        self.damaged.discard(report_id)

    # Reading what the door opened.

    def entries(self, session: Session, opened: Opened, kinds: Iterable[EntryKind]) -> tuple[Entry, ...]:
        """Oldest first, numbered from one among those of these kinds.

        Windows carry these numbers. The database's own count all reports: they would tell that there are others.
        """
        rows = session.execute(_READ_ENTRIES, {"report_id": opened.id, "kinds": list(kinds)})
        return tuple(
            _entry(number, at, kind, opened.key.open(content)) for number, (at, kind, content) in enumerate(rows, 1)
        )

    def ticked(self, session: Session, opened: Opened) -> tuple[str, ...]:
        """Those of the roster whom the reporter ticked."""
        rows = set(session.scalars(_READ_WHY, {"report_id": opened.id}))
        hashes = self.hashes_of(opened.id)
        return tuple(
            holder.slack_id
            for holder in opened.roster.everyone
            if hashes.exclusion(holder.slack_id, Reason.TICKED) in rows
        )

    def is_excluded(self, opened: Opened, slack_id: str) -> bool:
        return self.hashes_of(opened.id).excluded(slack_id) in opened.access.excluded

    def list_for_reader(
        self, session: Session, viewer: str, *, closed: bool, before: tuple[datetime, UUID] | None
    ) -> Page:
        """The viewer's own list, newest first: what they could open, and nothing of what they could not."""
        holder = next((each for each in people.roster(session).everyone if each.slack_id == viewer), None)
        if holder is None or not holder.reachable:
            return Page(lines=(), next=None)
        mine = {
            "person": self._reader(viewer),
            "closed": closed,
            "how": How.CONTACT if holder.role is RoleName.CONTACT else How.SHOWN,
        }
        allowed: list[UUID] = []
        most = FEWEST
        while len(allowed) <= PAGE:
            batch = session.execute(_MINE_BEFORE if before else _MINE, {**mine, **_cursor(before), "most": most}).all()
            allowed += self._not_excluded(session, holder, [report_id for report_id, _ in batch])
            if len(batch) < most:
                break
            before = (batch[-1].filed_at, batch[-1].report_id)
            most = min(most * 2, MOST)  # for somebody who is ruled out of very many they are passed over quickly
        found = {row.id: row for row in session.execute(_LINES, {"report_ids": allowed[: PAGE + 1]})}
        return self._page([found[report_id] for report_id in allowed[: PAGE + 1]])

    def _not_excluded(self, session: Session, holder: RoleHolder, report_ids: Sequence[UUID]) -> list[UUID]:
        marks = {report_id: self.hashes_of(report_id).excluded(holder.slack_id) for report_id in report_ids}
        found = set(session.scalars(_EXCLUDED_AMONG, {"people": list(marks.values())}))
        behind: set[UUID] = set()
        if self.behind(session, holder.changed, after=None, most=1):  # seldom, and then not for long
            behind |= set(session.scalars(_BEHIND_AMONG, {"report_ids": report_ids, "version": holder.changed}))
        return [report_id for report_id in report_ids if marks[report_id] not in found and report_id not in behind]

    def behind(
        self, session: Session, version: int, *, after: tuple[int, UUID] | None, most: int
    ) -> Sequence[tuple[int, UUID]]:
        """Some kept reports that were not compared with the names of this version, and with which they were."""
        wanted: dict[str, Any] = {"version": version, "most": most}
        if after is None:
            return [(compared, report_id) for compared, report_id in session.execute(_BEHIND, wanted)]
        wanted |= {"compared": after[0], "id": after[1]}
        return [(compared, report_id) for compared, report_id in session.execute(_BEHIND_AFTER, wanted)]

    def note_compared(self, session: Session, report_id: UUID, version: int) -> None:
        session.execute(_COMPARED, {"of": report_id, "version": version})

    def list_for_reporter(self, session: Session, viewer: str, *, before: tuple[datetime, UUID] | None) -> Page:
        sent = {"reporter": self._reporter(viewer), **_cursor(before), "most": PAGE + 1}
        return self._page(session.execute(_SENT_BEFORE if before else _SENT, sent).all())

    def _page(self, shown: Sequence[Row[*tuple[Any, ...]]]) -> Page:
        lines = tuple(map(self._line, shown[:PAGE]))
        last = shown[PAGE - 1] if len(shown) > PAGE else None
        return Page(lines=lines, next=f"{last.filed_at.isoformat()}|{last.id}" if last else None)

    def _line(self, row: Row[*tuple[Any, ...]]) -> Line:
        claimer = None
        try:
            head = Head.from_json(self._keyring.vault.open_data_key(row.key).open(row.head))
            code, claimer = head.code, head.claimer
        except DoesNotOpen:
            code = DOES_NOT_OPEN  # one damaged report must not hide the others, nor vanish without a word
        return Line(
            report_id=row.id,
            code=code,
            filed_at=row.filed_at,
            state=State(row.state),
            opened=row.opened_at is not None,
            claimer=claimer,
        )

    def own_report(self, session: Session, opened: Opened) -> OwnReport:
        """All that its reporter sees of it."""
        return self._own_report(
            opened, ticked=self.ticked(session, opened), entries=self.entries(session, opened, READ_BY_REPORTER)
        )

    def as_filed(self, opened: Opened, exclusions: Collection[tuple[str, Reason]], entry: Entry) -> OwnReport:
        """The same of a report that was written just now, without reading it back."""
        ticked = {slack_id for slack_id, reason in exclusions if reason is Reason.TICKED}
        on_roster = [holder.slack_id for holder in opened.roster.everyone]
        return self._own_report(opened, ticked=tuple(each for each in on_roster if each in ticked), entries=(entry,))

    def _own_report(self, opened: Opened, *, ticked: tuple[str, ...], entries: tuple[Entry, ...]) -> OwnReport:
        head = opened.head
        return OwnReport(
            report_id=opened.id,
            code=head.code,
            state=opened.state,
            filed_at=opened.filed_at,
            opened=opened.opened_at is not None,
            claimed=opened.claimer is not None,
            readers=opened.readers,
            ticked=ticked,
            could_be_ticked=tuple(holder for holder in opened.roster.everyone if holder.slack_id != head.reporter),
            could_read=(*opened.readers, *self._could_be_asked(opened)),
            asks=not head.shown_in_evidence,  # nobody was picked on its form
            entries=entries,
            show_name=head.show_name,
            outcome=head.outcome,
        )

    def _could_be_asked(self, opened: Opened) -> list[RoleHolder]:
        """Contacts who do not read it, and may be asked to."""
        return [
            holder
            for holder in opened.roster.contacts
            if holder.reachable and holder not in opened.readers and not self.is_excluded(opened, holder.slack_id)
        ]

    # Writing.

    def is_taken(self, session: Session, draft_id: UUID) -> bool:
        """Whether this is the id of anybody's draft or report."""
        found = select(DraftRow.id).where(DraftRow.id == draft_id)
        return session.execute(found).first() is not None or self.is_filed(session, draft_id)

    def is_filed(self, session: Session, report_id: UUID) -> bool:
        return session.execute(_IS_FILED, {"report_id": report_id}).first() is not None

    def create(
        self,
        session: Session,
        *,
        report_id: UUID,
        head: Head,
        readers: Mapping[str, How],
        exclusions: Collection[tuple[str, Reason]],
        roster: Roster,
        at: datetime,
    ) -> Opened:
        """The new report, opened as its reporter. `roster` as it is in this transaction, and as it was compared."""
        key, sealed = self._keyring.vault.new_data_key()
        row = {
            "id": report_id,
            "key": sealed,
            "head": key.seal(head.as_json()),
            "reporter": self._reporter(head.reporter),
            "state": State.OPEN,
            "filed_at": at,
            "compared": roster.version,
        }
        session.execute(_FILE, row)
        shown = {self._reader(slack_id): how for slack_id, how in readers.items()}
        reader = {"report_id": report_id, "filed_at": at, "closed": False}
        if shown:
            session.execute(_ADD_READERS, [{**reader, "person": person, "how": how} for person, how in shown.items()])
        self._insert_exclusions(session, report_id, exclusions)
        hashes = self.hashes_of(report_id)
        return self._opened(
            report_id,
            viewer=head.reporter,
            key=key,
            head=head,
            access=Access(
                readers=shown,
                excluded=frozenset(hashes.excluded(slack_id) for slack_id, _ in exclusions),
                compared=roster.version,
            ),
            roster=roster,
            state=State.OPEN,
            filed_at=at,
            opened_at=None,
            closed_at=None,
        )

    def add_contact(self, session: Session, standing: Standing, slack_id: str) -> None:
        session.add(
            ReaderRow(
                report_id=standing.id,
                person=self._reader(slack_id),
                how=How.CONTACT,
                filed_at=standing.filed_at,
                closed=standing.state is State.CLOSED,
            )
        )
        session.flush()

    def drop_contacts(self, session: Session, opened: Opened) -> None:
        """It is with the champions again: contacts read only while it is with them."""
        session.execute(delete(ReaderRow).where(ReaderRow.report_id == opened.id, ReaderRow.how == How.CONTACT))

    def exclude(self, session: Session, opened: Standing, exclusions: Iterable[tuple[str, Reason]]) -> None:
        known = set(session.scalars(_READ_WHY, {"report_id": opened.id}))
        hashes = self.hashes_of(opened.id)
        self._insert_exclusions(
            session, opened.id, {pair for pair in exclusions if hashes.exclusion(*pair) not in known}
        )

    def untick(self, session: Session, opened: Opened, slack_ids: Iterable[str]) -> None:
        """Only what the reporter ticked; every other reason stays."""
        hashes = self.hashes_of(opened.id)
        session.execute(
            delete(ExclusionRow).where(
                ExclusionRow.why.in_([hashes.exclusion(slack_id, Reason.TICKED) for slack_id in slack_ids])
            )
        )

    def _insert_exclusions(self, session: Session, report_id: UUID, exclusions: Iterable[tuple[str, Reason]]) -> None:
        hashes = self.hashes_of(report_id)
        rows = [
            {
                "report_id": report_id,
                "person": hashes.excluded(slack_id),
                "why": hashes.exclusion(slack_id, reason),
            }
            for slack_id, reason in sorted(exclusions)
        ]
        if rows:
            session.execute(_EXCLUDE, rows)

    def save_head(self, session: Session, standing: Standing, **changes: Any) -> None:
        """Change what `changes` names of the head as it is stored now."""
        head = replace(self._head(session, standing), **changes)
        sealed = standing.key.seal(head.as_json())
        session.execute(_SAVE_HEAD, {"of": standing.id, "sealed": sealed})

    def _head(self, session: Session, standing: Standing) -> Head:
        stored = session.execute(_READ_HEAD, {"report_id": standing.id}).scalar_one()
        return Head.from_json(standing.key.open(stored))

    def end_claim(self, session: Session, standing: Standing) -> None:
        self.save_head(session, standing, claimer=None)
        self.mark(session, standing.id, claimed_at=None)

    def release_claim(self, session: Session, standing: Standing) -> bool:
        """Forget a claim whose holder is no reader any more; whether there was one."""
        if standing.claimer is not None or self._head(session, standing).claimer is None:
            return False
        self.end_claim(session, standing)
        return True

    def wait_from(self, session: Session, standing: Standing, since: str) -> None:
        """Whatever counted from an earlier moment has nothing to do any more."""
        self.save_head(session, standing, waiting_since=since)

    def mark(self, session: Session, report_id: UUID, **columns: datetime | State | None) -> None:
        session.execute(update(ReportRow).where(ReportRow.id == report_id).values(**columns))
        if "state" in columns:
            closed = columns["state"] is State.CLOSED
            session.execute(update(ReaderRow).where(ReaderRow.report_id == report_id).values(closed=closed))

    def write(
        self,
        session: Session,
        standing: Standing,
        kind: EntryKind,
        *,
        at: datetime,
        text: str,
        author: str = "",
        evidence: Evidence | None = None,
        choices: Mapping[str, str] | None = None,
        was_read: bool = False,
        once: str = "",
    ) -> int:
        """The new entry's own number: for jobs, never for a window.

        `once` tells one act of writing from another, so that it cannot be written twice.
        """
        content = {
            "text": text,
            "author": author,
            "evidence": evidence.as_json() if evidence else None,
            "choices": dict(choices or {}),
            "was_read": was_read,
        }
        row = {
            "report_id": standing.id,
            "at": at,
            "kind": kind,
            "content": standing.key.seal(content),
            "once": self._once(once) if once else None,
        }
        number: int = session.execute(_WRITE, row).scalar_one()
        return number

    def last_work_at(self, session: Session, standing: Standing) -> datetime | None:
        """When it last moved: somebody who handles it wrote, or the reporter answered."""
        return session.execute(
            select(func.max(EntryRow.at)).where(EntryRow.report_id == standing.id, EntryRow.kind.in_(SIGNS_OF_LIFE))
        ).scalar_one()

    def was_written(self, session: Session, once: str) -> bool:
        """Whether this act of writing is on disk already: a second click, or a second delivery."""
        if not once:
            return False
        found = select(EntryRow.id).where(EntryRow.once == self._once(once))
        return session.execute(found).first() is not None

    def may_be_written_again(self, session: Session, once: str) -> None:
        """What was written stays, and the same act counts as a new one from now on."""
        session.execute(update(EntryRow).where(EntryRow.once == self._once(once)).values(once=None))

    def _once(self, once: str) -> bytes:
        return self._keyring.hash("once", once)

    def tell_reporter(self, session: Session, standing: Standing, text: str, *, at: datetime, once: str = "") -> int:
        """Words of gpbot's own in the reporter's view, which a caretaker may write but not read."""
        return self.write(session, standing, EntryKind.STATUS, at=at, text=text, once=once)

    def erase(self, session: Session, standing: Standing) -> None:
        """Destroy the key and all it held; its id, its dates and the log's ciphertext stay."""
        for table in (ReaderRow, ExclusionRow, EntryRow, NotificationRow):
            session.execute(delete(table).where(table.report_id == standing.id))
        session.execute(
            update(ReportRow)
            .where(ReportRow.id == standing.id)
            .values(key=b"", head=b"", reporter=b"", state=State.ERASED, opened_at=None, claimed_at=None)
        )

    def open_reports(self, session: Session, *, after: UUID | None) -> Sequence[UUID]:
        """The ids of some open reports, for the caretaker: the first, or those that follow `after`; none at the end."""
        query = select(_REPORTS.c.id).where(OPEN).order_by(_REPORTS.c.id).limit(AT_ONCE)
        return session.scalars(query if after is None else query.where(_REPORTS.c.id > after)).all()

    def due_to_be_erased(
        self, session: Session, closed_before: datetime, *, after: tuple[datetime, UUID] | None
    ) -> Sequence[tuple[datetime, UUID]]:
        """When some closed reports were closed, and their ids, oldest first; pages as for `open_reports`."""
        moment = (_REPORTS.c.closed_at, _REPORTS.c.id)
        query = select(*moment).where(CLOSED, _REPORTS.c.closed_at <= closed_before).order_by(*moment).limit(AT_ONCE)
        rows = session.execute(query if after is None else query.where(tuple_(*moment) > after))
        return [(closed_at, report_id) for closed_at, report_id in rows]

    def kept(self, session: Session, *, after: UUID | None) -> Sequence[UUID]:
        """Ids of some reports that are not erased; pages as for `open_reports`."""
        query = select(_REPORTS.c.id).where(_REPORTS.c.state != State.ERASED).order_by(_REPORTS.c.id).limit(AT_ONCE)
        return session.scalars(query if after is None else query.where(_REPORTS.c.id > after)).all()

    def reseal(self, session: Session, report_id: UUID) -> None:
        """Put this report's key, itself unchanged, under the newest master key."""
        row = session.get(ReportRow, report_id, with_for_update=True)
        if row is not None and row.state != State.ERASED:
            row.key = self._keyring.vault.reseal(row.key)

    def reseal_drafts(self, session: Session) -> int:
        """How many could not be opened."""
        damaged = 0
        for row in session.scalars(select(DraftRow).with_for_update()):
            try:
                row.key = self._keyring.vault.reseal(row.key)
            except DoesNotOpen:
                damaged += 1
        return damaged

    # What was sent, and what is open on somebody's screen.

    def note_sent(
        self,
        session: Session,
        standing: Standing,
        *,
        to: str,
        channel_id: str,
        message_ts: str,
        is_stub: bool,
        at: datetime,
    ) -> None:
        content = {"to": to, "channel": channel_id, "ts": message_ts, "stub": is_stub}
        sealed = standing.key.seal(content)
        session.add(NotificationRow(report_id=standing.id, content=sealed, sent_at=at))
        session.flush()

    def notifications(self, session: Session, standing: Standing) -> list[Notification]:
        rows = session.execute(
            select(NotificationRow.id, NotificationRow.content, NotificationRow.sent_at).where(
                NotificationRow.report_id == standing.id
            )
        )
        return [
            Notification(
                id=number,
                to=content["to"],
                channel_id=content["channel"],
                message_ts=content["ts"],
                is_stub=content["stub"],
                sent_at=sent_at,
            )
            for number, content, sent_at in ((row[0], standing.key.open(row[1]), row[2]) for row in rows)
        ]

    def forget_notification(self, session: Session, number: int) -> None:
        session.execute(delete(NotificationRow).where(NotificationRow.id == number))


def _cursor(before: tuple[datetime, UUID] | None) -> dict[str, datetime | UUID]:
    return {"at": before[0], "id": before[1]} if before else {}


def _entry(number: int, at: datetime, kind: str, content: Mapping[str, Any]) -> Entry:
    return Entry(
        id=number,
        at=at,
        kind=EntryKind(kind),
        author=content["author"],
        text=content["text"],
        evidence=Evidence.from_json(content["evidence"]) if content["evidence"] else None,
        choices=content["choices"],
        was_read=content.get("was_read", False),
    )
