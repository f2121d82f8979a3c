"""Guidelines in a terminal, looking as Slack makes them look."""

from collections.abc import Iterator

from rich.text import Text

from gpbot.guidelines.mrkdwn import BOLD, CODE, SLANTED, STRUCK, Part, Run, parts

_STYLES = {BOLD: "bold", SLANTED: "italic", STRUCK: "strike", CODE: "reverse"}


def shown(markdown: str) -> list[Text]:
    """A paragraph, a heading or a list each."""
    found: list[Text] = []
    for part in parts(markdown):
        if found and part.gap == "\n":
            found[-1].append("\n").append_text(_part(part))
        else:
            found.append(_part(part))
    return found


def _part(part: Part) -> Text:
    text = Text(part.lead)
    if part.code:
        return text.append(part.code.replace("\n", f"\n{part.hang}"), style="reverse")
    for words, style in _styled(part):
        text.append(words.replace("\n", f"\n{part.hang}"), style=style)
    return text


def _styled(part: Part) -> Iterator[tuple[str, str]]:
    for run in part.runs:
        yield run.text, _style(run)
        if run.link:
            yield f" ({run.link})", "dim"


def _style(run: Run) -> str:
    styles = [_STYLES[mark] for mark in run.marks]
    return " ".join([*styles, "underline"] if run.link else styles) or "none"
