"""Two reporters: a script of a reader's is played with the one and with the other as who reports, the name hidden.

Whatever the reader tries (naming people, waiting for an account to be closed, declaring conflicts), readers see the
same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from gpbot.questions import ids as question_ids
from gpbot.questions.types import Asking
from gpbot.reports import cases, ids
from gpbot.reports.store import Opened
from gpbot.reports.types import Entry
from tests.halves import LONG
from tests.promises.quoting import SUSPECTS, ReportMessage
from tests.promises.worlds import (
    Act,
    AddPeople,
    Click,
    Conflict,
    Deactivate,
    OpenDesk,
    OpenHome,
    QuestionClick,
    Reactivate,
    Wait,
    World,
    Write,
    WriteInQuestion,
    people_state,
    play,
    submit,
    ticks_state,
    told,
    world,
)

READERS = ("ben", "chloe")
TABS = ("report", "conversation", "notes", "people", "log")


@dataclass(frozen=True, slots=True)
class AskAboutBoth:
    """In words that speak of both, the asker among them."""

    who: str

    def play(self, world: World) -> None:
        words = " and ".join(f"{world.person(name).mention}, {world.person(name).id}" for name in SUSPECTS)
        asked = world.c.bot.records.questions.ask(world.person(self.who).id, "one", Asking(what=f"{words} quarrel"))
        world.question_id, world.asker = asked.id, self.who


@dataclass(frozen=True, slots=True)
class PassOn:
    """The question, by a champion, about and without these people."""

    who: str
    about: tuple[str, ...]
    keep_out: tuple[str, ...] = ()

    def play(self, world: World) -> None:
        assert world.question_id is not None
        people = world.c.people
        state = {
            question_ids.ABOUT: {question_ids.ABOUT: people_state(people[name].id for name in self.about)},
            f"{ids.KEEP_OUT}.0.x": {ids.KEEP_OUT: ticks_state(people[name].id for name in self.keep_out)},
        }
        submit(world.person(self.who), question_ids.CONVERT, str(world.question_id), state)
        world.report_id = world.c.bot.records.questions.store.report_id_for(world.question_id)


def looks(who: str) -> list[Act]:
    return [*(Click(who, ids.TAB, tab) for tab in TABS), OpenHome(who), OpenDesk(who)]


def name_one_by_one(*names: str) -> list[Act]:
    """Two readers add each, and look at all there is after it."""
    script: list[Act] = []
    for name in names:
        script += [AddPeople("ben", (name,), ()), *looks("ben"), AddPeople("chloe", (), (name,)), *looks("chloe")]
    return script


NAMING: Sequence[Act] = [
    Click("ben", ids.OPEN),
    Click("chloe", ids.OPEN),
    *name_one_by_one("yan", *SUSPECTS, "zoe", "edith"),
]


def close_one_by_one(*names: str) -> list[Act]:
    """Each account, with a message to the reporter meanwhile, and later."""
    script: list[Act] = []
    for name in names:
        script += [Deactivate(name), Write("ben", ids.MESSAGE), Wait(1), *looks("ben"), Wait(24), *looks("chloe")]
        script += [Reactivate(name), Wait(24 * 8), *looks("ben")]
    return script


CLOSING_ACCOUNTS: Sequence[Act] = [
    Click("ben", ids.CLAIM),
    *close_one_by_one(*SUSPECTS),
    Deactivate("mona"),
    Write("ben", ids.CLOSING),
    Wait(24),
    Click("ben", ids.REOPEN),
    Wait(24 * 15),
    *looks("ben"),
    *looks("chloe"),
]
LATER_CONFLICTS: Sequence[Act] = [
    *(act for name in SUSPECTS for act in (Conflict("ben", name), *looks("ben"), *looks("chloe"))),
    Click("ben", ids.RELEASE),
    Wait(24),
    *looks("ben"),
]


def ask_back(*names: str) -> list[Act]:
    """While each account is closed for a while; and the conflict step, with a conflict declared since."""
    script: list[Act] = [QuestionClick(who, question_ids.OPEN) for who in READERS]
    for name in names:
        script += [Deactivate(name), WriteInQuestion("ben", question_ids.ANSWER), Wait(1)]
        script += [QuestionClick("ben", question_ids.OPEN), Reactivate(name)]
        script += [Conflict("ben", name), QuestionClick("ben", question_ids.MAKE_REPORT)]
    return script


OF_A_QUESTION: Sequence[Act] = ask_back(*SUSPECTS)
SCRIPTS: dict[str, tuple[str, Sequence[Act]]] = {
    "naming people": ("message", [*NAMING]),
    "closing accounts": ("message", [*CLOSING_ACCOUNTS]),
    "declaring conflicts": ("message", [Click("ben", ids.CLAIM), *LATER_CONFLICTS, *NAMING]),
    "passing a question on": ("question", [*OF_A_QUESTION, PassOn("ben", ("tom",)), *NAMING, *CLOSING_ACCOUNTS]),
    "passing it on to nobody": (
        "question",
        [*OF_A_QUESTION, PassOn("ben", ("tom",), ("amina", "chloe", "edith", "farid")), *LATER_CONFLICTS],
    ),
}


def readers_saw(reporter: str, about: str, script: Sequence[Act]) -> dict[str, list[str]]:
    with world(has_report=True) as here:
        play(here, [ReportMessage(reporter) if about == "message" else AskAboutBoth(reporter)])
        start, url = here.c.clock.now(), here.c.workspace.base_url
        before = {name: len(here.person(name).seen) for name in READERS}
        play(here, script)
        saw = {name: told(here.person(name).seen[before[name] :], start, url) for name in READERS}
        return saw | {"the health page": here.health_pages}


@pytest.mark.parametrize("trying", ["naming people", *(pytest.param(each, marks=LONG) for each in [*SCRIPTS][1:])])
def test_a_reader_cannot_tell_which_of_two_people_reported(trying: str) -> None:
    one, other = (readers_saw(name, *SCRIPTS[trying]) for name in SUSPECTS)
    for who in one:
        assert one[who]
        assert one[who] == other[who], f"{who} can tell by {trying}"


def test_what_is_hidden_by_what_readers_added_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what an earlier release did."""

    def masked(entry: Entry, opened: Opened) -> Entry:
        shown = {each.slack_id for each in opened.head.reported} - {opened.head.reporter}
        seen = entry.evidence and entry.evidence.as_readers_see(shown, show_name=False)
        return replace(entry, evidence=seen)

    monkeypatch.setattr(cases, "_masked", masked)
    one, other = (readers_saw(name, *SCRIPTS["naming people"]) for name in SUSPECTS)
    assert one != other


@LONG
def test_a_note_about_an_account_that_was_closed_would_be_noticed() -> None:
    """The control: what readers who see the name are told."""
    script = [Click("ben", ids.OPEN), Click("mona", ids.SHOW_NAME), Click("nadia", ids.SHOW_NAME), *CLOSING_ACCOUNTS]
    one, other = (readers_saw(name, "message", script) for name in SUSPECTS)
    assert one != other
