"""Clients that cannot sign: held to a time, a number and an amount, and never in Slack's way."""

import hashlib
import hmac
import http.client
import io
import logging
import os
import resource
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from waitress.buffers import OverflowableBuffer  # type: ignore[import-untyped]

from gpbot.web.connections import Limits, most_connections
from gpbot.web.seldom import Seldom
from gpbot.web.server import MAX_BODY, WebServer, wsgi_app
from gpbot.web.signed import Signed
from tests.waiting import HANGING

SECRET = "a-secret-of-the-tests"
SHORT = 0.3
ENDED = b""
KIB = 1024


def measure(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers with how long the body was."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d" % len(body)]


@contextmanager
def serving(limits: Limits | None = None, *, inner: Any = measure) -> Iterator[WebServer]:
    web = WebServer(Signed(inner, SECRET, most=MAX_BODY), host="127.0.0.1", port=0, limits=limits)
    web.start()
    try:
        yield web
    finally:
        web.stop()


@contextmanager
def connected(web: WebServer, said: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", web.port), timeout=HANGING) as connection:
        connection.sendall(said)
        yield connection


def has_ended(connection: socket.socket) -> bool:
    """Waits for whatever comes."""
    try:
        return connection.recv(1) == ENDED
    except ConnectionResetError:
        return True


def is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) != ENDED
    except BlockingIOError:
        return True
    finally:
        connection.settimeout(HANGING)


def signed(body: bytes, at: str = "") -> dict[str, str]:
    at = at or str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}


def post(web: WebServer, body: bytes, headers: dict[str, str] | None = None, **how: Any) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=HANGING)
    try:
        connection.request("POST", "/", body=how.pop("sent", body), headers=headers or signed(body), **how)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


UNFINISHED = {
    "nothing at all": b"",
    "half a line": b"POST / HT",
    "half its headers": b"POST / HTTP/1.1\r\nHost: gpbot\r\nX-Long: ",
    "half a body": b"POST / HTTP/1.1\r\nHost: gpbot\r\nContent-Length: 10\r\n\r\nhalf",
    "half its pieces": b"POST / HTTP/1.1\r\nHost: gpbot\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    "a second request": b"GET / HTTP/1.1\r\nHost: gpbot\r\n\r\nGET / HT",
}


@pytest.mark.parametrize("said", UNFINISHED.values(), ids=UNFINISHED)
def test_a_request_that_does_not_become_whole_is_ended(said: bytes) -> None:
    with serving(Limits(request_seconds=SHORT)) as web, connected(web, said) as connection:
        while not has_ended(connection):
            pass


def test_dripping_does_not_put_off_the_end() -> None:
    with serving(Limits(request_seconds=SHORT)) as web, connected(web, b"POST / HTTP/1.1\r\nX-Long: ") as dripping:
        dripping.settimeout(0.05)
        until = time.monotonic() + HANGING
        while time.monotonic() < until:
            try:
                dripping.sendall(b"x")
                if dripping.recv(1) == ENDED:
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    pytest.fail("it may go on for ever")


def test_what_is_being_answered_and_what_was_answered_may_take_longer() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun.set()
        go_on.wait(HANGING)
        return measure(environ, start_response)

    with serving(Limits(request_seconds=SHORT), inner=slow) as web, ThreadPoolExecutor(1) as pool:
        kept = http.client.HTTPConnection("127.0.0.1", web.port, timeout=HANGING)
        kept.request("GET", "/")
        assert kept.getresponse().read()
        asking = pool.submit(post, web, b"slow")
        assert begun.wait(HANGING)
        with connected(web) as idle:
            assert has_ended(idle)
        go_on.set()
        assert asking.result(HANGING) == (200, b"4")
        sock = kept.sock
        kept.request("GET", "/")
        assert kept.getresponse().status == 401
        assert kept.sock is sock
        kept.close()


def test_where_there_are_too_many_connections_the_one_that_waited_longest_makes_way() -> None:
    with serving(Limits(connections=5, request_seconds=HANGING)) as web, ExitStack() as stack:
        idle = []
        for _ in range(5):
            idle.append(stack.enter_context(connected(web)))
            assert post(web, b"signed") == (200, b"6")
        assert has_ended(idle[0])
        assert is_open(idle[-1])


def test_where_too_much_is_held_the_largest_request_that_is_not_whole_makes_way() -> None:
    limits = Limits(held=1024 * KIB, request_seconds=HANGING)
    form = b"POST / HTTP/1.1\r\nHost: gpbot\r\nContent-Length: %d\r\n\r\n" % (2000 * KIB)
    with serving(limits) as web, ExitStack() as stack:
        small = stack.enter_context(connected(web, form + bytes(100 * KIB)))
        large = stack.enter_context(connected(web, form + bytes(600 * KIB)))
        other = stack.enter_context(connected(web, form + bytes(500 * KIB)))
        assert has_ended(large)
        assert is_open(small)
        assert is_open(other)
        assert post(web, bytes(200 * KIB)) == (200, b"%d" % (200 * KIB))
        for each in (small, other):
            each.close()
        until = time.monotonic() + HANGING
        while web._server.held and time.monotonic() < until:
            time.sleep(0.01)
        assert web._server.held == 0


