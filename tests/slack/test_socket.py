"""Socket Mode: connected, renewed, and ended without dropping what is running."""

import asyncio
import json
import logging
import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from gpbot.practice.person import Person
from gpbot.practice.sockets import Sockets
from gpbot.slack.answers import Answer, Say
from gpbot.slack.app import build_app, cap_loggers
from gpbot.slack.errors import Funnel
from gpbot.slack.events import Events
from gpbot.slack.requests import Command
from gpbot.slack.routes import Routes
from gpbot.slack.socket import NotConnected, SocketMode, _Line, pause
from gpbot.web.server import MAX_BODY
from tests.relay import relay
from tests.slack.conftest import Slack
from tests.stage import HELP
from tests.waiting import HANGING


def socket_mode(slack: Slack, listener: Callable[[Command], Answer], *, app_token: str = "") -> SocketMode:
    routes = Routes()
    routes.commands["/report"] = listener
    app = build_app(
        client=slack.gateway.client,
        signing_secret="",
        identity=slack.gateway.identify(),
        routes=routes,
        events=Events(),
        errors=Funnel(HELP),
    )
    return SocketMode(app, app_token or slack.app.app_token, slack.gateway.client.base_url)


def hello(_asked: Command) -> Answer:
    return Say("hello")


def started(slack: Slack, listener: Callable[[Command], Answer] = hello) -> SocketMode:
    over_socket = socket_mode(slack, listener)
    over_socket.start()
    return over_socket


def test_what_people_do_is_answered_over_the_socket(slack: Slack) -> None:
    over_socket = started(slack)
    try:
        assert over_socket.is_connected
        assert slack.mona.command("/report").text == "hello"
    finally:
        over_socket.stop()
    slack.workspace.wait_until(lambda: slack.workspace.connected == 0)
    slack.workspace.check()


def test_a_proxy_is_left_aside_where_no_proxy_says_so(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    over_socket = socket_mode(slack, hello)
    over_socket.start()
    connected = over_socket.is_connected
    over_socket.stop()
    assert connected


def test_stopping_answers_what_is_in_hand_first(slack: Slack) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_asked: Command) -> Answer:
        begun.set()
        go_on.wait(HANGING)
        return Say("saved")

    over_socket = started(slack, slow)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(slack.mona.command("/report").text))
    asking.start()
    assert begun.wait(HANGING)
    stopping = threading.Thread(target=over_socket.stop)
    stopping.start()
    stopping.join(0.3)
    assert stopping.is_alive()
    go_on.set()
    stopping.join(HANGING)
    asking.join(HANGING)
    assert not stopping.is_alive()
    assert answers == ["saved"]
    slack.workspace.check()


def test_stopping_at_the_moment_of_connecting_does_not_wait_for_ever(slack: Slack) -> None:
    for _ in range(3):
        over_socket = started(slack)
        stopping = threading.Thread(target=over_socket.stop, daemon=True)
        stopping.start()
        stopping.join(HANGING)
        assert not stopping.is_alive()
        slack.workspace.wait_until(lambda: slack.workspace.connected == 0)


