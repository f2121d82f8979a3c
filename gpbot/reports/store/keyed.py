"""Whom a report knows, as it is stored: hashed, each in a domain of its own, so that no two columns can be matched."""

from uuid import UUID

from gpbot.keyring import KeyRing
from gpbot.reports.types import Reason


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


class Keyed:
    def __init__(self, keyring: KeyRing) -> None:
        self.keyring = self._keyring = keyring

    def hashes_of(self, report_id: UUID) -> Hashes:
        return Hashes(self._keyring, report_id)

    def _reader(self, slack_id: str) -> bytes:
        return self._keyring.hash("reader", slack_id)

    def _reporter(self, slack_id: str) -> bytes:
        return self._keyring.hash("reporter", slack_id)

    def _owner(self, slack_id: str) -> bytes:
        return self._keyring.hash("owner", slack_id)
