"""Action and callback ids of openings; those in messages live as long as Slack does, so they never change."""

from gpbot.proposals.ids import PROPOSAL
from gpbot.rights import for_role

TRY_AGAIN = "opening.try_again"
USE = "opening.use"
WRITE_NAME = "opening.write_name"
NAME = "opening.name"
DECLINE = "opening.decline"

HELPER = for_role("champions, and escalation contacts who decide about it", PROPOSAL)
CHOOSER = for_role("the same, but who proposed it or looks after it", PROPOSAL)
