"""The house style in blocks: plain functions that return dicts, checked against Slack's limits."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View as SdkView

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

NO_WORDS = "(no words)"
NOTICE_BLOCK = "gpbot.notice"

_SECTION = 3000
_PIECE = 2900  # under the section's limit, with room for what Slack may add
_VIEW_BLOCKS = 100
_RADIOS = 10  # and checkboxes
_SELECT_OPTIONS = 100


class Choice(NamedTuple):
    """One option: what comes back, and what the person reads."""

    value: str
    words: str
    description: str | None = None


def plain(text: str) -> dict[str, Any]:
    return PlainTextObject(text=text or NO_WORDS, emoji=False).to_dict()


def escape(words: str) -> str:
    """People's words for use inside mrkdwn: no link or mention of theirs is obeyed, and nobody is rung."""
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Slack also turns a bare @channel into a mention; a word joiner, which has no width, prevents it.
    return _NOT_IN_AN_ADDRESS.sub("@\u2060", escaped)


_NOT_IN_AN_ADDRESS = re.compile(r"(?<![\w.+-])@|@(?![\w-]+\.\w)")


def unescape(text: str) -> str:
    """What the person typed: Slack sends &, < and > as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def words(text: str) -> list[Block]:
    """What a person wrote, all of it, as plain text that nothing in Slack interprets."""
    pieces = [piece for piece in _pieces(text.rstrip()) if piece.strip()] or [NO_WORDS]
    return [SectionBlock(text=PlainTextObject(text=piece, emoji=False)).to_dict() for piece in pieces]


def section(mrkdwn: str, accessory: Element | None = None) -> Block:
    block = SectionBlock(text=MarkdownTextObject(text=_cut_mrkdwn(mrkdwn, _SECTION)))
    return block.to_dict() | ({"accessory": accessory} if accessory else {})


def header(text: str) -> Block:
    return HeaderBlock(text=PlainTextObject(text=cut(text, HeaderBlock.text_max_length))).to_dict()


def context(mrkdwn: str) -> Block:
    return ContextBlock(elements=[MarkdownTextObject(text=_cut_mrkdwn(mrkdwn, _SECTION))]).to_dict()


def divider() -> Block:
    return DividerBlock().to_dict()


def notice(words: str) -> Block:
    """A line of ours above everything else, saying what went wrong or what changed."""
    return SectionBlock(block_id=NOTICE_BLOCK, text=PlainTextObject(text=cut(words, _SECTION))).to_dict()


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
    element = ButtonElement(
        text=PlainTextObject(text=cut(words, ButtonElement.text_max_length)),
        action_id=action_id,
        value=value,
        style=style,
        url=url,
        accessibility_label=cut(label, 75) if label else None,
    )
    return element.to_dict() | ({"confirm": confirm} if confirm else {})


def actions(*elements: Element, block_id: str | None = None) -> Block:
    return ActionsBlock(elements=elements, block_id=block_id).to_dict()


def confirm(title: str, text: str, yes: str, no: str) -> dict[str, Any]:
    return ConfirmObject(
        title=PlainTextObject(text=cut(title, ConfirmObject.title_max_length)),
        text=PlainTextObject(text=cut(text, ConfirmObject.text_max_length)),
        confirm=PlainTextObject(text=cut(yes, ConfirmObject.confirm_max_length)),
        deny=PlainTextObject(text=cut(no, ConfirmObject.deny_max_length)),
    ).to_dict()


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
    element = PlainTextInputElement(
        action_id=action_id,
        multiline=multiline,
        initial_value=cut(initial, max_length) if initial else None,
        max_length=max_length,
        placeholder=_placeholder(placeholder),
    )
    return _input(label, block_id, element, hint=hint, optional=optional)


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
    element = UserMultiSelectElement(
        action_id=action_id,
        initial_users=list(initial) or None,
        max_selected_items=max_people,
        placeholder=_placeholder(placeholder),
    )
    return _input(label, block_id, element, hint=hint, optional=optional, dispatch=dispatch)


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
    element = CheckboxesElement(
        action_id=action_id,
        options=options,
        initial_options=[option for option in options if option.value in initial] or None,
    )
    return _input(label, block_id, element, hint=hint, optional=optional, dispatch=dispatch)


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
    element = RadioButtonsElement(action_id=action_id, options=options, initial_option=_option_of(options, initial))
    return _input(label, block_id, element, hint=hint, optional=optional, dispatch=dispatch)


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
    element = StaticSelectElement(
        action_id=action_id,
        options=options,
        initial_option=_option_of(options, initial),
        placeholder=_placeholder(placeholder),
    )
    return _input(label, block_id, element, hint=hint, optional=optional, dispatch=dispatch)


def modal(
    title: str,
    blocks: Sequence[Block],
    callback_id: str,
    submit: str | None = None,
    *,
    close: str = "Close",
    private_metadata: str = "",
    notify_on_close: bool = False,
) -> View:
    """A modal; raises SlackObjectFormationError for what cannot be shortened (ids, private_metadata)."""
    view = SdkView(
        type="modal",
        title=PlainTextObject(text=cut(title, SdkView.title_max_length)),
        submit=PlainTextObject(text=cut(submit, SdkView.submit_max_length)) if submit else None,
        close=PlainTextObject(text=cut(close, SdkView.close_max_length)),
        blocks=[DividerBlock()],
        callback_id=callback_id,
        private_metadata=private_metadata or None,
        notify_on_close=notify_on_close or None,
    ).to_dict()
    # The real blocks were checked when they were made; as part of the view they would be once more.
    return {**view, "blocks": _fitting(blocks)}


def home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": _fitting(blocks)}


def cut(text: str, limit: int) -> str:
    """Shorten to `limit` characters, at a space where one is near, ending in "…"."""
    text = text or NO_WORDS
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    at_a_word, space, _ = kept.rpartition(" ")
    if space and not text[limit - 1].isspace() and len(at_a_word) > len(kept) * 2 // 3:
        kept = at_a_word
    return kept.rstrip(" ,;:-") + "…"


def _cut_mrkdwn(text: str, limit: int) -> str:
    text = text or NO_WORDS
    if len(text) <= limit:
        return text
    # A mention or an entity cut in half would show its insides.
    return re.sub(r"(<[^<>]*|&\w{0,4})$", "", text[: limit - 1]) + "…"


def _pieces(text: str) -> Iterator[str]:
    """`text` in order and whole, cut at a line or a word where one is near."""
    # Beyond U+FFFF one character may count as two.
    limit = _PIECE if text.isascii() or max(text) <= "\uffff" else _PIECE // 2
    while len(text) > limit:
        end = max(text.rfind("\n", limit // 2, limit), -1) + 1 or text.rfind(" ", limit // 2, limit) + 1 or limit
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def _input(
    label: str,
    block_id: str,
    element: InputInteractiveElement,
    *,
    hint: str | None,
    optional: bool,
    dispatch: bool = False,
) -> Block:
    return InputBlock(
        label=PlainTextObject(text=cut(label, InputBlock.label_max_length)),
        block_id=block_id,
        element=element,
        hint=PlainTextObject(text=cut(hint, InputBlock.hint_max_length)) if hint else None,
        optional=optional or None,
        dispatch_action=dispatch or None,
    ).to_dict()


def _placeholder(text: str | None) -> PlainTextObject | None:
    return PlainTextObject(text=cut(text, 150)) if text else None


def _options(choices: Sequence[Choice], limit: int) -> list[Option]:
    if not 1 <= len(choices) <= limit:
        raise ValueError(f"{len(choices)} choices where Slack shows 1 to {limit}")
    return [
        Option(
            value=choice.value,
            text=PlainTextObject(text=cut(choice.words, 75)),
            description=PlainTextObject(text=cut(choice.description, 75)) if choice.description else None,
        )
        for choice in choices
    ]


def _option_of(options: Sequence[Option], value: str | None) -> Option | None:
    return next((option for option in options if option.value == value), None)


def _fitting(blocks: Sequence[Block]) -> list[Block]:
    if len(blocks) <= _VIEW_BLOCKS:
        return list(blocks)
    return [*blocks[: _VIEW_BLOCKS - 1], context("There is more than fits here.")]
