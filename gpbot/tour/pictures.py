"""What a picture of a screen is, and what people do before it is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from gpbot.practice import Channel, Person
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from gpbot.tour.neighbourhood import SAMPLE, Neighbourhood

Does = Callable[[Neighbourhood], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How large and in which light."""

    name: str
    width: int
    height: int
    dark: bool = False
    scale: float = 1.0


WIDE: Final = Look(name="wide", width=1120, height=760)
NARROW: Final = Look(name="narrow", width=390, height=760, dark=True)
TALL: Final = (Look(name="wide", width=1120, height=1400), Look(name="narrow", width=390, height=1700, dark=True))
README: Final = Look(name="", width=1120, height=640)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One screen: who has it where, what is done before, in order, and a button pressed in the page at last.

    `path` is for pages that belong to nobody.
    """

    name: str
    who: str = ""
    where: str = "messages"
    do: Does | None = None
    click: str = ""
    path: str = ""
    looks: Sequence[Look] = (WIDE, NARROW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """Pictures from one community, in the order in which they come about; `settings` are gpbot's there."""

    name: str
    pictures: Sequence[Picture]
    settings: Mapping[str, str] = field(default_factory=dict)


# What is done, by name; each waits for what it needs.


def form(who: str, words: str = "", about: Sequence[str] = (), *, outside: bool = False) -> Does:
    """Open the form again and fill in what is given."""

    def do(place: Neighbourhood) -> None:
        person = place[who]
        _close(person)
        person.command("/report")
        if words:
            person.fill("What happened", words)
        if about:
            person.fill("Who is it about", [place[name] for name in about])
            place.settle()
        if outside:
            person.fill("Who should receive", ["Send only"])

    return do


def sent(who: str, words: str, about: Sequence[str] = (), *, outside: bool = False) -> Does:
    """A report, sent."""
    answer = () if about else (none_of_them(who),)
    return also(form(who, words, about, outside=outside), submit(who), *answer, submit(who))


def none_of_them(who: str) -> Does:
    """On the review."""
    return fill(who, **{LABEL: [NONE_OF_THEM]})


def press(who: str, *words: str) -> Does:
    """Press these, one after the other."""

    def do(place: Neighbourhood) -> None:
        for button in words:
            place[who].press(button)
            place.settle()

    return do


def fill(who: str, **fields: object) -> Does:
    """Fields by their first words, with _ for a blank."""

    def do(place: Neighbourhood) -> None:
        for label, value in fields.items():
            place[who].fill(label.replace("_", " "), value)
            place.settle()

    return do


def submit(who: str) -> Does:
    def do(place: Neighbourhood) -> None:
        place[who].submit()
        place.settle()

    return do


def close(*who: str) -> Does:
    def do(place: Neighbourhood) -> None:
        for name in who:
            _close(place[name])

    return do


def opens(who: str, *then: str) -> Does:
    """Open the newest message, and press these in it."""

    def do(place: Neighbourhood) -> None:
        person = place[who]
        _close(person)
        person.open_messages()
        place.settle()
        person.press("Open")
        place.settle()
        press(who, *then)(place)

    return do


def desk(who: str) -> Does:
    def do(place: Neighbourhood) -> None:
        _close(place[who])
        place[who].press("What is waiting for me", channel=place.triage)

    return do


def at_home(who: str, *words: str) -> Does:
    """Open App Home, and press these there."""

    def do(place: Neighbourhood) -> None:
        _close(place[who])
        place[who].open_home()
        place.settle()
        press(who, *words)(place)

    return do


def later(**time: float) -> Does:
    return lambda place: place.clock.move(timedelta(**time))


def also(*several: Does) -> Does:
    return lambda place: [do(place) for do in several]


def says(who: str, words: str) -> Does:
    return lambda place: place[who].say(words)


def ask(who: str, words: str = "") -> Does:
    """The form for a question, filled in and sent when there are words."""

    def do(place: Neighbourhood) -> None:
        person = place[who]
        person.command("/ask")
        place.settle()
        if words:
            person.fill("Your question", words)
            person.submit()
            place.settle()

    return do


def command(who: str, name: str, words: str = "") -> Does:
    def do(place: Neighbourhood) -> None:
        _close(place[who])
        place[who].command(name, words)
        place.settle()

    return do


def on_card(who: str, words: str) -> Does:
    """Press this on the newest card in the champions' channel that has it."""
    return lambda place: _press_in(place, who, words, place.triage)


def on_proposal(who: str, words: str) -> Does:
    """Press this on the newest proposal that has it, in the channel where they are posted."""
    return lambda place: _press_in(place, who, words, place.proposals)


def on_message(who: str, words: str) -> Does:
    """Press this in the direct message with gpbot."""

    def do(place: Neighbourhood) -> None:
        _close(place[who])
        place[who].open_messages()
        place.settle()
        press(who, words)(place)

    return do


def agrees(*who: str) -> Does:
    """They have read the guidelines, and agreed."""

    def do(place: Neighbourhood) -> None:
        for name in who:
            command(name, "/guidelines")(place)
            submit(name)(place)
            _close(place[name])

    return do


def joins(name: str, organisation: str, *, guest: bool = False) -> Does:
    """Somebody joins, and gpbot has had time to write to them."""

    def do(place: Neighbourhood) -> None:
        place.join(name, organisation, guest=guest)
        place.settle()
        place.clock.move(timedelta(minutes=3))
        place.settle()

    return do


def proposes(who: str, purpose: str, name: str, *stewards: str, topics: str = "") -> Does:
    """The form, filled in again and looked at; one more `submit` posts it."""

    def do(place: Neighbourhood) -> None:
        person = place[who]
        command(who, "/propose-channel")(place)
        person.fill("What is it for", purpose)
        person.fill("Its name", name)
        if stewards:
            person.fill("Who looks after it", [place[each] for each in stewards])
        if topics:
            person.fill("What would people talk about", topics)
        submit(who)(place)

    return do


def publishes(old: str, new: str, *, major: bool, changes: str) -> Does:
    """The sample with other words."""
    text = SAMPLE.read_text("utf-8")
    return lambda place: place.publish(text.replace(old, new), is_major=major, changes=changes)


def _press_in(place: Neighbourhood, who: str, words: str, channel: Channel) -> None:
    _close(place[who])
    place[who].press(words, channel=channel)
    place.settle()


def _close(person: Person) -> None:
    if person.modals:
        person.dismiss(all=True)
