"""Many reports, questions and members: rows like gpbot's own, sealed by the same keys, without its use cases."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Engine, LargeBinary, Table, text

from benchmarks import people
from gpbot.audit.models import AuditEntry
from gpbot.bootstrap import Records
from gpbot.db import Base, table_of
from gpbot.home.models import WindowRow
from gpbot.outbox.models import JobRow
from gpbot.people.types import Kind, Profile
from gpbot.questions.models import QuestionEntryRow, QuestionMessageRow, QuestionRow
from gpbot.questions.store import Head as QuestionHead
from gpbot.questions.types import EntryKind as QuestionEntryKind
from gpbot.questions.types import MessageKind
from gpbot.questions.types import State as QuestionState
from gpbot.reports.models import (
    DraftRow,
    EntryRow,
    ExclusionRow,
    NotificationRow,
    ReaderRow,
    ReportRow,
)
from gpbot.reports.store import Head
from gpbot.reports.store.seals import SealedAccess
from gpbot.reports.types import EntryKind, How, Reason, State
from gpbot.sealed.entries import seal_entry

BUSY_MEMBER = "UBUSY00001"  # has sent one report in a hundred
LEFT_OUT = people.CHAMPIONS[2]  # is excluded from every second
_AT_A_TIME = 5000
_OPEN_OF = 100  # one report in so many is open
_AFTER = 1000  # ids below are for what gpbot wrote itself
_RECENT = 200_000  # at most so many have left a job, a window or a draft behind, or are questions
_OUTSTANDING_OF = 20  # one member in so many has not agreed
_MODELS: tuple[type[Base], ...] = (
    ReportRow,
    ReaderRow,
    ExclusionRow,
    EntryRow,
    NotificationRow,
    WindowRow,
    DraftRow,
    QuestionRow,
    QuestionEntryRow,
    QuestionMessageRow,
    AuditEntry,
    JobRow,
)
_TABLES = tuple(table_of(model) for model in _MODELS)

Rows = dict[str, list[dict[str, Any]]]


def settle_roster(records: Records) -> None:
    """Three champions and two contacts, with their names."""
    records.people.seed(people.CHAMPIONS, people.CONTACTS)
    records.people.follow(
        Profile(slack_id=slack_id, display_name="", real_name=name, title="", deactivated=False, kind=Kind.MEMBER)
        for slack_id, name in people.NAMES.items()
    )


def fill(records: Records, count: int) -> None:
    """Put `count` reports, and as many questions, into an empty database, and gather its statistics at the end."""
    engine = records.database.engine.execution_options(gpbot_writes=True, gpbot_patient=True)
    indexes = [index for table in _TABLES for index in table.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    put = _copy if engine.dialect.name == "postgresql" else _insert
    for rows in _in_parts(_Maker(records), count):
        put(engine, rows)
    with engine.begin() as connection:
        for index in indexes:
            index.create(connection)
        connection.execute(text("UPDATE audit_head SET entries = (SELECT coalesce(max(id), 0) FROM audit_entry)"))
        connection.execute(text("ANALYZE"))


def fill_members(records: Records, size: int, *, accepted: bool) -> None:
    """Guidelines, and members, of whom all but one in twenty agreed to them where `accepted`, having been told."""
    records.guidelines.publish("# Be kind\n\nTo all.", is_major=True, changes="", attribution="", by="bench")
    sqlite = records.database.is_sqlite
    numbers = (
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size) SELECT i FROM n)"
        if sqlite
        else "(SELECT generate_series(1, :size) AS i)"
    )
    number = "printf('%07d', i)" if sqlite else "lpad(i::text, 7, '0')"
    agreed = f"CASE WHEN i % {_OUTSTANDING_OF} = 0 THEN 0 ELSE 1 END" if accepted else "0"
    with records.database.begin() as connection:
        if not sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # gpbot's own is for people who wait
        values = {"size": size, "since": "2026-01-01 00:00:00.000000+00:00"[: 26 if sqlite else None], "no": False}
        connection.execute(
            text(
                "INSERT INTO person (slack_id, kind, here_since, accepted_number, display_name, real_name, title, "  # noqa: S608  (our own words)
                f"deactivated) SELECT 'UMEMBER' || {number}, 'member', :since, {agreed}, '', '', '', :no "
                f"FROM {numbers} AS numbered"
            ),
            values,
        )
        connection.execute(
            text(
                "INSERT INTO guidelines_message (person_id, number, spell, nth, sent_at, channel_id, message_ts) "
                "SELECT id, 1, 0, 0, :since, 'D', '1.1' FROM person WHERE accepted_number > 0"
            ),
            values,
        )
        connection.execute(
            text(
                'INSERT INTO guidelines_acceptance (person_id, number, sha256, accepted_at, "where") '
                "SELECT id, 1, '', :since, 'message' FROM person WHERE accepted_number > 0"
            ),
            values,
        )
        connection.execute(text("ANALYZE"))


@dataclass
class _Maker:
    """Sealing is done once and used again where a seal says nothing of its row: it has the same size each time."""

    records: Records

    def __post_init__(self) -> None:
        keyring = self.records.keyring
        key, self.sealed_key = keyring.vault.new_data_key()
        self.key = key
        self.head = Head(code="Rare Orchard", reporter=BUSY_MEMBER, show_name=False)
        self.draft = key.seal({"text": people.WORDS * 3})
        self.note = key.seal({"to": "U1", "channel": "D1", "ts": "1.1", "stub": True})
        self.window = keyring.box.seal({"view": "V1"})
        self.act = key.seal({"actor": "reporter", "act": "filed"})
        self.job = {"sealed": keyring.box.seal({"task": "stub", "report": str(uuid4()), "to": "U1"}).decode()}
        self.readers = [keyring.hash("reader", each) for each in people.CHAMPIONS]
        self.busy = keyring.hash("reporter", BUSY_MEMBER)
        asked = QuestionHead(asker=BUSY_MEMBER, start=people.WORDS, may_be_public=False, show_name=False)
        self.asked = asked
        self.card = key.seal({"channel": people.TRIAGE, "ts": "1.1"})
        self.busy_asker = keyring.hash("asker", BUSY_MEMBER)
        self.now = self.records.database.clock.now()
        self.compared = self.records.people.roster().version

    def add(self, rows: Rows, number: int, count: int) -> None:
        report_id = uuid4()
        is_open = number % _OPEN_OF == 0
        filed_at = self.now - timedelta(seconds=(count - number) * 60)
        exclusions = self._exclusions(report_id, is_left_out=number // _OPEN_OF % 2 == 1)
        access = SealedAccess(
            readers=dict.fromkeys(self.readers, How.SHOWN),
            excluded={each["why"]: each["person"] for each in exclusions},
            compared=self.compared,
        )
        entry, mark = self._entry(1, filed_at, EntryKind.REPORT, people.WORDS * 3)
        head = replace(self.head, access=access, entries=1, last_entry=mark)
        rows["report"].append(
            {
                "id": report_id,
                "key": self.sealed_key,
                "head": self.key.seal(head.as_json()),
                "reporter": self.busy if number % 100 == 1 else os.urandom(32),
                "state": (State.OPEN if is_open else State.CLOSED).value,
                "filed_at": filed_at,
                "closed_at": None if is_open else filed_at + timedelta(days=1),
                "compared": self.compared,
            }
        )
        rows["report_reader"] += [
            {
                "report_id": report_id,
                "person": reader,
                "how": How.SHOWN.value,
                "filed_at": filed_at,
                "closed": not is_open,
            }
            for reader in self.readers
        ]
        rows["report_exclusion"] += exclusions
        rows["report_entry"].append(
            {"report_id": report_id, "at": filed_at, "kind": EntryKind.REPORT.value, "content": entry}
        )
        rows["audit_entry"].append(
            {"id": _AFTER + number, "at": filed_at, "subject": report_id, "sealed": self.act, "mac": os.urandom(32)}
        )
        rows["report_notification"].append({"report_id": report_id, "content": self.note, "sent_at": filed_at})
        if number >= count - _RECENT:
            rows["job"].append(self._job(number))
            rows["report_window"].append(
                {
                    "view": os.urandom(32),
                    "viewer": os.urandom(32),
                    "report_id": report_id,
                    "content": self.window,
                    "opened_at": filed_at,
                }
            )
            rows["report_draft"].append(
                {"id": uuid4(), "key": self.sealed_key, "owner": os.urandom(32), "content": self.draft}
            )
            self._ask(rows, number, filed_at)

    def _ask(self, rows: Rows, number: int, asked_at: datetime) -> None:
        question_id = uuid4()
        is_open = number % _OPEN_OF == 0
        kinds, mark = (QuestionEntryKind.QUESTION, QuestionEntryKind.ANSWER), ""
        for its_number, kind in enumerate(kinds, 1):
            content, mark = self._entry(its_number, asked_at, kind, people.WORDS)
            rows["question_entry"].append(
                {"question_id": question_id, "at": asked_at, "kind": kind.value, "content": content}
            )
        head = replace(self.asked, entries=len(kinds), last_entry=mark)
        rows["question"].append(
            {
                "id": question_id,
                "key": self.sealed_key,
                "head": self.key.seal(head.as_json()),
                "asker": self.busy_asker if number % 100 == 1 else os.urandom(32),
                "state": (QuestionState.OPEN if is_open else QuestionState.CLOSED).value,
                "turn": 0,
                "card": 0,
                "asked_at": asked_at,
                "closed_at": None if is_open else asked_at + timedelta(days=1),
            }
        )
        rows["question_message"].append(
            {"question_id": question_id, "kind": MessageKind.CARD.value, "content": self.card}
        )

    def _entry(self, number: int, at: datetime, kind: str, text: str) -> tuple[bytes, str]:
        content: dict[str, Any] = {"text": text, "author": "", "evidence": None, "choices": {}, "channel": ""}
        return seal_entry(self.key, content, number, at, kind)

    def _exclusions(self, report_id: UUID, *, is_left_out: bool) -> list[dict[str, Any]]:
        rows = [{"report_id": report_id, "person": os.urandom(32), "why": os.urandom(32)} for _ in range(2)]
        if is_left_out:
            hashes = self.records.reports.hashes_of(report_id)
            rows[0] |= {"person": hashes.excluded(LEFT_OUT), "why": hashes.exclusion(LEFT_OUT, Reason.TICKED)}
        return rows

    def _job(self, number: int) -> dict[str, Any]:
        state = {0: "ready", 1: "dead"}.get(number % 20, "done")
        ended = self.now - timedelta(days=6)
        return {
            "key": os.urandom(32).hex(),
            "wire_id": uuid4().hex,
            "kind": "report",
            "payload": self.job,
            "priority": 1,
            "state": state,
            "run_at": self.now + timedelta(days=1) if state == "ready" else ended,
            "attempts": 0,
            "lost_claims": 0,
            "turns": 1,
            "created_at": ended,
            "done_at": ended if state == "done" else None,
        }


def _in_parts(maker: _Maker, count: int) -> Iterator[Rows]:
    numbers = iter(range(count))
    while part := list(islice(numbers, _AT_A_TIME)):
        rows: Rows = {table.name: [] for table in _TABLES}
        for number in part:
            maker.add(rows, number, count)
        yield rows


def _values(engine: Engine, table: Table, rows: Iterable[dict[str, Any]]) -> tuple[list[str], Iterator[list[Any]]]:
    """Columns, and each row's values as the driver takes them."""
    given = list(next(iter(rows)))
    bind = {name: _binder(engine, table, name) for name in given}

    def converted(row: dict[str, Any]) -> list[Any]:
        return [bind[name](value) for name, value in row.items()]

    return given, map(converted, rows)


def _binder(engine: Engine, table: Table, name: str) -> Callable[[Any], Any]:
    kind = table.c[name].type
    bind = kind.dialect_impl(engine.dialect).bind_processor(engine.dialect)
    if bind is None or isinstance(kind, LargeBinary):
        return lambda value: value
    # The same moment and the same report stand in many rows.
    return bind if isinstance(kind, JSON) else lru_cache(maxsize=64)(bind)


def _insert(engine: Engine, rows: Rows) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("BEGIN")
        for table in _TABLES:
            if rows[table.name]:
                columns, values = _values(engine, table, rows[table.name])
                names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
                insert = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608  (our own names)
                cursor.executemany(insert, list(values))
        raw.commit()
        cursor.execute("PRAGMA synchronous=FULL")
    finally:
        raw.close()


def _copy(engine: Engine, rows: Rows) -> None:
    raw: Any = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("SET TRANSACTION READ WRITE")
        for table in _TABLES:
            if rows[table.name]:
                columns, values = _values(engine, table, rows[table.name])
                names = ", ".join(f'"{name}"' for name in columns)
                with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)
        raw.commit()
    finally:
        raw.close()
