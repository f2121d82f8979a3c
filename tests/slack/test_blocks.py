"""The house style: people's words ring nobody and are all there, and what is built is what Slack takes."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError

from gpbot.practice.blockkit import check_message, check_view
from gpbot.practice.reading import read_mrkdwn
from gpbot.slack import blocks
from gpbot.slack.blocks import Choice
from gpbot.slack.cutting import NO_WORDS, cut
from gpbot.text import closed, is_blank

JOINER = "\u2060"
RINGS = st.sampled_from(
    "<!channel> <!here|here> <@U0000000001> <#C0000000001> <!subteam^S1> @channel @here @everyone &lt;!channel&gt; "
    "&amp; a@b.example x@here *bold* <https://a.example|b> @".split()
)
TEXT = st.lists(RINGS | st.sampled_from(" \n") | st.text(max_size=40), max_size=12).map("".join)
LONG = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=60), st.integers(1, 300))
SHORT = st.text(max_size=200)


@settings(deadline=None)
@given(TEXT)
@example("<!channel>")
@example("<<!channel>>")
@example("@@here")
@example("mail me@here please")
def test_escaped_words_read_as_they_were_written_and_ring_nobody(text: str) -> None:
    escaped = blocks.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not re.search(r"(?<![\w.+-])@(channel|here|everyone)\b", escaped)
    assert not re.search(r"@(channel|here|everyone)(?!\.?\w)", escaped)
    assert read_mrkdwn(escaped, {"U0000000001": "Amina"}).replace(JOINER, "") == closed(text).replace(JOINER, "")


def test_an_address_stays_one_that_can_be_copied() -> None:
    assert blocks.escape("write to help@outside.example, @tom") == f"write to help@outside.example, @{JOINER}tom"


@settings(deadline=None)
@given(TEXT | LONG)
@example("a" * 10_000)
@example("\U0001f600" * 5000)
@example("word " * 2000)
@example("\n" * 9000 + "end")
def test_no_word_is_lost_and_none_is_interpreted(text: str) -> None:
    shown = blocks.words(text)
    assert {block["text"]["type"] for block in shown} == {"plain_text"}
    assert check_message({"text": "…", "blocks": shown[:50]}) == []
    together = "".join(block["text"]["text"] for block in shown)
    if not is_blank(text):
        assert "".join(together.split()) == "".join(text.split())
    else:
        assert together == NO_WORDS


@settings(deadline=None)
@given(TEXT | LONG)
def test_nothing_is_cut_in_the_middle_of_a_mention(text: str) -> None:
    shown = blocks.section(text + "<@U0000000001>" * 300)["text"]["text"]
    assert len(shown) <= 3000
    assert re.sub(r"<[^<>]*>", "", blocks.section("<@U0000000001>" * 300)["text"]["text"]) == "…"


@settings(deadline=None)
@given(LONG, st.integers(2, 200))
def test_what_is_cut_fits_and_says_so(text: str, limit: int) -> None:
    kept = cut(text, limit)
    assert len(kept) <= limit
    if len(text) > limit:
        assert kept.endswith("…")
        assert text.startswith(kept[:-1])
    else:
        assert kept == text


@settings(deadline=None)
@given(LONG | SHORT)
@example("Amina Okafor \U0001f30d (Safeguarding and Community Engagement Lead, Harbour Aid)")
@example("\U0001f600" * 80)
def test_names_fit_also_where_an_emoji_counts_as_two(name: str) -> None:
    boxes = blocks.checkboxes("Who", "b", "a", [Choice("U1", name, name)])
    option = boxes["element"]["options"][0]
    button = blocks.button(name, "a", label=name)
    for shown in (
        option["text"]["text"],
        option["description"]["text"] if name else "",
        button["text"]["text"],
        button.get("accessibility_label", ""),
    ):
        assert len(shown.encode("utf-16-le", "surrogatepass")) // 2 <= 75
        assert shown in {name, NO_WORDS, ""} or name.startswith(shown[:-1])


@settings(deadline=None)
@given(
    text=LONG | SHORT,
    number=st.integers(1, 10),
    initial=st.none() | LONG,
    hint=st.none() | LONG,
    optional=st.booleans(),
)
def test_every_builder_gives_what_slack_takes_however_long_the_words(
    text: str,
    number: int,
    initial: str | None,
    hint: str | None,
    optional: bool,  # noqa: FBT001  (drawn)
) -> None:
    choices = [Choice(f"v{each}", text or "x", hint) for each in range(number)]
    common: dict[str, Any] = {"hint": hint, "optional": optional}
    button = blocks.button(text, "a1", "v", label=text, confirm=blocks.confirm(text, text, text, text))
    view = blocks.modal(
        text,
        [
            blocks.notice(text),
            blocks.header(text),
            blocks.context(text),
            blocks.divider(),
            blocks.section(text, blocks.button(text, "a0")),
            blocks.actions(button, blocks.button(text, "a2", style="danger")),
            blocks.text_input(text, "b1", "a", initial=initial, placeholder=hint, **common),
            blocks.people_select(text, "b2", "a", placeholder=hint, max_people=3, **common),
            blocks.checkboxes(text, "b3", "a", choices, initial=["v0"], **common),
            blocks.choice_buttons(text, "b4", "a", choices, initial="v0", dispatch=True, **common),
            blocks.select(text, "b5", "a", choices, initial="v0", placeholder=hint, **common),
        ],
        "form",
        text or None,
        close=text,
    )
    if "submit" not in view:
        view["submit"] = blocks.plain("Send")
    assert check_view(view, where="views.open") == []


def test_more_blocks_than_fit_end_with_a_line_that_says_so() -> None:
    for view, where in (
        (blocks.modal("Many", [blocks.divider()] * 200, "many"), "views.open"),
        (blocks.home([blocks.divider()] * 200), "views.publish"),
    ):
        assert len(view["blocks"]) == 100
        assert view["blocks"][-1]["elements"][0]["text"] == "There is more than fits here."
        assert check_view(view, where=where) == []


@pytest.mark.parametrize(
    ("build", "most"), [(blocks.checkboxes, 10), (blocks.choice_buttons, 10), (blocks.select, 100)]
)
def test_choices_slack_would_not_show_are_an_error_here(build: Any, most: int) -> None:
    choices = [Choice(str(number), str(number)) for number in range(most + 1)]
    with pytest.raises(ValueError, match="choices"):
        build("Which?", "b", "a", choices)
    with pytest.raises(ValueError, match="choices"):
        build("Which?", "b", "a", [])
    assert build("Which?", "b", "a", choices[:most])["element"]["options"]


def test_what_cannot_be_shortened_is_an_error_and_never_cut() -> None:
    with pytest.raises(SlackObjectFormationError):
        blocks.modal("A form", [], "form", private_metadata="x" * 3001)
    with pytest.raises(SlackObjectFormationError):
        blocks.button("Open", "a" * 256)
