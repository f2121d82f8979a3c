"""Sealing: master keys seal one data key for each report, and the data key seals its words and names."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_PAD = 256  # bytes; JSON ignores blanks at its end


class DoesNotOpen(Exception):
    """What is sealed does not open with the keys at hand: another key, or altered bytes."""


class BadKey(ValueError):
    """A master key is not 32 bytes in URL-safe base64."""


class DataKey:
    """One report's (or draft's) key; without it, what it sealed is gone."""

    __slots__ = ("_fernet", "_raw")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._fernet = Fernet(raw)

    def seal(self, content: Mapping[str, Any]) -> bytes:
        """Padded, so that the size does not tell what kind of thing it is."""
        plain = json.dumps(content, separators=(",", ":")).encode()
        return self._fernet.encrypt(plain.ljust(-len(plain) // _PAD * -_PAD))

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Raises DoesNotOpen."""
        try:
            content: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise DoesNotOpen from None
        return content


# See docs/decisions/0012-keys.md
class Vault:
    """The master keys, newest first. Which of them seals is settled by the database: the one in force."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises BadKey when a key is malformed or there is none."""
        if not keys:
            raise BadKey("no key")
        try:
            self._keys = [Fernet(key) for key in keys]
        except ValueError:
            raise BadKey("a key is not 32 bytes in URL-safe base64") from None
        self._master = MultiFernet(self._keys)

    def new_data_key(self, by: Fernet | None = None) -> tuple[DataKey, bytes]:
        """A fresh data key, and the same one sealed: by the newest master key, if no other is given."""
        raw = Fernet.generate_key()
        return DataKey(raw), (by or self._keys[0]).encrypt(raw)

    def open_data_key(self, sealed: bytes) -> DataKey:
        """Raises DoesNotOpen."""
        return DataKey(self.open(sealed))

    def seal(self, content: bytes) -> bytes:
        """Under the newest."""
        return self._keys[0].encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """Raises DoesNotOpen."""
        try:
            return self._master.decrypt(sealed)
        except InvalidToken:
            raise DoesNotOpen from None

    def reseal(self, sealed: bytes, by: Fernet | None = None) -> bytes:
        """The same content under another master key: the newest, if no other is given. Raises DoesNotOpen."""
        return (by or self._keys[0]).encrypt(self.open(sealed))

    def that_sealed(self, sealed: bytes) -> Fernet:
        """The one of its keys that sealed this. Raises DoesNotOpen."""
        for key in self._keys:
            with suppress(InvalidToken):
                key.decrypt(sealed)
                return key
        raise DoesNotOpen


def new_master_key() -> str:
    return Fernet.generate_key().decode()
