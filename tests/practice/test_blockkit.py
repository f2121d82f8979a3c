"""Slack's rules for views and messages: what is let through, and what is refused in which words."""

import json
from typing import Any

import pytest

from gpbot.practice.blockkit import Problem, check_message, check_view, is_too_large

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Words*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(name: str = "One", value: str | None = None, **more: Any) -> Json:
    return {"text": plain(name), "value": value or name.lower(), **more}


def options(number: int) -> list[Json]:
    return [option(f"Option {n}") for n in range(number)]


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Open"), "action_id": "open", **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "words", **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "choice", **more}


def field_for(element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": "field", "label": plain("Label"), "element": element, **more}


def section(**more: Any) -> Json:
    return {"type": "section", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def lines(view: Json, where: str = "views.update") -> list[str]:
    found = [str(problem) for problem in check_view(view, where=where)]
    if found:
        assert found[0] == "[ERROR] failed to match all allowed schemas [json-pointer:/view]"
    return found[1:]


GOOD_BLOCKS = {
    "section": section(text=mrkdwn(), block_id="one"),
    "section with fields": section(fields=[plain(), mrkdwn("x" * 2000)]),
    "section at its length": section(text=mrkdwn("x" * 3000), expand=True),
    "section with a button": section(text=mrkdwn(), accessory=button(value="v" * 2000, style="danger")),
    "section with a link": section(text=mrkdwn(), accessory=button(url="https://example.org/a?b=c")),
    "section with an overflow": section(
        text=mrkdwn(), accessory={"type": "overflow", "action_id": "more", "options": options(5)}
    ),
    "section with a picture": section(
        text=mrkdwn(), accessory={"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A"}
    ),
    "section with several choices": section(
        text=mrkdwn(), accessory={"type": "multi_users_select", "initial_users": ["U1"], "action_id": "u"}
    ),
    "header": {"type": "header", "text": plain("h" * 150)},
    "divider": {"type": "divider"},
    "context": {
        "type": "context",
        "elements": [mrkdwn(), {"type": "image", "image_url": "https://example.org/a", "alt_text": "A"}],
    },
    "actions": actions(button(), select(options=options(100))),
    "confirmed button": actions(
        button(confirm={"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()})
    ),
    "radio buttons": actions(
        {
            "type": "radio_buttons",
            "options": [{**option(), "text": mrkdwn(), "description": mrkdwn()}, option("Two")],
            "initial_option": option("Two"),
        }
    ),
    "grouped select": actions(select(option_groups=[{"label": plain(), "options": options(2)}])),
    "date and time": actions(
        {"type": "datepicker", "initial_date": "2026-11-22"}, {"type": "timepicker", "initial_time": "23:59"}
    ),
    "picture": {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A", "title": plain()},
    "rich text": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hello"}]}],
    },
}

GOOD_INPUTS = {
    "text": text_input(multiline=True, min_length=1, max_length=3000, placeholder=plain("p" * 150)),
    "text with a start": text_input(initial_value="as before", focus_on_load=True),
    "e-mail": {"type": "email_text_input", "action_id": "mail"},
    "address": {"type": "url_text_input", "action_id": "link"},
    "number": {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "initial_value": "2"},
    "users": {"type": "users_select", "initial_user": "U1"},
    "several": {
        "type": "multi_static_select",
        "options": options(3),
        "initial_options": options(2),
        "max_selected_items": 2,
    },
    "checkboxes": {"type": "checkboxes", "options": options(10), "initial_options": [option("Option 3")]},
    "moment": {"type": "datetimepicker", "initial_date_time": 1_795_000_000},
    "channels": {
        "type": "conversations_select",
        "filter": {"include": ["public"], "exclude_bot_users": True},
        "response_url_enabled": True,
    },
}


@pytest.mark.parametrize("block", GOOD_BLOCKS.values(), ids=GOOD_BLOCKS)
def test_a_good_block_is_taken_by_every_surface(block: Json) -> None:
    assert check_view(modal(block), where="views.open") == []
    assert check_view(home(block), where="views.publish") == []
    assert check_message({"blocks": [block]}) == []
    assert check_message({"blocks": json.dumps([block])}) == []


@pytest.mark.parametrize("element", GOOD_INPUTS.values(), ids=GOOD_INPUTS)
def test_a_good_input_is_taken_by_a_modal_and_in_a_home(element: Json) -> None:
    block = field_for(element, hint=plain("h" * 2000), optional=True, dispatch_action=True)
    assert check_view(modal(block), where="views.push") == []
    assert check_view(home(block), where="views.publish") == []


# Each refused block, with the pointer below the block and the words.
BAD_BLOCKS: dict[str, tuple[Json, str, str]] = {
    "unknown block": ({"type": "sections"}, "/type", "unsupported type: sections"),
    "no type": ({"text": plain()}, "", "missing required field: type"),
    "a type that is no word": ({"type": 5}, "/type", "must provide a string"),
    "unknown key": (
        {"type": "divider", "colour": "red"},
        "",
        "invalid additional property: colour",
    ),
    "long block id": (
        {"type": "divider", "block_id": "b" * 256},
        "/block_id",
        "must be less than 256 characters",
    ),
    "empty section": (section(), "", "must define either `text` or `fields`"),
    "empty text": (section(text=mrkdwn("")), "/text/text", "must be more than 0 characters"),
    "long section": (section(text=mrkdwn("x" * 3001)), "/text/text", "must be less than 3001 characters"),
    "bare string": (section(text="words"), "/text", "must provide an object"),
    "unknown text": (
        section(text={"type": "markdown", "text": "a"}),
        "/text/type",
        "unsupported type: markdown",
    ),
    "emoji in mrkdwn": (
        section(text={**mrkdwn(), "emoji": True}),
        "/text",
        "invalid additional property: emoji",
    ),
    "verbatim in plain text": (
        section(text={**plain(), "verbatim": True}),
        "/text",
        "invalid additional property: verbatim",
    ),
    "long field": (
        section(fields=[mrkdwn("x" * 2001)]),
        "/fields/0/text",
        "must be less than 2001 characters",
    ),
    "eleven fields": (section(fields=[mrkdwn()] * 11), "/fields", "no more than 10 items allowed"),
    "no fields": (section(text=mrkdwn(), fields=[]), "/fields", "no less than 1 items allowed"),
    "long header": (
        {"type": "header", "text": plain("x" * 151)},
        "/text/text",
        "must be less than 151 characters",
    ),
    "mrkdwn header": ({"type": "header", "text": mrkdwn()}, "/text/type", "unsupported type: mrkdwn"),
    "eleven in context": (
        {"type": "context", "elements": [plain()] * 11},
        "/elements",
        "no more than 10 items allowed",
    ),
    "button in context": (
        {"type": "context", "elements": [button()]},
        "/elements/0/type",
        "unsupported type: button",
    ),
    "no actions": (actions(), "/elements", "no less than 1 items allowed"),
    "twenty-six actions": (
        actions(*(button(action_id=str(n)) for n in range(26))),
        "/elements",
        "no more than 25 items allowed",
    ),
    "two buttons of one name": (
        actions(button(), button()),
        "/elements/1/action_id",
        "`action_id` already exists: open",
    ),
    "text input among actions": (
        actions(text_input()),
        "/elements/0/type",
        "unsupported type: plain_text_input",
    ),
    "multi-select among actions": (
        actions({"type": "multi_static_select", "options": options(1)}),
        "/elements/0/type",
        "unsupported type: multi_static_select",
    ),
    "unknown element": (actions({"type": "slider"}), "/elements/0/type", "unsupported type: slider"),
    "input beside a section": (
        section(text=mrkdwn(), accessory=text_input()),
        "/accessory/type",
        "unsupported type: plain_text_input",
    ),
    "button of 76": (
        actions(button(text=plain("x" * 76))),
        "/elements/0/text/text",
        "must be less than 76 characters",
    ),
    "mrkdwn button": (actions(button(text=mrkdwn())), "/elements/0/text/type", "unsupported type: mrkdwn"),
    "button value of 2001": (
        actions(button(value="v" * 2001)),
        "/elements/0/value",
        "must be less than 2001 characters",
    ),
    "number as a value": (actions(button(value=7)), "/elements/0/value", "must provide a string"),
    "button without words": (
        actions({"type": "button", "action_id": "a"}),
        "/elements/0",
        "missing required field: text",
    ),
    "default style": (
        actions(button(style="default")),
        "/elements/0/style",
        "must be one of: primary, danger",
    ),
    "long action id": (
        actions(button(action_id="a" * 256)),
        "/elements/0/action_id",
        "must be less than 256 characters",
    ),
    "long link": (
        actions(button(url="https://example.org/" + "x" * 3000)),
        "/elements/0/url",
        "must be less than 3001 characters",
    ),
    "link that is none": (actions(button(url="example.org")), "/elements/0/url", "must be a valid URL"),
    "long question": (
        actions(button(confirm={"title": plain("t" * 101), "text": plain(), "confirm": plain(), "deny": plain()})),
        "/elements/0/confirm/title/text",
        "must be less than 101 characters",
    ),
    "question without an answer": (
        actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain()})),
        "/elements/0/confirm",
        "missing required field: deny",
    ),
    "six in an overflow": (
        section(text=mrkdwn(), accessory={"type": "overflow", "options": options(6)}),
        "/accessory/options",
        "no more than 5 items allowed",
    ),
    "101 options": (
        actions(select(options=options(101))),
        "/elements/0/options",
        "no more than 100 items allowed",
    ),
    "no options": (actions(select(options=[])), "/elements/0/options", "no less than 1 items allowed"),
    "neither options nor groups": (actions(select()), "/elements/0", "missing required field: options"),
    "options and groups": (
        actions(select(options=options(1), option_groups=[{"label": plain(), "options": options(1)}])),
        "/elements/0",
        "must define either `options` or `option_groups`, not both",
    ),
    "long option": (
        actions(select(options=[option("x" * 76, "v")])),
        "/elements/0/options/0/text/text",
        "must be less than 76 characters",
    ),
    "long option value": (
        actions(select(options=[option("One", "v" * 151)])),
        "/elements/0/options/0/value",
        "must be less than 151 characters",
    ),
    "mrkdwn option in a select": (
        actions(select(options=[{"text": mrkdwn(), "value": "v"}])),
        "/elements/0/options/0/text/type",
        "unsupported type: mrkdwn",
    ),
    "link in a select": (
        actions(select(options=[option(url="https://example.org")])),
        "/elements/0/options/0",
        "invalid additional property: url",
    ),
    "eleven radio buttons": (
        actions({"type": "radio_buttons", "options": options(11)}),
        "/elements/0/options",
        "no more than 10 items allowed",
    ),
    "eleven checkboxes": (
        actions({"type": "checkboxes", "options": options(11)}),
        "/elements/0/options",
        "no more than 10 items allowed",
    ),
    "a start that is not offered": (
        actions(select(options=options(2), initial_option=option("Another"))),
        "/elements/0/initial_option",
        "must match one of the options exactly",
    ),
    "a start that differs in its description": (
        actions(
            {
                "type": "checkboxes",
                "options": [option(description=plain("new"))],
                "initial_options": [option(description=plain("old"))],
            }
        ),
        "/elements/0/initial_options/0",
        "must match one of the options exactly",
    ),
    "no start at all": (
        actions({"type": "checkboxes", "options": options(1), "initial_options": []}),
        "/elements/0/initial_options",
        "no less than 1 items allowed",
    ),
    "long placeholder": (
        actions(select(options=options(1), placeholder=plain("p" * 151))),
        "/elements/0/placeholder/text",
        "must be less than 151 characters",
    ),
    "a thirteenth month": (
        actions({"type": "datepicker", "initial_date": "2026-13-01"}),
        "/elements/0/initial_date",
        "must be a date: YYYY-MM-DD",
    ),
    "unknown word in rich text": (
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "image"}]}]},
        "/elements/0/elements/0/type",
        "unsupported type: image",
    ),
    "mention of nobody in rich text": (
        {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{"type": "user"}]}]},
        "/elements/0/elements/0",
        "missing required field: user_id",
    ),
    "picture without words": (
        {"type": "image", "image_url": "https://example.org/a.png"},
        "",
        "missing required field: alt_text",
    ),
    "picture without a source": (
        {"type": "image", "alt_text": "A"},
        "",
        "must define either `image_url` or `slack_file`",
    ),
}


