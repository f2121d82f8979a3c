"""What every command of the operator's has: somewhere to say things, and the community, opened by the command line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NoReturn, cast

import typer
from rich.console import Console

from gpbot.kit import Kit
from gpbot.refusals import Refusal

OPERATOR = "operator"
WIDTH_WITHOUT_A_TERMINAL = 120  # columns

Opens = Callable[[], AbstractContextManager[Kit]]

console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_A_TERMINAL)


def opened(asked: typer.Context) -> AbstractContextManager[Kit]:
    """The database, its keys and every use case; what is wrong is said in a sentence, with exit status 1 or 2."""
    return cast("Opens", asked.obj)()


@contextmanager
def refusals_said() -> Iterator[None]:
    """What a use case refuses ends the command, in the words of the refusal."""
    try:
        yield
    except Refusal as refusal:
        fail(refusal.words)


def fail(*lines: str, status: int = 1) -> NoReturn:
    sys.stderr.write("\n".join(lines) + "\n")
    raise typer.Exit(status)
