"""What the nets have to know of the places that settings name."""

from gpbot.named import Named, OfChannel
from gpbot.places.jobs import Owed
from gpbot.places.types import Trouble
from tests.house.owing import LATER, Asked, Owing
from tests.nets import Nets
from tests.upgrading.story import Story

TRIAGE = Named(setting="TRIAGE_CHANNEL", slack_id="C0TRIAGE", wants=OfChannel())


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(owing.outbox, owing.keyring)
    return [
        Asked(name="places look", ask=owed.look),
        Asked(name="places look tomorrow", ask=lambda s: owed.look(s, run_at=LATER)),
        Asked(name="places tell", ask=lambda s: owed.tell(s, TRIAGE, Trouble.PUBLIC, 7, "U7")),
        Asked(name="places tell mended", ask=lambda s: owed.tell(s, TRIAGE, None, 7, "U7")),
    ]


def a_channel_gets_a_new_id(story: Story) -> None:
    story.c.workspace.give_new_id(story.c.proposals)
    story.c.settle(2)


NETS = Nets(owed=owed, story=a_channel_gets_a_new_id)
