"""What Slack says of one channel or person that a setting names."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gpbot.named import Named, OfPerson
from gpbot.outbox.types import Refused
from gpbot.people.listeners import profile_of
from gpbot.places.types import Found, Trouble, of_channel, of_person


class Asking:
    """Raises SendingEnded when Slack does not answer."""

    def __init__(
        self,
        channel: Callable[[str], Mapping[str, Any]],
        members: Callable[[str], Sequence[str]],
        user: Callable[[str], Mapping[str, Any]],
        *,
        team_id: str,
        bot_user_id: str,
    ) -> None:
        """The three ask Slack."""
        self._channel = channel
        self._members = members
        self._user = user
        self._team_id = team_id
        self._bot_user_id = bot_user_id

    def __call__(self, named: Named) -> Found:
        try:
            return self._person(named) if isinstance(named.wants, OfPerson) else self._place(named)
        except Refused as refused:
            if isinstance(named.wants, OfPerson):
                return Found(trouble=Trouble.NOBODY)
            is_scope = refused.code in {"access_denied", "missing_scope", "no_permission"}
            return Found(trouble=Trouble.NOT_ALLOWED if is_scope else Trouble.MISSING)

    def _person(self, named: Named) -> Found:
        profile = profile_of(self._user(named.slack_id), self._team_id)
        by_roster = isinstance(named.wants, OfPerson) and named.wants.by_roster
        return Found(trouble=None if by_roster else of_person(profile), profile=profile)

    def _place(self, named: Named) -> Found:
        if isinstance(named.wants, OfPerson):
            raise TypeError(named.setting)
        shape = self._channel(named.slack_id)
        trouble = of_channel(shape, named.wants)
        members: Sequence[str] = ()
        if named.wants.is_champions and shape.get("is_member"):
            members = [each for each in self._members(named.slack_id) if each != self._bot_user_id]
        return Found(trouble=trouble, members=members)
