"""What decides who reads a report, as its sealed head holds it; the tables are there to find it by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.reports.access import Access
from gpbot.reports.models import ExclusionRow, ReaderRow
from gpbot.reports.types import How

_READERS, _EXCLUSIONS = table_of(ReaderRow), table_of(ExclusionRow)
_REPORT_ID: BindParameter[UUID] = bindparam("report_id")
# What runs before an ack is built once: building a statement costs more than running it.
_READ_READERS = select(_READERS.c.person, _READERS.c.how).where(_READERS.c.report_id == _REPORT_ID)
_READ_EXCLUSIONS = select(_EXCLUSIONS.c.why, _EXCLUSIONS.c.person).where(_EXCLUSIONS.c.report_id == _REPORT_ID)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SealedAccess:
    """Hashes alone, as in the tables: to each reader how they came to be one, to each reason whom it keeps out."""

    readers: Mapping[bytes, How] = field(default_factory=dict)
    excluded: Mapping[bytes, bytes] = field(default_factory=dict)
    compared: int = 0

    def as_json(self) -> list[Any]:
        readers = {person.hex(): how for person, how in self.readers.items()}
        return [readers, {why.hex(): person.hex() for why, person in self.excluded.items()}, self.compared]

    @classmethod
    def from_json(cls, content: Iterable[Any]) -> Self:
        readers, excluded, compared = content
        return cls(
            readers={bytes.fromhex(person): How(how) for person, how in readers.items()},
            excluded={bytes.fromhex(why): bytes.fromhex(person) for why, person in excluded.items()},
            compared=compared,
        )

    @property
    def access(self) -> Access:
        return Access(readers=self.readers, excluded=frozenset(self.excluded.values()), compared=self.compared)


def as_stored(session: Session, report_id: UUID, compared: int) -> SealedAccess:
    """What the tables say; `compared` is the column of the report's own row."""
    one = {"report_id": report_id}
    return SealedAccess(
        readers={person: How(how) for person, how in session.execute(_READ_READERS, one)},
        excluded={row.why: row.person for row in session.execute(_READ_EXCLUSIONS, one)},
        compared=compared,
    )
