"""Connections over which Slack delivers: told to make way, still delivered to for some seconds, then closed."""

import json
import logging
import queue
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from gpbot.practice import App, Server, Workspace
from tests.waiting import HANGING


class PlainSocket:
    """A connection that reads, and answers when it is told to."""

    def __init__(self, app: App, server: Server) -> None:
        client = WebClient(app.app_token, base_url=server.api_url)
        self.heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._connection = Connection(
            url=client.apps_connections_open(app_token=app.app_token)["url"],
            logger=logging.getLogger("plain"),
            on_message_listener=lambda message: self.heard.put(json.loads(message)),
            on_close_listener=lambda _code, _reason: self.closed.set(),
        )
        self.closed = threading.Event()
        self._connection.connect()
        self._state = ConnectionState()  # type: ignore[no-untyped-call]
        self._reading = threading.Thread(target=self._connection.run_until_completion, args=(self._state,), daemon=True)
        self._reading.start()

    def answer(self, envelope_id: str) -> None:
        self._connection.send(json.dumps({"envelope_id": envelope_id}))

    def close(self) -> None:
        self._state.terminated = True
        with suppress(OSError, AttributeError):  # its reader may close it at the same moment
            sock: Any = self._connection.sock
            sock.shutdown(socket.SHUT_RD)  # or the reader would listen for three seconds more
            self._connection.close()
        self._reading.join(HANGING)


@contextmanager
def plain_socket(app: App, server: Server) -> Iterator[PlainSocket]:
    """One that Slack has greeted."""
    plain = PlainSocket(app, server)
    try:
        assert plain.heard.get(timeout=HANGING)["type"] == "hello"
        yield plain
    finally:
        plain.close()


def test_a_connection_that_was_told_to_make_way_is_still_delivered_to_and_each_answer_has_to_come_over_its_own(
    workspace: Workspace, app: App, server: Server
) -> None:
    amina = workspace.add_person("Amina Okafor")
    workspace.ack_seconds = HANGING
    with plain_socket(app, server) as first:
        workspace.sockets.linger_seconds = HANGING
        workspace.refresh_sockets()
        assert first.heard.get(timeout=HANGING)["type"] == "disconnect"
        assert workspace.connected == 0
        with plain_socket(app, server) as second, ThreadPoolExecutor(2) as pool:
            asking = [pool.submit(amina.command, "/report") for _ in range(2)]
            over = {each: each.heard.get(timeout=HANGING)["envelope_id"] for each in (first, second)}
            first.answer(over[second])
            workspace.wait_until(lambda: workspace.problems)
            for each, envelope_id in over.items():
                each.answer(envelope_id)
            for asked in asking:
                asked.result(HANGING)
    assert len(workspace.problems) == 1
    assert "on another connection than it came over" in workspace.problems.pop()


def test_slack_closes_what_it_told_to_make_way_whether_another_connection_came_or_not(
    workspace: Workspace, app: App, server: Server
) -> None:
    workspace.sockets.linger_seconds = 0.05
    with plain_socket(app, server) as only:
        workspace.refresh_sockets()
        assert only.closed.wait(HANGING)
    workspace.wait_until(lambda: workspace.sockets.open == 0)


def test_where_socket_mode_is_switched_off_no_connection_is_greeted(
    workspace: Workspace, app: App, server: Server
) -> None:
    workspace.sockets.switch(on=False)
    refused = PlainSocket(app, server)
    assert refused.heard.get(timeout=HANGING)["reason"] == "link_disabled"
    refused.close()
