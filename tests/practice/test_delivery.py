"""Deliveries: signed, answered within three seconds, retried where Slack retries, and one socket each."""

import base64
import http.client
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient

from gpbot.practice import App, RealClock, Server, Workspace
from gpbot.practice.delivery import Connection
from tests.clocks import StoppedClock
from tests.practice.blocks import buttons, section
from tests.practice.conftest import Bot
from tests.waiting import HANGING

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
}


def test_deliveries_are_signed_as_slack_signs(workspace: Workspace, app: App) -> None:
    headers = workspace.sign(b"token=x&text=y")
    assert SignatureVerifier(app.signing_secret).is_valid_request(b"token=x&text=y", headers)


def test_the_signature_of_a_known_request_is_known(workspace: Workspace, app: App) -> None:
    headers = workspace.sign(b"a=b", timestamp=1531420618, secret="8f742231b10e8888abcd99yyyzzz85a5")
    verifier = SignatureVerifier("8f742231b10e8888abcd99yyyzzz85a5")
    assert headers["X-Slack-Signature"] == verifier.generate_signature(timestamp="1531420618", body=b"a=b")


def test_forged_stale_and_cut_short_requests_are_the_bots_to_refuse(workspace: Workspace, over_http: Bot) -> None:
    over_http.bolt.command("/report")(lambda ack: ack())
    body = b"command=/report&text=words"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert workspace.deliver_raw(body, form | workspace.sign(body))[0] == 200
    assert workspace.deliver_raw(body, form | workspace.sign(body, secret="guessed"))[0] == 401
    old = workspace.sign(body, timestamp=int(time.time()) - 301)
    assert workspace.deliver_raw(body, form | old)[0] == 401
    assert workspace.deliver_raw(body[:-5], form | workspace.sign(body))[0] == 401


def test_an_address_must_echo_a_challenge_before_it_gets_anything(workspace: Workspace, bot: Bot) -> None:
    workspace.deliver_to("http://127.0.0.1:9/slack/events")
    amina = workspace.add_person("Amina Okafor")
    assert amina.command("/report").text == '/report failed with the error "dispatch_failed"'
    assert bot.heard == []


def test_an_event_that_fails_comes_again_at_once_after_one_and_after_five_minutes(
    workspace: Workspace, over_http: Bot, clock: StoppedClock
) -> None:
    tries: list[tuple[str, str]] = []

    @over_http.on("team_join")
    def fail(request: Any, body: dict[str, Any]) -> None:
        tries.append((body["event_id"], request.headers.get("x-slack-retry-num", ["0"])[0]))
        raise RuntimeError

    workspace.add_person("Amina Okafor")
    assert [number for _, number in tries] == ["0", "1"]
    workspace.run_due()
    assert len(tries) == 2
    clock.advance(minutes=1)
    workspace.run_due()
    clock.advance(minutes=5)
    workspace.run_due()
    clock.advance(hours=1)
    workspace.run_due()
    assert [number for _, number in tries] == ["0", "1", "2", "3"]
    assert len({event_id for event_id, _ in tries}) == 1
    assert len(workspace.problems) == 4


def test_over_a_socket_a_retry_says_which_it_is(workspace: Workspace, over_sockets: Bot, clock: StoppedClock) -> None:
    tries: list[str] = []

    @over_sockets.on("team_join")
    def note(request: Any) -> None:
        tries.append(request.headers["x-slack-retry-num"][0])

    workspace.faults.deliveries(lose_ack=True)
    workspace.add_person("Amina Okafor")
    assert tries == ["0", "1"]
    workspace.check()


def test_nobody_connected_means_no_answer_now_and_events_later(
    workspace: Workspace, app: App, clock: StoppedClock, request: pytest.FixtureRequest
) -> None:
    amina = workspace.add_person("Amina Okafor")
    assert not amina.command("/report").ok
    bot: Bot = request.getfixturevalue("over_sockets")
    assert bot.events("team_join") == []
    clock.advance(minutes=1)
    workspace.run_due()
    assert [event["user"]["real_name"] for event in bot.events("team_join")] == ["Amina Okafor"]
    assert all(body.get("command") is None for body in bot.heard)


