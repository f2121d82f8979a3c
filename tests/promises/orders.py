"""Random scripts: who reports whom, what is done with it, and what goes wrong meanwhile."""

import functools
import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gpbot.questions import ids as question_ids
from gpbot.reports import ids
from tests.databases import KINDS
from tests.halves import LONG
from tests.promises.arriving import (
    CONCERN_CLICKS,
    PROPOSAL_CLICKS,
    STEPS,
    WELCOMES,
    ChooseChannels,
    ConcernClick,
    JoinChannel,
    LookForChannels,
    ProposalClick,
    Propose,
    RaiseConcern,
    TakeStep,
    TellWhy,
    Welcome,
)
from tests.promises.changing import (
    ORGANISATIONS,
    SPOILED,
    BecomeGuest,
    BecomeMember,
    MendChannel,
    SayWhereTheyWork,
    SpoilChannel,
)
from tests.promises.dealing import Deck
from tests.promises.naming import TEXTS, WriteNaming
from tests.promises.worlds import (
    CAST,
    CHAMPIONS,
    CHANNELS,
    CLICKS,
    FORMS,
    MEMBERS,
    NEWCOMERS,
    QUESTION_CLICKS,
    ROSTER,
    Act,
    AddPeople,
    Agree,
    Appoint,
    Ask,
    ChooseReaders,
    Click,
    Conflict,
    Deactivate,
    FailFor,
    Filing,
    MakeReport,
    OpenDesk,
    OpenHome,
    OpenOwnList,
    OtherReport,
    Outage,
    PressNewest,
    QuestionClick,
    Reactivate,
    Recover,
    Recruit,
    Rename,
    Restart,
    Retire,
    ReviewForm,
    SayToBot,
    SeeWhoAgreed,
    StartForm,
    Wait,
    Write,
    WriteInQuestion,
)

either_database = st.sampled_from(KINDS)

FACTOR = float(os.environ.get("GPBOT_EXAMPLES", "1"))


def examples(number: int, *phases: Phase) -> settings:
    """So many scripts, the same ones each time; GPBOT_EXAMPLES=20 tries twenty times as many, fresh ones each time."""
    return settings(
        max_examples=max(int(number * FACTOR), 1),
        derandomize="GPBOT_EXAMPLES" not in os.environ,
        deadline=None,
        database=None,
        phases=phases or (Phase.explicit, Phase.generate),  # shrinking takes minutes; the falsifying script is named
        suppress_health_check=list(HealthCheck),
    )


FEWER = 6
FEW_AND_ALL = pytest.mark.parametrize("how_many", ["few", pytest.param("all", marks=LONG)])


