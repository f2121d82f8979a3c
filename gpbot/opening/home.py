"""Openings on App Home and the Desk: those that a champion has to help along."""

from gpbot.opening.views import stuck_lines
from gpbot.opening.workflow import Openings
from gpbot.slack.blocks import Block, header


class OpeningsSection:
    def __init__(self, openings: Openings) -> None:
        self._openings = openings

    def __call__(self, user_id: str) -> list[Block]:
        """Nothing for anybody else, and while there is none."""
        standings = self._openings.stuck(user_id)
        return [header("Channels that could not be opened yet"), *stuck_lines(standings)] if standings else []
