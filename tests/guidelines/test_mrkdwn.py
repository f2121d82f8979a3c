"""Markdown becomes text that Slack shows as it was meant, in pieces that fit, and rings nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpbot.guidelines import mrkdwn
from gpbot.guidelines.views import text_blocks


def converted(markdown: str) -> str:
    return "\n\n".join(mrkdwn.pieces(markdown))


@pytest.mark.parametrize(
    ("markdown", "slack"),
    [
        ("# A title", "*A title*"),
        ("**bold** and *slanted* and ~~gone~~", "*bold* and _slanted_ and ~gone~"),
        ("- one\n- two", "• one\n• two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("[a page](https://example.org/?a=1&b=2)", "<https://example.org/?a=1&amp;b=2|a page>"),
        ("<https://example.org/>", "https://example.org/"),
        ("> somebody said", "> somebody said"),
        ("one line\ngoes on", "one line goes on"),
        ("- a long point\n  goes on", "• a long point goes on"),
        ("a hard  \nbreak", "a hard\nbreak"),
        ("windows\r\nline", "windows line"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("before <!-- a note\nto ourselves --> after", "before  after"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "*a* | *b*\n1 | 2"),
    ],
)
def test_what_markdown_means_is_what_slack_shows(markdown: str, slack: str) -> None:
    assert converted(markdown) == slack


@pytest.mark.parametrize("ring", ["@channel", "@here", "<!channel>", "<!subteam^S123>", "<@U0123456789>"])
def test_nothing_in_it_rings_anybody(ring: str) -> None:
    text = converted(f"Hello {ring}, welcome.")
    assert ring not in text
    assert "<" not in text
    assert "me@example.org" in converted("Write to me@example.org.")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=4000), max_size=6))
def test_whatever_the_text_each_piece_fits_a_section_and_holds_something(paragraphs: list[str]) -> None:
    pieces = mrkdwn.pieces("\n\n".join(paragraphs))
    assert all(0 < len(piece) <= 3000 and piece.strip() for piece in pieces)
    assert [block["text"]["text"] for block in text_blocks("\n\n".join(paragraphs))] == list(pieces)


def test_a_long_text_is_cut_between_paragraphs_and_loses_no_word() -> None:
    paragraphs = [f"Paragraph {number} " + "word " * 60 for number in range(40)]
    pieces = mrkdwn.pieces("\n\n".join(paragraphs))
    assert len(pieces) > 3
    assert all(piece.startswith("Paragraph") for piece in pieces)
    assert " ".join(pieces).split() == " ".join(paragraphs).split()


def test_one_endless_paragraph_is_cut_at_a_word_and_never_inside_a_link() -> None:
    pieces = mrkdwn.pieces("Some words " * 200 + "[the page about all of this](https://example.org/) " * 60)
    assert len(pieces) > 1
    assert all(piece.count("<") == piece.count(">") for piece in pieces)


def test_the_categories_are_the_list_under_their_heading_alone() -> None:
    chosen = "- **Selling**.\n- *Something*\n  else\n- Selling"
    text = f"- no\n\n## What you can report\n\nChoose one:\n\n{chosen}\n\n## Next\n\n- no"
    assert mrkdwn.categories(text) == ("Selling", "Something else")
    assert mrkdwn.categories("# Nothing of the kind\n\n- no") == ()


def test_reading_takes_at_least_a_minute() -> None:
    assert mrkdwn.minutes("Be kind.") == 1
    assert mrkdwn.minutes("word " * 1300) == 10