def test_a_command_that_takes_too_long_fails_in_slacks_words(workspace: Workspace, over_http: Bot) -> None:
    workspace.ack_seconds = 0.2
    amina = workspace.add_person("Amina Okafor")
    done = threading.Event()

    @over_http.bolt.command("/report")
    def linger(ack: Ack) -> None:
        done.wait(HANGING)
        ack()

    answer = amina.command("/report")
    done.set()
    assert (answer.ok, answer.text) == (False, '/report failed with the error "operation_timeout"')
    assert amina.seen[-1].text == answer.text
    assert workspace.problems == ["The command /report was not answered in 0.2 s."]


def test_interactions_are_never_retried(workspace: Workspace, over_http: Bot, clock: StoppedClock) -> None:
    amina = workspace.add_person("Amina Okafor")
    over_http.client.chat_postMessage(channel=amina.id, text="x", blocks=[buttons("Open")])
    pressed: list[str] = []

    @over_http.bolt.action("open")
    def fail(body: dict[str, Any]) -> None:
        pressed.append(body["trigger_id"])
        raise RuntimeError

    assert not amina.press("Open").ok
    clock.advance(minutes=10)
    workspace.run_due()
    assert len(pressed) == 1


def test_events_come_only_where_the_bot_subscribed_and_is_a_member(workspace: Workspace, over_http: Bot) -> None:
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    general = workspace.add_channel("general", members=[amina])
    amina.say("nobody hears this", to=general)
    general.invite(workspace.app)
    amina.say("this is heard", to=general)
    general.invite(ben)
    secret = workspace.add_channel("secret", private=True, members=[amina, workspace.app])
    amina.say("no groups:history, no message.groups", to=secret)
    workspace.rename(ben, display_name="benny")
    said = [event["text"] for event in over_http.events("message") if "subtype" not in event]
    assert said == ["this is heard"]
    assert [event["user"] for event in over_http.events("member_joined_channel")] == [workspace.app.id, ben.id]
    assert over_http.events("user_change")[0]["user"]["profile"]["display_name"] == "benny"
    assert [event["channel"]["name"] for event in over_http.events("channel_created")] == ["general"]


def test_a_changed_topic_names_no_team_and_a_changed_user_has_the_fields_of_the_profile(
    workspace: Workspace, over_http: Bot
) -> None:
    amina = workspace.add_person("Amina Okafor")
    general = workspace.add_channel("general", members=[amina, workspace.app])
    workspace.describe(general, "topic", "Boats", by=amina.id)
    workspace.rename(amina, display_name="mina")
    topic = next(event for event in over_http.events("message") if event.get("subtype") == "channel_topic")
    assert "team" not in topic
    assert over_http.events("user_change")[0]["user"]["profile"]["fields"] == {}


