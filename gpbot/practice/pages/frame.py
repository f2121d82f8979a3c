"""What stands around a practice workspace in a browser: who is who, a guide, and hands on time and trouble."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gpbot.practice.state import MovedClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do: as whom, where (`messages`, `home` or `channel/general`), and what, in words.

    `who` is a user id, or tells one when asked: somebody may have to join first. `do` does it for them; `seen` says in
    words what to look at afterwards.
    """

    who: str | Callable[[], str]
    where: str
    words: str
    do: Callable[[], None] | None = None
    seen: str = ""

    @property
    def person_id(self) -> str:
        return self.who if isinstance(self.who, str) else self.who()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Steps that belong together, under a title; `words` say what it shows."""

    title: str
    words: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What somebody is in this community: `one` of several under a `heading`; `notes` add a few words to some."""

    heading: str
    one: str
    people: Sequence[str]
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`app_runs`, `kill_app`, `start_app` and `app_log` are about the app's process; `reset` begins again.

    `moved` is called after time was moved, to let what fell due happen.
    """

    about: str
    roles: Sequence[Role]
    clock: MovedClock
    chapters: Sequence[Chapter] = ()
    app_runs: Callable[[], bool]
    kill_app: Callable[[], None]
    start_app: Callable[[], None]
    app_log: Callable[[], str]
    reset: Callable[[], None]
    moved: Callable[[], None]
