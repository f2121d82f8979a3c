"""The one stable look-up key, kept sealed in the database, and the keyed hashes made with it."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from gpbot.crypto import DataKey, DoesNotOpen, Vault
from gpbot.db import Base, Database

_LOOKUP = "lookup"


class KeysDoNotFit(Exception):
    """GPBOT_KEYS do not open this database."""


class SealedKey(Base):
    __tablename__ = "sealed_key"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


# See docs/decisions/0012-keys.md
class KeyRing:
    """Keyed hashes (32 bytes): equal things can be found, and nothing can be read back without the keys.

    `box` seals what belongs to no single report. It hangs on the look-up key, so that a change of master keys
    has only that one key, and the reports' own, to seal again.
    """

    def __init__(self, vault: Vault, lookup_key: bytes) -> None:
        self.vault = vault
        self._lookup = lookup_key
        self.box = DataKey(urlsafe_b64encode(self.hash("box", "")))

    def hash(self, domain: str, value: str) -> bytes:
        """Hashes in different domains cannot be matched with one another."""
        return hmac.digest(self._lookup, f"{domain}\0{value}".encode(), hashlib.sha256)

    def mark(self, slack_id: str) -> str:
        """Tells one person from another in jobs, to anyone who has the keys."""
        return self.hash("lane", slack_id).hex()[:32]

    def direct_lane(self, slack_id: str) -> str:
        """The lane of all direct messages to this person, whatever they are about: Slack counts them together."""
        return f"dm:{self.mark(slack_id)}"

    def mac(self, content: bytes) -> bytes:
        return hmac.digest(self._lookup, b"mac\0" + content, hashlib.sha256)


def load_keyring(database: Database, vault: Vault) -> KeyRing:
    """Made on the first start. Raises KeysDoNotFit."""
    with database.read() as session:
        sealed = _stored(session)
    if sealed is None:
        with database.begin() as session:
            fresh = {"name": _LOOKUP, "sealed": vault.seal(secrets.token_bytes(32))}
            dialect = sqlite if database.is_sqlite else postgresql
            session.execute(dialect.insert(SealedKey).values(fresh).on_conflict_do_nothing())
            sealed = _stored(session)
    if sealed is None:
        raise KeysDoNotFit
    try:
        return KeyRing(vault, vault.open(sealed))
    except DoesNotOpen:
        raise KeysDoNotFit from None


def reseal_lookup_key(session: Session, vault: Vault) -> None:
    """Put the look-up key, itself unchanged, under the newest master key. Raises DoesNotOpen."""
    row = session.get_one(SealedKey, _LOOKUP)
    row.sealed = vault.reseal(row.sealed)


def _stored(session: Session) -> bytes | None:
    return session.execute(select(SealedKey.sealed).where(SealedKey.name == _LOOKUP)).scalar_one_or_none()
