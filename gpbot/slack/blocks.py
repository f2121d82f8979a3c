"""The house style in blocks: plain functions that return dicts, within Slack's limits.

Words are cut to fit; what cannot be cut (ids, values) and is too long raises SlackObjectFormationError. The tests hold
what is built against Slack's rules, so that nobody waits for it: slack_sdk's models took most of the time of an answer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from slack_sdk.errors import SlackObjectFormationError

from gpbot import text as rules
from gpbot.slack.cutting import NO_WORDS, PIECE, cut, cut_mrkdwn, cut_short, cut_up

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

NOTICE_BLOCK = "gpbot.notice"

_SECTION = 3000
_HEADER = 150
_BUTTON = 75
_OPTION = 75  # its text and its description
_VALUE = 2000  # a button's
_OPTION_VALUE = 150
_ID = 255
_LABEL = 2000  # of an input, and its hint
_TITLE = 24  # of a modal, and its buttons
_METADATA = 3000
_CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
_VIEW_BLOCKS = 100
_MESSAGE = 12_000  # characters of all blocks in one message
_MESSAGE_BLOCKS = 50
_RADIOS = 10  # and checkboxes
_SELECT_OPTIONS = 100


class Choice(NamedTuple):
    """One option: what comes back, and what the person reads."""

    value: str
    words: str
    description: str | None = None


class Person(NamedTuple):
    """A member, whose name Slack fills in."""

    slack_id: str


# See docs/decisions/0010-blocks-are-dicts.md
def plain(text: str) -> dict[str, Any]:
    """A person's words: nothing in Slack makes an emoji or anything else of them."""
    return {"type": "plain_text", "text": text or NO_WORDS, "emoji": False}


def escape(words: str) -> str:
    """People's words for use inside mrkdwn: no link or mention of theirs is obeyed, and nobody is rung."""
    return rules.escaped(words)


def unescape(text: str) -> str:
    """What the person typed: Slack sends &, < and > as entities."""
    return sound(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def sound(text: str) -> str:
    """Without NUL and halves of an emoji, which JSON carries, and databases, files and sockets do not take."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def words(text: str) -> list[Block]:
    """What a person wrote, all of it, as plain text that nothing in Slack interprets."""
    pieces = [piece for piece in cut_up(text.rstrip()) if not rules.is_blank(piece)]
    return [{"type": "section", "text": plain(piece)} for piece in pieces or [NO_WORDS]]


def said(parts: Sequence[str | Person]) -> list[Block]:
    """As `words`, of words in which people stand: each by name, and nothing else is interpreted either."""
    if not any(isinstance(part, Person) for part in parts):
        return words("".join(part for part in parts if isinstance(part, str)))
    pieces: list[list[Element]] = [[]]
    room = PIECE // 2
    for part in parts:
        for one in [part] if isinstance(part, Person) else cut_up(part):
            element, length = _rich(one)
            if length > room and pieces[-1]:
                pieces.append([])
                room = PIECE // 2
            pieces[-1].append(element)
            room -= length
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": piece}]} for piece in pieces]


def _rich(part: str | Person) -> tuple[Element, int]:
    if isinstance(part, Person):
        return {"type": "user", "user_id": part.slack_id}, len(part.slack_id)
    return {"type": "text", "text": rules.closed(part)}, len(part)


def when(at: datetime) -> str:
    """In the reader's own time zone; Slack fills it in."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%d %b %Y %H:%M} UTC>"


def listed(start: str, each: Sequence[str], end: str = "") -> list[str]:
    """mrkdwn: `start`, then each joined by commas, then `end`, in as many pieces as sections have to be."""
    pieces = [start]
    for number, one in enumerate(each):
        text = one + (", " if number < len(each) - 1 else end)
        if len(pieces[-1]) + len(text) > PIECE:
            pieces.append("")
        pieces[-1] += text
    return [piece.strip() for piece in pieces]


def section(mrkdwn: str, accessory: Element | None = None) -> Block:
    return {"type": "section", "text": _mrkdwn(mrkdwn), **_given(accessory=accessory)}


def header(text: str) -> Block:
    return {"type": "header", "text": _ours(text, _HEADER)}


def context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(mrkdwn)]}


def divider() -> Block:
    return {"type": "divider"}


def notice(words: str) -> Block:
    """A line of ours above everything else, saying what went wrong or what changed."""
    return {"type": "section", "block_id": NOTICE_BLOCK, "text": _ours(words, _SECTION)}


