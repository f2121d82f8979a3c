"""Two worlds: a script is played once with a report in it and once without; nobody else can tell which is which."""

from collections.abc import Sequence

import pytest
from hypothesis import example

from gpbot.onboarding import ids as onboarding_ids
from gpbot.proposals import ids as proposal_ids
from gpbot.questions import ids as question_ids
from gpbot.reports import ids
from tests.databases import Kind
from tests.promises.arriving import (
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
from tests.promises.changing import BecomeGuest, BecomeMember, MendChannel, SayWhereTheyWork, SpoilChannel
from tests.promises.dealing import Deck, Hand
from tests.promises.naming import WriteNaming
from tests.promises.orders import arrivals, either_database, losses, passed_on, promise, scripts
from tests.promises.planting import Counting, plant
from tests.promises.worlds import (
    CAST,
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
    OtherReport,
    Outage,
    QuestionClick,
    Reactivate,
    Recover,
    Recruit,
    Rename,
    Retire,
    SayToBot,
    Wait,
    World,
    Write,
    WriteInQuestion,
    play,
    screens,
    told,
    world,
)

NOTHING_DEALT = Hand(())


def everything_told(here: World) -> dict[str, list[str]]:
    """By name, for people who were never able to read the report."""
    start, url = here.c.clock.now(), here.c.workspace.base_url
    return {name: told(here.person(name).seen, start, url) for name in here.oracle.never_readers}


def aftermath() -> list[Act]:
    """Slack recovers, and every job that waits gets its chance."""
    return [Recover(), Wait(1), *(OpenHome(name) for name in CAST), Wait(25)]


OF_REPORTS, OF_ARRIVALS, OF_QUESTIONS = DECKS = (
    Deck(seed=12, hands=10, part=0, parts=3),
    Deck(seed=12, hands=5, part=1, parts=3),
    Deck(seed=12, hands=7, part=2, parts=3),
)


@promise(12, scripts, either_database, deck=OF_REPORTS)
@example(
    [
        Filing(reporter="mona", about=("amina", "edith")),
        *(OpenDesk(who) for who in ("amina", "edith")),
        Retire("amina"),
        Deactivate("edith"),
        Reactivate("edith"),
        Recruit("tom"),
        OpenDesk("tom"),
        Retire("tom"),
    ],
    "postgresql",
)
@example(
    [
        FailFor("ben", "slow"),
        Filing(reporter="ben", about=("ben", "farid", "amina"), show_name=True),
        *(Click(who, ids.OPEN) for who in ("amina", "farid")),
        Outage(slow_down=False),
        OpenHome("amina"),
        SayToBot("amina"),
        Deactivate("ben"),
    ],
    "postgresql",
)
@example(
    [
        Filing(reporter="mona", keep_out=("chloe",), named=("ben",)),
        Click("amina", ids.CLAIM),
        AddPeople("amina", ("tom",), ("ben",)),
        Click("amina", ids.TAB, "people"),
        Wait(25),
    ],
    "sqlite",
)
@example(  # somebody the words name becomes a contact, and looks before anything was compared
    [
        Filing(reporter="mona", named=("nadia",)),
        Appoint("nadia", at_once=True),
        OpenHome("nadia"),
        *(Click(who, ids.STEP_BACK) for who in ("amina", "ben", "chloe")),
        Wait(8 * 24),
        OpenDesk("nadia"),
    ],
    "postgresql",
)
@example(  # contacts and a champion who is kept out take names that stand in the words, and give them back
    [
        Filing(reporter="mona", keep_out=("ben",), named=("tom",)),
        Rename("edith", "tom", at_once=True),
        Rename("ben", "tom"),
        *(OpenHome(who) for who in ("ben", "edith")),
        Click("amina", ids.CLAIM),
        Rename("amina", "tom", at_once=True),
        Rename("chloe", "tom"),
        Rename("edith", "farid"),
        Wait(8 * 24),
    ],
    "sqlite",
)
@example(  # the champions' channel cannot be used while a report waits, of which one champion knows nothing
    [
        Filing(reporter="mona", about=("ben",)),
        SpoilChannel("public"),
        Ask("nadia"),
        Click("chloe", ids.CLAIM),
        Write("chloe", ids.MESSAGE),
        *(OpenHome(who) for who in ("ben", "tom")),
        SpoilChannel("without gpbot"),
        OpenDesk("ben"),
        WriteInQuestion("ben", question_ids.ANSWER),
        Wait(25),
        MendChannel(),
        Wait(0.3),
        SpoilChannel("archived"),
        Write("mona", ids.MORE),
        OpenHome("ben"),
    ],
    "sqlite",
)
@example(  # who may act changes, and what the accused and their colleagues say of where they work
    [
        SayWhereTheyWork("amina", "City Welcome"),
        Filing(reporter="mona", about=("ben",)),
        SayWhereTheyWork("ben", "Harbour Aid"),
        OpenHome("ben"),
        BecomeGuest("amina"),
        SayWhereTheyWork("chloe", "Open Door"),
        *(Click(who, ids.OPEN) for who in ("amina", "ben")),
        BecomeGuest("chloe"),
        BecomeGuest("ben"),
        OpenDesk("ben"),
        WriteNaming(who="ben", form=ids.CLOSING, named="mona", agrees=True),
        BecomeMember("amina"),
        BecomeMember("ben"),
        WriteNaming(who="ben", form=ids.CLOSING, named="mona", agrees=True),
        WriteNaming(who="amina", form=ids.CLOSING, named="ben", agrees=True),
        SayWhereTheyWork("ben", ""),
        OpenHome("ben"),
    ],
    "postgresql",
)
@example(  # the accused reads another report, and its own reporter is answered: nothing they hold counts all reports
    [
        OtherReport(Filing(reporter="tom", about=("yan",))),
        Filing(reporter="mona", about=("amina",)),
        Write("mona", ids.MORE),
        *(Write("amina", each, other=True) for each in (ids.NOTE, ids.MESSAGE)),
        *(Click("amina", ids.TAB, tab, other=True) for tab in ("report", "conversation", "notes")),
        *(Click("amina", each, other=True) for each in (ids.WRITE_CLOSING, ids.CLAIM)),
        Click("tom", ids.OPEN, other=True),
    ],
    "sqlite",
)
def test_nobody_but_its_readers_can_tell_a_world_with_a_report_from_one_without(
    script: Sequence[Act], kind: Kind
) -> None:
    compare_worlds(script, kind, OF_REPORTS.hand(script, kind))


def compare_worlds(script: Sequence[Act], kind: Kind, hand: Hand = NOTHING_DEALT) -> None:
    """When the script has ended, those who may not read the report press what they are dealt."""
    seen = []
    for has_report in (True, False):
        with world(has_report=has_report, kind=kind) as here:
            play(here, [*script, Recover(), hand, *aftermath()])
            seen.append(everything_told(here) | {"the health page": here.health_pages})
    with_report, without = seen
    assert with_report.keys() == without.keys()
    for name, lines in without.items():
        assert with_report[name] == lines, f"{name} can tell; dealt were {hand.cards}"


@promise(12, arrivals, either_database, deck=OF_ARRIVALS)
@example(  # a champion welcomes the person who reports them
    [
        TellWhy("zoe"),
        Filing(reporter="zoe", about=("ben",)),
        Welcome("ben", "zoe"),
        ChooseChannels("zoe", "housing"),
        TakeStep("zoe", onboarding_ids.HELLO),
        Write("amina", ids.MESSAGE),
        Welcome("ben", "zoe", onboarding_ids.RELEASE),
        Welcome("amina", "zoe"),
        TellWhy("zoe"),
        OpenHome("ben"),
        Wait(8 * 24),
    ],
    "postgresql",
)
@example(  # somebody who arrives is reported by who welcomes them, and by a champion's hand harmed too
    [
        Filing(reporter="amina", about=("yan",), keep_out=("chloe",)),
        Agree("yan"),
        TakeStep("yan", onboarding_ids.LATER),
        TellWhy("yan"),
        Welcome("amina", "yan"),
        Welcome("chloe", "yan"),
        AddPeople("ben", ("yan",), ("zoe",)),
        JoinChannel("yan", "flats"),
        Outage(slow_down=True),
        ChooseChannels("yan", "law"),
        Recover(),
        Wait(4 * 24),
    ],
    "sqlite",
)
@example(  # a concern and a report about the same people
    [
        Propose("tom", "ben"),
        ProposalClick("zoe", proposal_ids.SUPPORT),
        Filing(reporter="zoe", about=("tom", "ben")),
        RaiseConcern("zoe"),
        *(ConcernClick(who, proposal_ids.READ_CONCERN) for who in ("amina", "ben", "chloe", "tom")),
        LookForChannels("ben", "proposals"),
        ProposalClick("chloe", proposal_ids.APPROVE),
        Click("chloe", ids.CLAIM),
        WriteNaming(who="ben", form=proposal_ids.DECLINE, named="zoe", agrees=False),
        WriteNaming(who="chloe", form=proposal_ids.ASK, named="tom", agrees=True),
        WriteNaming(who="chloe", form=proposal_ids.DECLINE, named="zoe", agrees=True),
        Deactivate("zoe"),
        Wait(1),
        JoinChannel("tom", "tenants"),
    ],
    "postgresql",
)
def test_nobody_can_tell_from_arriving_welcoming_and_finding_channels_who_has_reported_whom(
    script: Sequence[Act], kind: Kind
) -> None:
    compare_worlds(script, kind, OF_ARRIVALS.hand(script, kind))


BEN_LOOKS: Sequence[Act] = (
    QuestionClick("ben", question_ids.OPEN),
    OpenDesk("ben"),
    OpenHome("ben"),
)


@promise(12, passed_on, either_database, deck=OF_QUESTIONS)
@example(
    [
        Ask("mona"),
        *BEN_LOOKS,
        QuestionClick("amina", question_ids.CLAIM),
        WriteInQuestion("amina", question_ids.ANSWER),
        MakeReport("amina", about=("ben",)),
        *BEN_LOOKS,
        QuestionClick("ben", question_ids.MAKE_REPORT),
        Write("chloe", ids.NOTE),
        Retire("ben"),
        Recruit("ben"),
    ],
    "postgresql",
)
@example(
    [
        Conflict("ben", "mona"),
        Ask("mona"),
        Conflict("chloe", "mona"),
        MakeReport("chloe", about=("amina",)),
        *BEN_LOOKS,
        Write("chloe", ids.NOTE),
    ],
    "sqlite",
)
@example(
    [
        Ask("mona", show_name=True),
        *BEN_LOOKS,
        Outage(slow_down=True),
        MakeReport("", about=("ben",), keep_out=("chloe",), otherwise=question_ids.CLOSE),
        *BEN_LOOKS,
        Recover(),
        Wait(25),
        SayToBot("ben"),
    ],
    "sqlite",
)
@example(
    [
        Ask("mona"),
        QuestionClick("ben", question_ids.CLAIM),
        WriteInQuestion("mona", question_ids.MORE),
        *BEN_LOOKS,
        WriteNaming(who="ben", form=question_ids.ANSWER, named="mona", agrees=False),
        WriteNaming(who="ben", form=question_ids.ANSWER, named="tom", agrees=True),
        MakeReport("amina", about=("ben",), otherwise=question_ids.CLOSE),
        *BEN_LOOKS,
        WriteNaming(who="ben", form=question_ids.ANSWER, named="mona", agrees=True),
    ],
    "postgresql",
)
@example(  # nobody is left to read it, by a conflict of the champion who passes it on
    [
        Conflict("chloe", "mona"),
        Ask("mona"),
        *BEN_LOOKS,
        MakeReport("chloe", about=("amina", "ben"), keep_out=("edith", "farid")),
        *BEN_LOOKS,
        Click("chloe", ids.OPEN),
        Wait(25),
        Recruit("tom"),
        Wait(8 * 24),
    ],
    "sqlite",
)
def test_nobody_but_its_readers_can_tell_a_question_that_became_a_report_from_one_that_ended_otherwise(
    script: Sequence[Act], kind: Kind
) -> None:
    compare_worlds(script, kind, OF_QUESTIONS.hand(script, kind))


def test_a_champion_it_is_about_holds_nothing_of_a_question_that_became_a_report() -> None:
    with world(has_report=True) as here:
        play(here, [Ask("mona"), *BEN_LOOKS])
        ben = here.person("ben")
        question = here.words.listed[0]
        assert question in screens(ben)  # the card, the modal and the Home show it until then
        play(here, [MakeReport("amina", about=("ben",)), Wait(0.1)])
        channel = "\n".join(f"{said.text} {said.raw}" for said in ben.read(here.c.triage))
        assert question not in screens(ben) + channel
        assert str(here.question_id) not in screens(ben) + channel
        until_then = len(ben.seen)
        play(here, [Write("chloe", ids.NOTE), Write("mona", ids.MORE), Click("chloe", ids.CLAIM), Wait(25)])
        assert [sight.text for sight in ben.seen[until_then:]] == []


@promise(6, losses, either_database)
def test_somebody_who_can_no_longer_read_it_holds_nothing_of_it_and_learns_nothing_more(
    parts: tuple[str, Sequence[Act], Sequence[Act]], kind: Kind
) -> None:
    who, losing, later = parts
    with world(has_report=True, kind=kind) as here:
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
    assert set(without) == {"edith", "farid", "tom", "nadia", "zoe", "yan"}


def test_a_new_button_that_tells_a_champion_who_is_reported_how_many_reports_there_are_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: nobody names it to the net."""
    plant(monkeypatch, Counting, Counting)
    deck = Deck(seed=12, hands=20)
    [leaky] = [hand for hand in map(deck.hand, range(deck.hands)) if "planted.count" in str(hand)]
    with pytest.raises(AssertionError, match="amina can tell"):
        compare_worlds([Filing(reporter="mona", about=("amina",))], "sqlite", leaky)


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


def test_who_ticks_and_unticks_is_the_reporters_business_alone(kind: Kind) -> None:
    """A tick taken back gives a champion the report; before, they could not tell, and the others cannot at all."""
    before, after = [], []
    for has_report in (True, False):
        with world(has_report=has_report, kind=kind) as here:
            play(here, [Filing(reporter="mona", keep_out=("ben",)), OpenDesk("ben"), OpenHome("ben")])
            before.append(told(here.person("ben").seen, here.c.clock.now(), here.c.workspace.base_url))
            play(here, [ChooseReaders("mona", ()), Wait(1)])
            after.append(len(here.person("ben").seen))
    assert before[0] == before[1]
    assert after[0] > after[1]
