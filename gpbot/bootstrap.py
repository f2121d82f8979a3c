"""The composition root: the only module that knows every other."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_bolt import App
from slack_sdk.web import WebClient
from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.clock import AgreedClock, Clock, SystemClock
from gpbot.community import Community
from gpbot.crypto import Vault
from gpbot.db import Database
from gpbot.desk.desk import Desk, DeskJob
from gpbot.desk.listeners import DeskListeners
from gpbot.directory.channel_list import ChannelEvents, ChannelsPage, channel_list
from gpbot.directory.home import DirectorySection
from gpbot.directory.joining import Joining
from gpbot.directory.listeners import DirectoryListeners
from gpbot.directory.workflow import Directory
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.home import GuidelinesSection
from gpbot.guidelines.jobs import GuidelinesJob
from gpbot.guidelines.jobs import Owed as GuidelinesOwed
from gpbot.guidelines.listeners import GuidelinesListeners
from gpbot.guidelines.messages import GuidelinesMessages
from gpbot.guidelines.workflow import Guidelines
from gpbot.home import doors
from gpbot.home.jobs import HomeJob
from gpbot.home.lists import Lists
from gpbot.home.messages import HomeMessages
from gpbot.home.parts import Parts
from gpbot.home.screens import Screens
from gpbot.keyring import KeyRing, load_keyring
from gpbot.named import Named, named_in
from gpbot.onboarding.home import OnboardingSection
from gpbot.onboarding.jobs import OnboardingJob
from gpbot.onboarding.jobs import Owed as OnboardingOwed
from gpbot.onboarding.listeners import OnboardingListeners
from gpbot.onboarding.messages import OnboardingMessages
from gpbot.onboarding.views import Places as WelcomePlaces
from gpbot.onboarding.workflow import Onboarding
from gpbot.opening.home import OpeningsSection
from gpbot.opening.jobs import OpeningJob
from gpbot.opening.jobs import Owed as OpeningsOwed
from gpbot.opening.listeners import OpeningListeners
from gpbot.opening.messages import OpeningMessages
from gpbot.opening.workflow import Openings
from gpbot.outbox import Courier, Outbox
from gpbot.outbox.listing import ListReader
from gpbot.outbox.typed import handler_of
from gpbot.outbox.types import Handler, SendingEnded
from gpbot.people import roles
from gpbot.people.accounts import KnownAccounts
from gpbot.people.home import RosterSection
from gpbot.people.known_as import KnownAs
from gpbot.people.listeners import OrganisationListeners, PeopleListeners
from gpbot.people.member_list import MembersPage, member_list
from gpbot.people.organisations import Standing, standing
from gpbot.people.store import roster as roster_of
from gpbot.people.workflow import People
from gpbot.people.writers import Writers
from gpbot.places.asking import Asking
from gpbot.places.home import PlacesSection
from gpbot.places.jobs import Owed as PlacesOwed
from gpbot.places.jobs import PlacesJob
from gpbot.places.listeners import PlacesListeners
from gpbot.places.messages import PlacesMessages, Waiting
from gpbot.places.types import Trouble
from gpbot.places.workflow import Places
from gpbot.proposals.concerns import Concerns
from gpbot.proposals.home import ProposalsSection
from gpbot.proposals.jobs import Owed as ProposalsOwed
from gpbot.proposals.jobs import ProposalJob
from gpbot.proposals.listeners import ProposalListeners
from gpbot.proposals.messages import ProposalMessages
from gpbot.proposals.store import Store as ProposalStore
from gpbot.proposals.workflow import Proposals, Rules
from gpbot.questions.home import QuestionsSection
from gpbot.questions.jobs import Owed as QuestionsOwed
from gpbot.questions.jobs import QuestionJob
from gpbot.questions.listeners import QuestionListeners
from gpbot.questions.messages import QuestionMessages
from gpbot.questions.store import Store as QuestionStore
from gpbot.questions.workflow import Questions
from gpbot.quiet.home import QuietSection
from gpbot.quiet.jobs import Owed as QuietOwed
from gpbot.quiet.jobs import QuietJob
from gpbot.quiet.listeners import QuietListeners
from gpbot.quiet.messages import QuietMessages
from gpbot.quiet.workflow import QuietChannels
from gpbot.quiet.workflow import Rules as QuietRules
from gpbot.reports.cases import Cases
from gpbot.reports.changes import Changes
from gpbot.reports.comparing import Comparing
from gpbot.reports.filing import Filing
from gpbot.reports.home import ReportsSection
from gpbot.reports.jobs import Owed, ReportJob
from gpbot.reports.listeners import ReportListeners
from gpbot.reports.looking import ReportWindows
from gpbot.reports.messages import ReportMessages
from gpbot.reports.own import OwnReports
from gpbot.reports.store import Store
from gpbot.reports.timers import Timers
from gpbot.schema import upgrade
from gpbot.sealed.jobs import SealedJob, SealedJobs
from gpbot.settings import Settings
from gpbot.slack.app import build_app
from gpbot.slack.door import Door
from gpbot.slack.errors import Funnel
from gpbot.slack.events import Events
from gpbot.slack.gateway import Gateway
from gpbot.slack.identity import Identity
from gpbot.slack.manifest import TO_SEE_WHEN_SOMEBODY_WROTE, manifest
from gpbot.slack.on import routes_of
from gpbot.slack.places import channel_info, channel_members
from gpbot.slack.pulse import Pulse
from gpbot.slack.routes import Routes
from gpbot.slack.standing import AppListeners
from gpbot.slack.windows import Windows
from gpbot.tables import follow_channel

log = logging.getLogger(__name__)

ORGANISATIONS = {
    Standing.APART: "ok",
    Standing.UNKNOWN: "not everybody on the roster has said where they work",
    Standing.ONE: "everybody who could read a report works for the same one",
    Standing.SHARED: "everybody who could read a report works for one that a champion works for",
}


# Who answers what people do and what Slack tells, in the order in which they hear of it.
LISTENERS = (
    PlacesListeners,
    ReportListeners,
    QuestionListeners,
    ProposalListeners,
    OpeningListeners,
    PeopleListeners,
    OrganisationListeners,
    OnboardingListeners,
    DirectoryListeners,
    ChannelEvents,
    QuietListeners,
    DeskListeners,
    GuidelinesListeners,
    AppListeners,
)


class NotAsDeclared(Exception):
    """What listens is not what is declared, from which the manifest is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What the command line needs without Slack: the database, its keys, and the use cases without a listener."""

    database: Database
    keyring: KeyRing
    outbox: Outbox
    audit: AuditLog
    sealed_jobs: SealedJobs
    screens: Screens
    people: People
    directory: Directory
    onboarding: Onboarding
    guidelines: Guidelines
    guidelines_owed: GuidelinesOwed
    backfill: Backfill
    reports: Store
    owed: Owed
    changes: Changes
    timers: Timers
    questions: Questions
    proposals: Proposals
    concerns: Concerns
    openings: Openings
    quiet: QuietChannels
    places: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpbot:
    """Everything, wired and not yet running."""

    records: Records
    identity: Identity
    routes: Routes
    events: Events
    app: App
    gateway: Gateway
    windows: Windows
    parts: Parts
    courier: Courier
    pulse: Pulse
    desk: Desk
    people: PeopleListeners
    accounts: KnownAccounts
    members: ListReader
    channels: ListReader

    def start(self) -> None:
        """Learn the roster's names, read the lists of members and channels, put up the Desk, and begin to send."""
        self.learn_names()
        self.desk.put_up()
        self.members.begin()
        self.channels.begin()
        if self.records.guidelines.current() is None:
            log.info("no guidelines are published, so nobody is asked to agree: python -m gpbot guidelines publish")
        self.records.timers.forget_overdue()
        self.records.timers.look_for_damage()
        self.records.questions.forget_overdue()
        self.records.quiet.begin()
        self.courier.start()
        self.pulse.start()

    def learn_names(self) -> None:
        """Ask Slack about everyone on the roster, and say who cannot act in their role.

        While it does not answer, they stay as they were known, and it is asked again.
        """
        everyone = [holder.slack_id for holder in self.records.people.roster().everyone]
        try:
            self.people.learn(everyone)
        except SendingEnded as ended:
            log.warning("Slack does not tell about the roster: %s. It is asked again", ended.code)
            with self.records.database.begin() as session:
                self.records.owed.roster_changed(session, frozenset(everyone))
        self.records.places.begin()
        for holder in self.records.people.roster().everyone:
            if words := roles.sentence(holder, called=holder.slack_id):
                log.warning("%s", words)

    def settle(self) -> None:
        """Until no modal waits to be opened and nothing is owed at this moment (for tests and the tour)."""
        self.windows.settle()
        while self.courier.run_due():
            self.windows.settle()

    def stop(self) -> None:
        """Let what is in hand finish; what is owed stays owed, on disk."""
        self.pulse.stop()
        self.windows.stop()
        self.courier.stop()
        self.records.database.close()

    def health(self) -> dict[str, Any]:
        """Counts and states, never content."""
        with self.records.database.read() as session:
            outbox = self.records.outbox.health(session)
        roster = self.records.people.roster()
        all_known = not any(holder.name == holder.slack_id for holder in roster.everyone)
        barred = Counter(roles.why(holder.bar) for holder in roster.everyone if holder.bar is not None)
        all_open = self.records.timers.all_open()
        database, slack = self.records.database.trouble, self.pulse.trouble
        is_sure = not self.records.database.is_time_in_doubt
        quiet = self.records.quiet
        can_work = database is None and slack is None and outbox["paused"] is None
        return {
            "ok": can_work and is_sure and bool(roster.active_contact_ids) and all_open and all_known,
            "database": database or "ok",
            "slack": slack or "ok",
            "clock": self.records.database.clock_trouble or "ok",
            "reports": "ok" if all_open else "some do not open with GPBOT_KEYS",
            "outbox": dict(outbox),
            "quiet_channels": quiet.trouble or ("ok" if quiet.is_on else "off"),
            "names": "ok" if all_known else "Slack has not told the names of everyone on the roster",
            "roles": "; ".join(f"{number} on the roster cannot act: {why}" for why, number in barred.items()) or "ok",
            "organisations": ORGANISATIONS[standing(roster)],
            "settings": " ".join(each.words for each in self.records.places.wrong()) or "ok",
            "champions": len(roster.active_champion_ids),
            "escalation_contacts": len(roster.active_contact_ids),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What people can do, and what answers them."""

    routes: Routes
    events: Events
    windows: Windows
    desk: Desk
    parts: Parts
    question_messages: QuestionMessages
    proposal_messages: ProposalMessages
    opening_messages: OpeningMessages
    quiet_messages: QuietMessages
    people: PeopleListeners
    accounts: KnownAccounts
    members: ListReader
    channels: ListReader
    guidelines: GuidelinesMessages
    onboarding: OnboardingMessages


class NoDatabaseYet(Exception):
    """There is no SQLite file, and this is not gpbot's start."""


def open_records(
    settings: Settings, *, clock: Clock | None = None, alone: bool = False, may_create: bool = True
) -> Records:
    """Bring the database up to date and open it; `alone` is for the bot itself, of which SQLite bears one.

    Raises BadDatabaseUrl, NewerDatabase, NoDatabaseYet, KeysDoNotFit, CannotSave, SQLAlchemyError, OSError,
    AnotherProcess.
    """
    database = Database(settings.database_url, clock=AgreedClock(clock or SystemClock()))
    with _closing_unless_it_ends_well(database):
        if path := database.sqlite_path:
            if not may_create and not path.exists():
                raise NoDatabaseYet(path)
            path.touch(mode=0o600)
            path.chmod(0o600)  # before it is opened: its write-ahead log takes the same mode
        if alone:
            database.claim_for_this_process()  # before a newer version changes tables under a running one
        upgrade(database)
        return _records(settings, database, load_keyring(database, Vault(settings.gpbot_keys)))


def build(settings: Settings, *, clock: Clock | None = None) -> Gpbot:
    """Raises what `open_records` raises, AnotherProcess, NotIdentified, CannotHoldRole."""
    records = open_records(settings, clock=clock, alone=True)
    with _closing_unless_it_ends_well(records.database):
        return _built(settings, records)


def _built(settings: Settings, records: Records) -> Gpbot:
    records.people.seed(settings.champions, settings.escalation_contacts, dict(settings.organisations))
    records.timers.compare_overdue()
    client = WebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, retry_handlers=[])
    gateway = Gateway(settings.slack_bot_token, settings.slack_api_url, records.database.hear)
    identity = gateway.identify()
    if identity.scopes and TO_SEE_WHEN_SOMEBODY_WROTE not in identity.scopes:
        records.quiet.lacks_scope()
    errors = Funnel(settings.external_help)
    door = Door(identity, errors)
    surface = _surface(settings, records, gateway, errors, identity)
    places = records.places
    places.ask_by(
        Asking(
            lambda channel_id: channel_info(gateway, channel_id),
            lambda channel_id: channel_members(gateway, channel_id),
            gateway.user_info,
            records.people.follow,
            team_id=identity.team_id,
            bot_user_id=identity.bot_user_id,
        )
    )
    handlers: dict[str, Handler] = {
        SealedJob.KIND: records.sealed_jobs,  # never to a channel
        **handler_of(QuestionJob, Waiting(surface.question_messages, places, held=surface.question_messages.held)),
        **handler_of(ProposalJob, Waiting(surface.proposal_messages, places)),
        **handler_of(OpeningJob, Waiting(surface.opening_messages, places)),
        **handler_of(QuietJob, Waiting(surface.quiet_messages, places)),
        **handler_of(DeskJob, Waiting(surface.desk, places)),
        **handler_of(MembersPage, surface.members),
        **handler_of(ChannelsPage, surface.channels),
        **handler_of(GuidelinesJob, Waiting(surface.guidelines, places)),
        **handler_of(OnboardingJob, Waiting(surface.onboarding, places)),
        **handler_of(PlacesJob, PlacesMessages(records.database, places)),
    }
    courier = Courier(records.database, gateway, handlers)
    records.outbox.connect(courier)
    door.asks(surface.accounts, surface.windows)
    app = build_app(
        client=client,
        signing_secret=settings.slack_signing_secret,
        identity=identity,
        routes=surface.routes,
        events=surface.events,
        errors=errors,
        door=door,
    )
    return Gpbot(
        records=records,
        identity=identity,
        app=app,
        gateway=gateway,
        courier=courier,
        pulse=Pulse(gateway.check),
        routes=surface.routes,
        events=surface.events,
        windows=surface.windows,
        parts=surface.parts,
        desk=surface.desk,
        people=surface.people,
        accounts=surface.accounts,
        members=surface.members,
        channels=surface.channels,
    )


