"""Who can write to the database and has no key gives nobody a role, another name, or one conflict less."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from gpbot.db import table_of
from gpbot.people.models import DeclaredConflict, Person, Role, SealedRoster
from gpbot.people.types import RoleName
from gpbot.practice.person import Person as Somebody
from tests.databases import another_program
from tests.scenarios.doing import home_of, knows_nothing, stubs
from tests.stage import Stage

ROLES, PEOPLE = table_of(Role), table_of(Person)
WORDS = "He waits for me at the door"


def alter(community: Stage, how: Callable[[Connection], object]) -> None:
    with another_program(community.settings.database_url) as connection:
        how(connection)


def row_of(connection: Connection, who: Somebody) -> Any:
    return connection.execute(select(PEOPLE).where(PEOPLE.c.slack_id == who.id)).one()


def assert_is_said(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    health = community.bot.health()
    assert not health["ok"]
    assert health["roster"].startswith("altered in the database")
    assert any("altered in the database" in line for line in caplog.messages)


def roster_of(community: Stage) -> set[str]:
    return {holder.slack_id for holder in community.bot.records.people.roster().everyone}


def test_a_role_that_was_put_there_counts_for_nothing(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def plant(connection: Connection) -> None:
        tom = row_of(connection, community.tom)
        like = connection.execute(select(ROLES).where(ROLES.c.name == RoleName.CHAMPION).limit(1)).one()
        values = {**like._mapping, "person_id": tom.id, "id": 999}
        connection.execute(ROLES.insert().values(values))
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == tom.id).values(real_name="Tom Reed", organisation=""))

    before = roster_of(community)
    alter(community, plant)
    community.report(community.mona, WORDS)
    assert roster_of(community) == before
    assert stubs(community.tom) == []
    knows_nothing(community.tom, WORDS)
    assert "Waiting" not in home_of(community, community.tom)
    assert_is_said(community, caplog)


def test_a_role_of_somebody_else_is_nobodys(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def swap(connection: Connection) -> None:
        ben, tom = row_of(connection, community.ben), row_of(connection, community.tom)
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == tom.id).values(slack_id="-"))
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == ben.id).values(slack_id=tom.slack_id))

    alter(community, swap)
    assert not {community.ben.id, community.tom.id} & roster_of(community)
    assert_is_said(community, caplog)


@pytest.mark.parametrize("name", ["Somebody Else", ""])
def test_a_champion_who_calls_themselves_otherwise_there_reads_nothing(
    community: Stage, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    hers = update(PEOPLE).where(PEOPLE.c.slack_id == community.amina.id)
    alter(community, lambda connection: connection.execute(hers.values(real_name=name, display_name="")))
    community.report(community.mona, "Amina Okafor follows me home")
    assert community.amina.id not in roster_of(community)
    assert stubs(community.amina) == []
    assert stubs(community.ben)
    assert_is_said(community, caplog)


@pytest.mark.parametrize("column", ["real_name", "slack_id"])
def test_a_contact_whose_row_was_altered_has_the_role_again_at_the_next_start_by_the_name_that_slack_says(
    community: Stage, column: str
) -> None:
    hers = update(PEOPLE).where(PEOPLE.c.slack_id == community.edith.id)
    alter(community, lambda connection: connection.execute(hers.values({column: "Somebody Else"})))
    assert community.edith.id not in roster_of(community)
    community.restart()
    community.settle()
    [edith] = [each for each in community.bot.records.people.roster().contacts if each.slack_id == community.edith.id]
    assert edith.name == "Edith Shaw"
    community.report(community.mona, "It was Edith Shaw.", outside=True)
    assert stubs(community.edith) == []
    assert stubs(community.farid)


def test_until_slack_says_it_nobody_is_called_what_was_put_there(community: Stage) -> None:
    of_amina = update(PEOPLE).where(PEOPLE.c.slack_id == community.amina.id)
    alter(community, lambda connection: connection.execute(of_amina.values(real_name="Somebody Else")))
    holder = community.bot.records.people.add_champion(community.amina.id, by=community.ben.id)
    assert not holder.reachable
    assert holder.name == community.amina.id
    community.bot.learn_names()
    assert community.bot.records.people.roster().holder_of(community.amina.id) is not None
    assert community.bot.records.people.roster().name_of(community.amina.id) == "Amina Okafor"


def test_a_conflict_that_was_taken_away_stays_declared(community: Stage) -> None:
    people = community.bot.records.people
    people.declare_conflicts(community.amina.id, [community.mona.id])
    alter(community, lambda c: c.execute(delete(table_of(DeclaredConflict))))
    assert people.conflicts_of(community.amina.id) == [community.mona.id]
    community.report(community.mona, WORDS)
    assert stubs(community.amina) == []
    assert stubs(community.ben)


def test_without_the_seal_nobody_holds_a_role(community: Stage, caplog: pytest.LogCaptureFixture) -> None:
    assert roster_of(community)
    alter(community, lambda c: c.execute(delete(table_of(SealedRoster))))
    assert roster_of(community) == set()
    assert_is_said(community, caplog)


def test_what_was_put_there_is_not_sealed_by_what_gpbot_changes_later(community: Stage) -> None:
    def plant(connection: Connection) -> None:
        of_ben = ROLES.c.person_id == row_of(connection, community.ben).id
        connection.execute(update(ROLES).where(of_ben).values(name=RoleName.CONTACT))

    alter(community, plant)
    people = community.bot.records.people
    people.declare_conflicts(community.amina.id, [community.mona.id])
    people.remove_champion(community.chloe.id, by=community.amina.id)
    people.add_champion(community.nadia.id, by=community.amina.id)
    assert community.ben.id not in roster_of(community)


def test_what_gpbot_itself_changes_is_as_it_was_sealed(community: Stage) -> None:
    """The control."""
    people = community.bot.records.people
    people.set_organisation(community.ben.id, "City Welcome")
    people.declare_conflicts(community.ben.id, [community.mona.id, community.tom.id])
    people.declare_conflicts(community.ben.id, [community.tom.id])
    people.remove_champion(community.chloe.id, by=community.ben.id)
    people.add_champion(community.nadia.id, by=community.ben.id)
    community.workspace.rename(community.amina, real_name="Amina Bello")
    community.settle()
    community.restart()
    community.settle()
    assert roster_of(community) >= {community.ben.id, community.nadia.id, community.amina.id, community.edith.id}
    assert community.bot.records.people.conflicts_of(community.ben.id) == [community.tom.id]
    assert community.bot.health()["roster"] == "ok"
