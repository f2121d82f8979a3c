"""What newcomers, and those who welcome them, did in Slack: one call to a use case, and the answer."""

from gpbot import rights
from gpbot.onboarding import ids, views
from gpbot.onboarding.types import NoChannel, NoWords, TooMany
from gpbot.onboarding.views import Places
from gpbot.onboarding.workflow import Onboarding
from gpbot.refusals import NotAvailable
from gpbot.slack import on
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Show
from gpbot.slack.blocks import View
from gpbot.slack.requests import Click, Submission
from gpbot.slack.windows import Again, Windows


class OnboardingListeners:
    def __init__(self, windows: Windows, onboarding: Onboarding, places: Places) -> None:
        self._windows = windows
        self._onboarding = onboarding
        self._places = places

    @on.click(ids.TOPICS_FORM, may=rights.MEMBERS)
    def open_topics(self, asked: Click) -> Answer:
        def build() -> View:
            return views.topics_form(self._onboarding.topics(asked.user_id))

        self._windows.show(asked, build, again=Again(action_id=ids.TOPICS_FORM, words="Pick topics"))
        return Nothing()

    @on.submission(ids.TOPICS, may=rights.MEMBERS)
    def choose_topics(self, asked: Submission) -> Answer:
        topics = asked.form.choices(ids.TOPICS, ids.TOPICS)
        try:
            return Show(views.channels_form(self._onboarding.channels_about(asked.user_id, topics)))
        except NoChannel:
            return FieldErrors({ids.TOPICS: "There is no open channel about that any more. Pick another."})

    @on.submission(ids.CHANNELS, may=rights.MEMBERS)
    def choose_channels(self, asked: Submission) -> Answer:
        channel_ids = asked.form.choices(ids.CHANNELS, ids.CHANNELS)
        try:
            number = self._onboarding.choose(asked.user_id, channel_ids, asked.view.view_id)
        except (NoChannel, TooMany) as why:
            return FieldErrors({ids.CHANNELS: why.words})
        return Show(views.results_modal(self._onboarding.results(asked.user_id, number)))

    @on.click(ids.HELLO, may=rights.ANYONE)
    def say_hello(self, asked: Click) -> Answer:
        self._onboarding.said_hello(asked.user_id)
        return Nothing()

    @on.click(ids.WHY_FORM, may=rights.ANYONE)
    def open_why(self, asked: Click) -> Answer:
        def build() -> View:
            arrival = self._onboarding.arrival(asked.user_id)
            if arrival is None:
                raise NotAvailable
            return views.why_form(arrival, self._places)

        self._windows.show(asked, build, again=Again(action_id=ids.WHY_FORM, words="Write it"))
        return Nothing()

    @on.submission(ids.WHY, may=rights.ANYONE)
    def tell_why(self, asked: Submission) -> Answer:
        try:
            self._onboarding.tell_why(asked.user_id, asked.form.text(ids.WHY, ids.WHY))
        except NoWords as why:
            return FieldErrors({ids.WHY: why.words})
        return Show(views.why_sent_modal())

    @on.click(ids.LATER, may=ids.NEWCOMER)
    def put_off(self, asked: Click) -> Answer:
        self._onboarding.put_off(asked.user_id)
        return Nothing()

    @on.click(ids.SKIP, may=ids.NEWCOMER)
    def skip(self, asked: Click) -> Answer:
        self._onboarding.skip(asked.user_id)
        return Nothing()

    @on.click(ids.WELL, may=rights.ANYONE)
    def be_well(self, asked: Click) -> Answer:
        text, blocks = views.well_message()
        self._windows.respond(asked, text, blocks, replace_original=True)
        return Nothing()

    @on.click(ids.CLAIM, may=ids.WELCOMER)
    def claim(self, asked: Click) -> Answer:
        self._onboarding.claim(asked.user_id, _number(asked.value))
        return Nothing()

    @on.click(ids.RELEASE, may=ids.WELCOMER)
    def release(self, asked: Click) -> Answer:
        self._onboarding.release(asked.user_id, _number(asked.value))
        return Nothing()


def _number(value: str | None) -> int:
    """It came back from a client, so anything may stand there."""
    if not value or len(value) > _LONGEST or not (value.isascii() and value.isdecimal()):
        raise NotAvailable
    return int(value)


_LONGEST = 18  # digits that fit the database's numbers
