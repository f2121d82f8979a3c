"""A town in which there is one of everything that a route can be about, and how each route is pressed there."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.test import Client

from gpbot.bootstrap import WORKFLOWS
from gpbot.crypto import DataKey, Vault
from gpbot.kit import routes
from gpbot.outbox.types import Refused
from gpbot.practice.delivery import Courier
from gpbot.refusals import Refusal
from gpbot.reports import ids
from gpbot.rights import Right, Subject, Who
from gpbot.slack.on import Kind as Does
from gpbot.slack.on import Route
from gpbot.web.server import SLACK_PATH, wsgi_app
from tests import nets
from tests.databases import Kind
from tests.promises.worlds import Plain, World, submit, world

ROUTES = [each for each in routes(WORKFLOWS) if each.kind is not Does.EVENT]
ACTIONS = sorted(each.id for each in ROUTES if each.kind is Does.CLICK)
FORMS = sorted(each.id for each in ROUTES if each.kind is Does.SUBMISSION)
KINDS_OF_PEOPLE = {
    "gus": Who.GUEST,
    "nadia": Who.MEMBER,  # who has nothing to do with any of it
    "tom": Who.MEMBER,  # whom the report is about, and who proposed the channel
    "zoe": Who.MEMBER,  # a newcomer, who looks after that channel
    "mona": Who.MEMBER,  # who reported, asked and wrote the concern
    "dora": Who.MEMBER,  # a champion who is none any more, and read the report
    "amina": Who.CHAMPION,  # whom the report and the concern are about
    "ben": Who.CHAMPION,  # who reads all of it
    "chloe": Who.CHAMPION,  # who stepped back from the report
    "edith": Who.CONTACT,  # whom the reporter ruled out
    "farid": Who.CONTACT,  # who declared a conflict with the reporter
}
CHAMPIONS = {"amina", "ben", "chloe"}
ITS_OWN = {"id", "hash", "root_view_id", "previous_view_id", "block_id", "ts", "event_ts", "trigger_id"}
NOTHING = Subject(name="nothing")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a press was answered with."""

    seen: list[str]  # words, and what the client received, without what tells one message from the next
    said: str  # the words of the last of it
    refused: tuple[str, ...]  # what it was refused with
    work: Counter[str] = field(compare=False)  # statements, and what was unsealed


@dataclass
class Town:
    here: World
    refused: list[str] = field(default_factory=list)  # since the last press
    broken: list[str] = field(default_factory=list)  # of those, what is gpbot's fault
    turns: int = 0  # people write something else each time: the same once more is one
    ended: dict[Subject, dict[str, str]] = field(default_factory=dict)
    theirs: dict[Subject, str] = field(default_factory=dict)  # that of those who have a right to it

    def press(self, who: str, route: Route, value: str) -> Heard:
        """What is enqueued is sent when somebody lets it `settle`."""
        c, person = self.here.c, self.here.person(who)
        self.make_ready(who, route)
        before = len(c.workspace.sights)
        self.refused.clear()
        with working(self.here) as work:
            self.do(who, route, value)
            c.bot.windows.settle()
        plain, sights = Plain(), [sight for them, sight in c.workspace.sights[before:] if person.id in them]
        return Heard(
            seen=[plain(f"{sight.where}: {sight.text} {_alike(sight.raw)}") for sight in sights],
            said=sights[-1].text if sights else "",
            refused=tuple(self.refused),
            work=work,
        )

    def make_ready(self, who: str, route: Route) -> None:
        """Nothing is in front of them but the form in which it stands."""
        person = self.here.person(who)
        self.here.c.look_away(person)
        if route.id in nets.of_all().in_a_form and route.kind is Does.CLICK:
            person.send_action(ids.HIDING)
            self.here.c.bot.windows.settle()

    def do(self, who: str, route: Route, about: str) -> None:
        person, general = self.here.person(who), self.here.c.general
        value = nets.of_all().values.get(route.id, "{}").format(about)
        in_a_form = nets.of_all().in_a_form
        match route.kind:
            case Does.CLICK if route.id in in_a_form:
                view = {**person.modals[-1].raw, "callback_id": in_a_form[route.id], "private_metadata": value}
                person.send_action(route.id, value, within=person.modals[-1], view=view)
            case Does.CLICK:
                person.send_action(route.id, value)
            case Does.SUBMISSION:
                submit(person, route.id, value, self._filled())
            case Does.COMMAND | Does.SUBCOMMAND:
                command, _, word = route.id.partition(" ")
                person.command(command, word, channel=general)
            case Does.SHORTCUT:
                person.shortcut(route.name)
            case Does.MESSAGE_SHORTCUT:
                person.message_shortcut(route.name, person.read(general)[-1])
            case _:
                raise AssertionError(route.id)

    def _filled(self) -> dict[str, Any]:
        """Every field of every form."""
        return {block_id: block for each in nets.each() for block_id, block in each.filled(self).items()}

    def settle(self) -> None:
        self.here.c.bot.settle()

    def turn_to(self, who: str) -> None:
        """Whose presses come next, within one moment: what is known for some minutes is known for all of them."""
        self.here.c.clock.advance(seconds=5)
        self.turns += 1
        self.here.c.bot.accounts.find_out(self.here.person(who).id)
        self.here.c.bot.records.places.find_out(self.here.c.triage.id)

    def another(self, about: Subject | None, who: str) -> str:
        """One more for those who have a right to it; a draft is of who asks for one."""
        make = nets.of_all().another
        return str(make[about](self, who)) if about and about in make else self.the_one(about)

    def the_one(self, about: Subject | None) -> str:
        return self.theirs[about] if about and about in self.theirs else value_in(self.here, about)