@contextmanager
def _closing_unless_it_ends_well(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def app_manifest(settings: Settings, *, url: str | None) -> dict[str, Any]:
    """The manifest of everything declared, without a bot; `url` is None for Socket Mode."""
    return manifest(
        name=settings.community_name,
        routes=routes_of(LISTENERS),
        scopes=[TO_SEE_WHEN_SOMEBODY_WROTE] if settings.quiet_channel_days else [],
        url=url,
    )


def _records(settings: Settings, database: Database, keyring: KeyRing) -> Records:
    audit = AuditLog(keyring, database.clock)
    outbox = Outbox(database)
    people = People(database, audit, keyring)
    reports = Store(keyring)
    sealed_jobs = SealedJobs(outbox, keyring)
    screens = Screens(sealed_jobs, keyring)
    owed = Owed(sealed_jobs, screens)
    changes = Changes(reports, owed, screens, audit, external_help=settings.external_help)
    people.roster_changed.connect(owed.roster_changed)
    people.renamed.connect(owed.compare)
    known_as = KnownAs(keyring, database.clock)
    reports.before_writing(Comparing(reports, changes, audit, known_as, database.clock).catch_up)

    def redraw_holders(session: Session) -> None:
        for holder in roster_of(session).everyone:
            screens.redraw_home(session, holder.slack_id)

    people.organisation_set.connect(redraw_holders)
    timers = Timers(
        database=database,
        store=reports,
        owed=owed,
        changes=changes,
        screens=screens,
        audit=audit,
        known_as=known_as,
        keep_closed=timedelta(days=settings.keep_closed_days),
    )
    places = Places(database, keyring, PlacesOwed(outbox, keyring), named_in(settings))
    questions = Questions(
        database=database,
        store=QuestionStore(keyring),
        owed=QuestionsOwed(outbox, keyring, triage_channel=settings.triage_channel),
        screens=screens,
        filing=Filing.beside(timers),
        audit=audit,
        known_as=known_as,
        keep_closed=timedelta(days=settings.keep_questions_days),
        is_in_channel=lambda: places.is_fit(settings.triage_channel),
        look_at_channel=lambda: places.find_out(settings.triage_channel),
    )
    people.roster_changed.connect(questions.owed.roster_changed)
    people.roster_changed.connect(lambda session, _who: screens.redraw_homes(session, people.who_can_act(session)))
    guidelines_owed = GuidelinesOwed(outbox)
    guidelines = Guidelines(
        database,
        guidelines_owed,
        audit,
        keyring,
        wait=timedelta(seconds=settings.guidelines_wait_seconds),
        gives_notice=bool(settings.general_channel),
        guests=settings.guests_accept,
    )
    people.joined.connect(guidelines.came_in)
    guidelines.accepted.connect(lambda session, member, _first: screens.redraw_home(session, member.slack_id))
    directory = Directory(database, topics=dict(settings.topics))
    onboarding = Onboarding(
        database,
        OnboardingOwed(outbox),
        keyring,
        guidelines=guidelines,
        directory=directory,
        owe_home=screens.redraw_home,
        is_on=settings.onboarding,
        champions_welcome=not settings.welcome_channel,
    )
    people.joined.connect(onboarding.came_in)
    guidelines.accepted.connect(onboarding.accepted)
    people.left.connect(onboarding.left)
    people.roster_changed.connect(onboarding.roster_changed)
    backfill = Backfill(
        database,
        guidelines_owed,
        audit,
        guests=settings.guests_accept,
        general_channel=settings.general_channel,
    )
    proposal_store = ProposalStore(
        keyring, known_as, threshold=settings.support_threshold, approvals=settings.approvals
    )
    proposals_owed = ProposalsOwed(
        outbox, keyring, proposals_channel=settings.proposals_channel, triage_channel=settings.triage_channel
    )
    proposals = Proposals(
        database,
        proposal_store,
        proposals_owed,
        guidelines=guidelines,
        screens=screens,
        audit=audit,
        directory=directory,
        rules=Rules(
            days=settings.proposal_days,
            reserved=settings.reserved_channel_names,
            keep_concerns=timedelta(days=settings.keep_questions_days),
        ),
    )
    concerns = Concerns(
        database,
        proposal_store,
        proposals_owed,
        screens=screens,
        filing=questions.filing,
        audit=audit,
        known_as=known_as,
        external_help=settings.external_help,
    )
    openings_owed = OpeningsOwed(
        outbox,
        keyring,
        triage_channel=settings.triage_channel,
        proposals_channel=settings.proposals_channel,
        general_channel=settings.general_channel,
    )
    openings = Openings(database=database, proposals=proposals, channels=directory, owed=openings_owed, audit=audit)
    proposals.open_with(openings)
    directory.channel_created.connect(openings.channel_came)
    people.left.connect(proposals.left)
    people.roster_changed.connect(proposals_owed.roster_changed)
    people.renamed.connect(proposals_owed.renamed)
    of_the_community = {
        settings.triage_channel,
        settings.general_channel,
        settings.proposals_channel,
        settings.hello_channel,
        settings.welcome_channel,
    }
    quiet = QuietChannels(
        database=database,
        owed=QuietOwed(outbox, keyring, triage_channel=settings.triage_channel),
        audit=audit,
        channels=directory,
        stewards=proposal_store.stewards,
        owe_homes=screens.redraw_homes,
        rules=QuietRules(
            days=settings.quiet_channel_days, keep=frozenset({*settings.keep_channels, *of_the_community})
        ),
    )
    proposals.channel_opened.connect(quiet.opened)
    directory.channel_created.connect(lambda session, channel: quiet.is_there(session, channel.id))
    people.left.connect(quiet.left)
    return Records(
        database=database,
        keyring=keyring,
        outbox=outbox,
        audit=audit,
        sealed_jobs=sealed_jobs,
        screens=screens,
        people=people,
        directory=directory,
        onboarding=onboarding,
        guidelines=guidelines,
        guidelines_owed=guidelines_owed,
        backfill=backfill,
        reports=reports,
        owed=owed,
        changes=changes,
        timers=timers,
        questions=questions,
        proposals=proposals,
        concerns=concerns,
        openings=openings,
        quiet=quiet,
        places=places,
    )


def _following_ids(records: Records) -> Callable[[str, str], None]:
    def follow(old: str, new: str) -> None:
        with records.database.begin() as session:
            records.directory.moved(session, old, new)
            follow_channel(session, old, new)

    return follow


def _following(
    triage_channel: str, desk: Desk, questions: Questions, people: People
) -> Callable[[Session, Named, Trouble | None], None]:
    """What follows when a channel of the settings is not as it has to be any more, or is again."""

    def follow(session: Session, named: Named, trouble: Trouble | None) -> None:
        if named.slack_id == triage_channel and trouble is not None and trouble.is_open_to_others:
            desk.take_down(session)
            questions.take_cards_back(session)
        questions.screens.redraw_homes(session, people.who_can_act(session))

    return follow


def _put_on_home(
    parts: Parts,
    records: Records,
    community: Community,
    *,
    cases: Cases,
    own: OwnReports,
    first_steps: OnboardingSection,
) -> None:
    """From top to bottom."""
    questions, proposals = QuestionsSection(records.questions), ProposalsSection(records.proposals, records.concerns)
    openings, quiet = OpeningsSection(records.openings), QuietSection(records.quiet)
    parts.section(10, ReportsSection(records.people, cases, own))
    parts.section(20, RosterSection(community, records.people))
    parts.section(30, PlacesSection(records.places))
    parts.section(40, questions, waiting=questions.waiting)
    parts.section(50, GuidelinesSection(records.guidelines, records.backfill))
    parts.section(60, first_steps)
    parts.section(70, DirectorySection(records.directory, also=first_steps.buttons))
    parts.section(80, proposals, waiting=proposals.waiting)
    parts.section(90, openings, waiting=openings)
    parts.section(100, quiet, waiting=quiet.waiting)


def _surface(settings: Settings, records: Records, gateway: Gateway, errors: Funnel, identity: Identity) -> Surface:
    database, people, screens = records.database, records.people, records.screens
    community = Community(
        name=settings.community_name,
        emergency_number=settings.emergency_number,
        external_help=settings.external_help,
        reply_within_days=settings.reply_within_days,
        keep_closed_days=settings.keep_closed_days,
    )
    windows = Windows(gateway, errors)
    parts, lists = Parts(community, database), Lists(database, screens, windows)
    filing, cases = Filing.beside(records.timers), Cases.beside(records.timers)
    own = OwnReports.beside(records.timers)
    questions, guidelines, backfill = records.questions, records.guidelines, records.backfill
    writers = Writers(gateway.user_info)
    question_listeners = QuestionListeners(
        community,
        windows,
        people,
        questions=questions,
        filing=filing,
        triage_channel=settings.triage_channel,
        writers=writers,
        guidelines=guidelines,
        lists=lists,
    )
    proposals, concerns = records.proposals, records.concerns
    proposal_listeners = ProposalListeners(community, windows, people, proposals=proposals, concerns=concerns)
    openings, quiet = records.openings, records.quiet
    report_windows = ReportWindows(community, parts, cases, own)
    listeners = ReportListeners(
        community,
        windows,
        people,
        filing=filing,
        cases=cases,
        own=own,
        guidelines=guidelines,
        writers=writers,
        shown=report_windows,
        lists=lists,
    )
    places = WelcomePlaces(
        hello=settings.hello_channel or settings.general_channel,
        welcome=settings.welcome_channel or settings.triage_channel,
        champions_welcome=not settings.welcome_channel,
    )
    first_steps = OnboardingSection(records.onboarding, places)
    _put_on_home(parts, records, community, cases=cases, own=own, first_steps=first_steps)
    parts.window(report_windows.render, state=report_windows.state)
    parts.window(question_listeners.render_window)
    parts.window(proposal_listeners.render_window)
    joining = Joining(gateway.join_channel, gateway.add_to_channel)
    accounts = KnownAccounts(people, gateway.user_info, team_id=identity.team_id)
    door = Door(identity, errors)

    parts.first_ask(lambda user_id: door.words(accounts.find_out(user_id)))
    desk = Desk(database, records.outbox, settings.triage_channel)
    records.places.changed.connect(_following(settings.triage_channel, desk, questions, people))
    people_listeners = PeopleListeners(people, gateway.user_info, team_id=identity.team_id)
    people_listeners.heard_of.connect(accounts.changed)
    members = member_list(database, records.outbox, people, gateway.users_page, team_id=identity.team_id)
    channels = channel_list(records.outbox, records.directory, gateway.channels_page, bot_user_id=identity.bot_user_id)
    report_messages = ReportMessages(
        database,
        records.reports,
        filing=filing,
        timers=records.timers,
        changes=records.changes,
        screens=screens,
        learn=people_listeners.learn,
    )
    records.sealed_jobs.send(HomeJob, HomeMessages(screens, parts, database.clock))
    records.sealed_jobs.send(ReportJob, report_messages)
    listening = [
        PlacesListeners(records.places),  # before those that begin anew when gpbot comes to a channel
        listeners,
        question_listeners,
        proposal_listeners,
        OpeningListeners(windows, openings, decline=proposal_listeners.open_declining_form),
        people_listeners,
        OrganisationListeners(windows, people),
        OnboardingListeners(windows, records.onboarding, places),
        DirectoryListeners(windows, records.directory, joining),
        ChannelEvents(records.directory, bot_user_id=identity.bot_user_id),
        QuietListeners(windows, quiet, bot_user_id=identity.bot_user_id),  # after the directory's, which it asks
        DeskListeners(database, desk, screens, bot_user_id=identity.bot_user_id),
        GuidelinesListeners(windows, guidelines, backfill, general_channel=settings.general_channel),
        AppListeners(named_in(settings), _following_ids(records)),
    ]
    if tuple(type(each) for each in listening) != LISTENERS:
        raise NotAsDeclared
    routes, events = Routes(), Events()
    for each in listening:
        routes.add(each)
        events.add(each)
    return Surface(
        routes=routes,
        events=events,
        windows=windows,
        desk=desk,
        parts=parts,
        question_messages=QuestionMessages(database, questions.store, questions.owed, questions),
        proposal_messages=ProposalMessages(database, proposals.store, proposals.owed, proposals, concerns),
        opening_messages=OpeningMessages(database, community, openings, openings.owed),
        quiet_messages=QuietMessages(database, quiet, quiet.owed, last_spoken=gateway.last_spoken),
        people=people_listeners,
        accounts=accounts,
        members=members,
        channels=channels,
        onboarding=OnboardingMessages(
            community,
            records.onboarding,
            joining,
            places,
            doors=[doors.ask(), doors.report(), doors.find_channels("week")],
        ),
        guidelines=GuidelinesMessages(
            database,
            community,
            guidelines,
            backfill,
            records.guidelines_owed,
            general_channel=settings.general_channel,
            triage_channel=settings.triage_channel,
        ),
    )
