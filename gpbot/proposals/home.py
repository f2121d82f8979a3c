"""Proposals on App Home and the Desk: the button, what this person proposed, and what waits for those who decide."""

from gpbot.proposals import ids
from gpbot.proposals.concern_views import worry_lines
from gpbot.proposals.concerns import Concerns
from gpbot.proposals.views import OPEN_ONES, proposal_lines
from gpbot.proposals.workflow import Proposals
from gpbot.slack.blocks import Block, actions, button, header, section

MOST = 5  # proposals of each kind


class ProposalsSection:
    def __init__(self, proposals: Proposals, concerns: Concerns) -> None:
        self._proposals = proposals
        self._concerns = concerns

    def __call__(self, user_id: str) -> list[Block]:
        if not self._proposals.is_on or not self._proposals.may_look_through(user_id):
            return []
        blocks = [
            section("Is a channel missing? Propose it, and see what others propose."),
            actions(
                button("Propose a channel", ids.PROPOSE),
                button("Proposed channels", f"{ids.LIST}:home", f"{OPEN_ONES}:"),
            ),
        ]
        own = self._proposals.own_list(user_id)
        if own.lines:
            blocks += [header("What you proposed"), *proposal_lines(own, most=MOST)]
        return [*blocks, *self.waiting(user_id)]

    def waiting(self, user_id: str) -> list[Block]:
        """Open proposals, and concerns this person may read; nothing when there is none."""
        page, worries = self._proposals.waiting(user_id), self._concerns.waiting(user_id)
        if not page.lines and not worries:
            return []
        more = len(page.lines) > MOST or page.next
        older = [actions(button("All open proposals", f"{ids.LIST}:more", f"{OPEN_ONES}:"))] if more else []
        return [header("Open proposals"), *worry_lines(worries), *proposal_lines(page, most=MOST), *older]
