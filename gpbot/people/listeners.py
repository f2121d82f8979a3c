"""What Slack says of accounts."""

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from gpbot.outbox.types import Refused
from gpbot.people.types import Profile
from gpbot.people.workflow import People
from gpbot.slack.events import Events
from gpbot.slack.requests import Event

log = logging.getLogger(__name__)


class PeopleListeners:
    def __init__(self, people: People, user_info: Callable[[str], Mapping[str, Any]]) -> None:
        """`user_info(user_id)` asks Slack. Raises SendingEnded."""
        self._people = people
        self._user_info = user_info

    def register(self, events: Events) -> None:
        events.on("user_change", self.follow_profile)

    def learn(self, user_ids: Collection[str]) -> None:
        """Ask Slack who they are; an account Slack does not know stays unknown. Raises SendingEnded."""
        profiles = []
        for user_id in user_ids:
            try:
                profiles.append(profile_of(self._user_info(user_id)))
            except Refused as refused:
                log.warning("Slack does not tell about someone on the roster: %s", refused.code)
        self._people.follow(profiles)

    def follow_profile(self, event: Event) -> None:
        self._people.follow([profile_of(event.body["user"])])


def profile_of(user: Mapping[str, Any]) -> Profile:
    """From Slack's user object, as `users.info` and `user_change` give it."""
    profile = user.get("profile") or {}
    return Profile(
        slack_id=str(user["id"]),
        display_name=str(profile.get("display_name") or user.get("name") or ""),
        real_name=str(profile.get("real_name") or user.get("real_name") or ""),
        title=str(profile.get("title") or ""),
        deactivated=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")),
    )
