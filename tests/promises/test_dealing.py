"""The decks from which nets press routes hold all that is declared, and what is new by itself."""

import pytest

from gpbot.slack.on import Kind as Does
from gpbot.slack.on import Route
from tests import nets
from tests.promises import test_canaries, test_two_worlds
from tests.promises.dealing import Deck, cards
from tests.promises.planting import Counting, plant
from tests.promises.pressing import ROUTES, right_of

NETS = {"two worlds": test_two_worlds.DECKS, "canaries": test_canaries.DECKS}


@pytest.mark.parametrize("net", NETS)
def test_each_net_deals_every_route_there_is(net: str) -> None:
    dealt = [each.route for deck in NETS[net] for number in range(deck.hands) for each in deck.hand(number).cards]
    assert sorted(map(called, dealt)) == sorted(map(called, ROUTES))


def test_the_same_script_is_dealt_the_same_hand_and_the_same_seed_the_same_deck() -> None:
    deck, other = Deck(seed=1, hands=3), Deck(seed=2, hands=3)
    first, second = deck.hand("one"), deck.hand("other")
    assert first == deck.hand("one") == Deck(seed=1, hands=3).hand("anything")
    assert not {*first.cards} & {*second.cards}
    assert cards(1) != cards(2)
    assert {called(each.route) for each in deck.cards()} == {called(each.route) for each in other.cards()}
    assert set(deck.left()) == {each.id for each in ROUTES}  # nobody has pressed any of it


def test_a_new_route_is_in_every_deck_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, Counting, Counting)
    for decks in NETS.values():
        assert "planted.count" in {each.route.id for deck in decks for each in deck.cards()}


def test_what_carries_no_subject_is_named_with_the_reason_and_nothing_else_is() -> None:
    named, about_nothing = {*nets.of_all().no_subject}, {each.id for each in ROUTES if right_of(each).about is None}
    assert named - about_nothing == set()
    assert about_nothing - named == set(), "say why, in nets.py beside the workflow: no_subject={…}"


def called(route: Route) -> tuple[str, str]:
    assert route.kind is not Does.EVENT
    return route.kind.name, route.id
