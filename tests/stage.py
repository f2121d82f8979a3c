"""A community on a stopped clock: the practice workspace, gpbot behind real HTTP, and its people."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from gpbot.bootstrap import Gpbot, app_manifest, build
from gpbot.clock import Clock
from gpbot.crypto import new_master_key
from gpbot.practice import App, Server, Workspace, web_api
from gpbot.practice.person import Person
from gpbot.practice.state import Call, Channel
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from gpbot.settings import Settings
from gpbot.web.server import WebServer, wsgi_app
from tests.clocks import MONDAY, StoppedClock
from tests.databases import Kind, fresh_database
from tests.waiting import HANGING

__all__ = ["HELP", "MONDAY", "ORGANISATIONS", "Begun", "Stage", "StoppedClock", "begun_stage", "is_none", "stage"]

ORGANISATIONS = {  # which is not what their profiles say they do
    "Amina Okafor": "Harbour Aid",
    "Ben Adeyemi": "City Welcome",
    "Chloe Martin": "City Welcome",
    "Edith Shaw": "Fair Hearing",
    "Farid Khan": "Open Door",
}
HELP = "help@outside.example"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A community that has settled after its first start."""

    keys: tuple[str, ...]
    asked: tuple[Call, ...]  # of Slack until then
    at: datetime


@dataclass
class Stage:
    """Everything a test needs, by name."""

    clock: StoppedClock
    workspace: Workspace
    server: Server
    app: App
    settings: Settings
    triage: Channel
    general: Channel
    proposals: Channel
    people: dict[str, Person]
    # Of a community that was kept: reports, questions, … by what they are.
    things: Mapping[str, Mapping[str, UUID]] = field(default_factory=dict)
    # What gpbot's machine takes for the time, where that is not what Slack does.
    machine: Clock | None = field(init=False, default=None)
    bot: Gpbot = field(init=False)
    web: WebServer = field(init=False)

    def __getattr__(self, name: str) -> Person:
        people: dict[str, Person] = self.__dict__["people"]
        if name not in people:
            raise AttributeError(name)
        return people[name]

    @property
    def champions(self) -> list[Person]:
        return [self.people[name] for name in ("amina", "ben", "chloe")]

    @property
    def contacts(self) -> list[Person]:
        return [self.people[name] for name in ("edith", "farid")]

    def start(self) -> None:
        """A fresh process on the same database, as far as a test can tell."""
        self.bot = build(self.settings, clock=self.machine or self.clock)
        self.bot.begin()
        self._listen()

    def go_on(self, begun: Begun) -> None:
        """On a copy of its database, in a workspace that is asked once more what was asked until then."""
        self.bot = build(self.settings, clock=self.machine or self.clock)
        for call in begun.asked[len(self.workspace.calls) :]:
            self.clock.at = call.at
            request = web_api.Request(method=call.method, token=self.app.bot_token, args=call.args)
            with self.workspace.acting(wait=False):
                reply = web_api.call(self.workspace, request)
                web_api.note(self.workspace, request, reply.body, reply.status)
            assert reply.body == call.response, call.method
        self.clock.at = begun.at
        self._listen()

    def _listen(self) -> None:
        self.web = WebServer(wsgi_app(self.bot.app, self.bot.health), host="127.0.0.1", port=0)
        self.web.start()
        self.workspace.deliver_to(f"http://127.0.0.1:{self.web.port}/slack/events")

    def stop(self) -> None:
        self.web.stop()
        self.bot.stop()

    def restart(self) -> None:
        self.stop()
        self.start()

    def settle(self, seconds: int = 3) -> None:
        """Let everything that waits be sent; lanes go one message a second, so the clock moves a little."""
        self.bot.settle()
        for _ in range(seconds):
            self.clock.advance(seconds=1)
            self.bot.settle()

    def later(self, **time: float) -> None:
        self.clock.advance(**time)
        self.settle()

    def add_person(self, name: str, title: str = "") -> Person:
        person = self.workspace.add_person(name, title=title)
        self.people[name.split(maxsplit=1)[0].lower()] = person
        return person

    # What people do so often that it has a name here.

    def report(
        self,
        who: Person,
        what: str = "He keeps writing to me at night.",
        *,
        about: Sequence[Person] = (),
        keep_out: Sequence[Person] = (),
        outside: bool = False,
        show_name: bool = False,
    ) -> None:
        """Fill in the form and send it; the receipt is open at the end."""
        self.review(who, what, about=about, keep_out=keep_out, outside=outside, show_name=show_name)
        self.answer_none(who)
        who.submit()
        self.settle()

    def answer_none(self, who: Person) -> None:
        """Where the list in front wants an answer and nobody is ticked: *None of them*."""
        assert who.modal is not None
        if f"☐ {NONE_OF_THEM}" in who.modal.text and "☑" not in who.modal.text:
            boxes = [each for each in who.modal.controls if any(is_none(option) for option in each.options)]
            who.fill_this(boxes[-1], [NONE_OF_THEM], within=who.modal)
            self.bot.windows.settle()

    def review(
        self,
        who: Person,
        what: str,
        *,
        about: Sequence[Person] = (),
        keep_out: Sequence[Person] = (),
        outside: bool = False,
        show_name: bool = False,
    ) -> None:
        """Fill in the form and press Next."""
        who.command("/report")
        self.bot.windows.settle()
        who.fill("What happened", what)
        if about:
            who.fill("Who is it about", list(about))
            self.bot.windows.settle()
        if keep_out:
            who.fill(LABEL, [person.user.real_name for person in keep_out])
        if outside:
            who.fill("Who should receive", ["Send only"])
        if show_name:
            who.fill("Show my name", "Yes")
        who.submit()
        self.bot.windows.settle()

    def open_stub(self, who: Person) -> None:
        """Press Open on the newest direct message."""
        self.look_away(who)
        who.press("Open", within=who.inbox[-1])
        self.settle()

    def press(self, who: Person, words: str) -> None:
        who.press(words)
        self.settle()

    def look_away(self, *people: Person) -> None:
        """Close whatever modals are open."""
        for person in people:
            while person.modals:
                person.dismiss(all=True)


