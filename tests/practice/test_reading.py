"""What a person reads and can press, and what Slack sends for it."""

from dataclasses import dataclass
from typing import Any

import pytest

from gpbot.practice.reading import action_payload, controls, option_named, read_mrkdwn, render, state_of

Json = dict[str, Any]

NAMES = {"U1": "amina", "U2": "ben", "C1": "general"}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(name: str, **more: Any) -> Json:
    return {"text": plain(name), "value": name.lower(), **more}


def field_for(element: Json, label: str = "Label", block_id: str = "b", **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "a", **element},
        **more,
    }


OPEN = {"type": "button", "action_id": "open", "text": plain("Open"), "value": "r1", "style": "primary"}
MORE = {"type": "overflow", "action_id": "more", "options": [option("Edit"), option("Delete")]}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hello <@U1>", "hello @amina"),
        ("<@U1|old name>", "@amina"),
        ("<@U9>", "@U9"),
        ("<#C1> and <#C2|random>", "#general and #random"),
        ("<https://example.org/a|the page>", "the page (https://example.org/a)"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<!channel> <!here>", "@channel @here"),
        ("<!subteam^S1|@champions>", "@champions"),
        ("<!date^1795000000^{date}|20 November>", "20 November"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&lt;@U1&gt; &amp;lt;", "<@U1> &lt;"),
        ("*bold* _slanted_ `code`", "*bold* _slanted_ `code`"),
    ],
)
def test_markup_is_read_as_slack_shows_it(written: str, read: str) -> None:
    assert read_mrkdwn(written, NAMES) == read


def test_plain_text_is_shown_letter_for_letter() -> None:
    blocks = [{"type": "section", "text": plain("<@U1> said *no* &lt;")}]
    assert render(blocks, NAMES) == "<@U1> said *no* &lt;"


def test_a_screen_reads_from_top_to_bottom() -> None:
    blocks: list[Json] = [
        {"type": "header", "text": plain("Reports")},
        {"type": "section", "text": mrkdwn("From <@U1>"), "accessory": OPEN},
        {"type": "section", "fields": [mrkdwn("Filed"), mrkdwn("today")], "accessory": MORE},
        {"type": "divider"},
        {
            "type": "context",
            "elements": [
                {"type": "image", "image_url": "https://example.org/a", "alt_text": "lock"},
                mrkdwn("Only you see this"),
            ],
        },
        {
            "type": "actions",
            "elements": [OPEN, {**OPEN, "text": plain("Guide"), "url": "https://example.org"}],
        },
        {"type": "image", "image_url": "https://example.org/a", "alt_text": "A map", "title": plain("Here")},
    ]
    assert render(blocks, NAMES).splitlines() == [
        "Reports",
        "From @amina  [ Open ]",
        "Filed",
        "today",
        "[ Edit ] [ Delete ]",
        "———",
        "(lock) Only you see this",
        "[ Open ]  [ Guide ] (https://example.org)",
        "Here",
        "(A map)",
    ]


def test_a_form_reads_as_labels_and_answers() -> None:
    answers = [option("Yes", description=plain("of course")), option("No")]
    blocks = [
        field_for({"type": "plain_text_input", "placeholder": plain("In your words")}, "What happened", "1"),
        field_for({"type": "plain_text_input", "initial_value": "Tuesday"}, "When", "2", hint=plain("About")),
        field_for({"type": "users_select", "initial_user": "U2"}, "Who", "3", optional=True),
        field_for({"type": "radio_buttons", "options": answers, "initial_option": answers[1]}, "Well?", "4"),
        field_for({"type": "checkboxes", "options": answers, "initial_options": answers[:1]}, "All", "5"),
        field_for({"type": "static_select", "options": answers}, "Pick", "6"),
    ]
    filled = {("6", "a"): "Yes"}
    assert render(blocks, NAMES, filled=filled).splitlines() == [
        "What happened: (In your words)",
        "When: Tuesday",
        "About",
        "Who (optional): @ben",
        "Well?:",
        "○ Yes — of course",
        "◉ No",
        "All:",
        "☑ Yes — of course",
        "☐ No",
        "Pick: Yes",
    ]


