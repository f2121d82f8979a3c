"""From a version's Markdown to Slack's mrkdwn, in pieces that fit, and what else is read out of it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from markdown_it.tree import SyntaxTreeNode

from gpbot.guidelines.pasted import PARSER, as_meant
from gpbot.text import escaped, is_blank, length, whole

CATEGORIES_HEADING = "What you can report"
WORDS_A_MINUTE = 130  # read on a phone, in a second language

BOLD, SLANTED, STRUCK, CODE = "*", "_", "~", "`"
_SIGNS = {BOLD, SLANTED, STRUCK, CODE}
_MARKS = {"strong": BOLD, "em": SLANTED, "s": STRUCK}
_PIECE = 2900  # characters, under the 3,000 of a section
_LONGEST_LINK = 1000
_LINE = "──────────"
_LEADS_SOMEWHERE = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)  # all else Slack might take for a mention
_WITHOUT_SCHEME = re.compile(r"www\.[^\s/]+\.")
# See docs/decisions/0048-guidelines-read-as-meant.md
_JOINER = "\u2060"  # nothing is seen of it, and a sign beside it marks nothing
_APART = "\u200b"  # nothing is seen of it either, and a sign beside it does mark
_WORDS = re.compile(r"\S+\s*|\s+")
_TICKED = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_COUNTED = "0123456789.)§ "


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look the same; a link's are its label."""

    text: str
    marks: tuple[str, ...] = ()  # the outermost first
    link: str = ""

    def room(self) -> int:
        """How many characters it takes at most, as Slack counts them."""
        return length(escaped(self.text)) + length(escaped(self.link)) + 4 * len(self.marks) + 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A paragraph, a heading, or what stands at one bullet."""

    runs: tuple[Run, ...] = ()
    code: str = ""
    lead: str = ""  # before its first line, and before all others
    hang: str = ""
    gap: str = "\n\n"  # between it and what stands before


@lru_cache(maxsize=32)
def pieces(markdown: str) -> tuple[str, ...]:
    """Mrkdwn of at most 2,900 characters each, cut between paragraphs where possible."""
    found: list[str] = []
    for part in parts(markdown):
        for number, text in enumerate(written(part)):
            if number == 0 and found and length(found[-1]) + length(text) + len(part.gap) <= _PIECE:
                found[-1] += part.gap + text
            else:
                found.append(text)
    return tuple(found)


@lru_cache(maxsize=32)
def parts(markdown: str) -> tuple[Part, ...]:
    """The text from top to bottom."""
    return tuple(_parts(_tree(markdown).children))


@lru_cache(maxsize=32)
def categories(markdown: str) -> tuple[str, ...]:
    """The list under the heading "What you can report", in its order; empty when there is none."""
    found: list[str] = []
    inside = False
    for node in _tree(markdown).children:
        if node.type in {"heading", "paragraph"}:
            is_it = _said(node).lstrip(_COUNTED).casefold() == CATEGORIES_HEADING.casefold()
            inside = is_it or (inside and node.type == "paragraph")
        elif inside and node.type in {"bullet_list", "ordered_list"}:
            found += [_said(each) for each in node.walk() if each.type == "paragraph"]
    return tuple(dict.fromkeys(filter(None, found)))


def minutes(markdown: str) -> int:
    """About how long it takes to read."""
    return max(1, round(len(markdown.split()) / WORDS_A_MINUTE))


def _tree(markdown: str) -> SyntaxTreeNode:
    return SyntaxTreeNode(PARSER.parse(as_meant(markdown)))


def _said(node: SyntaxTreeNode) -> str:
    """Its words alone."""
    return " ".join("".join(run.text for run in _runs(_inline(node))).split()).strip(" .:;")


# What is read.


def _parts(nodes: Iterable[SyntaxTreeNode]) -> Iterator[Part]:
    for node in nodes:
        match node.type:
            case "bullet_list" | "ordered_list":
                yield from _list(node)
            case "blockquote":
                for part in _parts(node.children):
                    yield part if part.lead[:1] == ">" else _below(part, "> ", "> ")
            case "fence" | "code_block":
                yield Part(code=node.content.rstrip("\n"))
            case _:
                yield Part(runs=tuple(_alone(node)))


def _alone(node: SyntaxTreeNode) -> Iterable[Run]:
    """Of what holds nothing but words."""
    match node.type:
        case "heading":
            return _runs(_inline(node), (BOLD,))
        case "html_block":
            return _runs(_inline(SyntaxTreeNode(PARSER.parseInline(_shown(node.content)))))
        case "table":
            return _table(node)
        case "hr":
            return [Run(_LINE)]
    return _runs(_inline(node))


def _list(node: SyntaxTreeNode) -> Iterator[Part]:
    first = int(node.attrs.get("start", 1))
    is_tight = all(each.hidden for each in node.walk() if each.type == "paragraph" and each.parent in node.children)
    for number, item in enumerate(node.children):
        marker = "• " if node.type == "bullet_list" else f"{first + number}{node.markup} "
        gap = "\n" if is_tight else "\n\n"
        for place, part in enumerate(_parts(item.children) if item.children else [Part()]):
            put = _below(part, " " * len(marker) if place else marker, " " * len(marker))
            yield replace(put, gap=gap if (place == 0 and number) or (place and is_tight) else part.gap)


def _below(part: Part, lead: str, hang: str) -> Part:
    return replace(part, lead=lead + part.lead, hang=hang + part.hang)


def _table(node: SyntaxTreeNode) -> Iterator[Run]:
    for number, row in enumerate(each for each in node.walk() if each.type == "tr"):
        if number:
            yield Run("\n")
        for column, cell in enumerate(row.children):
            if column:
                yield Run(" | ")
            yield from _runs(_inline(cell), (BOLD,) if cell.type == "th" else ())


def _inline(node: SyntaxTreeNode) -> Sequence[SyntaxTreeNode]:
    return [inside for each in node.children if each.type == "inline" for inside in each.children]


def _runs(nodes: Iterable[SyntaxTreeNode], marks: tuple[str, ...] = ()) -> Iterator[Run]:
    for number, node in enumerate(nodes):
        match node.type:
            case "text":
                is_first = number == 0 and not marks and node.parent is not None and _is_at_bullet(node.parent)
                ticked = next((start for start in _TICKED if is_first and node.content.startswith(start)), "")
                yield Run(_TICKED.get(ticked, "") + node.content.removeprefix(ticked), marks)
            case "strong" | "em" | "s":
                mark = _MARKS[node.type]
                yield from _runs(node.children, marks if mark in marks else (*marks, mark))
            case "code_inline":
                yield Run(node.content, marks if CODE in node.content else (*marks, CODE))
            case "link":
                yield _link(str(node.attrs.get("href", "")), list(_runs(node.children, marks)), marks, node.info)
            case "image":
                src = str(node.attrs.get("src", ""))
                yield _link(src, [Run(_alt(node) or src, marks)], marks)
            case "softbreak":
                yield Run(" ", marks)
            case "hardbreak":
                yield Run("\n", marks)
            case "html_inline":
                yield Run(_of_html(node.content), marks)


def _is_at_bullet(inline: SyntaxTreeNode) -> bool:
    paragraph = inline.parent
    return paragraph is not None and paragraph.parent is not None and paragraph.parent.type == "list_item"


def _link(href: str, label: list[Run], marks: tuple[str, ...], info: str = "") -> Run:
    """A label is one run: nothing in it is marked in a way of its own."""
    text = " ".join("".join(run.text for run in label).split()) or href
    alike = {run.marks for run in label if run.text}
    marks = alike.pop() if len(alike) == 1 else marks
    href = f"https://{href}" if _WITHOUT_SCHEME.match(href) else href
    if info == "auto" or not _LEADS_SOMEWHERE.match(href) or len(href) > _LONGEST_LINK:
        return Run(text, marks)
    return Run(text, marks, href.replace("|", "%7C"))


def _alt(image: SyntaxTreeNode) -> str:
    return " ".join("".join(run.text for run in _runs(image.children)).split())


def _shown(html: str) -> str:
    """A block without the comment that it begins with."""
    comment, end, rest = html.partition("-->")
    return (rest if end and comment.startswith("<!--") else html).strip()


def _of_html(tag: str) -> str:
    if tag.startswith("<!--"):
        return ""
    return "\n" if tag.casefold().replace(" ", "").rstrip("/>") == "<br" else tag


# What is written.


def written(part: Part) -> Iterator[str]:
    """In Slack's mrkdwn, in as many pieces as it takes."""
    room = _PIECE - 2 * len(part.lead + part.hang) - 20
    if part.code:
        for lines in _cut_lines(part.code.replace("```", f"`{_APART}``"), room):
            yield part.lead + "```\n" + escaped(lines) + "\n```"
        return
    texts = [text for runs in _cut(part.runs, room) if not is_blank(text := _mrkdwn(runs).strip("\n "))]
    for number, text in enumerate(texts):
        yield (part.hang if number else part.lead) + text.replace("\n", f"\n{part.hang}")
    if not texts and not is_blank(part.lead):  # a number or a bullet, and nothing that anybody sees beside it
        yield part.lead.rstrip()


