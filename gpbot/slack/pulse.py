"""Whether Slack answers: asked on a beat of its own, so that health never depends on what there is to send."""

import logging
import threading
from collections.abc import Callable

from gpbot.outbox.types import AppTokenTrouble, RateLimited, SendingEnded

log = logging.getLogger(__name__)

BEAT_SECONDS = 60.0
DOUBTFUL_BEAT_SECONDS = 10.0


# See docs/decisions/0028-nothing-to-compare.md
class Pulse:
    """Asks from its own thread until stopped."""

    def __init__(
        self, ask: Callable[[], object], *, every: float = BEAT_SECONDS, in_doubt: float = DOUBTFUL_BEAT_SECONDS
    ) -> None:
        """`ask()` asks Slack something that changes nothing. Raises SendingEnded when Slack does not answer.

        It is asked every so many seconds, and sooner after it failed.
        """
        self.trouble: str | None = None  # a code, while Slack cannot be reached or does not take the token
        self._ask = ask
        self._every = every
        self._in_doubt = in_doubt
        self._failed = False  # the last time
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Without waiting: one that Slack keeps waiting has nothing to lose."""
        self._stopping.set()

    def beat(self) -> None:
        """Ask once; one answer that got lost is no outage yet."""
        try:
            self._ask()
        except RateLimited:
            self._found(None)
        except SendingEnded as ended:
            if self._failed or isinstance(ended, AppTokenTrouble):
                self._found(ended.code)
            self._failed = True
        else:
            self._found(None)

    def _found(self, trouble: str | None) -> None:
        if trouble is None:
            self._failed = False
        if trouble is not None and self.trouble is None:
            log.error("Slack cannot be used: %s", trouble)
        if trouble is None and self.trouble is not None:
            log.warning("Slack can be used again")
        self.trouble = trouble

    def _run(self) -> None:
        while not self._stopping.wait(self._in_doubt if self._failed else self._every):
            self.beat()
