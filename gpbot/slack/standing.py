"""What Slack tells of the app itself: what the operator has to know, in the log."""

import logging
import re
from collections.abc import Callable, Sequence

from gpbot.named import Named
from gpbot.slack import on
from gpbot.slack.requests import Event

log = logging.getLogger(__name__)

_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,19}")


class AppListeners:
    """Of the app's own standing nothing is stored: the check of every minute, and health, say it."""

    def __init__(self, named: Sequence[Named], follow: Callable[[str, str], None]) -> None:
        """`named` is what the settings name; `follow(old, new)` writes a channel's new id where the old one stood."""
        self._named = named
        self._follow = follow

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
        self._follow(old, new)
        named = ", ".join(each.setting for each in self._named if each.slack_id == old)
        log.error("The channel %s is %s in Slack from now on. Settings that name it: %s", old, new, named or "none")
        if named:
            log.error("Put the new id there, and start gpbot again: until then it does not find the channel.")
