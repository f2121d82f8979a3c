"""How the tour reads in a terminal: a heading, a few words, screens side by side, and what was checked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gpbot.practice import Person, Screen

NARROWEST: Final = 31  # a panel that can still be read
MOST_LINES: Final = 12
_NO_BREAK: Final = "\ue000"  # stands for a space while lines are broken; Rich breaks at U+00A0 too
_BUTTON: Final = re.compile(r"(\d+ )?\[ [^\[\]]+ \]")
_UNBROKEN_BUTTON: Final = re.compile(rf"\[{_NO_BREAK}[^\[\]]+{_NO_BREAK}\]")
_BOLD: Final = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_EMPHASIS: Final = re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sees:
    """One person's screen, as a panel: `lines` of it.

    It begins where `since` first stands; what lies between its first `keep` lines and `then` is left out.
    """

    person: Person
    role: str
    lines: int = MOST_LINES
    since: str = ""
    keep: int = 1
    then: str = ""
    home: bool = False


class Teller:
    """Writes to one console, as wide as that is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._checked: list[str] = []
        self._known: set[tuple[str, str]] = set()
        self._nothing = "Nothing from gpbot."

    def scene(self, number: int, title: str, people: Iterable[Person] = ()) -> None:
        """Of these people's messages, only those that come after this are shown."""
        self._known = {said for person in people for said in map(_key, person.inbox)}
        self._nothing = "Nothing new."
        self._console.print()
        self._console.print(Rule(Text(f"{number}. {title}", style="bold"), align="left", style="cyan"))

    def say(self, text: str) -> None:
        self._console.print(Text(text))

    def show(self, *screens: Sees) -> None:
        """Side by side, as many as fit; the others below."""
        rows = ceil(len(screens) / max(1, min(len(screens), self._console.width // NARROWEST)))
        columns = ceil(len(screens) / rows)
        for first in range(0, len(screens), columns):
            self._console.print(self._row(screens[first : first + columns], columns))

    def checked(self, promise: str) -> None:
        """Told after the screens, at the end of the scene."""
        self._checked.append(promise)

    def end_scene(self) -> None:
        for promise in self._checked:
            self._console.print(_hanging("✓", promise, "green"))
        self._checked.clear()

    def broken(self, promise: str, because: str = "") -> None:
        self.end_scene()
        self._console.print(_hanging("✗", f"BROKEN PROMISE: {promise}", "bold red"))
        if because:
            self._console.print(Padding(Text(because), (0, 0, 0, 3)))

    def end(self, text: str) -> None:
        self._console.print()
        self._console.print(Rule(style="cyan"))
        self._console.print(Text(text, style="bold"))

    def _row(self, screens: Sequence[Sees], columns: int) -> RenderableType:
        width = self._console.width // columns
        bodies = [self._screen(each, width - 4) for each in screens]
        height = max(len(body) for body in bodies) + 2
        table = Table.grid(expand=True)
        for _ in range(columns):
            table.add_column(ratio=1)
        panels = [
            Panel(Text("\n").join(body), title=_title(each), title_align="left", height=height, border_style="dim")
            for each, body in zip(screens, bodies, strict=True)
        ]
        table.add_row(*panels)
        return table

    def _screen(self, sees: Sees, width: int) -> list[Text]:
        """The lines of a panel, cut to what it may hold."""
        where, shown = self._looks_at(sees)
        shown = shown[_find(sees.since, shown) :]
        if (later := _find(sees.then, shown)) > sees.keep:
            shown = [*shown[: sees.keep], "…", *shown[later:]]
        lines = [Text(where, style="dim"), *(read("\n".join(shown), self._console, width) if shown else [])]
        return lines if len(lines) <= sees.lines else [*lines[: sees.lines - 1], Text("…")]

    def _looks_at(self, sees: Sees) -> tuple[str, list[str]]:
        """Where they look, and what is there: the window in front, else new messages."""
        person = sees.person
        if person.modal is not None:
            _, *lines = person.modal.text.split("\n")
            return f"Window: {person.modal.title}", lines[:-1] if lines[-1] == "[ Close ]" else lines
        if sees.home and person.home is not None:
            return "App Home", person.home.text.split("\n")
        fresh = [said.text for said in person.inbox if _key(said) not in self._known]
        if fresh:
            return "Direct message", "\n".join(fresh).split("\n")
        return self._nothing, []


def read(text: str, console: Console, width: int) -> list[Text]:
    """A screen's words in lines of this width: Slack's bold as bold, buttons coloured and never broken in two."""
    lines = [line for paragraph in text.split("\n") for line in _marked(paragraph).wrap(console, width)]
    for line in lines:
        line.plain = line.plain.replace(_NO_BREAK, " ")
    return lines


def _marked(text: str) -> Text:
    text = _BUTTON.sub(lambda button: button[0].replace(" ", _NO_BREAK), text.replace("———", "───"))
    plain = Text()
    at = 0
    for mark in sorted([*_BOLD.finditer(text), *_EMPHASIS.finditer(text)], key=lambda match: match.start()):
        if mark.start() >= at:
            plain.append(text[at : mark.start()])
            plain.append(mark[1], style="bold" if mark.re is _BOLD else "italic")
            at = mark.end()
    plain.append(text[at:])
    plain.highlight_regex(_UNBROKEN_BUTTON, "cyan")
    return plain


def _find(words: str, lines: Sequence[str]) -> int:
    """The first line that holds these words; the very first when there are none, or they are not there."""
    return next((number for number, line in enumerate(lines) if words and words in line), 0)


def _key(said: Screen) -> tuple[str, str]:
    return said.channel, said.ts


def _title(sees: Sees) -> Text:
    return Text.assemble((sees.person.user.real_name.split(maxsplit=1)[0], "bold"), f" · {sees.role}")


def _hanging(sign: str, text: str, style: str) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=1)
    table.add_column()
    table.add_row(Text(sign, style=style), Text(text))
    return table
