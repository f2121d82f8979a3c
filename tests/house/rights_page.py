"""The page of who may press what, made from what the routes say: `python -m tests.house.rights_page` writes it."""

from collections.abc import Sequence

from gpbot.bootstrap import WORKFLOWS
from gpbot.kit import Workflow, routes
from gpbot.rights import Right, Who
from gpbot.slack.on import Kind
from tests.running import ROOT

PAGE = ROOT / "docs" / "rights.md"
CALLED = {
    Kind.COMMAND: "command",
    Kind.SUBCOMMAND: "command",
    Kind.CLICK: "button",
    Kind.SUBMISSION: "form",
    Kind.SHORTCUT: "shortcut",
    Kind.MESSAGE_SHORTCUT: "message shortcut",
}
INTRO = """# Who may press what

Made from what each route says where it is declared (`may=…`), without which gpbot does not start; each is pressed, as
each kind of person, by `tests/promises/test_who_may_press.py`. *Yes*: everybody of that kind. *If so*: those of them of
whom the last column is true. *No*: none of them, whatever they send. Accounts of other workspaces and apps are turned
away before any of it ([decision 30](decisions/0030-door.md)). A contact who is a guest may do what both columns allow.

What is **secret**, nobody else is told of: *not yours*, *ended* and *never there* are one answer. *At the door*: asked
before the listener is called, and by the use case again; all else is asked where the thing is opened, of the person who
presses, each time ([decision 54](decisions/0054-rights.md)).
"""


def page(workflows: Sequence[Workflow] = WORKFLOWS) -> str:
    parts = [INTRO]
    for each in workflows:
        found = [(route, route.may) for route in routes([each]) if route.may is not None]
        if found:
            columns = ["", "", *Who, "about", "who"]
            parts += [f"\n## {each.name.capitalize()}\n", _line(columns), _line(["---"] * len(columns))]
            parts += [_line([f"`{route.id}`", CALLED[route.kind], *_cells(may)]) for route, may in found]
    return "\n".join(parts) + "\n"


def _cells(may: Right) -> list[str]:
    kinds = [("if so" if may.is_personal else "yes") if who in may.who else "no" for who in Who]
    secret = " (secret)" if may.about and may.about.is_secret else ""
    about = f"{may.about.name}{secret}" if may.about else ""
    return [*kinds, about, f"{may.words}{' (at the door)' if may.at_the_door else ''}"]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page())
