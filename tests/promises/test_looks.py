"""Whatever shows words of a report, question or concern leaves one look by who pressed; a redraw leaves none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from gpbot.crypto import DataKey
from gpbot.guidelines.types import Where
from gpbot.proposals.types import Proposed
from gpbot.questions import views as question_views
from gpbot.questions.types import Asking
from gpbot.reports import ids, views
from gpbot.reports.cases import Cases
from gpbot.reports.own import OwnReports
from gpbot.reports.shown import Shown
from gpbot.reports.views import Tab
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.requests import Click, read_uuid
from tests.halves import LONG
from tests.promises.pressing import ACTIONS, FORMS
from tests.promises.worlds import Filing, World, choice_state, people_state, submit, text_state, world

pytestmark = LONG
READER = "ben"
LONG_BEFORE = "What a list shows of it is its beginning alone, which is no look. " * 3
LOOKS = {"opened", "question.opened", "concern.opened"}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A report, question or concern, and what nobody sees without looking at it."""

    kind: str
    id: UUID
    key: DataKey
    words: tuple[str, ...]


@contextmanager
def agreed_world() -> Iterator[World]:
    """In which two members have agreed to the guidelines, and so may do everything."""
    with world(has_report=True) as here:
        for name in ("mona", "nadia"):
            here.c.bot.records.guidelines.accept(here.person(name).id, 1, Where.WINDOW)
        yield here


@pytest.fixture(scope="module")
def town() -> Iterator[World]:
    with agreed_world() as here:
        yield here


def things(here: World) -> list[Thing]:
    """One of each kind, made for this."""
    about = f"thing{len(here.words.made)}"
    records, mona = here.c.bot.records, here.person("mona").id
    reports, reader = records.reports, here.person(READER).id
    known = set(here.words.made)
    report_id = Filing(reporter="mona", about=("tom",)).file(here, "report")
    assert report_id is not None
    of_report = here.words.made.keys() - known
    report_words, question_words, concern_words = (f"zq{kind}{about}xkv" for kind in ("added", "asked", "worry"))
    OwnReports.beside(records.timers).add(mona, report_id, report_words)
    asked = records.questions.ask(mona, about, Asking(what=f"{LONG_BEFORE} {question_words}")).id
    records.questions.add(mona, asked, question_words)
    name = f"flats-{len(here.words.made)}"
    proposal = records.proposals.propose(here.person("nadia").id, about, Proposed(purpose="Flats.", name=name))
    records.concerns.raise_one(mona, proposal.id, about, concern_words)
    records.proposals.withdraw(here.person("nadia").id, proposal.id)  # one person has three open ones at most
    [worry] = records.concerns.of(reader, proposal.id)
    with records.database.read() as session:
        report = reports.open_as_reader(session, report_id, reader)
        question_key = records.questions.store.open_to_answer(session, asked, reader).key
        concern_key = records.proposals.store.open_concern(session, worry.id, reader).key
    here.settle()
    as_title = f"'text': '{report.head.code}'"  # in a list it stands with more
    return [
        Thing(kind="report", id=report_id, key=report.key, words=(report_words, as_title, *of_report)),
        Thing(kind="question", id=asked, key=question_key, words=(question_words,)),
        Thing(kind="concern", id=worry.id, key=concern_key, words=(concern_words,)),
    ]


def looks(here: World, thing: Thing) -> list[str]:
    """Who looked, oldest first; the log of what was erased opens with the key it had."""
    names = {person.id: name for name, person in here.c.people.items()}
    with here.c.bot.records.database.read() as session:
        log = here.c.bot.records.audit.of(session, thing.id, thing.key, limit=1000)
    return [names.get(record.actor, record.actor) for record in reversed(log) if record.act in LOOKS]


def press(here: World, ask: str, value: str) -> None:
    person = here.person(READER)
    if ask in ACTIONS:
        person.send_action(ask, value)
    else:
        form: dict[str, Any] = {
            views.TEXT: {views.TEXT: text_state("Some words of mine.")},
            f"{question_views.TEXT}.x": {question_views.TEXT: text_state("Some words of mine.")},
            views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
            views.REPORTED: {views.REPORTED: people_state([here.person("nadia").id])},
        }
        submit(person, ask, value, form)
    here.c.bot.settle()


