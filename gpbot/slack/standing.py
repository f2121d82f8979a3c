"""What Slack tells of the app itself: what whoever runs gpbot has to know, in the log."""

import logging

from gpbot.slack import on
from gpbot.slack.requests import Event

log = logging.getLogger(__name__)


class AppListeners:
    """Nothing is stored: the check of every minute, and health, say how it stands."""

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
    def say_that_a_channel_has_another_id(self, event: Event) -> None:
        old, new = (str(event.body.get(name) or "?") for name in ("old_channel_id", "new_channel_id"))
        log.error(
            "The channel %s has a new id in Slack, %s. Where .env names it, put the new one, and start again.", old, new
        )
