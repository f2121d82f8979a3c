"""Clicks that come faster than a window follows them: the newest one has the last word."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gpbot.outbox.types import Refused

MOST = 256  # windows remembered

MOST_TRIGGERS = 4096  # each lives for three seconds

Draw = Callable[[str], str]


@dataclass(slots=True, kw_only=True)
class _Window:
    lock: threading.Lock = field(default_factory=threading.Lock)
    hash: str = ""  # as Slack calls what was drawn last
    at: float = 0.0  # of the click that it was drawn for
    in_hand: int = 0


# See docs/decisions/0018-quick-clicks.md
class QuickClicks:
    """What was drawn last in each window for clicks that leave the window itself as it is."""

    def __init__(self) -> None:
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = threading.Lock()

    def draw(self, view_id: str, draw: Draw, *, hash: str, at: float) -> None:  # noqa: A002  (Slack's name)
        """`draw(hash)` replaces what Slack calls so, and returns what Slack calls the new.

        Where an earlier click has replaced it meanwhile, what was drawn for that is replaced; a later click's stays,
        and so does everything else that somebody put there. Raises SendingEnded.
        """
        with self._window(view_id) as window:
            try:
                drawn = draw(hash)
            except Refused as refused:
                if refused.code != "hash_conflict" or not window.hash or window.at > at:
                    raise
                drawn = draw(window.hash)
            window.hash, window.at = drawn, at

    @contextmanager
    def turn(self, view_id: str, *, at: float) -> Iterator[bool]:
        """Of clicks that put something else into a window, one at a time; False when a later one had its turn before.

        What follows an earlier click is not drawn over it afterwards.
        """
        with self._window(view_id) as window:
            is_newest = window.at <= at
            if is_newest:
                window.hash, window.at = "", at
            yield is_newest

    @contextmanager
    def _window(self, view_id: str) -> Iterator[_Window]:
        with self._lock:
            window = self._windows.setdefault(view_id, _Window())
            self._windows.move_to_end(view_id)
            window.in_hand += 1
            while len(self._windows) > MOST and not next(iter(self._windows.values())).in_hand:
                self._windows.popitem(last=False)
        try:
            with window.lock:
                yield window
        finally:
            with self._lock:
                window.in_hand -= 1


class Once:
    """Which triggers were used here. Safe to use from several threads."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def is_first(self, trigger_id: str) -> bool:
        """False when it was asked for before."""
        with self._lock:
            if trigger_id in self._seen:
                return False
            self._seen[trigger_id] = None
            while len(self._seen) > MOST_TRIGGERS:
                self._seen.popitem(last=False)
            return True
