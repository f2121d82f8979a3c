"""A practice workspace with gpbot's manifest installed, and a gateway into it, without gpbot itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gpbot.practice import App, Server, Workspace
from gpbot.practice.person import Person
from gpbot.slack.gateway import Gateway
from tests.clocks import StoppedClock
from tests.running import app_manifest_over_http


@dataclass
class Slack:
    workspace: Workspace
    app: App
    gateway: Gateway
    clock: StoppedClock
    mona: Person


@pytest.fixture
def slack() -> Iterator[Slack]:
    clock = StoppedClock()
    workspace = Workspace("Good Practice Network", clock=clock)
    with Server(workspace) as server:
        app = workspace.install(app_manifest_over_http())
        mona = workspace.add_person("Mona Said", announce=False)
        yield Slack(workspace, app, Gateway(app.bot_token, server.api_url), clock, mona)
