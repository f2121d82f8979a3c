"""What guidelines bring: publishing them, asking people to agree, and asking those who were there before."""

import logging
from datetime import timedelta

from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.home import GuidelinesSection
from gpbot.guidelines.jobs import GuidelinesJob, Owed
from gpbot.guidelines.listeners import GuidelinesListeners
from gpbot.guidelines.messages import GuidelinesMessages
from gpbot.guidelines.workflow import Guidelines
from gpbot.kit import Kit, Surface, Workflow
from gpbot.people.workflow import People
from gpbot.places.messages import Waiting
from gpbot.places.workflow import Places

log = logging.getLogger(__name__)


def use_cases(kit: Kit) -> None:
    settings, owed = kit.settings, kit.add(Owed(kit.outbox))
    guidelines = kit.add(
        Guidelines(
            kit.database,
            owed,
            kit.audit,
            kit.keyring,
            wait=timedelta(seconds=settings.guidelines_wait_seconds),
            gives_notice=bool(settings.general_channel),
            guests=settings.guests_accept,
        )
    )
    kit.add(
        Backfill(
            kit.database,
            owed,
            kit.audit,
            guests=settings.guests_accept,
            general_channel=settings.general_channel,
        )
    )
    kit.get(People).joined.connect(guidelines.came_in)
    guidelines.accepted.connect(lambda session, member, _first: kit.screens.redraw_home(session, member.slack_id))


def surface(kit: Kit, slack: Surface) -> None:
    guidelines, backfill = kit.get(Guidelines), kit.get(Backfill)
    general = kit.settings.general_channel
    slack.listen(GuidelinesListeners(slack.windows, guidelines, backfill, general_channel=general))
    slack.home.section(50, GuidelinesSection(guidelines, backfill))
    messages = GuidelinesMessages(
        kit.database,
        kit.community,
        guidelines,
        backfill,
        kit.get(Owed),
        general_channel=general,
        triage_channel=kit.settings.triage_channel,
    )
    slack.send(GuidelinesJob, Waiting(messages, kit.get(Places)))
    slack.at_start.append(lambda: _say_whether_there_are_any(guidelines))


def _say_whether_there_are_any(guidelines: Guidelines) -> None:
    if guidelines.current() is None:
        log.info("no guidelines are published, so nobody is asked to agree: python -m gpbot guidelines publish")


WORKFLOW = Workflow(
    name="guidelines",
    use_cases=use_cases,
    surface=surface,
    listeners=(GuidelinesListeners,),
    jobs=(GuidelinesJob.KIND,),
    commands="gpbot.guidelines.commands",
)
