"""What one person has in front of them, as words and as the data their client holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gpbot.practice.reading import Control, controls, read_mrkdwn, render
from gpbot.practice.state import Json, Message, View

TROUBLE = "We had some trouble connecting. Try again?"
_PRESSED = frozenset({"button", "workflow_button", "overflow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A modal, a Home or a message at one moment. It stays what it was when Slack shows something else.

    `text` is how it reads, `raw` what the client received. `errors` are sentences by field label, with
    Slack's own under the empty label; `marked` are the same by block_id. `ts` and `channel` are a message's;
    `author` is who wrote it, as shown.
    """

    kind: Literal["modal", "home", "message", "ephemeral"]
    id: str
    title: str
    text: str
    raw: Json = field(repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)
    marked: Mapping[str, str] = field(default_factory=dict)
    ts: str = ""
    channel: str = ""
    author: str = ""

    @property
    def controls(self) -> list[Control]:
        """All that can be pressed or filled, from top to bottom."""
        return controls(self.raw.get("blocks", ()))

    @property
    def buttons(self) -> list[str]:
        """The words on everything that can be pressed, a menu's entries included."""
        return [control.words for control in self.controls if control.kind in _PRESSED]

    @property
    def fields(self) -> list[str]:
        """The labels of everything that can be filled in."""
        return [control.words for control in self.controls if control.kind not in _PRESSED]

    def __str__(self) -> str:
        return self.text


def pressable(control: Control) -> bool:
    """Whether it is pressed rather than filled in."""
    return control.kind in _PRESSED


def view_text(view: View, names: Mapping[str, str]) -> str:
    """A view as it reads: title, blocks with what was filled in, errors under their fields, the two buttons."""
    lines = [_plain(view.definition.get("title"))] if view.kind == "modal" else []
    for block in view.blocks:
        lines.append(render([block], names, filled=view.filled))
        error = view.errors.get(str(block.get("block_id")))
        lines += [f"⚠ {error}"] if error else []
    if view.trouble:
        lines.append(f"⚠ {view.trouble}")
    below = [_plain(view.definition.get(name)) for name in ("close", "submit")]
    if view.kind == "modal":
        lines.append("  ".join(f"[ {words} ]" for words in (below[0] or "Close", below[1]) if words))
    return "\n".join(lines)


def view_screen(view: View, raw: Json, names: Mapping[str, str]) -> Screen:
    """A modal or Home as a screen."""
    labels = {
        str(block.get("block_id")): _plain(block.get("label")) or str(block.get("block_id")) for block in view.blocks
    }
    errors = {labels.get(block_id, block_id): error for block_id, error in view.errors.items()}
    return Screen(
        kind=view.kind,
        id=view.id,
        title=_plain(view.definition.get("title")) if view.kind == "modal" else "Home",
        text=view_text(view, names),
        raw=raw,
        errors=errors | ({"": view.trouble} if view.trouble else {}),
        marked=view.errors | ({"": view.trouble} if view.trouble else {}),
    )


def message_text(said: Message, names: Mapping[str, str]) -> str:
    """A message as it reads in the conversation."""
    words = render(said.blocks, names) if said.blocks and said.user.is_bot else read_mrkdwn(said.text, names)
    attached = [f"[{file['name']}]" for file in said.files]
    previews = [_preview(preview, names) for preview in said.attachments]
    return "\n".join(filter(None, [words, *attached, *previews]))


def _preview(shared: Json, names: Mapping[str, str]) -> str:
    """What Slack shows below a message: a page it links to, or a message it shares."""
    by = str(shared.get("author_name", ""))
    words = [str(shared.get("title", "")), read_mrkdwn(str(shared.get("text", "")), names)]
    inner = [_preview(each, names) for each in shared.get("attachments", ())]
    lines = "\n".join(filter(None, [by, *words, *inner])).splitlines()
    return "\n".join(f"> {line}" for line in lines) if by else "\n".join(lines)


def message_screen(said: Message, raw: Json, names: Mapping[str, str]) -> Screen:
    """A message as a screen."""
    return Screen(
        kind="ephemeral" if said.only_for else "message",
        id=said.ts,
        title="",
        text=message_text(said, names),
        raw=raw,
        ts=said.ts,
        channel=said.channel_id,
        author=said.user.shown_name,
    )


def _plain(text: object) -> str:
    return str(text.get("text", "")) if isinstance(text, Mapping) else ""
