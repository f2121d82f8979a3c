"""Colleagues: who works together is said before a report is sent, and who works elsewhere is offered."""

import pytest

from gpbot.people import organisations
from gpbot.people.organisations import Standing
from gpbot.practice.person import Person
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from tests.databases import ON_SQLITE
from tests.scenarios.doing import home_of, send, shown, told
from tests.stage import HELP, Stage

pytestmark = ON_SQLITE
WORDS = "Somebody keeps writing to me at night."
SAME = "work at the same organisation as"
ALL = "works for the same organisation"


def works(community: Stage, organisation: str, *people: Person) -> None:
    for person in people:
        community.bot.records.people.set_organisation(person.id, organisation)
    community.settle()


# Before it is sent.


def test_where_all_who_would_read_it_work_with_whom_it_is_about_somebody_else_is_offered_first(
    community: Stage,
) -> None:
    works(community, "harbour aid", community.ben, community.chloe, community.edith)
    mona = community.mona
    community.review(mona, WORDS, about=[community.amina])
    review = shown(mona)
    said = (
        "*Ben Adeyemi and Chloe Martin work at the same organisation as Amina Okafor.* Send it to Farid Khan instead?"
    )
    assert said in review
    assert review.index(said) < review.index("Who will read this")

    community.press(mona, "Choose Farid Khan")
    assert "*Farid Khan (Open Door) will read this*, outside the champions." in shown(mona)
    assert "It is not sent yet." in shown(mona)
    assert "☑ Edith Shaw" in shown(mona)
    assert SAME not in shown(mona)
    assert told(community) == []
    send(community, mona)
    assert told(community) == ["Farid"]
    assert "Who can read it: Farid Khan (Open Door)." in shown(mona)


def test_it_can_be_sent_to_them_all_the_same(community: Stage) -> None:
    works(community, "Harbour Aid", community.ben, community.chloe)
    community.review(community.mona, WORDS, about=[community.amina])
    assert SAME in shown(community.mona)
    send(community, community.mona)
    assert told(community) == ["Ben", "Chloe"]


@pytest.mark.parametrize("organisation", ["", "Harbour Aid Leeds"])
def test_it_is_not_said_while_one_of_them_works_elsewhere_or_has_not_said(community: Stage, organisation: str) -> None:
    works(community, "Harbour Aid", community.ben)
    works(community, organisation, community.chloe)
    community.review(community.mona, WORDS, about=[community.amina])
    assert SAME not in shown(community.mona)
    send(community, community.mona)
    assert told(community) == ["Ben", "Chloe"]


def test_colleagues_of_somebody_whom_the_words_name_count_too_and_follow_the_ticks(community: Stage) -> None:
    mona = community.mona
    community.review(mona, "Ben keeps writing to me at night.")
    assert SAME not in shown(mona)
    mona.fill(LABEL, ["Ben Adeyemi", "Amina Okafor"])
    community.settle()
    assert "*Chloe Martin works at the same organisation as Amina Okafor" not in shown(mona)
    assert "*Chloe Martin works at the same organisation as Ben Adeyemi.*" in shown(mona)

    community.press(mona, "Choose Edith Shaw")
    assert "*Edith Shaw (Fair Hearing) will read this*" in shown(mona)
    assert "Ben Adeyemi" not in shown(mona).partition("What they will see")[0].replace("seem to name Ben Adeyemi", "")
    send(community, mona)
    if NONE_OF_THEM in shown(mona):
        mona.fill(LABEL, [NONE_OF_THEM])
        send(community, mona)
    assert told(community) == ["Edith"]


def test_a_contact_who_is_a_colleague_too_is_passed_over(community: Stage) -> None:
    works(community, "Harbour Aid", community.edith)
    mona = community.mona
    community.review(mona, WORDS, about=[community.amina], outside=True)
    assert "*Edith Shaw works at the same organisation as Amina Okafor.* Send it to Farid Khan instead?" in shown(mona)
    community.press(mona, "Choose Farid Khan")
    send(community, mona)
    assert told(community) == ["Farid"]


