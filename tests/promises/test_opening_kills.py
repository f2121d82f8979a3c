"""Channels whose process is killed again and again while it opens them are made once, and told of."""

from pathlib import Path

from tests.crash.aftermath import last_life
from tests.crash.fleet import Life
from tests.crash.moments import Fate, Moment
from tests.crash.opening import approve, assert_each_is_open
from tests.halves import LONG
from tests.running import Town, town

pytestmark = LONG

NUMBER = 8
PATIENCE = 12.0  # seconds; a moment that does not come by then is a kill at any moment
KILLS = (
    Fate(moment=Moment.CLAIMED),
    Fate(moment=Moment.ANSWERED, skip=1),  # a channel was made, and nobody knows
    Fate(moment=Moment.UNDER_WAY, skip=2, after=0.01),
    Fate(moment=Moment.FINISHING, skip=3),
    Fate(moment=Moment.SAVING),
    Fate(moment=Moment.ANSWERED, skip=4),
)


def one_life(here: Town, fate: Fate) -> None:
    life = Life(here.settings(http=True), here.folder, fate=fate)
    here.lives.append(life)
    life.wait_until_ready()
    if not life.is_over_within(PATIENCE):
        life.kill()


def test_killed_while_it_opens_channels_it_makes_each_of_them_once(tmp_path: Path) -> None:
    with town(tmp_path) as here:
        openings = approve(here, number=NUMBER)
        here.workspace.faults.add(method="conversations.create", drop="after", times=2)
        for fate in KILLS:
            one_life(here, fate)
        with last_life(here) as bot:
            assert_each_is_open(here, bot, openings)
        created = [call for call in here.workspace.calls if call.method == "conversations.create"]
        assert len([call for call in created if call.response.get("ok")]) <= NUMBER
        here.check()
