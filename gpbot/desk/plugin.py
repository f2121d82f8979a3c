"""What the Desk brings: its message in the triage channel, and sending the jobs of screens."""

from gpbot.desk.desk import Desk, DeskJob
from gpbot.desk.listeners import DeskListeners
from gpbot.home.jobs import HomeJob
from gpbot.home.messages import HomeMessages
from gpbot.kit import Kit, Surface, Workflow
from gpbot.places.messages import Waiting
from gpbot.places.workflow import Places
from gpbot.sealed.jobs import SealedJob


def use_cases(kit: Kit) -> None:
    """There is nothing to it but what is seen."""


def surface(kit: Kit, slack: Surface) -> None:
    places = kit.get(Places)
    desk = kit.add(Desk(kit.database, kit.outbox, kit.settings.triage_channel))
    places.opened_to_others.connect(desk.is_read_by_others)
    slack.listen(DeskListeners(kit.database, desk, kit.screens, bot_user_id=slack.identity.bot_user_id))
    kit.sealed_jobs.send(HomeJob, HomeMessages(kit.screens, slack.home, kit.database.clock))
    slack.handle(SealedJob.KIND, kit.sealed_jobs)  # never to a channel
    slack.send(DeskJob, Waiting(desk, places))
    slack.at_start += [kit.sealed_jobs.adopt, desk.put_up]


WORKFLOW = Workflow(
    name="desk",
    use_cases=use_cases,
    surface=surface,
    listeners=(DeskListeners,),
    jobs=(SealedJob.KIND, DeskJob.KIND),
)
