"""Quiet channels on App Home and the Desk: what stewards are asked, and what champions are."""

from gpbot.quiet.views import offer, question_blocks
from gpbot.quiet.workflow import QuietChannels
from gpbot.slack.blocks import Block, header


class QuietSection:
    def __init__(self, quiet: QuietChannels) -> None:
        self._quiet = quiet

    def __call__(self, user_id: str) -> list[Block]:
        days = self._quiet.rules.days
        asked = [block for watched in self._quiet.asked_of(user_id) for block in question_blocks(watched, days)]
        return [*([header("A channel you look after")] if asked else []), *asked, *self.waiting(user_id)]

    def waiting(self, user_id: str) -> list[Block]:
        """For champions; nothing for anybody else, and while there is none."""
        days = self._quiet.rules.days
        offered = [block for watched in self._quiet.waiting(user_id) for block in offer(watched, days)]
        return [header("Quiet channels"), *offered] if offered else []
