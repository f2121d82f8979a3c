"""The steps of arriving on App Home: for newcomers in full, for everybody else the way to channels."""

from gpbot.onboarding import ids, views
from gpbot.onboarding.views import Places
from gpbot.onboarding.workflow import Onboarding
from gpbot.slack.blocks import Block, Element, button, section


class OnboardingSection:
    def __init__(self, onboarding: Onboarding, places: Places) -> None:
        self._onboarding = onboarding
        self._places = places

    def __call__(self, user_id: str) -> list[Block]:
        """Only while they are new here: for a month."""
        arrival = self._onboarding.arrival(user_id) if self._onboarding.is_recent(user_id) else None
        if arrival is None:
            return []
        with self._onboarding.database.read() as session:
            may_choose = self._onboarding.may_choose(session, user_id)
        steps = views.step_blocks(arrival, self._places, may_choose=may_choose, where="home")
        return [section("*First steps*"), *steps]

    def buttons(self, user_id: str) -> list[Element]:
        """For the section about channels; the steps of a newcomer have it already."""
        return [] if self._onboarding.is_recent(user_id) else [button("Pick topics", f"{ids.TOPICS_FORM}:channels")]
