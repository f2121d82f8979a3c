"""Slack's mrkdwn as HTML: what is not markup stays text, whatever it looks like."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_inline.state_inline import Delimiter
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_EMPHASIS: Final[Mapping[str, str]] = {"*": "strong", "_": "em", "~": "s"}
_ENTITIES: Final[Mapping[str, str]] = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_PART: Final = re.compile(r"<([^<>\s][^<>]*)>")
_ADDRESS: Final = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)'\"*_~]", re.IGNORECASE)
_QUOTED: Final = re.compile(r"^(?:&gt;|>) ?")
_SAFE_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_APART: Final = "\u200b"  # a blank without width, beside which a mark counts as beside a blank
_DATE_WORDS: Final = re.compile(r"\{(\w+)\}")


def mrkdwn(text: str, names: Mapping[str, str], *, now: datetime) -> Markup:
    """The text as HTML; `names` are display names by user and channel id, `now` says what day today is."""
    parts: list[str] = []
    quoted: list[str] = []
    plain: list[str] = []

    def end(lines: list[str], before: str, after: str) -> None:
        if lines:
            parts.append(before + _inline("\n".join(lines), names, now) + after)
            lines.clear()

    fenced = False
    for line in text.split("\n"):
        is_quoted = not fenced and _QUOTED.match(line) is not None
        if line.count("```") % 2:
            fenced = not fenced
        if is_quoted:
            end(plain, "", "")
            quoted.append(_QUOTED.sub("", line))
        else:
            end(quoted, "<blockquote>", "</blockquote>")
            plain.append(line)
    end(plain, "", "")
    end(quoted, "<blockquote>", "</blockquote>")
    return Markup("".join(parts))  # noqa: S704  (the renderer has escaped every character that was typed)


def plain_text(text: str) -> Markup:
    """Text in which nothing is markup."""
    return Markup.escape(text)


def date_words(stamp: float, pattern: str, *, now: datetime) -> str:
    """A date in this machine's zone, after Slack's pattern such as `{date_short} at {time}`."""
    at = datetime.fromtimestamp(stamp, tz=now.tzinfo).astimezone()
    today = now.astimezone().date()

    def pretty(usual: str) -> str:
        near = {today: "today", today - timedelta(days=1): "yesterday", today + timedelta(days=1): "tomorrow"}
        return near.get(at.date(), usual)

    words = {
        "date_num": f"{at:%Y-%m-%d}",
        "date_slash": f"{at:%d/%m/%Y}",
        "date": f"{at.day} {at:%B %Y}",
        "date_long": f"{at:%A} {at.day} {at:%B %Y}",
        "date_short": f"{at.day} {at:%b %Y}",
        "time": f"{at:%H:%M}",
        "time_secs": f"{at:%H:%M:%S}",
        "ago": f"{at.day} {at:%b %Y}",
    }
    words |= {f"{name}_pretty": pretty(words[name]) for name in ("date", "date_long", "date_short")}
    return _DATE_WORDS.sub(lambda found: words.get(found[1], found[0]), pattern)


def is_safe(url: str) -> bool:
    """Whether a link may be followed from a page."""
    try:
        return urlsplit(url).scheme.casefold() in _SAFE_SCHEMES
    except ValueError:
        return False


def _inline(text: str, names: Mapping[str, str], now: datetime) -> str:
    html: str = _MARKUP.renderInline(text, {"names": names, "now": now})
    return html


def _entity(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it calls it so)
    """Only the three characters that Slack escapes are entities."""
    for entity, character in _ENTITIES.items():
        if state.src.startswith(entity, state.pos):
            if not silent:
                token = state.push("text_special", "", 0)
                token.content, token.markup, token.info = character, entity, "entity"
            state.pos += len(entity)
            return True
    return False


def _angle(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it calls it so)
    """`<@U…>`, `<#C…>`, `<!…>` and `<https://…|label>`."""
    found = _PART.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        target, _, label = found[1].partition("|")
        token = state.push("slack", "", 0)
        token.meta = {"target": _decoded(target), "label": _decoded(label)}
    state.pos = found.end()
    return True


def _fence(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it calls it so)
    """Three backticks, anywhere in a line, over as many lines as it takes."""
    if not state.src.startswith("```", state.pos):
        return False
    end = state.src.find("```", state.pos + 3)
    if end <= state.pos + 3:
        return False
    if not silent:
        token = state.push("slack_pre", "", 0)
        token.content = _decoded(state.src[state.pos + 3 : end]).strip("\n")
    state.pos = end + 3
    return True


def _code(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it calls it so)
    """One backtick to the next one in the same line; nothing inside is markup."""
    if not state.src.startswith("`", state.pos):
        return False
    end = state.src.find("`", state.pos + 1)
    inside = state.src[state.pos + 1 : end] if end > 0 else ""
    if not inside.strip() or "\n" in inside:
        return False
    if not silent:
        token = state.push("slack_code", "", 0)
        token.content = _decoded(inside)
    state.pos = end + 1
    return True


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it calls it so)
    """One mark each side: `*bold*`, `_italic_`, `~struck~`; a doubled mark is none."""
    mark = state.src[state.pos]
    if silent or mark not in _EMPHASIS:
        return False
    scanned = state.scanDelims(state.pos, False)  # a mark inside a word is only a character
    before, after = state.src[: state.pos][-1:], state.src[state.pos + scanned.length :][:1]
    token = state.push("text", "", 0)
    token.content = mark * scanned.length
    state.pos += scanned.length
    if scanned.length == 1:
        state.delimiters.append(
            Delimiter(
                marker=ord(mark),
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open or (before == _APART and not _is_gap(after)),
                close=scanned.can_close or (after == _APART and not _is_gap(before)),
            )
        )
    return True


def _is_gap(char: str) -> bool:
    return char in {"", _APART} or char.isspace()


def _pair(state: StateInline) -> None:
    groups = [state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)]
    for delimiters in groups:
        for start in delimiters:
            if chr(start.marker) not in _EMPHASIS or start.end == -1:
                continue
            tag = _EMPHASIS[chr(start.marker)]
            for number, nesting in ((start.token, 1), (delimiters[start.end].token, -1)):
                token = state.tokens[number]
                token.type, token.tag, token.nesting = f"{tag}_{'open' if nesting == 1 else 'close'}", tag, nesting
                token.content = ""


def _text(_: RendererHTML, tokens: list[Token], number: int, _options: Any, _env: Any) -> str:
    return _with_links(tokens[number].content)


def _slack(_: RendererHTML, tokens: list[Token], number: int, _options: Any, env: Any) -> str:
    target, label = tokens[number].meta["target"], tokens[number].meta["label"]
    names: Mapping[str, str] = env["names"]
    sign, rest = target[:1], target[1:]
    if sign == "@":
        return _mention("@", names.get(rest) or label or rest)
    if sign == "#":
        return _mention("#", label or names.get(rest) or rest)
    if sign == "!":
        command, *more = rest.split("^")
        if command == "date" and len(more) >= 2 and more[0].lstrip("-").isdigit():
            words = date_words(int(more[0]), more[1], now=env["now"])
            return f"<time>{escapeHtml(words)}</time>"
        return _mention("@", label.removeprefix("@") or command)
    return link(target, label or target.removeprefix("mailto:"))


def link(url: str, words: str) -> str:
    """A link that opens elsewhere and tells nothing about this page; only the words where it is not safe to follow."""
    if not is_safe(url):
        return escapeHtml(words)
    return f'<a href="{escapeHtml(url)}" rel="noreferrer noopener" target="_blank">{escapeHtml(words)}</a>'


def _with_links(text: str) -> str:
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [escapeHtml(text[end : found.start()]), link(found[0], found[0])]
        end = found.end()
    return "".join([*parts, escapeHtml(text[end:])])


def _mention(sign: str, name: str) -> str:
    return f'<span class="mention">{sign}{escapeHtml(name)}</span>'


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _build() -> MarkdownIt:
    markup = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False, "breaks": False})
    ruler = markup.inline.ruler
    for name, rule in (
        ("slack_fence", _fence),
        ("slack_code", _code),
        ("slack_angle", _angle),
        ("slack_entity", _entity),
        ("slack_emphasis", _emphasis),
    ):
        ruler.push(name, rule)
    markup.inline.ruler2.enableOnly(["balance_pairs"])
    markup.inline.ruler2.push("slack_pair", _pair)
    markup.inline.ruler2.enable(["slack_pair"])
    markup.add_render_rule("text", _text)
    markup.add_render_rule("slack", _slack)
    markup.add_render_rule(
        "slack_pre", lambda _, tokens, number, *__: f"<pre>{escapeHtml(tokens[number].content)}</pre>"
    )
    markup.add_render_rule(
        "slack_code", lambda _, tokens, number, *__: f"<code>{escapeHtml(tokens[number].content)}</code>"
    )
    return markup


_MARKUP: Final = _build()
