"""What Slack's client makes of the words a person types: mentions, links, and escaped brackets."""

import re
from collections.abc import Iterator, Mapping

from gpbot.practice import ids
from gpbot.practice.state import Json

_TYPED = re.compile(
    r"(?P<kept><[@#!][^<>\s]+>)"
    r"|(?P<url>https?://[^\s<>]+[^\s<>.,;:!?)'\"])"
    r"|(?P<site>(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|org|net|io|uk|eu)(?:/[^\s<>]*[^\s<>.,;:!?)'\"])?(?![\w.]))"
    r"|(?<![\w@.])@(?P<name>[\w][\w.\-]*)"
    r"|(?P<bracket>[&<>])",
    re.IGNORECASE,
)
_PART = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def typed(text: str, people: Mapping[str, str]) -> str:
    """The text of the message that typing these words sends.

    `people` are user ids by what one types after the `@`. `<@U…>` stays: the client put it there.
    """

    def sent(match: re.Match[str]) -> str:
        match match.lastgroup:
            case "url":
                return f"<{match['url']}>"
            case "site":
                return f"<http://{match['site']}|{match['site']}>"
            case "bracket":
                return _ESCAPES[match["bracket"]]
            case "name" if match["name"] in {"here", "channel", "everyone"}:
                return f"<!{match['name']}>"
            case "name" if match["name"] in people:
                return f"<@{people[match['name']]}>"
        return match[0]

    return _TYPED.sub(sent, text)


def typed_after_command(text: str, people: Mapping[str, str], *, escaped: bool) -> str:
    """The text of a slash command: as it was typed or, `escaped`, with mentions as `<@U…|name>`."""
    names = {user_id: name for name, user_id in people.items()}
    if escaped:
        sent = typed(text, people)
        return re.sub(r"<@(\w+)>", lambda found: f"<@{found[1]}|{names.get(found[1], found[1])}>", sent)
    return re.sub(r"<@(\w+)>", lambda found: f"@{names.get(found[1], found[1])}", text)


def rich_text(text: str, *scope: object) -> list[Json]:
    """The block that a person's own message consists of."""
    section = {"type": "rich_text_section", "elements": list(_parts(text))}
    return [{"type": "rich_text", "block_id": ids.block_id(*scope), "elements": [section]}]


def _parts(text: str) -> Iterator[Json]:
    end = 0
    for part in _PART.finditer(text):
        if part.start() > end:
            yield {"type": "text", "text": _unescaped(text[end : part.start()])}
        yield _part(*part.groups())
        end = part.end()
    if end < len(text):
        yield {"type": "text", "text": _unescaped(text[end:])}


def _part(sign: str, target: str, label: str | None) -> Json:
    match sign:
        case "@":
            return {"type": "user", "user_id": target}
        case "#":
            return {"type": "channel", "channel_id": target}
        case "!":
            return {"type": "broadcast", "range": target}
    return {"type": "link", "url": target, **({"text": label} if label else {})}


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
