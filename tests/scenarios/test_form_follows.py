"""The form says who will read it, and that line follows what is chosen, however quickly."""

from typing import Any

from gpbot.practice.person import Person
from gpbot.reports.ticks import LABEL
from tests.databases import ON_SQLITE
from tests.promises.worlds import ticks_state
from tests.scenarios.doing import shown
from tests.stage import HELP, Stage

pytestmark = ON_SQLITE
ALL = "*Amina Okafor, Ben Adeyemi and Chloe Martin will read this.*"
EDITH = "*Edith Shaw will read this*, outside the champions. The champions will not."
NOBODY = "*Nobody is left to read this*"


def open_form(community: Stage) -> Person:
    community.mona.command("/report")
    community.settle()
    return community.mona


def choose(community: Stage, label: str, *chosen: Any) -> None:
    community.mona.fill(label, list(chosen))
    community.settle()


def test_the_first_line_names_who_will_read_it(community: Stage) -> None:
    form = shown(open_form(community))
    assert form.index(ALL) < form.index("What happened")
    assert "You see this once more before you send it." in form


def test_it_follows_the_ticks_and_whom_it_is_about(community: Stage) -> None:
    mona = open_form(community)
    choose(community, LABEL, "Chloe Martin")
    assert "*Amina Okafor and Ben Adeyemi will read this.*" in shown(mona)
    choose(community, "Who is it about", community.amina)
    assert "*Ben Adeyemi will read this.*" in shown(mona)
    assert "☑ Chloe Martin" in shown(mona)

    choose(community, LABEL)
    assert "*Ben Adeyemi and Chloe Martin will read this.*" in shown(mona)
    assert "☑ Amina Okafor" in shown(mona), "it is about her: taking the tick away lets her read nothing"


def test_it_follows_the_choice_of_somebody_outside(community: Stage) -> None:
    mona = open_form(community)
    choose(community, "Who should receive", "Send only")
    assert EDITH in shown(mona)
    choose(community, LABEL, "Edith Shaw")
    assert "*Farid Khan will read this*, outside the champions." in shown(mona)
    choose(community, "Who is it about", *community.contacts)
    assert NOBODY in shown(mona)
    assert HELP in shown(mona)
    assert "☑ Send only to someone outside the champions" in shown(mona), "else the champions would get it unasked"


def test_what_was_typed_stays(community: Stage) -> None:
    mona = open_form(community)
    mona.fill("What happened", "Somebody writes to me at night.")
    choose(community, LABEL, "Chloe Martin")
    assert "Somebody writes to me at night." in shown(mona)


def test_two_quick_ticks_leave_no_line_behind(community: Stage) -> None:
    """Both come from the window as it was before the first of them."""
    mona = open_form(community)
    for then in ("", "Next"):
        if then:
            mona.fill("What happened", "Somebody writes to me at night.")
            mona.submit()
            community.settle()
        assert mona.modal is not None
        before = mona.modal
        boxes = next(each for each in before.raw["blocks"] if str(each.get("block_id")).startswith("keep_out."))
        for ticked in ([community.amina.id], [community.amina.id, community.ben.id]):
            state = {boxes["block_id"]: {"keep_out": ticks_state(ticked)}}
            values = {**dict(before.raw.get("state") or {}).get("values", {}), **state}
            mona.send_action("keep_out", "", within=before, view=before.raw | {"state": {"values": values}})
            community.settle()
        reads = "Who will read this:* Chloe Martin" if then else "*Chloe Martin will read this.*"
        assert reads in shown(mona)


def test_without_a_champion_it_says_so(community: Stage) -> None:
    for champion in community.champions:
        community.workspace.deactivate(champion)
    community.settle()
    assert "*Edith Shaw will read this*, outside the champions. No champion can at the moment." in shown(
        open_form(community)
    )


def test_words_that_come_back_stand_below_the_list_for_which_they_do(community: Stage) -> None:
    mona = community.mona
    community.report(mona, "He writes to me at night.", about=[community.tom])
    community.press(mona, "Add something")
    assert shown(mona).index("Add something:") < shown(mona).index(LABEL)
    mona.fill("Add something", "Chloe saw it.")
    mona.submit()
    community.settle()

    assert shown(mona).index("☑ Chloe Martin") < shown(mona).index("Chloe saw it.")
