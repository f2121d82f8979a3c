"""Two processes of gpbot on one PostgreSQL."""

from collections.abc import Iterator

import pytest

from gpbot.crypto import new_master_key
from gpbot.people.types import Kind, Profile
from gpbot.settings import Settings
from tests.promises.processes import AMINA, BEN, CHLOE, EDITH, FARID, ROSTER, Process


@pytest.fixture
def settings(postgres_url: str) -> Settings:
    return Settings(
        slack_bot_token="",
        database_url=postgres_url,
        gpbot_keys=(new_master_key(),),
        community_name="",
        champions=(AMINA, BEN, CHLOE),
        escalation_contacts=(EDITH, FARID),
        external_help="help@outside.example",
        triage_channel="C0TRIAGE",
        proposals_channel="C0PROPOSALS",
    )


@pytest.fixture
def two(settings: Settings) -> Iterator[tuple[Process, Process]]:
    one, other = Process(settings), Process(settings)
    one.records.people.seed(settings.champions, settings.escalation_contacts)
    one.records.people.follow(
        Profile(slack_id=who, display_name="", real_name=name, title="", deactivated=False, kind=Kind.MEMBER)
        for who, name in ROSTER.items()
    )
    yield one, other
    with one.records.database.read() as session:
        assert one.records.audit.verify(session).broken_at is None
    for each in (one, other):
        each.records.database.close()