def promise(
    number: int, *scripts: st.SearchStrategy[object], deck: Deck | None = None
) -> Callable[[Callable[..., None]], Callable[[str], None]]:
    """A test that plays those written out and a sixth of so many in the short half, so many in the long one.

    In each of the halves all of the `deck` is dealt.
    """

    def made(play: Callable[..., None]) -> Callable[[str], None]:
        how = {"few": examples(max(number // FEWER, 1)), "all": examples(number, Phase.generate)}

        @FEW_AND_ALL
        def test(how_many: str) -> None:
            if deck is not None:
                deck.begin()
            how[how_many](given(*scripts)(play))()
            assert deck is None or FACTOR < 1 or deck.left() == []

        functools.update_wrapper(test, play, updated=())
        del test.__wrapped__  # type: ignore[attr-defined]  # pytest would ask it for its arguments
        return test

    return made


anybody = st.sampled_from(CAST)
champion = st.sampled_from(CHAMPIONS)
somebody = st.lists(anybody, max_size=3, unique=True).map(tuple)
some_of_the_roster = st.lists(st.sampled_from(ROSTER), max_size=3, unique=True).map(tuple)
seldom = st.sampled_from((False, False, False, True))
often = st.sampled_from((False, True, True))

filings = st.builds(
    Filing,
    reporter=anybody,
    about=somebody,
    keep_out=some_of_the_roster,
    named=st.one_of(st.just(()), some_of_the_roster, somebody),
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
    st.builds(WriteNaming, who=champion, form=st.just(ids.CLOSING), named=anybody, agrees=st.booleans()),
)
alone: st.SearchStrategy[Act] = st.one_of(
    st.builds(OpenHome, who=anybody),
    st.builds(OpenDesk, who=st.sampled_from(ROSTER), value=st.sampled_from(("open:", "closed:"))),
    st.builds(OpenOwnList, who=anybody),
    st.builds(StartForm, who=anybody, with_words=st.booleans()),
    st.builds(ReviewForm, who=anybody, about=somebody),
    st.builds(SayToBot, who=anybody),
    st.builds(Agree, who=anybody),
    st.builds(SeeWhoAgreed, who=st.sampled_from(ROSTER)),
    st.builds(Conflict, holder=st.sampled_from(ROSTER), other=anybody),
)
newcomer = st.sampled_from(NEWCOMERS)
arriving: st.SearchStrategy[Act] = st.one_of(
    st.builds(Agree, who=newcomer),
    st.builds(TakeStep, who=st.one_of(newcomer, anybody), action=st.sampled_from(STEPS)),
    st.builds(TellWhy, who=st.one_of(newcomer, newcomer, anybody)),
    st.builds(Welcome, who=champion, whom=newcomer, action=st.sampled_from(WELCOMES)),
    st.builds(Welcome, who=anybody, whom=anybody, action=st.sampled_from(WELCOMES)),
    st.builds(ChooseChannels, who=st.one_of(newcomer, anybody), topic=st.sampled_from(sorted({*CHANNELS.values()}))),
    st.builds(LookForChannels, who=anybody, words=st.sampled_from(("", "flats", "proposals"))),
    st.builds(JoinChannel, who=anybody, name=st.sampled_from(sorted(CHANNELS))),
)
proposing: st.SearchStrategy[Act] = st.one_of(
    st.builds(Propose, who=anybody, steward=anybody),
    st.builds(ProposalClick, who=anybody, action=st.sampled_from(PROPOSAL_CLICKS)),
    st.builds(RaiseConcern, who=anybody),
    st.builds(ConcernClick, who=st.one_of(champion, anybody), action=st.sampled_from(CONCERN_CLICKS)),
    st.builds(WriteNaming, who=st.one_of(champion, anybody), form=st.sampled_from(TEXTS), named=anybody, agrees=often),
)
asking = st.builds(Ask, who=anybody, show_name=st.booleans())
questioning: st.SearchStrategy[Act] = st.one_of(
    asking,
    st.builds(QuestionClick, who=anybody, action=st.sampled_from(QUESTION_CLICKS)),
    st.builds(QuestionClick, who=champion, action=st.sampled_from(QUESTION_CLICKS)),
    st.builds(WriteInQuestion, who=anybody, form=st.sampled_from((question_ids.ANSWER, question_ids.MORE))),
    st.builds(WriteNaming, who=champion, form=st.just(question_ids.ANSWER), named=anybody, agrees=often),
)
shared: st.SearchStrategy[Act] = st.one_of(
    alone,
    alone,
    arriving,
    proposing,
    questioning,
    st.builds(Click, who=anybody, action=st.sampled_from(CLICKS), other=st.just(True)),
    st.builds(Write, who=anybody, form=st.sampled_from(FORMS), other=st.just(True)),
    st.builds(OtherReport, filing=filings),
)
around: st.SearchStrategy[Act] = st.one_of(
    st.builds(SpoilChannel, how=st.sampled_from(SPOILED)),
    st.builds(MendChannel),
    st.builds(BecomeGuest, who=st.one_of(champion, anybody)),
    st.builds(BecomeMember, who=st.one_of(champion, anybody)),
    st.builds(SayWhereTheyWork, who=anybody, organisation=st.sampled_from(ORGANISATIONS)),
)
upheaval: st.SearchStrategy[Act] = st.one_of(
    around,
    around,
    st.builds(Retire, who=champion),
    st.builds(Recruit, who=st.sampled_from(CHAMPIONS + MEMBERS)),
    st.builds(Appoint, who=st.sampled_from(MEMBERS), at_once=st.booleans()),
    st.builds(Rename, who=st.sampled_from(ROSTER + MEMBERS), after=anybody, at_once=st.booleans()),
    st.builds(Deactivate, who=anybody),
    st.builds(Reactivate, who=anybody),
    st.builds(Wait, hours=st.sampled_from((0.3, 1, 25, 4 * 24, 8 * 24))),
    st.builds(Outage, slow_down=st.booleans()),
    st.builds(FailFor, who=anybody, how=st.sampled_from(("error", "refused", "slow"))),
    st.builds(Recover),
    st.builds(Restart),
)
before = st.lists(st.one_of(shared, shared, upheaval), max_size=2)
after = st.lists(st.one_of(handling, handling, shared, upheaval), min_size=3, max_size=10)
scripts = st.builds(lambda first, filing, then: [*first, filing, *then], before, filings, after)

# Reports about and by people who arrive and are welcomed meanwhile, find channels and propose some.
arrivals = st.builds(
    lambda proposed, first, filing, then: [*proposed, *first, filing, *then],
    st.lists(st.builds(Propose, who=anybody, steward=anybody), max_size=1),
    st.lists(st.one_of(arriving, proposing), min_size=1, max_size=4),
    filings,
    st.lists(st.one_of(arriving, arriving, proposing, handling, upheaval), min_size=4, max_size=10),
)

# A question, in one world made a report.
conversions = st.builds(
    MakeReport,
    who=st.one_of(champion, champion, st.just("")),
    about=somebody,
    keep_out=some_of_the_roster,
    otherwise=st.sampled_from((question_ids.WITHDRAW, question_ids.CLOSE)),
)
passed_on = st.builds(
    lambda first, asked, between, made, then: [*first, asked, *between, made, *then],
    st.lists(st.one_of(alone, upheaval), max_size=1),
    asking,
    st.lists(st.one_of(questioning, questioning, alone, upheaval), max_size=4),
    conversions,
    st.lists(st.one_of(handling, questioning, shared, upheaval), max_size=6),
)
stories_of_questions = st.builds(
    lambda asked, between, made, then: [asked, *between, made, *then],
    asking,
    st.lists(st.one_of(questioning, questioning, alone, upheaval), max_size=4),
    conversions,
    st.lists(st.one_of(handling, handling, questioning, alone, upheaval), max_size=6),
)

# With one report only, so that the oracle knows every reader there is.
stories = st.builds(
    lambda first, filing, then: [*first, filing, *then],
    st.lists(st.one_of(alone, arriving, proposing, upheaval), max_size=3),
    filings,
    st.lists(st.one_of(handling, handling, alone, arriving, proposing, upheaval), min_size=4, max_size=12),
)


def _losing(who: str) -> st.SearchStrategy[list[Act]]:
    """Ways in which `who`, a reader, comes to lose the report of `mona`."""
    return st.sampled_from(
        [
            [Click(who, ids.STEP_BACK)],
            [AddPeople("chloe", (who,), ())],
            [AddPeople("chloe", (), (who,))],
            [AddPeople(who, (who,), ())],
            [ChooseReaders("mona", (who,))],
            [Retire(who)],
            [BecomeGuest(who)],
            [Rename(who, "nadia")],
            [Click(who, ids.CLAIM), Rename(who, "nadia", at_once=True)],
            [Click(who, ids.CLAIM), Retire(who)],
            [Click(who, ids.CLAIM), ChooseReaders("mona", (who,))],
            [Click("mona", ids.WITHDRAW)],
        ]
    )


def _lost(who: str) -> st.SearchStrategy[tuple[str, list[Act], list[Act]]]:
    looks = st.lists(
        st.one_of(
            st.builds(Click, who=st.just(who), action=st.sampled_from(CLICKS), tail=st.sampled_from(("log", "notes"))),
            st.builds(OpenDesk, who=st.just(who), value=st.sampled_from(("open:", "closed:"))),
            st.builds(OpenHome, who=st.just(who)),
            st.builds(PressNewest, who=st.just(who), words=st.just("Open")),
            st.builds(Write, who=st.sampled_from((who, "mona")), form=st.sampled_from((ids.NOTE, ids.MORE))),
            st.builds(FailFor, who=st.just(who), how=st.sampled_from(("error", "slow"))),
            st.builds(Outage, slow_down=st.booleans()),
            st.builds(Recover),
        ),
        max_size=5,
    )
    others = st.sampled_from([name for name in ("amina", "ben", "chloe", "mona", "edith") if name != who])
    later = st.lists(
        st.one_of(
            st.builds(Click, who=others, action=st.sampled_from(CLICKS), tail=st.just("report")),
            st.builds(Write, who=others, form=st.sampled_from(FORMS)),
            st.builds(AddPeople, who=others, reported=somebody, harmed=somebody),
            st.builds(Wait, hours=st.sampled_from((1, 25, 8 * 24))),
            st.just(Deactivate("mona")),  # of a role holder's every other role holder's App Home tells, report or not
        ),
        min_size=2,
        max_size=8,
    )
    filing = st.just(Filing(reporter="mona", about=("tom",), named=("nadia",)))
    return st.builds(
        lambda filed, seen, losing, then: (who, [filed, *seen, *losing], then), filing, looks, _losing(who), later
    )


losses = st.sampled_from(("amina", "ben")).flatmap(_lost)
