"""What a reader sees of a message that was reported, and what of it the reporter saw first."""

import pytest

from gpbot.practice.person import Person
from gpbot.practice.screens import Screen
from gpbot.practice.state import Channel
from gpbot.questions.types import Asking, Concern
from gpbot.reports.cases import Cases
from gpbot.reports.evidence import NAME_HIDDEN
from tests.databases import ON_SQLITE
from tests.scenarios.doing import shown, stubs
from tests.stage import Stage

pytestmark = ON_SQLITE
QUOTED = "Nobody wants you in this channel"
REPORTED = "The message they reported, as it was then"


def review(community: Stage, message: Screen, *, show_name: bool = False) -> str:
    """Mona reports it; how the message reads in what she reviews."""
    community.look_away(community.mona)
    community.mona.message_shortcut("Report to the Champions", message)
    community.settle()
    community.mona.fill("What happened", "Please look at this.")
    if show_name:
        community.mona.fill("Show my name", "Yes")
    community.mona.submit()
    community.settle(1)
    return between(shown(community.mona), "The message you are reporting", "They will")


def send(community: Stage) -> str:
    """How the message reads in what Ben opens."""
    community.mona.submit()
    community.settle()
    community.open_stub(community.ben)
    return between(shown(community.ben), REPORTED, "[ ")


def between(text: str, start: str, end: str) -> str:
    return text.partition(f"{start}\n")[2].partition(end)[0].strip()


def name(community: Stage, *people: Person) -> None:
    """A reader adds people, as those it is about."""
    community.press(community.ben, "People")
    community.press(community.ben, "Add people")
    community.ben.fill("Who else is it about", list(people))
    community.ben.submit()
    community.settle()
    community.press(community.ben, "Report")


@pytest.fixture
def hallway(community: Stage) -> Channel:
    everybody = [*community.champions, community.mona, community.tom, community.nadia]
    return community.workspace.add_channel("hallway", private=True, members=everybody)


def test_naming_people_one_by_one_tells_a_reader_nothing(community: Stage) -> None:
    """What stayed hidden after everybody was named was the reporter."""
    text = f"{community.mona.mention} and {community.nadia.mention} are liars"
    review(community, community.tom.say(text, to=community.general))
    first = send(community)
    assert f"{NAME_HIDDEN} and {NAME_HIDDEN} are liars" in first
    for person in (community.nadia, community.mona):
        name(community, person)
        assert between(shown(community.ben), REPORTED, "[ ") == first


def test_whom_the_form_picked_is_shown_though_it_be_the_reporter(community: Stage) -> None:
    """Hidden in the one place and shown in the other, it would tell more than either."""
    said = community.tom.say(f"{community.mona.mention} lies", to=community.general)
    community.mona.message_shortcut("Report to the Champions", said)
    community.settle()
    community.mona.fill("What happened", "Please look at this.")
    community.mona.fill("Who is it about", [community.tom, community.mona])
    community.settle()
    community.mona.submit()
    community.settle()
    assert "@Mona Said lies" in send(community)
    assert "*About:* @Tom Reed, @Mona Said" in shown(community.ben)


@pytest.mark.parametrize("show_name", [True, False])
@pytest.mark.parametrize("private", [True, False])
def test_the_reporter_sees_before_sending_exactly_what_readers_see(
    community: Stage, hallway: Channel, *, show_name: bool, private: bool
) -> None:
    origin = community.nadia.say(f"{QUOTED}, {community.mona.mention}", to=community.general, files=["Mona.pdf"])
    place = hallway if private else community.general
    message = community.tom.share(origin, to=place, comment=f"see {community.nadia.mention}")
    preview = review(community, message, show_name=show_name)
    assert send(community) == preview
    assert "@Tom Reed" in preview
    assert QUOTED in preview
    assert preview.count("02 Mar 2026") == 2
    assert ("@Nadia Haddad" in preview) == ("Mona" in preview) == show_name
    assert ("archives" in preview) == ("in #" in preview) == (show_name or not private)
    assert "(1 attached file, not copied" in preview


def test_a_private_place_its_link_and_a_direct_message_are_shown_with_the_name_alone(
    community: Stage, hallway: Channel
) -> None:
    link = f"https://practice.slack.com/archives/{hallway.id}/p1772442000000100"
    said = community.tom.say(f"come to <#{hallway.id}|hallway>, {link}", to=hallway)
    hidden = review(community, said)
    assert hallway.id not in str(community.mona.modal.raw if community.mona.modal else "")
    assert "hallway" not in hidden
    assert send(community) == hidden
    community.press(community.mona, "Show my name")
    community.look_away(community.ben)
    community.open_stub(community.ben)
    assert "@Tom Reed in #hallway" in shown(community.ben)
    assert link in shown(community.ben)


@pytest.mark.parametrize("comment", ["", "look at this one"])
def test_a_champion_whose_words_were_shared_does_not_read_it(community: Stage, comment: str) -> None:
    origin = community.amina.say(QUOTED, to=community.general)
    review(community, community.tom.share(origin, to=community.general, comment=comment))
    assert "Your words seem to name Amina Okafor" in shown(community.mona)
    assert QUOTED in send(community)
    assert not stubs(community.amina)


def test_what_is_shared_in_what_is_shared_counts_too(community: Stage) -> None:
    first = community.amina.say(QUOTED, to=community.general)
    second = community.nadia.share(first, to=community.general)
    review(community, community.tom.share(second, to=community.general, comment="again"))
    assert QUOTED in send(community)
    assert not stubs(community.amina)


def test_words_of_ones_own_that_were_shared_are_warned_of(community: Stage) -> None:
    origin = community.mona.say("I did not mean it", to=community.general)
    review(community, community.tom.share(origin, to=community.general))
    assert "Your words seem to say who you are." in shown(community.mona)
    assert "The message you are reporting stays as it is." in shown(community.mona)
    assert f"{NAME_HIDDEN} in #general" in send(community)
    assert "Mona" not in shown(community.ben)
    assert shown(community.ben).count("Open it in Slack") == 1  # Tom's; not the one to Mona's


def test_a_question_that_became_a_report_hides_nothing_in_words_that_were_read_before(community: Stage) -> None:
    """One name missing where there was one would be who asked."""
    words = f"{community.mona.mention} and {community.nadia.mention} quarrel"
    use = community.bot.records.questions
    asked = use.ask(community.mona.id, "form", Asking(what=words)).id
    report_id, _ = use.make_report(community.ben.id, asked, Concern(about_ids=(community.tom.id,)))
    case = Cases.beside(community.bot.records.timers).look(community.chloe.id, report_id)
    assert words in [entry.text for entry in case.entries]