def is_none(option: Mapping[str, Any]) -> bool:
    return bool(option["text"]["text"] == NONE_OF_THEM)


_BEGUN: dict[str, Begun] = {}  # by what the database's address begins with


def _begin(url: str) -> None:
    with TemporaryDirectory() as folder, stage(Path(folder), database_url=url) as here:
        # Not what a process of another test asks, which looks for its own Slack at this address.
        asked = tuple(call for call in here.workspace.calls if call.token == "bot")
        begun = Begun(keys=here.settings.gpbot_keys, asked=asked, at=here.clock.at)
    _BEGUN[url.partition(":")[0]] = begun


@contextmanager
def begun_stage(kind: Kind, folder: Path) -> Iterator[Stage]:
    """Like `stage`, but its first start is played once in a process; each test goes on from a copy of its own."""
    with (
        fresh_database(kind, folder, _begin) as url,
        stage(folder, database_url=url, begun=_BEGUN[url.partition(":")[0]]) as here,
    ):
        yield here


@contextmanager
def stage(
    folder: Path, *, database_url: str | None = None, begun: Begun | None = None, clock: StoppedClock | None = None
) -> Iterator[Stage]:
    clock = clock or StoppedClock()
    workspace = Workspace("Good Practice Network", clock=clock)
    workspace.ack_seconds = HANGING  # a slow machine breaks no promise that is tested here
    with Server(workspace) as server:
        settings = Settings(
            slack_bot_token="xoxb-not-installed-yet",
            slack_api_url=server.api_url,
            database_url=database_url or f"sqlite:///{folder / 'gpbot.sqlite3'}",
            gpbot_keys=begun.keys if begun else (new_master_key(),),
            community_name="Good Practice Network",
            champions=(),
            escalation_contacts=(),
            external_help=HELP,
            triage_channel="",
        )
        app = workspace.install(app_manifest(settings, url="http://127.0.0.1/slack/events"))
        people = {
            name.split(maxsplit=1)[0].lower(): workspace.add_person(name, title=title)
            for name, title in (
                ("Amina Okafor", "Harbour Aid"),
                ("Ben Adeyemi", "City Welcome"),
                ("Chloe Martin", "Open Door"),
                ("Edith Shaw", "Ombudsperson"),
                ("Farid Khan", "Trustee"),
                ("Mona Said", "New Roots"),
                ("Tom Reed", "Bridges"),
                ("Nadia Haddad", "Bridges"),
            )
        }
        everyone = list(people.values())
        triage = workspace.add_channel("champions-triage", private=True, members=everyone[:3])
        general = workspace.add_channel("general", members=everyone)
        proposals = workspace.add_channel("channel-proposals", members=everyone)
        workspace.invite(triage, app.bot_user_id)
        workspace.invite(proposals, app.bot_user_id)
        settings = replace(
            settings,
            slack_bot_token=app.bot_token,
            slack_signing_secret=app.signing_secret,
            champions=tuple(person.id for person in everyone[:3]),
            escalation_contacts=tuple(person.id for person in everyone[3:5]),
            organisations=tuple((person.id, ORGANISATIONS[person.user.real_name]) for person in everyone[:5]),
            triage_channel=triage.id,
            general_channel=general.id,
            proposals_channel=proposals.id,
        )
        here = Stage(
            clock=clock,
            workspace=workspace,
            server=server,
            app=app,
            settings=settings,
            triage=triage,
            general=general,
            proposals=proposals,
            people=people,
        )
        if begun:
            here.go_on(begun)
        else:
            here.start()
        try:
            if not begun:
                here.settle()
            yield here
            workspace.check()
        finally:
            here.stop()
