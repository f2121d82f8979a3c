"""What a channel may be called, and which others are close to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpbot.proposals.names import normalised, wrong_with
from gpbot.proposals.similar import MOST, similar
from gpbot.proposals.types import MOST_NAME, Proposed, Similar

RESERVED = ("admin", "champions")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("#Housing & Law", "housing-law"),
        ("  legal_advice--now ", "legal_advice-now"),
        ("Größe, Łódź und Ærø", "grosse-lodz-und-aero"),
        ("-_x_-", "x"),
        ("住宅 housing", "housing"),
        ("住宅", ""),
        ("<!channel>", "channel"),
    ],
)
def test_a_name_is_made_to_fit_slack_s_rules(typed: str, name: str) -> None:
    assert normalised(typed) == name


@given(st.text(max_size=200))
def test_whatever_is_typed_a_name_is_one_that_slack_takes_or_something_is_said(typed: str) -> None:
    name = normalised(typed)
    assert normalised(name) == name
    if wrong_with(name, RESERVED) is None:
        assert 1 <= len(name) <= MOST_NAME
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")


@pytest.mark.parametrize("name", ["admin", "admin-room", "champions_only"])
def test_reserved_words_are_kept_at_the_beginning_of_names(name: str) -> None:
    assert "kept for the champions" in str(wrong_with(name, RESERVED))


@pytest.mark.parametrize("name", ["administration", "ask-admin", "the-champions"])
def test_other_names_are_not(name: str) -> None:
    assert wrong_with(name, RESERVED) is None


CHANNELS = [
    Similar(name="fundraising-tech", purpose="Tools for fundraising: databases, mailing, donations.", channel_id="C1"),
    Similar(name="jobs", purpose="Vacancies, paid and voluntary.", channel_id="C2"),
    Similar(name="old-donations", purpose="", channel_id="C3", is_archived=True),
    Similar(name="random", purpose="Anything at all, from anybody to everybody.", channel_id="C4"),
]


@pytest.mark.parametrize(
    ("name", "purpose", "found"),
    [
        ("fundraising-tools", "", ["fundraising-tech"]),
        ("fundraisng-tech", "", ["fundraising-tech"]),
        ("tech-fundraising", "", ["fundraising-tech"]),
        ("old_donation", "", ["old-donations"]),
        ("vacancies", "", ["jobs"]),
        ("work", "Paid and voluntary vacancies", ["jobs"]),
        ("beekeeping", "Hives, honey and stings.", []),
    ],
)
def test_channels_close_by_name_or_by_what_they_are_for_are_found(name: str, purpose: str, found: list[str]) -> None:
    assert [each.name for each in similar(name, Proposed(purpose=purpose, name=name), CHANNELS)] == found


def test_at_most_five_are_shown_the_closest_first() -> None:
    many = [Similar(name=f"housing-{number}", purpose="") for number in range(50)]
    found = similar("housing", Proposed(purpose="", name="housing"), [*many, Similar(name="housing", purpose="")])
    assert len(found) == MOST
    assert found[0].name == "housing"