def test_where_nobody_works_elsewhere_the_outside_address_is_given(community: Stage) -> None:
    works(community, "Harbour Aid", *community.champions, *community.contacts)
    mona = community.mona
    mona.command("/report")
    community.settle()
    assert f"*Everybody who could read a report {ALL}.* Outside this workspace there is {HELP}." in shown(mona)
    mona.fill("What happened", WORDS)
    mona.fill("Who is it about", [community.amina])
    community.settle()
    send(community, mona)
    assert f"{SAME} Amina Okafor.* Outside this workspace there is {HELP}." in shown(mona)


def test_the_form_says_so_of_whom_it_picks(community: Stage) -> None:
    works(community, "Harbour Aid", community.ben, community.chloe)
    mona = community.mona
    mona.command("/report")
    community.settle()
    mona.fill("Who is it about", [community.tom])
    community.settle()
    assert SAME not in shown(mona)
    mona.fill("Who is it about", [community.amina])
    community.settle()
    assert f"*Ben Adeyemi and Chloe Martin {SAME} Amina Okafor.* Before you send it" in shown(mona)


def test_a_profile_that_only_looks_like_an_organisation_is_not_shown_as_one(community: Stage) -> None:
    community.workspace.rename(community.chloe, title="City Welcome")
    works(community, "", community.chloe)
    community.review(community.mona, WORDS, about=[community.tom])
    assert "Ben Adeyemi (City Welcome), Chloe Martin\n" in shown(community.mona)
    assert "Chloe Martin (" not in shown(community.mona)


# Saying where one works.


def test_somebody_who_holds_a_role_says_on_their_home_where_they_work(community: Stage) -> None:
    edith = community.edith
    assert "*Your organisation:* Fair Hearing" in home_of(community, edith)
    edith.press("Change it", within=edith.home)
    community.settle()
    edith.fill("Where do you work", "  Open\u00a0 Ears ")
    send(community, edith)
    assert edith.home is not None
    assert "*Your organisation:* Open Ears" in edith.home.text

    community.mona.command("/report")
    community.settle()
    assert "Edith Shaw (Open Ears)" in shown(community.mona)


def test_nobody_else_is_asked_or_can_say_so(community: Stage) -> None:
    assert "Your organisation" not in home_of(community, community.mona)
    community.mona.send_action("people.organisation_form")
    community.settle()
    assert "This is for champions and escalation contacts." in shown(community.mona)


def test_champions_and_health_say_when_everybody_works_for_the_same(community: Stage) -> None:
    amina = community.amina
    assert community.bot.health()["organisations"] == "ok"
    assert ALL not in home_of(community, amina)

    works(community, "City Welcome", *community.champions, *community.contacts)
    assert community.bot.health()["organisations"] == organisations.WORDS[Standing.ONE]
    assert amina.home is not None
    assert f"{ALL}.* Outside this workspace there is {HELP}. The form says so too." in amina.home.text

    works(community, "Harbour Aid", community.amina, community.farid)
    assert community.bot.health()["organisations"] == organisations.WORDS[Standing.SHARED]
    assert "works for an organisation that a champion works for" in amina.home.text

    works(community, "", community.farid)
    assert community.bot.health()["organisations"] == organisations.WORDS[Standing.UNKNOWN]
    assert "has not said where they work yet" in amina.home.text
    assert "City Welcome" not in str(community.bot.health())


def test_the_setting_counts_until_they_say_it_themselves(community: Stage) -> None:
    people = community.bot.records.people
    people.set_organisation(community.ben.id, "")
    people.set_organisation(community.amina.id, "Safe Harbour")
    community.restart()
    said = {each.name: each.organisation for each in community.bot.records.people.roster().everyone}
    assert said["Ben Adeyemi"] == ""
    assert said["Amina Okafor"] == "Safe Harbour"
    assert said["Chloe Martin"] == "City Welcome"


@pytest.mark.parametrize("before", range(4))
def test_a_long_organisation_is_cut_where_slack_shows_less_and_never_within_a_letter(
    community: Stage, before: int
) -> None:
    works(community, "x" * before + "e\u0301" * 38, community.ben)
    community.mona.command("/report")
    community.settle()
    shortened = next(line for line in shown(community.mona).split("\n") if "Ben Adeyemi (" in line)
    assert "e\u0301\u2026" in shortened
    community.report(community.mona, WORDS, about=[community.tom])
    assert "e\u0301)" in shown(community.mona)
