"""The practice workspace's pages with gpbot in them: who is who, a little life, and the controls around."""

from collections.abc import Callable
from typing import Final

from gpbot.practice.pages import Frame, Role
from gpbot.tour.guide import chapters
from gpbot.tour.neighbourhood import Neighbourhood

ABOUT: Final = (
    "gpbot lets members of a community tell its volunteer champions, in confidence, when somebody has hurt or worried "
    "them. Here you can be any of nine people, report, read and answer, and see what each of them "
    "can see. You need no Slack account."
)


def frame(place: Neighbourhood, *, reset: Callable[[], None]) -> Frame:
    """What stands around the pages; `reset` is called when somebody wants to begin again."""
    champions, contacts, members = place.champions, place.contacts, place.members
    guests = [person for person in place.people.values() if person.user.is_guest]
    return Frame(
        about=ABOUT,
        roles=[
            Role(heading="Members", one="Member", people=[person.id for person in members],
                 notes={place["mona"].id: "reports someone in the guide", place["tom"].id: "is reported in the guide"}),
            Role(heading="Champions", one="Champion", people=[person.id for person in champions],
                 notes={place["amina"].id: "is reported in the guide"}),
            Role(heading="Outside the champions", one="Outside contact", people=[person.id for person in contacts]),
            Role(heading="Guests", one="Guest", people=[person.id for person in guests]),
        ],
        clock=place.clock,
        chapters=chapters(place),
        app_runs=lambda: place.bot.is_running,
        kill_app=place.bot.kill,
        start_app=place.bot.start,
        app_log=lambda: place.bot.last_words(200),
        reset=reset,
        moved=place.settle,
    )  # fmt: skip


def furnish(place: Neighbourhood) -> None:
    """What people said before anybody came to look."""
    place.workspace.invite(place.general, place["gita"])
    for name, words in (
        ("chloe", "Good morning! A reminder that our first-aid evening is on Thursday."),
        ("tom", "Does anybody have the new form for travel costs?"),
        ("nadia", "Yes, I put it in the shared folder. Ask me if you cannot find it."),
    ):
        place[name].say(words, to=place.general)
