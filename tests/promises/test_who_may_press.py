"""Each route is pressed as each kind of person: who may not is told nothing, and who may is let in.

“Not yours”, “ended” and “does not exist” are one answer: word for word, in kind, and in the work that it takes.
"""

from collections.abc import Iterator, Mapping

import pytest

from gpbot.onboarding import ids as onboarding_ids
from gpbot.proposals import ids as proposal_ids
from gpbot.questions import ids as question_ids
from gpbot.refusals import NotAvailable
from gpbot.reports import ids
from gpbot.rights import Who
from gpbot.slack.on import Kind as Does
from gpbot.slack.on import Route
from tests import nets
from tests.halves import LONG
from tests.promises import pressing
from tests.promises.pressing import KINDS_OF_PEOPLE, ROUTES, Heard, Town, may_press, right_of

NEVER_THERE = "00000000-0000-4000-8000-000000000000"
NOT_THEIRS, ANOTHER_KIND, MADE_UP = "not theirs", "of another kind", "never there"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=LONG)])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with pressing.town(request.param) as made:
        yield made


def what_there_is(town: Town, route: Route) -> dict[str, str]:
    """What may stand in the place of an id: what is not theirs, has ended, is of another kind, or never was."""
    about = right_of(route).about
    shown = about if about in town.ended else ids.REPORT  # what is about nothing is not to look at what it carries
    return {
        NOT_THEIRS: town.theirs[shown],
        **town.ended[shown],
        ANOTHER_KIND: town.theirs[question_ids.QUESTION if shown is ids.REPORT else ids.REPORT],
        MADE_UP: NEVER_THERE,
    }


def is_secret(route: Route) -> bool:
    about = right_of(route).about
    return about is not None and about.is_secret


def press_once(town: Town, who: str, route: Route, value: str) -> Heard:
    town.turn_to(who)
    return town.press(who, route, value)


def press_each(town: Town, who: str, route: Route, values: Mapping[str, str]) -> dict[str, Heard]:
    town.turn_to(who)
    heard = {kind: town.press(who, route, value) for kind, value in values.items()}
    town.settle()
    return heard


def dealt(values: Mapping[str, str], number: int) -> dict[str, str]:
    """Theirs, made up, and one more: each person meets three, and each route all of them."""
    others = [kind for kind in values if kind not in {NOT_THEIRS, MADE_UP}]
    return {kind: values[kind] for kind in (NOT_THEIRS, others[number % len(others)], MADE_UP)}


def one_of(values: Mapping[str, str], number: int) -> dict[str, str]:
    kind = list(values)[number % len(values)]
    return {kind: values[kind]}


def wrong_with(who: str, route: Route, heard: Mapping[str, Heard]) -> Iterator[str]:
    """What they can tell who may not press it."""
    for kind, each in heard.items():
        if not each.refused and not (route.kind is Does.CLICK and route.id in nets.of_all().in_a_form):
            yield f"{route.id}: {who} is not refused what is {kind}, and reads: {each.said}"
        if is_secret(route) and each.refused and NotAvailable.words not in each.said:
            yield f"{route.id}: {who} reads of what is {kind}: {each.said}"
    if is_secret(route):
        yield from told_apart(who, route, heard)


def told_apart(who: str, route: Route, heard: Mapping[str, Heard]) -> Iterator[str]:
    about, first = right_of(route).about, heard[MADE_UP]
    for kind, each in heard.items():
        if each != first:
            yield f"{route.id}: {who} can tell what is {kind}: {each.said}"
        if (
            is_secret(route)
            and about is not None
            and who not in nets.of_all().know_of[about]
            and each.work != first.work
        ):
            yield f"{route.id}: {who} can tell what is {kind} by the time it takes: {each.work}, {first.work}"


@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=LONG)], ids=["some", "all"])
def test_who_may_not_is_told_one_thing_whatever_there_is(town: Town, all_of_them: bool) -> None:  # noqa: FBT001
    wrong: list[str] = []
    number = 0
    for route in ROUTES:
        for who in sorted(KINDS_OF_PEOPLE.keys() - may_press(route)):
            values = what_there_is(town, route)
            if not all_of_them:
                values = (dealt if is_secret(route) else one_of)(values, number)
            wrong += wrong_with(who, route, press_each(town, who, route, values))
            number += 1
    assert wrong == []


