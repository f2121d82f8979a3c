"""What admins and owners do to channels: close, open, delete, rename, make private or public, share, renumber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpbot.practice import ids
from gpbot.practice.state import SLACKBOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from gpbot.practice.messages import Messages
    from gpbot.practice.state import Channel, Json, User


class ChannelCare:
    """A part of the workspace."""

    if TYPE_CHECKING:
        users: dict[str, User]
        channels: dict[str, Channel]
        names: dict[str, str]
        messages: Messages
        _audiences: dict[str, frozenset[str]]

        def acting(self, *, wait: bool = True) -> AbstractContextManager[None]: ...
        def audience(self, place: Channel) -> frozenset[str]: ...
        def emit(self, name: str, event: Json, *, scope: str, place: Channel | None = None) -> None: ...
        def count(self, what: str) -> int: ...
        def stamp(self, scope: str, *, start: int = 0) -> str: ...
        def _note_channel(self, place: Channel, only: str | None = None) -> None: ...
        def _catch_up(self, user_id: str, places: Iterable[Channel]) -> None: ...

    def archive(self, place: Channel, *, by: str = SLACKBOT) -> None:
        """Close a channel: everybody can still read it, nobody can post."""
        with self.acting():
            place.is_archived = True
            self._note_channel(place)
            if not place.is_private:
                event = {
                    "type": "channel_archive",
                    "channel": place.id,
                    "user": by,
                    "is_moved": 0,
                    "event_ts": self.stamp(place.id),
                }
                self.emit("channel_archive", event, scope=place.id)

    def unarchive(self, place: Channel, *, by: str = SLACKBOT) -> None:
        """Open a closed channel again."""
        with self.acting():
            place.is_archived = False
            self._note_channel(place)
            event = {
                "type": "channel_unarchive",
                "channel": place.id,
                "user": by,
                "event_ts": self.stamp(place.id),
            }
            if not place.is_private:
                self.emit("channel_unarchive", event, scope=place.id)

    def delete_channel(self, place: Channel) -> None:
        """Away with a channel and all that was said in it, as only an admin can."""
        with self.acting():
            del self.channels[place.id]
            self._audiences.clear()
            if not place.is_private:
                event = {"type": "channel_deleted", "channel": place.id, "event_ts": self.stamp(place.id)}
                self.emit("channel_deleted", event, scope=place.id)

    def make_private(self, place: Channel) -> None:
        """A public channel is private from now on, which Slack tells no app of."""
        with self.acting():
            place.is_private = True
            self._audiences.clear()

    def make_public(self, place: Channel) -> None:
        """An owner makes a private channel public: every member can read all of its past. Slack tells no app of it."""
        with self.acting():
            before = self.audience(place)
            place.is_private = False
            self._audiences.clear()
            for reader in self.audience(place) - before:
                self._catch_up(reader, [place])

    def share(self, place: Channel, with_team: str = "T0ELSEWHERE") -> None:
        """Slack Connect: another workspace is in the channel too from now on. Slack tells no app of it."""
        with self.acting():
            place.shared_with = [*place.shared_with, with_team]

    def unshare(self, place: Channel) -> None:
        """The other workspaces leave, and their people with them."""
        with self.acting():
            place.shared_with = []
            place.members = [each for each in place.members if not self.users[each].is_external]
            self._audiences.clear()

    def give_new_id(self, place: Channel) -> str:
        """Slack calls a channel otherwise from now on, as it does an old private one that becomes shared.

        Calls that name the old id are refused; all that was said there moves along. Returns the new id.
        """
        with self.acting():
            old, scope = place.id, f"new ids of {place.name}"
            new = ids.slack_id("C", old, self.count(scope))
            place.id = new
            self.channels[new] = self.channels.pop(old)
            self.names[new] = self.names.pop(old)
            for said in (*place.messages.values(), *place.ephemerals):
                said.channel_id = new
            for url in self.messages.response_urls.values():
                if url.channel_id == old:
                    url.channel_id = new
            self._audiences.clear()
            at = self.stamp(scope)
            event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new, "event_ts": at}
            self.emit("channel_id_changed", event, scope=scope)
            return new

    def rename_channel(self, place: Channel, name: str) -> None:
        """Call a channel something else; its id stays."""
        with self.acting():
            if place.name not in place.previous_names:
                place.previous_names.append(place.name)
            place.name = self.names[place.id] = name
            self._note_channel(place)
            about = {"id": place.id, "name": name, "created": place.created}
            event = {"type": "channel_rename", "channel": about, "event_ts": self.stamp(place.id)}
            if not place.is_private:
                self.emit("channel_rename", event, scope=place.id)
