"""What is written in a case: each entry holds its number, time and kind, and the head how many there are."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from gpbot.crypto import DataKey
from gpbot.keyring import KeyRing

_IS = "is"  # in an entry's content, which opens with its case's key


class Row(Protocol):
    """As it is stored."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def content(self) -> bytes: ...


def seal_entry(key: DataKey, content: dict[str, Any], number: int, at: datetime, kind: str) -> tuple[bytes, str]:
    """As it is stored, and the mark that its case's head keeps of the last one."""
    sealed = key.seal(content | {_IS: _is(number, at, kind)})
    return sealed, mark_of(sealed)


def open_entries(
    keyring: KeyRing, key: DataKey, case_id: UUID, rows: Sequence[Row], *, known: tuple[int, str] | None
) -> list[dict[str, Any]]:
    """What all entries of a case hold, in their order. Raises DoesNotOpen when one was altered, put in or taken away.

    `known`: how many its sealed head says there are, and the mark of the last; None, as an earlier release left it.
    """
    contents = [key.open(row.content) for row in rows]
    if known is not None:
        are_all = (len(rows), mark_of(rows[-1].content) if rows else "") == known
        say = [content.get(_IS) for content in contents]
        are = [_is(number, row.at, row.kind) for number, row in enumerate(rows, 1)]
        keyring.check(case_id, "entries", is_as_sealed=are_all and say == are)
    return contents


def mark_of(content: bytes) -> str:
    """Tells one sealed content from any other."""
    return hashlib.sha256(content).hexdigest()


def _is(number: int, at: datetime, kind: str) -> list[Any]:
    return [number, at.astimezone(UTC).isoformat(), str(kind)]
