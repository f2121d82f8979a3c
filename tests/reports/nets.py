"""What the nets have to know of reports."""

from typing import Any
from uuid import UUID

from gpbot.reports import form, ids, views
from gpbot.reports.filing import Filing as Drafts
from gpbot.reports.jobs import Owed
from gpbot.reports.types import Filled
from tests.house.owing import LATER, NOW, ONE, OTHER, Asked, Owing
from tests.nets import A_LIST, OF_THEMSELVES, STILL_EMPTY, THE_SAME, Nets
from tests.promises.pressing import Town
from tests.promises.worlds import (
    Agree,
    ChooseReaders,
    Click,
    Conflict,
    Filing,
    World,
    Write,
    choice_state,
    people_state,
    play,
    text_state,
    ticks_state,
)


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(owing.sealed, owing.screens)
    return [
        Asked(name="report stub", ask=lambda s: owed.stub(s, ONE, "U8", about="filed")),
        Asked(name="report news", ask=lambda s: owed.news(s, ONE, "U7", about="5")),
        Asked(name="report draft_left", ask=lambda s: owed.draft_left(s, OTHER, "U7", NOW)),
        Asked(name="report draft_over", ask=lambda s: owed.draft_over(s, OTHER, "U7", NOW)),
        Asked(name="report stubs_over", ask=lambda s: owed.stubs_over(s, ONE, "filed", NOW)),
        Asked(name="report unclaimed", ask=lambda s: owed.unclaimed(s, ONE, LATER, since=NOW.isoformat())),
        Asked(name="report remind", ask=lambda s: owed.remind(s, ONE, LATER, since=NOW.isoformat())),
        Asked(name="report roster_changed", ask=lambda s: owed.roster_changed(s, {"U8", "U7"})),
        Asked(name="report compare", ask=lambda s: owed.compare(s, {"U8", "U7"})),
        Asked(name="report compare on", ask=lambda s: owed.compare(s, {"U8", "U7"}, after=(3, ONE))),
        Asked(name="report forget", ask=lambda s: owed.forget(s, ONE, LATER)),
        Asked(name="report forget looked", ask=lambda s: owed.forget(s, ONE, LATER, looked_at=NOW, again=NOW)),
        Asked(name="report answer_in_dm", ask=lambda s: owed.answer_in_dm(s, "U7", "1772442003.000100")),
    ]


def begin(town: Town) -> None:
    here = town.here
    play(here, [*(Agree(who) for who in ("mona", "tom")), Conflict("farid", "mona")])
    filing = Filing(reporter="mona", about=("tom", "amina"))
    filed, erased = filing.file(here, "one"), filing.file(here, "erased")
    assert filed is not None
    assert erased is not None
    here.report_id = filed
    here.c.settle()
    here.person("mona").send_action(ids.WITHDRAW, str(erased))
    play(
        here,
        [
            *(Click(who, ids.OPEN) for who in ("chloe", "dora")),
            Write("chloe", ids.NOTE),
            Click("chloe", ids.STEP_BACK),
            ChooseReaders("mona", ("edith",)),
        ],
    )
    here.c.bot.records.people.remove_champion(here.person("dora").id, by="operator")
    here.settle()
    _only_ben_reads(here, filed)
    with here.c.bot.records.database.read() as session:
        assert here.c.bot.records.reports.open_as_caretaker(session, erased) is None
    town.theirs[ids.REPORT], town.ended[ids.REPORT] = str(filed), {"erased": str(erased)}
    kept, deleted = draft(town), draft(town)
    here.c.bot.records.kit.get(Drafts).discard(here.person("mona").id, deleted)
    town.theirs[ids.DRAFT], town.ended[ids.DRAFT] = str(kept), {"deleted": str(deleted)}


def _only_ben_reads(here: World, report_id: UUID) -> None:
    with here.c.bot.records.database.read() as session:
        standing = here.c.bot.records.reports.open_as_caretaker(session, report_id)
    assert standing is not None
    assert set(standing.reader_ids) == {here.person("ben").id}


def report(town: Town) -> UUID:
    filing = Filing(reporter="mona", about=("tom", "amina"), keep_out=("chloe", "edith"))
    found = filing.file(town.here, "another")
    assert found is not None
    return found


def draft(town: Town, who: str = "mona") -> UUID:
    return town.here.c.bot.records.kit.get(Drafts).keep(town.here.person(who).id, Filled(what="He shouts."))


def filled(town: Town) -> dict[str, Any]:
    nadia, edith = town.here.person("nadia").id, town.here.person("edith").id
    return {
        views.TEXT: {views.TEXT: text_state(f"Let me in, {town.turns}.")},
        views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
        views.REPORTED: {views.REPORTED: people_state([nadia])},
        views.HARMED: {views.HARMED: people_state([nadia])},
        f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks_state([edith])},
        form.WHAT: {form.WHAT: text_state(f"Let me in, {town.turns}.")},
        "category": {"category": choice_state("safety")},
    }


NETS = Nets(
    owed=owed,
    no_subject={
        **dict.fromkeys(("/report", "report.new", "report.message_shortcut"), STILL_EMPTY),
        **dict.fromkeys((ids.CONFLICTS_FORM, ids.CONFLICTS), OF_THEMSELVES),
        **dict.fromkeys((ids.LIST, ids.OWN_LIST), A_LIST),
        **dict.fromkeys((ids.PRIVACY, ids.HIDING), THE_SAME),
    },
    in_world={ids.REPORT: World.target, ids.DRAFT: World.target},
    begin=begin,
    another={ids.REPORT: lambda town, _who: report(town), ids.DRAFT: draft},
    of_whom={
        ids.READER: {"ben"},
        ids.REPORTER: {"mona"},
        ids.READER_OR_REPORTER: {"ben", "mona"},
        ids.WRITER: {"mona"},
    },
    know_of={ids.REPORT: {"mona", "ben"}, ids.DRAFT: {"mona"}},
    in_a_form={ids.ABOUT: ids.FORM, ids.KEEP_OUT: ids.REVIEW, ids.ELSEWHERE: ids.REVIEW},
    values={ids.TAB: "{}:report"},
    filled=filled,
)
