"""A workflow that is not what it declares, or stands in the wrong place, is refused before anything starts."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

import gpbot
from gpbot import bootstrap, rights
from gpbot.bootstrap import WORKFLOWS
from gpbot.clock import SystemClock
from gpbot.crypto import Vault, new_master_key
from gpbot.db import Database
from gpbot.keyring import KeyRing
from gpbot.kit import Kit, Surface, Workflow, WrongPlug, plug, routes
from gpbot.questions.plugin import WORKFLOW as QUESTIONS
from gpbot.reports.plugin import WORKFLOW as REPORTS
from gpbot.settings import Settings
from gpbot.slack import on
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.gateway import Gateway
from gpbot.slack.identity import Identity
from gpbot.slack.on import declared
from gpbot.slack.requests import Click
from tests.house import rights_page
from tests.running import ROOT

NOBODY = Identity(team_id="", team_name="", bot_user_id="", bot_id="", bot_name="")
APART = {"practice", "tour", "cli", "__main__"}  # which answer nothing


@pytest.fixture
def kit() -> Iterator[Kit]:
    """Without a database and without Slack: nothing is asked of either before gpbot starts."""
    settings = Settings(
        slack_bot_token="",
        gpbot_keys=(),
        community_name="",
        champions=(),
        escalation_contacts=(),
        external_help="",
        triage_channel="",
    )
    database = Database("sqlite:///nowhere.sqlite3", clock=SystemClock())
    yield Kit(settings, database, KeyRing(Vault([new_master_key()]), b""))
    database.close()


def plugged(kit: Kit, *workflows: Workflow) -> Surface:
    for each in workflows:
        each.use_cases(kit)
    slack = Surface(kit, Gateway("", "http://127.0.0.1:9/"), NOBODY)
    try:
        plug(workflows, kit, slack)
    finally:
        slack.windows.stop()
    return slack


def with_another(name: str, workflow: Workflow) -> list[Workflow]:
    return [workflow if each.name == name else each for each in WORKFLOWS]


def test_all_of_gpbot_plugs_in(kit: Kit) -> None:
    slack = plugged(kit, *WORKFLOWS)
    assert len(slack.routes.actions) + len(slack.routes.submissions) > 100
    assert slack.at_start


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.name)
def test_listeners_that_are_not_declared_are_refused(kit: Kit, workflow: Workflow) -> None:
    """They would answer, and be missing in the manifest and wherever every button is pressed."""
    short = replace(workflow, listeners=workflow.listeners[1:])
    with pytest.raises(WrongPlug, match=f"{workflow.name} declares listeners"):
        plugged(kit, *with_another(workflow.name, short))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.name)
def test_a_surface_that_forgets_what_is_declared_is_refused(kit: Kit, workflow: Workflow) -> None:
    """Its buttons would be drawn, and nothing would answer them."""
    idle = replace(workflow, surface=lambda _kit, _slack: None)
    with pytest.raises(WrongPlug):
        plugged(kit, *with_another(workflow.name, idle))


@pytest.mark.parametrize("workflow", [each for each in WORKFLOWS if each.jobs], ids=lambda each: each.name)
def test_jobs_that_are_not_declared_or_not_sent_are_refused(kit: Kit, workflow: Workflow) -> None:
    more = replace(workflow, jobs=(*workflow.jobs, "nobody's"))
    with pytest.raises(WrongPlug, match=f"{workflow.name} declares jobs"):
        plugged(kit, *with_another(workflow.name, more))


def test_a_workflow_stands_above_what_it_asks_for(kit: Kit) -> None:
    order = list(WORKFLOWS)
    order.remove(QUESTIONS)
    order.insert(order.index(REPORTS), QUESTIONS)
    with pytest.raises(WrongPlug, match=r"nobody below has added gpbot\.reports\.filing\.Filing"):
        plugged(kit, *order)


def test_a_workflow_that_others_ask_for_is_not_left_out(kit: Kit) -> None:
    with pytest.raises(WrongPlug, match="nobody below has added"):
        plugged(kit, *(each for each in WORKFLOWS if each is not REPORTS))


def test_a_workflow_is_plugged_in_once(kit: Kit) -> None:
    with pytest.raises(WrongPlug, match="there are two of"):
        plugged(kit, *WORKFLOWS, QUESTIONS)


def test_two_do_not_send_jobs_of_one_kind(kit: Kit) -> None:
    slack = plugged(kit, *WORKFLOWS)
    with pytest.raises(WrongPlug, match="two send jobs of the kind report"):
        slack.handle("report", kit.sealed_jobs)


class Thanks:
    """A trial workflow's listeners."""

    @on.click("thanks.open", may=rights.ANYONE)
    def open_form(self, _asked: Click) -> Answer:
        return Nothing()

    @on.click("thanks.list")
    def turn_list(self, _asked: Click) -> Answer:
        return Nothing()


