"""What can be wrong with a channel or a person that a setting names, and the one rule that says whether it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gpbot.named import Named, OfChannel, OfPerson
from gpbot.people.types import Kind, Profile


class Trouble(StrEnum):
    """Of channels first, then of people."""

    MISSING = "missing"
    NOT_IN = "not_in"
    ARCHIVED = "archived"
    PUBLIC = "public"
    PRIVATE = "private"
    SHARED = "shared"
    NOT_ALLOWED = "not_allowed"
    NOBODY = "nobody"
    CLOSED = "closed"
    NO_PERSON = "no_person"
    STRANGER = "stranger"

    @property
    def is_open_to_others(self) -> bool:
        """What stands there is read by people it is not for."""
        return self in {Trouble.PUBLIC, Trouble.SHARED}


_WORDS = {
    Trouble.MISSING: "names a channel that Slack does not show to gpbot: it is gone, or it is private and gpbot is not "
    "in it. Invite gpbot to it, or correct the setting.",
    Trouble.NOT_IN: "names a channel that gpbot is not in. Invite gpbot to it.",
    Trouble.ARCHIVED: "names a channel that is archived. Bring it back in Slack, or choose another.",
    Trouble.PUBLIC: "names a channel that is public: everybody here can read it. Make it private, or choose another.",
    Trouble.PRIVATE: "names a channel that is private, so members cannot see it. Choose a public one.",
    Trouble.SHARED: "names a channel that another workspace shares. Stop sharing it, or choose another.",
    Trouble.NOT_ALLOWED: "names a channel that gpbot may not look at. Install the app again from its manifest.",
    Trouble.NOBODY: "names a person whom Slack does not know. Correct the setting.",
    Trouble.CLOSED: "names a person whose account is closed. Choose somebody else.",
    Trouble.NO_PERSON: "names an app where a person has to be. Choose a person.",
    Trouble.STRANGER: "names a person of another workspace. Choose somebody of this one.",
}
# For people who know no settings: the operator changes those.
_PLAIN = {
    Trouble.MISSING: "is one that Slack does not show to gpbot: it is gone, or it is private and gpbot is not in it. "
    "Invite gpbot to it, or {ask}.",
    Trouble.NOT_IN: "is one that gpbot is not in. Invite gpbot to it.",
    Trouble.ARCHIVED: "is archived. Bring it back in Slack, or {ask}.",
    Trouble.PUBLIC: "is public: everybody here can read it. Make it private, or {ask}.",
    Trouble.PRIVATE: "is private, so members cannot see it. Please {ask}.",
    Trouble.SHARED: "is one that another workspace shares. Stop sharing it, or {ask}.",
    Trouble.NOT_ALLOWED: "is one that gpbot may not look at. Whoever runs gpbot has to install it again in Slack.",
    Trouble.NOBODY: "is not known to Slack. Please {ask}.",
    Trouble.CLOSED: "has a closed account. Please {ask}.",
    Trouble.NO_PERSON: "is an app and no person. Please {ask}.",
    Trouble.STRANGER: "belongs to another workspace. Please {ask}.",
}
_ASK = {
    OfChannel: "ask whoever runs gpbot to choose another",
    OfPerson: "ask whoever runs gpbot to choose somebody else",
}
_MEANWHILE = "Until then gpbot posts nothing there."
_POSTED = " What waited for it is posted now."
_QUESTIONS = "Questions come to each champion by direct message."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What Slack says of one of them: `members` where it matters who is in it, `profile` of a person."""

    trouble: Trouble | None
    members: Sequence[str] = ()
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one of them stood when it was last looked at; what is said of it is for people who can mend it."""

    named: Named
    trouble: Trouble | None

    @property
    def words(self) -> str:
        """A sentence or three; empty when nothing is wrong."""
        return words(self.named, self.trouble) if self.trouble else ""

    @property
    def plainly(self) -> str:
        """The same for champions."""
        return plainly(self.named, self.trouble) if self.trouble else ""


def words(named: Named, trouble: Trouble) -> str:
    """For the operator, in the log and in health: with the setting, and without the id."""
    return _with_meanwhile(f"{named.setting} {_WORDS[trouble]}", named)


def plainly(named: Named, trouble: Trouble) -> str:
    """The same for champions, in mrkdwn: what it is to them, and which."""
    return _with_meanwhile(f"{_called(named)} {_PLAIN[trouble].format(ask=_ASK[type(named.wants)])}", named)


def _called(named: Named) -> str:
    sign = "#" if isinstance(named.wants, OfChannel) else "@"
    return f"{named.wants.called} (<{sign}{named.slack_id}>)"


def _with_meanwhile(said: str, named: Named) -> str:
    if isinstance(named.wants, OfChannel) and named.wants.is_waited_for:
        said += f" {_MEANWHILE}"
        if named.wants.is_champions:
            said += f" {_QUESTIONS}"
    return said


def mended(named: Named) -> str:
    """For champions, in mrkdwn."""
    waited = isinstance(named.wants, OfChannel) and named.wants.is_waited_for
    return f"{_called(named)} is as it has to be again.{_POSTED if waited else ''}"


def outdated(written: Named, newest: str) -> str:
    """Of a setting that names a channel by an id Slack has changed."""
    return (
        f"{written.setting} names a channel that Slack calls {newest} by now. gpbot goes on with it. Put {newest} in "
        f"the place of {written.slack_id} in .env; this is said until gpbot has been started with it."
    )


def of_channel(shape: Mapping[str, Any], wants: OfChannel) -> Trouble | None:
    """By Slack's channel object. What is worst comes first: what can be read by others."""
    if wants.is_private is True and not shape.get("is_private"):
        return Trouble.PUBLIC
    if not wants.may_be_shared and any(shape.get(each) for each in _SHARED):
        return Trouble.SHARED
    if shape.get("is_archived"):
        return Trouble.ARCHIVED if not wants.may_be_archived else None
    if wants.is_private is False and shape.get("is_private"):
        return Trouble.PRIVATE
    if wants.gpbot_is_in and not shape.get("is_member"):
        return Trouble.NOT_IN
    return None


def of_person(profile: Profile) -> Trouble | None:
    """Whether they may hold a role is the roster's to say (`gpbot.people.roles`)."""
    if profile.deactivated:
        return Trouble.CLOSED
    return {Kind.BOT: Trouble.NO_PERSON, Kind.STRANGER: Trouble.STRANGER}.get(profile.kind)


_SHARED = ("is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared")
