"""What people who write are called: asked of Slack when they open a form, and kept for an hour, in memory alone."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from gpbot.outbox.types import SendingEnded
from gpbot.people.listeners import profile_of
from gpbot.slack.requests import Asked

log = logging.getLogger(__name__)

_KEPT = 3600.0  # seconds
_MOST = 500  # people


class Writers:
    """Where Slack does not tell, or another process was asked, their handle alone is looked for."""

    def __init__(self, user_info: Callable[[str], Mapping[str, Any]]) -> None:
        """`user_info(user_id)` asks Slack. Raises SendingEnded."""
        self._user_info = user_info
        self._known: dict[str, tuple[str, float]] = {}

    def ask(self, user_id: str) -> None:
        """Waits for Slack: for the threads that open windows, never for an ack."""
        try:
            profile = profile_of(self._user_info(user_id))
        except SendingEnded as ended:
            log.warning("Slack does not tell what somebody who writes is called: %s", ended.code)
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[user_id] = (f"{profile.display_name}\n{profile.real_name}", time.monotonic() + _KEPT)

    def names_of(self, asked: Asked) -> str:
        """Their handle, and their other names on further lines, as `is_signed` takes them. Asks nobody."""
        names, until = self._known.get(asked.user_id, ("", 0.0))
        return f"{asked.user_name}\n{names}" if time.monotonic() < until else asked.user_name
