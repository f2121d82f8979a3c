"""Every button and every window that an earlier release left in front of people says something true."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest

from gpbot.practice import CannotDo, Person, Screen
from gpbot.practice.reading import Control
from gpbot.practice.screens import pressable
from gpbot.refusals import NotAvailable
from tests.databases import Kind
from tests.halves import LONG
from tests.scenarios.doing import NOT_AVAILABLE
from tests.stage import Stage
from tests.upgrading.keeping import RELEASES
from tests.upgrading.playing import kept_stage
from tests.upgrading.told import SECRET

WRONG = ("went wrong", "We could not", "no longer works", "had some trouble")
IS_GONE = "(it was closed or drawn anew, and shows something else by now)"
STRANGERS = ("hana", "dana", "gul")  # a member, a champion of before, a guest
CHAMPIONS = ("amina", "ben", "chloe")
CONTACTS = ("edith", "farid")


@pytest.fixture(params=RELEASES)
def community(request: pytest.FixtureRequest, kind: Kind, tmp_path: Path) -> Iterator[Stage]:
    with kept_stage(kind, tmp_path, release=request.param) as here:
        here.settle(20)
        yield here


@dataclass(frozen=True)
class Old:
    """A button, on what it stands, and whose screen that is."""

    owner: Person
    screen: Screen
    control: Control
    windows: int  # in front of them at the beginning

    @property
    def value(self) -> str:
        return str(self.control.element.get("value", ""))

    def __str__(self) -> str:
        where = "a window" if self.screen.kind == "modal" else self.screen.kind
        return f"“{self.control.words}” ({self.control.action_id}) on {where} of {self.owner}: {self.screen.text[:60]}"


def old_buttons(here: Stage) -> list[Old]:
    found = []
    for name, person in here.people.items():
        if person.user.is_deleted or person.user.is_bot or person.user.is_external:
            continue
        mine = [*person.modals, *person.inbox, *([person.home] if person.home else [])]
        found += [(person, screen) for screen in mine]
        if name in {"amina", "tom"}:
            for place in person.places:
                found += [(person, screen) for screen in person.read(place)]
    return [
        Old(person, screen, control, len(person.modals))
        for person, screen in found
        for control in screen.controls
        if pressable(control) and control.action_id.count(".") >= 1
    ]


def once_each(presses: list[Old]) -> list[Old]:
    """What the same button says to others does not depend on how many messages of its owner it stands on."""
    return list({(each.control.action_id, each.value, each.owner, each.screen.kind): each for each in presses}.values())


def told(here: Stage, who: Person, press: Old, *, really: bool) -> str:
    """What this person is shown when they press it; an old message may be gone, and still be in front of them."""
    in_a_window = really and press.screen.kind == "modal"
    if not in_a_window:
        here.look_away(who)
    here.clock.advance(seconds=4)  # a fresh trigger, and Slack's pace
    before = len(who.seen)
    answer = None
    if really:
        with suppress(CannotDo):
            answer = who.press_this(press.control, within=press.screen)
    if answer is None and in_a_window:
        return IS_GONE
    is_gone = really and answer is None
    if answer is None:
        standing_on = None if press.screen.kind == "modal" else press.screen  # nobody has another's window
        answer = who.send_action(press.control.action_id, press.value, within=standing_on)
    here.bot.settle()
    assert answer.ok, f"{press}: {answer.text}"
    if len(who.seen) == before:
        here.settle(8)  # what it changes is drawn in its turn
    shown = "\n".join(sight.text for sight in who.seen[before:])
    assert not [words for words in WRONG if words in shown], f"{who} pressed {press}: {shown}"
    if not shown and is_gone:
        return IS_GONE  # what stands there instead is the answer
    while in_a_window and len(who.modals) > press.windows:
        who.dismiss()
    return shown


def readers_of(here: Stage, report_id: UUID) -> set[str]:
    """Slack ids of who may look at this report now, and of who sent it."""
    reports, database = here.bot.records.reports, here.bot.records.database
    found = set()
    with database.read() as session:
        standing = reports.open_as_caretaker(session, report_id)
        if standing is None:
            return set()
        found = set(standing.reader_ids)
        for person in here.people.values():
            with suppress(NotAvailable):
                reports.open_as_reporter(session, report_id, person.id)
                found.add(person.id)
    return found


def report_in(here: Stage, press: Old) -> UUID | None:
    """Which one it is about; further pages of a list begin after one."""
    return next((its_id for its_id in here.things["reports"].values() if press.value.startswith(str(its_id))), None)


@LONG
def test_somebody_who_has_nothing_to_do_with_it_learns_nothing_from_any_old_button(community: Stage) -> None:
    pressed = 0
    may_read = {about: readers_of(community, about) for about in community.things["reports"].values()}
    for press in once_each(old_buttons(community)):
        about = report_in(community, press)
        may = may_read[about] if about else set()
        for name in (*STRANGERS, *CHAMPIONS, *CONTACTS):
            who = community.people[name]
            if who is press.owner or who.id in may or (about is None and name not in STRANGERS):
                continue
            if about is None and press.screen.kind == "modal":
                continue  # what is part of a form is nobody's who has not that form
            shown = told(community, who, press, really=False)
            pressed += 1
            assert SECRET not in shown, f"{who} pressed {press}: {shown}"
            if about is not None:
                assert NOT_AVAILABLE in shown, f"{who} pressed {press}: {shown}"
    assert pressed > 100


@LONG
def test_every_old_button_says_something_true_to_whom_it_was_shown(community: Stage) -> None:
    silent = []
    pressed = 0
    for press in old_buttons(community):
        shown = told(community, press.owner, press, really=True)
        pressed += shown != IS_GONE
        if not shown:
            silent.append(str(press))
    assert pressed > 100
    assert silent == [], "\n".join(silent)


def test_a_button_that_nothing_answers_any_more_is_noticed(community: Stage) -> None:
    """The control."""
    press = next(each for each in old_buttons(community) if each.screen.kind == "message")
    of_before = replace(press, control=replace(press.control, action_id="report.of_before"))
    with pytest.raises(AssertionError, match="no longer works"):
        told(community, press.owner, of_before, really=False)


def test_every_open_window_can_be_sent(community: Stage) -> None:
    sent = 0
    for person in community.people.values():
        if person.modal is None or not person.modal.raw.get("submit"):
            continue
        before = len(person.seen)
        if person is community.victor:
            person.fill("What do you care about?", ["Law"])
        answer = person.submit()
        community.settle(2)
        shown = "\n".join(sight.text for sight in person.seen[before:])
        assert answer.ok, f"{person}: {answer.text}"
        assert shown
        assert not [words for words in WRONG if words in shown], shown
        assert NOT_AVAILABLE not in shown, f"{person}: {shown}"
        sent += 1
    assert sent >= 8
