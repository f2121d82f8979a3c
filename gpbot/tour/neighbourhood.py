"""A community to try gpbot in: the practice workspace, its people, and the bot as a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

from gpbot.bootstrap import app_manifest, open_records
from gpbot.clock import SystemClock
from gpbot.crypto import new_master_key
from gpbot.db import Database
from gpbot.outbox import Outbox
from gpbot.practice import App, Channel, MovedClock, Person, Server, Workspace
from gpbot.practice.pages import Frame, Site
from gpbot.settings import Settings, load_settings

ROOT: Final = Path(__file__).resolve().parents[2]
SAMPLE: Final = ROOT / "gpbot" / "guidelines" / "sample.md"
COMMUNITY: Final = "Good Practice Network"
EXTERNAL_HELP: Final = "help@outside.example"

# Each with where they work; two of the champions are colleagues.
CHAMPIONS: Final = {"Amina Okafor": "Harbour Aid", "Ben Adeyemi": "City Welcome", "Chloe Martin": "City Welcome"}
CONTACTS: Final = {"Edith Shaw": "Fair Hearing", "Farid Khan": "Open Door"}
MEMBERS: Final = {"Mona Said": "New Roots", "Nadia Haddad": "Bridges", "Tom Reed": "Shelter Street"}
CHANNELS: Final = {
    "housing": "Flats, landlords and councils. #housing",
    "legal-advice": "Ask somebody who knows the law. #law #housing",
    "teaching-english": "Lessons, books and volunteers. #language",
}
GUESTS: Final = {"Gita Rao": "Visiting from Lakeside Advice"}  # only where people come to practise

QUIET_CHANNEL_DAYS: Final = 60

# Limits for what hangs: a slow machine reaches none of them.
START_SECONDS: Final = 300.0
STOP_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 120.0
UNTIL_SECONDS: Final = 300.0
SOON_SECONDS: Final = 20.0  # what is being sent at this moment falls due again in thirty
QUIET_SECONDS: Final = 0.4
LOG_LINES: Final = 20
_MINUTE: Final = 60.0
# What a child process needs of ours. No proxies: everything stays on this machine.
_INHERITED: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")


class BotDied(Exception):
    """The bot's process ended by itself, or did not start. The message holds the end of its log."""


class PortTaken(Exception):
    """Something else listens where the pages shall be."""


class NotPractice(Exception):
    """These settings reach something that is no practice workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSettings:
    """The bot's environment, which reaches nothing but one practice workspace and one folder."""

    environment: Mapping[str, str]
    folder: Path

    def __post_init__(self) -> None:
        """Raises NotPractice."""
        api = urlsplit(self.environment["SLACK_API_URL"])
        tokens = (self.environment["SLACK_BOT_TOKEN"], self.environment["SLACK_APP_TOKEN"])
        if api.hostname != "127.0.0.1":
            raise NotPractice("Practice stays on this machine: SLACK_API_URL is not 127.0.0.1.")
        if not all(token.startswith(("xoxb-practice-", "xapp-practice-")) for token in tokens):
            raise NotPractice("Practice takes the tokens it made itself, and no others.")
        if not self.environment["DATABASE_URL"].startswith(f"sqlite:///{self.folder}{os.sep}"):
            raise NotPractice("Practice takes the database it made itself, and no other.")


