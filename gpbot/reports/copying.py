"""What Slack sends of a message that somebody reports, made into the copy that is kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gpbot.reports.evidence import Evidence, Shared, is_account
from gpbot.slack.blocks import sound, unescape
from gpbot.slack.requests import Shortcut
from gpbot.text import is_blank, start_of

MOST_TEXT = 40_000  # characters: Slack takes no longer message
MOST_SHARED_TEXT = 12_000  # of all that is shared in it together, so that a window holds it
MOST_SHARED = 20
MOST_FILES = 20
LONGEST_TITLE = 150
DEEPEST = 5  # what is shared may hold something that is shared, and so on

_PRIVATE_NAMES = ("privategroup", "directmessage", "mpdm-")  # what Slack calls such a place instead of its name
_TOLD_BY = re.compile(r"^\[[^\]]*\] [^:\n]{1,100}: ")  # how a fallback begins: when, and by whom
_WEB_ADDRESS = re.compile(r"https?://[^\s<>|]+")
_TIME = re.compile(r"\d+(\.\d+)?")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]+")
_DOMAIN = re.compile(r"[a-z0-9-]+")

Part = Mapping[str, Any]


def copied(asked: Shortcut) -> Evidence:
    """There may be no author, no text, only files, only blocks, or only what was shared."""
    message = asked.message or {}
    channel_id = asked.channel_id or ""
    is_public = channel_id.startswith("C") and bool(asked.channel_name)
    is_public = is_public and not asked.channel_name.startswith(_PRIVATE_NAMES)
    ts = _matching(_TIME, message.get("ts"))
    text = _words_of(message)
    shared, is_cut = _fitting(list(_shared_in(message.get("attachments"), channel_id if is_public else "")))
    return Evidence(
        text=start_of(text, MOST_TEXT),
        author=_text(message.get("user") or message.get("username") or message.get("bot_id")),
        channel_id=channel_id,
        message_ts=ts,
        link=_permalink(asked.team_domain, channel_id, ts, _matching(_TIME, message.get("thread_ts"))),
        is_public=is_public,
        files=_titles(message.get("files")),
        shared=shared,
        is_cut=is_cut or len(text) > MOST_TEXT,
    )


def _words_of(message: Part) -> str:
    """What Slack shows of it: an app's `text` stands in notifications alone where it has blocks."""
    text, blocks = unescape(_text(message.get("text"))).strip(), "\n".join(_lines(message.get("blocks"))).strip()
    return blocks or text if message.get("bot_id") else text or blocks


def _permalink(domain: str, channel_id: str, ts: str, thread_ts: str) -> str:
    if not (_DOMAIN.fullmatch(domain) and _CHANNEL.fullmatch(channel_id) and ts):
        return ""
    link = f"https://{domain}.slack.com/archives/{channel_id}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread_ts}&cid={channel_id}" if thread_ts not in {"", ts} else link


def _titles(files: object) -> tuple[str, ...]:
    titles = [start_of(sound(_text(each.get("title") or each.get("name"))), LONGEST_TITLE) for each in _parts(files)]
    return tuple(titles[:MOST_FILES])


# What was shared.


def _shared_in(attachments: object, public_channel: str, depth: int = 0) -> Iterator[Shared]:
    """Each, and after it what it holds in its turn; those in `public_channel` may be seen by everybody."""
    if depth == DEEPEST:
        return
    for attachment in _parts(attachments):
        inner = [_part(each.get("message")) for each in _parts(attachment.get("message_blocks"))]
        shared = _shared(attachment, inner)
        if shared.text or shared.author or shared.files:
            yield replace(shared, is_public=bool(shared.channel_id) and shared.channel_id == public_channel)
        for each in (attachment, *inner):
            yield from _shared_in(each.get("attachments"), public_channel, depth + 1)