def test_what_a_person_typed_reads_as_they_typed_it() -> None:
    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "user", "user_id": "U1"},
            {"type": "text", "text": " see "},
            {"type": "link", "url": "https://example.org", "text": "this"},
            {"type": "emoji", "name": "tada"},
        ],
    }
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]}
    rich = {
        "type": "rich_text",
        "elements": [section, {"type": "rich_text_list", "style": "bullet", "elements": [item]}, quote],
    }
    assert render([rich], NAMES) == "@amina see this (https://example.org):tada:\n• one\n> said"


def test_controls_are_found_by_the_words_a_person_sees() -> None:
    pick = {"type": "users_select", "action_id": "pick", "placeholder": plain("Somebody")}
    blocks: list[Json] = [
        {"type": "section", "block_id": "s", "text": mrkdwn("Case 7"), "accessory": MORE},
        {"type": "section", "block_id": "t", "text": mrkdwn("Who leads"), "accessory": pick},
        {"type": "actions", "block_id": "x", "elements": [OPEN, pick]},
        field_for({"type": "plain_text_input"}, "What happened", "f", dispatch_action=True),
        {"type": "context", "elements": [mrkdwn("nothing to press")]},
    ]
    found = controls(blocks)
    assert [(control.kind, control.words, control.key) for control in found] == [
        ("overflow", "Edit", ("s", "more")),
        ("overflow", "Delete", ("s", "more")),
        ("users_select", "Who leads", ("t", "pick")),
        ("button", "Open", ("x", "open")),
        ("users_select", "Somebody", ("x", "pick")),
        ("plain_text_input", "What happened", ("f", "a")),
    ]
    assert all(control.dispatches for control in found)
    assert [control.required for control in found] == [False] * 5 + [True]


def test_an_input_waits_for_the_submit_button_unless_it_says_otherwise() -> None:
    (control,) = controls([field_for({"type": "plain_text_input"}, optional=True)])
    assert not control.dispatches
    assert not control.required


def test_an_option_is_found_by_how_it_begins() -> None:
    (control,) = controls(
        [field_for({"type": "static_select", "options": [option("Ben"), option("Benedict"), option("Cy")]})]
    )
    assert option_named(control, "cy")["value"] == "cy"
    assert option_named(control, "Ben")["value"] == "ben"
    assert option_named(control, "bened")["value"] == "benedict"


def test_an_option_that_is_not_there_is_answered_with_those_that_are() -> None:
    groups = [{"label": plain("People"), "options": [option("Ben"), option("Beth")]}]
    (control,) = controls([field_for({"type": "static_select", "option_groups": groups}, "Who")])
    with pytest.raises(LookupError, match="no option begins with “Dan” in “Who”; there is “Ben”, “Beth”"):
        option_named(control, "Dan")
    with pytest.raises(LookupError, match="several options begin with “Be”"):
        option_named(control, "Be")


UNTOUCHED = {
    "plain_text_input": {"value": None},
    "email_text_input": {"value": None},
    "url_text_input": {"value": None},
    "number_input": {"value": None},
    "rich_text_input": {"rich_text_value": None},
    "static_select": {"selected_option": None},
    "external_select": {"selected_option": None},
    "radio_buttons": {"selected_option": None},
    "checkboxes": {"selected_options": []},
    "multi_static_select": {"selected_options": []},
    "users_select": {"selected_user": None},
    "multi_users_select": {"selected_users": []},
    "conversations_select": {"selected_conversation": None},
    "multi_conversations_select": {"selected_conversations": []},
    "channels_select": {"selected_channel": None},
    "multi_channels_select": {"selected_channels": []},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None},
    "datetimepicker": {"selected_date_time": None},
    "file_input": {"files": []},
}


@pytest.mark.parametrize(("kind", "answer"), UNTOUCHED.items())
def test_an_untouched_field_is_sent_empty_with_its_type(kind: str, answer: Json) -> None:
    view = {"blocks": [field_for({"type": kind})]}
    assert state_of(view, {}) == {"b": {"a": {"type": kind, **answer}}}


