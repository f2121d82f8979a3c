"""What Slack tells of the app itself: what the operator has to know, in the log."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

from gpbot.clock import Clock
from gpbot.slack import on
from gpbot.slack.requests import Event

log = logging.getLogger(__name__)

_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,19}")


class AppListeners:
    """Of the app's own standing nothing is stored: the check of every minute, and health, say it."""

    def __init__(self, follow: Callable[[str, str, datetime], None], clock: Clock) -> None:
        """`follow(old, new, at)` goes on with a channel that Slack calls otherwise."""
        self._follow = follow
        self._clock = clock

    @on.event("app_uninstalled")
    def say_that_it_was_taken_out(self, _event: Event) -> None:
        log.error("gpbot was taken out of the workspace. Install it in Slack again, and put its new token into .env.")

    @on.event("tokens_revoked")
    def say_that_its_token_is_void(self, event: Event) -> None:
        tokens = event.body.get("tokens")
        if isinstance(tokens, dict) and tokens.get("bot"):
            log.error("gpbot's token was revoked. Install it in Slack again, and put its new token into .env.")

    @on.event(on.RATE_LIMITED)
    def say_that_events_were_left_out(self, _event: Event) -> None:
        log.error(
            "Slack left out events for a minute, because there were too many. "
            "What changed then is seen when Slack's lists are read, once a day at the latest."
        )

    @on.event("channel_id_changed")
    def follow_a_channel(self, event: Event) -> None:
        old, new = (str(event.body.get(name)) for name in ("old_channel_id", "new_channel_id"))
        if not (_CHANNEL.fullmatch(old) and _CHANNEL.fullmatch(new)):
            return
        self._follow(old, new, self._moment(event))
        log.warning("Slack calls the channel %s %s from now on; gpbot goes on with it", old, new)

    def _moment(self, event: Event) -> datetime:
        """When Slack says that it was so: it may tell late, and again."""
        try:
            return datetime.fromtimestamp(float(event.body.get("event_ts", "")), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            return self._clock.now()
