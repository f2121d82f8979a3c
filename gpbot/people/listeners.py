"""What Slack says of accounts."""

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from gpbot import rights
from gpbot.outbox.types import Refused, SendingEnded
from gpbot.people import ids, roles, views
from gpbot.people.types import Kind, NotOnRoster, Profile
from gpbot.people.workflow import People
from gpbot.signals import Signal
from gpbot.slack import on
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.blocks import View, sound
from gpbot.slack.requests import Click, Event, Submission
from gpbot.slack.windows import Again, Windows
from gpbot.text import closed

log = logging.getLogger(__name__)

SLACKBOT = "USLACKBOT"


class PeopleListeners:
    def __init__(self, people: People, user_info: Callable[[str], Mapping[str, Any]], *, team_id: str) -> None:
        """`user_info(user_id)` asks Slack. Raises SendingEnded."""
        self._people = people
        self._user_info = user_info
        self._team_id = team_id
        self.heard_of = Signal[[str]]()  # an account of which Slack says something new

    def learn(self, user_ids: Collection[str]) -> None:
        """Ask Slack who they are; an account Slack does not know stays unknown.

        Raises SendingEnded when Slack stopped answering; what it said before is kept.
        """
        profiles: list[Profile] = []
        try:
            for user_id in user_ids:
                try:
                    profiles.append(profile_of(self._user_info(user_id), self._team_id))
                except Refused as refused:
                    log.warning("Slack does not tell about someone on the roster: %s", refused.code)
        finally:
            self._people.follow(profiles)

    def learn_roster(self) -> None:
        """Ask Slack about everyone on the roster, and say who cannot act in their role.

        While it does not answer, they stay as they were known, and it is asked again.
        """
        everyone = [holder.slack_id for holder in self._people.roster().everyone]
        try:
            self.learn(everyone)
        except SendingEnded as ended:
            log.warning("Slack does not tell about the roster: %s. It is asked again", ended.code)
            with self._people.database.begin() as session:
                self._people.untold.send(session, frozenset(everyone))
        for holder in self._people.roster().everyone:
            if words := roles.sentence(holder, called=holder.slack_id):
                log.warning("%s", words)

    @on.event("team_join")
    def come_in(self, event: Event) -> None:
        self._people.follow([profile_of(event.body["user"], self._team_id)], joined=True)
        self.heard_of.send(str(event.body["user"]["id"]))

    @on.event("user_change")
    def follow_profile(self, event: Event) -> None:
        self._people.follow([profile_of(event.body["user"], self._team_id)])
        self.heard_of.send(str(event.body["user"]["id"]))


class OrganisationListeners:
    """Where role holders work, which they say on App Home."""

    def __init__(self, windows: Windows, people: People) -> None:
        self._windows = windows
        self._people = people

    @on.click(ids.ORGANISATION_FORM, may=rights.ROSTER)
    def open_form(self, asked: Click) -> Answer:
        def build() -> View:
            holder = self._people.roster().holder_of(asked.user_id)
            if holder is None:
                raise NotOnRoster
            return views.organisation_form(holder)

        self._windows.open(asked, build, again=Again(action_id=ids.ORGANISATION_FORM))
        return Nothing()

    @on.submission(ids.ORGANISATION, may=rights.ROSTER)
    def save(self, asked: Submission) -> Answer:
        self._people.set_organisation(asked.user_id, views.read_organisation(asked.form))
        return Nothing()


def profile_of(user: Mapping[str, Any], team_id: str = "") -> Profile:
    """From Slack's user object, as `users.info`, `users.list` and the events give it; `team_id` is our workspace's."""
    profile = user.get("profile") or {}
    return Profile(
        slack_id=str(user["id"]),
        display_name=closed(sound(str(profile.get("display_name") or user.get("name") or ""))),
        real_name=closed(sound(str(profile.get("real_name") or user.get("real_name") or ""))),
        title=closed(sound(str(profile.get("title") or ""))),
        deactivated=bool(user.get("deleted")),
        kind=_kind(user, team_id),
    )


def _kind(user: Mapping[str, Any], team_id: str) -> Kind:
    # `is_app_user` says that somebody uses an app, not that they are one; Slackbot's `is_bot` is false.
    if user["id"] == SLACKBOT or user.get("is_bot") or user.get("is_workflow_bot"):
        return Kind.BOT
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())} - {None, ""}
    if user.get("is_stranger") or (team_id and teams and team_id not in teams):
        return Kind.STRANGER
    if user.get("is_invited_user"):
        return Kind.INVITED
    return Kind.GUEST if user.get("is_restricted") or user.get("is_ultra_restricted") else Kind.MEMBER