def unlogged(here: World, thing: Thing, act: Callable[[], None]) -> list[str]:
    """What is wrong with what the log says of `act`; nothing where it has what was shown, no less and no more."""
    person = here.person(READER)
    here.c.look_away(person)
    before, seen = looks(here, thing), len(person.seen)
    act()
    shown = any(words in f"{sight.text} {sight.raw}" for sight in person.seen[seen:] for words in thing.words)
    new, expected = looks(here, thing)[len(before) :], [READER] if shown else []
    return [] if new == expected else [f"a {thing.kind} was {'shown' if shown else 'not shown'}, logged: {new}"]


@pytest.mark.parametrize("ask", ACTIONS + FORMS)
def test_whatever_shows_words_leaves_one_look_by_the_person_who_pressed(town: World, ask: str) -> None:
    for thing in things(town):
        tabs = [f":{tab}" for tab in Tab] if ask == ids.TAB else []
        for tail in ("", *tabs, f":{Shown()}", ":0:0"):
            value = f"{thing.id}{tail}"
            assert not unlogged(town, thing, lambda value=value: press(town, ask, value)), value  # type: ignore[misc]


def test_words_shown_without_a_look_are_found(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a route that shows what it would redraw."""
    cases, windows = Cases.beside(town.c.bot.records.timers), town.c.bot.windows

    def secretly(asked: Click) -> Answer:
        case = cases.show_again(asked.user_id, read_uuid(asked.value))
        windows.show(asked, lambda: views.case(case, Tab.CONVERSATION))
        return Nothing()

    monkeypatch.setitem(town.c.bot.routes.actions, ids.OPEN, secretly)
    [report, *_] = things(town)
    assert unlogged(town, report, lambda: press(town, ids.OPEN, str(report.id)))


def test_what_gpbot_draws_by_itself_is_no_look(town: World) -> None:
    """Each window is shown again as after a change of the roster, and App Home too."""
    records, person = town.c.bot.records, town.person(READER)
    doors = {"report": ids.OPEN, "question": "question.open", "concern": "proposal.read_concern"}
    for thing in things(town):
        assert doors[thing.kind] in ACTIONS
        town.c.look_away(person)
        press(town, doors[thing.kind], str(thing.id))
        before, seen = looks(town, thing), len(person.seen)
        assert before[-1] == READER
        assert person.modal is not None
        with records.database.begin() as session:
            records.owed.window(session, person.modal.id, person.id, thing.id)
            records.changes.redraw_for(session, person.id)
        town.settle()
        drawn = [sight for sight in person.seen[seen:] if person.modal.id in str(sight.raw)]
        assert drawn, f"the {thing.kind} was not drawn again"  # the control
        assert looks(town, thing) == before


def test_a_refusal_that_tells_something_is_in_the_log(town: World) -> None:
    [report, question, _] = things(town)
    records, ben, chloe = town.c.bot.records, town.person(READER).id, town.person("chloe").id
    Cases.beside(records.timers).claim(chloe, report.id)
    records.questions.claim(chloe, question.id)
    press(town, ids.CLAIM, str(report.id))
    press(town, "question.claim", str(question.id))
    with records.database.read() as session:
        told = {
            thing.kind: [
                record.act
                for record in records.audit.of(session, thing.id, thing.key, limit=100)
                if record.actor == ben
            ]
            for thing in (report, question)
        }
    assert told["report"] == ["tried to claim"]
    assert told["question"] == ["question.tried to claim"]


def test_the_chain_holds_over_looks_at_what_was_erased(town: World) -> None:
    for thing in things(town):
        if thing.kind == "question":
            press(town, "question.open", str(thing.id))
            town.c.bot.records.questions.withdraw(town.person("mona").id, thing.id)
        elif thing.kind == "concern":
            press(town, "proposal.read_concern", str(thing.id))
            town.c.bot.records.concerns.end(town.person(READER).id, thing.id)
    town.settle()
    with town.c.bot.records.database.read() as session:
        assert town.c.bot.records.audit.verify(session).broken_at is None
