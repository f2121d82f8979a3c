"""What a volunteer pastes from a web page or a word processor, made into the Markdown that was meant."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt

# Guidelines hold no code that is only indented; what a word processor indents is a list or a first line.
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")

_LONGEST_WRAPPED = 100  # characters: nobody ends longer lines by hand, but where a paragraph ends
_LONGEST_HEADING = 60
_BLANK = " \t\u00a0\u2002\u2003"
_ENDS = re.compile("\r\n?|[\v\u2028]")
_PAGES = re.compile("[\f\u2029]")
_SIGNS = "•●▪■◦‣⁃∙·○□▫◆◇❖➢➤►▶\uf0b7\uf0a7\uf0d8\uf076\uf06e"  # the last ones are a word processor's own
_BULLET = re.compile(
    rf"^([{_BLANK}]*)(?:[{_SIGNS}][{_BLANK}]*|o\t[{_BLANK}]*|[-*+][ \t]*[\u00a0\u2002\u2003][{_BLANK}]*)(?=\S)"
)
_DASH = re.compile(rf"^([{_BLANK}]*)(?:[–—‒−]|--)[{_BLANK}]+(?=\S)")
_NUMBER = re.compile(rf"^([{_BLANK}]*)([0-9]{{1,3}}[.)])(?:[{_BLANK}]+(?=\S)|(?=[^\W\d_]))")
_LABEL = re.compile(
    rf"^[{_BLANK}]*(?:\(?[a-zA-Z]\)|\(\d{{1,3}}\)|\(?[ivxIVX]{{1,5}}\)|\d+(?:\.\d+)+\.?|[^\W\D0-9]+[.)．])[{_BLANK}]+(?=\S)"
)
_RULE = re.compile(r"^\s*(?:-\s*){3,}$")
_FENCED = {"fence", "html_block"}
_POINT = re.compile(r"^\s*(?:[-*+]|[0-9]{1,3}[.)])\s")
_LIST_OR_MARK = re.compile(r"^\s*(?:[-*+]|[0-9]{1,3}[.)])\s|^\s*[>|<#!]")
_GO_ON = ",;:.!…。！：；،؛۔\\"
_SAYS_ENOUGH = ".!?:…。！？：؟۔)”\"'"


def cleaned(text: str) -> str:
    """One kind of line ends, and no byte-order mark."""
    return _PAGES.sub("\n\n", _ENDS.sub("\n", text.replace("\ufeff", "")))


def as_meant(text: str) -> str:
    """Markdown. Text that has no heading of Markdown's is read as text, whose lines and signs say what is what."""
    lines = cleaned(text).split("\n")
    lines = _with_lists(lines, _code(lines))
    if not any(token.type == "heading_open" for token in PARSER.parse("\n".join(lines))):
        lines = _with_paragraphs(lines)
        lines = _with_headings(lines, _code(lines))
    return "\n".join(lines)


def _code(lines: Sequence[str]) -> set[int]:
    """The lines that are to be left as they are."""
    return {
        line
        for token in PARSER.parse("\n".join(lines))
        if token.map is not None and (token.type in _FENCED or token.type == "table_open")
        for line in range(*token.map)
    }


def _with_lists(lines: Sequence[str], code: set[int]) -> list[str]:
    found: list[str] = []
    for number, line in enumerate(lines):
        before = found[-1] if found else ""
        if number in code:
            found.append(line)
            continue
        if (bullet := _BULLET.match(line)) is not None or (
            (bullet := _DASH.match(line)) is not None and _is_in_list(_DASH, lines, number)
        ):
            found.append(f"{_plain(bullet[1])}- {line[bullet.end() :]}")
        elif (counted := _NUMBER.match(line)) is not None:
            found.append(f"{_plain(counted[1])}{counted[2]} {line[counted.end() :]}")
        elif _LABEL.match(line) is not None and before.strip() and _is_in_list(_LABEL, lines, number):
            found[-1] = f"{before.rstrip()}  "  # Markdown knows no such list: its lines stay lines
            found.append(line.lstrip())
        elif _RULE.match(line) and before.strip() and not _is_short(before):
            found += ["", line]  # or else a heading would be made of the paragraph
        else:
            found.append(line.lstrip("\u00a0\u2002\u2003"))
    return _moved_left(found, code)


def _moved_left(lines: list[str], code: set[int]) -> list[str]:
    """A list that begins far from the left begins there for its looks alone."""
    found: list[str] = []
    first: int | None = None  # how far this list begins from the left
    for number, line in enumerate(lines):
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        if number not in code and line.strip():
            if first is None and _POINT.match(line):
                first = indent
            elif first is not None and not indent and not _POINT.match(line):
                first = None
            if first:
                found.append(" " * max(indent - first, 0) + line.lstrip())
                continue
        found.append(line)
    return found


def _is_in_list(sign: re.Pattern[str], lines: Sequence[str], number: int) -> bool:
    """Whether a dash or a label begins a point; one may also begin a line by chance."""
    before = lines[number - 1].strip() if number else ""
    after = lines[number + 1] if number + 1 < len(lines) else ""
    return (
        not before
        or before.endswith((":", "："))
        or any(each.match(line) for line in (before, after) for each in (sign, _BULLET, _POINT))
    )


def _with_paragraphs(lines: list[str]) -> list[str]:
    """Where lines are longer than anybody ends by hand, each is a paragraph of its own."""
    code = _code(lines)
    if not any(len(line) > _LONGEST_WRAPPED for number, line in enumerate(lines) if number not in code):
        return lines
    found: list[str] = []
    for number, line in enumerate(lines):
        before = found[-1] if found else ""
        together = {number, number - 1} & code or before.endswith("  ") or not before.strip() or not line.strip()
        if not together and not _LIST_OR_MARK.match(line) and not (line[:1].isspace() and _LIST_OR_MARK.match(before)):
            found.append("")
        found.append(line)
    return found


def _with_headings(lines: list[str], code: set[int]) -> list[str]:
    found = list(lines)
    below: str | None = None  # the next line that says something
    leads_on = False  # whether it is a heading, or says enough to stand below one
    for number in reversed(range(len(lines))):
        line = lines[number]
        if not line.strip():
            continue
        above = next((each for each in reversed(lines[:number]) if each.strip()), "")
        is_heading = (
            number not in code
            and leads_on
            and _is_short(line)
            and _stands_alone(lines, number)
            and not (_NUMBER.match(line) and any(each and _NUMBER.match(each) for each in (above, below)))
        )
        if is_heading:
            found[number] = f"# {line.strip()}"
        text = line.rstrip()
        leads_on = is_heading or bool(
            len(text) > _LONGEST_HEADING or text.endswith(tuple(_SAYS_ENOUGH)) or _LIST_OR_MARK.match(line)
        )
        below = line
    return found


def _stands_alone(lines: Sequence[str], number: int) -> bool:
    before = lines[number - 1].strip() if number else ""
    after = lines[number + 1].strip() if number + 1 < len(lines) else ""
    return not before and (not after or lines[number].isupper())


def _is_short(line: str) -> bool:
    """Whether it reads like a heading."""
    text = line.strip()
    words = _NUMBER.sub("", text)
    return (
        0 < len(text) <= _LONGEST_HEADING
        and (_NUMBER.match(text) is not None or not _LIST_OR_MARK.match(text))
        and not words[:1].islower()
        and any(char.isalpha() for char in words)
        and not text.endswith(tuple(_GO_ON))
        and "://" not in text
        and "@" not in text
    )


def _plain(indent: str) -> str:
    return indent.replace("\u00a0", " ").replace("\u2002", " ").replace("\u2003", " ")
