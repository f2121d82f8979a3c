"""A channel that Slack gives another id, followed wherever its old one is kept."""

from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from gpbot.db import Base


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
