"""Action and callback ids of openings; those in messages live as long as Slack does, so they never change."""

TRY_AGAIN = "opening.try_again"
USE = "opening.use"
WRITE_NAME = "opening.write_name"
NAME = "opening.name"
DECLINE = "opening.decline"
