"""Two worlds: a script is played once with a report in it and once without; nobody else can tell which is which."""

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, example, given, settings

from gpbot.reports import ids
from tests.promises.orders import losses, scripts
from tests.promises.worlds import (
    CAST,
    Act,
    AddPeople,
    ChooseReaders,
    Click,
    Deactivate,
    FailFor,
    Filing,
    OpenDesk,
    OpenHome,
    Outage,
    Reactivate,
    Recover,
    Recruit,
    Retire,
    SayToBot,
    Wait,
    World,
    Write,
    play,
    screens,
    told,
    world,
)

often = settings(
    max_examples=int(os.environ.get("GPBOT_EXAMPLES", "20")),
    derandomize="GPBOT_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # shrinking takes minutes; the falsifying script is named whole
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


def everything_told(here: World) -> dict[str, list[str]]:
    """By name, for whoever was never able to read the report."""
    start, url = here.c.clock.now(), here.c.workspace.base_url
    return {name: told(here.person(name).seen, start, url) for name in here.oracle.never_readers}


def aftermath() -> list[Act]:
    """Slack recovers, and all that is still owed gets its chance."""
    return [Recover(), Wait(1), *(OpenHome(name) for name in CAST), Wait(25)]


@often
@given(scripts)
@example([Filing(reporter="mona", about=("amina",)), OpenDesk("amina"), Retire("amina")])
@example([Filing(reporter="mona"), Recruit("tom"), OpenDesk("tom"), Retire("tom")])
@example([Filing(reporter="mona", about=("edith",)), OpenDesk("edith"), Deactivate("edith"), Reactivate("edith")])
@example([FailFor("ben", "slow"), Filing(reporter="ben", about=("farid",), show_name=True), Deactivate("ben")])
@example([Outage(slow_down=False), Filing(reporter="tom", about=("ben",)), OpenHome("ben"), SayToBot("ben"), Wait(1)])
@example([Filing(reporter="amina", about=("amina", "ben")), OpenDesk("ben"), Click("ben", ids.OPEN), Retire("ben")])
@example(
    [Filing(reporter="mona", outside=True), OpenDesk("ben"), Click("edith", ids.STEP_BACK), Click("ben", ids.OPEN)]
)
@example([Filing(reporter="mona", named=("ben",)), Click("amina", ids.CLAIM), AddPeople("amina", ("tom",), ("ben",))])
def test_nobody_but_its_readers_can_tell_a_world_with_a_report_from_one_without(script: Sequence[Act]) -> None:
    seen = []
    for has_report in (True, False):
        with world(has_report=has_report) as here:
            play(here, [*script, *aftermath()])
            seen.append(everything_told(here) | {"the health page": here.health_pages})
    with_report, without = seen
    assert with_report.keys() == without.keys()
    for name, lines in without.items():
        assert with_report[name] == lines, f"{name} can tell"


@often
@given(losses)
def test_whoever_can_no_longer_read_it_holds_nothing_of_it_and_learns_nothing_more(
    parts: tuple[str, Sequence[Act], Sequence[Act]],
) -> None:
    who, losing, later = parts
    with world(has_report=True) as here:
        play(here, losing)
        play(here, [Recover(), Wait(0.5), Wait(0.5)])
        person = here.person(who)
        held = [word for word in [*here.words.made, str(here.report_id)] if word in screens(person)]
        assert not held, f"{who} still holds {held}"
        until_then = len(person.seen)
        play(here, later)
        play(here, [Recover(), Wait(1), Wait(25)])
        assert [sight.text for sight in person.seen[until_then:]] == []
        assert not [word for word in [*here.words.made, str(here.report_id)] if word in screens(person)]


def test_the_oracle_knows_a_world_with_a_leak_from_one_without() -> None:
    """The control: one message more to one person, at any moment, is noticed."""
    seen = []
    for has_report in (True, False):
        with world(has_report=has_report) as here:
            play(here, [Filing(reporter="mona", about=("tom",)), Write("ben", ids.NOTE)])
            if has_report:
                here.c.bot.gateway.direct_message(here.person("tom").id, "Hello.")
            play(here, aftermath())
            seen.append(everything_told(here))
    with_report, without = seen
    assert {name for name in without if with_report[name] != without[name]} == {"tom"}
    assert set(without) == {"edith", "farid", "tom", "nadia"}


def test_the_oracle_knows_when_something_came_later() -> None:
    """The control: the same message three seconds later is noticed."""
    seen = []
    for late in (0, 3):
        with world(has_report=True) as here:
            here.c.clock.advance(seconds=late)
            here.c.bot.gateway.direct_message(here.person("tom").id, "Hello.")
            here.c.clock.advance(seconds=3 - late)
            seen.append(everything_told(here)["tom"])
    assert seen[0] != seen[1]


def test_who_ticks_and_unticks_is_the_reporters_business_alone() -> None:
    """A tick taken back gives a champion the report; before, they could not tell, and the others cannot at all."""
    before, after = [], []
    for has_report in (True, False):
        with world(has_report=has_report) as here:
            play(here, [Filing(reporter="mona", keep_out=("ben",)), OpenDesk("ben"), OpenHome("ben")])
            before.append(told(here.person("ben").seen, here.c.clock.now(), here.c.workspace.base_url))
            play(here, [ChooseReaders("mona", ()), Wait(1)])
            after.append(len(here.person("ben").seen))
    assert before[0] == before[1]
    assert after[0] > after[1]
