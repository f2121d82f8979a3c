"""Writing the log as a transaction's last statement, reading it back, and verifying the chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from gpbot.audit.models import AuditEntry, AuditHead
from gpbot.clock import Clock
from gpbot.crypto import DataKey
from gpbot.db import before_commit, table_of
from gpbot.keyring import KeyRing

_HEAD = 1
_START = b"\0" * 32
_PAGE = 1000

_ENTRIES, _HEADS = table_of(AuditEntry), table_of(AuditHead)
_READ_HEAD = select(_HEADS.c.entries, _HEADS.c.mac).where(_HEADS.c.id == _HEAD).with_for_update()
_MOVE_HEAD = update(_HEADS).where(_HEADS.c.id == _HEAD).values(entries=bindparam("last"), mac=bindparam("newest"))
_APPEND = insert(_ENTRIES)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """One entry as its subject's readers see it."""

    at: datetime
    actor: str
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What `verify` found; `head` is worth keeping elsewhere: it shows later whether the end was cut off."""

    entries: int
    head: str
    broken_at: int | None


class AuditLog:
    def __init__(self, keyring: KeyRing, clock: Clock) -> None:
        self._keyring = keyring
        self._clock = clock

    def record(
        self,
        session: Session,
        *,
        actor: str,
        act: str,
        subject: UUID | None = None,
        key: DataKey | None = None,
    ) -> None:
        """Log `act` by `actor` (a Slack id, or "gpbot") as this transaction's last statement.

        With a subject's key the entry is erased together with its subject; without, it is for the operator's keys.
        """
        sealed = (key or self._keyring.box).seal({"actor": actor, "act": act})
        owed: list[tuple[UUID | None, bytes]] = session.info.setdefault("audit", [])
        if not owed:
            before_commit(session, lambda: self._append(session), last=True)
        owed.append((subject, sealed))

    def of(self, session: Session, subject: UUID, key: DataKey, *, limit: int) -> list[Record]:
        """A subject's newest entries, newest first. Raises DoesNotOpen."""
        rows = session.execute(
            select(AuditEntry.at, AuditEntry.sealed)
            .where(AuditEntry.subject == subject)
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
        return [_record(at, key.open(sealed)) for at, sealed in rows]

    def verify(self, session: Session) -> Verdict:
        """Walk the whole chain from its start."""
        mac, last = _START, 0
        for entry in _entries(session):
            mac = self._mac(mac, entry.id, entry.at, entry.subject, entry.sealed)
            if entry.id != last + 1 or mac != entry.mac:
                return Verdict(entries=last, head=mac.hex(), broken_at=entry.id)
            last = entry.id
        head = session.get(AuditHead, _HEAD)
        expected = (head.entries, head.mac) if head else (0, _START)
        if expected != (last, mac):
            return Verdict(entries=last, head=mac.hex(), broken_at=last + 1)
        return Verdict(entries=last, head=mac.hex(), broken_at=None)

    def has_been(self, session: Session, head: str) -> bool:
        """Whether the log's head was `head` (as `verify` gives it) once: entries only ever follow it."""
        try:
            mac = bytes.fromhex(head)
        except ValueError:
            return False
        found = select(AuditEntry.id).where(AuditEntry.mac == mac).limit(1)
        return mac == _START or session.execute(found).first() is not None

    def _append(self, session: Session) -> None:
        head = session.execute(_READ_HEAD).one()
        last, mac = head.entries, head.mac
        now = self._clock.now()
        rows = []
        for subject, sealed in session.info.pop("audit"):
            last += 1
            mac = self._mac(mac, last, now, subject, sealed)
            rows.append({"id": last, "at": now, "subject": subject, "sealed": sealed, "mac": mac})
        session.execute(_MOVE_HEAD, {"last": last, "newest": mac})
        session.execute(_APPEND, rows)

    # See docs/decisions/0013-keyed-log.md
    def _mac(self, previous: bytes, number: int, at: datetime, subject: UUID | None, sealed: bytes) -> bytes:
        fields = (str(number), at.isoformat(), str(subject), sealed.decode("ascii"))
        return self._keyring.mac(previous + "\0".join(fields).encode())


def _entries(session: Session) -> Iterator[AuditEntry]:
    last = 0
    while True:
        page = session.scalars(
            select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id).limit(_PAGE)
        ).all()
        if not page:
            return
        yield from page
        last = page[-1].id
        session.expunge_all()


def _record(at: datetime, content: Mapping[str, str]) -> Record:
    return Record(at=at, actor=content["actor"], act=content["act"])
