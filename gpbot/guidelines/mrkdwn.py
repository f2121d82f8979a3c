"""From a version's Markdown to Slack's mrkdwn, in pieces that fit, and what else is read out of it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_to_mrkdwn import SlackMarkdownConverter  # type: ignore[import-untyped]  # it ships no types

from gpbot.text import is_blank

CATEGORIES_HEADING = "What you can report"
WORDS_A_MINUTE = 130  # read on a phone, in a second language

_PARSER = MarkdownIt("commonmark").enable("table")
_PIECE = 2900  # characters, under the 3,000 of a section
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+)>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUOTED = re.compile(r"^((?:&gt; ?)+)", re.MULTILINE)
_MENTION = re.compile(r"(?<![\w.+-])@|@(?![\w-]+\.\w)")
_PARAGRAPHS = re.compile(r"\n{2,}")


@lru_cache(maxsize=32)
def pieces(markdown: str) -> tuple[str, ...]:
    """Mrkdwn of at most 2,900 characters each, cut between paragraphs where possible."""
    found: list[str] = []
    for paragraph in _PARAGRAPHS.split(_convert(markdown)):
        for part in _cut(paragraph):
            if found and len(found[-1]) + len(part) + 2 <= _PIECE:
                found[-1] += f"\n\n{part}"
            else:
                found.append(part)
    return tuple(found)


@lru_cache(maxsize=32)
def categories(markdown: str) -> tuple[str, ...]:
    """The list under the heading "What you can report", in its order; empty when there is none."""
    tokens = _PARSER.parse(markdown)
    found: list[str] = []
    inside = False
    for before, token in pairwise(tokens):
        if token.type != "inline":
            continue
        if before.type == "heading_open":
            inside = _plain(token.content).casefold() == CATEGORIES_HEADING.casefold()
        elif inside and before.type == "paragraph_open" and before.level > 1:  # in a list
            found.append(_plain(token.content))
    return tuple(dict.fromkeys(found))


def minutes(markdown: str) -> int:
    """About how long it takes to read."""
    return max(1, round(len(markdown.split()) / WORDS_A_MINUTE))


def _convert(markdown: str) -> str:
    text = _AUTOLINK.sub(r"\1", _COMMENT.sub("", _unwrapped(markdown)))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A quotation's marks are Markdown; a bare @channel would ring the workspace.
    text = _QUOTED.sub(lambda found: found[1].replace("&gt;", ">"), _MENTION.sub("@\u2060", text))
    return str(SlackMarkdownConverter().convert(text))


def _unwrapped(markdown: str) -> str:
    """Paragraphs on one line each: in Slack a line's end is a line's end."""
    lines = markdown.replace("\r\n", "\n").splitlines()
    for token in reversed(_PARSER.parse("\n".join(lines))):
        if token.type != "inline" or token.map is None:
            continue
        start, end = token.map
        content = token.content.split("\n")
        if len(content) < 2 or end - start != len(content) or content[0] not in lines[start]:  # noqa: PLR2004  (lines)
            continue
        prefix = lines[start][: lines[start].index(content[0])]
        joined = prefix + content[0]
        for line in content[1:]:
            hard = joined.endswith(("  ", "\\"))
            joined = joined.rstrip(" \\") + ("\n" if hard else " ") + line
        lines[start:end] = joined.split("\n")
    return "\n".join(lines)


def _cut(paragraph: str) -> Iterator[str]:
    while len(paragraph) > _PIECE:
        end = max(paragraph.rfind("\n", _PIECE // 2, _PIECE), paragraph.rfind(" ", _PIECE // 2, _PIECE)) + 1 or _PIECE
        if (opened := paragraph.rfind("<", 0, end)) > max(0, paragraph.rfind(">", 0, end)):
            end = opened  # never in the middle of a link
        yield paragraph[:end].rstrip()
        paragraph = paragraph[end:].lstrip()
    if not is_blank(paragraph):
        yield paragraph


def _plain(inline: str) -> str:
    return re.sub(r"[*_`]+", "", inline.replace("\n", " ")).strip(" .:;")
