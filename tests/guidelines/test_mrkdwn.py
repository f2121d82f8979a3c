"""Markdown becomes text that Slack shows as it was meant, in pieces that fit, and rings nobody."""

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gpbot.guidelines import mrkdwn
from gpbot.guidelines.views import text_blocks
from gpbot.practice.pages.mrkdwn import mrkdwn as as_html


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
        ("Our guidelines\n==============\n\nBe kind.", "*Our guidelines*\n\nBe kind."),
        ("# A **bold** title", "*A bold title*"),
        ("**bold *both* more**", "*bold _both_ more*"),
        ("un**bold**ed", "un\u200b*bold*\u200bed"),
        ("+ one\n+ two", "• one\n• two"),
        ("1) one\n2) two", "1) one\n2) two"),
        ("1. one\n   - two\n   - three\n2. four", "1. one\n   • two\n   • three\n2. four"),
        ("- one\n\n  more\n\n- two", "• one\n\n  more\n\n• two"),
        ("- [ ] to do\n- [x] done", "• ☐ to do\n• ☑ done"),
        ("> - one\n> - two", "> • one\n> • two"),
        ("> > deep", "> deep"),
        ("one\n\n---\n\ntwo", "one\n\n──────────\n\ntwo"),
        # links
        ("[Refuge](https://example.org/a_(b)_c)", "<https://example.org/a_(b)_c|Refuge>"),
        ("[a [b] c](https://example.org)", "<https://example.org|a [b] c>"),
        ('[Help](https://example.org "Get help")', "<https://example.org|Help>"),
        ("See [our page][p].\n\n[p]: https://example.org", "See <https://example.org|our page>."),
        ("[**Help**](https://example.org)", "*<https://example.org|Help>*"),
        ("**[Help](https://example.org) now**", "*<https://example.org|Help> now*"),
        ("[us](www.example.org)", "<https://www.example.org|us>"),
        ("[write](mailto:help@example.org)", "<mailto:help@example.org|write>"),
        ("![a map](https://example.org/map.png)", "<https://example.org/map.png|a map>"),
        ("[a](https://example.org/x|y)", "<https://example.org/x%7Cy|a>"),
        ("[above](#top) and [there](/there)", "above and there"),
        # entities and escapes
        ("&copy; Tom &amp; Ann &lt;3 &eacute; &#233;", "© Tom &amp; Ann &lt;3 é é"),
        (r"a\*b, 5\* and \# 1", "a*b, 5* and # 1"),
        (r"\*as typed\* \_so\_", "\u2060*as typed* \u2060_so_"),
        (r"\> no quotation", "\u2060&gt; no quotation"),
        (r"\[no\](link)", "[no](link)"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        # code
        ("`a * b` and `<tag>`", "`a * b` and `&lt;tag&gt;`"),
        ("`[a](b)` `**c**`", "`[a](b)` `**c**`"),
        ("``a`b``", "a`b"),
        ("```\n**one**\n\n# two\n```", "```\n**one**\n\n# two\n```"),
        # tags
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<!-- a note\n\nto ourselves -->\n\nText", "Text"),
        ("<!-- a note --> **Text**", "*Text*"),
        ("x <b>y</b>", "x &lt;b&gt;y&lt;/b&gt;"),
    ],
)
def test_what_markdown_means_is_what_slack_shows(markdown: str, slack: str) -> None:
    assert converted(markdown) == slack


@pytest.mark.parametrize(
    "ring",
    [
        *("@channel", "@here", "<!channel>", "<!subteam^S123>", "<@U0123456789>", "`@here`", "**@channel**", "@*here*"),
        *("[x](!channel)", "[x](<!here>)", "[x](@U0123456789)", "![x](!channel)", "[x](#C0123456789)", "&lt;!here&gt;"),
        *("&#64;channel", r"\@channel", r"\<!channel>", "<https://a.example|x><!here>", "```\n<!channel> @here\n```"),
    ],
)
def test_nothing_in_it_rings_anybody(ring: str) -> None:
    text = converted(f"Hello {ring}, welcome.") + converted(ring)
    assert not re.search(r"@(channel|here|everyone)", text)
    assert not re.search(r"<(?!https://)", text)
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


