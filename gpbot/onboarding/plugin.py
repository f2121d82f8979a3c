"""What arriving brings: first steps for newcomers, and somebody who welcomes them."""

from gpbot.directory.home import DirectorySection
from gpbot.directory.joining import Joining
from gpbot.directory.workflow import Directory
from gpbot.guidelines.workflow import Guidelines
from gpbot.home import doors
from gpbot.kit import Kit, Surface, Workflow
from gpbot.onboarding.home import OnboardingSection
from gpbot.onboarding.jobs import OnboardingJob, Owed
from gpbot.onboarding.listeners import OnboardingListeners
from gpbot.onboarding.messages import OnboardingMessages
from gpbot.onboarding.views import Places as WelcomePlaces
from gpbot.onboarding.workflow import Onboarding
from gpbot.people.workflow import People
from gpbot.places.messages import Waiting
from gpbot.places.workflow import Places


def use_cases(kit: Kit) -> None:
    people, guidelines = kit.get(People), kit.get(Guidelines)
    onboarding = kit.add(
        Onboarding(
            database=kit.database,
            owed=Owed(kit.outbox),
            keyring=kit.keyring,
            guidelines=guidelines,
            directory=kit.get(Directory),
            owe_home=kit.screens.redraw_home,
            is_on=kit.settings.onboarding,
            champions_welcome=not kit.settings.welcome_channel,
        )
    )
    people.joined.connect(onboarding.came_in)
    people.left.connect(onboarding.left)
    people.roster_changed.connect(onboarding.roster_changed)
    guidelines.accepted.connect(onboarding.accepted)


def surface(kit: Kit, slack: Surface) -> None:
    onboarding, settings = kit.get(Onboarding), kit.settings
    places = WelcomePlaces(
        hello=settings.hello_channel or settings.general_channel,
        welcome=settings.welcome_channel or settings.triage_channel,
        champions_welcome=not settings.welcome_channel,
    )
    slack.listen(OnboardingListeners(slack.windows, onboarding, places))
    first_steps = OnboardingSection(onboarding, places)
    slack.home.section(60, first_steps)
    kit.get(DirectorySection).also(first_steps.buttons)
    messages = OnboardingMessages(
        kit.community,
        onboarding,
        kit.get(Joining),
        places,
        doors=[doors.ask(), doors.report(), doors.find_channels("week")],
    )
    slack.send(OnboardingJob, Waiting(messages, kit.get(Places)))


WORKFLOW = Workflow(
    name="onboarding",
    use_cases=use_cases,
    surface=surface,
    listeners=(OnboardingListeners,),
    jobs=(OnboardingJob.KIND,),
)
