"""`tour`: the story in the terminal, which checks what it shows."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from gpbot.cli.practice import needs_practice

WIDTH_WITHOUT_A_TERMINAL = 100


def tour(
    width: Annotated[
        int | None, typer.Option(min=40, help="Characters in a line; left out, as many as the terminal has.")
    ] = None,
) -> None:
    """Show what gpbot does, step by step, and what each person then sees. Fails if a promise breaks."""
    with needs_practice():
        from gpbot.tour.neighbourhood import end_in_order  # noqa: PLC0415  (only practice needs aiohttp)
        from gpbot.tour.run import run_tour  # noqa: PLC0415
        from gpbot.tour.scenes import SCENES  # noqa: PLC0415
    end_in_order()
    if width is None and not sys.stdout.isatty():
        width = WIDTH_WITHOUT_A_TERMINAL
    raise typer.Exit(run_tour(SCENES, Console(width=width)))
