"""What Slack says of channels: its list, at each start and once a day, and its events in between."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from gpbot.directory.types import Channel
from gpbot.directory.workflow import Directory
from gpbot.outbox import Outbox
from gpbot.outbox.listing import ListPage, ListReader, ReadPage
from gpbot.slack import on
from gpbot.slack.blocks import sound, unescape
from gpbot.slack.requests import Event
from gpbot.text import closed


class ChannelsPage(ListPage, kind="channels"):
    pass


class ChannelList(ListReader):
    """Reads every public channel."""


def channel_list(outbox: Outbox, directory: Directory, read_page: ReadPage, *, bot_user_id: str) -> ChannelList:
    """`read_page(cursor)` gives Slack's channel objects and the next cursor ("" at the end). Raises SendingEnded."""

    def take(session: Session, shapes: Sequence[Mapping[str, Any]]) -> None:
        directory.take_page(session, [channel_of(shape, bot_user_id) for shape in shapes if is_public(shape)])

    return ChannelList(
        directory.database,
        outbox,
        pages=ChannelsPage,
        read_page=read_page,
        take=take,
        complete=directory.list_complete,
    )


class ChannelEvents:
    def __init__(self, directory: Directory, *, bot_user_id: str) -> None:
        self._directory = directory
        self._bot_user_id = bot_user_id

    @on.event("channel_created")
    def follow_creation(self, event: Event) -> None:
        if is_public(event.body["channel"]):
            self._directory.created(channel_of(event.body["channel"], self._bot_user_id))

    @on.event("channel_rename")
    def follow_renaming(self, event: Event) -> None:
        channel = channel_of(event.body["channel"], self._bot_user_id)
        if is_public(event.body["channel"]):
            self._directory.renamed(channel)
        else:  # it was public once, perhaps: what it is called now is nobody else's business
            self._directory.gone(channel.id)

    @on.event("channel_archive")
    def follow_archiving(self, event: Event) -> None:
        self._directory.archived(str(event.body["channel"]), is_archived=True)

    @on.event("channel_unarchive")
    def follow_opening(self, event: Event) -> None:
        self._directory.archived(str(event.body["channel"]), is_archived=False)

    @on.event("channel_deleted")
    def follow_deletion(self, event: Event) -> None:
        self._directory.gone(str(event.body["channel"]))


def is_public(shape: Mapping[str, Any]) -> bool:
    """Whatever Slack was asked for: what is not surely public is not kept."""
    return bool(shape.get("is_channel", True)) and not any(
        shape.get(name) for name in ("is_private", "is_group", "is_im", "is_mpim")
    )


def channel_of(shape: Mapping[str, Any], bot_user_id: str = "") -> Channel:
    """From Slack's channel object, as `conversations.list` gives it; the events' has no topic and no purpose."""
    members = shape.get("num_members")
    return Channel(
        id=str(shape["id"]),
        name=closed(sound(str(shape.get("name") or ""))),
        topic=_value(shape.get("topic")),
        purpose=_value(shape.get("purpose")),
        is_archived=bool(shape.get("is_archived")),
        is_ours=bool(bot_user_id) and shape.get("creator") == bot_user_id,
        created_at=datetime.fromtimestamp(int(shape.get("created") or 0), UTC),
        members=int(members) if members is not None else None,
    )


def _value(part: object) -> str:
    return closed(unescape(str(part.get("value") or ""))) if isinstance(part, Mapping) else ""