def test_who_might_have_pressed_it_is_told_nothing_of_what_has_ended(town: Town) -> None:
    wrong: list[str] = []
    for route in filter(is_secret, ROUTES):
        values = what_there_is(town, route)
        # Mona wrote all of it, and others than Amina read the report that it became.
        for who in sorted(may_press(route) - {"mona"})[:2]:
            unread = {kind: value for kind, value in values.items() if kind != NOT_THEIRS}
            if who != "amina":
                unread.pop("a report", None)
            wrong += told_apart(who, route, press_each(town, who, route, unread))
    assert wrong == []


def test_what_is_about_nothing_does_not_look_at_what_it_carries(town: Town) -> None:
    wrong: list[str] = []
    for route in ROUTES:
        right = right_of(route)
        if right.about is None and not right.is_personal and route.kind in {Does.CLICK, Does.SUBMISSION}:
            values = dealt(what_there_is(town, route), 0)
            for who in sorted(may_press(route) & {"amina", "tom"}):  # whom the report is about
                wrong += told_apart(who, route, press_each(town, who, route, values))
    assert wrong == []


# The controls.


def test_every_right_is_somebodys_here_and_no_kind_of_people_is_missing() -> None:
    personal = {right_of(route) for route in ROUTES if right_of(route).is_personal}
    assert personal == nets.of_all().of_whom.keys()
    assert {route.id for route in ROUTES if not may_press(route)} == nets.of_all().needs_more.keys()
    assert {*KINDS_OF_PEOPLE.values()} == {*Who}
    secret = {right.about for right in map(right_of, ROUTES) if right.about and right.about.is_secret}
    assert secret == nets.of_all().know_of.keys()
    for right, people in nets.of_all().of_whom.items():
        assert {KINDS_OF_PEOPLE[who] for who in people} <= right.who, right.words


def test_one_statement_or_opening_more_is_noticed_and_so_is_another_word(town: Town) -> None:
    by_id = {route.id: route for route in ROUTES if route.kind is Does.CLICK}
    for route, who in (
        (by_id[ids.OPEN], "mona"),
        (by_id[question_ids.OPEN], "amina"),
        (by_id[proposal_ids.READ_CONCERN], "ben"),
    ):
        heard = press_each(town, who, route, what_there_is(town, route))
        assert heard[NOT_THEIRS] != heard[MADE_UP]
        assert heard[NOT_THEIRS].work != heard[MADE_UP].work
        assert all(each.work["statements"] for each in heard.values())
        assert heard[NOT_THEIRS].work["openings"]
        assert any("is not refused what is not theirs" in each for each in wrong_with(who, route, heard))
        assert any("can tell what is not theirs" in each for each in wrong_with("nadia", route, heard))
    assert by_id.keys() >= {onboarding_ids.CLAIM}


@pytest.mark.parametrize("value", ["", "x", "1", "a" * 2000, "💌:report"])
def test_a_value_that_is_no_report_at_all_gets_the_same_words(town: Town, value: str) -> None:
    """The sender knows that it is none, so it may be said elsewhere: beside the button, not in a modal."""
    for ask in (ids.OPEN, ids.TAB, ids.CLAIM, ids.WITHDRAW, ids.WRITE_MORE):
        town.turn_to("nadia")
        nadia = town.here.person("nadia")
        town.here.c.look_away(nadia)
        before = len(nadia.seen)
        nadia.send_action(ask, value)
        town.settle()
        assert [sight.text.splitlines()[-1] for sight in nadia.seen[before:]] == [NotAvailable.words]


def test_who_may_is_let_in(town: Town) -> None:
    """Not refused with what those are refused with who may not. The last one here: what it enqueues is never sent."""
    wrong: list[str] = []
    for route in ROUTES:
        if route.id in nets.of_all().needs_more:
            continue
        right, may = right_of(route), may_press(route)
        one_of_each = {KINDS_OF_PEOPLE[who]: who for who in sorted(may)}
        for who in [min(may)] if right.is_personal else one_of_each.values():
            value = town.another(right.about, who)
            without = {
                name
                for other in sorted(KINDS_OF_PEOPLE.keys() - may)[:1]
                for name in press_once(town, other, route, value).refused
            } or {NotAvailable.__name__}
            heard = press_once(town, who, route, value)
            if without & {*heard.refused}:
                wrong.append(f"{route.id}: {who} is not let in, and reads: {heard.said}")
            if not heard.seen and route.kind in {Does.CLICK, Does.SUBMISSION} and route.id in nets.of_all().in_a_form:
                wrong.append(f"{route.id}: {who} sees nothing happen")
    assert wrong == []
