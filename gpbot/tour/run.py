"""The tour from beginning to end: a community, one scene after the other, and an exit status."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console

from gpbot.practice import CannotDo
from gpbot.tour.checks import Checks, PromiseBroken
from gpbot.tour.neighbourhood import BotDied, Neighbourhood, neighbourhood
from gpbot.tour.teller import Sees, Teller

INTRODUCTION: Final = (
    "A practice Slack on this machine, eight people, and gpbot as a process of its own. One word of each text, such "
    "as “marmalade”, is marked: after every step it is looked for in all that each of them ever saw."
)
KEPT: Final = 0
BROKEN: Final = 1


@dataclass(slots=True)
class Tour:
    """What a scene works with. `codes` are code names that a scene learnt, for later ones."""

    place: Neighbourhood
    teller: Teller
    checks: Checks
    codes: dict[str, str] = field(default_factory=dict)

    def show(self, *screens: Sees) -> None:
        self.teller.show(*screens)


Scene = Callable[[Tour], None]
"""A plain function. The first line of its docstring is its title, and the rest what is said before it."""


def run_tour(scenes: Sequence[Scene], console: Console) -> int:
    """The exit status: 0 when every promise held."""
    teller = Teller(console)
    teller.say(INTRODUCTION)
    with tempfile.TemporaryDirectory(prefix="gpbot-tour-") as folder:
        try:
            with neighbourhood(Path(folder).resolve()) as place:
                return _play(Tour(place, teller, Checks(place, teller.checked)), scenes)
        except BotDied as died:
            teller.broken("gpbot keeps running", str(died))
            return BROKEN


def _play(tour: Tour, scenes: Sequence[Scene]) -> int:
    begun = time.monotonic()
    place, teller, checks = tour.place, tour.teller, tour.checks
    try:
        for number, scene in enumerate(scenes, start=1):
            title, _, words = (scene.__doc__ or scene.__name__).partition("\n")
            teller.scene(number, title.rstrip("."), place.people.values())
            if words.strip():
                teller.say(" ".join(words.split()))
            scene(tour)
            checks.nobody_else_knows()
            teller.end_scene()
        if place.workspace.problems:
            raise PromiseBroken("gpbot does nothing that Slack would not take", "\n".join(place.workspace.problems))
    except PromiseBroken as broken:
        promise, *why = map(str, broken.args)
        teller.broken(promise, "\n".join([*why, "The end of gpbot's log:", place.bot.last_words(5)]))
        return BROKEN
    except (CannotDo, TimeoutError) as stuck:
        teller.broken("Everybody in this story can do what it tells", f"{stuck}\n\n{place.bot.last_words()}")
        return BROKEN
    except BotDied as died:
        teller.broken("gpbot keeps running", str(died))
        return BROKEN
    seconds = time.monotonic() - begun
    teller.end(f"{checks.held} checks held, in {seconds:.0f} seconds. Nothing is left behind.")
    return KEPT
