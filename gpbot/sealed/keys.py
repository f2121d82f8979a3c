"""The keys of sealed cases, put under the newest master key."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import Database


def reseal_each(database: Database, ids: Iterable[UUID], reseal: Callable[[Session, UUID], None]) -> int:
    """One short transaction each; how many could not be opened."""
    damaged = 0
    for its_id in ids:
        try:
            with database.begin() as session:
                reseal(session, its_id)
        except DoesNotOpen:
            damaged += 1
    return damaged