@pytest.mark.parametrize(
    "style", ["**{}**", "*{}*", "~~{}~~", "[{}](https://example.org/)", "`{}`", "- {}", "> {}", "{}"]
)
def test_what_is_cut_is_marked_on_both_sides_of_the_cut_and_no_word_is_lost(style: str) -> None:
    words = " ".join(f"word{number}" for number in range(1500))
    pieces = mrkdwn.pieces(style.format(words) + "\n\nThe end.")
    assert len(pieces) > 3
    assert all(len(piece) <= 3000 for piece in pieces)
    assert re.findall(r"word\d+", "".join(pieces)) == words.split()
    if style.startswith(("**", "*{", "~", "`")):
        sign = converted(style.format("x"))[0]
        assert all(piece.startswith(sign) and piece.count(sign) == 2 for piece in pieces[:-1])


def test_code_is_cut_between_lines_and_stays_code() -> None:
    lines = [f"line {number} & more" for number in range(600)]
    pieces = mrkdwn.pieces("```\n" + "\n".join(lines) + "\n```")
    assert len(pieces) > 3
    assert all(piece.startswith("```\n") and piece.endswith("\n```") and len(piece) <= 3000 for piece in pieces)
    assert "\n".join(piece[4:-4] for piece in pieces).replace("&amp;", "&").splitlines() == lines


@pytest.mark.parametrize("sign", ["e\u0301", "\U0001f1ec\U0001f1e7", "\U0001f469\u200d\U0001f467", "&", "字"])
def test_a_text_without_blanks_is_cut_between_signs(sign: str) -> None:
    for before in range(8):
        pieces = mrkdwn.pieces("x" * before + sign * 3000)
        shown = [html.unescape(piece) for piece in pieces]
        assert "".join(shown) == "x" * before + sign * 3000
        assert all(not piece.lstrip("x").replace(sign, "") for piece in shown)


SIGNS = st.sampled_from([*"*_~`>#-+&<|[]()!@\\ ", "\n", "\n\n", "word", "ein", "\u202e", "é", "1. ", "• ", "**", "~~"])


@settings(deadline=None)
@given(st.lists(SIGNS, max_size=40).map("".join))
@example(r"\*not bold\*")
@example("**a**b*c*")
def test_slack_marks_what_markdown_marks_and_nothing_else(markdown: str) -> None:
    """As practice shows it, letter by letter: what is marked in one is marked in the other."""
    meant = [
        (char, mark in run.marks)
        for part in mrkdwn.parts(markdown)
        if not part.code
        for run in part.runs
        for char in run.text
        for mark in [mrkdwn.BOLD]
        if char.isalnum()
    ]
    shown: list[tuple[str, bool]] = []
    for part in mrkdwn.parts(markdown):
        if not part.code:
            for piece in mrkdwn.written(part):
                shown += bold_letters(str(as_html(piece.removeprefix(part.lead.rstrip()), {}, now=datetime.now(UTC))))
    assert shown == meant


def bold_letters(page: str) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    bold = 0
    for tag, text in re.findall(r"(<[^<>]*>)|([^<>]+)", page):
        bold += tag.startswith("<strong") - tag.startswith("</strong")
        found += [(char, bool(bold)) for char in html.unescape(text) if char.isalnum()]
    return found


def test_the_categories_are_the_list_under_their_heading_alone() -> None:
    chosen = "- **Selling**.\n- *Something*\n  else\n- Selling"
    text = f"- no\n\n## What you can report\n\nChoose one:\n\n{chosen}\n\n## Next\n\n- no"
    assert mrkdwn.categories(text) == ("Selling", "Something else")
    assert mrkdwn.categories("# Nothing of the kind\n\n- no") == ()


@pytest.mark.parametrize(
    "heading", ["## What you can report", "What you can report", "What you can report:", "**What you can report**"]
)
def test_the_categories_are_found_under_a_heading_of_any_kind(heading: str) -> None:
    text = f"Introduction\n\nBe kind.\n\n{heading}\n\n  • Threats &amp; insults\n  • [Selling](https://example.org)\n\nNext."
    assert mrkdwn.categories(text) == ("Threats & insults", "Selling")


def test_reading_takes_at_least_a_minute() -> None:
    assert mrkdwn.minutes("Be kind.") == 1
    assert mrkdwn.minutes("word " * 1300) == 10
