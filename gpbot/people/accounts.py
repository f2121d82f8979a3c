"""Whose account it is that acts: known from the member list, else asked of Slack, and remembered for some minutes."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from gpbot.errors import place
from gpbot.outbox.types import Refused, SendingEnded
from gpbot.people import members
from gpbot.people.listeners import profile_of
from gpbot.people.types import Kind
from gpbot.people.workflow import People
from gpbot.slack.door import Account

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=10)
MOST_KEPT = 10_000
PAUSE = timedelta(seconds=10)  # after Slack did not answer: those who open windows share these threads
_ACCOUNTS = {
    Kind.MEMBER: Account.PERSON,
    Kind.GUEST: Account.PERSON,
    Kind.STRANGER: Account.STRANGER,
    Kind.BOT: Account.BOT,
    Kind.INVITED: Account.UNTOLD,  # the person who acts has come
    Kind.UNKNOWN: Account.UNTOLD,
}


class KnownAccounts:
    """Of strangers and bots nothing is stored: they are remembered here alone. Safe to use from several threads."""

    def __init__(self, people: People, user_info: Callable[[str], Mapping[str, Any]], *, team_id: str) -> None:
        """`user_info(user_id)` asks Slack. Raises SendingEnded."""
        self._people = people
        self._user_info = user_info
        self._team_id = team_id
        self._seen: dict[str, tuple[Account, datetime]] = {}
        self._not_before: datetime | None = None

    def known(self, user_id: str) -> Account:
        account, until = self._seen.get(user_id, (Account.UNTOLD, None))
        if until is not None and self._people.database.clock.now() < until:
            return account
        with self._people.database.read() as session:
            member = members.member_called(session, user_id)
        return self._remember(user_id, _ACCOUNTS[member.kind] if member is not None else Account.UNTOLD)

    def ask(self, user_id: str) -> Account:
        now = self._people.database.clock.now()
        if self._not_before is not None and now < self._not_before:
            return Account.UNTOLD
        try:
            profile = profile_of(self._user_info(user_id), self._team_id)
            account = self._remember(user_id, _ACCOUNTS[profile.kind])
            self._people.follow([profile])
        except SendingEnded as ended:
            log.warning("Slack does not say whose account it is that acts: %s", ended.code)
            if not isinstance(ended, Refused):
                self._not_before = now + PAUSE
            return Account.UNTOLD
        except Exception as error:  # noqa: BLE001  (the person who acts must not be left without an answer for it)
            log.error("%s", place(error))  # noqa: TRY400  (no text)
            return Account.UNTOLD
        return account

    def find_out(self, user_id: str) -> Account:
        """Known, or else asked."""
        account = self.known(user_id)
        return self.ask(user_id) if account is Account.UNTOLD else account

    def changed(self, user_id: str) -> None:
        """Slack says that something about them is new."""
        self._seen.pop(user_id, None)

    def _remember(self, user_id: str, account: Account) -> Account:
        if account is not Account.UNTOLD:
            if len(self._seen) >= MOST_KEPT:
                self._seen.clear()
            self._seen[user_id] = (account, self._people.database.clock.now() + KEPT)
        return account
