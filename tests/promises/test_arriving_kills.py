"""Newcomers who arrive while gpbot is killed again and again are told once, and get into the channels they chose."""

import random
from pathlib import Path

from tests.crash.aftermath import last_life
from tests.crash.arriving import arriving, assert_each_arrived_once, prepare
from tests.crash.fleet import Fleet
from tests.crash.moments import Moment
from tests.crash.storm import kill_again_and_again
from tests.halves import LONG
from tests.running import town

pytestmark = LONG

MOMENTS = (Moment.SAVED, Moment.CLAIMED, Moment.ANSWERED, Moment.FINISHING)


def test_newcomers_are_told_once_and_in_the_channels_they_chose_though_gpbot_is_killed(tmp_path: Path) -> None:
    with town(tmp_path) as here:
        channels = prepare(here)
        fleet = Fleet(here, random.Random(2026), http=True)
        fleet.start()
        with arriving(here, channels, most=8) as arrivals:
            kill_again_and_again(
                fleet,
                until=lambda: fleet.deaths.total() >= len(MOMENTS) and arrivals.somebody_was_told,
                moments=MOMENTS,
            )
        fleet.stop()
        with last_life(here) as bot:
            assert_each_arrived_once(here, bot, arrivals)
        here.check()
