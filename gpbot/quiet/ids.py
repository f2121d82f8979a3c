"""Action ids about quiet channels; those in messages live as long as Slack does, so they never change."""

from gpbot.proposals.ids import PROPOSAL
from gpbot.rights import personal

KEEP = "quiet.keep"  # a steward's
LET_GO = "quiet.let_go"
DECIDE_TO_KEEP = "quiet.decide_to_keep"  # a champion's
ARCHIVE = "quiet.archive"

KEEPER = personal("who looks after the channel", PROPOSAL)