def _shared(attachment: Part, inner: Sequence[Part]) -> Shared:
    account = _text(attachment.get("author_id")) or next((_text(each.get("user")) for each in inner), "")
    is_message = bool(attachment.get("is_share") or attachment.get("is_msg_unfurl") or is_account(account))
    blocks = _parts(attachment.get("message_blocks"))
    places = [attachment.get("channel_id"), *(each.get("channel") for each in blocks)]
    picture = [""] if attachment.get("image_url") else []
    return Shared(
        text=_words_shared(attachment, inner, is_message=is_message),
        author=account if is_account(account) else start_of(sound(_text(attachment.get("author_name"))), LONGEST_TITLE),
        channel_id=next(filter(None, (_matching(_CHANNEL, each) for each in places)), ""),
        message_ts=_matching(_TIME, attachment.get("ts")),
        link=_matching(_WEB_ADDRESS, attachment.get("from_url")) if is_message else "",
        files=(*(title for each in (attachment, *inner) for title in _titles(each.get("files"))), *picture),
    )


def _words_shared(attachment: Part, inner: Sequence[Part], *, is_message: bool) -> str:
    """A message's own words; of a preview everything that Slack shows. What says where it stands is left out."""
    blocks = "\n".join(line for each in (attachment, *inner) for line in _lines(each.get("blocks")))
    said = [unescape(_text(attachment.get(name))) for name in ("pretext", "title", "text")]
    if is_blank(said[-1]):
        said.append(blocks)
    if not is_message:
        said += [f"{_text(each.get('title'))}: {_text(each.get('value'))}" for each in _parts(attachment.get("fields"))]
        said.append(_text(attachment.get("footer")))
    if not all(map(is_blank, said)):
        return "\n".join(part.strip() for part in said if not is_blank(part))
    fallback = unescape(_text(attachment.get("fallback"))).strip()
    return _TOLD_BY.sub("", fallback) if is_message else fallback


def _fitting(shared: Sequence[Shared]) -> tuple[tuple[Shared, ...], bool]:
    """As much as is kept, and whether that is less than there was."""
    kept: list[Shared] = []
    left, is_cut = MOST_SHARED_TEXT, len(shared) > MOST_SHARED
    for each in shared[:MOST_SHARED]:
        is_cut = is_cut or len(each.text) > left
        kept.append(replace(each, text=start_of(each.text, left)))
        left -= len(kept[-1].text)
    return tuple(kept), is_cut


# Words in blocks.


def _lines(blocks: object) -> Iterator[str]:
    """What blocks of any kind say, in their order, with mentions as they are written in a message's text."""
    for block in _parts(blocks):
        if block.get("type") == "rich_text":
            for part in _parts(block.get("elements")):
                yield from _rich(part)
        else:
            yield from _texts(block)


def _texts(part: object) -> Iterator[str]:
    """Every text somewhere in a block."""
    if isinstance(part, Mapping):
        for name in ("text", "alt_text"):
            if isinstance(part.get(name), str):
                yield sound(part[name]) if part.get("type") == "plain_text" else unescape(part[name])
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


def _rich(part: Part, depth: int = 0) -> Iterator[str]:
    inside = _parts(part.get("elements"))
    kind = part.get("type")
    if kind == "rich_text_list" and depth < DEEPEST:
        for item in inside:
            yield from (f"• {line}" for line in _rich(item, depth + 1))
        return
    text = "".join(map(_rich_word, inside))
    yield "\n".join(f"> {line}" for line in text.split("\n")) if kind == "rich_text_quote" else text


def _rich_word(word: Part) -> str:
    text = sound(_text(word.get("text") or word.get("fallback")))
    match word.get("type"):
        case "user":
            return f"<@{_text(word.get('user_id'))}>"
        case "channel":
            return f"<#{_text(word.get('channel_id'))}>"
        case "link":
            url = _text(word.get("url"))
            return f"{text} ({url})" if text not in {"", url} else url
        case "emoji":
            return f":{_text(word.get('name'))}:"
        case "broadcast":
            return f"@{_text(word.get('range'))}"
        case "usergroup":
            return f"<!subteam^{_text(word.get('usergroup_id'))}>"
        case "color":
            return _text(word.get("value"))
    return text


# Anything may be missing, or of another kind than Slack says.


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and value is not True else ""


def _matching(pattern: re.Pattern[str], value: object) -> str:
    found = _text(value)
    return found if pattern.fullmatch(found) else ""


def _part(value: object) -> Part:
    return value if isinstance(value, Mapping) else {}


def _parts(values: object) -> list[Part]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []
