"""What of a proposal is sealed, and how its rows are called."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gpbot.keyring import KeyRing


class Keyed:
    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring

    def id_for(self, what: str, person: str, form_id: str) -> UUID:
        """One form is one proposal (or concern), however often it is sent, and nobody's but the sender's."""
        return UUID(bytes=self._keyring.hash(what, f"{person}:{form_id}")[:16])

    def _content(self, sealed: bytes) -> Mapping[str, Any]:
        return self._keyring.box.open(sealed)
