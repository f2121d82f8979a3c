"""Guidelines as they come out of a word processor, a web page or a Windows editor are read as they were meant."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from gpbot.guidelines import mrkdwn
from gpbot.guidelines.models import VersionRow
from gpbot.guidelines.pasted import as_meant
from gpbot.guidelines.views import text_blocks
from tests.databases import ON_SQLITE
from tests.stage import Stage

LONG = (
    "This paragraph is longer than anybody makes a line by hand, so that a line's end is where a paragraph ends here. "
)
PASTED = (
    "COMMUNITY GUIDELINES\n\nIntroduction\n\nWe share what works.\n\nSpam & self-promotion\n\nDo not sell.\n\n"
    "Who may join?\n\nEverybody who works with us.\n\nHarassment\n\nHarassment includes:\n\n"
    "  • threats\n  • stalking\n\nWhat you can report\n\n• Threats\n• Selling\n\nAttributions\n\nAdapted from others."
)


def converted(text: str) -> str:
    return "\n\n".join(mrkdwn.pieces(text))


@pytest.mark.parametrize("before", ["Harassment includes:\n\n", "Harassment includes:\n"])
@pytest.mark.parametrize(
    "bullet",
    ["•", "  •", "    •", "\t•", "•\t", "–", "—", "·", "▪", "○", "‣", "\uf0b7", "-\u00a0", "*\u00a0", "o\t", "--", "+"],
    ids=ascii,
)
def test_bullets_of_all_kinds_are_bullets(bullet: str, before: str) -> None:
    text = converted(f"{before}{bullet} threats\n{bullet} stalking\n{bullet} shouting\n")
    assert text == "Harassment includes:\n\n• threats\n• stalking\n• shouting"


@pytest.mark.parametrize("bullet", ["•", "▪", "\uf0b7"])
def test_a_bullet_needs_no_blank(bullet: str) -> None:
    assert converted(f"{bullet}threats\n{bullet}stalking") == "• threats\n• stalking"


def test_bullets_of_several_kinds_make_one_list() -> None:
    assert converted("- one\n• two\n– three\n· four") == "• one\n• two\n• three\n• four"


def test_points_below_points_stay_below_them() -> None:
    assert converted("• threats\n    ○ by mail\n    ○ by phone\n• stalking") == (
        "• threats\n  • by mail\n  • by phone\n• stalking"
    )


@pytest.mark.parametrize("label", ["a)", "(a)", "i)", "(1)", "1.1", "2.10.", "\u0661."])
def test_what_is_counted_otherwise_stays_in_lines(label: str) -> None:
    text = converted(f"Harassment includes:\n\n{label} threats\n{label} stalking\n")
    assert text == f"Harassment includes:\n\n{label} threats\n{label} stalking"


@pytest.mark.parametrize("number", ["1.", "1)"])
def test_numbers_stay_as_they_are_written(number: str) -> None:
    second = number.replace("1", "2")
    assert converted(f"{number}\tthreats\n{second}\u00a0stalking\n") == f"{number} threats\n{second} stalking"
    assert converted(f"{number}threats\n{second}stalking\n") == f"{number} threats\n{second} stalking"


def test_a_dash_or_a_number_that_begins_a_line_by_chance_is_none() -> None:
    assert converted("We are kind\n– so we hope –\nto all.") == "We are kind – so we hope – to all."
    assert converted("It takes\n1.5 hours.") == "It takes 1.5 hours."
    assert converted("-5 degrees") == "-5 degrees"


def test_headings_without_marks_are_headings() -> None:
    lines = converted(PASTED).split("\n\n")
    headings = [line.strip("*") for line in lines if line.startswith("*")]
    assert headings == [
        *("COMMUNITY GUIDELINES", "Introduction", "Spam &amp; self-promotion", "Who may join?", "Harassment"),
        *("What you can report", "Attributions"),
    ]
    assert mrkdwn.categories(PASTED) == ("Threats", "Selling")


def test_numbered_headings_are_headings_and_numbered_points_are_not() -> None:
    assert converted("1. Introduction\n\nWe share.\n\n2. Selling\n\nDo not.") == (
        "*1. Introduction*\n\nWe share.\n\n*2. Selling*\n\nDo not."
    )
    assert converted("1. Be kind\n\n2. Be careful\n\nThank you.") == "1. Be kind\n\n2. Be careful\n\nThank you."


@pytest.mark.parametrize(
    "line",
    [
        "Please be kind.", "Harassment includes:", "and so on", "Write to us at help@example.org", "https://example.org",
        "It is a long line, which says so much that nobody would take it for what stands above",
    ],
)  # fmt: skip
def test_what_reads_like_a_sentence_is_no_heading(line: str) -> None:
    assert converted(f"{line}\n\nMore of it.") == f"{line}\n\nMore of it."


def test_what_nothing_follows_is_no_heading() -> None:
    assert converted("Be kind.\n\nThe champions") == "Be kind.\n\nThe champions"
    assert converted("Be kind.\n\nWith thanks\n\nThe champions") == "Be kind.\n\nWith thanks\n\nThe champions"


def test_somebody_who_marks_headings_has_marked_all_of_them() -> None:
    assert converted("# Ours\n\nA short line\n\nMore of it.") == "*Ours*\n\nA short line\n\nMore of it."


def test_where_lines_are_paragraphs_each_is_one() -> None:
    text = (
        f"OUR GUIDELINES\nIntroduction\n{LONG}\n{LONG}\nHarassment includes:\n• threats\n• stalking\nReporting\n{LONG}"
    )
    assert converted(text).split("\n\n") == [
        *("*OUR GUIDELINES*", "*Introduction*", LONG.strip(), LONG.strip(), "Harassment includes:"),
        *("• threats\n• stalking", "*Reporting*", LONG.strip()),
    ]


def test_lines_that_were_ended_by_hand_are_one_paragraph() -> None:
    assert converted("One line\nof several\nthat go on.") == "One line of several that go on."


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_windows_marks_and_line_ends_leave_nothing_behind(ends: str) -> None:
    assert converted(f"\ufeff# Ours{ends}{ends}\ufeffBe kind.{ends}") == "*Ours*\n\nBe kind."
    assert converted(f"One{ends}{ends}Two") == "One\n\nTwo"


def test_a_word_processor_s_own_line_and_page_ends_are_ends() -> None:
    assert (
        converted("Ours\f1. one\v2. two\u20283. three\u2029Be kind.")
        == "*Ours*\n\n1. one\n2. two\n3. three\n\nBe kind."
    )


def test_indented_text_is_text() -> None:
    assert converted("    Be kind.\n\n\tBe careful.") == "Be kind.\n\nBe careful."


def test_code_is_left_as_it_is() -> None:
    assert converted("```\n• one\na) two\n– three\n```") == "```\n• one\na) two\n– three\n```"


def test_a_row_of_dashes_below_a_paragraph_makes_no_heading_of_it() -> None:
    assert converted("We are kind.\n-----\nTo all.") == "We are kind.\n\n──────────\n\nTo all."


LINES = st.sampled_from(
    [
        "",
        "• one",
        "– two",
        "1) three",
        "a) four",
        "  - five",
        "Heading",
        "LOUD",
        "A sentence.",
        LONG,
        "> six",
        "```",
        "| a |",
        *("---", "# seven", "\u00a0eight", "\uf0b7nine"),
    ]
)


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_no_word_is_lost_whatever_is_pasted(text: str) -> None:
    def words(of: str) -> list[str]:
        return [word for word in "".join(char if char.isalpha() else " " for char in of).split() if len(word) > 1]

    assert words(as_meant(text)) == words(text)
    assert set(words(text)) - {"amp"} <= set(words("\n".join(mrkdwn.pieces(text))))


@ON_SQLITE
def test_a_version_that_an_earlier_release_stored_is_read_as_meant_and_not_altered(community: Stage) -> None:
    """Nothing of it is rewritten: its words, its number and the code made from its words stay."""
    stored = f"\ufeff{PASTED}\n"
    before = hashlib.sha256(stored.encode()).hexdigest()
    row = {"number": 1, "markdown": stored, "sha256": before, "is_major": True, "changes": "", "attribution": ""}
    with community.bot.records.database.begin() as session:
        session.execute(insert(VersionRow).values(**row, published_at=community.clock.at))
    version = community.bot.records.guidelines.current()
    assert version is not None
    assert (version.markdown, version.sha256) == (stored, before)
    assert community.bot.records.guidelines.categories() == ("Threats", "Selling")
    community.mona.command("/guidelines")
    community.bot.windows.settle()
    assert community.mona.modal is not None
    shown = community.mona.modal.text
    assert "• threats\n• stalking" in shown
    assert "*Spam & self-promotion*" in shown
    assert "\ufeff" not in shown
    assert text_blocks(stored)
