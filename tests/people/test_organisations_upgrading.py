"""Whoever held a role under the release before was never asked where they work."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from gpbot.audit import AuditLog
from gpbot.crypto import Vault, new_master_key
from gpbot.db import Database
from gpbot.keyring import load_keyring
from gpbot.people.types import Kind, Profile
from gpbot.people.workflow import People
from tests.running import ROOT
from tests.stage import StoppedClock

AMINA, BEN, EDITH = "U0AMINA001", "U0BEN00001", "U0EDITH001"


def test_of_whoever_held_a_role_it_is_not_known_until_the_setting_or_they_say(database_url: str) -> None:
    clock = StoppedClock()
    database = Database(database_url, clock=clock)
    keyring = load_keyring(database, Vault([new_master_key()]))
    people = People(database, AuditLog(keyring, clock), keyring)
    people.seed([AMINA, BEN], [EDITH])
    people.follow(
        Profile(slack_id=each, display_name="", real_name=each, title="Bridges", deactivated=False, kind=Kind.MEMBER)
        for each in (AMINA, BEN, EDITH)
    )
    _as_release_before(database)
    _upgrade(database)
    assert {each.organisation for each in people.roster().everyone} == {""}

    people.seed([AMINA, BEN], [EDITH], {AMINA: "City Welcome"})
    people.set_organisation(BEN, "Open Door")
    people.seed([AMINA, BEN], [EDITH], {AMINA: "Another", BEN: "Another"})
    said = {each.slack_id: each.organisation for each in people.roster().everyone}
    assert said == {AMINA: "City Welcome", BEN: "Open Door", EDITH: ""}
    database.close()


def _as_release_before(database: Database) -> None:
    """What this release has added is taken away."""
    with database.engine.execution_options(gpbot_writes=True).begin() as connection:
        connection.execute(text("ALTER TABLE person DROP COLUMN organisation"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0015'"))


def _upgrade(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with database.engine.execution_options(gpbot_writes=True, gpbot_patient=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
