"""What the templates draw from: one person's screens, prepared for HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader

from gpbot.practice import ids
from gpbot.practice.pages import forms
from gpbot.practice.pages.mrkdwn import is_safe, mrkdwn, plain_text
from gpbot.practice.screens import pressable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

    from gpbot.practice.person import Person
    from gpbot.practice.screens import Screen
    from gpbot.practice.state import Channel, User
    from gpbot.practice.workspace import Workspace

TOGETHER: Final = timedelta(minutes=5)  # what one person says within that stands under one name
HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """A modal, a Home or a message with what stands in its fields."""

    screen: Screen
    on: str
    key: str
    blocks: list[Any]
    answers: Mapping[str, Any]
    marked: Mapping[str, str]
    has_controls: bool

    def answer(self, block: Mapping[str, Any], element: Mapping[str, Any]) -> Any:
        """What stands in this field: text, an option, an id, a list of those, or None."""
        entry = self.answers.get(block.get("block_id", ""), {}).get(element.get("action_id", ""), {})
        return next((value for name, value in entry.items() if name != "type"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message in a conversation; `first` says that another day or author begins with it."""

    surface: Surface
    author: str
    initials: str
    tone: int
    is_app: bool
    is_own: bool
    only_you: bool
    at: datetime
    day: str
    first: bool
    text: str
    edited: bool
    reply: bool
    replies: int
    files: list[str]
    menu: list[Any]
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One line of the list of conversations."""

    path: str
    words: str
    sign: str
    unread: int
    is_here: bool
    is_private: bool = False


@dataclass(slots=True)
class Reading:
    """What each person has already looked at, which is what unread marks go by."""

    _looked: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)

    def look(self, person: Person, place_id: str, said: Iterable[Screen]) -> None:
        self._looked[person.id, place_id] = {(screen.kind, screen.ts) for screen in said}

    def unread(self, person: Person, place_id: str, said: Iterable[Screen]) -> int:
        looked = self._looked.get((person.id, place_id), set())
        own = person.user.shown_name
        return sum((screen.kind, screen.ts) not in looked and screen.author != own for screen in said)


def environment(workspace: Workspace) -> Environment:
    """Templates in which everything is escaped unless a function here has made it safe."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def shown(text: Any) -> Markup:
        if not isinstance(text, dict):
            return plain_text("")
        words = str(text.get("text", ""))
        if text.get("type") == "mrkdwn":
            return mrkdwn(words, workspace.names, now=workspace.clock.now())
        return plain_text(words)

    templates.filters |= {
        "shown": shown,
        "mrkdwn": lambda words: mrkdwn(words, workspace.names, now=workspace.clock.now()),
        "local": lambda at: at.astimezone(),
        "name": lambda user_id: workspace.names.get(user_id, user_id),
        "safe_url": lambda url: url if is_safe(str(url)) else "",
        "local_input": lambda stamp: f"{datetime.fromtimestamp(stamp, tz=UTC).astimezone():%Y-%m-%dT%H:%M}",
        "rich_words": lambda rich: "".join(
            str(word.get("text", "")) for part in rich.get("elements", ()) for word in part.get("elements", ())
        ),
    }
    templates.globals |= {
        "field_name": forms.name_of,
        "press_of": forms.press_of,
        "options_of": options_of,
        "workspace": workspace,
    }
    return templates


def options_of(element: Mapping[str, Any]) -> list[tuple[str, list[tuple[int, Any]]]]:
    """The options with their numbers, by group; one group without a label where there are none."""
    if groups := element.get("option_groups"):
        number = 0
        found = []
        for group in groups:
            options = list(enumerate(group["options"], start=number))
            number += len(options)
            found.append((str(group["label"]["text"]), options))
        return found
    return [("", list(enumerate(element.get("options") or ())))]


def surface(person: Person, screen: Screen, refused: Mapping[str, str] | None = None) -> Surface:
    """A screen with its answers; `refused` are sentences of the client's own, by block_id."""
    controls = screen.controls
    return Surface(
        screen=screen,
        on=forms.place_of(screen),
        key=f"{screen.kind}-{screen.id}".replace(".", "-"),
        blocks=list(screen.raw.get("blocks", ())),
        answers=person.answers(screen) if any(not pressable(control) for control in controls) else {},
        marked={**screen.marked, **(refused or {})},
        has_controls=bool(controls),
    )


def conversation(person: Person, place: Channel, *, said: Iterable[Screen], menu: list[Any]) -> list[Said]:
    """A conversation, oldest first, each reply below what it answers."""
    workspace = person.workspace
    today = workspace.clock.now().astimezone().date()
    drawn: list[Said] = []
    last: tuple[str, bool] | None = None
    screens = list(said)
    for screen in _threaded(screens):
        author = _author(workspace, screen)
        at = datetime.fromtimestamp(float(screen.ts), tz=UTC).astimezone()
        days_ago = (today - at.date()).days
        day = {0: "Today", 1: "Yesterday"}.get(days_ago, f"{at:%A} {at.day} {at:%B}")
        thread = str(screen.raw.get("thread_ts") or "")
        reply = bool(thread) and thread != screen.ts
        this = (screen.author, reply)
        drawn.append(
            Said(
                surface=surface(person, screen),
                author=screen.author,
                initials=initials(screen.author),
                tone=tone(author.id if author else screen.author),
                is_app=bool(author and author.is_bot),
                is_own=author is not None and author.id == person.id,
                only_you=screen.kind == "ephemeral",
                at=at,
                day="" if drawn and drawn[-1].at.date() == at.date() else day,
                first=this != last or screen.kind == "ephemeral" or at - drawn[-1].at > TOGETHER,
                text=screen.raw.get("text", ""),
                edited=bool(screen.raw.get("edited")),
                reply=reply,
                replies=sum(each.raw.get("thread_ts") == screen.ts != each.ts for each in screens),
                files=[str(file["name"]) for file in screen.raw.get("files", ())],
                menu=menu if screen.kind == "message" else [],
                pinned=screen.ts in place.pins,
            )
        )
        last = this if screen.kind != "ephemeral" else None
    return drawn


def initials(name: str) -> str:
    """One or two letters that stand for a name where there is little room."""
    parts = [part for part in name.split() if part[0].isalnum()]
    return "".join(part[0] for part in [*parts[:1], *parts[1:][-1:]]).upper() or "?"


def tone(scope: str) -> int:
    """One of six tones, always the same for the same person."""
    return int(ids.digest("tone", scope, length=4), 16) % 6


def _author(workspace: Workspace, screen: Screen) -> User | None:
    return workspace.users.get(str(screen.raw.get("user", "")))


def _threaded(said: list[Screen]) -> list[Screen]:
    there = {screen.ts for screen in said}
    tops = [
        s for s in said if not (s.raw.get("thread_ts") and s.raw["thread_ts"] != s.ts and s.raw["thread_ts"] in there)
    ]
    answers = [s for s in said if s not in tops]
    return [each for top in tops for each in (top, *(s for s in answers if s.raw["thread_ts"] == top.ts))]
