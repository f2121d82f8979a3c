"""Following what Slack says of public channels, and finding one among them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.directory import store
from gpbot.directory.topics import fold
from gpbot.directory.types import Channel, Comparable, NotForYou, Page, Topic
from gpbot.people import members as people
from gpbot.signals import Signal

PAGE = 12
MOST_TOPICS = 100  # as many as one of Slack's menus shows


class Directory:
    """Those that take a session work in the caller's transaction."""

    def __init__(self, database: Database, *, topics: Mapping[str, Sequence[str]]) -> None:
        """`topics` is name → channel ids by setting; without any, channels' purposes say what they are about."""
        self.database = database
        self._by_setting = {fold(name): (name, tuple(ids)) for name, ids in topics.items()}
        # Sent in the transaction in which gpbot first heard of a public channel, but for those of its first list.
        self.channel_created = Signal[[Session, Channel]]()

    # --- what Slack says -----------------------------------------------------------------------------------------

    def take_page(self, session: Session, channels: Sequence[Channel]) -> None:
        """One page of Slack's list."""
        first_time = store.list_complete_at(session) is None
        fresh = store.save(session, channels, now=self.database.clock.now())
        if not first_time:
            self._tell(session, fresh)

    def list_complete(self, session: Session, began: datetime) -> None:
        """All of the list was read, from `began` on."""
        store.forget_unseen(session, began)
        store.note_list_complete(session, self.database.clock.now())

    def created(self, channel: Channel) -> None:
        with self.database.begin() as session:
            if store.find(session, channel.id) is None:  # else the list told more of it already
                self._tell(session, store.save(session, [channel], now=self.database.clock.now()))

    def renamed(self, channel: Channel) -> None:
        """Its topic and purpose, if they are known, stay."""
        with self.database.begin() as session:
            now = self.database.clock.now()
            if not store.rename(session, channel.id, channel.name, now=now):
                store.save(session, [channel], now=now)

    def archived(self, channel_id: str, *, is_archived: bool) -> None:
        with self.database.begin() as session:
            store.set_archived(session, channel_id, is_archived=is_archived, now=self.database.clock.now())

    def gone(self, channel_id: str) -> None:
        """Deleted, or private now."""
        with self.database.begin() as session:
            store.forget(session, channel_id)

    def _tell(self, session: Session, fresh: Sequence[Channel]) -> None:
        for channel in fresh:
            self.channel_created.send(session, channel)

    # --- finding one ---------------------------------------------------------------------------------------------

    def public(
        self, session: Session, *, after: str = "", topic: str | None = None, text: str = "", limit: int = PAGE
    ) -> Page:
        """Open channels by name. `after` is the cursor of the page before, `topic` a topic's key.

        A window of an earlier release may still say a key as that release wrote it.
        """
        topic = fold(topic) if topic is not None else None
        name, _, channel_id = after.rpartition(" ")
        among = None
        if topic is not None and self._by_setting:
            among = self._by_setting.get(topic, ("", ()))[1]
        found = store.page(
            session,
            after=(name, channel_id),
            limit=limit + 1,
            topic=topic if among is None else None,
            among=among,
            text=text,
        )
        shown = found[:limit]
        return Page(channels=tuple(shown), next=f"{shown[-1].name} {shown[-1].id}" if len(found) > limit else None)

    def topics(self, session: Session) -> list[Topic]:
        """Those of which there is an open channel, by name; at most a hundred."""
        if not self._by_setting:
            return store.topics(session, MOST_TOPICS)
        every = [channel_id for _, ids in self._by_setting.values() for channel_id in ids]
        are_open = store.open_among(session, every)
        found = [Topic(key=key, name=name) for key, (name, ids) in self._by_setting.items() if are_open & set(ids)]
        return found[:MOST_TOPICS]  # in the order of the setting

    def get(self, session: Session, channel_id: str) -> Channel | None:
        return store.find(session, channel_id)

    def several(self, session: Session, channel_ids: Sequence[str]) -> list[Channel]:
        """By name; whatever is unknown is left out."""
        return store.several(session, channel_ids)

    def named(self, session: Session, name: str) -> Channel | None:
        """By its exact name, without #; archived ones too."""
        return store.named(session, name)

    def everything_for_comparison(self, session: Session) -> list[Comparable]:
        """All public channels, archived ones too; ten thousand at most."""
        return store.everything_for_comparison(session)

    def is_complete(self, session: Session) -> bool:
        """Whether all of Slack's list was read at least once."""
        return store.list_complete_at(session) is not None

    def let_in(self, session: Session, slack_id: str) -> None:
        """Raises NotForYou for anyone who is no full member: guests do not see the workspace's channels in Slack."""
        member = people.member_called(session, slack_id)
        if member is None or not member.kind.is_full or member.deactivated:
            raise NotForYou
