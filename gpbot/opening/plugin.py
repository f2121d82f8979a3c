"""What openings bring: making the channel of a proposal that was approved."""

from gpbot.directory.workflow import Directory
from gpbot.kit import Kit, Surface, Workflow
from gpbot.opening.home import OpeningsSection
from gpbot.opening.jobs import OpeningJob, Owed
from gpbot.opening.listeners import OpeningListeners
from gpbot.opening.messages import OpeningMessages
from gpbot.opening.workflow import Openings
from gpbot.places.messages import Waiting
from gpbot.places.workflow import Places
from gpbot.proposals.listeners import ProposalListeners
from gpbot.proposals.workflow import Proposals


def use_cases(kit: Kit) -> None:
    settings, proposals, directory = kit.settings, kit.get(Proposals), kit.get(Directory)
    owed = Owed(
        kit.outbox,
        kit.keyring,
        triage_channel=settings.triage_channel,
        proposals_channel=settings.proposals_channel,
        general_channel=settings.general_channel,
    )
    openings = kit.add(
        Openings(database=kit.database, proposals=proposals, channels=directory, owed=owed, audit=kit.audit)
    )
    proposals.open_with(openings)
    directory.channel_created.connect(openings.channel_came)


def surface(kit: Kit, slack: Surface) -> None:
    openings = kit.get(Openings)
    decline = kit.get(ProposalListeners).open_declining_form
    slack.listen(OpeningListeners(slack.windows, openings, decline=decline))
    section = OpeningsSection(openings)
    slack.home.section(90, section, waiting=section)
    messages = OpeningMessages(kit.database, kit.community, openings, openings.owed)
    slack.send(OpeningJob, Waiting(messages, kit.get(Places)))


WORKFLOW = Workflow(
    name="opening", use_cases=use_cases, surface=surface, listeners=(OpeningListeners,), jobs=(OpeningJob.KIND,)
)