def _cut(runs: Sequence[Run], room: int) -> Iterator[list[Run]]:
    """All of them, in as many pieces as they have to be; a link that fits is never cut."""
    kept: list[Run] = []
    left = room
    for run in runs:
        for one in [run] if run.room() <= (room if run.link else left) else _in_words(run, room):
            if one.room() > left and kept:
                yield kept
                kept, left = [], room
            kept.append(one)
            left -= one.room()
    yield kept


def _in_words(run: Run, room: int) -> Iterator[Run]:
    for word in _WORDS.findall(run.text):
        rest = word
        while replace(run, text=rest).room() > room:
            end = whole(rest, room // 6)  # a sign may take five characters
            yield replace(run, text=rest[:end])
            rest = rest[end:]
        yield replace(run, text=rest)


def _cut_lines(text: str, room: int) -> Iterator[str]:
    kept = ""
    for line in text.split("\n"):
        rest = line
        while Run(rest).room() > room:
            end = whole(rest, room // 6)
            yield kept + rest[:end]
            kept, rest = "", rest[end:]
        if Run(kept + rest).room() > room:
            yield kept.rstrip("\n")
            kept = ""
        kept += rest + "\n"
    yield kept.rstrip("\n")


def _mrkdwn(runs: Sequence[Run]) -> str:
    """Signs of its own where something is marked, and none of people's where nothing is."""
    written = ""
    inside: tuple[str, ...] = ()
    for number, run in enumerate(runs):
        if not run.text:
            continue
        text = run.text
        shared = next((at for at, pair in enumerate(zip(inside, run.marks, strict=False)) if pair[0] != pair[1]), None)
        shared = min(len(inside), len(run.marks)) if shared is None else shared
        written = _ended(written, inside[shared:], text)
        opened = run.marks[shared:]
        if opened:
            blanks = text[: len(text) - len(text.lstrip())]
            written, text = written + blanks, text[len(blanks) :]
            if not text:
                inside = run.marks[:shared]
                continue
            written += (_APART if _holds_on(written[-1:]) else "") + "".join(opened)
        inside = run.marks
        after = "".join(each.text for each in runs[number + 1 :])
        around = {mark for each in runs for mark in each.marks}
        written += _with_link(run, text) if run.link else _literal(text, written, after, run.marks, around)
    return _ended(written, inside, "")


def _ended(written: str, marks: Sequence[str], following: str) -> str:
    if not marks:
        return written
    bare = written.rstrip()
    blanks = written[len(bare) :]
    apart = _APART if not blanks and _holds_on(following[:1]) else ""
    joined = _JOINER if bare[-1:] in _SIGNS - {CODE} and CODE not in marks else ""
    return bare + joined + "".join(reversed(marks)) + apart + blanks


def _with_link(run: Run, text: str) -> str:
    return f"<{escaped(run.link)}|{escaped(text)}>"


def _literal(text: str, before: str, after: str, marks: tuple[str, ...], around: set[str]) -> str:
    """People's own signs mark nothing: Markdown has said already what is marked."""
    if CODE in marks:
        return escaped(text)
    if text[:1] == ">" and (not before or before.endswith("\n")):
        text = _JOINER + text
    for sign in (BOLD, SLANTED, STRUCK):
        if sign in text and ((text + after).count(sign) > 1 or sign in around):
            text = _unmarking(text, sign, before, _JOINER if marks else after[:1], is_marked=sign in around)
    if (text + after).count(CODE) > 1:
        text = text.replace(CODE, "\u2035")  # which looks the same
    return escaped(text)


def _unmarking(text: str, sign: str, before: str, after: str, *, is_marked: bool) -> str:
    """With joiners where the sign could mark something; `is_marked`: something is, with this very sign."""
    found = ""
    for char, following in zip(text, [*text[1:], after], strict=True):
        previous = (before + found)[-1:]
        if (
            char != sign
            or (_is_gap(previous) and _is_gap(following))
            or (_is_letter(previous) and _is_letter(following))
        ):
            found += char
            continue
        opens = _JOINER if not _is_letter(previous) and previous != _JOINER else ""
        closes = _JOINER if is_marked and not _is_letter(following) else ""
        found += opens + char + closes
    return found


def _is_gap(char: str) -> bool:
    return not char or char.isspace()


def _holds_on(char: str) -> bool:
    """Whether a sign beside it would mark nothing."""
    return _is_letter(char) or char in _SIGNS


def _is_letter(char: str) -> bool:
    """As those see it who look for words: neither a blank nor a sign."""
    return bool(char) and char != _APART and not char.isspace() and unicodedata.category(char)[0] not in "PSZ"
