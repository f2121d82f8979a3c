"""A window holds nothing that its viewer must not see any more, however late something comes that was drawn before."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from gpbot.outbox.types import Outgoing, Receipt, UpdateView
from gpbot.practice.person import Person
from gpbot.practice.state import View
from gpbot.proposals import ids as proposal_ids
from gpbot.questions import ids as question_ids
from gpbot.questions.types import Concern
from gpbot.reports import ids
from gpbot.reports.cases import Cases
from gpbot.reports.own import OwnReports
from gpbot.reports.types import Filled
from tests.halves import LONG
from tests.promises.test_looks import READER, Thing, agreed_world, press, things
from tests.promises.worlds import World

pytestmark = LONG
Take = Callable[[World, Thing], object]

OPEN = {"reports": ids.OPEN, "questions": question_ids.OPEN, "proposals": proposal_ids.READ_CONCERN}
KINDS = {"report": "reports", "question": "questions", "concern": "proposals"}  # whose windows show it


def _mona(here: World) -> str:
    return here.person("mona").id


def _ben_is_named(here: World, thing: Thing) -> object:
    about = [here.person(READER).id]
    records, chloe, once = here.c.bot.records, here.person("chloe").id, f"once {thing.id}"
    if thing.kind == "question":
        return records.questions.make_report(chloe, thing.id, Concern(about_ids=tuple(about)), once=once)
    return records.concerns.make_report(chloe, thing.id, Filled(what="", about_ids=tuple(about)), once=once)


# How a thing of each kind is taken from people who have its window open.
TAKEN: Mapping[str, Mapping[str, Take]] = {
    "report": {
        "withdrawn": lambda here, thing: OwnReports.beside(here.c.bot.records.timers).withdraw(_mona(here), thing.id),
        "they step back": lambda here, thing: Cases.beside(here.c.bot.records.timers).step_back(
            here.person(READER).id, thing.id
        ),
    },
    "question": {
        "withdrawn": lambda here, thing: here.c.bot.records.questions.withdraw(_mona(here), thing.id),
        "closed": lambda here, thing: here.c.bot.records.questions.close(_mona(here), thing.id),
        "a report about them": _ben_is_named,
    },
    "concern": {
        "dealt with": lambda here, thing: here.c.bot.records.concerns.end(here.person("chloe").id, thing.id),
        "a report about them": _ben_is_named,
    },
}
CASES = [
    (kind, how) for kind, ways in TAKEN.items() for how in ways if (kind, how) != ("report", "withdrawn")
]  # a report that was read is closed when it is withdrawn, and stays with its readers


@pytest.fixture(scope="module")
def town() -> Iterator[World]:
    with agreed_world() as here:
        yield here


def a(kind: str, here: World) -> Thing:
    return next(each for each in things(here) if each.kind == kind)


def still_shown(here: World, thing: Thing) -> list[str]:
    """What of it stands in a window of theirs."""
    there = "".join(str(modal.raw) for modal in here.person(READER).modals)
    return [words for words in thing.words if words in there]


def open_it(here: World, thing: Thing) -> None:
    here.c.look_away(here.person(READER))
    press(here, OPEN[KINDS[thing.kind]], str(thing.id))


def first_late(here: World, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> list[UpdateView]:
    """Their window, drawn again, stays on its way until `meanwhile` is over, and all that follows from it; which."""
    send, late = here.c.bot.gateway.send, list[UpdateView]()
    [view] = here.c.workspace.views.stacks[here.person(READER).id]

    def slow(outgoing: Outgoing, wire_id: str) -> Receipt:
        if isinstance(outgoing, UpdateView) and outgoing.view_id == view.id and not late:
            late.append(outgoing)
            meanwhile()
            here.c.bot.courier.run_due()
        return send(outgoing, wire_id)

    monkeypatch.setattr(here.c.bot.gateway, "send", slow)
    return late


def test_each_kind_of_window_is_tried_here(town: World) -> None:
    brought = {window.render.__module__.split(".")[1] for window in town.c.bot.parts.windows}
    assert brought == set(OPEN) == {KINDS[kind] for kind in TAKEN}


def test_each_kind_of_window_drawn_twice_is_the_same(town: World) -> None:
    """Else what it rests on would always have changed, and it would be drawn for ever."""
    parts, viewer = town.c.bot.parts, town.person(READER).id
    subjects = [*(thing.id for thing in things(town)), None]
    drawn = [[(parts.render(viewer, each), parts.state(viewer, each)) for each in subjects] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert all(view for view, _ in drawn[0])


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_a_window_drawn_again_that_comes_late_is_emptied_again(
    town: World, monkeypatch: pytest.MonkeyPatch, kind: str, how: str
) -> None:
    thing = a(kind, town)
    open_it(town, thing)
    assert still_shown(town, thing), "the control"
    late = first_late(town, monkeypatch, lambda: TAKEN[kind][how](town, thing))
    with town.c.bot.records.database.begin() as session:  # as when somebody's role changes
        town.c.bot.records.changes.redraw_for(session, town.person(READER).id)
    town.settle()
    assert late, "nothing was late"
    assert still_shown(town, thing) == []


@pytest.mark.parametrize("effect", ["shown before it", "shown after it"])
@pytest.mark.parametrize(("kind", "how"), CASES)
def test_a_window_that_is_being_opened_meanwhile_is_emptied(
    town: World, monkeypatch: pytest.MonkeyPatch, kind: str, how: str, effect: str
) -> None:
    thing = a(kind, town)
    gateway, late = town.c.bot.gateway, list[str]()
    for name in ("open_view", "update_view"):
        show = getattr(gateway, name)

        def slow(*args: Any, show: Callable[..., Any] = show, **more: Any) -> Any:
            if late:
                return show(*args, **more)
            late.append(how)
            shown = show(*args, **more) if effect == "shown before it" else None
            TAKEN[kind][how](town, thing)
            return shown or show(*args, **more)

        monkeypatch.setattr(gateway, name, slow)
    town.c.look_away(town.person(READER))
    press(town, OPEN[KINDS[kind]], str(thing.id))
    town.settle()
    assert late, "nothing was late"
    assert still_shown(town, thing) == []


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_a_window_that_an_answer_fills_after_it_was_emptied_is_emptied_once_more(
    town: World, monkeypatch: pytest.MonkeyPatch, kind: str, how: str
) -> None:
    """Slack takes the answer to a form for three seconds: what it showed then was drawn before."""
    thing, person = a(kind, town), town.person(READER)
    open_it(town, thing)
    [view] = town.c.workspace.views.stacks[person.id]
    drawn = view.definition
    TAKEN[kind][how](town, thing)
    town.c.bot.settle()
    assert still_shown(town, thing) == []
    with town.c.workspace.acting():
        town.c.workspace.views.replace(view, drawn)
    assert still_shown(town, thing), "the control"
    town.c.later(seconds=15)
    assert still_shown(town, thing) == []


FORMS = {  # what a reader writes in the window of each, and on which button
    "report": ("Write a note", "Talked to both."),
    "question": ("Answer", "Ask the treasurer."),
}


@pytest.mark.parametrize(("kind", "how"), [each for each in CASES if each[0] in FORMS])
def test_an_answer_to_their_form_that_slack_takes_late_is_taken_back(
    town: World, monkeypatch: pytest.MonkeyPatch, kind: str, how: str
) -> None:
    thing, person = a(kind, town), town.person(READER)
    open_it(town, thing)
    words, text = FORMS[kind]
    town.c.press(person, words)
    assert person.modal is not None
    [control] = [each for each in person.modal.controls if each.kind == "plain_text_input"]
    person.fill_this(control, text, within=person.modal)
    take = Person._take_submission_answer
    late: list[Any] = []

    def slow(who: Person, view: View, ack: Any) -> Any:
        late.append(ack.body["view"])
        TAKEN[kind][how](town, thing)
        town.c.bot.settle()
        return take(who, view, ack)

    monkeypatch.setattr(Person, "_take_submission_answer", slow)
    person.submit()
    assert any(words in str(late) for words in thing.words), "the answer shows nothing"
    assert still_shown(town, thing), "it came over what was emptied"
    town.c.later(seconds=15)
    assert still_shown(town, thing) == []


@pytest.mark.parametrize("button", [ids.LIST, question_ids.LIST])
def test_a_list_that_is_shown_late_and_mended_late_loses_all_that_has_gone(
    town: World, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    first, second = a("question", town), a("question", town)
    gateway, person, withdraw = town.c.bot.gateway, town.person(READER), town.c.bot.records.questions.withdraw
    value = "open:" if button == ids.LIST else ""
    town.c.look_away(person)
    press(town, button, value)
    assert person.modal is not None
    assert all(str(each.id) in str(person.modal.raw) for each in (first, second)), "the control"
    town.c.look_away(person)
    show, mend, late = gateway.open_view, gateway.update_view, list[str]()

    def slow(trigger_id: str, view: Any) -> str:
        late.append("shown")
        withdraw(_mona(town), first.id)
        return show(trigger_id, view)

    def slower(view_id: str, view: Any, **more: Any) -> str:
        if view["title"]["text"] != "Not available" and "mended" not in late:
            late.append("mended")
            withdraw(_mona(town), second.id)
            town.c.bot.courier.run_due()
        return mend(view_id, view, **more)

    monkeypatch.setattr(gateway, "open_view", slow)
    monkeypatch.setattr(gateway, "update_view", slower)
    press(town, button, value)
    town.settle()
    assert late == ["shown", "mended"]
    assert person.modal is not None
    assert not [each for each in (first, second) if str(each.id) in str(person.modal.raw)]


def test_what_is_theirs_again_by_then_is_left_alone(town: World) -> None:
    thing = a("question", town)
    records, person = town.c.bot.records, town.person(READER)
    open_it(town, thing)
    records.questions.close(_mona(town), thing.id)
    town.c.bot.settle()
    assert still_shown(town, thing) == []
    records.questions.reopen(_mona(town), thing.id)
    open_it(town, thing)
    drawn = len(person.seen)
    town.c.later(seconds=15)
    assert still_shown(town, thing)
    assert not [sight for sight in person.seen[drawn:] if sight.where == "modal"]
