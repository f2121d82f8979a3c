"""What the nets have to know of openings."""

from functools import partial
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session

from gpbot.opening import ids
from gpbot.opening.jobs import Owed
from gpbot.opening.steps import Step
from tests.house.owing import ONE, Asked, Owing
from tests.nets import Nets
from tests.promises.pressing import CHAMPIONS


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(
        owing.outbox,
        owing.keyring,
        triage_channel="C0TRIAGE",
        proposals_channel="C0PROPOSALS",
        general_channel="C0GENERAL",
    )
    steps = [
        Asked(name=f"opening step {step}", ask=partial(_step, owed, step)) for step in Step if step is not Step.DONE
    ]
    return [
        *steps,
        Asked(name="opening card", ask=lambda s: owed.card(s, ONE)),
        Asked(name="opening not_added", ask=lambda s: owed.not_added(s, ONE, 7, "U7")),
    ]


def _step(owed: Owed, step: Step, session: Session) -> None:
    opening: Any = SimpleNamespace(proposal_id=ONE, step=step, turn=2, channel_id="C0NEW")
    owed.step(session, opening, 1)


NETS = Nets(
    owed=owed,
    of_whom={ids.HELPER: CHAMPIONS, ids.CHOOSER: CHAMPIONS},
    values={ids.USE: "{} C0SOMEWHERE"},
)
