"""The servers measured: gpbot as it runs in earnest, bare Bolt, and the Slack beside them, each its own process."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from benchmarks.load import SECRET
from benchmarks.people import BOT_TOKEN, CHAMPIONS, CONTACTS, TRIAGE
from gpbot.crypto import new_master_key

ROOT = Path(__file__).parents[1]
KEY = new_master_key()
PROPOSALS = "CPROPOSE1"
_READY = re.compile(r"ready,? at [^:]+:(\d+)")
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """One process; `port` once it is ready."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], folder: Path, *, is_gpbot: bool = False
    ) -> None:
        """Raises RuntimeError when it does not get ready."""
        self.is_gpbot = is_gpbot
        begun = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            stderr=subprocess.PIPE,
            text=True,
        )
        self._said = cast("IO[str]", self._process.stderr)
        said = []
        for line in self._said:
            said.append(line)
            if found := _READY.search(line):
                self.port = int(found[1])
                break
        else:
            raise RuntimeError("".join(said))
        self.seconds_to_ready = time.perf_counter() - begun
        threading.Thread(target=self._drain, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """MiB that are its own, shared pages in part."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _drain(self) -> None:
        for line in self._said:
            if " ERROR " in line:
                sys.stderr.write(line)


@contextmanager
def slack(milliseconds: float) -> Iterator[str]:
    """A Slack that takes this long to answer; its Web API's address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.slack", str(milliseconds)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    said = cast("IO[str]", process.stdout)
    try:
        yield f"http://127.0.0.1:{int(said.readline())}/api/"
    finally:
        process.kill()
        process.wait()
        said.close()


@contextmanager
def floor(api_url: str, folder: Path, *, listeners: int = 0) -> Iterator[Server]:
    server = Server(["-m", "benchmarks.floor", api_url, str(listeners)], {}, folder)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def gpbot(api_url: str, folder: Path, database_url: str, **settings: str) -> Iterator[Server]:
    """`python app.py` over HTTP."""
    server = Server([str(ROOT / "app.py")], environment(api_url, database_url) | settings, folder, is_gpbot=True)
    try:
        yield server
    finally:
        server.stop()


def environment(api_url: str, database_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": api_url,
        "DATABASE_URL": database_url,
        "GPBOT_KEYS": KEY,
        "COMMUNITY_NAME": "Bench",
        "CHAMPIONS": ",".join(CHAMPIONS),
        "ESCALATION_CONTACTS": ",".join(CONTACTS),
        "EXTERNAL_HELP": "help@outside.example",
        "TRIAGE_CHANNEL": TRIAGE,
        "PROPOSALS_CHANNEL": PROPOSALS,
        "PORT": "0",
    }
