"""Guidelines on App Home: where this person stands, and for champions who has agreed."""

from gpbot.guidelines import views
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.workflow import Guidelines
from gpbot.slack.blocks import Block


class GuidelinesSection:
    def __init__(self, guidelines: Guidelines, backfill: Backfill) -> None:
        self._guidelines = guidelines
        self._backfill = backfill

    def __call__(self, user_id: str) -> list[Block]:
        blocks = views.home_blocks(self._guidelines.standing(user_id))
        if blocks and self._guidelines.is_champion(user_id):
            blocks += views.champions_blocks(self._guidelines.counts(), self._backfill.latest())
        return blocks