def test_a_link_preview_and_a_broadcast_reply_arrive_as_slack_sends_them(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    general = workspace.add_channel("general", members=[amina, workspace.app])
    said = amina.say("see https://example.org", to=general)
    workspace.unfurl(said, "An example")
    amina.say("look here", to=general, thread=said, broadcast=True)
    events = over_http.events("message")
    changed = next(event for event in events if event.get("subtype") == "message_changed")
    assert "edited" not in changed["message"]
    assert changed["message"]["attachments"][0]["title"] == "An example"
    replies = [event.get("subtype") for event in events if event.get("thread_ts")]
    assert replies == [None, "thread_broadcast"]


def test_a_response_url_is_good_for_five_uses_in_thirty_minutes(
    workspace: Workspace, over_http: Bot, clock: StoppedClock
) -> None:
    amina = workspace.add_person("Amina Okafor")

    @over_http.bolt.command("/report")
    def take(ack: Ack) -> None:
        ack()

    amina.command("/report")
    url = over_http.last("/report")["response_url"]
    answers = [WebhookClient(url).send(text=str(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body
    assert [screen.text for screen in amina.inbox] == ["0", "1", "2", "3", "4"]

    amina.command("/report")
    url = over_http.last("/report")["response_url"]
    clock.at += timedelta(minutes=31)
    assert "expired_url" in WebhookClient(url).send(text="late").body
    clock.at -= timedelta(minutes=31)
    bad = WebhookClient(url).send(blocks=[section("")])
    assert (bad.status_code, "invalid_blocks" in bad.body) == (400, True)


def test_a_socket_address_works_once(workspace: Workspace, app: App, server: Server) -> None:
    web_client = WebClient(app.app_token, base_url=server.api_url)
    url = urlsplit(web_client.apps_connections_open(app_token=app.app_token)["url"])
    assert (url.scheme, url.hostname) == ("ws", "127.0.0.1")
    answers = []
    for _ in range(2):
        with closing(http.client.HTTPConnection("127.0.0.1", url.port)) as connection:
            connection.request("GET", f"{url.path}?{url.query}", headers=UPGRADE)
            answers.append(connection.getresponse().status)
    assert answers == [101, 404]


def test_the_eleventh_connection_is_one_too_many(workspace: Workspace, app: App, server: Server) -> None:
    client = WebClient(app.app_token, base_url=server.api_url)
    with ExitStack() as stack:
        for number in range(11):
            url = urlsplit(client.apps_connections_open(app_token=app.app_token)["url"])
            connection = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", url.port)))
            connection.request("GET", f"{url.path}?{url.query}", headers=UPGRADE)
            assert connection.sock is not None
            stream = connection.sock.makefile("rb")
            stack.callback(stream.close)
            said = b""
            while b"app_id" not in said:
                said += stream.read1()
            assert (b"too_many_websockets" in said) == (number == 10)
    workspace.wait_until(lambda: workspace.connected == 0)


def test_events_that_are_late_come_by_themselves_where_time_is_real(bot: Bot, workspace: Workspace) -> None:
    workspace.clock = RealClock()
    workspace.faults.deliveries(delay=0.05)
    workspace.deliver_to("http://127.0.0.1:9/nobody")
    workspace.add_person("Amina Okafor")
    assert len(workspace.courier._owed) == 1
    # The first try and the one at once after it find nobody; the next comes in a minute.
    workspace.wait_until(lambda: [owed.attempt for owed in workspace.courier._owed] == [2])


def test_a_taken_port_is_said_so(server: Server) -> None:
    port = urlsplit(server.api_url).port
    assert port
    with pytest.raises(OSError, match="in use"):
        Server(Workspace("Other"), port=port).start()


def test_a_bot_that_is_asked_to_reconnect_misses_nothing(workspace: Workspace, over_sockets: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")

    @over_sockets.bolt.command("/report")
    def take(ack: Ack) -> None:
        ack("here")

    # slack_sdk reads nothing until its old connection is closed.
    workspace.sockets.linger_seconds = 0
    workspace.refresh_sockets()
    workspace.wait_until(lambda: workspace.connected == workspace.sockets.open == 1)
    assert amina.command("/report").text == "here"
    workspace.check()


def test_an_event_lost_with_its_connection_comes_again_over_the_next(
    workspace: Workspace, over_sockets: Bot, clock: StoppedClock
) -> None:
    workspace.faults.deliveries(disconnect_socket=True)
    workspace.add_person("Amina Okafor")
    workspace.wait_until(lambda: workspace.connected == 1)
    clock.advance(minutes=1)
    workspace.run_due()
    workspace.wait_until(lambda: over_sockets.events("team_join"))
    workspace.check()


def test_a_duplicate_comes_unmarked_and_a_late_event_when_it_is_due(
    workspace: Workspace, over_http: Bot, clock: StoppedClock
) -> None:
    workspace.faults.deliveries(duplicate=True)
    workspace.add_person("Amina Okafor")
    first, second = (body for body in over_http.heard if body["event"]["type"] == "team_join")
    assert first == second
    workspace.faults.deliveries(delay=30)
    workspace.add_person("Ben Adeyemi")
    assert len(over_http.events("team_join")) == 2
    clock.advance(seconds=30)
    workspace.run_due()
    assert len(over_http.events("team_join")) == 3


def test_a_port_nobody_listens_on_is_not_reached_by_connecting_to_itself() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as once:
        port = once.getsockname()[1]
    connection = Connection(f"http://127.0.0.1:{port}", timeout=HANGING, source_address=("127.0.0.1", port))
    with pytest.raises(ConnectionRefusedError):
        connection.request("POST", "/")


def test_a_connection_whose_other_side_is_gone_at_once_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        connect = socket.create_connection

        def and_lose(*args: Any, **options: Any) -> socket.socket:
            near = connect(*args, **options)
            far, _ = server.accept()
            far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed by a reset
            far.close()
            with pytest.raises(ConnectionResetError):
                near.recv(1)
            return near

        connection = Connection(f"http://127.0.0.1:{server.getsockname()[1]}", timeout=HANGING)
        monkeypatch.setattr(connection, "_create_connection", and_lose)
        with pytest.raises(OSError, match="not connected"):
            connection.request("POST", "/")
    assert connection.sock is None


def test_several_addresses_are_taken_in_turn_and_one_that_refuses_is_passed_over(
    workspace: Workspace, over_http: Bot
) -> None:
    over_http.bolt.command("/report")(lambda ack: ack("here"))
    [alive] = workspace.courier.addresses
    nobody = "http://127.0.0.1:9/slack/events"
    amina = workspace.add_person("Amina Okafor")
    workspace.deliver_to(nobody, alive, nobody)
    answers = [amina.command("/report") for _ in range(3)]
    assert [answer.text for answer in answers] == ["here"] * 3
    workspace.deliver_to(nobody, nobody)
    assert not amina.command("/report").ok
    workspace.check()


def test_each_of_several_addresses_gets_its_share(workspace: Workspace, app: App) -> None:
    amina = workspace.add_person("Amina Okafor")
    with ExitStack() as stack:
        doors = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        workspace.deliver_to(*(f"http://127.0.0.1:{door.getsockname()[1]}/" for door in doors))
        workspace.courier._verified = workspace.courier.addresses
        pool = stack.enter_context(ThreadPoolExecutor())
        for _ in range(2):
            asked = [pool.submit(amina.command, "/report") for _ in doors]
            for door in doors:
                door.settimeout(HANGING)
                bot, _ = door.accept()
                with bot:
                    bot.recv(65536)
                    bot.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                    bot.shutdown(socket.SHUT_WR)
            assert all(answer.result().ok for answer in asked)


@pytest.mark.parametrize(
    ("answer", "problems"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf of", []),
        (b"What do you want?\r\n", ["The command /report was answered with what is not HTTP."]),
    ],
    ids=["a bot that ends while it answers", "something else on that port"],
)
def test_an_answer_cut_short_is_a_broken_connection_and_anything_else_a_problem(
    workspace: Workspace, app: App, answer: bytes, problems: list[str]
) -> None:
    amina = workspace.add_person("Amina Okafor")
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor() as pool:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        workspace.deliver_to(url)
        workspace.courier._verified = (url,)
        said = pool.submit(amina.command, "/report")
        bot, _ = listening.accept()
        with bot:
            bot.recv(65536)
            bot.sendall(answer)
            bot.shutdown(socket.SHUT_WR)
            assert not said.result().ok
    assert workspace.problems == problems
