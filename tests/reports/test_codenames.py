"""Code names say nothing: not how many reports there are, nor which came first."""

from gpbot.people.names import _SHORTEST_NAME
from gpbot.reports.codenames import _FIRST, _SECOND, new_code_name
from gpbot.slack.cutting import cut

TITLE = 24  # characters of a modal's title


def test_every_code_name_fits_a_modals_title_whole() -> None:
    longest = f"{max(_FIRST, key=len)} {max(_SECOND, key=len)}"
    assert cut(longest, TITLE) == longest


def test_words_are_plain_lower_case_letters_and_each_is_there_once() -> None:
    for words in (_FIRST, _SECOND):
        assert len(set(words)) == len(words)
        assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
        assert all(len(word) >= _SHORTEST_NAME for word in words)


def test_there_are_enough_of_them_that_one_tells_nothing() -> None:
    assert len(_FIRST) * len(_SECOND) > 20_000


def test_a_code_name_is_two_words_and_never_a_number() -> None:
    for _ in range(100):
        first, second = new_code_name().split()
        assert first.lower() in _FIRST
        assert second.lower() in _SECOND


def test_code_names_come_in_no_order() -> None:
    names = [new_code_name() for _ in range(200)]
    assert names != sorted(names)
    assert len(set(names)) > 190
