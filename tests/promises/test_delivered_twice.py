"""What is delivered twice, to two processes of one database, happens once and is said once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from gpbot.bootstrap import Gpbot, build
from gpbot.tables import metadata
from gpbot.web.server import WebServer, wsgi_app
from tests.databases import Kind
from tests.scenarios.doing import add, close_report, open_from_home, write_to_reporter
from tests.stage import Stage, begun_stage

ANSWER = "It is pinned in the shelters channel."
PASSING = {"job", "lane", "report_window", "audit_entry", "audit_head"}  # how it came about, and not what there is


class Both:
    """Two processes, as one to those who wait until nothing is under way."""

    def __init__(self, one: Gpbot, other: Gpbot) -> None:
        self._one = one
        self._other = other
        self.windows = self

    def settle(self) -> None:
        for each in (self._one, self._other):
            each.settle()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._one, name)


@contextmanager
def delivered_twice(community: Stage) -> Iterator[None]:
    """Everything that people do: to two processes, or twice to the one that SQLite bears."""
    community.workspace.faults.deliveries(duplicate=True, times=None)
    if community.settings.database_url.startswith("sqlite"):
        yield
        return
    one, other = community.bot, build(community.settings, clock=community.clock)
    web = WebServer(wsgi_app(other.app, other.health), host="127.0.0.1", port=0)
    web.start()
    community.bot = Both(one, other)  # type: ignore[assignment]
    addresses = [f"http://127.0.0.1:{each.port}/slack/events" for each in (community.web, web)]
    community.workspace.deliver_to(*addresses)
    try:
        yield
    finally:
        community.workspace.deliver_to(addresses[0])
        community.bot = one
        web.stop()
        other.stop()


def play(community: Stage) -> None:
    """A walk through what people do: commands, buttons, forms in one window and on top of another."""
    c = community
    sample = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
    c.bot.records.guidelines.publish(sample, is_major=True, changes="", attribution="", by="operator")
    zoe = c.add_person("Zoe Newcomer")
    c.later(seconds=91)
    zoe.press("I agree", within=zoe.inbox[0])
    c.settle()
    c.report(c.mona)
    c.look_away(c.mona)
    c.open_stub(c.ben)
    c.press(c.ben, "Claim")
    write_to_reporter(c, c.ben, "When was it?")
    open_from_home(c, c.mona)
    add(c, c.mona, "On Monday.")
    c.open_stub(c.ben)
    close_report(c, c.ben)
    c.look_away(c.mona, c.ben)
    c.mona.command("/ask")
    c.settle()
    c.mona.fill("Your question", "Where do I find the list?")
    c.mona.submit()
    c.settle()
    c.look_away(c.mona)
    [card] = [said for said in c.ben.read(c.triage) if said.text.startswith("*A question")]
    c.ben.press("Answer", within=card)
    c.settle()
    c.ben.fill("Answer", ANSWER)
    c.ben.submit()
    c.settle()
    c.look_away(c.ben)


def rows(community: Stage) -> dict[str, int]:
    """How many each table holds, but for what passes."""
    tables = [table for table in metadata.sorted_tables if table.name not in PASSING]
    with community.bot.records.database.read() as session:
        return {each.name: session.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}


def said(community: Stage) -> Counter[str]:
    """How often gpbot told anybody something new: what it draws again in its place is nothing new."""
    new = {"chat.postMessage", "chat.postEphemeral", "views.open", "views.push", "response_url"}
    calls = [call for call in community.workspace.calls if call.method in new and call.response.get("ok", True)]
    return Counter(call.method for call in calls if not call.args.get("replace_original"))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], Counter[str]]:
    with begun_stage("sqlite", tmp_path_factory.mktemp("once")) as community:
        play(community)
        return rows(community), said(community)


def test_everything_delivered_twice_is_done_once_and_said_once(
    kind: Kind, tmp_path: Path, once: tuple[dict[str, int], Counter[str]]
) -> None:
    with begun_stage(kind, tmp_path) as community:
        with delivered_twice(community):
            play(community)
        assert rows(community) == once[0]
        assert said(community) == once[1]
