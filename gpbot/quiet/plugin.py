"""What quiet channels bring: asking its stewards, and archiving it if the champions say so."""

from gpbot.directory.workflow import Directory
from gpbot.kit import Health, Kit, Surface, Workflow
from gpbot.people.workflow import People
from gpbot.places.messages import Waiting
from gpbot.places.workflow import Places
from gpbot.proposals.workflow import Proposals
from gpbot.quiet.home import QuietSection
from gpbot.quiet.jobs import Owed, QuietJob
from gpbot.quiet.listeners import QuietListeners
from gpbot.quiet.messages import QuietMessages
from gpbot.quiet.workflow import QuietChannels, Rules
from gpbot.settings import Settings
from gpbot.slack.manifest import TO_SEE_WHEN_SOMEBODY_WROTE


def use_cases(kit: Kit) -> None:
    settings, proposals, directory = kit.settings, kit.get(Proposals), kit.get(Directory)
    of_the_community = {
        settings.triage_channel,
        settings.general_channel,
        settings.proposals_channel,
        settings.hello_channel,
        settings.welcome_channel,
    }
    quiet = kit.add(
        QuietChannels(
            database=kit.database,
            owed=Owed(kit.outbox, kit.keyring, triage_channel=settings.triage_channel),
            audit=kit.audit,
            channels=directory,
            stewards=proposals.stewards,
            owe_homes=kit.screens.redraw_homes,
            rules=Rules(days=settings.quiet_channel_days, keep=frozenset({*settings.keep_channels, *of_the_community})),
        )
    )
    proposals.channel_opened.connect(quiet.opened)
    directory.channel_created.connect(lambda session, channel: quiet.channel_came(session, channel.id))
    kit.get(People).left.connect(quiet.left)
    kit.health.append(lambda: Health(shows={"quiet_channels": quiet.trouble or ("ok" if quiet.is_on else "off")}))


def surface(kit: Kit, slack: Surface) -> None:
    quiet = kit.get(QuietChannels)
    if slack.identity.scopes and TO_SEE_WHEN_SOMEBODY_WROTE not in slack.identity.scopes:
        quiet.lacks_scope()
    slack.listen(QuietListeners(slack.windows, quiet, bot_user_id=slack.identity.bot_user_id))
    section = QuietSection(quiet)
    slack.home.section(100, section, waiting=section.waiting)
    messages = QuietMessages(kit.database, quiet, quiet.owed, last_spoken=slack.gateway.last_spoken)
    slack.send(QuietJob, Waiting(messages, kit.get(Places)))
    slack.at_start.append(quiet.begin)


def scopes(settings: Settings) -> tuple[str, ...]:
    return (TO_SEE_WHEN_SOMEBODY_WROTE,) if settings.quiet_channel_days else ()


WORKFLOW = Workflow(
    name="quiet",
    use_cases=use_cases,
    surface=surface,
    listeners=(QuietListeners,),
    jobs=(QuietJob.KIND,),
    scopes=scopes,
)
