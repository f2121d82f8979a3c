"""What those below say to those above: the sender knows nobody, and those who want to be told connect."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Signal(Generic[P]):
    """An attribute of its sender, typed by what is sent: `joined = Signal[[Session, Member]]()`."""

    def __init__(self) -> None:
        self._hearers: list[Callable[P, object]] = []

    def connect(self, hearer: Callable[P, object]) -> None:
        self._hearers.append(hearer)

    def send(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """To everybody, in the order in which they connected; an error undoes the sender's transaction."""
        for hearer in self._hearers:
            hearer(*args, **kwargs)
