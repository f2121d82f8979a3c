"""Every query about channels."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, tuple_
from sqlalchemy.orm import Session

from gpbot.db import insert_into
from gpbot.directory.models import OPEN, ChannelList, ChannelRow, ChannelTopic
from gpbot.directory.topics import fold, topics_in
from gpbot.directory.types import Channel, Comparable, Topic
from gpbot.text import start_of

_Query = Select[*tuple[Any, ...]]
_FIELDS = tuple(Channel.__dataclass_fields__)
_CHANNEL: _Query = select(*(getattr(ChannelRow, name) for name in _FIELDS))
_MOST_COMPARED = 10_000


def save(session: Session, channels: Sequence[Channel], *, now: datetime) -> list[Channel]:
    """Keep what Slack says of these; those nobody had told of before are returned. At most a page at once."""
    latest = {channel.id: channel for channel in channels}
    known = {row.id: row for row in session.scalars(select(ChannelRow).where(ChannelRow.id.in_(latest)))}
    fresh = [channel for channel in latest.values() if channel.id not in known]
    for channel_id, row in known.items():
        for name, value in _values(latest[channel_id], now).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    session.flush()
    new: set[str] = set()
    if fresh:
        # Another process may have heard of them at the same moment.
        put = insert_into(session)(ChannelRow).values([_values(channel, now) for channel in fresh])
        new = set(session.scalars(put.on_conflict_do_nothing(index_elements=["id"]).returning(ChannelRow.id)))
    _save_topics(session, latest.values())
    return [channel for channel in fresh if channel.id in new]


def rename(session: Session, channel_id: str, name: str, *, now: datetime) -> bool:
    """False when it is not known."""
    channel = find(session, channel_id)
    if channel is None:
        return False
    save(session, [replace(channel, name=name)], now=now)
    return True


def set_archived(session: Session, channel_id: str, *, is_archived: bool, now: datetime) -> None:
    channel = find(session, channel_id)
    if channel is not None:
        save(session, [replace(channel, is_archived=is_archived)], now=now)


def forget(session: Session, channel_id: str) -> None:
    session.execute(delete(ChannelTopic).where(ChannelTopic.channel_id == channel_id))
    session.execute(delete(ChannelRow).where(ChannelRow.id == channel_id))


def forget_unseen(session: Session, since: datetime) -> None:
    """What all of Slack's list did not show is deleted, or private now."""
    unseen = select(ChannelRow.id).where(ChannelRow.seen_at < since)
    session.execute(delete(ChannelTopic).where(ChannelTopic.channel_id.in_(unseen)))
    session.execute(delete(ChannelRow).where(ChannelRow.seen_at < since))


def find(session: Session, channel_id: str) -> Channel | None:
    row = session.execute(_CHANNEL.where(ChannelRow.id == channel_id)).one_or_none()
    return Channel(**row._asdict()) if row is not None else None


def several(session: Session, channel_ids: Sequence[str]) -> list[Channel]:
    """By name; whatever is unknown is left out."""
    rows = session.execute(_CHANNEL.where(ChannelRow.id.in_(channel_ids)).order_by(ChannelRow.name, ChannelRow.id))
    return [Channel(**row._asdict()) for row in rows]


def named(session: Session, name: str) -> Channel | None:
    """Archived ones too."""
    row = session.execute(_CHANNEL.where(ChannelRow.name == name).order_by(ChannelRow.id).limit(1)).one_or_none()
    return Channel(**row._asdict()) if row is not None else None


def page(
    session: Session,
    *,
    after: tuple[str, str],
    limit: int,
    topic: str | None = None,
    among: Sequence[str] | None = None,
    text: str = "",
) -> list[Channel]:
    """Those that are open, by name, after the (name, id) `after`; each word of `text` stands in them somewhere."""
    query = _CHANNEL.where(OPEN, tuple_(ChannelRow.name, ChannelRow.id) > after)
    if topic is not None:
        about = select(ChannelTopic.channel_id).where(ChannelTopic.key == topic)
        query = query.where(ChannelRow.id.in_(about))
    if among is not None:
        query = query.where(ChannelRow.id.in_(among))
    for word in fold(text).split():
        query = query.where(ChannelRow.searchable.contains(word, autoescape=True))
    rows = session.execute(query.order_by(ChannelRow.name, ChannelRow.id).limit(limit))
    return [Channel(**row._asdict()) for row in rows]


def everything_for_comparison(session: Session) -> list[Comparable]:
    """All of them, archived ones too; the newest ten thousand."""
    rows = session.execute(
        select(ChannelRow.id, ChannelRow.name, ChannelRow.topic, ChannelRow.purpose, ChannelRow.is_archived)
        .order_by(ChannelRow.created_at.desc(), ChannelRow.id)
        .limit(_MOST_COMPARED)
    )
    return [Comparable(**row._asdict()) for row in rows]


def topics(session: Session, limit: int) -> list[Topic]:
    """What open channels say they are about: those that most say, by name."""
    rows = session.execute(
        select(ChannelTopic.key, func.min(ChannelTopic.name).label("name"))
        .join(ChannelRow, ChannelRow.id == ChannelTopic.channel_id)
        .where(OPEN)
        .group_by(ChannelTopic.key)
        .order_by(func.count().desc(), ChannelTopic.key)
        .limit(limit)
    ).all()
    return sorted((Topic(key=row.key, name=row.name) for row in rows), key=lambda topic: topic.key)


def open_among(session: Session, channel_ids: Sequence[str]) -> set[str]:
    return set(session.scalars(select(ChannelRow.id).where(OPEN, ChannelRow.id.in_(channel_ids))))


def list_complete_at(session: Session) -> datetime | None:
    """When all of Slack's list had last been read; None before the first time."""
    return session.execute(select(ChannelList.complete_at)).scalar_one_or_none()


def note_list_complete(session: Session, at: datetime) -> None:
    fresh = insert_into(session)(ChannelList).values(id=1, complete_at=at)
    session.execute(fresh.on_conflict_do_update(index_elements=["id"], set_={"complete_at": at}))


def _save_topics(session: Session, channels: Collection[Channel]) -> None:
    wanted = {(key, channel.id): name for channel in channels for key, name in topics_in(channel.purpose).items()}
    ids = [channel.id for channel in channels]
    known = {
        (row.key, row.channel_id): row
        for row in session.scalars(select(ChannelTopic).where(ChannelTopic.channel_id.in_(ids)))
    }
    for pair, row in known.items():
        if wanted.get(pair) != row.name:
            session.delete(row)
    session.flush()
    new = [
        {"key": key, "channel_id": channel_id, "name": name}
        for (key, channel_id), name in wanted.items()
        if (key, channel_id) not in known or known[key, channel_id].name != name
    ]
    if new:
        put = insert_into(session)(ChannelTopic).values(new)
        session.execute(put.on_conflict_do_nothing(index_elements=["key", "channel_id"]))


def _values(channel: Channel, now: datetime) -> dict[str, Any]:
    values = {name: getattr(channel, name) for name in _FIELDS}
    return values | {
        "name": start_of(channel.name, 100),
        "searchable": fold(f"{channel.name} {channel.topic} {channel.purpose}"),
        "seen_at": now,
    }
