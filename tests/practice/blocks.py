"""Blocks for the tests to send."""

from typing import Any


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], title: str = "A form", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Next"),
        "close": plain("Cancel"),
        "blocks": list(blocks) or [text_input()],
        **more,
    }


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks) or [section("Welcome.")]}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def buttons(*words: str) -> dict[str, Any]:
    return {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {"type": "button", "action_id": word.casefold(), "value": f"about {word}", "text": plain(word)}
            for word in words
        ],
    }


def labelled(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    name = label.split(maxsplit=1)[0].casefold()
    shape = {"type": "input", "block_id": name, "label": plain(label), "element": {"action_id": "it", **element}}
    return shape | more


def text_input(label: str = "What happened", **more: Any) -> dict[str, Any]:
    return labelled(label, {"type": "plain_text_input", "multiline": True, **more})


def options(*texts: str) -> list[dict[str, Any]]:
    return [{"text": plain(text), "value": text.casefold()} for text in texts]
