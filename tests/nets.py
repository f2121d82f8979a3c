"""What the nets have to know of each workflow: it stands beside the workflow's own tests, in their `nets.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from gpbot.bootstrap import WORKFLOWS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from gpbot.rights import Right, Subject
    from tests.house.owing import Asked, Owing
    from tests.promises.pressing import Town
    from tests.promises.worlds import World
    from tests.upgrading.story import Story

K = TypeVar("K")
V = TypeVar("V")

# Why a route is about nothing.
STILL_EMPTY = "a form that is still empty"
NOT_KEPT_YET = "what such a form says, of which nothing is kept yet"
OF_THEMSELVES = "what a person says of themselves"
OWN_STEPS = "their own first steps"
A_LIST = "a list, made for who looks"
THE_SAME = "a page that is the same for everybody"


@dataclass(frozen=True, kw_only=True)
class Nets:
    """A workflow leaves out what it has none of: a test fails where something is missing, and says what to write."""

    # Each of its jobs, asked for once.
    owed: Callable[[Owing], Iterable[Asked]] = lambda _owing: ()
    # The routes that are about nothing, and why.
    no_subject: Mapping[str, str] = field(default_factory=dict)
    # What is the subject of a route in a world, as it stands in the value of a button.
    in_world: Mapping[Subject, Callable[[World], str]] = field(default_factory=dict)
    # What it does to a town, so that there is one of everything.
    begin: Callable[[Town], object] = lambda _town: None
    # One more of it, for who asks; where there is none, there is one in a town.
    another: Mapping[Subject, Callable[[Town, str], object]] = field(default_factory=dict)
    # Who of a town's people has a right that is personal.
    of_whom: Mapping[Right, Collection[str]] = field(default_factory=dict)
    # Who knows by another route that there is such a secret one: it may take them longer to be told nothing.
    know_of: Mapping[Subject, Collection[str]] = field(default_factory=dict)
    # Buttons that stand in a form: its subject is the form's, and from anywhere else nothing is said.
    in_a_form: Mapping[str, str] = field(default_factory=dict)
    # What stands in a button's value beside the id.
    values: Mapping[str, str] = field(default_factory=dict)
    # The fields of its forms, filled in.
    filled: Callable[[Town], Mapping[str, Any]] = lambda _town: {}
    # Routes that nobody in a town may press, and where that is tried.
    needs_more: Mapping[str, str] = field(default_factory=dict)
    # Its part in the story that is kept of each release, where that has none of it yet.
    story: Callable[[Story], object] = lambda _story: None


def of(name: str) -> Nets:
    """Of the workflow that is called so."""
    module = f"tests.{name}.nets"
    assert _is_there(module), (
        f"gpbot/{name} has no tests/{name}/nets.py: write one with `NETS = Nets(…)` (tests/nets.py), which says "
        "what its routes are about, whose its personal rights are, and which jobs it enqueues"
    )
    nets: Nets = import_module(module).NETS
    return nets


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the folder
        return False


@cache
def each() -> tuple[Nets, ...]:
    return tuple(of(workflow.name) for workflow in WORKFLOWS)


@cache
def of_all() -> Nets:
    """What stands in them by name, in one."""
    return Nets(
        no_subject=_joined(nets.no_subject for nets in each()),
        in_world=_joined(nets.in_world for nets in each()),
        another=_joined(nets.another for nets in each()),
        of_whom=_joined(nets.of_whom for nets in each()),
        know_of=_joined(nets.know_of for nets in each()),
        in_a_form=_joined(nets.in_a_form for nets in each()),
        values=_joined(nets.values for nets in each()),
        needs_more=_joined(nets.needs_more for nets in each()),
    )


def _joined(parts: Iterable[Mapping[K, V]]) -> Mapping[K, V]:
    found: dict[K, V] = {}
    for part in parts:
        assert not found.keys() & part.keys(), "two workflows say it of the same"
        found |= part
    return found
