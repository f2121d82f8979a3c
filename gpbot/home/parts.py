"""What workflows bring to screens: sections of App Home, their part of what waits, and windows."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gpbot.community import Community
from gpbot.db import Database
from gpbot.home.views import home_view
from gpbot.slack.blocks import Block, View, home, section

Section = Callable[[str], list[Block]]  # user id → what that person sees of one workflow; may be empty
Render = Callable[[str, UUID | None], View | None]  # viewer, subject (None: the list) → None: not mine, or not for them
State = Callable[[str, UUID | None], object]


class TakenTwice(Exception):
    """Two sections for one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    blocks: Section
    waiting: Section | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    render: Render
    state: State


class Parts:
    def __init__(self, community: Community, database: Database) -> None:
        self._community = community
        self._database = database
        self._sections: dict[int, _Section] = {}
        self._why_not: Callable[[str], str] | None = None
        self.windows: list[Window] = []

    def section(self, place: int, section: Section, *, waiting: Section | None = None) -> None:
        """`place`: from top to bottom. `waiting`: its part of the list of what waits. Raises TakenTwice."""
        if place in self._sections:
            raise TakenTwice(place)
        self._sections[place] = _Section(blocks=section, waiting=waiting)

    def window(self, render: Render, *, state: State | None = None) -> None:
        """`render(viewer, subject)` draws an open window again, which is no look of anybody's.

        `state(viewer, subject)`: what decides whether it is theirs to see, None where it is not; it changes when they
        must not see any more what was drawn before, and only reads. Without it that is the whole window.
        """
        self.windows.append(Window(render=render, state=state or render))

    def first_ask(self, why_not: Callable[[str], str]) -> None:
        """`why_not(user_id)`: what somebody reads for whom gpbot is not; empty for everybody else."""
        self._why_not = why_not

    def home(self, user_id: str) -> View:
        if self._why_not is not None and (words := self._why_not(user_id)):
            return home([section(words)])
        with self._database.one_moment():
            return home_view(self._community, [each.blocks for each in self._in_order()], user_id)

    def waiting(self, viewer: str) -> list[Block]:
        """What waits for them, of everything that can."""
        return [block for each in self._in_order() if each.waiting for block in each.waiting(viewer)]

    def render(self, viewer: str, subject: UUID | None) -> View | None:
        """None: it is not for them, or not there."""
        drawn = (window.render(viewer, subject) for window in self.windows)
        return next((view for view in drawn if view is not None), None)

    def state(self, viewer: str, subject: UUID | None) -> object:
        stands = (window.state(viewer, subject) for window in self.windows)
        return next((state for state in stands if state is not None), None)

    def _in_order(self) -> list[_Section]:
        return [self._sections[place] for place in sorted(self._sections)]
