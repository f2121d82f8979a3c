"""What a person reads on a screen of blocks, what they can press or fill there, and what Slack then sends."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

Filled = Mapping[tuple[str, str], Any]

# Where each kind keeps its answer, the answer before anybody touched it, and what the app may preset.
_ANSWERS: Final[Mapping[str, tuple[str, Any, str]]] = {
    "plain_text_input": ("value", None, "initial_value"),
    "email_text_input": ("value", None, "initial_value"),
    "url_text_input": ("value", None, "initial_value"),
    "number_input": ("value", None, "initial_value"),
    "rich_text_input": ("rich_text_value", None, "initial_value"),
    "static_select": ("selected_option", None, "initial_option"),
    "external_select": ("selected_option", None, "initial_option"),
    "radio_buttons": ("selected_option", None, "initial_option"),
    "overflow": ("selected_option", None, ""),
    "checkboxes": ("selected_options", [], "initial_options"),
    "multi_static_select": ("selected_options", [], "initial_options"),
    "multi_external_select": ("selected_options", [], "initial_options"),
    "users_select": ("selected_user", None, "initial_user"),
    "multi_users_select": ("selected_users", [], "initial_users"),
    "conversations_select": ("selected_conversation", None, "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", [], "initial_conversations"),
    "channels_select": ("selected_channel", None, "initial_channel"),
    "multi_channels_select": ("selected_channels", [], "initial_channels"),
    "datepicker": ("selected_date", None, "initial_date"),
    "timepicker": ("selected_time", None, "initial_time"),
    "datetimepicker": ("selected_date_time", None, "initial_date_time"),
    "file_input": ("files", [], ""),
}
_ECHOED: Final = ("text", "value", "style", "url", "placeholder", "confirm", "min_query_length")


@dataclass(frozen=True, slots=True)
class Control:
    """Something a person can press or fill in.

    `kind` is the element's Slack type. `words` is what they find it by: a button's or overflow option's
    text, an input's label, a section's text beside its accessory, otherwise the placeholder.
    An overflow menu is one control for each of its options.
    """

    kind: str
    words: str
    block_id: str
    action_id: str
    element: Mapping[str, Any]
    block: Mapping[str, Any]
    option: Mapping[str, Any] | None = None

    @property
    def label(self) -> str:
        return self.words

    @property
    def key(self) -> tuple[str, str]:
        """Its place in `state.values` and in a mapping of filled-in answers."""
        return self.block_id, self.action_id

    @property
    def dispatches(self) -> bool:
        """Whether touching it sends `block_actions` at once, rather than waiting for the submit button."""
        return self.block.get("type") != "input" or self.block.get("dispatch_action") is True

    @property
    def required(self) -> bool:
        """Whether the client refuses to submit while it is empty."""
        return self.block.get("type") == "input" and self.block.get("optional") is not True

    @property
    def options(self) -> list[Mapping[str, Any]]:
        """What may be chosen, groups laid flat; empty where anything may be."""
        return _options(self.element)


def controls(blocks: Iterable[Mapping[str, Any]]) -> list[Control]:
    """Everything on the screen that can be pressed or filled in, from top to bottom."""
    found: list[Control] = []
    for block in blocks:
        for element in _elements(block):
            kind = str(element.get("type"))
            if kind == "overflow":
                found += [_control(block, element, _plain(option["text"]), option) for option in _options(element)]
            elif kind in _ANSWERS or kind in {"button", "workflow_button"}:
                found.append(_control(block, element, _words(block, element)))
    return found


def option_named(control: Control, words: str) -> Mapping[str, Any]:
    """The option whose text is, or alone begins with, these words in any case.

    Raises LookupError with a sentence naming what is there.
    """
    wanted = words.casefold().strip()
    texts = [(_plain(option["text"]).casefold().strip(), option) for option in control.options]
    exact = [option for text, option in texts if text == wanted]
    close = exact or [option for text, option in texts if text.startswith(wanted)]
    if len(close) == 1:
        return close[0]
    there = ", ".join(f"“{_plain(option['text'])}”" for option in control.options) or "nothing"
    trouble = "several options begin with" if close else "no option begins with"
    raise LookupError(f"{trouble} “{words}” in “{control.words}”; there is {there}")


def state_of(view: Mapping[str, Any], filled: Filled) -> dict[str, Any]:
    """The `state.values` Slack sends with this view: block_id → action_id → answer, untouched ones included.

    `filled` maps (block_id, action_id) to a string, an option (as a dict, its value or its words), a user or
    channel (its id, or anything with an `.id`), or a list of those. Raises LookupError for an option that
    is not offered.
    """
    values: dict[str, Any] = {}
    for control in controls(view.get("blocks", ())):
        if control.kind not in {"button", "workflow_button", "overflow"}:
            values.setdefault(control.block_id, {})[control.action_id] = _answer(control, filled)
    return values


def action_payload(control: Control, value: Any = None, *, action_ts: str | None = None) -> dict[str, Any]:
    """The entry of `actions` in the `block_actions` Slack sends when somebody presses or fills this."""
    payload: dict[str, Any] = {
        "type": control.kind,
        "action_id": control.action_id,
        "block_id": control.block_id,
    }
    payload |= {name: control.element[name] for name in _ECHOED if name in control.element}
    if control.kind in _ANSWERS:
        place, _, preset = _ANSWERS[control.kind]
        if preset != "initial_value" and preset in control.element:
            payload[preset] = control.element[preset]
        given = control.option if control.kind == "overflow" and value is None else value
        payload[place] = _given(control, given)
    if action_ts is not None:
        payload["action_ts"] = action_ts
    return payload


def render(blocks: Iterable[Mapping[str, Any]], names: Mapping[str, str], *, filled: Filled | None = None) -> str:
    """The screen as plain text, a line for each thing.

    Buttons read `[ Words ]`, fields `Label: answer` an untouched one's placeholder in brackets.
    `names` are display names by user id; `filled` are answers as for `state_of`.
    """
    reader = _Reader(names, filled or {})
    return "\n".join(line for block in blocks for line in reader.lines(block))


def read_mrkdwn(text: str, names: Mapping[str, str]) -> str:
    """Slack's markup as a person reads it: mentions by name, links as `label (address)`, `&lt;` as `<`."""

    def spoken(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        sign, rest = target[:1], target[1:]
        if sign == "@":
            return f"@{names.get(rest) or label or rest}"
        if sign == "#":
            return f"#{label or names.get(rest) or rest}"
        if sign == "!":
            return _special(rest, label)
        target = target.removeprefix("mailto:")
        return target if label in {"", target} else f"{label} ({target})"

    return _unescaped(re.sub(r"<([^<>\s][^<>]*)>", spoken, text))


def _special(command: str, label: str) -> str:
    name = command.partition("^")[0]
    if name == "date":
        return label
    return label or f"@{name}"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _plain(text: Any) -> str:
    """A text object's characters, as they were written."""
    return str(text.get("text", "")) if isinstance(text, Mapping) else ""


def _options(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    groups = element.get("option_groups") or ()
    return [*(element.get("options") or ()), *(option for group in groups for option in group["options"])]


def _elements(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    match block.get("type"):
        case "section" if isinstance(block.get("accessory"), Mapping):
            yield block["accessory"]
        case "actions" | "context_actions":
            yield from block.get("elements", ())
        case "input" if isinstance(block.get("element"), Mapping):
            yield block["element"]


def _control(
    block: Mapping[str, Any],
    element: Mapping[str, Any],
    words: str,
    option: Mapping[str, Any] | None = None,
) -> Control:
    return Control(
        kind=str(element.get("type")),
        words=words,
        block_id=str(block.get("block_id", "")),
        action_id=str(element.get("action_id", "")),
        element=element,
        block=block,
        option=option,
    )


def _words(block: Mapping[str, Any], element: Mapping[str, Any]) -> str:
    if "text" in element:
        return _plain(element["text"])
    if block.get("type") == "input":
        return _plain(block.get("label"))
    if block.get("type") == "section":
        return _plain(block.get("text")).strip("*")
    return _plain(element.get("placeholder"))


def _answer(control: Control, filled: Filled) -> dict[str, Any]:
    place, untouched, preset = _ANSWERS[control.kind]
    if control.key in filled:
        answer = _given(control, filled[control.key])
    else:
        answer = deepcopy(control.element.get(preset) or untouched)
    return {"type": control.kind, place: answer}


def _given(control: Control, given: Any) -> Any:
    """An answer in Slack's form, from any of the forms `state_of` takes."""
    place, untouched, _ = _ANSWERS[control.kind]
    if given is None or given in ("", [], ()):
        return list(untouched) if isinstance(untouched, list) else None
    if isinstance(untouched, list):
        several = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
        return [_one(control, place, one) for one in several]
    return _one(control, place, given)


def _one(control: Control, place: str, given: Any) -> Any:
    if isinstance(given, Mapping):
        return dict(given)
    if place in {"selected_option", "selected_options"}:
        by_value = [option for option in control.options if option.get("value") == given]
        return dict(by_value[0] if by_value else option_named(control, str(given)))
    if place == "value":
        return str(given)
    return getattr(given, "id", given)


class _Reader:
    def __init__(self, names: Mapping[str, str], filled: Filled) -> None:
        self.names = names
        self.filled = filled

    def lines(self, block: Mapping[str, Any]) -> list[str]:
        lines: list[str] = []
        match block.get("type"):
            case "section":
                lines = self._section(block)
            case "header":
                lines = [self._text(block.get("text"))]
            case "divider":
                lines = ["———"]
            case "context":
                lines = [" ".join(self._context(part) for part in block.get("elements", ()))]
            case "actions" | "context_actions":
                lines = ["  ".join(self._element(block, part) for part in block.get("elements", ()))]
            case "input":
                lines = self._input(block)
            case "image" | "video":
                title = self._text(block.get("title"))
                lines = [*([title] if title else []), f"({block.get('alt_text', '')})"]
            case "rich_text":
                lines = [line for part in block.get("elements", ()) for line in self._rich(part)]
            case "markdown":
                lines = [str(block.get("text", ""))]
        return lines

    def _text(self, text: Any) -> str:
        if isinstance(text, Mapping) and text.get("type") == "mrkdwn":
            return read_mrkdwn(_plain(text), self.names)
        return _plain(text)

    def _context(self, part: Mapping[str, Any]) -> str:
        return f"({part.get('alt_text', '')})" if part.get("type") == "image" else self._text(part)

    def _section(self, block: Mapping[str, Any]) -> list[str]:
        lines = [self._text(part) for part in (block.get("text"), *block.get("fields", ())) if part]
        accessory = block.get("accessory")
        if isinstance(accessory, Mapping):
            beside = self._element(block, accessory)
            if len(lines) == 1 and "\n" not in lines[0] + beside:
                return [f"{lines[0]}  {beside}"]
            lines.append(beside)
        return lines

    def _input(self, block: Mapping[str, Any]) -> list[str]:
        label = self._text(block.get("label")) + (" (optional)" if block.get("optional") is True else "")
        answer = self._element(block, block.get("element", {}))
        gap = "\n" if answer.startswith(("○", "◉", "☐", "☑")) else " "
        hint = self._text(block.get("hint"))
        return [f"{label}:{gap}{answer}".rstrip(), *([hint] if hint else [])]

    def _element(self, block: Mapping[str, Any], element: Mapping[str, Any]) -> str:
        kind = element.get("type")
        if kind in {"button", "workflow_button"}:
            link = f" ({element['url']})" if element.get("url") else ""
            return f"[ {self._text(element.get('text'))} ]{link}"
        if kind == "overflow":
            return " ".join(f"[ {self._text(option['text'])} ]" for option in _options(element))
        if kind == "image":
            return f"({element.get('alt_text', '')})"
        if kind not in _ANSWERS:
            return ""
        return self._answer(_control(block, element, _words(block, element)))

    def _answer(self, control: Control) -> str:
        (answer,) = (part for name, part in _answer(control, self.filled).items() if name != "type")
        if control.kind in {"checkboxes", "radio_buttons"}:
            on, off = ("☑", "☐") if control.kind == "checkboxes" else ("◉", "○")
            chosen = answer if isinstance(answer, list) else [answer]
            return "\n".join(f"{on if option in chosen else off} {self._option(option)}" for option in control.options)
        if answer in (None, "", []):
            placeholder = self._text(control.element.get("placeholder"))
            return f"({placeholder})" if placeholder else ""
        several = answer if isinstance(answer, list) else [answer]
        return ", ".join(self._chosen(control.kind, one) for one in several)

    def _option(self, option: Mapping[str, Any]) -> str:
        description = self._text(option.get("description"))
        return self._text(option.get("text")) + (f" — {description}" if description else "")

    def _chosen(self, kind: str, answer: Any) -> str:
        if isinstance(answer, Mapping):
            if answer.get("type") == "rich_text":
                return " ".join(self.lines(answer))
            return self._text(answer.get("text")) or str(answer.get("name", ""))
        if "users" in kind:
            return f"@{self.names.get(str(answer), answer)}"
        if "channels" in kind or "conversations" in kind:
            return f"#{self.names.get(str(answer), answer)}"
        return str(answer)

    def _rich(self, part: Mapping[str, Any]) -> list[str]:
        inside = part.get("elements", ())
        if part.get("type") == "rich_text_list":
            return [f"• {line}" for item in inside for line in self._rich(item)]
        text = "".join(self._rich_word(word) for word in inside)
        return [f"> {line}" if part.get("type") == "rich_text_quote" else line for line in text.split("\n")]

    def _rich_word(self, word: Mapping[str, Any]) -> str:
        text = str(word.get("text") or word.get("fallback") or "")
        match word.get("type"):
            case "user":
                text = f"@{self.names.get(word['user_id'], word['user_id'])}"
            case "channel":
                text = f"#{self.names.get(word['channel_id'], word['channel_id'])}"
            case "link":
                text = f"{text} ({word['url']})" if text else str(word["url"])
            case "emoji":
                text = f":{word['name']}:"
            case "broadcast":
                text = f"@{word['range']}"
            case "usergroup":
                text = f"@{word['usergroup_id']}"
        return text
