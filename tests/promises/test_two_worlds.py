"""Two worlds: a script is played once with a report in it and once without; nobody else can tell which is which."""

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gpbot.reports import ids
from tests.promises.worlds import (
    CAST,
    CHAMPIONS,
    CLICKS,
    FORMS,
    MEMBERS,
    ROSTER,
    Act,
    AddPeople,
    ChooseReaders,
    Click,
    Conflict,
    Deactivate,
    FailFor,
    Filing,
    OpenDesk,
    OpenHome,
    OpenOwnList,
    OtherReport,
    Outage,
    PressNewest,
    Reactivate,
    Recover,
    Recruit,
    Restart,
    Retire,
    ReviewForm,
    SayToBot,
    StartForm,
    Wait,
    World,
    Write,
    play,
    told,
    world,
)

EXAMPLES = int(os.environ.get("GPBOT_EXAMPLES", "25"))
often = settings(
    max_examples=EXAMPLES,
    derandomize="GPBOT_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # shrinking takes minutes: the message names the whole script
    suppress_health_check=list(HealthCheck),
)

anybody = st.sampled_from(CAST)
champion = st.sampled_from(CHAMPIONS)
somebody = st.lists(anybody, max_size=3, unique=True).map(tuple)
some_of_the_roster = st.lists(st.sampled_from(ROSTER), max_size=3, unique=True).map(tuple)
seldom = st.sampled_from((False, False, False, True))

filings = st.builds(
    Filing,
    reporter=anybody,
    about=somebody,
    keep_out=some_of_the_roster,
    named=st.one_of(st.just(()), some_of_the_roster),
    outside=seldom,
    show_name=st.booleans(),
)
handling: st.SearchStrategy[Act] = st.one_of(
    st.builds(Click, who=anybody, action=st.sampled_from(CLICKS), tail=st.sampled_from(("report", "people", "log"))),
    st.builds(Click, who=st.sampled_from(ROSTER), action=st.sampled_from((ids.OPEN, ids.CLAIM, ids.STEP_BACK))),
    st.builds(Write, who=anybody, form=st.sampled_from(FORMS)),
    st.builds(AddPeople, who=st.sampled_from(ROSTER), reported=somebody, harmed=somebody),
    st.builds(ChooseReaders, who=anybody, keep_out=some_of_the_roster),
    st.builds(PressNewest, who=anybody, words=st.sampled_from(("Open", "Open", "I should not handle this"))),
)
shared: st.SearchStrategy[Act] = st.one_of(
    st.builds(OpenHome, who=anybody),
    st.builds(OpenDesk, who=st.sampled_from(ROSTER), value=st.sampled_from(("open:", "closed:"))),
    st.builds(OpenOwnList, who=anybody),
    st.builds(StartForm, who=anybody, with_words=st.booleans()),
    st.builds(ReviewForm, who=anybody, about=somebody),
    st.builds(SayToBot, who=anybody),
    st.builds(Conflict, holder=st.sampled_from(ROSTER), other=anybody),
    st.builds(Click, who=anybody, action=st.sampled_from(CLICKS), other=st.just(True)),
    st.builds(OtherReport, filing=filings),
)
upheaval: st.SearchStrategy[Act] = st.one_of(
    st.builds(Retire, who=champion),
    st.builds(Recruit, who=st.sampled_from(CHAMPIONS + MEMBERS)),
    st.builds(Deactivate, who=anybody),
    st.builds(Reactivate, who=anybody),
    st.builds(Wait, hours=st.sampled_from((0.3, 1, 25, 4 * 24, 8 * 24))),
    st.builds(Outage, slow_down=st.booleans()),
    st.builds(FailFor, who=anybody, how=st.sampled_from(("error", "refused", "slow"))),
    st.builds(Recover),
    st.builds(Restart),
)
before = st.lists(st.one_of(shared, upheaval), max_size=3)
after = st.lists(st.one_of(handling, handling, shared, upheaval), min_size=3, max_size=12)
scripts = st.builds(lambda first, filing, then: [*first, filing, *then], before, filings, after)


def everything_told(here: World) -> dict[str, list[str]]:
    """By name, for whoever was never able to read the report."""
    start = here.c.clock.now()
    return {name: told(here.person(name).seen, start, here.c.workspace.base_url) for name in here.oracle.never_readers}


def end(here: World) -> None:
    """Slack recovers, and all that is still owed gets its chance."""
    play(here, [Recover(), Wait(1), *(OpenHome(name) for name in CAST), Wait(25)])


@often
@given(scripts)
def test_nobody_but_its_readers_can_tell_a_world_with_a_report_from_one_without(script: Sequence[Act]) -> None:
    seen = []
    for has_report in (True, False):
        with world(has_report=has_report) as here:
            play(here, script)
            end(here)
            seen.append(everything_told(here) | {"the health page": [str(here.public_health())]})
    with_report, without = seen
    assert with_report.keys() == without.keys()
    for name, lines in without.items():
        assert with_report[name] == lines, f"{name} can tell"
