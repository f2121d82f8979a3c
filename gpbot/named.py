"""What settings name in Slack: told from the types of their fields, so that a new setting needs no list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfChannel:
    """What a channel has to be, beside being there; `called` is what champions, who know no settings, call it."""

    called: str = "A channel that gpbot uses"
    is_private: bool | None = None  # None: as it likes
    gpbot_is_in: bool = False
    may_be_shared: bool = True
    may_be_archived: bool = False
    is_waited_for: bool = False  # what is to be posted there waits until it is as it has to be
    is_champions: bool = False  # who is in it is looked at too


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """`by_roster`: what may be wrong with them, the roster's own rule says."""

    called: str = "Somebody whom gpbot counts on"
    by_roster: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    setting: str
    slack_id: str
    wants: OfChannel | OfPerson


TriageChannel = Annotated[
    str,
    OfChannel(
        called="The champions' channel",
        is_private=True,
        gpbot_is_in=True,
        may_be_shared=False,
        is_waited_for=True,
        is_champions=True,
    ),
]
WelcomeChannel = Annotated[
    str, OfChannel(called="The channel of those who welcome newcomers", gpbot_is_in=True, is_waited_for=True)
]
ProposalsChannel = Annotated[
    str, OfChannel(called="The channel for proposals", is_private=False, gpbot_is_in=True, is_waited_for=True)
]
# gpbot is invited to it only when a campaign begins, which says so; it is named to newcomers before that.
PublicChannel = Annotated[str, OfChannel(called="A channel that gpbot points people to", is_private=False)]
AnyChannel = Annotated[str, OfChannel(called="A channel that gpbot leaves alone", may_be_archived=True)]
RoleHolderId = Annotated[str, OfPerson(called="Somebody who is to hold a role", by_roster=True)]


# See docs/decisions/0042-named-in-slack.md
def named_in(settings: Any) -> list[Named]:
    """Every channel and person that a setting names, in the order of the settings; `settings` is a dataclass."""
    hints = get_type_hints(type(settings), include_extras=True)
    return [
        Named(setting=field.name.upper(), slack_id=slack_id, wants=wants)
        for field in fields(settings)
        for slack_id, wants in dict(_named(hints[field.name], getattr(settings, field.name))).items()
        if slack_id
    ]


def with_channels(settings: S, called: Callable[[str], str]) -> S:
    """The same, with each channel `called` something else; `settings` is a dataclass."""
    hints = get_type_hints(type(settings), include_extras=True)
    values: dict[str, Any] = {field.name: getattr(settings, field.name) for field in fields(settings)}  # type: ignore[arg-type]
    changed = {name: _called(hints[name], value, called) for name, value in values.items()}
    return replace(settings, **{name: value for name, value in changed.items() if value != values[name]})  # type: ignore[type-var]


def _called(hint: Any, value: Any, called: Callable[[str], str]) -> Any:
    parts = get_args(hint)
    if get_origin(hint) is Annotated:
        return called(value) if any(isinstance(each, OfChannel) for each in parts[1:]) else value
    if get_origin(hint) is tuple:
        of_each = parts[:1] * len(value) if parts[1:] == (Ellipsis,) else parts
        return tuple(_called(part, each, called) for part, each in zip(of_each, value, strict=True))
    return value


def _named(hint: Any, value: Any) -> Iterator[tuple[str, OfChannel | OfPerson]]:
    parts = get_args(hint)
    if get_origin(hint) is Annotated:
        yield from ((value, each) for each in parts[1:] if isinstance(each, OfChannel | OfPerson))
    elif get_origin(hint) is tuple and parts[1:] == (Ellipsis,):
        for each in value:
            yield from _named(parts[0], each)
    elif get_origin(hint) is tuple:
        for part, each in zip(parts, value, strict=True):
            yield from _named(part, each)
