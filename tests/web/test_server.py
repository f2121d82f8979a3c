"""What is answered at gpbot's address, and by whom."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import OperationalError

from gpbot.web.server import MAX_BODY, SLACK_PATH, WebServer, wsgi_app
from gpbot.web.signed import Wsgi
from tests.stage import Stage
from tests.waiting import HANGING

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@contextmanager
def serving(wsgi: Wsgi) -> Iterator[WebServer]:
    web = WebServer(wsgi, host="127.0.0.1", port=0)
    web.start()
    try:
        yield web
    finally:
        web.stop()


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGING)
    try:
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def fine() -> dict[str, Any]:
    return {"ok": True}


def test_a_request_that_slack_did_not_sign_is_refused(community: Stage) -> None:
    body = urlencode({"command": "/report", "user_id": community.mona.id}).encode()
    signed = community.workspace.sign(body)
    by_another = community.workspace.sign(body, secret="not-ours")
    of_another = {**signed, "X-Slack-Signature": community.workspace.sign(b"else")["X-Slack-Signature"]}
    old = community.workspace.sign(body, timestamp=int(time.time()) - 301)
    for headers in ({}, by_another, of_another, old):
        status, answer = community.workspace.deliver_raw(body, {**FORM, **headers})
        assert status == 401
        assert b"modal" not in answer
    assert community.mona.modal is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", JSON),
        (b"[]", JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event": {"type": "user_change"}, "event_id": "Ev1"}', JSON),
        (b"payload={", FORM),
        (b"payload={}", FORM),
        (urlencode({"payload": json.dumps({"type": "block_actions"})}).encode(), FORM),
        (urlencode({"payload": json.dumps({"type": "view_submission", "view": {"type": "modal"}})}).encode(), FORM),
        (urlencode({"command": "/report"}).encode(), FORM),
        (b"\xff\xfe", FORM),
        (b"", {}),
    ],
)
def test_what_is_signed_but_cut_short_is_refused_and_gpbot_goes_on(
    community: Stage, body: bytes, kind: dict[str, str]
) -> None:
    status, _ = community.workspace.deliver_raw(body, {**kind, **community.workspace.sign(body)})
    assert 400 <= status <= 500
    community.report(community.mona)
    assert community.mona.modal is not None


def test_the_challenge_is_echoed(community: Stage) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "echo-this"}).encode()
    status, answer = community.workspace.deliver_raw(body, {**JSON, **community.workspace.sign(body)})
    assert (status, b"echo-this" in answer) == (200, True)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(community: Stage) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", community.web.port, timeout=HANGING)
    connection.putrequest("POST", SLACK_PATH)
    connection.putheader("Content-Length", str(MAX_BODY + 1))
    connection.endheaders()
    connection.send(b"x" * 1000)
    status = connection.getresponse().status
    connection.close()
    assert status == 413


def test_only_slack_s_own_path_and_method_lead_to_bolt(community: Stage) -> None:
    assert ask(community.web.port, "GET", SLACK_PATH)[0] == 404
    assert ask(community.web.port, "POST", SLACK_PATH + "/more")[0] == 404
    assert ask(community.web.port, "GET", "/")[0] == 404
    assert ask(community.web.port, "POST", "/healthz")[0] == 405


def test_in_socket_mode_nothing_is_delivered_over_http() -> None:
    with serving(wsgi_app(None, fine)) as web:
        assert ask(web.port, "POST", SLACK_PATH)[0] == 404
        assert ask(web.port, "GET", "/healthz")[0] == 200


def test_health_names_nobody_and_is_the_same_with_and_without_a_report(community: Stage) -> None:
    status, _, before = ask(community.web.port, "GET", "/healthz")
    state = json.loads(before)
    assert (status, state["ok"], state["database"]) == (200, True, "ok")
    community.workspace.faults.add(method="chat.postMessage", error="user_disabled")
    community.report(community.mona, about=[community.tom])
    assert community.bot.health()["outbox"]["dead"] == 1
    assert ask(community.web.port, "GET", "/healthz")[2] == before
    assert not [person for person in community.people.values() if person.id.encode() in before]


def test_health_is_503_while_slack_does_not_take_the_token_and_200_again_after(community: Stage) -> None:
    community.workspace.faults.add(method="chat.postMessage", error="token_revoked")
    community.report(community.mona)
    status, _, body = ask(community.web.port, "GET", "/healthz")
    assert (status, json.loads(body)["outbox"]["paused"]) == (503, "token_revoked")
    community.clock.advance(minutes=2)
    community.settle()
    assert ask(community.web.port, "GET", "/healthz")[0] == 200


def test_health_is_503_when_the_database_cannot_be_read_and_says_only_what_kind_of_error() -> None:
    def broken() -> dict[str, Any]:
        raise OperationalError("SELECT secret", {}, Exception("words"))

    with serving(wsgi_app(None, broken)) as web:
        status, _, body = ask(web.port, "GET", "/healthz")
    assert (status, json.loads(body)) == (503, {"ok": False, "database": "OperationalError"})


def test_nothing_tells_which_server_this_is(community: Stage) -> None:
    _, headers, _ = ask(community.web.port, "GET", "/healthz")
    assert "server" not in headers


def test_a_taken_port_is_an_error_at_once() -> None:
    with serving(wsgi_app(None, fine)) as web, pytest.raises(OSError, match="in use"):
        WebServer(wsgi_app(None, fine), host="127.0.0.1", port=web.port)


def test_stopping_lets_a_request_in_hand_finish_and_takes_no_other() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun.set()
        go_on.wait(HANGING)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"whole"]

    web = WebServer(slow, host="127.0.0.1", port=0)
    web.start()
    answers: list[tuple[int, dict[str, str], bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(ask(web.port, "GET", "/")))
    asking.start()
    assert begun.wait(HANGING)
    stopping = threading.Thread(target=web.stop)
    stopping.start()
    time.sleep(0.2)
    assert stopping.is_alive()
    go_on.set()
    stopping.join(HANGING)
    asking.join(HANGING)
    assert not stopping.is_alive()
    assert [(status, body) for status, _, body in answers] == [(200, b"whole")]
    with pytest.raises(OSError):  # noqa: PT011  (refused or reset)
        ask(web.port, "GET", "/")