def button(
    words: str,
    action_id: str,
    value: str | None = None,
    *,
    style: str | None = None,
    confirm: dict[str, Any] | None = None,
    label: str | None = None,
    url: str | None = None,
) -> Element:
    """`style` is None, "primary" or "danger"; `label` is what a screen reader says instead of the words."""
    return {
        "type": "button",
        "text": _ours(words, _BUTTON),
        "action_id": _whole("action_id", action_id, _ID),
        **_given(
            value=_whole("value", value, _VALUE),
            style=style,
            url=url,
            accessibility_label=cut_short(label, _BUTTON) if label else None,
            confirm=confirm,
        ),
    }


def actions(*elements: Element, block_id: str | None = None) -> Block:
    return {"type": "actions", "elements": list(elements), **_given(block_id=_whole("block_id", block_id, _ID))}


def confirm(title: str, text: str, yes: str, no: str) -> dict[str, Any]:
    said = {"title": title, "text": text, "confirm": yes, "deny": no}
    return {part: _ours(said[part], limit) for part, limit in _CONFIRM.items()}


def text_input(
    label: str,
    block_id: str,
    action_id: str,
    *,
    multiline: bool = False,
    initial: str | None = None,
    max_length: int = 3000,
    hint: str | None = None,
    optional: bool = False,
    placeholder: str | None = None,
) -> Block:
    element = {
        "type": "plain_text_input",
        "multiline": multiline,
        "max_length": max_length,
        **_given(initial_value=cut(initial, max_length) if initial else None, placeholder=_placeholder(placeholder)),
    }
    return _input(label, block_id, action_id, element, hint=hint, optional=optional)


def people_select(
    label: str,
    block_id: str,
    action_id: str,
    *,
    initial: Sequence[str] = (),
    hint: str | None = None,
    optional: bool = False,
    placeholder: str | None = None,
    max_people: int | None = None,
    dispatch: bool = False,
) -> Block:
    """Members by name; `initial` are user ids."""
    element = {
        "type": "multi_users_select",
        **_given(initial_users=list(initial), max_selected_items=max_people, placeholder=_placeholder(placeholder)),
    }
    return _input(label, block_id, action_id, element, hint=hint, optional=optional, dispatch=dispatch)


def channel_select(
    label: str,
    block_id: str,
    action_id: str,
    *,
    initial: str | None = None,
    hint: str | None = None,
    optional: bool = False,
    placeholder: str | None = None,
) -> Block:
    """One public channel; `initial` is a channel id."""
    element = {
        "type": "channels_select",
        **_given(initial_channel=initial, placeholder=_placeholder(placeholder)),
    }
    return _input(label, block_id, action_id, element, hint=hint, optional=optional)


def person_menu(placeholder: str, action_id: str) -> Element:
    """A menu of members, whose choice is told at once."""
    return {
        "type": "users_select",
        "action_id": _whole("action_id", action_id, _ID),
        **_given(placeholder=_placeholder(placeholder)),
    }


