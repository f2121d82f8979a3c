"""How the tour reads in a terminal: a heading, a few words, screens side by side, and what was checked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gpbot.practice import Person

NARROWEST: Final = 31  # a panel that can still be read
MOST_LINES: Final = 12
_BUTTON: Final = re.compile(r"\[ [^\[\]]+ \]")
_BOLD: Final = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_EMPHASIS: Final = re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sees:
    """One person's screen, as a panel: `lines` of it, beginning where `since` first stands."""

    person: Person
    role: str
    lines: int = MOST_LINES
    since: str = ""
    home: bool = False


class Teller:
    """Writes to one console, as wide as that is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._checked: list[str] = []

    def scene(self, number: int, title: str) -> None:
        self._console.print()
        self._console.print(Rule(Text(f" {number}. {title} ", style="bold"), align="left", style="cyan"))

    def say(self, text: str) -> None:
        self._console.print(Padding(Text(text), (0, 0, 0, 1)))

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
        self._console.print(Padding(Text(text, style="bold"), (0, 0, 0, 1)))

    def _row(self, screens: Sequence[Sees], columns: int) -> RenderableType:
        width = self._console.width // columns
        bodies = [_screen(each, self._console, width - 4) for each in screens]
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


def read(text: str) -> Text:
    """A screen's words with Slack's bold as bold, and buttons that look pressable even without colour."""
    text = text.replace("———", "───")
    plain = Text()
    at = 0
    for mark in sorted([*_BOLD.finditer(text), *_EMPHASIS.finditer(text)], key=lambda match: match.start()):
        if mark.start() >= at:
            plain.append(text[at : mark.start()])
            plain.append(mark[1], style="bold" if mark.re is _BOLD else "italic")
            at = mark.end()
    plain.append(text[at:])
    plain.highlight_regex(_BUTTON, "cyan")
    return plain


def _title(sees: Sees) -> Text:
    return Text.assemble((sees.person.user.real_name.split(maxsplit=1)[0], "bold"), f" · {sees.role}")


def _screen(sees: Sees, console: Console, width: int) -> list[Text]:
    """The lines of a panel, cut to what it may hold."""
    lines: list[Text] = []
    for number, paragraph in enumerate(_paragraphs(sees)):
        wrapped = list(read(paragraph).wrap(console, width))
        if number == 0:
            for line in wrapped:
                line.stylize("dim")
        lines += wrapped
    if len(lines) > sees.lines:
        return [*lines[: sees.lines - 1], Text("…")]
    return lines


def _paragraphs(sees: Sees) -> Iterator[str]:
    """Where they look, then what is there."""
    person = sees.person
    if person.modal is not None:
        shown = [f"Window: {person.modal.title}", *person.modal.text.split("\n")[1:]]
    elif sees.home and person.home is not None:
        shown = ["App Home", *person.home.text.split("\n")]
    elif person.inbox:
        shown = ["Direct message from gpbot", *"\n".join(said.text for said in person.inbox).split("\n")]
    else:
        shown = ["Nothing from gpbot."]
    since = next((number for number, line in enumerate(shown) if sees.since and sees.since in line), 1)
    yield shown[0]
    yield from shown[since:]


def _hanging(sign: str, text: str, style: str) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=1)
    table.add_column()
    table.add_row(Text(sign, style=style), Text(text))
    return table
