"""`practice`: a Slack of one's own on this machine, with gpbot in it."""

import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

WIDTH_WITHOUT_A_TERMINAL = 100
PATIENCE_SECONDS = 1.5


def practice(
    *,
    console: Annotated[bool, typer.Option("--console", help="A text console instead of pages in a browser.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the pages in a browser, where there is one.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the pages are; 0 takes any free port.")] = 0,
    snapshot: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Draw every screen into this folder, as PNG files, and end.")
    ] = None,
    only: Annotated[str, typer.Option(help="With --snapshot: only screens whose name holds this.")] = "",
) -> None:
    """Start a practice Slack and gpbot, and pages to try both. Nothing is kept."""
    with needs_practice():
        from gpbot.tour.neighbourhood import BotDied, NotPractice, PortTaken, end_in_order  # noqa: PLC0415  (practice needs aiohttp)
    end_in_order()
    teller = Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_A_TERMINAL)
    try:
        with suppress(KeyboardInterrupt):
            if snapshot is not None:
                _draw(snapshot, only, teller)
            elif console or not sys.stdin.isatty():
                _type(teller)
            else:
                _show(teller, browser=browser, port=port)
    except (BotDied, NotPractice) as no:
        _fail(teller, str(no))
    except PortTaken:
        _fail(teller, f"Something else is at port {port} already. Choose another with --port.")


def _type(teller: Console) -> None:
    """The text console, until the person who types has had enough."""
    from gpbot.tour.console import PracticeConsole, ask  # noqa: PLC0415  (only practice needs aiohttp)
    from gpbot.tour.neighbourhood import neighbourhood  # noqa: PLC0415

    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415  (imported, it gives the prompt its history)
    with _folder() as folder, neighbourhood(folder, patience=PATIENCE_SECONDS) as place:
        PracticeConsole(place, teller, ask).run()


def _show(teller: Console, *, browser: bool, port: int) -> None:
    """The pages, until they are interrupted; each reset begins with an empty folder, at the same address."""
    from gpbot.tour.neighbourhood import neighbourhood  # noqa: PLC0415  (only practice needs aiohttp)
    from gpbot.tour.pages import frame, furnish  # noqa: PLC0415

    is_told = False
    while True:
        again = threading.Event()
        with _folder() as folder, neighbourhood(folder, patience=PATIENCE_SECONDS, pages=True, port=port) as place:
            furnish(place)
            place.open_pages(frame(place, reset=again.set))
            if not is_told:
                _say_where(teller, place.workspace.base_url, opens=browser)
            is_told, port = True, place.server.port
            while not again.wait(1.0):  # a wait without an end would not hear Ctrl-C everywhere
                pass


def _draw(folder: Path, only: str, teller: Console) -> None:
    with needs_practice("make check", "requirements/dev.txt"):
        from gpbot.tour.chromium import NoBrowser  # noqa: PLC0415  (only pictures need playwright)
        from gpbot.tour.drawing import draw_all  # noqa: PLC0415
    try:
        with _folder() as own:
            for path in draw_all(own, folder, only):
                teller.print(str(path), markup=False, highlight=False, soft_wrap=True)
    except NoBrowser as no:
        _fail(teller, str(no))


def _fail(teller: Console, sentence: str) -> NoReturn:
    teller.print(sentence, markup=False, highlight=False)
    raise typer.Exit(1)


def _say_where(teller: Console, address: str, *, opens: bool) -> None:
    teller.print(f"Practice is open: {address}/", markup=False, highlight=False)
    teller.print("It is on this machine only, and nothing is kept. Ctrl-C ends it.", markup=False, highlight=False)
    if opens:
        with suppress(webbrowser.Error):
            webbrowser.open(f"{address}/")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gpbot-practice-") as folder:
        yield Path(folder).resolve()


@contextmanager
def needs_practice(command: str = "make practice", pins: str = "requirements/practice.txt") -> Iterator[None]:
    """Say what to install where the practice workspace's own requirements are missing."""
    try:
        yield
    except ModuleNotFoundError as missing:
        typer.echo(
            f"This needs {missing.name}, which a real gpbot does not. `{command}` installs it; {pins} lists it.",
            err=True,
        )
        raise typer.Exit(1) from None
