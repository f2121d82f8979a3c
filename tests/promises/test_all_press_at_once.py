"""Many people press at the same moment, each on a thread of their own: every press counts, and once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from gpbot.guidelines.types import Where
from gpbot.practice.person import Person
from gpbot.proposals.types import Proposed
from tests.halves import LONG
from tests.promises import dealing, pressing
from tests.promises.planting import Colliding, plant
from tests.promises.pressing import Town, may_press, right_of
from tests.scenarios.doing import seen_by, shown
from tests.scenarios.test_channels import look, place, read_again
from tests.scenarios.test_guidelines import asked, publish
from tests.scenarios.test_onboarding import cards, steps, tell_why
from tests.stage import Stage
from tests.waiting import HANGING

pytestmark = LONG

NUMBER = 10


def all_at_once(people: Iterable[Person], press: Callable[[Person], object]) -> None:
    """None presses before all are about to."""
    people = list(people)
    together = threading.Barrier(len(people))

    def wait_and_press(person: Person) -> None:
        together.wait()
        press(person)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(wait_and_press, people))


def settle(c: Stage) -> None:
    """Until every lane has had its turns: Slack lets gpbot change messages and add people about once a second."""
    c.settle(80)


@pytest.fixture
def crowd(community: Stage) -> list[Person]:
    """Newcomers who were asked to agree to the guidelines; nobody is turned away because a machine is slow."""
    community.workspace.ack_seconds = HANGING
    community.bot.records.database._wait = HANGING
    publish(community)
    people = [community.add_person(f"Newcomer{number} Member") for number in range(NUMBER)]
    community.later(minutes=2)
    settle(community)
    return people


@pytest.fixture
def agreed(community: Stage, crowd: list[Person]) -> list[Person]:
    for person in crowd:
        community.bot.records.guidelines.accept(person.id, 1, Where.WINDOW)
    settle(community)
    return crowd


def test_all_who_agree_at_once_have_agreed_and_begin_once(community: Stage, crowd: list[Person]) -> None:
    community.workspace.faults.deliveries(duplicate=True, times=NUMBER)
    all_at_once(crowd, lambda person: person.press("I agree", within=asked(person)[0]))
    settle(community)
    for person in crowd:
        assert asked(person) == []
        assert Counter(screen.buttons[0] for screen in person.inbox) == {"Read them again": 1, "Pick topics": 1}
    with community.bot.records.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM guidelines_acceptance")).scalar_one() == NUMBER


def test_all_who_press_join_at_once_are_in(community: Stage, agreed: list[Person]) -> None:
    community.workspace.add_channel("housing", purpose="#housing")
    read_again(community)
    for person in agreed:
        look(community, person, "housing")
    all_at_once(agreed, lambda person: person.press("Join"))
    assert community.bot.windows.settle(HANGING)
    for person in agreed:
        assert "You are in #housing now." in shown(person)
        assert place(community, "housing").members.count(person.id) == 1


def test_all_who_choose_channels_at_once_are_in_each_of_them(community: Stage, agreed: list[Person]) -> None:
    for name in ("flats", "tenants"):
        community.workspace.add_channel(name, purpose="#housing")
    read_again(community)
    for person in agreed:
        person.press("Pick topics", within=steps(person))
        community.bot.windows.settle()
        person.fill("What do you care about?", ["Housing"])
        person.submit()
    all_at_once(agreed, lambda person: person.submit())
    settle(community)
    for person in agreed:
        assert "Added to #flats, #tenants." in steps(person).text
        assert all(place(community, name).members.count(person.id) == 1 for name in ("flats", "tenants"))


def test_all_who_support_at_once_are_counted_and_all_who_take_it_back_too(
    community: Stage, agreed: list[Person]
) -> None:
    proposer, *others = agreed
    proposed = Proposed(purpose="Housing law.", name="housing-law")
    proposals = community.bot.records.proposals
    proposal = proposals.propose(proposer.id, "one", proposed)
    for person in others:
        community.workspace.invite(community.proposals, person)
    settle(community)
    for times, expected in ((1, NUMBER - 1), (2, 0)):
        all_at_once(others, lambda person: person.press("Support", channel=community.proposals))
        settle(community)
        assert proposals.look(proposal.id).supporters == expected, times
        [post] = [each for each in others[0].read(community.proposals) if "housing-law" in each.text]
        assert f"{expected} support it" in post.text


def test_of_all_champions_who_claim_a_welcome_at_once_one_has_it_and_the_others_are_told(
    community: Stage, agreed: list[Person]
) -> None:
    zoe = agreed[0]
    tell_why(community, zoe)
    seen = {champion: cards(community, champion)[0] for champion in community.champions}
    all_at_once(
        community.champions,
        lambda champion: champion.press("I will welcome them", within=seen[champion], force=True),
    )
    settle(community)
    [card] = cards(community, community.ben)
    [welcomer] = [each for each in community.champions if f"@{each.user.real_name} will welcome them" in card.text]
    assert sum("would like to welcome you" in screen.text for screen in zoe.inbox) == 1
    told = {each for each in community.champions if "Somebody else has just said that they will." in seen_by(each)}
    assert told == {*community.champions} - {welcomer}


def test_newcomers_who_all_say_at_once_why_they_joined_have_a_card_each(community: Stage, agreed: list[Person]) -> None:
    for person in agreed:
        person.press("Write it", within=steps(person))
        community.bot.windows.settle()
        person.fill("In a line or two", f"I am {person.user.real_name}.")
    all_at_once(agreed, lambda person: person.submit())
    settle(community)
    said = "\n".join(card.text for card in cards(community, community.ben))
    assert all(said.count(f"I am {person.user.real_name}.") == 1 for person in agreed)
    assert len(cards(community, community.ben)) == NUMBER


# --- every route there is --------------------------------------------------------------------------------------------


def test_two_who_press_the_same_at_once_break_nothing_whatever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the control: what breaks when two press it is found, by nobody's naming it here."""
    plant(monkeypatch, Colliding, Colliding)
    deck, wrong = dealing.cards(seed=7), []
    with pressing.town("postgresql") as town:
        town.here.c.workspace.ack_seconds = HANGING
        town.here.c.bot.records.database._wait = HANGING
        for card in deck:
            wrong += [f"{card.route.id}: {error}" for error in press_twice(town, card)]
        town.settle()
        records = town.here.c.bot.records
        with records.database.read() as session:
            assert records.audit.verify(session).broken_at is None
    assert wrong == ["planted.collide: RuntimeError"] * 2


def press_twice(town: Town, card: dealing.Card) -> Sequence[str]:
    """By two who may, or where only one may, by them twice; what broke."""
    may = sorted(may_press(card.route)) or ["nadia"]
    first, second = may[card.draw % len(may)], may[(card.draw + 1) % len(may)]
    value = town.another(right_of(card.route).about, first)
    town.turn_to(first)
    for who in {first, second}:
        town.make_ready(who, card.route)
    town.broken.clear()
    together = threading.Barrier(2)

    def press(who: str) -> None:
        together.wait()
        town.do(who, card.route, value)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, [first, second]))
    assert town.here.c.bot.windows.settle(HANGING)
    return tuple(town.broken)