@pytest.mark.parametrize(("block", "pointer", "words"), BAD_BLOCKS.values(), ids=BAD_BLOCKS)
def test_a_bad_block_is_refused_with_its_place_and_slacks_words(block: Json, pointer: str, words: str) -> None:
    assert lines(modal({"type": "divider"}, block)) == [f"[ERROR] {words} [json-pointer:/view/blocks/1{pointer}]"]
    assert check_message({"blocks": [block]}) == [Problem(f"/blocks/0{pointer}", words)]


BAD_INPUTS: dict[str, tuple[Json, str, str]] = {
    "button": (button(), "/element/type", "unsupported type: button"),
    "max_length of 3001": (text_input(max_length=3001), "/element/max_length", "must be less than 3001"),
    "max_length of 0": (text_input(max_length=0), "/element/max_length", "must be greater than 0"),
    "max_length in words": (text_input(max_length="many"), "/element/max_length", "must provide an integer"),
    "min over max": (text_input(min_length=5, max_length=4), "/element/min_length", "must be less than 5"),
    "start over max": (
        text_input(max_length=2, initial_value="abc"),
        "/element/initial_value",
        "must be less than 3 characters",
    ),
    "multiline in words": (text_input(multiline="yes"), "/element/multiline", "must provide a boolean"),
    "unknown key": (text_input(value="x"), "/element", "invalid additional property: value"),
    "unknown trigger": (
        text_input(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        "/element/dispatch_action_config/trigger_actions_on/0",
        "must be one of: on_enter_pressed, on_character_entered",
    ),
    "number without its kind": (
        {"type": "number_input"},
        "/element",
        "missing required field: is_decimal_allowed",
    ),
    "more chosen than may be": (
        {
            "type": "multi_static_select",
            "options": options(3),
            "initial_options": options(2),
            "max_selected_items": 1,
        },
        "/element/initial_options",
        "no more than 1 items allowed",
    ),
}


@pytest.mark.parametrize(("element", "pointer", "words"), BAD_INPUTS.values(), ids=BAD_INPUTS)
def test_a_bad_input_is_refused_with_its_place_and_slacks_words(element: Json, pointer: str, words: str) -> None:
    assert lines(modal(field_for(element))) == [f"[ERROR] {words} [json-pointer:/view/blocks/0{pointer}]"]


BAD_VIEWS: dict[str, tuple[Json, str, str]] = {
    "no type": ({"blocks": []}, "/view", "missing required field: type"),
    "unknown type": ({"type": "dialog"}, "/view/type", "unsupported type: dialog"),
    "no title": ({"type": "modal", "blocks": []}, "/view", "missing required field: title"),
    "no blocks": ({"type": "modal", "title": plain()}, "/view", "missing required field: blocks"),
    "long title": (modal(title=plain("t" * 25)), "/view/title/text", "must be less than 25 characters"),
    "long submit": (modal(submit=plain("t" * 25)), "/view/submit/text", "must be less than 25 characters"),
    "long close": (modal(close=plain("t" * 25)), "/view/close/text", "must be less than 25 characters"),
    "null submit": (modal(submit=None), "/view/submit", "must provide an object"),
    "mrkdwn title": (modal(title=mrkdwn()), "/view/title/type", "unsupported type: mrkdwn"),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "/view/blocks", "no more than 100 items allowed"),
    "long callback": (modal(callback_id="c" * 256), "/view/callback_id", "must be less than 256 characters"),
    "long metadata": (
        modal(private_metadata="m" * 3001),
        "/view/private_metadata",
        "must be less than 3001 characters",
    ),
    "id given back": (modal(id="V1"), "/view", "invalid additional property: id"),
    "input without submit": (
        {"type": "modal", "title": plain(), "blocks": [field_for(text_input())]},
        "/view",
        "missing required field: submit",
    ),
    "home with a title": (home(title=plain()), "/view", "invalid additional property: title"),
    "home with submit": (home(submit=plain()), "/view", "invalid additional property: submit"),
    "one block id twice": (
        modal({"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}),
        "/view/blocks/1/block_id",
        "`block_id` already exists: b",
    ),
    "markdown in a modal": (
        modal({"type": "markdown", "text": "# Words"}),
        "/view/blocks/0/type",
        "unsupported type: markdown",
    ),
    "two with the focus": (
        modal(
            field_for(text_input(focus_on_load=True), block_id="one"),
            field_for(text_input(focus_on_load=True), block_id="two"),
        ),
        "/view/blocks/1/element/focus_on_load",
        "only one element may set `focus_on_load`",
    ),
}


@pytest.mark.parametrize(("view", "pointer", "words"), BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_a_bad_view_is_refused_with_its_place_and_slacks_words(view: Json, pointer: str, words: str) -> None:
    assert lines(view) == [f"[ERROR] {words} [json-pointer:{pointer}]"]


def test_every_limit_of_a_view_may_be_reached() -> None:
    limits = modal(
        *({"type": "divider"} for _ in range(100)),
        title=plain("t" * 24),
        submit=plain("s" * 24),
        close=plain("c" * 24),
        callback_id="c" * 255,
        private_metadata="m" * 3000,
        clear_on_close=True,
        notify_on_close=True,
    )
    assert check_view(limits, where="views.open") == []


@pytest.mark.parametrize(
    ("view", "where"),
    [
        (home(), "views.open"),
        (home(), "views.push"),
        (home(), "ack"),
        (modal(), "views.publish"),
    ],
)
def test_a_view_of_the_wrong_kind_is_refused_where_it_was_sent(view: Json, where: str) -> None:
    assert lines(view, where) == [f"[ERROR] unsupported type: {view['type']} [json-pointer:/view/type]"]


def test_two_blocks_may_use_one_action_id() -> None:
    rows = [section(text=mrkdwn(), accessory=button(value=str(n))) for n in range(3)]
    assert check_view(home(*rows), where="views.publish") == []


def test_a_message_holds_fifty_blocks() -> None:
    assert check_message({"blocks": [{"type": "divider"}] * 50}) == []
    assert [str(problem) for problem in check_message({"blocks": [{"type": "divider"}] * 51})] == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_a_message_without_blocks_has_nothing_to_refuse() -> None:
    assert check_message({"text": "hello"}) == []


def test_blocks_that_are_no_json_are_refused() -> None:
    assert check_message({"blocks": "[{"}) == [Problem("/blocks", "must be a valid JSON array")]
    assert check_message({"blocks": {"type": "divider"}}) == [Problem("/blocks", "must provide an array")]


def test_a_view_over_250_kilobytes_is_too_large() -> None:
    row = section(text=mrkdwn("é" * 1300))
    assert not is_too_large(modal(*[row] * 90))
    heavy = modal(*[row] * 100)
    assert is_too_large(heavy)
    assert len(check_view(heavy, where="views.open")) == 2


def test_the_errors_list_says_the_same_without_the_level() -> None:
    assert Problem("/blocks/1", "no").line == "no [json-pointer:/blocks/1]"
