"""Action and callback ids of people; those in messages live as long as Slack does, so they never change."""

from gpbot.rights import Subject

ORGANISATION_FORM = "people.organisation_form"
ORGANISATION = "people.organisation"

PERSON = Subject(name="a member")
