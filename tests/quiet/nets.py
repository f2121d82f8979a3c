"""What the nets have to know of quiet channels."""

from types import SimpleNamespace
from typing import Any

from gpbot.quiet import ids
from gpbot.quiet.jobs import Owed
from tests.house.owing import LATER, ONE, Asked, Owing
from tests.nets import Nets

WATCHED: Any = SimpleNamespace(proposal_id=ONE, round=3)


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(owing.outbox, owing.keyring, triage_channel="C0TRIAGE")
    return [
        Asked(name="quiet day", ask=lambda s: owed.day(s, "2026-03-09", LATER)),
        Asked(name="quiet look", ask=lambda s: owed.look(s, ONE)),
        Asked(name="quiet ask", ask=lambda s: owed.ask(s, WATCHED, 7, "U7")),
        Asked(name="quiet draw", ask=lambda s: owed.draw(s, ONE, 7)),
        Asked(name="quiet card", ask=lambda s: owed.card(s, WATCHED)),
        Asked(name="quiet archive", ask=lambda s: owed.archive(s, WATCHED)),
        Asked(name="quiet told", ask=lambda s: owed.told(s, WATCHED, 7, "U7")),
    ]


NETS = Nets(
    owed=owed,
    of_whom={ids.KEEPER: set()},  # no channel is asked about in a town
    values=dict.fromkeys((ids.KEEP, ids.LET_GO, ids.DECIDE_TO_KEEP, ids.ARCHIVE), "{} 1"),
    needs_more=dict.fromkeys((ids.KEEP, ids.LET_GO), "no channel is asked about: tests/quiet"),
)
