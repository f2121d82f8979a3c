"""Block Kit's rules: what Slack refuses in a view or in a message's blocks, and in which words."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

VIEW_BLOCKS = 100
MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 12_000
VIEW_BYTES = 250_000

_MAX_TEXT = 3000
_MAX_ID = 255
_MAX_URL = 3000

Rule = Callable[["_Walk", Any, str], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing Slack would refuse; `str()` is a line of `response_metadata.messages`."""

    pointer: str
    message: str

    @property
    def line(self) -> str:
        """The same without `[ERROR]`, as in the `errors` list of `invalid_blocks`."""
        return f"{self.message} [json-pointer:{self.pointer}]"

    def __str__(self) -> str:
        return f"[ERROR] {self.line}"


def check_view(view: Mapping[str, Any], *, where: str) -> list[Problem]:
    """Everything Slack would refuse in this view, in reading order; empty when it is good.

    `where` is the method or place it was sent to: `views.publish` takes a Home only; `views.open`,
    `views.push` and `ack` take a modal only; anything else takes either. Pointers start at `/view`.
    """
    kind = view.get("type")
    walk = _Walk(surface=str(kind))
    if kind is None:
        walk.refuse("/view", "missing required field: type")
    elif kind not in _KINDS_TAKEN.get(where, ("modal", "home")):
        walk.refuse("/view/type", f"unsupported type: {kind}")
    else:
        _VIEWS[kind](walk, view, "/view")
        walk.refuse_repeated_block_ids()
        if is_too_large(view):
            walk.refuse("/view", f"must be less than {VIEW_BYTES + 1} bytes")
        if kind == "modal" and "submit" not in view and walk.has_input:
            walk.refuse("/view", "missing required field: submit")
    if not walk.problems:
        return []
    return [Problem("/view", "failed to match all allowed schemas"), *walk.problems]


def check_message(args: Mapping[str, Any]) -> list[Problem]:
    """Everything Slack would refuse in the `blocks` of a chat method's arguments (a list, or JSON text)."""
    blocks = args.get("blocks")
    if blocks is None or blocks == "":
        return []
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError:
            return [Problem("/blocks", "must be a valid JSON array")]
    walk = _Walk(surface="message")
    _items(_block, most=MESSAGE_BLOCKS, least=0)(walk, blocks, "/blocks")
    walk.refuse_repeated_block_ids()
    return walk.problems


def is_too_long(blocks: Sequence[Any]) -> bool:
    """Whether the texts in a message's blocks have more than 12,000 characters together."""
    return _length(blocks) > MESSAGE_TEXT


def _length(part: Any) -> int:
    if isinstance(part, Mapping):
        own = part.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(_length, part.values()))
    return sum(map(_length, part)) if isinstance(part, list | tuple) else 0


