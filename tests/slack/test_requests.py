"""What arrives is read into records; what is cut short is refused by the name of what is missing."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpbot.slack.requests import BadPayload, Click, Command, Event, Form, Shortcut, Submission

CANARY = "canary words"
HALF = "\ud83d"  # of an emoji
VIEW: dict[str, Any] = {
    "id": "V1",
    "root_view_id": "V0",
    "hash": "1.h",
    "type": "modal",
    "callback_id": "form",
    "private_metadata": "draft",
    "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": CANARY}}}},
    "blocks": [{"type": "section"}, {"type": "input", "block_id": "b"}],
}
USER = {"user": {"id": "U1"}}
WHOLE: dict[str, tuple[Callable[[dict[str, Any]], object], dict[str, Any], set[str]]] = {
    "command": (Command.read, {"user_id": "U1", "command": "/report", "text": CANARY}, {"user_id", "command"}),
    "click": (
        Click.read,
        {**USER, "actions": [{"action_id": "report.open", "value": CANARY}], "view": VIEW},
        {"user", "actions"},
    ),
    "submission": (Submission.read, {**USER, "view": VIEW}, {"user", "view"}),
    "shortcut": (Shortcut.read, {**USER, "callback_id": "report.new"}, {"user", "callback_id"}),
    "event": (Event.read, {"event": {"type": "message", "text": CANARY}, "event_id": "Ev1"}, {"event", "event_id"}),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "user id view actions action_id callback_id event type state values blocks message".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_whole_is_read(kind: str) -> None:
    read, body, _ = WHOLE[kind]
    assert read(body)


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_cut_short_is_refused_by_the_missing_name_and_no_value(kind: str) -> None:
    read, body, needed = WHOLE[kind]
    for key in body:
        rest = {name: value for name, value in body.items() if name != key}
        if key not in needed:
            read(rest)
            continue
        with pytest.raises(BadPayload) as refused:
            read(rest)
        assert CANARY not in str(refused.value)
        assert str(refused.value) in {key, "id"}


@settings(deadline=None)
@given(JSON)
def test_whatever_comes_is_read_or_refused_and_never_an_accident(body: Any) -> None:
    for read, _, _ in WHOLE.values():
        try:
            read(body if isinstance(body, dict) else {"event": body, "view": body, "actions": body, **USER})
        except BadPayload:
            continue


@pytest.mark.parametrize("kind", WHOLE)
def test_no_record_shows_what_people_wrote(kind: str) -> None:
    read, body, _ = WHOLE[kind]
    if kind != "event":
        assert CANARY not in repr(read(body))


def test_who_acts_is_who_slack_says_acts_and_not_what_the_view_says() -> None:
    asked = Submission.read({**USER, "view": {**VIEW, "private_metadata": "U2", "user_id": "U2"}})
    assert asked.user_id == "U1"


def test_a_view_knows_its_root_its_fields_and_its_words() -> None:
    view = Submission.read({**USER, "view": VIEW}).view
    assert (view.view_id, view.root_view_id, view.hash, view.private_metadata) == ("V1", "V0", "1.h", "draft")
    assert view.input_blocks() == ("b",)
    assert view.form.text("b", "a") == CANARY
    assert not view.is_home


def test_a_field_that_is_not_there_gives_the_empty_answer() -> None:
    form = Form({"b": {"a": None, "c": {"selected_option": None, "selected_options": None, "selected_users": None}}})
    for action in ("a", "c", "never"):
        assert form.text("b", action) == ""
        assert form.choice("b", action) is None
        assert form.choices("b", action) == ()
        assert form.people("b", action) == ()


def test_a_click_says_what_was_chosen() -> None:
    def chosen(**action: Any) -> Click:
        return Click.read({**USER, "actions": [{"action_id": "a", **action}]})

    assert chosen(value="v").value == "v"
    assert chosen(selected_option={"value": "v"}).value == "v"
    assert chosen(selected_options=[{"value": "v"}, {"value": "w"}]).values == ("v", "w")
    assert chosen(selected_users=["U2", "U3"]).values == ("U2", "U3")


def test_a_message_shortcut_may_have_a_message_of_nobody_and_without_text() -> None:
    asked = Shortcut.read({**USER, "callback_id": "c", "channel": {"id": "C1"}, "message": {"type": "message"}})
    assert (asked.message, asked.channel_id) == ({"type": "message"}, "C1")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (f"a{HALF}b", "a\ufffdb"),
        (f"{HALF}\ude00", "\U0001f600"),
        ("a\0b", "ab"),
        ("\ufeff\0\u202eü \U0001f469\u200d\U0001f467", "\ufeff\u202eü \U0001f469\u200d\U0001f467"),
    ],
    ids=["half", "two halves", "nul", "whole"],
)
def test_what_was_typed_can_be_stored_and_shown_whatever_it_holds(typed: str, read: str) -> None:
    assert Form({"b": {"a": {"value": typed}}}).text("b", "a") == read
