"""Channels that Slack has given another id: gpbot knows each by its first, and translates where it meets Slack."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from gpbot.db import Database
from gpbot.slack.models import MovedChannel

# Where Slack's payloads, answers and arguments name a channel; people's words stand elsewhere.
_NAMES: Final = {"channel", "channel_id", "id", "initial_channel", "selected_channel", "selected_conversation"}
_SHOWN: Final = "text"  # in it a channel may be mentioned, or linked to
_ALWAYS: Final = datetime.fromtimestamp(0, UTC)

Ids = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """As the database said when it was last looked at."""

    known: Ids = field(default_factory=dict)  # later id → the first
    newest: Ids = field(default_factory=dict)  # any but the newest → the newest
    mentioned: re.Pattern[str] | None = None  # any but the newest, where it stands for a channel

    def shown(self, text: str) -> str:
        return self.mentioned.sub(lambda found: self.newest[found[0]], text) if self.mentioned else text


# See docs/decisions/0055-channels-by-their-first-id.md
class MovedChannels:
    """Which ids are one channel's. Safe to use from several threads; processes that share a database agree."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen = _Seen()

    def look(self) -> None:
        """What other processes were told of counts here too from now on. Raises SQLAlchemyError.

        Done at start, each minute, and where Slack does not know a channel.
        """
        with self._database.read() as session:
            rows = session.execute(
                select(MovedChannel.slack_id, MovedChannel.known_as).order_by(MovedChannel.since, MovedChannel.slack_id)
            ).all()
        last = {row.known_as: row.slack_id for row in rows}
        newest = {row.slack_id: last[row.known_as] for row in rows if row.slack_id != last[row.known_as]}
        old = "|".join(newest)
        self._seen = _Seen(
            known={row.slack_id: row.known_as for row in rows if row.slack_id != row.known_as},
            newest=newest,
            mentioned=re.compile(rf"(?<=<#)(?:{old})(?=[|>])|(?<=/archives/)(?:{old})(?=/)") if old else None,
        )

    def follow(self, old: str, new: str, at: datetime) -> str:
        """Slack says that `old` is `new` from now on, perhaps again, or late; returns what gpbot knows it by."""
        with self._database.begin() as session:
            rows = {row.slack_id: row for row in session.scalars(select(MovedChannel))}
            if old not in rows:
                rows[old] = MovedChannel(slack_id=old, known_as=old, since=_ALWAYS)
                session.add(rows[old])
            known_as = rows[old].known_as
            if new not in rows:
                session.add(MovedChannel(slack_id=new, known_as=known_as, since=at))
            else:
                rows[new].since = max(rows[new].since, at)
                was_known_as = rows[new].known_as  # it was heard of first where it moved on from
                for row in rows.values():
                    if row.known_as == was_known_as:
                        row.known_as = known_as
        self.look()
        return known_as

    def known(self, slack_id: str) -> str:
        return self._seen.known.get(slack_id, slack_id)

    def newest(self, channel_id: str) -> str:
        return self._seen.newest.get(channel_id, channel_id)

    def inside(self, said: Any) -> Any:
        """What Slack has said, with channels called as gpbot knows them."""
        seen = self._seen
        return _turned(said, seen.known, None) if seen.known else said

    def outside(self, to_say: Any) -> Any:
        """What Slack is told, with channels called as Slack calls them now."""
        seen = self._seen
        return _turned(to_say, seen.newest, seen.shown) if seen.newest else to_say


class FollowingClient(WebClient):
    """Calls each channel by its newest id, and reads of it by its first."""

    def __init__(self, moved: MovedChannels, **how: Any) -> None:
        super().__init__(**how)
        self._moved = moved

    def api_call(self, api_method: str, **how: Any) -> SlackResponse:
        to_say = self._moved.outside(how)
        try:
            answer = super().api_call(api_method, **to_say)
        except SlackApiError as error:
            if error.response.get("error") != "channel_not_found":
                raise
            with suppress(SQLAlchemyError):
                self._moved.look()  # another process may have been told
            newer = self._moved.outside(how)
            if newer == to_say:
                raise
            answer = super().api_call(api_method, **newer)
        answer.data = self._moved.inside(answer.data)
        return answer


def _turned(part: Any, ids: Ids, shown: Callable[[str], str] | None, name: str = "") -> Any:
    match part:
        case Mapping():
            return {each: _turned(value, ids, shown, each) for each, value in part.items()}
        case list() | tuple():
            return [_turned(each, ids, shown) for each in part]
        case str() if name in _NAMES:
            return ids.get(part, part)
        case str() if name == _SHOWN and shown is not None:
            return shown(part)
    return part