def checkboxes(
    label: str,
    block_id: str,
    action_id: str,
    choices: Sequence[Choice],
    *,
    initial: Sequence[str] = (),
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """One to ten choices; `initial` are values."""
    options = _options(choices, _RADIOS)
    ticked = [option for option in options if option["value"] in initial]
    element = {"type": "checkboxes", "options": options, **_given(initial_options=ticked)}
    return _input(label, block_id, action_id, element, hint=hint, optional=optional, dispatch=dispatch)


def section_with_boxes(
    words: str, block_id: str, action_id: str, choices: Sequence[Choice], *, initial: Sequence[str] = ()
) -> Block:
    """One to ten boxes that are no field of a form: Slack neither wants an answer nor calls them optional."""
    boxes = checkboxes(words, block_id, action_id, choices, initial=initial)
    return {**section(f"*{escape(words)}*", boxes["element"]), "block_id": boxes["block_id"]}


def choice_buttons(
    label: str,
    block_id: str,
    action_id: str,
    choices: Sequence[Choice],
    *,
    initial: str | None = None,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Radio buttons for one of one to ten choices."""
    options = _options(choices, _RADIOS)
    element = {"type": "radio_buttons", "options": options, **_given(initial_option=_option_of(options, initial))}
    return _input(label, block_id, action_id, element, hint=hint, optional=optional, dispatch=dispatch)


def select(
    label: str,
    block_id: str,
    action_id: str,
    choices: Sequence[Choice],
    *,
    initial: str | None = None,
    hint: str | None = None,
    optional: bool = False,
    placeholder: str | None = None,
    dispatch: bool = False,
) -> Block:
    """A menu of one to a hundred choices."""
    options = _options(choices, _SELECT_OPTIONS)
    element = {
        "type": "static_select",
        "options": options,
        **_given(initial_option=_option_of(options, initial), placeholder=_placeholder(placeholder)),
    }
    return _input(label, block_id, action_id, element, hint=hint, optional=optional, dispatch=dispatch)


def choices_menu(
    label: str,
    block_id: str,
    action_id: str,
    choices: Sequence[Choice],
    *,
    initial: Sequence[str] = (),
    most: int | None = None,
    hint: str | None = None,
    optional: bool = False,
    placeholder: str | None = None,
) -> Block:
    """A menu for several of one to a hundred choices; `initial` are values, `most` is how many may be chosen."""
    options = _options(choices, _SELECT_OPTIONS)
    chosen = [option for option in options if option["value"] in initial]
    element = {
        "type": "multi_static_select",
        "options": options,
        **_given(initial_options=chosen, max_selected_items=most, placeholder=_placeholder(placeholder)),
    }
    return _input(label, block_id, action_id, element, hint=hint, optional=optional)


def modal(
    title: str,
    blocks: Sequence[Block],
    callback_id: str,
    submit: str | None = None,
    *,
    close: str = "Close",
    private_metadata: str = "",
) -> View:
    return {
        "type": "modal",
        "title": _ours(title, _TITLE),
        "close": _ours(close, _TITLE),
        "blocks": _fitting(blocks),
        "callback_id": _whole("callback_id", callback_id, _ID),
        **_given(
            submit=_ours(submit, _TITLE) if submit else None,
            private_metadata=_whole("private_metadata", private_metadata, _METADATA),
        ),
    }


def home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": _fitting(blocks)}


def person(actor: str) -> str:
    """A mention of an account; a name as it is."""
    return f"<@{actor}>" if actor.startswith(("U", "W")) else escape(actor)


def in_messages(blocks: Sequence[Block]) -> list[list[Block]]:
    """In as many messages as Slack makes of them: it takes no more than so many characters and blocks in one."""
    found: list[list[Block]] = [[]]
    left = _MESSAGE
    for block in blocks:
        length = _length(block)
        if found[-1] and (length > left or len(found[-1]) == _MESSAGE_BLOCKS):
            found.append([])
            left = _MESSAGE
        found[-1].append(block)
        left -= length
    return found


def _length(part: Any) -> int:
    """Of all text in it."""
    if isinstance(part, dict):
        return (len(part["text"]) if isinstance(part.get("text"), str) else 0) + sum(map(_length, part.values()))
    return sum(map(_length, part)) if isinstance(part, list) else 0


def _input(
    label: str,
    block_id: str,
    action_id: str,
    element: Element,
    *,
    hint: str | None,
    optional: bool,
    dispatch: bool = False,
) -> Block:
    return {
        "type": "input",
        "label": _ours(label, _LABEL),
        "block_id": _whole("block_id", block_id, _ID),
        "element": {**element, "action_id": _whole("action_id", action_id, _ID)},
        **_given(hint=_ours(hint, _LABEL) if hint else None, optional=optional, dispatch_action=dispatch),
    }


def _ours(text: str, limit: int) -> dict[str, Any]:
    """Words of our own, in which Slack makes emoji of `:emoji:`."""
    return {"type": "plain_text", "text": cut_short(text, limit)}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": cut_mrkdwn(text, _SECTION)}


def _given(**parts: Any) -> dict[str, Any]:
    """Those that were given: Slack takes no empty ones."""
    return {name: part for name, part in parts.items() if part}


def _whole(name: str, text: str | None, limit: int) -> str | None:
    if text is not None and len(text) > limit:
        raise SlackObjectFormationError(f"{name} has more than {limit} characters")
    return text


def _placeholder(text: str | None) -> dict[str, Any] | None:
    return _ours(text, 150) if text else None


def _options(choices: Sequence[Choice], limit: int) -> list[Element]:
    if not 1 <= len(choices) <= limit:
        raise ValueError(f"{len(choices)} choices where Slack shows 1 to {limit}")
    return [
        {
            "value": _whole("value", choice.value, _OPTION_VALUE),
            "text": _ours(choice.words, _OPTION),
            **_given(description=_ours(choice.description, _OPTION) if choice.description else None),
        }
        for choice in choices
    ]


def _option_of(options: Sequence[Element], value: str | None) -> Element | None:
    return next((option for option in options if option["value"] == value), None)


def _fitting(blocks: Sequence[Block]) -> list[Block]:
    if len(blocks) <= _VIEW_BLOCKS:
        return list(blocks)
    return [*blocks[: _VIEW_BLOCKS - 1], context("There is more than fits here.")]
