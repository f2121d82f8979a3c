"""A copy of a message on a screen: the same for the person who reports it, before Send, and for its readers."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from gpbot.reports.evidence import Evidence, Said, is_account
from gpbot.slack.blocks import Block, Person, context, escape, said, when, words
from gpbot.text import is_blank

CUT = "There was more than is kept here. The copy ends here."
_MARKED = re.compile(r"<(?P<sign>[@#!]?)(?P<target>[^<>|\s][^<>|\n]*)(?:\|(?P<label>[^<>]*))?>")
_LINK = ("http://", "https://", "mailto:")


def evidence_blocks(evidence: Evidence) -> list[Block]:
    """As it is given: for readers, ask it for what they see first."""
    blocks = [context(_by(evidence)), *_words(evidence, alone=not evidence.shared)]
    for each in evidence.shared:
        blocks += [context(f"_Shared in it:_ {_by(each)}"), *_words(each)]
    return [*blocks, context(CUT)] if evidence.is_cut else blocks


def _by(message: Said) -> str:
    """Who, where, when, and a way to it: what of that is known and shown."""
    author = f"<@{message.author}>" if is_account(message.author) else escape(message.author)
    where = f" in <#{message.channel_id}>" if message.channel_id.startswith(("C", "G")) else ""
    link = f"<{message.link}|Open it in Slack>" if message.link else ""
    return " · ".join(filter(None, [f"{author or 'No author'}{where}", _time(message.message_ts), link]))


def _time(ts: str) -> str:
    try:
        return when(datetime.fromtimestamp(float(ts), UTC))
    except (ValueError, OverflowError, OSError):
        return ""


def _words(message: Said, *, alone: bool = True) -> list[Block]:
    blocks = said(list(_parts(message.text))) if not is_blank(message.text) else []
    if message.files:
        number = len(message.files)
        titles = [title for title in message.files if title]
        named = f": {', '.join(titles)}" if titles else ""
        blocks += words(f"({number} attached file{'s' if number > 1 else ''}, not copied{named})")
    return blocks or (words("") if alone else [])


def _parts(text: str) -> Iterator[str | Person]:
    """The words as Slack shows them: people by name, links and channels without the signs around them."""
    end = 0
    for found in _MARKED.finditer(text):
        read = _read(found["sign"], found["target"], found["label"] or "")
        if read is None:  # somebody typed it
            continue
        yield text[end : found.start()]
        yield read
        end = found.end()
    yield text[end:]


def _read(sign: str, target: str, label: str) -> str | Person | None:
    match sign:
        case "@":
            return Person(target) if is_account(target) else None
        case "#":
            return f"#{label or target}"
        case "!":
            return label or f"@{'a group' if target.startswith('subteam') else target.partition('^')[0]}"
    if not target.startswith(_LINK):
        return None
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label not in {"", address} else address
