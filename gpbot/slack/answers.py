"""What a listener answers; Slack is told after the listener returned, and so after its commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpbot.slack.blocks import Block, View


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty answer; for a submission it closes that view."""


@dataclass(frozen=True, slots=True, repr=False)
class Show:
    """Replace the submitted view (submissions only)."""

    view: View


@dataclass(frozen=True, slots=True)
class CloseAll:
    """Close the whole stack of modals (submissions only)."""


@dataclass(frozen=True, slots=True, repr=False)
class FieldErrors:
    """Words under input blocks, by block id; what was typed stays (submissions only)."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Say:
    """Words only this person sees, in answer to a slash command."""

    text: str
    blocks: Sequence[Block] = ()


Answer = Nothing | Show | CloseAll | FieldErrors | Say


def ack_body(answer: Answer) -> dict[str, Any] | None:
    """The JSON Slack is answered with; None for an empty answer."""
    match answer:
        case Nothing():
            return None
        case Show(view):
            return {"response_action": "update", "view": view}
        case CloseAll():
            return {"response_action": "clear"}
        case FieldErrors(errors):
            return {"response_action": "errors", "errors": dict(errors)}
        case Say(text, blocks):
            said: dict[str, Any] = {"response_type": "ephemeral", "text": text}
            return said | {"blocks": list(blocks)} if blocks else said
