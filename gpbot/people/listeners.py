"""What Slack says of accounts."""

from collections.abc import Mapping
from typing import Any

from gpbot.people.types import Profile
from gpbot.people.workflow import People
from gpbot.slack.events import Events
from gpbot.slack.requests import Event


class PeopleListeners:
    def __init__(self, people: People) -> None:
        self._people = people

    def register(self, events: Events) -> None:
        events.on("user_change", self.follow_profile)

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
