"""The door: whose payload it is, asked of each before any listener is called."""

import logging
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from gpbot.refusals import Refusal
from gpbot.slack.answers import Answer, Nothing, Say
from gpbot.slack.blocks import Block
from gpbot.slack.errors import Funnel
from gpbot.slack.identity import Identity
from gpbot.slack.requests import Asked, Event, Submission

log = logging.getLogger(__name__)

ASK_SECONDS = 1.0  # so long, at most, a form waits for Slack to say who sends it: it alone must be answered at once


class Account(StrEnum):
    PERSON = "person"  # a member or a guest of this workspace
    STRANGER = "stranger"  # of another workspace, in a shared channel
    BOT = "bot"
    UNTOLD = "untold"  # Slack has not said yet: they may have joined a moment ago


class Accounts(Protocol):
    def known(self, user_id: str) -> Account:
        """Without asking Slack."""
        ...

    def ask(self, user_id: str) -> Account:
        """Ask Slack; UNTOLD while it does not answer, or does not know them. Never raises."""
        ...


class Outside(Protocol):
    """What answers after the ack."""

    def later(self, work: Callable[[], None]) -> bool:
        """Run `work` on a thread of its own; False when too much is running."""
        ...

    def respond(self, asked: Asked, text: str, blocks: list[Block] = ...) -> None: ...


class NotForYou(Refusal):
    """`words` names the way outside: somebody who has something to tell must not be left with nothing."""


# See docs/decisions/0030-door.md
class Door:
    """Lets in people of this workspace.

    Guests are let in like members; what they may do, each listener asks. People Slack has not told of yet are let in
    too when Slack does not answer: nothing is lost, and nobody who has just joined is turned away. What makes somebody
    one of the people gpbot keeps asks again.
    """

    def __init__(self, identity: Identity, errors: Funnel) -> None:
        self._identity = identity
        self._errors = errors
        self._accounts: Accounts | None = None
        self._outside: Outside | None = None

    def asks(self, accounts: Accounts, outside: Outside) -> None:
        """Who somebody is; until then anyone who is of this workspace is let in."""
        self._accounts = accounts
        self._outside = outside

    def admit(self, body: Mapping[str, Any], asked: Asked, go_on: Callable[[], Answer]) -> Answer:
        """What `go_on` answers, if the person who asks may come in. Raises NotForYou, and what `go_on` raises."""
        self._check_place(body)
        if self._accounts is None or self._outside is None:
            return go_on()
        account = self._accounts.known(asked.user_id)
        if account is Account.UNTOLD:
            if not isinstance(asked, Submission):
                accounts, outside = self._accounts, self._outside
                if outside.later(lambda: self._admit_later(accounts, outside, asked, go_on)):
                    return Nothing()
            else:
                account = self._ask_for_a_moment(self._accounts, self._outside, asked.user_id)
        self._check_account(account)
        return go_on()

    def lets_in(self, body: Mapping[str, Any], event: Event) -> bool:
        """Whether an event is for the listeners. What happens to others, they look at themselves."""
        if not self._is_our_event(body):
            log.warning("left out an event of another workspace, or for another app")
            return False
        if event.type != "message" or self._accounts is None or self._outside is None:
            return True
        writer = event.body.get("user")
        if not isinstance(writer, str):
            return True
        account = self._accounts.known(writer)
        if account is Account.STRANGER and event.body.get("channel_type") == "im":
            self._outside.respond(Asked(user_id=writer), self.words(account))
        return account in {Account.PERSON, Account.UNTOLD}

    def words(self, account: Account) -> str:
        """What people who are not let in read; empty for those who are."""
        outside = "Nothing was sent or kept. If you want to tell somebody something in confidence, contact"
        match account:
            case Account.STRANGER:
                who = "Only members of this workspace can use gpbot, and your account belongs to another one."
            case Account.BOT:
                who = "gpbot is here for people, and this account belongs to an app."
            case _:
                return ""
        return f"{who} {outside} {self._errors.external_help}."

    def _admit_later(self, accounts: Accounts, outside: Outside, asked: Asked, go_on: Callable[[], Answer]) -> None:
        try:
            self._check_account(accounts.ask(asked.user_id))
            answer = go_on()
        except Exception as error:  # noqa: BLE001  (the funnel takes all)
            answer = self._errors.answer(asked, error)
        if isinstance(answer, Say):
            outside.respond(asked, answer.text, list(answer.blocks))

    def _ask_for_a_moment(self, accounts: Accounts, outside: Outside, user_id: str) -> Account:
        told = threading.Event()
        found = [Account.UNTOLD]

        def ask() -> None:
            found[0] = accounts.ask(user_id)
            told.set()

        if outside.later(ask):
            told.wait(ASK_SECONDS)
        return found[0]

    def _check_account(self, account: Account) -> None:
        if words := self.words(account):
            raise NotForYou(words)

    def _check_place(self, body: Mapping[str, Any]) -> None:
        """Of which workspace, and for which app."""
        if self._is_for_another_app(body):
            raise NotForYou("This belongs to another app. Nothing was sent or kept.")
        user = _part(body, "user")
        said = {body.get("team_id"), _part(body, "team").get("id"), user.get("team_id")} - {None, ""}
        ours = self._identity.team_id
        # In an organisation of several workspaces, people may have another home; what Slack says of them decides.
        is_org = bool(body.get("enterprise_id") or _part(body, "enterprise").get("id") or user.get("enterprise_id"))
        if ours and said - {ours} and not is_org:
            raise NotForYou(self.words(Account.STRANGER))

    def _is_our_event(self, body: Mapping[str, Any]) -> bool:
        """In a shared channel Slack may name the other workspace first, and says besides for whom it is."""
        given = body.get("authorizations")
        authorized = [_mapping(each).get("team_id") for each in given] if isinstance(given, list) else []
        said = {body.get("team_id"), body.get("context_team_id"), *authorized} - {None, ""}
        ours = self._identity.team_id
        return not self._is_for_another_app(body) and (not ours or not said or ours in said)

    def _is_for_another_app(self, body: Mapping[str, Any]) -> bool:
        said = body.get("api_app_id")
        return bool(said and self._identity.app_id and said != self._identity.app_id)


def _part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return _mapping(body.get(key))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
