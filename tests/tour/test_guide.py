"""The guide of the pages: every step does what it says, in order, and the story keeps its promises."""

import json
from pathlib import Path

from gpbot.practice import Person
from gpbot.tour.guide import chapters
from gpbot.tour.neighbourhood import neighbourhood
from gpbot.tour.pages import frame, furnish
from tests.halves import LONG

pytestmark = LONG


def ever_saw(person: Person, word: str) -> bool:
    return any(word in f"{sight.text}{json.dumps(sight.raw, default=str)}" for sight in person.seen)


def test_every_step_of_the_guide_can_be_done_for_somebody(tmp_path: Path) -> None:
    with neighbourhood(tmp_path.resolve(), pages=True) as place:
        furnish(place)
        place.open_pages(frame(place, reset=lambda: None))
        for chapter in chapters(place):
            for step in chapter.steps:
                person = place.workspace.people[step.person_id]
                assert step.where in {"home", "messages"} or step.where.removeprefix("channel/") in {
                    channel.name for channel in person.places
                }
                assert step.do is not None, step.words
                step.do()
                place.settle()
        assert ever_saw(place["ben"], "marmalade")
        assert ever_saw(place["mona"], "pancake")
        assert ever_saw(place["mona"], "telescope")
        assert not ever_saw(place["amina"], "marmalade")
        assert not ever_saw(place["ben"], "accordion")
        assert not ever_saw(place["ben"], "trombone")
        assert ever_saw(place["edith"], "trombone")
        assert [person for person in place.people.values() if ever_saw(person, "umbrella")] == [place["ben"]]
        assert ever_saw(place["nadia"], "pelican")
        assert {name for name in ("amina", "ben", "chloe", "edith") if ever_saw(place[name], "violin")} == {
            "amina",
            "ben",  # on the card, while it was a question
            "chloe",
        }
        assert [screen.buttons for screen in place["zoe"].inbox] == [
            ["Read them again"],
            ["Pick topics", "All channels"],  # nothing is left to put off
            [],  # who would like to welcome her
            ["Open"],  # her proposal was approved
            ["Open"],  # and is open
        ]
        assert {person.user.real_name for person in place.people.values() if ever_saw(person, "kazoo")} == {
            "Amina Okafor",
            "Ben Adeyemi",
            "Chloe Martin",
            "Zoe Brandt",
        }
        assert {person.user.real_name for person in place.people.values() if ever_saw(person, "harpsichord")} == {
            "Ben Adeyemi",  # Amina was told too, and has not opened it
            "Tom Reed",
        }
        (opened,) = (channel for channel in place.workspace.channels.values() if channel.name == "rent-law")
        assert {place[name].id for name in ("zoe", "tom", "chloe")} <= set(opened.members)
        assert ever_saw(place["chloe"], "found with “zoe”")
        assert place.workspace.problems == []
