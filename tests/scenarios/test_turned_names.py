"""Who will read a report is what people decide by: no name turns the letters of those that stand after it."""

from sqlalchemy import delete, update

from gpbot.people import sealed_roster
from gpbot.people.models import Person, SealedRoster
from tests.stage import Stage

TURNED = "Ben \u202eX\u2067"


def readers_as_shown(c: Stage) -> str:
    c.review(c.mona, "Somebody shouts at me.")
    assert c.mona.modal is not None
    return c.mona.modal.text


def test_a_name_with_a_control_that_turns_what_follows_ends_it_itself(community: Stage) -> None:
    community.workspace.rename(community.ben, real_name=TURNED, display_name="Ben")
    community.settle()
    text = readers_as_shown(community)
    assert f"{TURNED}\u2069\u202c" in text
    assert text.count("\u202e") == text.count("\u202c")
    assert text.count("\u2067") == text.count("\u2069")


def test_so_does_one_that_an_earlier_release_stored(community: Stage) -> None:
    with community.bot.records.database.begin() as session:
        session.execute(update(Person).where(Person.slack_id == community.ben.id).values(real_name=TURNED))
        session.execute(delete(SealedRoster))
    with community.bot.records.database.begin() as session:
        community.bot.records.keyring.is_all_sealed = False  # as that release left it
        sealed_roster.seal_what_stands(session)
    assert f"{TURNED}\u2069\u202c" in readers_as_shown(community)


def test_a_name_that_shows_nothing_is_none(community: Stage) -> None:
    """A champion whose name nobody can see could be named in a report without anybody's noticing."""
    community.workspace.rename(community.ben, real_name="\u3164", display_name="\u2800")
    community.settle()
    assert "\u3164" not in readers_as_shown(community)
