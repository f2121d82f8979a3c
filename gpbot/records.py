"""Everything by its name, for the command line, benchmarks, the tour and tests: plugins ask the kit."""

from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from gpbot.desk.desk import Desk
from gpbot.directory.channel_list import ChannelList
from gpbot.directory.workflow import Directory
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.jobs import Owed as GuidelinesOwed
from gpbot.guidelines.workflow import Guidelines
from gpbot.home.parts import Parts
from gpbot.kit import Kit, Surface
from gpbot.onboarding.workflow import Onboarding
from gpbot.opening.workflow import Openings
from gpbot.people.accounts import KnownAccounts
from gpbot.people.listeners import PeopleListeners
from gpbot.people.member_list import MemberList
from gpbot.people.workflow import People
from gpbot.places.workflow import Places
from gpbot.proposals.concerns import Concerns
from gpbot.proposals.workflow import Proposals
from gpbot.questions.workflow import Questions
from gpbot.quiet.workflow import QuietChannels
from gpbot.reports.changes import Changes
from gpbot.reports.jobs import Owed
from gpbot.reports.store import Store
from gpbot.reports.timers import Timers
from gpbot.slack.events import Events
from gpbot.slack.gateway import Gateway
from gpbot.slack.identity import Identity
from gpbot.slack.routes import Routes
from gpbot.slack.windows import Windows

T = TypeVar("T")


class _HasKit(Protocol):
    @property
    def kit(self) -> Kit: ...


class _Of(Generic[T]):
    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    def __get__(self, owner: _HasKit, kind: type[Any]) -> T:
        return owner.kit.get(self._kind)


class Records:
    people = _Of(People)
    places = _Of(Places)
    directory = _Of(Directory)
    guidelines = _Of(Guidelines)
    guidelines_owed = _Of(GuidelinesOwed)
    backfill = _Of(Backfill)
    onboarding = _Of(Onboarding)
    reports = _Of(Store)
    owed = _Of(Owed)
    changes = _Of(Changes)
    timers = _Of(Timers)
    questions = _Of(Questions)
    proposals = _Of(Proposals)
    concerns = _Of(Concerns)
    openings = _Of(Openings)
    quiet = _Of(QuietChannels)

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.database = kit.database
        self.keyring = kit.keyring
        self.outbox = kit.outbox
        self.audit = kit.audit
        self.sealed_jobs = kit.sealed_jobs
        self.screens = kit.screens


class ByName:
    """Of a bot, which has Slack too."""

    kit: Kit
    surface: Surface

    desk = _Of(Desk)
    people = _Of(PeopleListeners)
    accounts = _Of(KnownAccounts)
    members = _Of(MemberList)
    channels = _Of(ChannelList)

    @cached_property
    def records(self) -> Records:
        return Records(self.kit)

    @property
    def identity(self) -> Identity:
        return self.surface.identity

    @property
    def gateway(self) -> Gateway:
        return self.surface.gateway

    @property
    def windows(self) -> Windows:
        return self.surface.windows

    @property
    def parts(self) -> Parts:
        return self.surface.home

    @property
    def routes(self) -> Routes:
        return self.surface.routes

    @property
    def events(self) -> Events:
        return self.surface.events

    def learn_names(self) -> None:
        self.people.learn_roster()
        self.kit.get(Places).begin()
