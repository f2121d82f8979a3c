"""The one stable look-up key, kept sealed in the database, and the keyed hashes made with it."""

import hashlib
import hmac
import logging
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from gpbot.crypto import DataKey, DoesNotOpen, Vault
from gpbot.db import Base, CannotSave, Database

log = logging.getLogger(__name__)

_LOOKUP = "lookup"
_CARRIED = "keyring"
_LENGTH = 32
_ALL_SEALED = b"+"  # behind the look-up key, under the same seal: nobody without the keys can take it away


class KeysDoNotFit(Exception):
    """GPBOT_KEYS do not open this database."""


class NewestKeyMissing(CannotSave):
    """Keys were rotated to one that this process was not given: what it sealed would be lost with its own."""

    of_database = False


class UnderMasterKey(TypeDecorator[bytes]):
    """A column of keys, each sealed by the master key in force; empty once what it opens is erased.

    Found by this type when keys are rotated, so that nobody has to remember it.
    """

    impl = LargeBinary
    cache_ok = True


class SealedKey(Base):
    __tablename__ = "sealed_key"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(UnderMasterKey)


_READ = select(SealedKey.sealed).where(SealedKey.name == _LOOKUP)


# See docs/decisions/0012-keys.md
class KeyRing:
    """Keyed hashes (32 bytes): equal things can be found, and nothing can be read back without the keys.

    `box` seals what belongs to no single report. It hangs on the look-up key, so that a change of master keys
    has only that one key, and the reports' own, to seal again.
    """

    def __init__(self, vault: Vault, lookup_key: bytes, *, is_all_sealed: bool = False) -> None:
        """`is_all_sealed`: nothing is left of releases that did not seal what decides who reads a case."""
        self.is_all_sealed = is_all_sealed
        self.vault = vault
        self._lookup = lookup_key
        self._in_force: tuple[bytes, Fernet] | None = None  # with what it sealed, as it was last read
        self._is_missing = False
        self._often: tuple[bytes, dict[str, Any]] | None = None
        self.damaged: set[UUID] = set()  # cases that did not open when somebody last tried, in this process
        self.altered: set[tuple[UUID, str]] = set()  # and what of a case was not as its seal says
        self.box = DataKey(urlsafe_b64encode(self.hash("box", "")))

    # See docs/decisions/0056-the-key-in-force.md
    def in_force(self, session: Session) -> Fernet:
        """The master key that seals, in every process alike: the one that sealed the look-up key.

        Raises NewestKeyMissing. In a transaction that writes it stays so to its end.
        """
        sealed = session.execute(_READ).scalar_one()
        if self._in_force is None or self._in_force[0] != sealed:
            try:
                self._in_force = (sealed, self.vault.that_sealed(sealed))
            except DoesNotOpen:
                self._note(is_missing=True)
                raise NewestKeyMissing from None
        self._note(is_missing=False)
        return self._in_force[1]

    def has_newest(self, session: Session) -> bool:
        try:
            self.in_force(session)
        except NewestKeyMissing:
            return False
        return True

    def new_data_key(self, session: Session) -> tuple[DataKey, bytes]:
        """A fresh data key, and the same one sealed for storing. Raises NewestKeyMissing."""
        return self.vault.new_data_key(self.in_force(session))

    def open_case(self, case_id: UUID, key: bytes, head: bytes) -> tuple[DataKey, dict[str, Any]]:
        """A case's own key, and what is sealed about it as a whole. Raises DoesNotOpen, and health says so."""
        with self._noting_damage(case_id):
            data_key = self.vault.open_data_key(key)
            return data_key, data_key.open(head)

    def check(self, case_id: UUID, what: str, *, is_as_sealed: bool) -> None:
        """Raises DoesNotOpen when `what` of a case is other than its seal says; health and log say so."""
        if not self.note_sealed(case_id, what, is_as_sealed=is_as_sealed):
            raise DoesNotOpen

    def note_sealed(self, case_id: UUID, what: str, *, is_as_sealed: bool) -> bool:
        """The same, answered."""
        if is_as_sealed:
            self.altered.discard((case_id, what))
            return True
        if (case_id, what) not in self.altered:
            log.error("something was altered in the database by somebody without the keys: it counts for nothing")
        self.altered.add((case_id, what))
        return False

    @property
    def altered_cases(self) -> set[UUID]:
        return {case_id for case_id, _ in self.altered if case_id.int}

    def open_often(self, sealed: bytes) -> dict[str, Any]:
        """What the box key sealed, opened once while it stays the same. Not to be changed. Raises DoesNotOpen."""
        if self._often is None or self._often[0] != sealed:
            self._often = (sealed, self.box.open(sealed))
        return self._often[1]

    def try_key(self, case_id: UUID, key: bytes) -> None:
        """Have health say so when a case's key does not open."""
        with suppress(DoesNotOpen), self._noting_damage(case_id):
            self.vault.open_data_key(key)

    @contextmanager
    def _noting_damage(self, case_id: UUID) -> Iterator[None]:
        try:
            yield
        except DoesNotOpen:
            self.damaged.add(case_id)
            raise
        self.damaged.discard(case_id)

    def stand_in(self, content: Mapping[str, Any]) -> tuple[bytes, bytes]:
        """A sealed key and what it sealed: opened in place of those that are not there, so that it takes as long."""
        key, sealed = self.vault.new_data_key()
        return sealed, key.seal(content)

    def _note(self, *, is_missing: bool) -> None:
        if is_missing and not self._is_missing:
            log.error("nothing new can be sealed: the newest key is not in GPBOT_KEYS of this process; restart it")
        self._is_missing = is_missing

    def hash(self, domain: str, value: str) -> bytes:
        """Hashes in different domains cannot be matched with one another."""
        return hmac.digest(self._lookup, f"{domain}\0{value}".encode(), hashlib.sha256)

    def mark(self, slack_id: str) -> str:
        """Tells one person from another in jobs, to anyone who has the keys."""
        return self.hash("lane", slack_id).hex()[:32]

    def direct_lane(self, slack_id: str) -> str:
        """The lane of direct messages to this person: Slack counts them together."""
        return f"dm:{self.mark(slack_id)}"

    # See docs/decisions/0057-jobs-go-with-their-case.md
    def sealed_lane(self, slack_id: str) -> str:
        """The same for what is about a case: other messages' jobs hold this person's id in clear."""
        return f"sealed:{self.hash('sealed lane', slack_id).hex()[:32]}"

    def reader_mark(self, slack_id: str) -> str:
        """Tells one reader of cases from another in jobs, and matches nothing else."""
        return self.hash("reader mark", slack_id).hex()[:32]

    def mac(self, content: bytes) -> bytes:
        return hmac.digest(self._lookup, b"mac\0" + content, hashlib.sha256)