def test_where_slack_takes_no_more_sockets_it_is_not_said_to_be_ready(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            stack.callback(started(slack).stop)
        monkeypatch.setattr("gpbot.slack.socket.HELLO_SECONDS", 0.5)  # which never comes
        with pytest.raises(NotConnected):
            started(slack)
    slack.workspace.wait_until(lambda: slack.workspace.connected == 0)


def test_it_has_started_when_slack_delivers_also_where_the_first_handshake_fails(slack: Slack) -> None:
    over_socket = socket_mode(slack, hello)
    with relay(slack.workspace.base_url) as line, ThreadPoolExecutor(1) as pool:
        slack.workspace.base_url = line.url  # where the socket is to be opened
        line.cut()
        starting = pool.submit(over_socket.start)
        with pytest.raises(TimeoutError):
            starting.result(0.5)
        line.restore()
        starting.result(HANGING)
        try:
            assert slack.mona.command("/report").text == "hello"
        finally:
            over_socket.stop()


def test_an_answer_comes_at_once_over_the_old_connection_and_the_new_while_slack_keeps_both(slack: Slack) -> None:
    slack.workspace.ack_seconds = HANGING
    slack.workspace.sockets.linger_seconds = HANGING
    over_socket = started(slack)
    try:
        slack.workspace.refresh_sockets()
        for _ in range(4):
            assert slack.mona.command("/report").text == "hello"
        slack.workspace.wait_until(lambda: slack.workspace.connected == 1)
        for _ in range(4):
            assert slack.mona.command("/report").text == "hello"
        # A client that waits for the old one to be closed answers only when it is.
        assert slack.workspace.sockets.open == 2
    finally:
        over_socket.stop()
    slack.workspace.check()


def test_no_payload_is_lost_while_slack_renews_the_connection_again_and_again(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpbot.slack.socket.FIRST_PAUSE", 0.05)
    retire = Sockets._retire

    async def once_replaced(self: Sockets, one: Any) -> None:
        while not self.live:  # noqa: ASYNC110  (it changes in another thread)
            await asyncio.sleep(0.01)
        await retire(self, one)

    monkeypatch.setattr(Sockets, "_retire", once_replaced)
    slack.workspace.ack_seconds = HANGING
    slack.workspace.sockets.linger_seconds = 0.1
    over_socket = started(slack)
    renewing = threading.Event()
    people = [slack.workspace.add_person(f"Person{number}", announce=False) for number in range(4)]

    def ask(who: Person) -> list[str]:
        texts = []
        while renewing.is_set():
            texts.append(who.command("/report").text.rpartition("\n")[2])
        return texts

    try:
        renewing.set()
        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(ask, who) for who in people]
            for _ in range(5):
                slack.workspace.refresh_sockets()
                slack.workspace.wait_until(lambda: slack.workspace.connected == slack.workspace.sockets.open == 1)
            renewing.clear()
            texts = [text for each in asking for text in each.result(HANGING)]
    finally:
        renewing.clear()
        over_socket.stop()
    assert set(texts) == {"hello"}
    slack.workspace.check()


def test_what_is_in_hand_when_slack_renews_the_connection_is_answered_where_it_came_from(slack: Slack) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(asked: Command) -> Answer:
        if asked.text == "slow":
            begun.set()
            go_on.wait(HANGING)
        return Say(asked.text)

    slack.workspace.ack_seconds = HANGING
    slack.workspace.sockets.linger_seconds = 0
    over_socket = started(slack, slow)
    try:
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(lambda: slack.mona.command("/report", "slow").text)
            assert begun.wait(HANGING)
            tom = slack.workspace.add_person("Tom Reed", announce=False)
            slack.workspace.refresh_sockets()
            slack.workspace.wait_until(lambda: slack.workspace.connected == 1)
            assert tom.command("/report", "quick").text == "quick"
            go_on.set()
            assert asking.result(HANGING) == "slow"
    finally:
        go_on.set()
        over_socket.stop()
    slack.workspace.check()


def test_an_old_connection_that_slack_does_not_close_is_closed(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpbot.slack.socket.RETIRED_SECONDS", 0.1)
    slack.workspace.sockets.linger_seconds = HANGING
    over_socket = started(slack)
    try:
        slack.workspace.refresh_sockets()
        slack.workspace.wait_until(lambda: slack.workspace.connected == slack.workspace.sockets.open == 1)
        assert over_socket.is_connected
    finally:
        over_socket.stop()


def test_while_slack_refuses_another_connection_the_old_one_serves_and_the_reason_is_said_once(
    slack: Slack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("gpbot.slack.socket.FIRST_PAUSE", 0.05)
    slack.workspace.sockets.linger_seconds = HANGING
    with ExitStack() as stack:
        others = [started(slack) for _ in range(9)]
        over_socket = started(slack)
        stack.callback(over_socket.stop)
        for other in others:
            other._is_stopping = True  # so that only one asks for another
            stack.callback(other.stop)
        slack.workspace.refresh_sockets()
        opened = "apps.connections.open"
        slack.workspace.wait_until(lambda: sum(call.method == opened for call in slack.workspace.calls) >= 13)
        assert over_socket.is_connected
        assert slack.mona.command("/report").text == "hello"
        others[0].stop()
        slack.workspace.wait_until(lambda: slack.workspace.connected == 1)
    said = [message for message in caplog.messages if "too_many_websockets" in message]
    assert len(said) == 1
    assert "ten are open for this app already" in said[0]


def test_without_a_connection_that_was_greeted_there_is_no_service_until_slack_greets_again(
    slack: Slack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("gpbot.slack.socket.FIRST_PAUSE", 0.05)
    slack.workspace.sockets.linger_seconds = 0
    over_socket = started(slack)
    try:
        slack.workspace.sockets.switch(on=False)
        slack.workspace.wait_until(lambda: not over_socket.is_connected)
        slack.workspace.wait_until(lambda: "link_disabled" in caplog.text)
        slack.workspace.sockets.switch(on=True)
        slack.workspace.wait_until(lambda: over_socket.is_connected)
        assert slack.mona.command("/report").text == "hello"
    finally:
        over_socket.stop()
    said = [message for message in caplog.messages if "link_disabled" in message]
    assert len(said) == 1
    assert "Socket Mode is off" in said[0]


def test_where_socket_mode_is_off_starting_ends_at_once_and_says_so(slack: Slack) -> None:
    slack.workspace.sockets.switch(on=False)
    with pytest.raises(NotConnected) as refused:
        started(slack)
    assert "Socket Mode is off" in refused.value.words
    assert "link_disabled" in refused.value.words


@pytest.mark.parametrize(
    "fault",
    [{"status": 503}, {"error": "internal_error"}, {"retry_after": 1}, {"drop": "before"}, {"drop": "after"}],
    ids=str,
)
def test_what_passes_at_the_start_is_waited_for(
    slack: Slack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    monkeypatch.setattr("gpbot.slack.socket.FIRST_PAUSE", 0.05)
    slack.workspace.faults.add(method="apps.connections.open", times=2, **fault)
    over_socket = started(slack)
    over_socket.stop()
    said = [message for message in caplog.messages if "gpbot goes on trying" in message]
    assert len(said) == 1
    assert "app-level token" not in said[0]


def test_attempts_come_after_a_second_and_then_ever_more_seldom_up_to_one_a_minute() -> None:
    assert [pause(failed) for failed in range(9)] == [1, 1, 2, 4, 8, 16, 32, 60, 60]
    assert pause(100_000) == 60


def test_the_longest_payload_slack_sends_comes_through(slack: Slack) -> None:
    over_socket = started(slack, lambda asked: Say(f"{len(asked.text)} characters"))
    try:
        assert slack.mona.command("/report", "x" * MAX_BODY).text == f"{MAX_BODY} characters"
    finally:
        over_socket.stop()
    slack.workspace.check()


def test_what_slack_sdk_logs_of_an_error_is_its_type_and_place(caplog: pytest.LogCaptureFixture) -> None:
    cap_loggers()
    try:
        json.loads('{"text": "He hit me", ')
    except json.JSONDecodeError as error:
        words = error.doc
        logging.getLogger("slack_sdk").exception("Failed to process a message: %s", words)
    assert re.fullmatch(r"JSONDecodeError at json/decoder\.py:\d+", caplog.messages[0])
    assert "He hit me" not in caplog.text
    assert "Traceback" not in caplog.text


def test_the_other_end_hanging_up_is_noticed_and_our_own_end_is_no_error() -> None:
    for hangs_up in (True, False):
        ours, theirs = socket.socketpair()
        line = _Line(ours)
        theirs.sendall(b"hello")
        assert line.recv(16) == b"hello"
        if hangs_up:
            theirs.close()
            with pytest.raises(ConnectionResetError):
                line.recv(16)
        else:
            line.is_ending = True
            line.shutdown(socket.SHUT_RD)
            assert line.recv(16) == b""
        ours.close()
        theirs.close()


def test_acks_do_not_wait_for_one_another(slack: Slack) -> None:
    over_socket = started(slack)
    try:
        assert over_socket._client is not None
        session = over_socket._client.current_session
        assert session is not None
        assert session.sock is not None
        assert session.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        over_socket.stop()


@pytest.mark.parametrize("token", ["xapp-never-was"])
def test_a_token_slack_does_not_take_is_said_in_words_with_what_to_do(slack: Slack, token: str) -> None:
    over_socket = socket_mode(slack, hello, app_token=token)
    with pytest.raises(NotConnected) as refused:
        over_socket.start()
    over_socket.stop()
    assert "connections:write" in refused.value.words
    assert "SLACK_APP_TOKEN" in refused.value.words
    assert token not in refused.value.words