def is_too_large(view: Mapping[str, Any]) -> bool:
    """Whether the view is over 250 KB, which the views methods answer with `view_too_large`."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()) > VIEW_BYTES


_KINDS_TAKEN = {
    "views.publish": ("home",),
    "views.open": ("modal",),
    "views.push": ("modal",),
    "ack": ("modal",),
}


@dataclass(slots=True)
class _Walk:
    """What was found so far on the way through one surface."""

    surface: str
    problems: list[Problem] = field(default_factory=list)
    block_ids: list[tuple[str, str]] = field(default_factory=list)
    focused: str | None = None
    has_input: bool = False

    def refuse(self, pointer: str, message: str) -> None:
        self.problems.append(Problem(pointer, message))

    def refuse_repeated_block_ids(self) -> None:
        self.refuse_repeated("block_id", self.block_ids)

    def refuse_repeated(self, name: str, found: Sequence[tuple[str, str]]) -> None:
        known: set[str] = set()
        for value, pointer in found:
            if value in known:
                self.refuse(pointer, f"`{name}` already exists: {value}")
            known.add(value)


# --- the smallest things -------------------------------------------------------------------------------


def _string(most: int = _MAX_TEXT, least: int = 1, pattern: str | None = None, says: str = "") -> Rule:
    shape = re.compile(pattern) if pattern else None

    def rule(walk: _Walk, value: Any, at: str) -> None:
        if not isinstance(value, str):
            walk.refuse(at, "must provide a string")
        elif len(value) > most:
            walk.refuse(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            walk.refuse(at, f"must be more than {least - 1} characters")
        elif shape and not shape.fullmatch(value):
            walk.refuse(at, says)

    return rule


def _whole(least: int, most: int) -> Rule:
    def rule(walk: _Walk, value: Any, at: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            walk.refuse(at, "must provide an integer")
        elif value < least:
            walk.refuse(at, f"must be greater than {least - 1}")
        elif value > most:
            walk.refuse(at, f"must be less than {most + 1}")

    return rule


def _one_of(*allowed: str) -> Rule:
    def rule(walk: _Walk, value: Any, at: str) -> None:
        if value not in allowed:
            walk.refuse(at, f"must be one of: {', '.join(allowed)}")

    return rule


def _bool(walk: _Walk, value: Any, at: str) -> None:
    if not isinstance(value, bool):
        walk.refuse(at, "must provide a boolean")


def _items(rule: Rule, *, most: int, least: int = 1) -> Rule:
    def each(walk: _Walk, value: Any, at: str) -> None:
        if not isinstance(value, list | tuple):
            walk.refuse(at, "must provide an array")
            return
        if len(value) > most:
            walk.refuse(at, f"no more than {most} items allowed")
        if len(value) < least:
            walk.refuse(at, f"no less than {least} items allowed")
        for number, item in enumerate(value):
            rule(walk, item, f"{at}/{number}")

    return each


def _object(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    keys = {**required, **(optional or {})}

    def rule(walk: _Walk, value: Any, at: str) -> None:
        if not isinstance(value, Mapping):
            walk.refuse(at, "must provide an object")
            return
        for name in required:
            if value.get(name) is None:
                walk.refuse(at, f"missing required field: {name}")
        for name, part in value.items():
            if name not in keys:
                walk.refuse(at, f"invalid additional property: {name}")
            elif part is not None or name not in required:
                keys[name](walk, part, f"{at}/{name}")

    return rule


def _kind(walk: _Walk, value: Any, at: str) -> str | None:
    """The `type` of an object, or None after a refusal."""
    if not isinstance(value, Mapping):
        walk.refuse(at, "must provide an object")
    elif value.get("type") is None:
        walk.refuse(at, "missing required field: type")
    elif not isinstance(value["type"], str):
        walk.refuse(f"{at}/type", "must provide a string")
    else:
        return value["type"]
    return None


def _anything(_walk: _Walk, _value: Any, _at: str) -> None:
    return


_url = _string(_MAX_URL, pattern=r"[A-Za-z][A-Za-z0-9+.\-]*:\S+", says="must be a valid URL")
_web_url = _string(_MAX_URL, pattern=r"https?://[^\s/]\S*", says="must be a valid URL")
_id = _string(_MAX_ID)


def _text(most: int = _MAX_TEXT, *, plain: bool = False) -> Rule:
    length = _string(most)
    shapes = {
        "plain_text": _object({"type": _anything, "text": length}, {"emoji": _bool}),
        "mrkdwn": _object({"type": _anything, "text": length}, {"verbatim": _bool}),
    }

    def rule(walk: _Walk, value: Any, at: str) -> None:
        kind = _kind(walk, value, at)
        if kind is None:
            return
        if kind not in shapes or (plain and kind != "plain_text"):
            walk.refuse(f"{at}/type", f"unsupported type: {kind}")
        else:
            shapes[kind](walk, value, at)

    return rule


_confirm = _object(
    {
        "title": _text(100, plain=True),
        "text": _text(300),
        "confirm": _text(30, plain=True),
        "deny": _text(30, plain=True),
    },
    {"style": _one_of("primary", "danger")},
)
_plain_option = _object({"text": _text(75, plain=True), "value": _string(150)}, {"description": _text(75, plain=True)})
_rich_option = _object({"text": _text(75), "value": _string(150)}, {"description": _text(75)})
_menu_option = _object(
    {"text": _text(75, plain=True), "value": _string(150)},
    {"description": _text(75, plain=True), "url": _url},
)
_group = _object({"label": _text(75, plain=True), "options": _items(_plain_option, most=100)})
_dispatch = _object({}, {"trigger_actions_on": _items(_one_of("on_enter_pressed", "on_character_entered"), most=2)})
_filter = _object(
    {},
    {
        "include": _items(_one_of("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": _bool,
        "exclude_bot_users": _bool,
    },
)
_slack_file = _object({}, {"id": _string(), "url": _url})


# --- elements ------------------------------------------------------------------------------------------


def _element(
    required: Mapping[str, Rule] | None = None,
    optional: Mapping[str, Rule] | None = None,
    *also: Rule,
) -> Rule:
    shape = _object({"type": _anything, **(required or {})}, {"action_id": _id, **(optional or {})})

    def rule(walk: _Walk, value: Any, at: str) -> None:
        shape(walk, value, at)
        for check in also:
            check(walk, value, at)

    return rule


def _focus(walk: _Walk, value: Any, at: str) -> None:
    _bool(walk, value, at)
    if value is True:
        if walk.surface == "message":
            walk.refuse(at, "`focus_on_load` is not allowed in a message")
        elif walk.focused is not None:
            walk.refuse(at, "only one element may set `focus_on_load`")
        walk.focused = at


def _options_of(element: Mapping[str, Any]) -> Iterator[Any]:
    options = element.get("options")
    if isinstance(options, list | tuple):
        yield from options
    groups = element.get("option_groups")
    for group in groups if isinstance(groups, list | tuple) else ():
        if isinstance(group, Mapping) and isinstance(group.get("options"), list | tuple):
            yield from group["options"]


def _initial_option_is_offered(walk: _Walk, element: Any, at: str) -> None:
    initial = element.get("initial_option")
    if initial is not None and initial not in list(_options_of(element)):
        walk.refuse(f"{at}/initial_option", "must match one of the options exactly")


def _initial_options_are_offered(walk: _Walk, element: Any, at: str) -> None:
    initial = element.get("initial_options")
    if not isinstance(initial, list | tuple):
        return
    offered = list(_options_of(element))
    for number, option in enumerate(initial):
        if option not in offered:
            walk.refuse(f"{at}/initial_options/{number}", "must match one of the options exactly")
        elif option in initial[:number]:
            walk.refuse(f"{at}/initial_options/{number}", "must not be repeated")


def _one_source_of_options(walk: _Walk, element: Any, at: str) -> None:
    has = [name for name in ("options", "option_groups") if name in element]
    if not has:
        walk.refuse(at, "missing required field: options")
    elif len(has) == 2:
        walk.refuse(at, "must define either `options` or `option_groups`, not both")


def _no_more_initial_than_may_be_chosen(walk: _Walk, element: Any, at: str) -> None:
    most = element.get("max_selected_items")
    for name, initial in element.items():
        several = name.startswith("initial_") and isinstance(initial, list | tuple)
        if several and isinstance(most, int) and len(initial) > most:
            walk.refuse(f"{at}/{name}", f"no more than {most} items allowed")


def _lengths_agree(walk: _Walk, element: Any, at: str) -> None:
    least, most, initial = (element.get(name) for name in ("min_length", "max_length", "initial_value"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        walk.refuse(f"{at}/min_length", f"must be less than {most + 1}")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        walk.refuse(f"{at}/initial_value", f"must be less than {most + 1} characters")
    if isinstance(initial, str) and isinstance(least, int) and len(initial) < least:
        walk.refuse(f"{at}/initial_value", f"must be more than {least - 1} characters")


def _one_picture(walk: _Walk, element: Any, at: str) -> None:
    if ("image_url" in element) == ("slack_file" in element):
        walk.refuse(at, "must define either `image_url` or `slack_file`")


_MANY = 1_000_000  # Slack names no limit here

_placeholder = {"placeholder": _text(150, plain=True)}
_focusing = {**_placeholder, "focus_on_load": _focus}
_picking = {**_focusing, "confirm": _confirm}
_typing = {**_focusing, "dispatch_action_config": _dispatch}
_style = _one_of("primary", "danger")
_several = {"max_selected_items": _whole(1, _MANY)}
_number = _string(_MAX_TEXT, pattern=r"-?\d+(\.\d+)?", says="must be a number")
_strings = _items(_string(), most=_MANY, least=0)
_date = _string(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", says="must be a date: YYYY-MM-DD")
_time = _string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d", says="must be a time: HH:mm")
_static = {"options": _items(_plain_option, most=100), "option_groups": _items(_group, most=100)}

_ELEMENTS: dict[str, Rule] = {
    "button": _element(
        {"text": _text(75, plain=True)},
        {
            "value": _string(2000),
            "url": _url,
            "style": _style,
            "confirm": _confirm,
            "accessibility_label": _string(75),
        },
    ),
    "workflow_button": _element(
        {"text": _text(75, plain=True), "workflow": _anything},
        {"style": _style, "accessibility_label": _string(75)},
    ),
    "overflow": _element({"options": _items(_menu_option, most=5)}, {"confirm": _confirm}),
    "checkboxes": _element(
        {"options": _items(_rich_option, most=10)},
        {"initial_options": _items(_rich_option, most=10), "confirm": _confirm, "focus_on_load": _focus},
        _initial_options_are_offered,
    ),
    "radio_buttons": _element(
        {"options": _items(_rich_option, most=10)},
        {"initial_option": _rich_option, "confirm": _confirm, "focus_on_load": _focus},
        _initial_option_is_offered,
    ),
    "static_select": _element(
        {},
        {**_static, **_picking, "initial_option": _plain_option},
        _one_source_of_options,
        _initial_option_is_offered,
    ),
    "multi_static_select": _element(
        {},
        {**_static, **_picking, **_several, "initial_options": _items(_plain_option, most=100)},
        _one_source_of_options,
        _initial_options_are_offered,
        _no_more_initial_than_may_be_chosen,
    ),
    "external_select": _element(
        {}, {**_picking, "initial_option": _plain_option, "min_query_length": _whole(0, _MANY)}
    ),
    "multi_external_select": _element(
        {},
        {
            **_picking,
            **_several,
            "initial_options": _items(_plain_option, most=100),
            "min_query_length": _whole(0, _MANY),
        },
        _no_more_initial_than_may_be_chosen,
    ),
    "users_select": _element({}, {**_picking, "initial_user": _string()}),
    "multi_users_select": _element(
        {}, {**_picking, **_several, "initial_users": _strings}, _no_more_initial_than_may_be_chosen
    ),
    "conversations_select": _element(
        {},
        {
            **_picking,
            "initial_conversation": _string(),
            "default_to_current_conversation": _bool,
            "response_url_enabled": _bool,
            "filter": _filter,
        },
    ),
    "multi_conversations_select": _element(
        {},
        {
            **_picking,
            **_several,
            "initial_conversations": _strings,
            "default_to_current_conversation": _bool,
            "filter": _filter,
        },
        _no_more_initial_than_may_be_chosen,
    ),
    "channels_select": _element({}, {**_picking, "initial_channel": _string(), "response_url_enabled": _bool}),
    "multi_channels_select": _element(
        {}, {**_picking, **_several, "initial_channels": _strings}, _no_more_initial_than_may_be_chosen
    ),
    "datepicker": _element({}, {**_picking, "initial_date": _date}),
    "timepicker": _element({}, {**_picking, "initial_time": _time, "timezone": _string()}),
    "datetimepicker": _element(
        {},
        {
            "initial_date_time": _whole(1_000_000_000, 9_999_999_999),
            "confirm": _confirm,
            "focus_on_load": _focus,
        },
    ),
    "plain_text_input": _element(
        {},
        {
            **_typing,
            "initial_value": _string(_MAX_TEXT, least=0),
            "multiline": _bool,
            "min_length": _whole(0, 3000),
            "max_length": _whole(1, 3000),
        },
        _lengths_agree,
    ),
    "email_text_input": _element({}, {**_typing, "initial_value": _string(_MAX_TEXT, least=0)}),
    "url_text_input": _element({}, {**_typing, "initial_value": _string(_MAX_TEXT, least=0)}),
    "number_input": _element(
        {"is_decimal_allowed": _bool},
        {**_typing, "initial_value": _number, "min_value": _number, "max_value": _number},
    ),
    "rich_text_input": _element({}, {**_typing, "initial_value": _anything}),
    "file_input": _element({}, {"filetypes": _items(_string(), most=_MANY), "max_files": _whole(1, 10)}),
    "image": _object(
        {"type": _anything, "alt_text": _string(2000)}, {"image_url": _web_url, "slack_file": _slack_file}
    ),
}

_SELECTS = frozenset({"static_select", "external_select", "users_select", "conversations_select", "channels_select"})
_MULTI_SELECTS = frozenset(f"multi_{name}" for name in _SELECTS)
_PICKERS = frozenset({"datepicker", "timepicker"})
_CHOICES = frozenset({"checkboxes", "radio_buttons"})

# Slack refuses multi-selects in an actions block although its reference says nothing of it
# (slackapi/python-slack-sdk issue 1631).
IN_ACTIONS = _SELECTS | _PICKERS | _CHOICES | {"button", "workflow_button", "overflow", "datetimepicker"}
IN_SECTION = _SELECTS | _MULTI_SELECTS | _PICKERS | _CHOICES | {"button", "workflow_button", "overflow", "image"}
IN_INPUT = (
    _SELECTS
    | _MULTI_SELECTS
    | _PICKERS
    | _CHOICES
    | {
        "datetimepicker",
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "rich_text_input",
        "file_input",
    }
)
_ONLY_ON = {"file_input": ("modal",), "workflow_button": ("message",)}


def _element_in(allowed: frozenset[str]) -> Rule:
    def rule(walk: _Walk, value: Any, at: str) -> None:
        kind = _kind(walk, value, at)
        if kind is None:
            return
        if kind not in allowed or walk.surface not in _ONLY_ON.get(kind, (walk.surface,)):
            walk.refuse(f"{at}/type", f"unsupported type: {kind}")
        else:
            _ELEMENTS[kind](walk, value, at)
            if kind == "image":
                _one_picture(walk, value, at)

    return rule


def _context_element(walk: _Walk, value: Any, at: str) -> None:
    if isinstance(value, Mapping) and value.get("type") == "image":
        _element_in(frozenset({"image"}))(walk, value, at)
    else:
        _text()(walk, value, at)


# What each kind of word in rich text cannot be without; how it looks (`style`, `skin_tone`, …) is not checked.
_RICH_WORDS: dict[str, Mapping[str, Rule]] = {
    "broadcast": {"range": _one_of("here", "channel", "everyone")},
    "channel": {"channel_id": _string()},
    "color": {"value": _string()},
    "date": {"timestamp": _whole(0, 9_999_999_999), "format": _string()},
    "emoji": {"name": _string()},
    "link": {"url": _url},
    "team": {"team_id": _string()},
    "text": {"text": _string(_MANY)},
    "user": {"user_id": _string()},
    "usergroup": {"usergroup_id": _string()},
}


def _rich_word(walk: _Walk, value: Any, at: str) -> None:
    kind = _kind(walk, value, at)
    if kind is None:
        return
    if kind not in _RICH_WORDS:
        walk.refuse(f"{at}/type", f"unsupported type: {kind}")
        return
    for name, rule in _RICH_WORDS[kind].items():
        if value.get(name) is None:
            walk.refuse(at, f"missing required field: {name}")
        else:
            rule(walk, value[name], f"{at}/{name}")


def _rich_part(walk: _Walk, value: Any, at: str) -> None:
    kind = _kind(walk, value, at)
    if kind is None:
        return
    if kind not in {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}:
        walk.refuse(f"{at}/type", f"unsupported type: {kind}")
    elif value.get("elements") is None:
        walk.refuse(at, "missing required field: elements")
    else:
        inside = _rich_part if kind == "rich_text_list" else _rich_word
        _items(inside, most=_MANY, least=0)(walk, value["elements"], f"{at}/elements")


# --- blocks --------------------------------------------------------------------------------------------


def _shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    return _object({"type": _anything, **required}, {"block_id": _id, **(optional or {})})


_BLOCKS: dict[str, Rule] = {
    "section": _shape(
        {},
        {
            "text": _text(),
            "fields": _items(_text(2000), most=10),
            "accessory": _element_in(IN_SECTION),
            "expand": _bool,
        },
    ),
    "header": _shape({"text": _text(150, plain=True)}),
    "divider": _shape({}),
    "context": _shape({"elements": _items(_context_element, most=10)}),
    "actions": _shape({"elements": _items(_element_in(IN_ACTIONS), most=25)}),
    "input": _shape(
        {"label": _text(2000, plain=True), "element": _element_in(IN_INPUT)},
        {"hint": _text(2000, plain=True), "optional": _bool, "dispatch_action": _bool},
    ),
    "image": _shape(
        {"alt_text": _string(2000)},
        {"image_url": _web_url, "slack_file": _slack_file, "title": _text(2000, plain=True)},
    ),
    "rich_text": _shape({"elements": _items(_rich_part, most=_MANY, least=0)}),
    "markdown": _shape({"text": _string(12_000)}),
    "video": _shape(
        {
            "alt_text": _string(),
            "title": _text(199, plain=True),
            "thumbnail_url": _web_url,
            "video_url": _web_url,
        },
        {
            "author_name": _string(49),
            "description": _text(200, plain=True),
            "provider_icon_url": _web_url,
            "provider_name": _string(),
            "title_url": _web_url,
        },
    ),
}
_BLOCKS_ONLY_ON = {"markdown": ("message",)}


def _block(walk: _Walk, value: Any, at: str) -> None:
    """One block. Kinds younger than this file are refused too: stricter than Slack, never kinder."""
    kind = _kind(walk, value, at)
    if kind is None:
        return
    if kind not in _BLOCKS or walk.surface not in _BLOCKS_ONLY_ON.get(kind, (walk.surface,)):
        walk.refuse(f"{at}/type", f"unsupported type: {kind}")
        return
    _BLOCKS[kind](walk, value, at)
    if isinstance(value.get("block_id"), str):
        walk.block_ids.append((value["block_id"], f"{at}/block_id"))
    if kind == "section" and value.get("text") is None and not value.get("fields"):
        walk.refuse(at, "must define either `text` or `fields`")
    elif kind == "image":
        _one_picture(walk, value, at)
    elif kind == "input":
        walk.has_input = True
    elif kind == "actions" and isinstance(value.get("elements"), list | tuple):
        ids = [
            (element["action_id"], f"{at}/elements/{number}/action_id")
            for number, element in enumerate(value["elements"])
            if isinstance(element, Mapping) and isinstance(element.get("action_id"), str)
        ]
        walk.refuse_repeated("action_id", ids)


_blocks = _items(_block, most=VIEW_BLOCKS, least=0)
_kept = {
    "callback_id": _string(_MAX_ID, least=0),
    "external_id": _string(_MAX_ID, least=0),
    "private_metadata": _string(3000, least=0),
}
_VIEWS: dict[str, Rule] = {
    "modal": _object(
        {"type": _anything, "title": _text(24, plain=True), "blocks": _blocks},
        {
            "submit": _text(24, plain=True),
            "close": _text(24, plain=True),
            "clear_on_close": _bool,
            "notify_on_close": _bool,
            **_kept,
        },
    ),
    "home": _object({"type": _anything, "blocks": _blocks}, _kept),
}
