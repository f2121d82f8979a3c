"""Routes dealt from a deck of all there are: the nets press a new one without anybody naming it."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field

from gpbot import bootstrap
from gpbot.kit import routes
from gpbot.questions import ids as question_ids
from gpbot.reports import ids
from gpbot.rights import Who
from gpbot.slack.on import Kind as Does
from gpbot.slack.on import Route
from tests.promises.pressing import Town, right_of, value_in
from tests.promises.worlds import CAST, World

NEVER_THERE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Card:
    route: Route
    draw: int  # decides who presses it, and with what beside what is theirs

    def __repr__(self) -> str:
        return f"{self.route.id} ({self.draw})"


def cards(seed: int) -> list[Card]:
    """Everything that is declared, but for what Slack tells: the same order for the same routes."""
    dice = random.Random(seed)
    dealt = [each for each in routes(bootstrap.WORKFLOWS) if each.kind is not Does.EVENT]
    dice.shuffle(dealt)
    return [Card(each, dice.randrange(1000)) for each in dealt]


@dataclass(frozen=True, slots=True)
class Hand:
    """Each is pressed by people who may not read the report; where `with_readers`, by one and by its reporter too."""

    cards: tuple[Card, ...]
    with_readers: bool = False
    pressed: set[Route] = field(default_factory=set, repr=False, compare=False)

    def play(self, world: World) -> None:
        for card in self.cards:
            for who in self._by(world, card):
                _readers_may_change(world, who)
                world.c.clock.advance(seconds=5)  # Slack opens so many windows a minute
                for value in _values(world, card):
                    _press(world, who, card, value)
                self.pressed.add(card.route)
        _look_away(world)

    def _by(self, world: World, card: Card) -> list[str]:
        """One of the roster, one of all; of each the door lets in, where there is such a one."""
        oracle = world.oracle
        strangers = oracle.never_readers
        groups: list[Collection[str]] = [[who for who in strangers if who in oracle.roster], strangers]
        if self.with_readers:
            groups += [oracle.could_read, [oracle.reporter] if oracle.reporter else []]
        return sorted({who for group in groups for who in _one_of(world, card, group)})


def _one_of(world: World, card: Card, group: Collection[str]) -> list[str]:
    able = sorted(filter(world.can_act, group))
    let_in = [who for who in able if _kind(world, who) in right_of(card.route).who] or able
    return let_in and [let_in[card.draw % len(let_in)]]


def _kind(world: World, who: str) -> Who:
    oracle = world.oracle
    if who in oracle.guests:
        return Who.GUEST
    if who in oracle.champions:
        return Who.CHAMPION
    return Who.CONTACT if who in oracle.contacts else Who.MEMBER


def _readers_may_change(world: World, who: str) -> None:
    """By whatever a reader or the reporter presses; by others nothing does."""
    if who == world.oracle.reporter:
        world.oracle.reporter_chose()
    if who in {world.oracle.reporter, *world.oracle.could_read}:
        world.oracle.may_have_lost()


def _values(world: World, card: Card) -> list[str]:
    """What the route is about in this world, and beside it another's, one of another kind or one that never was."""
    about = right_of(card.route).about
    of_another_kind = value_in(world, question_ids.QUESTION if about is ids.REPORT else ids.REPORT)
    others = [str(world.other_id or NEVER_THERE), of_another_kind, NEVER_THERE]
    return [value_in(world, about), others[card.draw % len(others)]]


def _press(world: World, who: str, card: Card, value: str) -> None:
    person, town = world.person(who), Town(world, turns=card.draw)
    if card.route.kind is Does.MESSAGE_SHORTCUT and not person.read(world.c.general):
        person.say("Hello!", to=world.c.general)
    town.make_ready(who, card.route)
    town.do(who, card.route, value)
    world.c.bot.windows.settle()


def _look_away(world: World) -> None:
    for who in filter(world.can_act, CAST):
        world.c.look_away(world.person(who))


@dataclass
class Deck:
    """A part of the cards, in so many hands: each script gets one, and the same script the same."""

    seed: int
    hands: int  # no more than the scripts of a run: then all of them are dealt in it
    part: int = 0
    parts: int = 1  # one for each test of a net
    with_readers: bool = False
    _dealt: dict[str, int] = field(default_factory=dict)
    _pressed: set[Route] = field(default_factory=set)

    def begin(self) -> None:
        self._dealt.clear()
        self._pressed.clear()

    def hand(self, *script: object) -> Hand:
        number = self._dealt.setdefault(repr(script), len(self._dealt)) % self.hands
        return Hand(self.cards()[number :: self.hands], self.with_readers, self._pressed)

    def cards(self) -> tuple[Card, ...]:
        return tuple(cards(self.seed)[self.part :: self.parts])

    def left(self) -> list[str]:
        """What nobody has pressed."""
        return [each.route.id for each in self.cards() if each.route not in self._pressed]
