"""Text in every script: what shows nothing, what would turn the rest, and where it may be cut."""

import unicodedata

import pytest
import regex  # type: ignore[import-untyped]  # it ships no types
from hypothesis import example, given
from hypothesis import strategies as st

from gpbot.slack import blocks
from gpbot.text import closed, is_blank, start_of, whole

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
SIGNS = [
    "e\u0301",
    "\U0001f1ec\U0001f1e7",  # a flag
    "\U0001f44d\U0001f3fd",  # a thumb with a skin
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",  # a family
    "1\ufe0f\u20e3",
    "\u1112\u1161\u11ab",  # Hangul, letter by letter
    "\u0915\u094d\u0937\u093f",  # Devanagari
    "\u0e01\u0e33",  # Thai
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England
]


@pytest.mark.parametrize(
    "char",
    [
        *"\u2800\u3164\u115f\u1160\uffa0\ufe0f\ufe00\u034f\u17b4\u180b\u180e\u200b\u200d\u2060\ufeff\u00ad\u061c\u2028",
        *"\U000e0100\U000e0041\U0001d159\U00013441\u2065 \t\n\u00a0\u3000\u202e\u2067\0",
    ],
    ids=ascii,
)
def test_what_shows_nothing_is_blank(char: str) -> None:
    assert is_blank(char * 3)
    assert is_blank(f" {char}\u200b")
    assert not is_blank(f"{char}x{char}")


def test_nothing_at_all_is_blank() -> None:
    assert is_blank("")


@pytest.mark.parametrize("char", [*".·°\u0301!?§\u0e33", "\U0001f44d", "\U0001f3fd", "\ufffc"], ids=ascii)
def test_what_shows_a_little_is_not_blank(char: str) -> None:
    assert not is_blank(char)


@given(st.text(st.sampled_from(f"{TURNING}a\n") | st.characters(codec="utf-8")))
@example("Ben \u202eX")
@example("\u202ea\u2066b\u202cc\u2069d")
def test_every_control_that_turns_text_ends_in_it_and_no_letter_is_lost(text: str) -> None:
    after = closed(text)
    assert closed(after) == after
    assert [char for char in after if char not in TURNING] == [char for char in text if char not in TURNING]
    for line in after.splitlines() if "\n" in after else [after]:
        waiting: list[str] = []
        for char in line:
            if char in OPENS:
                waiting.append(OPENS[char])
            elif char in TURNING:
                assert waiting.pop() == char
        assert not waiting


def test_text_that_turns_nothing_or_ends_it_itself_is_left_as_it_is() -> None:
    for text in ("Ben", "بن \u200fx", "\u2067\u202bبن\u202c\u2069 x", "a\u2066b\u2069"):
        assert closed(text) is text or closed(text) == text


@given(st.lists(st.sampled_from(SIGNS) | st.text(max_size=3), max_size=12).map("".join), st.integers(0, 60))
def test_a_cut_is_between_signs(text: str, end: int) -> None:
    at = whole(text, end)
    assert at <= end
    between = {0, len(text)} | {found.end() for found in regex.finditer(r"\X", text)}
    first = regex.match(r"\X", text)
    assert at in between or (first is not None and first.end() > end)
    assert not any(at < other <= end for other in between if at in between)
    assert len(start_of(text, end)) <= end


def test_what_is_longer_than_all_the_room_there_is_is_cut_all_the_same() -> None:
    assert whole("e" + "\u0301" * 50, 10) == 10
    assert "".join(each["text"]["text"] for each in blocks.words("e" + "\u0301" * 9000)) == "e" + "\u0301" * 9000


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize("limit", [2900, 1450])
def test_a_long_text_is_cut_between_signs(sign: str, limit: int) -> None:
    for before in range(limit - 12, limit + 2):
        pieces = [each["text"]["text"] for each in blocks.words("x" * before + sign * 3)]
        assert "".join(pieces) == "x" * before + sign * 3
        for piece in pieces[1:]:
            assert piece.replace(sign, "").strip("x") == "", ascii(piece[:10])


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_whatever_shortens_words_cuts_between_signs(sign: str) -> None:
    """Titles, labels, buttons, options, notices and sections, wherever the limit falls in a sign."""
    for before in range(12):
        long = "x" * before + sign * 2000
        built = [
            blocks.header(long),
            blocks.notice(long),
            blocks.section(long),
            blocks.context(long),
            blocks.button(long, "a", label=long),
            blocks.text_input(long, "b", "a", initial=long, hint=long, placeholder=long),
            blocks.select(long, "b", "a", [blocks.Choice("v", long, long)]),
            blocks.confirm(long, long, long, long),
            blocks.modal(long, [], "c", long, close=long),
        ]
        for said in shown(built):
            rest = said.removesuffix("…").lstrip("x")
            assert rest.replace(sign, "") == "", ascii(said[-12:])


def shown(part: object) -> list[str]:
    if isinstance(part, str):
        return [part] if len(part) > 12 and not part.isascii() else []
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return [text for each in inside for text in shown(each)]


def test_the_table_of_what_shows_nothing_is_as_new_as_python_s() -> None:
    """Every character without width that Python knows of."""
    assert all(is_blank(chr(code)) for code in range(0x110000) if unicodedata.category(chr(code)) in {"Cf", "Zs", "Cc"})
