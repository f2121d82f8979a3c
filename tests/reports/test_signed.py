"""While the name is hidden, words that hold a name of their writer are pointed out, whatever their handle is."""

import pytest

from tests.databases import ON_SQLITE
from tests.stage import Stage

pytestmark = ON_SQLITE

TOLD = "seem to say who you are"


@pytest.mark.parametrize("words", ["I am Mona, and he shouts.", "Mona Said was there", "мене звати Мона"])
def test_the_review_says_that_the_words_hold_a_name_of_theirs(community: Stage, words: str) -> None:
    community.mona.user.name = "u84621"
    community.review(community.mona, words)
    assert community.mona.modal is not None
    assert TOLD in community.mona.modal.text


def test_words_without_a_name_of_theirs_are_not_pointed_out(community: Stage) -> None:
    community.mona.user.name = "u84621"
    community.review(community.mona, "He shouts at me.")
    assert community.mona.modal is not None
    assert TOLD not in community.mona.modal.text


def test_where_slack_does_not_tell_the_review_comes_all_the_same(community: Stage) -> None:
    community.mona.user.name = "u84621"
    community.workspace.faults.add(method="users.info", error="internal_error", times=20)
    community.review(community.mona, "I am Mona, and he shouts.")
    assert community.mona.modal is not None
    assert "shouts" in community.mona.modal.text


def test_a_form_continued_after_a_restart_says_it_too(community: Stage) -> None:
    community.mona.user.name = "u84621"
    community.review(community.mona, "I am Mona, and he shouts.")
    community.mona.dismiss()
    community.restart()
    community.later(minutes=20)
    community.press(community.mona, "Continue")
    assert community.mona.modal is not None
    assert "shouts" in community.mona.modal.text
    assert TOLD in community.mona.modal.text