def thanks(listeners: type) -> Workflow:
    def surface(_kit: Kit, slack: Surface) -> None:
        slack.listen(listeners())

    return Workflow(name="thanks", use_cases=lambda _kit: None, surface=surface, listeners=(listeners,))


def test_a_workflow_in_which_a_route_does_not_say_who_may_press_it_does_not_start(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = re.escape("thanks does not say who may press thanks.list: write may=… where it is declared")
    with pytest.raises(WrongPlug, match=words):
        plugged(kit, *WORKFLOWS, thanks(Thanks))
    with pytest.raises(WrongPlug, match=words):
        routes([*WORKFLOWS, thanks(Thanks)])
    monkeypatch.setattr(bootstrap, "WORKFLOWS", [*WORKFLOWS, thanks(Thanks)])
    with pytest.raises(WrongPlug, match=words):
        bootstrap.app_manifest(kit.settings, url=None)


def test_the_same_workflow_starts_when_each_of_its_routes_says_who_may_press_it(kit: Kit) -> None:
    """The control."""

    class WholeThanks(Thanks):
        open_form = Thanks.open_form
        turn_list = on.click("thanks.all", may=rights.CHAMPIONS)(lambda _self, _asked: Nothing())

    assert {"thanks.open", "thanks.all"} <= plugged(kit, *WORKFLOWS, thanks(WholeThanks)).routes.actions.keys()


def test_the_page_of_who_may_press_what_is_what_the_routes_say() -> None:
    """`python -m tests.house.rights_page` writes it."""
    assert rights_page.PAGE.read_text() == rights_page.page()
    assert "thanks.all" not in rights_page.page()


def test_every_folder_with_a_plugin_is_a_workflow() -> None:
    folders = {each.parent.name for each in (ROOT / "gpbot").glob("*/plugin.py")}
    assert folders == {each.name for each in WORKFLOWS}


def test_whatever_is_marked_in_the_code_belongs_to_a_workflow() -> None:
    """A class of listeners that nobody plugs in would fail nothing else."""
    marked = {
        thing
        for module in pkgutil.walk_packages(gpbot.__path__, "gpbot.")
        if module.name.split(".")[1] not in APART
        for thing in vars(importlib.import_module(module.name)).values()
        if isinstance(thing, type) and thing.__module__ == module.name and any(declared(thing))
    }
    assert marked == {listeners for each in WORKFLOWS for listeners in each.listeners}
    assert len(routes(WORKFLOWS)) == sum(1 for each in marked for _ in declared(each))


def test_the_operator_s_commands_in_a_folder_are_those_its_workflow_declares() -> None:
    """Else nobody could type them."""
    declared = {each.name: each.commands for each in WORKFLOWS if each.commands}
    there = {path.parent.name for path in (ROOT / "gpbot").glob("*/commands.py")}
    assert len(there) > 1
    assert declared == {name: f"gpbot.{name}.commands" for name in there}
