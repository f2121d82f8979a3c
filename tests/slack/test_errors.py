"""Whatever goes wrong while somebody waits becomes words that person can read."""

import logging
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from gpbot.crypto import DoesNotOpen
from gpbot.db import Busy
from gpbot.errors import place
from gpbot.practice.blockkit import check_view
from gpbot.refusals import Refusal
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Say, Show
from gpbot.slack.blocks import NOTICE_BLOCK, modal, section, text_input, words
from gpbot.slack.errors import Funnel, Outdated, notice_modal, with_notice
from gpbot.slack.requests import Asked, Click, Command, OpenView, Shortcut, Submission
from tests.stage import HELP, Stage


class NotToday(Refusal):
    words = "Not today."


def opened(view: dict[str, Any]) -> OpenView:
    return OpenView.read({"id": "V1", **view})


FORM = opened(modal("A form", [text_input("Words", "first", "a"), text_input("More", "second", "b")], "form", "Send"))
REVIEW = opened(modal("A review", [section("All of it")], "review", "Send", private_metadata="draft"))
COMMAND = Command(user_id="U1", name="/report")


def submission(view: OpenView) -> Submission:
    return Submission(user_id="U1", callback_id="form", view=view)


@pytest.fixture
def told() -> list[tuple[Asked, str]]:
    return []


@pytest.fixture
def funnel(told: list[tuple[Asked, str]]) -> Funnel:
    funnel = Funnel(HELP)
    funnel.tells_by(lambda asked, said: told.append((asked, said)))
    return funnel


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (NotToday(), "Not today."),
        (Busy(), "We could not save this. Nothing was sent."),
        (OperationalError("INSERT canary", {}, Exception("canary")), "We could not save this. Nothing was sent."),
        (DoesNotOpen(), "We could not open what was stored. Nothing was sent."),
        (RuntimeError("canary"), "Something went wrong on our side, and nothing was sent."),
    ],
)
def test_each_error_has_words_and_all_but_refusals_name_whom_to_reach_outside(
    funnel: Funnel, error: Exception, start: str
) -> None:
    said = funnel.words(error)
    assert said.startswith(start)
    assert (HELP in said) == (not isinstance(error, Refusal))
    assert "canary" not in said


def test_a_command_is_answered_where_it_was_typed(funnel: Funnel) -> None:
    assert funnel.answer(COMMAND, NotToday()) == Say("Not today.")


def test_a_form_keeps_what_was_typed_and_says_what_went_wrong_at_its_first_field(funnel: Funnel) -> None:
    answer = funnel.answer(submission(FORM), NotToday())
    assert answer == FieldErrors({"first": "Not today."})


def test_a_form_without_fields_is_shown_again_with_the_words_on_top_once(funnel: Funnel) -> None:
    answer: Answer = funnel.answer(submission(REVIEW), NotToday())
    for _ in range(3):
        assert isinstance(answer, Show)
        answer = funnel.answer(submission(opened(answer.view)), NotToday())
    assert isinstance(answer, Show)
    assert [block.get("block_id") for block in answer.view["blocks"]].count(NOTICE_BLOCK) == 1
    assert answer.view["private_metadata"] == "draft"
    assert answer.view["blocks"][1:] == REVIEW.raw["blocks"]
    assert check_view(answer.view, where="ack") == []


def test_a_full_view_has_room_for_the_words(funnel: Funnel) -> None:
    full = opened(modal("Full", [section(str(number)) for number in range(100)], "full", "Send"))
    view = with_notice(full, "Not today.")
    assert len(view["blocks"]) == 100
    assert check_view(view, where="ack") == []


@pytest.mark.parametrize(
    "asked",
    [Click(user_id="U1", action_id="report.open"), Shortcut(user_id="U1", callback_id="report.new")],
    ids=["click", "shortcut"],
)
def test_somebody_who_clicked_is_told_from_outside(funnel: Funnel, told: list[tuple[Asked, str]], asked: Asked) -> None:
    assert funnel.answer(asked, NotToday()) == Nothing()
    assert told == [(asked, "Not today.")]


def test_errors_are_logged_by_type_and_place_and_refusals_not_at_all(
    funnel: Funnel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        funnel.note(NotToday())
        assert caplog.text == ""
        with pytest.raises(AttributeError) as caught:
            words(None)  # type: ignore[arg-type]
        funnel.note(caught.value)
    assert place(caught.value).startswith("AttributeError at slack/blocks.py:")
    assert "AttributeError at slack/blocks.py:" in caplog.text
    assert "NoneType" not in caplog.text


def test_a_modal_that_only_says_something_is_one_slack_takes() -> None:
    assert check_view(notice_modal("x" * 5000), where="views.open") == []


def test_when_saving_fails_the_form_says_so_and_still_holds_the_words(community: Stage) -> None:
    community.mona.command("/report")
    community.bot.windows.settle()
    community.mona.fill("What happened", "He followed me home.")
    with community.bot.records.database.begin():  # somebody else is writing, and does not stop
        answer = community.mona.submit()
    assert not answer.ok
    assert "could not save this. Nothing was sent" in answer.text
    assert HELP in answer.text
    assert community.mona.modal is not None
    assert "He followed me home." in community.mona.modal.text
    assert community.mona.submit().ok


def test_an_old_button_says_that_it_no_longer_works(community: Stage) -> None:
    community.mona.send_action("gpbot.never_was")
    community.bot.windows.settle()
    assert "This button no longer works." in "".join(sight.text for sight in community.mona.seen)


def test_what_no_longer_works_is_called_what_it_is() -> None:
    """Whatever people do in Slack: each kind of payload that somebody waits for an answer to."""
    asked = [
        Command(user_id="U1", name="/never"),
        Shortcut(user_id="U1", callback_id="never"),
        Click(user_id="U1", action_id="never"),
    ]
    said = [Outdated(each).words.split(" no longer")[0] for each in asked]
    assert said == ["This command", "This shortcut", "This button"]


def test_an_unknown_command_is_told_that_it_is_one(community: Stage) -> None:
    community.workspace.manifest["features"]["slash_commands"].append({"command": "/never", "description": "x"})
    assert "This command no longer works." in community.mona.command("/never").text + "".join(
        sight.text for sight in community.mona.seen
    )


def test_bolt_does_not_set_the_level_of_gpbots_own_log(community: Stage) -> None:
    community.mona.command("/report")
    assert logging.getLogger("gpbot").level == logging.NOTSET