def test_a_preset_answer_is_sent_until_somebody_changes_it() -> None:
    view = {"blocks": [field_for({"type": "plain_text_input", "initial_value": "as before"})]}
    assert state_of(view, {})["b"]["a"]["value"] == "as before"
    assert state_of(view, {("b", "a"): "now"})["b"]["a"]["value"] == "now"
    assert state_of(view, {("b", "a"): ""})["b"]["a"]["value"] is None


def test_choices_outside_input_blocks_are_state_and_buttons_are_not() -> None:
    yes = option("Yes")
    box = {"type": "checkboxes", "action_id": "box", "options": [yes], "initial_options": [yes]}
    view = {
        "blocks": [
            {"type": "actions", "block_id": "x", "elements": [OPEN, box]},
            {"type": "section", "block_id": "s", "text": mrkdwn("Case"), "accessory": MORE},
        ]
    }
    assert state_of(view, {}) == {"x": {"box": {"type": "checkboxes", "selected_options": [yes]}}}


@dataclass(frozen=True)
class Somebody:
    id: str


def test_answers_may_be_given_as_words_values_options_ids_or_people() -> None:
    yes, no = option("Yes"), option("No")
    view = {
        "blocks": [
            field_for({"type": "static_select", "options": [yes, no]}, block_id="1"),
            field_for({"type": "checkboxes", "options": [yes, no]}, block_id="2"),
            field_for({"type": "users_select"}, block_id="3"),
            field_for({"type": "multi_users_select"}, block_id="4"),
            field_for({"type": "number_input", "is_decimal_allowed": False}, block_id="5"),
        ]
    }
    filled = {
        ("1", "a"): "Ye",
        ("2", "a"): [no, "yes"],
        ("3", "a"): Somebody("U1"),
        ("4", "a"): [Somebody("U1"), "U2"],
        ("5", "a"): 7,
    }
    values = state_of(view, filled)
    assert values["1"]["a"]["selected_option"] == yes
    assert values["2"]["a"]["selected_options"] == [no, yes]
    assert values["3"]["a"]["selected_user"] == "U1"
    assert values["4"]["a"]["selected_users"] == ["U1", "U2"]
    assert values["5"]["a"]["value"] == "7"


def test_a_state_is_never_shared_with_the_next() -> None:
    view = {"blocks": [field_for({"type": "multi_users_select", "initial_users": ["U1"]})]}
    state_of(view, {})["b"]["a"]["selected_users"].append("U2")
    assert state_of(view, {})["b"]["a"]["selected_users"] == ["U1"]


def test_a_pressed_button_is_sent_with_its_words_and_value() -> None:
    (control,) = controls([{"type": "actions", "block_id": "x", "elements": [OPEN]}])
    assert action_payload(control, action_ts="1.2") == {
        "type": "button",
        "action_id": "open",
        "block_id": "x",
        "text": plain("Open"),
        "value": "r1",
        "style": "primary",
        "action_ts": "1.2",
    }


def test_an_overflow_option_is_sent_as_the_one_chosen() -> None:
    _, delete = controls([{"type": "section", "block_id": "s", "text": mrkdwn("Case"), "accessory": MORE}])
    assert action_payload(delete) == {
        "type": "overflow",
        "action_id": "more",
        "block_id": "s",
        "selected_option": option("Delete"),
    }


def test_a_choice_made_outside_a_form_is_sent_with_what_it_was_preset_to() -> None:
    yes, no = option("Yes"), option("No")
    pick = {
        "type": "static_select",
        "action_id": "p",
        "options": [yes, no],
        "initial_option": yes,
        "placeholder": plain("Pick"),
    }
    (control,) = controls([{"type": "actions", "block_id": "x", "elements": [pick]}])
    assert action_payload(control, "No") == {
        "type": "static_select",
        "action_id": "p",
        "block_id": "x",
        "initial_option": yes,
        "placeholder": plain("Pick"),
        "selected_option": no,
    }


def test_a_dispatching_text_field_is_sent_with_what_was_typed() -> None:
    (control,) = controls([field_for({"type": "plain_text_input", "initial_value": "a"}, dispatch_action=True)])
    assert action_payload(control, "abc") == {
        "type": "plain_text_input",
        "action_id": "a",
        "block_id": "b",
        "value": "abc",
    }
