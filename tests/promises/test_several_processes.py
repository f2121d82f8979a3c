"""Several processes on one PostgreSQL are one gpbot; the long run of this is `make crash`."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from gpbot.clock import SystemClock
from gpbot.db import Database
from tests.crash.aftermath import assert_all_is_well, last_life
from tests.crash.fleet import Fleet
from tests.crash.moments import Moment
from tests.crash.process import WrongClock
from tests.crash.reporting import all_have_reported, reporting
from tests.databases import shared
from tests.halves import LONG
from tests.running import town

pytestmark = LONG

TEN_MINUTES = 600.0


def test_three_processes_of_which_some_are_killed_and_two_have_wrong_clocks_lose_and_repeat_nothing(
    tmp_path: Path,
) -> None:
    dice = random.Random(2026)
    with shared().database(fill=None) as url, town(tmp_path, database_url=url) as here:
        here.workspace.faults.add(method="chat.postMessage", retry_after=1, times=2)
        here.workspace.faults.add(method="chat.postMessage", drop="after", times=2)
        with reporting(here) as reporters:
            for http, ahead, moments in (
                (True, (0.0, 0.0, 0.0), (Moment.SAVED, Moment.ANSWERED)),
                (False, (0.0, TEN_MINUTES, -TEN_MINUTES), (Moment.CLAIMED, Moment.FINISHING)),
            ):
                fleet = Fleet(here, dice, http=http, ahead=ahead)
                fleet.start()
                for moment in moments:
                    fleet.kill(dice.choice(fleet.wait_for(2)), moment)
                here.workspace.wait_until(lambda: fleet.tend() and all_have_reported(reporters))  # noqa: B023
                fleet.stop()
        with last_life(here) as bot:
            assert_all_is_well(here, bot, reporters)
        here.check()


def test_a_process_whose_clock_is_wrong_goes_by_the_databases_and_says_so_once(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    right = Database(postgres_url, clock=SystemClock())
    wrong = Database(postgres_url, clock=WrongClock(TEN_MINUTES))
    with right.read() as session, wrong.read() as its_own:
        now = right.now(session)
        its_own.connection()
        wrong.now(its_own)
        assert abs(wrong.clock.now() - now) < timedelta(seconds=TEN_MINUTES / 2)
    assert ["this machine's clock is 10 minutes ahead of the database's" in line for line in caplog.messages] == [True]
    right.close()
    wrong.close()


def test_a_clock_that_is_put_right_while_it_runs_is_followed(postgres_url: str) -> None:
    clock = WrongClock(TEN_MINUTES)
    database = Database(postgres_url, clock=clock)
    with database.read() as session:
        session.connection()
        clock.ahead = timedelta()
        now = database.now(session)
        assert abs(database.clock.now() - now) < timedelta(seconds=TEN_MINUTES / 2)
    database.close()
