"""Adding somebody to a public channel: gpbot goes in first, for Slack lets nobody add people from outside."""

from collections.abc import Callable

from gpbot.directory.types import Outcome
from gpbot.outbox.types import Refused

ENDINGS = {
    "already_in_channel": Outcome.ALREADY,
    "is_archived": Outcome.CLOSED,
    "channel_not_found": Outcome.GONE,
    "method_not_supported_for_channel_type": Outcome.GONE,
}


class Joining:
    """May be called again: people who are in stay in."""

    def __init__(self, go_in: Callable[[str], None], add: Callable[[str, str], None]) -> None:
        """`go_in(channel_id)` lets gpbot itself join, `add(channel_id, user_id)` invites. Both raise SendingEnded."""
        self._go_in = go_in
        self._add = add

    def add(self, channel_id: str, user_id: str) -> Outcome:
        """Raises SendingEnded when it is not known yet, and may be tried again."""
        try:
            # Each time: Slack lets nobody join what is private by now, and so nobody is added to it.
            self._go_in(channel_id)
            self._add(channel_id, user_id)
        except Refused as refused:
            return ENDINGS.get(refused.code, Outcome.REFUSED)
        return Outcome.JOINED
