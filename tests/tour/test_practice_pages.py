"""`python -m gpbot practice` at a terminal: it says where its pages are, begins again, and ends in order."""

import http.client
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gpbot.tour.neighbourhood import ROOT
from tests.halves import LONG
from tests.waiting import HANGING

pytestmark = LONG


@contextmanager
def at_a_terminal(*options: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, as somebody at a terminal starts it; what it says is on its stdout."""
    ours, its = pty.openpty()
    running = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-m", "gpbot", "practice", "--no-browser", *options],
        cwd=ROOT,
        stdin=its,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": "", "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()
        if running.stdout is not None:
            running.stdout.close()
        os.close(ours)
        os.close(its)


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline()


def ask(address: str, method: str, path: str) -> str:
    """The page, or nothing while nobody answers."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=HANGING)
    try:
        connection.request(method, path, headers={"Origin": f"http://{place.netloc}"})
        return connection.getresponse().read().decode()
    except OSError:
        return ""
    finally:
        connection.close()


def boot(page: str) -> str:
    found = re.search(r'data-boot="(\w+)"', page)
    return found[1] if found else ""


def test_the_pages_stay_up_begin_again_and_end_with_ctrl_c(tmp_path: Path) -> None:
    with at_a_terminal(folder=tmp_path) as running:
        line = first_line(running)
        found = re.fullmatch(r"Practice is open: (http://127\.0\.0\.1:\d+)/\n", line)
        assert found, line
        address = found[1]
        before = boot(ask(address, "GET", "/"))
        assert before
        assert "Starting over" in ask(address, "POST", "/reset")
        end = time.monotonic() + HANGING
        while boot(ask(address, "GET", "/")) in {"", before} and time.monotonic() < end:
            time.sleep(0.2)
        assert "Become somebody" in ask(address, "GET", "/")
        running.send_signal(signal.SIGINT)
        assert running.wait(HANGING) == 0
        assert running.stdout is not None
        assert "Traceback" not in running.stdout.read()
    assert not list(tmp_path.iterdir())  # nothing is kept


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with at_a_terminal("--port", str(port), folder=tmp_path) as running:
            assert first_line(running) == f"Something else is at port {port} already. Choose another with --port.\n"
            assert running.wait(HANGING) == 1


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "DATABASE_URL"])
def test_a_real_installation_beside_it_is_neither_used_nor_touched(name: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gpbot", "practice", "--console"],
        cwd=ROOT,
        input="log\nquit\n",
        capture_output=True,
        text=True,
        timeout=HANGING,
        check=False,
        env={"PATH": "", "TMPDIR": str(tmp_path), name: f"sqlite:///{tmp_path / 'real.sqlite3'}"},
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert not list(tmp_path.iterdir())
