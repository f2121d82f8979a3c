"""What a method answers is said on the method; these decorators only mark it, and registering comes later."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from gpbot.rights import Right
from gpbot.slack.answers import Answer
from gpbot.slack.requests import Click, Command, Event, Shortcut, Submission

OnCommand = TypeVar("OnCommand", bound=Callable[[Any, Command], Answer])
OnClick = TypeVar("OnClick", bound=Callable[[Any, Click], Answer])
OnSubmission = TypeVar("OnSubmission", bound=Callable[[Any, Submission], Answer])
OnShortcut = TypeVar("OnShortcut", bound=Callable[[Any, Shortcut], Answer])
OnEvent = TypeVar("OnEvent", bound=Callable[[Any, Event], None])
Marked = TypeVar("Marked", bound=Callable[..., Any])

RATE_LIMITED = "app_rate_limited"  # comes by itself: nobody can subscribe to it
_MARK = "_answers"


class TakenTwice(Exception):
    """Two listeners for one id: one of them would never run."""


class Kind(Enum):
    COMMAND = auto()
    SUBCOMMAND = auto()
    CLICK = auto()
    SUBMISSION = auto()
    SHORTCUT = auto()
    MESSAGE_SHORTCUT = auto()
    EVENT = auto()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Route:
    """One thing that people do, or that Slack tells, and that is answered."""

    kind: Kind
    id: str  # a command with its slash, a subcommand behind its command, an event as Slack's `event.type`
    name: str = ""  # shortcuts have one
    description: str = ""
    hint: str = ""
    may: Right | None = None  # who; of what Slack tells, nobody is asked

    @property
    def says_who_may(self) -> bool:
        return self.may is not None or self.kind is Kind.EVENT

    @property
    def taken(self) -> tuple[Kind, str]:
        """What no other route may have. Slack keeps one list for both kinds of shortcut."""
        return (Kind.SHORTCUT if self.kind is Kind.MESSAGE_SHORTCUT else self.kind, self.id)


# Each says who may press it and what it is about; a workflow in which one does not is refused (see `gpbot.kit`).


def command(
    name: str, *, description: str, hint: str = "", may: Right | None = None
) -> Callable[[OnCommand], OnCommand]:
    return _marking(Route(kind=Kind.COMMAND, id=name, description=description, hint=hint, may=may))


def subcommand(name: str, word: str, *, may: Right | None = None) -> Callable[[OnCommand], OnCommand]:
    """What the command `name`, perhaps another workflow's, does when nothing but `word` stands behind it."""
    return _marking(Route(kind=Kind.SUBCOMMAND, id=f"{name} {word}", hint=word, may=may))


def click(action_id: str, *, may: Right | None = None) -> Callable[[OnClick], OnClick]:
    if action_key(action_id) != action_id:
        raise ValueError(f"{action_id}: what follows the colon is for views, not for routes")
    return _marking(Route(kind=Kind.CLICK, id=action_id, may=may))


def submission(callback_id: str, *, may: Right | None = None) -> Callable[[OnSubmission], OnSubmission]:
    return _marking(Route(kind=Kind.SUBMISSION, id=callback_id, may=may))


def shortcut(
    callback_id: str, *, name: str, description: str, may: Right | None = None
) -> Callable[[OnShortcut], OnShortcut]:
    return _marking(Route(kind=Kind.SHORTCUT, id=callback_id, name=name, description=description, may=may))


def message_shortcut(
    callback_id: str, *, name: str, description: str, may: Right | None = None
) -> Callable[[OnShortcut], OnShortcut]:
    return _marking(Route(kind=Kind.MESSAGE_SHORTCUT, id=callback_id, name=name, description=description, may=may))


def event(event_type: str) -> Callable[[OnEvent], OnEvent]:
    """`event_type` as in Slack's `event.type`: "team_join", and "message" for messages of all kinds."""
    return _marking(Route(kind=Kind.EVENT, id=event_type))


def action_key(action_id: str) -> str:
    """`report.open` for `report.open:3`: the suffix only keeps action ids apart within one view."""
    return action_id.partition(":")[0]


def declared(listeners: type) -> Iterator[tuple[str, Route]]:
    """The methods of a class that answer something, each with what it answers, as they stand in the code."""
    for name, method in vars(listeners).items():
        for route in getattr(method, _MARK, ()):
            yield name, route


def routes_of(classes: Iterable[type]) -> list[Route]:
    """Everything that objects of these classes will answer. Raises TakenTwice."""
    found = [route for each in classes for _, route in declared(each)]
    taken: set[tuple[Kind, str]] = set()
    for route in found:
        take(route, taken)
    return found


def take(route: Route, taken: set[tuple[Kind, str]]) -> None:
    """Add it to what is taken; of an event there may be many listeners. Raises TakenTwice."""
    if route.kind is Kind.EVENT:
        return
    if route.taken in taken:
        raise TakenTwice(route.id)
    taken.add(route.taken)


def _marking(route: Route) -> Callable[[Marked], Marked]:
    def mark(method: Marked) -> Marked:
        setattr(method, _MARK, (route, *getattr(method, _MARK, ())))
        return method

    return mark