def test_nothing_that_arrives_is_written_to_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is-not-there"))
    with pytest.raises(FileNotFoundError):
        OverflowableBuffer(KIB).append(bytes(10 * KIB))  # waitress's own, where it is let
    body = bytes(MAX_BODY)
    with serving() as web:
        assert post(web, body) == (200, b"%d" % MAX_BODY)
        half = body[: MAX_BODY // 2]
        assert post(web, half, sent=iter([half]), encode_chunked=True) == (200, b"%d" % len(half))


def test_one_byte_too_many_is_too_many_also_for_somebody_who_sends_it_all_before_reading() -> None:
    body = bytes(MAX_BODY + 1)
    with serving() as web:
        assert post(web, body)[0] == 413
        assert post(web, body, sent=iter([body]), encode_chunked=True)[0] == 413
        assert post(web, b"signed") == (200, b"6")


def ask(headers: dict[str, str], body: bytes = b"") -> str:
    """The status, and nothing of the body may be read unless the time is right."""
    told: list[str] = []
    environ = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    list(Signed(measure, SECRET, most=100, now=lambda: 1_000_000.0)(environ, lambda status, _: told.append(status)))
    return told[0][:3]


@pytest.mark.parametrize("at", ["1000000", "999700", "1000300"])
def test_what_slack_signed_in_the_last_five_minutes_is_let_in(at: str) -> None:
    assert ask(signed(b"words", at), b"words") == "200"


@pytest.mark.parametrize(
    "at",
    [
        *("", " ", "now", "-1000000", "+1000000", " 1000000", "1000000 ", "1_000_000", "1e6", "1000000.0", "0x0F4240"),
        *("999699", "1000301", "0", "9" * 5000, "²", "\u0661\u0660\u0660\u0660\u0660\u0660\u0660", "1000000, 1000000"),
        *("1000000\n", "nan", "inf"),
    ],
)
def test_a_time_that_is_odd_or_old_is_refused_before_the_body_is_read(at: str) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("it was read")

    told: list[str] = []
    given = signed(b"words", at) | {"X-Slack-Request-Timestamp": at}
    environ = {
        "CONTENT_LENGTH": "5",
        "wsgi.input": Unread(b"words"),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": given["X-Slack-Request-Timestamp"],
        "HTTP_X_SLACK_SIGNATURE": given["X-Slack-Signature"],
    }
    gate = Signed(measure, SECRET, most=100, now=lambda: 1_000_000.0)
    list(gate(environ, lambda status, _: told.append(status)))
    assert told == ["401 Unauthorized"]


@pytest.mark.parametrize(
    "change", ["", "v0=", "v1={0}", "{0}", "V0={0}", "v0={0} ", "v0={0}, v0={0}", "v0=ü{0}", "\udcff"]
)
def test_a_signature_that_is_odd_is_refused(change: str) -> None:
    headers = signed(b"words", "1000000")
    assert ask(headers, b"words") == "200"
    given = headers["X-Slack-Signature"].removeprefix("v0=")
    assert ask(headers | {"X-Slack-Signature": change.format(given)}, b"words") == "401"
    assert ask(headers, b"other") == "401"
    assert ask({}, b"words") == "401"


def test_without_a_secret_nobody_is_let_in() -> None:
    with pytest.raises(ValueError, match="secret"):
        Signed(measure, "", most=100)


def test_what_cannot_be_read_ends_its_own_connection_alone_and_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with serving() as web:
        for _ in range(3):
            with connected(web, b"POST / HTTP/1.1\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000)) as connection:
                assert has_ended(connection)
        assert post(web, b"signed") == (200, b"6")
    assert len(caplog.messages) == 1


def test_where_no_file_is_left_it_is_one_line_and_goes_on_when_there_is_one(caplog: pytest.LogCaptureFixture) -> None:
    with serving() as web, socket.socket() as waiting:
        waiting.settimeout(HANGING)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        lowest = os.dup(0)
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
        try:
            waiting.connect(("127.0.0.1", web.port))
            until = time.monotonic() + HANGING
            while "no file is left" not in caplog.text and time.monotonic() < until:
                time.sleep(0.01)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        waiting.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b"401" in waiting.recv(100)
    assert len([message for message in caplog.messages if "no file is left" in message]) == 1


def test_what_happens_often_is_said_seldom_and_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seldom = Seldom(logging.getLogger("gpbot.tests"), "%d times")
    for _ in range(1000):
        seldom.note()
    monkeypatch.setattr("gpbot.web.seldom.SECONDS", 0.0)
    seldom._next = 0.0
    seldom.note()
    assert caplog.messages == ["1 times", "1000 times"]


def test_files_are_left_for_everything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = {"now": (0, 0)}
    monkeypatch.setattr(resource, "getrlimit", lambda _: allowed["now"])
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: allowed.update(now=both))
    for soft, hard, most, then in (
        (1024, 524_288, 1000, 1200),
        (1024, 1024, 824, 1024),
        (256, 512, 312, 512),
        (64, 64, 20, 64),
        (20_000, 20_000, 1000, 20_000),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 1000, resource.RLIM_INFINITY),
    ):
        allowed["now"] = (soft, hard)
        assert most_connections(1000) == most
        assert allowed["now"][0] == then


def test_however_many_ask_after_health_threads_are_left_for_slack() -> None:
    asked, go_on = threading.Semaphore(0), threading.Event()
    slow = threading.Event()

    def health() -> dict[str, Any]:
        if slow.is_set():
            asked.release()
            go_on.wait(HANGING)
        return {"ok": True}

    def look(web: WebServer) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", web.port, timeout=HANGING)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status

    web = WebServer(wsgi_app(None, health), host="127.0.0.1", port=0)
    web.start()
    try:
        with ThreadPoolExecutor(20) as pool:
            assert look(web) == 200
            slow.set()
            two = [pool.submit(look, web) for _ in range(2)]
            for _ in two:
                assert asked.acquire(timeout=HANGING)
            others = [pool.submit(look, web) for _ in range(18)]
            assert {each.result(HANGING) for each in others} <= {200, 503}
            go_on.set()
            assert [each.result(HANGING) for each in two] == [200, 200]
    finally:
        go_on.set()
        web.stop()
