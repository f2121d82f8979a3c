"""Words that name people are asked about once before they leave to somebody else, in the same words for everybody."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gpbot.guidelines.types import Where
from gpbot.people.agreement import AGREED, NAMES_SOMEBODY
from gpbot.people.naming import names_openly, runs, whole_names
from gpbot.practice.person import Person
from gpbot.proposals import ids as proposal_ids
from gpbot.proposals.types import Proposed
from gpbot.questions import ids as question_ids
from gpbot.reports import ids, views
from tests.databases import another_program
from tests.promises.worlds import answered, choice_state, submit, text_state
from tests.scenarios.doing import report_of, shown
from tests.stage import Stage

PLAIN = "It is pinned in the shelters channel. Thank you all for asking."


@pytest.fixture
def question_id(community: Stage) -> UUID:
    form = {
        "question": {"question": text_state("Where is the list?")},
        "public": {"public": choice_state("yes")},
    }
    submit(community.mona, question_ids.FORM, "one", form)
    community.settle()
    return community.bot.records.questions.store.id_for(community.mona.id, "one")


@pytest.fixture
def proposal_id(community: Stage) -> UUID:
    records = community.bot.records
    for who in (community.tom, community.ben):
        records.guidelines.publish("# Be kind", is_major=True, changes="", attribution="", by="operator")
        records.guidelines.accept(who.id, 1, Where.WINDOW)
        break
    return records.proposals.propose(community.tom.id, "one", Proposed(purpose="Flats.", name="flats")).id


def send(who: Person, leaves: tuple[str, UUID, str], words: str, *, tick: bool = False) -> str:
    """The window that comes back, as its client holds it; the box of the window before is ticked where it is to be."""
    form, subject, block = leaves
    state: dict[str, Any] = {
        block: {"text": text_state(words)},
        views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
    }
    if tick:
        state[box(answered(who))] = {AGREED: {"type": "checkboxes", "selected_options": [{"value": "yes"}]}}
    submit(who, form, str(subject), state)
    return json.dumps(answered(who))


def box(view: Any) -> str:
    return str(next(each["block_id"] for each in view["blocks"] if each.get("block_id", "").startswith(f"{AGREED}.")))


@pytest.fixture(params=["answer", "closing", "decline", "question to the proposer"])
def leaves(request: pytest.FixtureRequest, community: Stage) -> tuple[str, UUID, str]:
    """Each everyday text of a champion that leaves to somebody else: its form, what it is about, and its block."""
    match request.param:
        case "answer":
            return question_ids.ANSWER, request.getfixturevalue("question_id"), "text.x"
        case "closing":
            community.report(community.mona)
            return ids.CLOSING, report_of(community.mona), "text"
        case "decline":
            return proposal_ids.DECLINE, request.getfixturevalue("proposal_id"), "text"
        case _:
            return proposal_ids.ASK, request.getfixturevalue("proposal_id"), "text"


def test_each_way_of_naming_asks_alike_and_what_names_nobody_does_not(
    community: Stage, leaves: tuple[str, UUID, str]
) -> None:
    ben = community.ben
    naming = [
        "Please ask Tom Reed about it.",
        "please ask tom  REED, he knows.",
        "Ask Nadia Haddad's team.",
        f"Ask <@{community.tom.id}>.",
        f"Ask {community.tom.id}.",
        "Ask @tom about it.",
        "Write to somebody@elsewhere.example.",
        "Mona Said asked.",  # who asked or reported, of whom this must not tell more than of anybody
        "Ben Adeyemi",
    ]
    answers = []
    for words in naming:
        shown_now = send(ben, leaves, words)
        assert json.dumps(NAMES_SOMEBODY)[1:-1] in shown_now, words
        assert "first names, jobs, places, days" in shown_now
        own = json.dumps(words)[1:-1]
        assert own in shown_now  # what was typed is kept
        view = answered(ben)
        said = json.dumps([each for each in view["blocks"] if each["type"] != "input"])
        answers.append(said)
    assert len(set(answers)) == 1, "the question tells who was found"
    assert NAMES_SOMEBODY[:40] not in send(ben, leaves, PLAIN)


def test_a_tick_counts_for_exactly_these_words(community: Stage, leaves: tuple[str, UUID, str]) -> None:
    ben = community.ben
    send(ben, leaves, "Ask Tom Reed.")
    other = send(ben, leaves, "Ask Nadia Haddad.", tick=True)
    assert NAMES_SOMEBODY[:40] in other
    assert NAMES_SOMEBODY[:40] not in send(ben, leaves, "Ask Nadia Haddad.", tick=True)


def test_a_public_answer_that_names_somebody_waits_for_the_tick(community: Stage, question_id: UUID) -> None:
    community.ben.send_action(question_ids.WRITE_ANSWER, str(question_id))
    community.settle()
    community.workspace.invite(community.general, community.app.bot_user_id)
    community.ben.fill("Answer", "Tom Reed keeps the list.")
    community.ben.fill("Post it in a channel", community.general)
    community.ben.submit()
    community.settle()
    assert "Tom Reed keeps the list." in shown(community.ben)
    assert not any("keeps the list" in said.text for said in community.nadia.read(community.general))
    community.ben.fill("They know and agree", ["They know and agree"])
    community.ben.submit()
    community.settle()
    assert any("keeps the list" in said.text for said in community.nadia.read(community.general))


def test_a_tick_for_a_private_answer_is_none_for_a_public_one(community: Stage, question_id: UUID) -> None:
    community.ben.send_action(question_ids.WRITE_ANSWER, str(question_id))
    community.settle()
    community.ben.fill("Answer", "Tom Reed keeps the list.")
    community.ben.submit()
    community.ben.fill("They know and agree", ["They know and agree"])
    community.ben.fill("Post it in a channel", community.general)
    community.ben.submit()
    community.settle()
    assert "Nothing is sent yet." in shown(community.ben)


def test_names_of_a_database_of_the_release_before_are_known_after_its_first_start(community: Stage) -> None:
    """Its table is empty; every start asks for the list of members."""
    people = community.bot.records.people
    assert people.names_somebody("Ask Tom Reed.")
    with another_program(community.settings.database_url) as db:
        db.execute(text("DELETE FROM whole_name"))
    assert not people.names_somebody("Ask Tom Reed.")
    community.restart()
    community.settle()
    assert community.bot.records.people.names_somebody("Ask Tom Reed.")


def test_somebody_who_left_or_is_called_otherwise_is_not_kept_under_that_name(community: Stage) -> None:
    community.workspace.deactivate(community.tom)
    community.settle()
    people = community.bot.records.people
    assert not people.names_somebody("Ask Tom Reed.")
    with another_program(community.settings.database_url) as db:
        kept = db.execute(text("SELECT name FROM whole_name")).scalars().all()
    assert kept
    assert not any(word in bytes(each).lower() for each in kept for word in (b"mona", b"said", b"amina"))


# --- what counts as a whole name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Tom Reed", "so tom reed said"),
        ("Zoë O'Neill", "ZOE ONEILL"),
        ("Yeong-ho Kim", "Yeongho Kim"),
        ("Mary Ann Lee", "Maryann Lee"),
        ("María del Carmen García López", "maria del carmen garcia lopez"),
        ("Анна Петрова", "анна петрова"),
    ],
)
def test_a_whole_name_is_found_as_people_write_it(name: str, words: str) -> None:
    assert whole_names(name) & runs(words)


@pytest.mark.parametrize("name", ["Tom", "zoe", "Good Morning", "The Team", "A B", "", "Jean-Luc"])
def test_single_words_and_everyday_words_are_no_whole_name(name: str) -> None:
    assert not whole_names(name)


def test_no_text_is_long_to_look_through() -> None:
    assert len(runs("a b " * 750)) <= 3 * 1500
    assert len(runs(" ".join(f"w{number}" for number in range(1000)))) <= 4 * 1000


@pytest.mark.parametrize("words", ["<@U0123ABCD>", "ask @tom", "a.b@example.org", "tom\uff20example.org", "U0123ABCD"])
def test_mentions_ids_and_addresses_are_seen(words: str) -> None:
    assert names_openly(words)


@pytest.mark.parametrize(
    "words", ["at 5 @ noon", "WEDNESDAY", "@here", "@channel", "C0123ABCD", "see https://x.example"]
)
def test_what_is_none_is_not(words: str) -> None:
    assert not names_openly(words)
