"""The member list: read through Slack's pages, and each account recognised by the right field."""

from typing import Any

import pytest
from sqlalchemy import text

from gpbot.people import members
from gpbot.people.listeners import profile_of
from gpbot.people.names import starts
from gpbot.people.types import Kind
from tests.halves import WALK
from tests.stage import Stage

TEAM = "T0OURS"


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ({}, Kind.MEMBER),
        ({"team_id": TEAM, "is_app_user": True}, Kind.MEMBER),  # somebody who uses an app
        ({"is_restricted": True}, Kind.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Kind.GUEST),
        ({"is_bot": True}, Kind.BOT),
        ({"id": "USLACKBOT", "is_bot": False}, Kind.BOT),
        ({"is_workflow_bot": True}, Kind.BOT),
        ({"is_stranger": True}, Kind.STRANGER),
        ({"team_id": "T0OTHER"}, Kind.STRANGER),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER", TEAM]}}, Kind.MEMBER),
        ({"is_invited_user": True}, Kind.INVITED),
    ],
)
def test_each_account_is_recognised_by_its_own_field(says: dict[str, Any], kind: Kind) -> None:
    assert profile_of({"id": "U0MONA", "profile": {}} | says, TEAM).kind is kind


def stored(c: Stage) -> dict[str, tuple[str, bool]]:
    with c.bot.records.database.read() as session:
        rows = session.execute(text("SELECT slack_id, kind, deactivated FROM person")).all()
    return {row.slack_id: (row.kind, bool(row.deactivated)) for row in rows}


@WALK("people")
def test_the_whole_list_is_read_page_by_page_and_through_a_rate_limit(community: Stage) -> None:
    people = [community.workspace.add_person(f"Person{number} Member", announce=False) for number in range(450)]
    community.workspace.faults.add(method="users.list", retry_after=5, times=2)
    pages = len([call for call in community.workspace.calls if call.method == "users.list"])
    community.restart()
    community.settle(20)
    found = stored(community)
    assert {person.id for person in people} <= found.keys()
    calls = [call for call in community.workspace.calls if call.method == "users.list"][pages:]
    assert len([call for call in calls if call.response.get("ok")]) == 3


def test_bots_slackbot_and_strangers_are_not_in_it_and_closed_accounts_are_marked(community: Stage) -> None:
    bot = community.workspace.add_person("Robo Bot", bot=True, announce=False)
    stranger = community.workspace.add_person("Sten Stranger", external=True)
    guest = community.workspace.add_person("Gul Guest", guest=True, announce=False)
    community.workspace.deactivate(community.tom)
    community.restart()
    community.settle()
    found = stored(community)
    assert not {bot.id, stranger.id, "USLACKBOT", community.app.bot_user_id} & found.keys()
    assert found[guest.id] == ("guest", False)
    assert found[community.tom.id] == ("member", True)
    assert found[community.mona.id] == ("member", False)


def test_it_is_read_again_each_day_and_once_however_often_gpbot_starts(community: Stage) -> None:
    community.restart()
    community.restart()
    community.settle()
    before = len([call for call in community.workspace.calls if call.method == "users.list"])
    community.later(days=1)
    community.settle(5)
    after = len([call for call in community.workspace.calls if call.method == "users.list"])
    assert after - before == 1


def test_a_list_that_slack_does_not_give_today_is_asked_for_tomorrow(community: Stage) -> None:
    community.workspace.faults.add(method="users.list", error="team_access_denied_or_other", times=1)
    zoe = community.workspace.add_person("Zoe Newcomer", announce=False)
    community.restart()
    community.settle()
    assert zoe.id not in stored(community)
    community.later(days=1)
    community.settle(5)
    assert zoe.id in stored(community)


def kept_starts(c: Stage, person: int) -> set[bytes]:
    with c.bot.records.database.read() as session:
        return set(session.scalars(text("SELECT start FROM name_start WHERE person_id = :person"), {"person": person}))


def test_what_the_release_before_kept_of_names_is_made_again_when_the_list_is_read_at_the_next_start(
    community: Stage,
) -> None:
    """It kept other letters: "mueller" was not found for Müller."""
    mueller = community.workspace.add_person("Björn Müller")
    community.settle()
    records = community.bot.records
    older = members.hash_of(records.keyring, "an older letter")
    with records.database.begin() as session:
        person = members.person_id(session, mueller.id)
        session.execute(text("DELETE FROM name_start WHERE person_id = :person"), {"person": person})
        session.execute(
            text("INSERT INTO name_start (start, person_id) VALUES (:start, :person)"),
            {"start": older, "person": person},
        )
    assert kept_starts(community, person) == {older}
    community.restart()
    community.settle()
    keyring = community.bot.records.keyring
    kept = kept_starts(community, person)
    assert older not in kept
    assert {members.hash_of(keyring, start) for start in starts("Björn Müller")} <= kept
