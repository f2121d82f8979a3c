"""gpbot as a process of its own, on the real clock, beside a practice workspace in this one."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gpbot.bootstrap import app_manifest
from gpbot.crypto import new_master_key
from gpbot.practice import App, Server, Workspace
from gpbot.practice.person import Person
from gpbot.practice.state import Channel
from gpbot.settings import SLACK_API, BadSettings, Settings, load_settings
from tests.stage import HELP
from tests.waiting import HANGING

HURRIED = 5.0  # seconds; where processes are killed, people try again soon: what they look for may never come
ROOT = Path(__file__).parents[1]
APP = (str(ROOT / "app.py"),)
UNANSWERED = ("was not answered in", "was answered with HTTP 500", "was acknowledged late")
READY = re.compile(r"gpbot is ready, (?:in Socket Mode|at [^:]+:(\d+))")


class _Names(dict[str, str]):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get(self, name: str, default: str | None = None) -> str:  # type: ignore[override]
        self.asked.append(name)
        return default or ""


def every_setting() -> list[str]:
    """The name of each setting that gpbot reads."""
    names = _Names()
    with pytest.raises(BadSettings):
        load_settings(names)
    return list(dict.fromkeys(names.asked))


def environment_of(settings: Settings) -> dict[str, str]:
    """What `load_settings` reads these settings from."""
    return {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
        "SLACK_API_URL": settings.slack_api_url,
        "DATABASE_URL": settings.database_url,
        "GPBOT_KEYS": ",".join(settings.gpbot_keys),
        "COMMUNITY_NAME": settings.community_name,
        "CHAMPIONS": ",".join(settings.champions),
        "ESCALATION_CONTACTS": ",".join(settings.escalation_contacts),
        "EXTERNAL_HELP": settings.external_help,
        "TRIAGE_CHANNEL": settings.triage_channel,
    }


def run_app(settings: Mapping[str, str], folder: Path, program: Sequence[str] = APP) -> subprocess.Popen[str]:
    """`python app.py` with these settings and no others, whatever this machine's own are."""
    return subprocess.Popen(  # noqa: S603  (our own file)
        [sys.executable, *program],
        cwd=folder,
        env=_environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_command(settings: Mapping[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m gpbot …` with these settings and no others, to its end."""
    return subprocess.run(  # noqa: S603  (our own package)
        [sys.executable, "-m", "gpbot", *arguments],
        cwd=folder,
        env=_environment(settings) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONFAULTHANDLER": "1", **dict.fromkeys(every_setting(), ""), **settings}


class Process:
    """One life of the bot."""

    def __init__(self, settings: Mapping[str, str], folder: Path, program: Sequence[str] = APP) -> None:
        self._popen = run_app(settings, folder, program)
        self.port: int | None = None
        self.said: list[str] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_until_ready(self, seconds: float = HANGING) -> None:
        if not self._ready.wait(seconds):
            self._end(signal.SIGABRT)  # it writes what each of its threads was doing
        assert self.is_ready, self.text

    @property
    def number(self) -> int:
        """The process's id."""
        return self._popen.pid

    @property
    def is_ready(self) -> bool:
        return any(READY.search(line) for line in self.said)

    @property
    def text(self) -> str:
        return "".join(self.said)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def terminate(self, seconds: float = HANGING) -> int:
        """Ask it to stop; its exit status. Raises TimeoutExpired when it takes longer."""
        return self._end(signal.SIGTERM, seconds)

    def wait(self, seconds: float = HANGING) -> int:
        """Until it ends by itself; its exit status."""
        try:
            return self._popen.wait(seconds)
        finally:
            self.kill()

    def _end(self, how: signal.Signals, seconds: float = HANGING) -> int:
        if self._popen.poll() is None:
            self._popen.send_signal(how)
        status = self._popen.wait(seconds)
        self._reader.join(HANGING)
        for pipe in (self._popen.stdin, self._popen.stderr):
            assert pipe is not None
            pipe.close()
        return status

    def _read(self) -> None:
        assert self._popen.stderr is not None
        for line in self._popen.stderr:
            self.said.append(line)
            if found := READY.search(line):
                self.port = int(found[1]) if found[1] else None
                self._ready.set()
        self._ready.set()


@dataclass
class Town:
    """A workspace on the real clock, and gpbot's settings for it."""

    folder: Path
    workspace: Workspace
    server: Server
    app: App
    triage: Channel
    general: Channel
    champions: list[Person]
    contacts: list[Person]
    members: list[Person]
    key: str
    database_url: str
    others: list[Person] = field(default_factory=list)  # members who do nothing
    lives: list[Process] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)  # further settings

    @property
    def database(self) -> Path:
        return self.folder / "gpbot.sqlite3"

    @property
    def everyone(self) -> list[Person]:
        return [*self.champions, *self.contacts, *self.members, *self.others]

    def settings(self, *, http: bool) -> dict[str, str]:
        way = {"SLACK_SIGNING_SECRET": self.app.signing_secret} if http else {"SLACK_APP_TOKEN": self.app.app_token}
        return {
            "SLACK_BOT_TOKEN": self.app.bot_token,
            "SLACK_API_URL": self.server.api_url,
            "DATABASE_URL": self.database_url,
            "GPBOT_KEYS": self.key,
            "COMMUNITY_NAME": "Good Practice Network",
            "CHAMPIONS": ",".join(person.id for person in self.champions),
            "ESCALATION_CONTACTS": ",".join(person.id for person in self.contacts),
            "EXTERNAL_HELP": HELP,
            "TRIAGE_CHANNEL": self.triage.id,
            "GENERAL_CHANNEL": self.general.id,
            "PORT": "0",
            **way,
            **self.more,
        }

    def launch(self, *, http: bool, **other: str) -> Process:
        """A process that has begun; Slack does not know of it yet."""
        life = Process({**self.settings(http=http), **other}, self.folder)
        self.lives.append(life)
        return life

    def start(self, *, http: bool, **other: str) -> Process:
        """A process that is ready, and that Slack delivers to."""
        life = self.launch(http=http, **other)
        life.wait_until_ready()
        self.workspace.deliver_to(*([f"http://127.0.0.1:{life.port}/slack/events"] if http else []))
        return life

    def check(self) -> None:
        """As the workspace does, but an event that was not saved in time, on a busy machine, is told again by Slack."""
        problems = self.workspace.problems
        problems[:] = [each for each in problems if not (each.startswith("The event ") and _comes_again(each))]
        self.workspace.check()

    def kill(self, life: Process) -> None:
        """SIGKILL; from then on Slack reaches nobody, not even another process that gets that port next."""
        life.kill()
        self.workspace.deliver_to()


def _comes_again(problem: str) -> bool:
    return any(words in problem for words in UNANSWERED)


@contextmanager
def town(folder: Path, *, database_url: str | None = None, patience: float = HURRIED) -> Iterator[Town]:
    workspace = Workspace("Good Practice Network", patience=patience, rate_limits=False)
    workspace.ack_seconds = 30  # a machine that stands still for some seconds breaks no promise
    with Server(workspace) as server:
        app = workspace.install(app_manifest_over_http())
        champions, contacts, members = (
            [workspace.add_person(name) for name in names.split(", ")]
            for names in ("Amina Okafor, Ben Adeyemi, Chloe Martin", "Edith Shaw, Farid Khan", "Mona Said, Tom Reed")
        )
        triage = workspace.add_channel("champions-triage", private=True, members=champions)
        general = workspace.add_channel("general", members=[*champions, *contacts, *members])
        workspace.invite(triage, app.bot_user_id)
        here = Town(
            folder=folder,
            workspace=workspace,
            server=server,
            app=app,
            triage=triage,
            general=general,
            champions=champions,
            contacts=contacts,
            members=members,
            key=new_master_key(),
            database_url=database_url or f"sqlite:///{folder / 'gpbot.sqlite3'}",
        )
        try:
            yield here
        finally:
            for life in here.lives:
                life.kill()


def app_manifest_over_http() -> dict[str, object]:
    settings = Settings(
        slack_bot_token="xoxb-not-installed-yet",
        slack_api_url=SLACK_API,
        gpbot_keys=(new_master_key(),),
        community_name="Good Practice Network",
        champions=(),
        escalation_contacts=(),
        external_help=HELP,
        triage_channel="",
    )
    return app_manifest(settings, url="http://127.0.0.1/slack/events")
