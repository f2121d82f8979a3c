"""What the nets have to know of arriving."""

from gpbot.onboarding import ids
from gpbot.onboarding.jobs import Owed
from gpbot.onboarding.types import Chosen
from tests.house.owing import LATER, Asked, Owing
from tests.nets import OWN_STEPS, Nets
from tests.promises.arriving import TellWhy
from tests.promises.pressing import CHAMPIONS

STEPS = (ids.HELLO, ids.TOPICS_FORM, ids.TOPICS, ids.CHANNELS, ids.WHY_FORM, ids.WHY, ids.LATER, ids.SKIP, ids.WELL)
CHOSEN = Chosen(person_id=7, number=2, channel_id="C0NEW", view_id="V0VIEW")


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(owing.outbox)
    return [
        Asked(name="onboarding begin", ask=lambda s: owed.begin(s, 7, 1772442000, 0)),
        Asked(name="onboarding begin again", ask=lambda s: owed.begin(s, 7, 1772442000, 1, LATER)),
        Asked(name="onboarding show", ask=lambda s: owed.show(s, 7)),
        Asked(name="onboarding results", ask=lambda s: owed.results(s, 7)),
        Asked(name="onboarding unsend", ask=lambda s: owed.unsend(s, 7, "D7", "1772442003.000100")),
        Asked(name="onboarding join", ask=lambda s: owed.join(s, CHOSEN)),
        Asked(name="onboarding window", ask=lambda s: owed.window(s, 7, 2, "V0VIEW")),
        Asked(name="onboarding week", ask=lambda s: owed.week(s, 7, 1772442000, LATER)),
        Asked(name="onboarding card", ask=lambda s: owed.card(s, 7)),
        Asked(name="onboarding fill", ask=lambda s: owed.fill(s, 7)),
        Asked(name="onboarding welcomed", ask=lambda s: owed.welcomed(s, 7, 8)),
        Asked(name="onboarding forget", ask=lambda s: owed.forget(s, 7, LATER)),
    ]


NETS = Nets(
    owed=owed,
    no_subject=dict.fromkeys(STEPS, OWN_STEPS),
    begin=lambda town: TellWhy("zoe").play(town.here),
    of_whom={
        ids.NEWCOMER: {"zoe", "dora", "gus"},  # who came while gpbot was there
        ids.WELCOMER: CHAMPIONS,
    },
)
