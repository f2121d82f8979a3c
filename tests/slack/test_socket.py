"""Socket Mode: connected, renewed, and ended without dropping what is in hand."""

import json
import logging
import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from gpbot.slack.answers import Answer, Say
from gpbot.slack.app import build_app, cap_loggers
from gpbot.slack.errors import Funnel
from gpbot.slack.events import Events
from gpbot.slack.requests import Command
from gpbot.slack.routes import Routes
from gpbot.slack.socket import NotConnected, SocketMode, _Line
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
    assert slack.workspace.connected == 0
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


def test_slack_renews_the_connection_and_nothing_is_missed(slack: Slack) -> None:
    over_socket = started(slack)
    try:
        slack.workspace.refresh_sockets()
        slack.workspace.wait_until(lambda: slack.workspace.connected == 1)
        assert slack.mona.command("/report").text == "hello"
    finally:
        over_socket.stop()


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
