"""One line a minute in the log about what anybody can make happen a thousand times."""

import logging
import threading
import time

SECONDS = 60.0


class Seldom:
    """Counts, and says how often it was since it last said so."""

    def __init__(self, log: logging.Logger, words: str) -> None:
        """`words` has a place for the number."""
        self._log = log
        self._words = words
        self._lock = threading.Lock()
        self._times = 0
        self._next = 0.0

    def note(self) -> None:
        with self._lock:
            self._times += 1
            now = time.monotonic()
            if now < self._next:
                return
            times, self._times, self._next = self._times, 0, now + SECONDS
        self._log.warning(self._words, times)
