"""Action and callback ids of arriving; those in messages live as long as Slack does, so they never change."""

from gpbot.people.ids import PERSON
from gpbot.rights import personal

TOPICS_FORM = "onboarding.topics_form"
TOPICS = "onboarding.topics"
CHANNELS = "onboarding.channels"
RESULTS = "onboarding.results"
HELLO = "onboarding.hello"
WHY_FORM = "onboarding.why_form"
WHY = "onboarding.why"
LATER = "onboarding.later"
SKIP = "onboarding.skip"
WELL = "onboarding.well"
CLAIM = "onboarding.claim"
RELEASE = "onboarding.release"

NEWCOMER = personal("who got the first steps")
WELCOMER = personal("champions, or members who agreed where the settings say so", PERSON)
