"""Every table, so that Alembic sees them, and the revision this code needs."""

from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from gpbot.audit import models as audit
from gpbot.db import Base
from gpbot.desk import models as desk
from gpbot.directory import models as directory
from gpbot.guidelines import models as guidelines
from gpbot.home import models as home
from gpbot.keyring import SealedKey
from gpbot.onboarding import models as onboarding
from gpbot.opening import models as opening
from gpbot.outbox import models as outbox
from gpbot.people import models as people
from gpbot.places import models as places
from gpbot.proposals import models as proposals
from gpbot.questions import models as questions
from gpbot.quiet import models as quiet
from gpbot.reports import models as reports

__all__ = [
    "REVISION",
    "SealedKey",
    "audit",
    "channel_columns",
    "desk",
    "directory",
    "follow_channel",
    "guidelines",
    "home",
    "metadata",
    "onboarding",
    "opening",
    "outbox",
    "people",
    "places",
    "proposals",
    "questions",
    "quiet",
    "reports",
]


def channel_columns() -> list[Column[str]]:
    """Wherever the id of a channel stands, but for the directory of channels: told from the names of columns."""
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    return [each for each in columns if each.name.endswith("channel_id") and not each.foreign_keys]


def follow_channel(session: Session, old: str, new: str) -> None:
    """Write a channel's new id wherever its old one stands; where the new one stands already, the old one stays."""
    for column in channel_columns():
        is_key = column.primary_key or column.unique
        if not (is_key and session.execute(select(column).where(column == new).limit(1)).first()):
            session.execute(update(column.table).where(column == old).values({column: new}))


REVISION = "0017"
metadata = Base.metadata
