"""Action ids about quiet channels; those in messages live as long as Slack does, so they never change."""

KEEP = "quiet.keep"  # a steward's
LET_GO = "quiet.let_go"
DECIDE_TO_KEEP = "quiet.decide_to_keep"  # a champion's
ARCHIVE = "quiet.archive"
