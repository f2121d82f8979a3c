"""From what a browser sends to what a person did: fields by their own ids, presses, and the answers in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from gpbot.practice.person import CannotDo, Person
from gpbot.practice.screens import Screen, pressable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from multidict import MultiDictProxy

    from gpbot.practice.reading import Control
    from gpbot.practice.state import Answer, Json


def name_of(block_id: str, action_id: str) -> str:
    """A field's name in a form."""
    return f"{quote(block_id, safe='')}/{quote(action_id, safe='')}"


def press_of(block_id: str, action_id: str, option: int | None = None) -> str:
    """What a button in a form says when it is pressed; `option` is the place in an overflow menu."""
    return name_of(block_id, action_id) + ("" if option is None else f"/{option}")


def place_of(screen: Screen) -> str:
    """What a form says about the thing it belongs to."""
    if screen.kind in {"modal", "home"}:
        return f"{screen.kind}:{screen.id}"
    return f"{screen.kind}:{screen.channel}:{screen.ts}"


def find(person: Person, on: str) -> Screen:
    """What is meant, as it stands now. Raises CannotDo when it is gone."""
    kind, _, rest = on.partition(":")
    if kind in {"modal", "home"}:
        home = person.home
        views = person.modals if kind == "modal" else [home] if home else []
        for screen in views:
            if screen.id == rest:
                return screen
        raise CannotDo("That window is not open any more.")
    channel_id, _, ts = rest.partition(":")
    place = person.workspace.channels.get(channel_id)
    if place is not None:
        for screen in person.peek(place):
            if (screen.kind, screen.ts) == (kind, ts):
                return screen
    raise CannotDo("That message is not there any more.")


def pressed(screen: Screen, press: str) -> Control:
    """The button or menu entry that was pressed. Raises CannotDo when it is not there."""
    block_id, action_id, *option = [unquote(part) for part in press.split("/")]
    presses = [control for control in screen.controls if pressable(control)]
    there = [control for control in presses if control.key == (block_id, action_id)]
    if not there and len(alike := [control for control in presses if control.action_id == action_id]) == 1:
        there = alike  # the message was edited since, and Slack has named its blocks again
    number = int(option[0]) if option and option[0].isdecimal() else 0
    if number >= len(there):
        raise CannotDo("That button is not there any more.")
    return there[number]


def fill(person: Person, screen: Screen, sent: MultiDictProxy[str]) -> dict[str, str]:
    """Let the person fill in whatever differs from what stands there; what the client would not take, by block_id."""
    answers = person.answers(screen)
    there = set(sent.getall("has", []))
    refused: dict[str, str] = {}
    for control in screen.controls:
        name = name_of(*control.key)
        if pressable(control) or name not in there:
            continue
        before = _value(answers.get(control.block_id, {}).get(control.action_id, {}))
        try:
            after = _read(control, sent.getall(name, []))
            if after != before:
                person.fill_this(control, after, within=screen)
        except CannotDo as no:
            refused[control.block_id] = str(no)
    return refused


def submit(person: Person, screen: Screen) -> Answer:
    """Press the submit button of the modal in front. Raises CannotDo when it is another one by now."""
    front = person.modal
    if front is None or front.id != screen.id:
        raise CannotDo("That window is not in front any more.")
    return person.submit()


def _value(answer: Mapping[str, Any]) -> Any:
    value = next((part for name, part in answer.items() if name != "type"), None)
    return None if value in ("", []) else value


def _read(control: Control, given: Sequence[str]) -> Any:
    """The answer in the form `Person.fill_this` takes; None for an empty one."""
    first = given[0] if given else ""
    if control.options:
        chosen = [control.options[int(one)] for one in given if one.isdecimal() and int(one) < len(control.options)]
        several = control.kind == "checkboxes" or control.kind.startswith("multi_")
        return (chosen or None) if several else chosen[0] if chosen else None
    if control.kind.startswith("multi_"):
        return [one for one in given if one] or None
    if control.kind == "rich_text_input":
        return _rich(first) if first.strip() else None
    if control.kind == "datetimepicker":
        return _moment(first)
    text = first.replace("\r\n", "\n")
    return text or None


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text.replace("\r\n", "\n")}]}
    return {"type": "rich_text", "elements": [section]}


def _moment(text: str) -> int | None:
    if not text:
        return None
    try:
        return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())
    except ValueError:
        raise CannotDo("That is not a date and time.") from None
