"""`make crash`: a hundred kills on SQLite, a hundred on PostgreSQL with three processes, and worse weather there.

GPBOT_SEED repeats the dice of a run (what the machine adds is its own). GPBOT_KILLS is for other numbers of kills.
"""

import os
import random
import secrets
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.crash.aftermath import Found, assert_all_is_well, last_life
from tests.crash.arriving import arriving, assert_each_arrived_once, prepare
from tests.crash.campaigning import assert_everybody_was_told_once, begin_in_calm, told_so_far
from tests.crash.conftest import TOLD
from tests.crash.fleet import Fleet, while_it_makes_its_tables
from tests.crash.jumping import Jumps, close_one, first_lies, wait_until_all_were_told
from tests.crash.moments import Moment
from tests.crash.opening import approve, assert_each_is_open
from tests.crash.reporting import Reporter, all_have_reported, reporting
from tests.crash.storm import (
    WHILE_ARRIVING,
    Freezer,
    Renewals,
    Restarts,
    Strangers,
    channels_in_trouble,
    kill_again_and_again,
    slack_in_trouble,
    trouble_on_the_line,
)
from tests.databases import Postgres
from tests.halves import LONG
from tests.running import UNANSWERED, Town, town

pytestmark = LONG

SEED = int(os.environ.get("GPBOT_SEED") or secrets.randbelow(1_000_000))
KILLS = int(os.environ.get("GPBOT_KILLS") or 100)
FREEZES = int(os.environ.get("GPBOT_FREEZES") or 4)
CHANNELS = 16
NEWCOMERS = 20
TEN_MINUTES = 600.0
PACE = 1.0  # seconds between two reports of one person
SLOWLY = 5.0
OTHERS = 200


class Story:
    """What happened, in words and numbers."""

    def __init__(self) -> None:
        self.deaths: Counter[str] = Counter()
        self.lines: list[str] = []

    def note(self, fleet: Fleet, trouble: Strangers | Renewals | None = None) -> None:
        self.deaths += fleet.deaths
        if trouble:
            self.lines.append(trouble.told)
        if fleet.failed_starts:
            self.lines.append(f"{fleet.failed_starts:4} starts given up, in words, while the database was away")

    def tell(self, found: Found, reporters: list[Reporter]) -> None:
        self.lines += [f"{times:4} killed {moment}" for moment, times in sorted(self.deaths.items())]
        self.lines += [
            f"{self.deaths.total():4} kills in all",
            f"{found.reports:4} reports acknowledged: all on their reporter's App Home, all open; lost: 0",
            f"{found.messages:4} messages owed about them: all there; missing: 0, twice: 0",
            f"{found.removed:4} second copies were there for a while and have been removed",
            f"{sum(len(each.told) for each in reporters):4} times somebody was told that something did not work",
        ]

    def tell_of_campaign(self, here: Town, in_the_storm: int) -> None:
        assert in_the_storm, "nobody was told while processes were killed: this tests nothing"
        everyone = len(here.everyone)
        self.lines.append(f"{everyone:4} told of new guidelines, {in_the_storm} of them meanwhile; missed: 0, twice: 0")


Telling = Callable[[str], AbstractContextManager[Story]]


@pytest.fixture
def dice() -> random.Random:
    return random.Random(SEED)


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Telling:
    """What happened is told when the part has ended, well or not (tests/crash/conftest.py)."""

    @contextmanager
    def tell(title: str) -> Iterator[Story]:
        begun = time.monotonic()
        story = Story()
        try:
            yield story
        finally:
            lines = [
                *story.lines,
                f"in {time.monotonic() - begun:.0f} s; to repeat its dice: GPBOT_SEED={SEED} make crash",
            ]
            record_property(TOLD, "\n".join([title, *(f"  {line}" for line in lines)]))

    return tell


