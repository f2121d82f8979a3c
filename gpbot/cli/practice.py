"""`practice`: a Slack of one's own on this machine, with gpbot in it."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from rich.console import Console

WIDTH_WITHOUT_A_TERMINAL = 100
PATIENCE_SECONDS = 1.5


def practice() -> None:
    """Start a practice Slack and gpbot, and a small console to try both. Nothing is kept."""
    with needs_practice():
        from gpbot.tour.console import PracticeConsole, ask  # noqa: PLC0415  (only practice needs aiohttp)
        from gpbot.tour.neighbourhood import BotDied, end_in_order, neighbourhood  # noqa: PLC0415
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415  (imported, it gives the prompt its history)
    end_in_order()
    console = Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_A_TERMINAL)
    with tempfile.TemporaryDirectory(prefix="gpbot-practice-") as folder:
        try:
            with neighbourhood(Path(folder).resolve(), patience=PATIENCE_SECONDS) as place, suppress(KeyboardInterrupt):
                PracticeConsole(place, console, ask).run()
        except BotDied as died:
            console.print(str(died), markup=False, highlight=False)
            raise typer.Exit(1) from None


@contextmanager
def needs_practice() -> Iterator[None]:
    """Say what to install where the practice workspace's own requirements are missing."""
    try:
        yield
    except ModuleNotFoundError as missing:
        typer.echo(
            f"This needs {missing.name}, which a real gpbot does not. Run it with make, "
            "or install what requirements/dev.txt lists.",
            err=True,
        )
        raise typer.Exit(1) from None
