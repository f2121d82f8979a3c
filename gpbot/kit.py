"""What every workflow is given, and how it plugs itself in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.home.lists import Lists
from gpbot.home.parts import Parts
from gpbot.home.screens import Screens
from gpbot.keyring import KeyRing, note_all_sealed
from gpbot.named import named_in, with_channels
from gpbot.outbox import Outbox
from gpbot.outbox.typed import J, Sends, handler_of
from gpbot.outbox.types import Handler
from gpbot.sealed.jobs import SealedJobs
from gpbot.settings import Settings
from gpbot.slack.door import Door
from gpbot.slack.errors import Funnel
from gpbot.slack.events import Events
from gpbot.slack.gateway import Gateway
from gpbot.slack.identity import Identity
from gpbot.slack.moved import MovedChannels
from gpbot.slack.on import Route, routes_of
from gpbot.slack.routes import Routes
from gpbot.slack.windows import Windows

T = TypeVar("T")


class WrongPlug(Exception):
    """A workflow asks for what is not there, brings what is there already, or brings other than it declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One part of `/healthz`: states and counts, never content. Not `ok`: gpbot is not."""

    shows: Mapping[str, Any]
    ok: bool = True


class Kit:
    """What use cases and the command line need; there is no Slack in it."""

    def __init__(self, settings: Settings, database: Database, keyring: KeyRing) -> None:
        self.settings = settings
        self.written = named_in(settings)  # as it stands in `.env`
        self.moved = MovedChannels(database)
        self.community = settings.community
        self.database = database
        self.keyring = keyring
        self.outbox = Outbox(database)
        self.audit = AuditLog(keyring, database.clock)
        self.sealed_jobs = SealedJobs(self.outbox, keyring)
        self.screens = Screens(self.sealed_jobs, keyring)
        self.health: list[Callable[[], Health]] = []
        # At the first start after an earlier release: what it left unsealed. Whether all of it could be.
        self.seal_what_stands: list[Callable[[], bool]] = []
        self.before_slack = [self.seal_all]  # what the bot does first of all, before it asks Slack
        self._things: dict[type[Any], object] = {}

    def seal_all(self) -> None:
        """Once; from then on what is not sealed was put there by somebody else."""
        if self.keyring.is_all_sealed:
            return
        each_says = [seal() for seal in self.seal_what_stands]
        if all(each_says):
            with self.database.begin() as session:
                note_all_sealed(session, self.keyring)

    def know_channels_by_first_ids(self) -> None:
        """Whatever ids the settings name them by. Before any use case is made."""
        self.moved.look()
        self.settings = with_channels(self.settings, self.moved.known)

    def add(self, thing: T) -> T:
        """Those above may ask for it by its class. Raises WrongPlug when there is one of that class."""
        if type(thing) in self._things:
            raise WrongPlug(f"there are two of {_called(type(thing))}")
        self._things[type(thing)] = thing
        return thing

    def get(self, kind: type[T]) -> T:
        """Raises WrongPlug when nobody below has added one."""
        if kind not in self._things:
            raise WrongPlug(f"nobody below has added {_called(kind)}")
        return cast("T", self._things[kind])


class Surface:
    """What is between workflows and Slack."""

    def __init__(self, kit: Kit, gateway: Gateway, identity: Identity) -> None:
        self.gateway = gateway
        self.identity = identity
        self.errors = Funnel(kit.settings.external_help)
        self.door = Door(identity, self.errors)
        self.windows = Windows(gateway, self.errors)
        self.home = Parts(kit.community, kit.database)
        self.lists = Lists(kit.database, kit.screens, self.windows)
        self.routes = Routes()
        self.events = Events()
        self.handlers: dict[str, Handler] = {}
        self.at_start: list[Callable[[], None]] = []
        self.listening: list[type] = []

    def listen(self, listeners: T) -> T:
        """Every marked method answers from now on. Raises TakenTwice."""
        self.routes.add(listeners)
        self.events.add(listeners)
        self.listening.append(type(listeners))
        return listeners

    def send(self, jobs: type[J], sends: Sends[J]) -> None:
        """Raises WrongPlug when somebody sends jobs of that kind already."""
        for kind, handler in handler_of(jobs, sends).items():
            self.handle(kind, handler)

    def handle(self, kind: str, handler: Handler) -> None:
        """As `send`, of jobs that are no types."""
        if kind in self.handlers:
            raise WrongPlug(f"two send jobs of the kind {kind}")
        self.handlers[kind] = handler


# See docs/decisions/0053-workflows-plug-in.md
@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """What a folder brings, and what can be known of it before there is a bot."""

    name: str
    use_cases: Callable[[Kit], None]
    surface: Callable[[Kit, Surface], None]
    listeners: tuple[type, ...] = ()
    jobs: tuple[str, ...] = ()  # the kinds it sends
    scopes: Callable[[Settings], tuple[str, ...]] = lambda _settings: ()  # beside those every gpbot asks for
    commands: str = ""  # the module with the operator's; only the command line loads it


def routes(workflows: Sequence[Workflow]) -> list[Route]:
    """Everything people can do and Slack can tell, without a bot.

    Raises TakenTwice, and WrongPlug where one does not say who may press it.
    """
    for each in workflows:
        for route in routes_of(each.listeners):
            if not route.says_who_may:
                raise WrongPlug(f"{each.name} does not say who may press {route.id}: write may=… where it is declared")
    return routes_of(listeners for each in workflows for listeners in each.listeners)


def plug(workflows: Sequence[Workflow], kit: Kit, slack: Surface) -> None:
    """Let each of them, from the ground up, bring its surface.

    Raises TakenTwice, and WrongPlug when it is not what it declares, or does not say who may press what.
    """
    routes(workflows)
    for each in workflows:
        listening, sending = len(slack.listening), len(slack.handlers)
        each.surface(kit, slack)
        _compare(each.name, "listeners", map(_called, each.listeners), map(_called, slack.listening[listening:]))
        _compare(each.name, "jobs", each.jobs, list(slack.handlers)[sending:])


def _compare(name: str, what: str, declared: Iterable[str], brought: Iterable[str]) -> None:
    wanted, found = sorted(declared), sorted(brought)
    if wanted != found:
        raise WrongPlug(f"{name} declares {what} {wanted} and brings {found}")


def _called(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