def load_keyring(database: Database, vault: Vault) -> KeyRing:
    """Made on the first start. Raises KeysDoNotFit."""
    with database.read() as session:
        sealed = _stored(session)
    if sealed is None:
        with database.begin() as session:
            fresh = {"name": _LOOKUP, "sealed": vault.seal(secrets.token_bytes(_LENGTH) + _ALL_SEALED)}
            dialect = sqlite if database.is_sqlite else postgresql
            session.execute(dialect.insert(SealedKey).values(fresh).on_conflict_do_nothing())
            sealed = _stored(session)
    if sealed is None:
        raise KeysDoNotFit
    try:
        content = vault.open(sealed)
    except DoesNotOpen:
        raise KeysDoNotFit from None
    keyring = KeyRing(vault, content[:_LENGTH], is_all_sealed=content[_LENGTH:] == _ALL_SEALED)
    database.carried[_CARRIED] = keyring
    return keyring


def keyring_of(session: Session) -> KeyRing:
    """That with which this session's database was opened."""
    keyring: KeyRing = session.info[_CARRIED]
    return keyring


def put_in_force(session: Session, vault: Vault) -> None:
    """From this transaction on the newest key of this vault is the one that seals. Raises DoesNotOpen."""
    row = session.get_one(SealedKey, _LOOKUP)
    row.sealed = vault.reseal(row.sealed)


def note_all_sealed(session: Session, keyring: KeyRing) -> None:
    """From now on whatever is not sealed as this release seals it was altered."""
    row = session.get_one(SealedKey, _LOOKUP)
    content = keyring.vault.open(row.sealed)
    row.sealed = keyring.in_force(session).encrypt(content[:_LENGTH] + _ALL_SEALED)
    keyring.is_all_sealed = True


def _stored(session: Session) -> bytes | None:
    return session.execute(_READ).scalar_one_or_none()
