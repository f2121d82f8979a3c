"""Who writes next: one at a time, in the order in which they came, and background work when nobody waits."""

import threading
from collections import deque

MOST_IN_A_ROW = 8  # of those somebody waits for; then background work has a turn, so that it never stands still


class Turns:
    """A lock that is fair. A plain one wakes anybody, and with sixteen at once some wait until they are refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()
        self._in_background: deque[threading.Event] = deque()
        self._in_a_row = 0

    def acquire(self, *, wait: float, in_background: bool = False) -> bool:
        """False after `wait` seconds. Not re-entrant."""
        queue = self._in_background if in_background else self._waiting
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Event()
            queue.append(mine)
        if mine.wait(wait):
            return True
        with self._lock:
            if mine.is_set():  # it was given in this very moment
                return True
            queue.remove(mine)
            return False

    def release(self) -> None:
        with self._lock:
            if self._in_background and (not self._waiting or self._in_a_row >= MOST_IN_A_ROW):
                self._in_a_row = 0
                self._in_background.popleft().set()
            elif self._waiting:
                self._in_a_row += 1
                self._waiting.popleft().set()
            else:
                self._is_taken = False