class BotProcess:
    """`python app.py`, started, stopped and killed; `log` is the file that holds what it says.

    With a `clock`, a file that `MovedClock` reads, it goes by that.
    """

    def __init__(self, settings: BotSettings, workspace: Workspace, *, clock: Path | None = None) -> None:
        self._command = ["app.py"] if clock is None else ["-m", "gpbot.tour.bot", str(clock)]
        self.log = settings.folder / "gpbot.log"
        self.settings = settings
        self._workspace = workspace
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Until it is connected. Raises BotDied."""
        with self.log.open("ab") as log:
            # A session of its own: an interrupt typed here reaches us first, and we stop it in order.
            self._process = subprocess.Popen(  # noqa: S603  (our own program, with nothing that anybody typed)
                [sys.executable, *self._command],
                cwd=ROOT,
                env=dict(self.settings.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._workspace.wait_until(lambda: self._workspace.connected or not self.is_running, START_SECONDS)
        except TimeoutError:
            self.stop()
            raise BotDied(f"gpbot did not connect in time. Its log:\n{self.last_words()}") from None
        self.check()

    def check(self) -> None:
        """Raises BotDied if it is not running."""
        if not self.is_running:
            raise BotDied(f"gpbot ended by itself. Its log:\n{self.last_words()}")

    def stop(self) -> None:
        """SIGTERM, and time to finish what is running."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: it finishes nothing."""
        self._end(signal.SIGKILL)
        self._workspace.wait_until(lambda: not self._workspace.connected, STOP_SECONDS)

    def last_words(self, lines: int = LOG_LINES) -> str:
        """The end of its log."""
        said = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(said[-lines:]) or "(nothing)"

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """Everybody and everything, by name."""

    workspace: Workspace
    server: Server
    app: App
    bot: BotProcess
    database: Database  # the bot's, only to see which jobs still wait
    folder: Path
    people: dict[str, Person]  # first name in small letters → person
    triage: Channel
    general: Channel
    proposals: Channel
    clock: MovedClock
    site: Site | None = None

    def __getitem__(self, name: str) -> Person:
        return self.people[name.lower()]

    @property
    def champions(self) -> list[Person]:
        return [self[_first(name)] for name in CHAMPIONS]

    @property
    def contacts(self) -> list[Person]:
        return [self[_first(name)] for name in CONTACTS]

    @property
    def members(self) -> list[Person]:
        return [self[_first(name)] for name in MEMBERS]

    def publish(self, markdown: str, *, is_major: bool, changes: str) -> None:
        """A new version of the guidelines, by the operator's own command."""
        _publish(self.bot.settings.environment, markdown, is_major=is_major, changes=changes, clock=self.clock)

    def open_pages(self, frame: Frame) -> None:
        """From now on the pages show more than that gpbot is starting."""
        if self.site is not None:
            self.site.open(frame)

    def join(self, name: str, title: str, *, guest: bool = False) -> Person:
        """Somebody joins the workspace."""
        person = self.people[_first(name)] = self.workspace.add_person(name, title=title, guest=guest)
        return person

    def until(self, predicate: Callable[[], object], timeout: float = UNTIL_SECONDS) -> None:
        """Wait for something the bot is to do. Raises TimeoutError, BotDied."""
        self.workspace.wait_until(lambda: predicate() or not self.bot.is_running, timeout)
        self.bot.check()

    def until_set_up(self) -> None:
        """Wait for what gpbot puts up by itself; then nothing moves unless somebody acts. Raises BotDied."""
        try:
            self.until(
                lambda: self.triage.pins and all(person.home for person in [*self.champions, *self.contacts]),
                START_SECONDS,
            )
        except TimeoutError:
            raise BotDied(f"gpbot did not put up its Desk. Its log:\n{self.bot.last_words()}") from None
        self.settle()

    def owed(self) -> list[float]:
        """In how many seconds each thing falls due that gpbot is to do in the next minute."""
        with self.database.read() as session:
            waiting = Outbox(self.database).waiting(session)
        now = self.clock.now()
        seconds = [(job.run_at - now).total_seconds() for job in waiting]
        return [each for each in seconds if each < _MINUTE]

    def settle(self) -> None:
        """Wait until gpbot has nothing to send, so that people who have seen nothing will see nothing."""
        calls, at = -1, time.monotonic()
        until = at + SETTLE_SECONDS
        while self.bot.is_running and time.monotonic() < min(at + QUIET_SECONDS, until):
            if calls != (calls := len(self.workspace.calls)) or any(each < SOON_SECONDS for each in self.owed()):
                at = time.monotonic()
            self.workspace.wait_for_change(0.1)


