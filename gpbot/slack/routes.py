"""Which listener answers what: exact ids, and each id once."""

from collections.abc import Callable
from typing import Any

from gpbot.refusals import Refusal
from gpbot.rights import Right
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.blocks import View, unescape
from gpbot.slack.on import Kind, declared, take
from gpbot.slack.requests import Asked, Click, Command, Shortcut, Submission


class Routes:
    """The table of everything people can do; the decorators in `gpbot.slack.on` say what a method answers."""

    def __init__(self) -> None:
        self.commands: dict[str, Callable[[Command], Answer]] = {}
        self.subcommands: dict[str, Callable[[Command], Answer]] = {}
        self.actions: dict[str, Callable[[Click], Answer]] = {}
        self.submissions: dict[str, Callable[[Submission], Answer]] = {}
        self.shortcuts: dict[str, Callable[[Shortcut], Answer]] = {}
        self.message_shortcuts: dict[str, Callable[[Shortcut], Answer]] = {}
        self._tables: dict[Kind, dict[str, Any]] = {
            Kind.COMMAND: self.commands,
            Kind.SUBCOMMAND: self.subcommands,
            Kind.CLICK: self.actions,
            Kind.SUBMISSION: self.submissions,
            Kind.SHORTCUT: self.shortcuts,
            Kind.MESSAGE_SHORTCUT: self.message_shortcuts,
        }
        self._taken: set[tuple[Kind, str]] = set()
        self._role_of: Callable[[str], str | None] = _nobody
        self._show: Callable[[Click, Callable[[], View]], object] | None = None

    def asks_roles(
        self, role_of: Callable[[str], str | None], show: Callable[[Click, Callable[[], View]], object] | None = None
    ) -> None:
        """Which role somebody holds and can act in (until then nobody does); `show` opens what a click asks for."""
        self._role_of = role_of
        self._show = show

    def add(self, listeners: object) -> None:
        """Every method that is marked, but for events. Raises TakenTwice when an id is answered already."""
        for name, route in declared(type(listeners)):
            take(route, self._taken)
            if route.kind is not Kind.EVENT:
                listener = getattr(listeners, name)
                if route.may is not None and route.may.at_the_door:
                    listener = self._at_the_door(route.may, listener)
                self._tables[route.kind][route.id] = listener

    def command(self, asked: Command) -> Callable[[Command], Answer] | None:
        word = unescape(asked.text).strip().casefold()
        return self.subcommands.get(f"{asked.name} {word}") or self.commands.get(asked.name)

    # See docs/decisions/0054-rights.md
    def _at_the_door(self, may: Right, listener: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
        """What takes a role and nothing else is asked before the listener, which asks again."""

        def asked_first(asked: Asked) -> Answer:
            if self._role_of(asked.user_id) in may.who:
                return listener(asked)

            def refuse() -> View:
                raise Refusal(f"This is for {may.words}.")

            if self._show is None or not isinstance(asked, Click):
                refuse()
            else:
                self._show(asked, refuse)  # in a window, as listeners refuse
            return Nothing()

        return asked_first


def _nobody(_user_id: str) -> str | None:
    return None
