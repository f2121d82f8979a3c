"""What proposals bring: proposing a channel, supporting it, deciding, and concerns about one."""

from datetime import timedelta

from gpbot.directory.workflow import Directory
from gpbot.guidelines.workflow import Guidelines
from gpbot.kit import Kit, Surface, Workflow
from gpbot.people.known_as import KnownAs
from gpbot.people.workflow import People
from gpbot.places.messages import Waiting
from gpbot.places.workflow import Places
from gpbot.proposals.changes import Changes, Rules
from gpbot.proposals.concerns import Concerns
from gpbot.proposals.home import ProposalsSection
from gpbot.proposals.jobs import Owed, ProposalJob
from gpbot.proposals.listeners import ProposalListeners
from gpbot.proposals.messages import ProposalMessages
from gpbot.proposals.store import Store
from gpbot.proposals.workflow import Proposals
from gpbot.reports.filing import Filing


def use_cases(kit: Kit) -> None:
    settings, people, known_as = kit.settings, kit.get(People), kit.get(KnownAs)
    store = Store(kit.keyring, known_as, threshold=settings.support_threshold, approvals=settings.approvals)
    owed = Owed(
        kit.outbox,
        kit.keyring,
        proposals_channel=settings.proposals_channel,
        triage_channel=settings.triage_channel,
    )
    rules = Rules(
        days=settings.proposal_days,
        reserved=settings.reserved_channel_names,
        keep_concerns=timedelta(days=settings.keep_questions_days),
    )
    proposals = kit.add(
        Proposals(
            database=kit.database,
            store=store,
            owed=owed,
            changes=Changes(store=store, owed=owed, screens=kit.screens, clock=kit.database.clock, rules=rules),
            guidelines=kit.get(Guidelines),
            audit=kit.audit,
            directory=kit.get(Directory),
        )
    )
    kit.add(
        Concerns(
            kit.database,
            store,
            owed,
            screens=kit.screens,
            filing=kit.get(Filing),
            audit=kit.audit,
            known_as=known_as,
            external_help=settings.external_help,
        )
    )
    people.left.connect(proposals.left)
    people.roster_changed.connect(owed.roster_changed)
    people.renamed.connect(owed.renamed)


def surface(kit: Kit, slack: Surface) -> None:
    proposals, concerns = kit.get(Proposals), kit.get(Concerns)
    listeners = kit.add(
        slack.listen(
            ProposalListeners(kit.community, slack.windows, kit.get(People), proposals=proposals, concerns=concerns)
        )
    )
    section = ProposalsSection(proposals, concerns)
    slack.home.section(80, section, waiting=section.waiting)
    slack.home.window(listeners.render_window)
    messages = ProposalMessages(kit.database, proposals.store, proposals.owed, proposals, concerns)
    slack.send(ProposalJob, Waiting(messages, kit.get(Places)))


WORKFLOW = Workflow(
    name="proposals", use_cases=use_cases, surface=surface, listeners=(ProposalListeners,), jobs=(ProposalJob.KIND,)
)
