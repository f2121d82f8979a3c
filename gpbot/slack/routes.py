"""Which listener answers what: exact ids, and each id once."""

from collections.abc import Callable
from typing import TypeVar

from gpbot.slack.answers import Answer
from gpbot.slack.blocks import unescape
from gpbot.slack.on import Kind, TakenTwice, declared
from gpbot.slack.requests import Click, Command, Shortcut, Submission

_Listener = TypeVar("_Listener")


class Routes:
    """The table of everything people can do; the decorators in `gpbot.slack.on` say what a method answers."""

    def __init__(self) -> None:
        self.commands: dict[str, Callable[[Command], Answer]] = {}
        self.subcommands: dict[str, Callable[[Command], Answer]] = {}
        self.actions: dict[str, Callable[[Click], Answer]] = {}
        self.submissions: dict[str, Callable[[Submission], Answer]] = {}
        self.shortcuts: dict[str, Callable[[Shortcut], Answer]] = {}
        self.message_shortcuts: dict[str, Callable[[Shortcut], Answer]] = {}

    def add(self, listeners: object) -> None:
        """Every method that is marked. Raises TakenTwice when an id is answered already."""
        for name, route in declared(type(listeners)):
            method = getattr(listeners, name)
            match route.kind:
                case Kind.COMMAND:
                    _put(self.commands, route.id, method)
                case Kind.SUBCOMMAND:
                    _put(self.subcommands, route.id, method)
                case Kind.CLICK:
                    _put(self.actions, route.id, method)
                case Kind.SUBMISSION:
                    _put(self.submissions, route.id, method)
                case Kind.SHORTCUT:
                    _put(self.shortcuts, route.id, method, beside=self.message_shortcuts)
                case Kind.MESSAGE_SHORTCUT:
                    _put(self.message_shortcuts, route.id, method, beside=self.shortcuts)
                case Kind.EVENT:
                    pass  # of which there may be many

    def command(self, asked: Command) -> Callable[[Command], Answer] | None:
        word = unescape(asked.text).strip().casefold()
        return self.subcommands.get(f"{asked.name} {word}") or self.commands.get(asked.name)


def _put(
    table: dict[str, _Listener], key: str, listener: _Listener, *, beside: dict[str, _Listener] | None = None
) -> None:
    if key in table or key in (beside or {}):
        raise TakenTwice(key)
    table[key] = listener
