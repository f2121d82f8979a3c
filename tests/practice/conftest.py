"""A practice workspace with people in it, a clock that stands still, and a small Bolt app to try it with."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App as BoltApp
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from waitress.server import create_server  # type: ignore[import-untyped]

from gpbot.practice import App, Server, Workspace
from tests.clocks import StoppedClock
from tests.waiting import HANGING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Helper", "description": "Helps."},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "helper"},
        "slash_commands": [
            {"command": "/report", "description": "Report a concern", "should_escape": True},
            {"command": "/plain", "description": "Unescaped"},
        ],
        "shortcuts": [
            {"name": "Report a concern", "type": "global", "callback_id": "report", "description": "…"},
            {"name": "Report to the Champions", "type": "message", "callback_id": "report_it", "description": "…"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "im:write",
                "im:history",
                "users:read",
                "users:read.email",
                "channels:read",
                "channels:history",
                "channels:manage",
                "channels:join",
                "groups:read",
                "pins:write",
                "pins:read",
            ]
        }
    },
    "settings": {
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "channel_created",
                "member_joined_channel",
                "message.channels",
                "message.im",
                "team_join",
                "user_change",
            ]
        },
    },
}


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def workspace(clock: StoppedClock) -> Workspace:
    return Workspace("Good Practice Network", clock=clock)


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    with Server(workspace) as server:
        yield server


@pytest.fixture
def app(workspace: Workspace, server: Server) -> App:
    return workspace.install(MANIFEST)


@pytest.fixture
def client(app: App, server: Server) -> WebClient:
    return WebClient(app.bot_token, base_url=server.api_url, retry_handlers=[], timeout=HANGING)


@dataclass
class Bot:
    """A Bolt app, and the bodies of everything it was sent."""

    bolt: BoltApp
    client: WebClient
    heard: list[dict[str, Any]] = field(default_factory=list)
    listening: set[str] = field(default_factory=set)

    def on(self, kind: str) -> Callable[..., Any]:
        """Listen to an event of this kind; others are acknowledged and that is all."""
        self.listening.add(kind)
        listener: Callable[..., Any] = self.bolt.event(kind)
        return listener

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [body["event"] for body in self.heard if body.get("event", {}).get("type") == kind]

    def last(self, kind: str) -> dict[str, Any]:
        return [body for body in self.heard if body.get("type") == kind or body.get("command") == kind][-1]


@pytest.fixture
def bot(app: App, client: WebClient) -> Bot:
    """Not connected yet: see `over_http` and `over_sockets`."""
    bolt = BoltApp(
        client=client,
        signing_secret=app.signing_secret,
        process_before_response=True,
        ignoring_self_events_enabled=False,
        token_verification_enabled=False,
    )
    bot = Bot(bolt, client)

    @bolt.middleware
    def hear(body: dict[str, Any], next: Callable[[], None]) -> None:  # noqa: A002 - Bolt's name
        bot.heard.append(body)
        next()

    def unheard(event: dict[str, Any]) -> bool:
        return event["type"] not in bot.listening

    @bolt.event(re.compile(".*"), matchers=[unheard])
    def take() -> None:
        """Acknowledged, as every event must be."""

    return bot


@pytest.fixture
def over_http(bot: Bot, workspace: Workspace) -> Iterator[Bot]:
    """The bot behind waitress, with signed deliveries."""
    http = create_server(SlackRequestHandler(bot.bolt), host="127.0.0.1", port=0, threads=4)
    over = threading.Event()

    def serve() -> None:
        # waitress has no way to be stopped from outside its own thread.
        while not over.is_set():
            http.asyncore.loop(timeout=0.05, map=http._map, count=1)
        http.task_dispatcher.shutdown()
        http.asyncore.close_all(map=http._map)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    workspace.deliver_to(f"http://127.0.0.1:{http.effective_port}/slack/events")
    yield bot
    over.set()
    thread.join(HANGING)


@pytest.fixture
def over_sockets(bot: Bot, app: App, server: Server, workspace: Workspace) -> Iterator[Bot]:
    """The bot on Bolt's built-in Socket Mode client."""
    web_client = WebClient(app.app_token, base_url=server.api_url)
    handler = SocketModeHandler(bot.bolt, app.app_token, web_client=web_client, ping_interval=0.5)
    handler.connect()  # type: ignore[no-untyped-call]
    workspace.wait_until(lambda: workspace.connected)
    yield bot
    # Its receiving thread sleeps for up to three seconds unless the other side ends the connection.
    handler.client.auto_reconnect_enabled = False
    workspace.break_sockets()
    workspace.wait_until(lambda: not handler.client.is_connected())
    handler.close()  # type: ignore[no-untyped-call]


@pytest.fixture(params=["HTTP", "Socket Mode"])
def anyhow(request: pytest.FixtureRequest) -> Bot:
    """The bot over either."""
    name = "over_http" if request.param == "HTTP" else "over_sockets"
    bot: Bot = request.getfixturevalue(name)
    return bot
