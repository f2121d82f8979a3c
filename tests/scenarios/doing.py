"""What people in the scenarios look at and do again and again."""

import re
from uuid import UUID

from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.reports import ids
from tests.stage import Stage

SOMETHING = "There is something for you."
NOT_AVAILABLE = "This is not available to you."


def shown(person: Person) -> str:
    """The modal in front, as it reads."""
    assert person.modal is not None, f"{person} has no modal open"
    return person.modal.text


def direct_messages(person: Person) -> list[str]:
    """The words of what gpbot wrote to them and that is still there, without buttons."""
    return [screen.text.partition("\n")[0] for screen in person.inbox]


def stubs(person: Person) -> list[Screen]:
    """What says that something waits for them as a reader."""
    return [screen for screen in person.inbox if "I should not handle this" in screen.buttons]


def told(community: Stage) -> list[str]:
    """The first names of those who were told of a report."""
    holders = [*community.champions, *community.contacts]
    return [each.user.real_name.split()[0] for each in holders if stubs(each)]


def news(person: Person) -> list[Screen]:
    """What says that something waits for them as the one who reported."""
    return [screen for screen in person.inbox if screen.buttons == ["Open"]]


def waiting(community: Stage, person: Person) -> list[str]:
    """The code names in their own list, as the Desk shows it."""
    home_of(community, person)
    assert person.home is not None
    return code_names(person.home)


def home_of(community: Stage, person: Person) -> str:
    """What stands in their App Home when they come to it."""
    community.look_away(person)
    person.open_home()
    community.settle(1)
    assert person.home is not None
    return person.home.text


def send(community: Stage, person: Person) -> None:
    """Submit the window in front, and let gpbot finish."""
    person.submit()
    community.settle()


def close_report(community: Stage, champion: Person, why: str = "We have done", words: str = "Done.") -> None:
    """From the report's window, which is open."""
    community.press(champion, "Close report")
    champion.fill("Why", why)
    champion.fill("What the reporter will read", words)
    champion.submit()
    community.settle()


def code_names(screen: Screen) -> list[str]:
    return re.findall(r"^\*([A-Za-z]+ [A-Za-z]+)\*$", screen.text, flags=re.MULTILINE)


def button_value(screen: Screen, words: str) -> str:
    """What a button carries."""
    found = next(control for control in screen.controls if control.words == words)
    return str(found.element["value"])


def report_of(person: Person) -> UUID:
    """The report their newest direct message is about."""
    return UUID(button_value(person.inbox[-1], "Open"))


def open_from_home(community: Stage, person: Person) -> None:
    """Open the first thing listed on their App Home."""
    community.look_away(person)
    person.open_home()
    community.settle(1)
    person.press("Open", within=person.home, nth=0)
    community.settle(1)


def write_to_reporter(community: Stage, champion: Person, text: str) -> None:
    """From an open case."""
    champion.press("Write to the reporter", nth=0)
    community.bot.windows.settle()
    champion.fill("Message", text)
    champion.submit()
    community.settle()


def add(community: Stage, reporter: Person, text: str) -> None:
    """From the reporter's own view."""
    reporter.press("Add something")
    community.bot.windows.settle()
    reporter.fill("Add something", text)
    community.answer_none(reporter)
    reporter.submit()
    community.settle(1)


def seen_by(person: Person) -> str:
    """Everything they could ever have seen, as it read and as their client got it."""
    return "\n".join(f"{sight.text}\n{sight.raw}" for sight in person.seen)


def knows_nothing(person: Person, *words: str) -> None:
    everything = seen_by(person).casefold()
    for word in words:
        assert word.casefold() not in everything, f"{person} saw {word!r}"


def forge_open(person: Person, report_id: UUID | str) -> None:
    person.send_action(ids.OPEN, str(report_id))