def may_press(route: Route) -> set[str]:
    """Who of the town's people."""
    right = right_of(route)
    return {who for who, kind in KINDS_OF_PEOPLE.items() if kind in right.who} & people_with(right)


def people_with(right: Right) -> set[str]:
    """Of whom it is true, of what is in the town; what is not personal, anybody of its kinds may."""
    if not right.is_personal:
        return {*KINDS_OF_PEOPLE}
    found = nets.of_all().of_whom
    assert right in found, f"say in nets.py beside the workflow who in a town is “{right.words}”: of_whom={{…}}"
    return {*found[right]}


def value_in(world: World, about: Subject | None) -> str:
    """As it stands in a button."""
    if about is None:
        return ""
    found = nets.of_all().in_world
    assert about in found, f"say in nets.py beside the workflow what {about.name} is in a world: in_world={{…}}"
    return found[about](world)


def right_of(route: Route) -> Right:
    assert route.may is not None
    return route.may


@contextmanager
def town(kind: Kind) -> Iterator[Town]:
    with world(has_report=True, kind=kind) as here, pytest.MonkeyPatch.context() as patch:
        made = Town(here)
        errors = here.c.bot.surface.errors
        words = errors.words

        def noted(error: BaseException) -> str:
            made.refused.append(type(error).__name__)
            if not isinstance(error, Refusal | Refused):  # it is Slack that will not show it
                made.broken.append(type(error).__name__)
            return words(error)

        patch.setattr(errors, "words", noted)
        _deliver_in_this_thread(here, patch)
        _people(here)
        for each in nets.each():
            each.begin(made)
        here.c.settle(30)  # cards go one a second
        yield made


def _deliver_in_this_thread(here: World, patch: pytest.MonkeyPatch) -> None:
    """What Slack brings goes through all of the web server but its sockets, which take as long as all the rest."""
    bot, post = Client(wsgi_app(here.c.bot.app, here.c.bot.health)), Courier._post

    def bring(self: Courier, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        if self.workspace is not here.c.workspace:
            return post(self, body, headers)
        answer = bot.post(SLACK_PATH, data=body, headers=dict(headers))
        return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.data

    patch.setattr(Courier, "_post", bring)


def _people(here: World) -> None:
    here.c.add_person("Dora Vell")
    here.c.people["gus"] = here.c.workspace.add_person("Gus Guest", guest=True)
    for name in ("dora", "gus"):
        here.c.workspace.invite(here.c.general, here.person(name))
    here.person("tom").say("Hello!", to=here.c.general)
    here.c.bot.records.people.add_champion(here.person("dora").id, by="operator")
    here.c.bot.learn_names()
    here.settle()


@contextmanager
def working(here: World) -> Iterator[Counter[str]]:
    """How many statements the database is asked, and how often something sealed is opened."""
    work: Counter[str] = Counter()

    def count(*_: object) -> None:
        work["statements"] += 1

    def counted(opening: Any) -> Any:
        def open_(self: Any, sealed: bytes) -> Any:
            work["openings"] += 1
            return opening(self, sealed)

        return open_

    engine = here.c.bot.records.database.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for sealer in (Vault, DataKey):
                patch.setattr(sealer, "open", counted(sealer.open))
            yield work
    finally:
        event.remove(engine, "before_cursor_execute", count)


def _alike(raw: Any) -> Any:
    match raw:
        case dict():
            return {name: _alike(value) for name, value in raw.items() if name not in ITS_OWN}
        case list():
            return [_alike(each) for each in raw]
    return raw
