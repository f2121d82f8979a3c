"""Action and callback ids of guidelines; those in messages live as long as Slack does, so they never change."""

from gpbot.rights import Subject

READ = "guidelines.read"
AGREE = "guidelines.agree"
QUESTION = "guidelines.question"
TEXT = "guidelines.text"

OUTSTANDING = "guidelines.outstanding"
FIND = "guidelines.find"
SEARCHED = "guidelines.searched"
MARK_FORM = "guidelines.mark_form"
MARK = "guidelines.mark"

BACKFILL_FORM = "guidelines.backfill_form"
BACKFILL = "guidelines.backfill"
PAUSE = "guidelines.pause"
RESUME = "guidelines.resume"
CANCEL = "guidelines.cancel"
FAILURES = "guidelines.failures"

VERSION = Subject(name="a version of the guidelines")
BACKFILLING = Subject(name="an asking of everybody to agree")
