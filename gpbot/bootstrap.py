"""The composition root: which workflows there are, from the ground up, and a bot made of them."""

from typing import Any

from gpbot.bot import Gpbot
from gpbot.clock import Clock, SystemClock
from gpbot.crypto import Vault
from gpbot.db import Database
from gpbot.desk.plugin import WORKFLOW as DESK
from gpbot.directory.plugin import WORKFLOW as DIRECTORY
from gpbot.guidelines.plugin import WORKFLOW as GUIDELINES
from gpbot.keyring import KeyRing, load_keyring
from gpbot.kit import Kit, Surface, Workflow, plug, routes
from gpbot.onboarding.plugin import WORKFLOW as ONBOARDING
from gpbot.opening.plugin import WORKFLOW as OPENING
from gpbot.outbox import Courier
from gpbot.people.plugin import WORKFLOW as PEOPLE
from gpbot.places.plugin import WORKFLOW as PLACES
from gpbot.proposals.plugin import WORKFLOW as PROPOSALS
from gpbot.questions.plugin import WORKFLOW as QUESTIONS
from gpbot.quiet.plugin import WORKFLOW as QUIET
from gpbot.records import Records
from gpbot.reports.plugin import WORKFLOW as REPORTS
from gpbot.schema import NoDatabaseYet, closing_unless_it_ends_well, open_database
from gpbot.settings import Settings
from gpbot.slack.app import build_app
from gpbot.slack.gateway import Gateway, web_client
from gpbot.slack.manifest import manifest
from gpbot.slack.pulse import Pulse

__all__ = ["WORKFLOWS", "Gpbot", "NoDatabaseYet", "Records", "app_manifest", "build", "open_records"]

# Each may ask for what those above it in this list have added; what happens is heard in this order too.
WORKFLOWS: tuple[Workflow, ...] = (
    PEOPLE,
    PLACES,
    DIRECTORY,
    GUIDELINES,
    ONBOARDING,
    DESK,
    REPORTS,
    QUESTIONS,
    PROPOSALS,
    OPENING,
    QUIET,
)


def open_records(
    settings: Settings, *, clock: Clock | None = None, alone: bool = False, may_create: bool = True
) -> Records:
    """Bring the database up to date and open it; `alone` is for the bot itself, of which SQLite bears one.

    Raises BadDatabaseUrl, NewerDatabase, NoDatabaseYet, KeysDoNotFit, CannotSave, SQLAlchemyError, OSError,
    AnotherProcess.
    """
    database = open_database(settings.database_url, clock=clock or SystemClock(), alone=alone, may_create=may_create)
    with closing_unless_it_ends_well(database):
        with database.without_hurry():
            keyring = load_keyring(database, Vault(settings.gpbot_keys))
        return _records(settings, database, keyring)


def build(settings: Settings, *, clock: Clock | None = None) -> Gpbot:
    """Raises what `open_records` raises, AnotherProcess, NotIdentified, CannotHoldRole."""
    kit = open_records(settings, clock=clock, alone=True).kit
    with closing_unless_it_ends_well(kit.database):
        with kit.database.without_hurry():
            for do in kit.before_slack:
                do()
        return _plugged_in(kit)


def app_manifest(settings: Settings, *, url: str | None) -> dict[str, Any]:
    """The manifest of everything declared, without a bot; `url` is None for Socket Mode."""
    return manifest(
        name=settings.community_name,
        routes=routes(WORKFLOWS),
        scopes=[scope for each in WORKFLOWS for scope in each.scopes(settings)],
        url=url,
    )


def _records(settings: Settings, database: Database, keyring: KeyRing) -> Records:
    kit = Kit(settings, database, keyring)
    kit.know_channels_by_first_ids()
    for each in WORKFLOWS:
        each.use_cases(kit)
    return Records(kit)


def _plugged_in(kit: Kit) -> Gpbot:
    settings = kit.settings
    gateway = Gateway(settings.slack_bot_token, settings.slack_api_url, kit.database.agreed.hear, kit.moved)
    slack = Surface(kit, gateway, gateway.identify())
    plug(WORKFLOWS, kit, slack)
    courier = Courier(kit.database, gateway, slack.handlers)
    kit.outbox.connect(courier)
    app = build_app(
        client=web_client(settings.slack_bot_token, settings.slack_api_url),
        signing_secret=settings.slack_signing_secret,
        identity=slack.identity,
        routes=slack.routes,
        events=slack.events,
        errors=slack.errors,
        door=slack.door,
        moved=kit.moved,
    )
    return Gpbot(kit=kit, surface=slack, app=app, courier=courier, pulse=Pulse(gateway.check))
