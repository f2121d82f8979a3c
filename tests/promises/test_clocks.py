"""Clocks may lie: one that goes back delays no message, and one that goes forward erases and sends nothing early."""

from datetime import timedelta
from typing import Any

import pytest

from gpbot.proposals.types import Proposed
from gpbot.questions.types import Asking
from tests.clocks import SetClock, SteadyClock, StoppedClock
from tests.databases import ON_SQLITE
from tests.scenarios.doing import close_report, shown, stubs
from tests.stage import Stage

pytestmark = ON_SQLITE
HOURS_BACK, YEARS_AHEAD = -timedelta(hours=2), timedelta(days=3 * 365)
Machine = SetClock[StoppedClock]


@pytest.fixture(params=[SetClock, SteadyClock])
def machine(request: pytest.FixtureRequest, community: Stage) -> Any:
    community.machine = request.param(community.clock)
    community.restart()
    community.settle()
    return community.machine


def close(community: Stage) -> None:
    community.open_stub(community.ben)
    close_report(community, community.ben)
    community.look_away(community.ben, community.mona)


def reads_own(community: Stage) -> str:
    community.look_away(community.mona)
    community.mona.press("Open", within=community.mona.inbox[-1], force=True)
    community.settle()
    return shown(community.mona)


def test_a_clock_put_back_delays_nobody(community: Stage, machine: Machine) -> None:
    community.report(community.tom)  # its lanes are used before
    machine.ahead = HOURS_BACK
    community.report(community.mona)
    community.later(seconds=50)
    assert [len(stubs(each)) for each in community.champions] == [2, 2, 2]


def test_what_was_enqueued_before_the_clock_was_put_back_goes_at_once(community: Stage, machine: Machine) -> None:

    community.mona.command("/report")
    community.bot.windows.settle()
    community.mona.fill("What happened", "He shouts at me")
    community.mona.submit()
    community.answer_none(community.mona)
    community.mona.submit()
    machine.ahead = HOURS_BACK
    community.later(seconds=50)
    assert [len(stubs(each)) for each in community.champions] == [1, 1, 1]


def test_a_moment_years_ahead_erases_nothing_and_sends_nothing_early(community: Stage, machine: Machine) -> None:
    records = community.bot.records
    community.report(community.mona)
    close(community)
    question = records.questions.ask(community.tom.id, "one", Asking(what="Where is the list?")).id
    records.questions.close(community.tom.id, question)
    proposal = records.proposals.propose(community.nadia.id, "one", Proposed(purpose="Flats.", name="flats")).id
    records.concerns.raise_one(community.tom.id, proposal, "one", "Something is wrong with it.")
    records.proposals.withdraw(community.nadia.id, proposal)
    community.settle()
    community.report(community.tom)
    before = {person.user.real_name: len(person.inbox) for person in community.people.values()}
    machine.ahead = YEARS_AHEAD
    community.settle(3)
    machine.ahead = timedelta()
    community.settle(3)
    if isinstance(machine, SteadyClock):  # the other cannot know that it was no journey through time
        after = {person.user.real_name: len(person.inbox) for person in community.people.values()}
        assert after == before
    community.later(days=2)
    assert "Done." in reads_own(community)
    assert len(records.concerns.waiting(community.ben.id)) == 1
    with records.database.read() as session:
        assert records.questions.store.open_as_caretaker(session, question) is not None


def test_while_nobody_knows_the_time_health_says_so_and_slack_ends_it(community: Stage) -> None:
    community.machine = machine = SteadyClock(community.clock)
    community.restart()
    assert community.bot.health()["clock"] == "ok"
    machine.ahead = YEARS_AHEAD
    assert community.bot.health()["clock"] == "has jumped; waiting for Slack to say what time it is"
    assert not community.bot.health()["ok"]
    community.bot.pulse.beat()
    assert community.bot.health()["clock"] == "1576800 minutes ahead of Slack's"
    assert community.bot.health()["ok"]
    machine.ahead = timedelta()
    community.bot.pulse.beat()
    assert community.bot.health()["clock"] == "ok"


def test_a_clock_that_was_wrong_from_the_start_changes_nothing(community: Stage) -> None:
    community.report(community.mona)
    close(community)
    community.machine = machine = SteadyClock(community.clock)
    machine.ahead = YEARS_AHEAD
    community.restart()
    community.later(days=2)
    assert "Done." in reads_own(community)
    assert community.bot.records.database.clock.now() == community.clock.now()
