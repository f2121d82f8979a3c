"""An acknowledged report survives SIGKILL at any moment, and what it enqueued arrives once."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gpbot.bootstrap import build
from gpbot.desk.desk import DESK, DeskJob
from gpbot.outbox.store import claim
from gpbot.outbox.types import Post
from gpbot.reports import ids
from tests.crash.aftermath import assert_all_is_well, last_life
from tests.crash.reporting import all_have_reported, reporting
from tests.halves import LONG
from tests.running import Town, town
from tests.stage import Stage
from tests.waiting import HANGING

KILLS = 20
PATIENCE = 2.0  # seconds; a moment that does not come by then is a kill at any moment
POST = "chat.postMessage"


class Moments:
    """What can be waited for, so that the process is killed just then."""

    def __init__(self, here: Town, dice: random.Random) -> None:
        self._here = here
        self._dice = dice

    def any_time(self) -> None:
        time.sleep(self._dice.uniform(0, 0.6))

    def after_the_commit_before_the_ack(self) -> None:
        self._until_more("SELECT count(*) FROM report")

    def before_the_request_to_slack(self) -> None:
        self._until_more("SELECT count(DISTINCT token) FROM job")

    def while_slack_has_the_request(self) -> None:
        self._here.workspace.faults.add(method=POST, delay=0.3, times=4)
        self._until_more("SELECT count(DISTINCT token) FROM job")
        time.sleep(self._dice.uniform(0.05, 0.25))

    def after_the_request_before_the_finish(self) -> None:
        self._until(lambda: sum(call.method == POST for call in list(self._here.workspace.calls)))

    def after_an_answer_was_lost(self) -> None:
        self._here.workspace.faults.add(method=POST, drop="after", times=3)
        self._until(
            lambda: sum(
                call.response.get("error") == "(connection dropped)" for call in list(self._here.workspace.calls)
            )
        )
        time.sleep(self._dice.uniform(0, 0.05))

    def after_an_ack_was_lost(self) -> None:
        self._here.workspace.faults.deliveries(lose_ack=True, where=_is_send)
        self._until_more("SELECT count(*) FROM report")
        time.sleep(self._dice.uniform(0, 0.1))

    def all(self) -> list[Callable[[], None]]:
        return [
            self.after_the_commit_before_the_ack,
            self.before_the_request_to_slack,
            self.any_time,
            self.while_slack_has_the_request,
            self.after_the_request_before_the_finish,
            self.after_an_answer_was_lost,
            self.after_an_ack_was_lost,
        ]

    def _until_more(self, query: str) -> None:
        with closing(sqlite3.connect(f"file:{self._here.database}?mode=ro", uri=True, timeout=HANGING)) as looking:
            self._until(lambda: int(looking.execute(query).fetchone()[0]))

    def _until(self, count: Callable[[], int]) -> None:
        before, end = count(), time.monotonic() + PATIENCE
        while count() <= before and time.monotonic() < end:
            time.sleep(0.0002)


def _is_send(payload: object) -> bool:
    return isinstance(payload, dict) and payload.get("view", {}).get("callback_id") == ids.REVIEW


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as place:
        yield place


@LONG
def test_no_acknowledged_report_is_lost_and_nothing_arrives_twice_though_gpbot_is_killed_twenty_times(
    here: Town,
) -> None:
    dice = random.Random(2026)
    moments = Moments(here, dice).all()
    while_it_makes_its_tables(here)
    with reporting(here) as reporters:
        for number in range(KILLS - 2):
            life = here.start(http=number % 2 == 0)
            moments[number % len(moments)]()
            here.kill(life)
            here.workspace.faults.clear()
        life = here.start(http=True)
        here.workspace.wait_until(lambda: all_have_reported(reporters))
        here.kill(life)
    with last_life(here) as bot:
        assert_all_is_well(here, bot, reporters)
    with closing(sqlite3.connect(here.database)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    here.check()


def test_the_desk_that_several_lives_enqueue_is_put_up_once(community: Stage) -> None:
    desk = community.workspace.add_channel("another", private=True, members=[community.ben])
    community.workspace.invite(desk, community.app.bot_user_id)
    community.stop()
    community.settings = replace(community.settings, triage_channel=desk.id)
    for _ in range(3):  # each ends before it has sent anything
        bot = build(community.settings, clock=community.clock)
        bot.desk.put_up()
        bot.stop()
    community.start()
    with community.bot.records.database.begin() as session:
        held = claim(session, community.clock.now(), limit=10)
        assert sorted(each.kind for each in held) == ["channels", "desk", "members", "places"]
    community.later(minutes=2)
    assert sum("The Desk" in message.text for message in community.ben.read(desk)) == 1


def test_a_second_desk_that_another_process_sent_meanwhile_is_taken_away(community: Stage) -> None:
    with community.bot.records.database.begin() as session:
        second = community.bot.gateway.send(Post(to=community.triage.id, text=DESK, blocks=[]), "w")
        community.bot.desk.record(session, DeskJob(), second)
    assert sum(DESK in message.text for message in community.ben.read(community.triage)) == 2
    community.settle()
    assert sum(DESK in message.text for message in community.ben.read(community.triage)) == 1


def while_it_makes_its_tables(here: Town) -> None:
    life = here.launch(http=True)
    until = time.monotonic() + HANGING
    while not here.database.exists() and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(0.05)
    life.kill()