@contextmanager
def neighbourhood(
    folder: Path,
    *,
    patience: float | None = None,
    pages: bool = False,
    port: int = 0,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Neighbourhood]:
    """The community with gpbot running in it; `folder` takes the database and the log.

    `patience` is how many seconds people look for a button that is not there yet. Without it they are played by a
    program: they look long, and Slack's three seconds last longer, so that no slow machine changes the story. With
    `pages` there is a site at `port`, a guest in the community, and the bot goes by a clock that can be moved.
    `settings` are more of gpbot's. Raises BotDied and PortTaken.
    """
    clock = MovedClock(folder / "clock")
    workspace = Workspace(COMMUNITY, clock=clock, patience=UNTIL_SECONDS if patience is None else patience)
    if patience is None:
        workspace.ack_seconds = workspace.trigger_seconds = UNTIL_SECONDS
    site = Site(workspace) if pages else None
    with ExitStack() as stack:
        try:
            server = stack.enter_context(Server(workspace, port=port, site=site))
        except OSError:
            raise PortTaken from None
        app = workspace.install(_manifest(server.api_url))
        people = {
            _first(name): workspace.add_person(name, title=title, announce=False)
            for name, title in (CHAMPIONS | CONTACTS | MEMBERS).items()
        }
        if pages:
            people |= {
                _first(name): workspace.add_person(name, title=title, guest=True, announce=False)
                for name, title in GUESTS.items()
            }
        champions = [people[_first(name)] for name in CHAMPIONS]
        contacts = [people[_first(name)] for name in CONTACTS]
        triage = workspace.add_channel("champions-triage", private=True, members=[*champions, app])
        general = workspace.add_channel("general", members=[*people.values(), app])
        proposals = workspace.add_channel("channel-proposals", members=[*people.values(), app])
        for name, purpose in CHANNELS.items():
            workspace.add_channel(name, purpose=purpose)
        bot_settings = BotSettings(
            folder=folder,
            environment=bot_environment(
                SLACK_BOT_TOKEN=app.bot_token,
                SLACK_APP_TOKEN=app.app_token,
                SLACK_API_URL=server.api_url,
                DATABASE_URL=f"sqlite:///{folder / 'gpbot.sqlite3'}",
                GPBOT_KEYS=new_master_key(),
                COMMUNITY_NAME=COMMUNITY,
                CHAMPIONS=",".join(person.id for person in champions),
                ESCALATION_CONTACTS=",".join(person.id for person in contacts),
                ORGANISATIONS=",".join(
                    f"{people[_first(name)].id}: {organisation}"
                    for name, organisation in (CHAMPIONS | CONTACTS).items()
                ),
                EXTERNAL_HELP=EXTERNAL_HELP,
                TRIAGE_CHANNEL=triage.id,
                GENERAL_CHANNEL=general.id,
                PROPOSALS_CHANNEL=proposals.id,
                GUIDELINES_WAIT_SECONDS="2",
                QUIET_CHANNEL_DAYS=str(QUIET_CHANNEL_DAYS),
                HOST="127.0.0.1",
                PORT="0",
                **(settings or {}),
            ),
        )
        bot = BotProcess(bot_settings, workspace, clock=folder / "clock" if pages else None)
        database = Database(bot_settings.environment["DATABASE_URL"], clock=SystemClock())
        try:
            # A community has guidelines; here they are the neutral text that comes with gpbot.
            _publish(bot_settings.environment, SAMPLE.read_text("utf-8"), is_major=True, changes="", clock=clock)
            bot.start()
            place = Neighbourhood(
                workspace=workspace,
                server=server,
                app=app,
                bot=bot,
                database=database,
                folder=folder,
                people=people,
                triage=triage,
                general=general,
                proposals=proposals,
                clock=clock,
                site=site,
            )
            place.until_set_up()
            yield place
        finally:
            database.close()
            bot.stop()


def end_in_order() -> None:
    """Let SIGTERM and SIGHUP end this process as an exit does, so that the bot is not left behind."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, leave)


def bot_environment(**settings: str) -> dict[str, str]:
    """Every setting is set, if only to nothing: what stands in somebody's `.env` does not count here."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | {each.name.upper(): "" for each in fields(Settings)} | settings


def _publish(environment: Mapping[str, str], markdown: str, *, is_major: bool, changes: str, clock: MovedClock) -> None:
    records = open_records(load_settings(environment), clock=clock)
    records.guidelines.publish(markdown, is_major=is_major, changes=changes, attribution="", by="operator")
    records.database.close()


def _manifest(api_url: str) -> dict[str, object]:
    return app_manifest(
        Settings(
            slack_bot_token="",
            slack_api_url=api_url,
            gpbot_keys=(new_master_key(),),
            community_name=COMMUNITY,
            champions=(),
            escalation_contacts=(),
            external_help=EXTERNAL_HELP,
            triage_channel="",
            quiet_channel_days=QUIET_CHANNEL_DAYS,
        ),
        url=None,
    )


def _first(name: str) -> str:
    return name.split(maxsplit=1)[0].lower()