def test_on_sqlite_nothing_acknowledged_is_lost_and_nothing_arrives_twice(
    tmp_path: Path, dice: random.Random, told: Telling
) -> None:
    with crowd(tmp_path) as here, told("SQLite, one process") as story:
        died = while_it_makes_its_tables(here, dice)
        story.lines.append(f"{died:4} killed {Moment.MIGRATING}")
        campaign_id = begin_in_calm(here)
        before = told_so_far(here)

        def is_told() -> bool:
            return told_so_far(here) > before

        with reporting(here, pace=PACE) as reporters, slack_in_trouble(here.workspace, SEED):
            for http in (True, False):
                fleet = Fleet(here, dice, http=http)
                fleet.start()
                with trouble_on_the_line(fleet) as trouble:
                    kill_again_and_again(fleet, until=has_had(fleet, KILLS // 2, reporters, is_told))
                fleet.stop()
                story.note(fleet, trouble)
        in_the_storm = told_so_far(here) - before
        with last_life(here) as bot:
            story.tell(assert_all_is_well(here, bot, reporters), reporters)
            assert_everybody_was_told_once(here, bot, campaign_id)
        story.tell_of_campaign(here, in_the_storm)
        with closing(sqlite3.connect(here.database)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        here.check()


def test_on_postgresql_three_processes_lose_nothing_and_send_nothing_twice(
    tmp_path: Path, dice: random.Random, told: Telling
) -> None:
    with (
        durable_database() as (server, url),
        crowd(tmp_path, url) as here,
        told("PostgreSQL, three processes") as story,
    ):
        story.lines.append(f"{while_it_makes_its_tables(here, dice):4} killed {Moment.MIGRATING}")
        campaign_id = begin_in_calm(here)
        before = told_so_far(here)

        def is_told() -> bool:
            return told_so_far(here) > before

        with reporting(here, pace=PACE) as reporters, slack_in_trouble(here.workspace, SEED):
            for http in (True, False):
                fleet = Fleet(here, dice, http=http, ahead=(0.0, TEN_MINUTES, -TEN_MINUTES))
                fleet.start()
                with trouble_on_the_line(fleet) as trouble:
                    kill_again_and_again(fleet, until=has_had(fleet, KILLS // 2, reporters, is_told))
                fleet.stop()
                story.note(fleet, trouble)
        in_the_storm = told_so_far(here) - before
        with last_life(here) as bot:
            story.tell(assert_all_is_well(here, bot, reporters), reporters)
            assert_everybody_was_told_once(here, bot, campaign_id)
        story.tell_of_campaign(here, in_the_storm)
        assert_is_whole(server)
        here.check()


def test_on_postgresql_the_frozen_the_skewed_and_the_database_restarted_lose_nothing(
    tmp_path: Path, dice: random.Random, told: Telling
) -> None:
    with (
        durable_database() as (server, url),
        crowd(tmp_path, url) as here,
        told("PostgreSQL restarted, one process killed, one frozen, one with a clock ten minutes off") as story,
    ):
        here.workspace.ack_seconds = 3  # as long as Slack waits for a process that stands still
        with reporting(here, pace=PACE) as reporters, slack_in_trouble(here.workspace, SEED):
            fleet = Fleet(here, dice, http=False, ahead=(0.0, 0.0, TEN_MINUTES))
            fleet.start()
            freezer, restarts = Freezer(fleet, slot=1), Restarts(server, dice)

            def also() -> None:
                freezer.look()
                restarts.look()

            kill_again_and_again(
                fleet,
                until=lambda: freezer.times.total() >= FREEZES and all_have_reported(reporters),
                among=[0],
                also=also,
            )
            freezer.end()
            fleet.stop()
        story.note(fleet)
        story.lines += [f"{times:4} frozen {moment}" for moment, times in sorted(freezer.times.items())]
        story.lines += [f"{times:4} restarts of the database, {how}" for how, times in sorted(restarts.times.items())]
        with last_life(here) as bot:
            story.tell(assert_all_is_well(here, bot, reporters, once=False), reporters)
        assert_is_whole(server)
        # What Slack saw of a process that stood still, or had no database.
        assert all(any(expected in problem for expected in UNANSWERED) for problem in here.workspace.problems)


@pytest.mark.parametrize("processes", [1, 3])
def test_clocks_that_jump_lose_nothing_delay_nothing_and_erase_nothing(
    processes: int, tmp_path: Path, dice: random.Random, told: Telling
) -> None:
    with ExitStack() as ending:
        url = ending.enter_context(durable_database())[1] if processes > 1 else None
        here = ending.enter_context(town(tmp_path, database_url=url))
        story = ending.enter_context(told(f"Clocks that jump, {processes} machines"))
        closed = close_one(here)
        fleet = Fleet(here, dice, http=True, ahead=first_lies(processes), clocks_jump=True)
        jumps = Jumps(fleet)
        with reporting(here, pace=SLOWLY) as reporters:
            fleet.start()
            until = has_had(fleet, KILLS // 5, reporters, is_so=lambda: jumps.is_enough)
            kill_again_and_again(fleet, until=until, also=jumps.look)
        wait_until_all_were_told(fleet, reporters, but=closed)
        fleet.stop()
        story.note(fleet)
        story.lines += [f"{times:4} times a clock was {how}" for how, times in sorted(jumps.times.items())]
        with last_life(here) as bot:
            story.tell(assert_all_is_well(here, bot, reporters, closed={str(closed.id)}), reporters)
            closed.assert_is_kept(bot)
        here.check()


@pytest.mark.parametrize("processes", [1, 3])
def test_channels_are_opened_once_however_often_gpbot_is_killed(
    processes: int, tmp_path: Path, dice: random.Random, told: Telling
) -> None:
    with ExitStack() as ending:
        # One process on SQLite, several on PostgreSQL.
        url = ending.enter_context(durable_database())[1] if processes > 1 else None
        here = ending.enter_context(crowd(tmp_path, url))
        story = ending.enter_context(told(f"Opening {CHANNELS} channels, {processes} at it"))
        openings = approve(here, number=CHANNELS)
        with channels_in_trouble(here.workspace, SEED):
            fleet = Fleet(here, dice, http=True, ahead=(0.0,) * processes)
            fleet.start()
            kill_again_and_again(fleet, until=has_had(fleet, KILLS // 10))
            fleet.stop()
        story.note(fleet)
        with last_life(here) as bot:
            again = assert_each_is_open(here, bot, openings)
        story.lines += [f"{times:4} killed {moment}" for moment, times in sorted(story.deaths.items())]
        story.lines += [f"{CHANNELS:4} channels, each made once", f"{again:4} welcomes that stand there twice"]
        here.check()


@pytest.mark.parametrize("processes", [1, 3])
def test_newcomers_are_told_once_and_find_their_channels_however_often_gpbot_is_killed(
    processes: int, tmp_path: Path, dice: random.Random, told: Telling
) -> None:
    with ExitStack() as ending:
        url = ending.enter_context(durable_database())[1] if processes > 1 else None
        here = ending.enter_context(town(tmp_path, database_url=url))
        story = ending.enter_context(told(f"Newcomers, {processes} at it"))
        channels = prepare(here)
        fleet = Fleet(here, dice, http=processes == 1, ahead=(0.0,) * processes)
        fleet.start()
        with arriving(here, channels, most=NEWCOMERS) as arrivals, channels_in_trouble(here.workspace, SEED):
            until = has_had(fleet, KILLS // 12, is_so=lambda: arrivals.somebody_was_told)
            kill_again_and_again(fleet, until=until, moments=WHILE_ARRIVING)
        fleet.stop()
        story.note(fleet)
        with last_life(here) as bot:
            again = assert_each_arrived_once(here, bot, arrivals)
        story.lines += [f"{times:4} killed {moment}" for moment, times in sorted(story.deaths.items())]
        story.lines += [
            f"{len(arrivals.newcomers):4} newcomers: told once, in each channel once, asked after a week once",
            f"{arrivals.told_meanwhile:4} of them were told while processes were killed",
            f"{again:4} cards without words that stand there twice",
        ]
        here.check()


def has_had(
    fleet: Fleet, kills: int, reporters: Sequence[Reporter] = (), is_so: Callable[[], bool] = lambda: True
) -> Callable[[], bool]:
    """So many kills, and between them a report of each of those who try, and what is to happen meanwhile."""
    return lambda: fleet.deaths.total() >= kills and all_have_reported(reporters) and is_so()


@contextmanager
def durable_database() -> Iterator[tuple[Postgres, str]]:
    """An empty one, in a server that waits for the disk."""
    server = Postgres(durable=True)
    try:
        with server.database(fill=None) as url:
            yield server, url
    finally:
        server.close()


def assert_is_whole(server: Postgres) -> None:
    """Every page is as it was written."""
    server.stop()
    command = [str(server._binaries / "pg_checksums"), "--check", "--pgdata", str(server.data)]
    checked = subprocess.run(command, user=server._user, capture_output=True, text=True, check=False)  # noqa: S603  (PostgreSQL's own)
    server.start()
    assert checked.returncode == 0, checked.stdout + checked.stderr


@contextmanager
def crowd(folder: Path, database_url: str | None = None) -> Iterator[Town]:
    """A town with more people who report, and many more who are there."""
    with town(folder, database_url=database_url) as here:
        here.workspace.invite(here.general, here.app.bot_user_id)
        here.members += [here.workspace.add_person(name) for name in ("Nadia Haddad", "Omar Aziz")]
        here.others = [here.workspace.add_person(f"Person{number} Member", announce=False) for number in range(OTHERS)]
        yield here
