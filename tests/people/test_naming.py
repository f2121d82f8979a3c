"""Whole names in words that leave to others."""

import pytest

from gpbot.people.naming import runs, whole_names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mona Said", "I asked Mona Said about it"),
        ("Mona Said", "I asked Said Mona about it"),
        ("Mona Said", "It was Mona Said's idea"),
        ("Mona Said", "Das war Mona Saids Idee"),
        ("王芳", "我和王芳在一起"),
        ("王 芳", "我和王芳在一起"),
        ("王芳", "我和王 芳在一起"),
        ("김민수", "어제 김민수가 왔어요"),
    ],
)
def test_a_whole_name_is_found_in_either_order_with_an_s_and_without_blanks(name: str, text: str) -> None:
    assert whole_names(name) & runs(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("Mona Said", "Mona has said so"), ("Mona", "I asked Mona"), ("王芳", "我和王小芳在一起"), ("芳", "芳")],
)
def test_other_words_are_no_whole_name(name: str, text: str) -> None:
    assert not whole_names(name) & runs(text)
