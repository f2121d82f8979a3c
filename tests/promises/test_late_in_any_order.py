"""Whatever comes late of what draws a window, and in whatever order: nothing that was taken from its viewer stays."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.halves import LONG
from tests.promises.orders import examples
from tests.promises.test_late_windows import CASES, TAKEN, a, open_it, still_shown
from tests.promises.test_looks import READER, Thing, agreed_world
from tests.promises.worlds import World

pytestmark = LONG
ACTS = ("draw again", "take", "open", "a late answer")
MEANWHILE = ("nothing", "nothing", "take", "draw again")


@pytest.fixture(scope="module")
def town() -> Iterator[World]:
    with agreed_world() as here:
        yield here


class Play:
    """One thing in a window of theirs, and what happens to it while updates are on their way."""

    def __init__(self, here: World, kind: str, how: str, meanwhile: Sequence[tuple[str, str]]) -> None:
        self._here = here
        self._take = TAKEN[kind][how]
        self._meanwhile = iter(meanwhile)
        self.thing: Thing = a(kind, here)
        self.taken = False
        open_it(here, self.thing)
        [self._view] = here.c.workspace.views.stacks[here.person(READER).id]
        self._drawn = self._view.definition

    def on_its_way(self, update: Any) -> Any:
        """Before an update arrives something may happen, and before its answer does."""

        def slow(view_id: str, view: Any, **more: Any) -> Any:
            before, after = next(self._meanwhile, ("nothing", "nothing"))
            self._meantime(before)
            answer = update(view_id, view, **more)
            self._meantime(after)
            return answer

        return slow

    def act(self, act: str) -> None:
        match act:
            case "open" if not self.taken:
                open_it(self._here, self.thing)
                [self._view] = self._here.c.workspace.views.stacks[self._here.person(READER).id]
            case "a late answer" if self._here.c.workspace.views.is_open(self._view):
                with self._here.c.workspace.acting():
                    self._here.c.workspace.views.replace(self._view, self._drawn)
            case "draw again" | "take":
                self._do(act)
                self._here.c.bot.settle()

    def _meantime(self, act: str) -> None:
        if act != "nothing":
            self._do(act)
            self._here.c.bot.courier.run_due()

    def _do(self, act: str) -> None:
        if act == "take" and not self.taken:
            self.taken = True
            self._take(self._here, self.thing)
        elif act == "draw again":
            with self._here.c.bot.records.database.begin() as session:
                self._here.c.bot.records.changes.redraw_for(session, self._here.person(READER).id)


@given(
    case=st.sampled_from(CASES),
    acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=5),
    meanwhile=st.lists(st.tuples(st.sampled_from(MEANWHILE), st.sampled_from(MEANWHILE)), max_size=5),
)
@example(case=CASES[0], acts=["draw again"], meanwhile=[])
@example(case=("question", "withdrawn"), acts=["draw again"], meanwhile=[("take", "nothing")])
@example(case=("concern", "a report about them"), acts=["draw again"], meanwhile=[("draw again", "take")])
@example(case=("question", "a report about them"), acts=["take", "a late answer", "draw again"], meanwhile=[])
@examples(30)
def test_what_was_taken_stays_in_no_window(
    town: World, case: tuple[str, str], acts: list[str], meanwhile: list[tuple[str, str]]
) -> None:
    play = Play(town, *case, meanwhile)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town.c.bot.gateway, "update_view", play.on_its_way(town.c.bot.gateway.update_view))
        for act in acts:
            play.act(act)
    town.c.later(seconds=15)
    shown = still_shown(town, play.thing)
    assert shown == [] if play.taken else shown
    town.c.look_away(town.person(READER))
