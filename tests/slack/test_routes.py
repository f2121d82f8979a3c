"""A method says what it answers; each id is answered by one listener, and a second one for it is an error."""

from collections.abc import Callable

import pytest

from gpbot import rights
from gpbot.bootstrap import WORKFLOWS
from gpbot.kit import routes as routes_of_all
from gpbot.refusals import Refusal
from gpbot.slack import on
from gpbot.slack.answers import Answer, Nothing, Say
from gpbot.slack.blocks import View
from gpbot.slack.events import Events
from gpbot.slack.on import Kind, TakenTwice, action_key, declared, routes_of
from gpbot.slack.requests import Click, Command, Event, Shortcut, Submission
from gpbot.slack.routes import Routes
from tests.stage import Stage


class Everything:
    def __init__(self) -> None:
        self.heard: list[str] = []

    @on.command("/report", description="…", hint="[words]")
    def report(self, _asked: Command) -> Answer:
        return Say("the command")

    @on.subcommand("/report", "mine")
    def list_mine(self, _asked: Command) -> Answer:
        return Say("the subcommand")

    @on.shortcut("report.new", name="Report", description="…")
    @on.click("report.open")
    @on.click("report.more")
    def open_report(self, _asked: Click | Shortcut) -> Answer:
        return Nothing()

    @on.submission("report.form")
    def save(self, _asked: Submission) -> Answer:
        return Nothing()

    @on.message_shortcut("report.this", name="Report this", description="…")
    def report_this(self, _asked: Shortcut) -> Answer:
        return Nothing()

    @on.event("team_join")
    @on.event("user_change")
    def follow(self, event: Event) -> None:
        self.heard.append(event.type)


class AnotherClick:
    @on.click("report.open")
    def open_it(self, _asked: Click) -> Answer:
        return Nothing()


class AnotherShortcut:
    @on.message_shortcut("report.new", name="Report", description="…")
    def report(self, _asked: Shortcut) -> Answer:
        return Nothing()


class AnotherEvent:
    @on.event("team_join")
    def follow(self, _event: Event) -> None:
        """The same event may be heard by many."""


def test_what_is_declared_is_known_without_an_object_and_in_the_order_of_the_code() -> None:
    assert [(name, route.kind, route.id) for name, route in declared(Everything)] == [
        ("report", Kind.COMMAND, "/report"),
        ("list_mine", Kind.SUBCOMMAND, "/report mine"),
        ("open_report", Kind.SHORTCUT, "report.new"),
        ("open_report", Kind.CLICK, "report.open"),
        ("open_report", Kind.CLICK, "report.more"),
        ("save", Kind.SUBMISSION, "report.form"),
        ("report_this", Kind.MESSAGE_SHORTCUT, "report.this"),
        ("follow", Kind.EVENT, "team_join"),
        ("follow", Kind.EVENT, "user_change"),
    ]


def test_an_object_answers_whatever_its_class_declares() -> None:
    routes, events, listeners = Routes(), Events(), Everything()
    routes.add(listeners)
    events.add(listeners)
    assert routes.commands == {"/report": listeners.report}
    assert routes.actions == {"report.open": listeners.open_report, "report.more": listeners.open_report}
    assert routes.shortcuts == {"report.new": listeners.open_report}
    assert routes.message_shortcuts == {"report.this": listeners.report_this}
    assert routes.submissions == {"report.form": listeners.save}
    events.dispatch(Event(type="user_change", event_id="Ev1", body={}))
    assert listeners.heard == ["user_change"]


@pytest.mark.parametrize("text", ["mine", " Mine ", "MINE"])
def test_a_subcommand_goes_before_its_command(text: str) -> None:
    routes = Routes()
    routes.add(Everything())
    asked = Command(user_id="U1", name="/report", text=text)
    found = routes.command(asked)
    assert found is not None
    assert found(asked) == Say("the subcommand")


@pytest.mark.parametrize("text", ["", "mine and more", "yours"])
def test_other_words_are_the_command_s_own(text: str) -> None:
    routes = Routes()
    routes.add(Everything())
    asked = Command(user_id="U1", name="/report", text=text)
    found = routes.command(asked)
    assert found is not None
    assert found(asked) == Say("the command")
    assert routes.command(Command(user_id="U1", name="/mine", text=text)) is None


@pytest.mark.parametrize("another", [AnotherClick, AnotherShortcut, Everything])
def test_an_id_has_one_listener_and_both_kinds_of_shortcut_share_one_list_as_in_slack(another: type) -> None:
    routes, first = Routes(), Everything()
    routes.add(first)
    with pytest.raises(TakenTwice):
        routes_of([Everything, another])
    with pytest.raises(TakenTwice):
        routes.add(another())
    assert routes.actions["report.open"] == first.open_report


def test_an_event_may_be_heard_by_many() -> None:
    assert len(routes_of([Everything, AnotherEvent])) == len(routes_of([Everything])) + 1


class ForSome:
    @on.click("list.champions", may=rights.CHAMPIONS)
    @on.click("list.anyone", may=rights.ANYONE)
    @on.click("list.theirs", may=rights.for_role("who may read it"))
    def press(self, _asked: Click) -> Answer:
        return Nothing()


def test_what_takes_a_role_and_nothing_else_is_asked_before_the_listener_whatever_that_asks() -> None:
    routes = Routes()
    routes.add(ForSome())

    def press(who: str, action_id: str) -> Answer:
        return routes.actions[action_id](Click(user_id=who, action_id=action_id))

    with pytest.raises(Refusal):
        press("ben", "list.champions")  # nobody has said who holds a role
    routes.asks_roles({"ben": "champion", "edith": "contact"}.get)
    assert press("ben", "list.champions") == Nothing()
    for who in ("edith", "mona"):
        with pytest.raises(Refusal) as no:
            press(who, "list.champions")
        assert no.value.words == "This is for champions."
        assert press(who, "list.anyone") == press(who, "list.theirs") == Nothing()
    shown: list[Callable[[], View]] = []

    def show(_asked: Click, build: Callable[[], View]) -> None:
        shown.append(build)

    routes.asks_roles({"ben": "contact"}.get, show)
    assert press("mona", "list.champions") == Nothing()
    with pytest.raises(Refusal):
        shown[0]()  # in a window, as listeners refuse


def test_what_follows_the_colon_keeps_ids_apart_in_a_view_and_is_no_part_of_the_route() -> None:
    assert action_key("report.open:3") == action_key("report.open") == "report.open"
    with pytest.raises(ValueError, match="for views"):
        on.click("report.open:3")


def test_gpbot_answers_what_is_declared_and_nothing_else(community: Stage) -> None:
    routes = community.bot.routes
    answered = {
        Kind.COMMAND: set(routes.commands),
        Kind.SUBCOMMAND: set(routes.subcommands),
        Kind.CLICK: set(routes.actions),
        Kind.SUBMISSION: set(routes.submissions),
        Kind.SHORTCUT: set(routes.shortcuts),
        Kind.MESSAGE_SHORTCUT: set(routes.message_shortcuts),
        Kind.EVENT: set(community.bot.events.types),
    }
    found = routes_of_all(WORKFLOWS)
    for kind in Kind:
        assert {each.id for each in found if each.kind is kind} == answered[kind]
        assert answered[kind]
