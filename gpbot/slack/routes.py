"""Which listener answers what: exact ids, and each id once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from gpbot.slack.answers import Answer
from gpbot.slack.requests import Click, Closed, Command, Shortcut, Submission

CommandListener = Callable[[Command], Answer]
ClickListener = Callable[[Click], Answer]
SubmissionListener = Callable[[Submission], Answer]
ClosedListener = Callable[[Closed], Answer]
ShortcutListener = Callable[[Shortcut], Answer]

Listener = TypeVar("Listener")
_Route = TypeVar("_Route")


class TakenTwice(Exception):
    """Two listeners for one id: one of them would never run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRoute:
    name: str
    listener: CommandListener
    description: str
    usage_hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutRoute:
    callback_id: str
    listener: ShortcutListener
    name: str
    description: str


def action_key(action_id: str) -> str:
    """`report.open` for `report.open:3`: the suffix only keeps action ids apart within one view."""
    return action_id.partition(":")[0]


# See docs/decisions/0002-exact-routes.md
class Routes:
    """The table of everything people can do; the manifest is made from it.

    Every method takes the listener, or decorates it: `@routes.action("report.open")`.
    Raises TakenTwice when an id is registered again.
    """

    def __init__(self) -> None:
        self.commands: dict[str, CommandRoute] = {}
        self.actions: dict[str, ClickListener] = {}
        self.submissions: dict[str, SubmissionListener] = {}
        self.closings: dict[str, ClosedListener] = {}
        self.shortcuts: dict[str, ShortcutRoute] = {}
        self.message_shortcuts: dict[str, ShortcutRoute] = {}

    def command(
        self,
        name: str,
        listener: CommandListener | None = None,
        *,
        description: str,
        usage_hint: str | None = None,
    ) -> Callable[[CommandListener], CommandListener]:
        def register(listener: CommandListener) -> CommandListener:
            route = CommandRoute(name=name, listener=listener, description=description, usage_hint=usage_hint)
            _put(self.commands, name, route)
            return listener

        return _now_or_later(register, listener)

    def action(self, action_id: str, listener: ClickListener | None = None) -> Callable[[ClickListener], ClickListener]:
        def register(listener: ClickListener) -> ClickListener:
            if action_key(action_id) != action_id:
                raise ValueError(f"{action_id}: what follows the colon is for views, not for routes")
            _put(self.actions, action_id, listener)
            return listener

        return _now_or_later(register, listener)

    def submission(
        self, callback_id: str, listener: SubmissionListener | None = None
    ) -> Callable[[SubmissionListener], SubmissionListener]:
        def register(listener: SubmissionListener) -> SubmissionListener:
            _put(self.submissions, callback_id, listener)
            return listener

        return _now_or_later(register, listener)

    def closed(
        self, callback_id: str, listener: ClosedListener | None = None
    ) -> Callable[[ClosedListener], ClosedListener]:
        def register(listener: ClosedListener) -> ClosedListener:
            _put(self.closings, callback_id, listener)
            return listener

        return _now_or_later(register, listener)

    def shortcut(
        self, callback_id: str, listener: ShortcutListener | None = None, *, name: str, description: str
    ) -> Callable[[ShortcutListener], ShortcutListener]:
        return self._shortcut(self.shortcuts, callback_id, listener, name, description)

    def message_shortcut(
        self, callback_id: str, listener: ShortcutListener | None = None, *, name: str, description: str
    ) -> Callable[[ShortcutListener], ShortcutListener]:
        return self._shortcut(self.message_shortcuts, callback_id, listener, name, description)

    def _shortcut(
        self,
        table: dict[str, ShortcutRoute],
        callback_id: str,
        listener: ShortcutListener | None,
        name: str,
        description: str,
    ) -> Callable[[ShortcutListener], ShortcutListener]:
        def register(listener: ShortcutListener) -> ShortcutListener:
            route = ShortcutRoute(callback_id=callback_id, listener=listener, name=name, description=description)
            if callback_id in self.shortcuts or callback_id in self.message_shortcuts:
                raise TakenTwice(callback_id)  # Slack keeps one list for both kinds
            _put(table, callback_id, route)
            return listener

        return _now_or_later(register, listener)


def _put(table: dict[str, _Route], key: str, route: _Route) -> None:
    if key in table:
        raise TakenTwice(key)
    table[key] = route


def _now_or_later(
    register: Callable[[Listener], Listener], listener: Listener | None
) -> Callable[[Listener], Listener]:
    if listener is not None:
        register(listener)
    return register
