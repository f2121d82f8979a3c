"""The roster: seeded once, following Slack, and telling those who must know when it changes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.crypto import Vault, new_master_key
from gpbot.db import Database
from gpbot.keyring import load_keyring
from gpbot.people import members, store
from gpbot.people.listeners import profile_of
from gpbot.people.types import (
    MOST_CONFLICTS,
    CannotHoldRole,
    Kind,
    NotOnRoster,
    Profile,
    RoleName,
    TooManyConflicts,
)
from gpbot.people.workflow import People
from tests.clocks import StoppedClock

AMINA = Profile(
    slack_id="U0AMINA",
    display_name="mina",
    real_name="Amina Okafor",
    title="Harbour Aid",
    deactivated=False,
    kind=Kind.MEMBER,
)


@pytest.fixture
def people(database_url: str) -> Iterator[People]:
    database = Database(database_url, clock=StoppedClock())
    keyring = load_keyring(database, Vault([new_master_key()]))
    yield People(database, AuditLog(keyring, database.clock), keyring)
    database.close()


def champions(people: People) -> list[str]:
    return [holder.slack_id for holder in people.roster().champions]


def contacts(people: People) -> list[str]:
    return [holder.slack_id for holder in people.roster().contacts]


def test_champions_are_seeded_on_the_first_start_only(people: People) -> None:
    people.seed(["U0AMINA", "U0BEN"], ["U0EDITH"])
    people.remove_champion("U0BEN", by="U0AMINA")
    people.seed(["U0AMINA", "U0BEN", "U0CHLOE"], ["U0EDITH"])

    assert champions(people) == ["U0AMINA"]


def test_contacts_follow_the_setting_and_its_order(people: People) -> None:
    people.seed(["U0AMINA"], ["U0EDITH", "U0FARID"])
    people.seed([], ["U0GINA", "U0FARID"])
    assert contacts(people) == ["U0GINA", "U0FARID"]
    people.seed([], ["U0FARID", "U0EDITH", "U0GINA"])
    assert contacts(people) == ["U0FARID", "U0EDITH", "U0GINA"]


def test_seeding_twice_changes_nothing(people: People) -> None:
    people.seed(["U0AMINA"], ["U0EDITH"])
    heard: list[frozenset[str]] = []
    people.roster_changed.connect(lambda _session, who: heard.append(who))
    before = people.roster()
    people.seed(["U0AMINA"], ["U0EDITH"])

    assert people.roster() == before
    assert heard == []


def test_a_refused_seed_leaves_everything_as_it_was(people: People) -> None:
    people.seed(["U0AMINA"], ["U0EDITH"])
    with pytest.raises(CannotHoldRole) as refused:
        people.seed([], ["U0FARID", "U0AMINA"])

    assert "ESCALATION_CONTACTS holds U0AMINA" in refused.value.words
    assert contacts(people) == ["U0EDITH"]


def test_nobody_holds_two_roles(people: People) -> None:
    people.seed(["U0AMINA"], ["U0EDITH"])
    for slack_id in ("U0AMINA", "U0EDITH"):
        with pytest.raises(CannotHoldRole):
            people.add_champion(slack_id, by="U0AMINA")
    with pytest.raises(CannotHoldRole):
        people.remove_champion("U0EDITH", by="U0AMINA")
    with pytest.raises(CannotHoldRole):
        people.remove_champion("U0NOBODY", by="U0AMINA")


def test_a_champion_who_left_can_become_a_contact_and_come_back(people: People) -> None:
    people.seed(["U0AMINA", "U0BEN"], ["U0EDITH"])
    people.remove_champion("U0BEN", by="U0AMINA")
    people.seed([], ["U0BEN"])
    assert people.roster().contacts[0].role is RoleName.CONTACT
    people.seed([], ["U0EDITH"])
    people.add_champion("U0BEN", by="U0AMINA")

    assert champions(people) == ["U0AMINA", "U0BEN"]


def test_the_time_somebody_held_a_role_is_kept(people: People) -> None:
    people.seed(["U0AMINA", "U0BEN"], [])
    people.remove_champion("U0BEN", by="U0AMINA")
    people.add_champion("U0BEN", by="U0AMINA")
    with people.database.read() as session:
        rows = session.execute(text("SELECT since, until FROM role WHERE person_id = 2 ORDER BY id")).all()

    assert len(rows) == 2
    assert rows[0].until is not None
    assert rows[1].until is None


def test_nobody_whose_name_is_not_known_yet_can_act(people: People) -> None:
    people.seed(["U0AMINA"], [])
    assert people.roster().active_champion_ids == frozenset()
    people.follow([AMINA])

    assert people.roster().active_champion_ids == {"U0AMINA"}
    (amina,) = people.roster().champions
    assert (amina.name, amina.other_names, amina.title) == ("Amina Okafor", ("mina",), "Harbour Aid")


def test_a_closed_account_keeps_its_role_and_cannot_act_in_it(people: People) -> None:
    people.seed(["U0AMINA"], [])
    people.follow([AMINA])
    people.follow([replace(AMINA, deactivated=True)])

    assert champions(people) == ["U0AMINA"]
    assert people.roster().role_of("U0AMINA") is None
    with pytest.raises(NotOnRoster):
        people.conflicts_of("U0AMINA")
    people.follow([AMINA])
    assert people.roster().role_of("U0AMINA") is RoleName.CHAMPION


def test_changes_are_told_with_those_whom_they_concern_in_the_same_transaction(people: People) -> None:
    heard: list[frozenset[str]] = []

    def hear(session: Session, who: frozenset[str]) -> None:
        assert session.in_transaction()
        heard.append(who)

    people.roster_changed.connect(hear)
    people.seed(["U0AMINA"], ["U0EDITH"])
    people.follow([AMINA])
    people.follow([replace(AMINA, title="Elsewhere")])
    people.follow([replace(AMINA, deactivated=True)])
    people.add_champion("U0BEN", by="U0AMINA")
    people.remove_champion("U0BEN", by="U0AMINA")

    assert heard == [{"U0AMINA", "U0EDITH"}, {"U0AMINA"}, {"U0AMINA"}, {"U0BEN"}, {"U0BEN"}]


def test_a_hook_that_fails_undoes_the_change(people: People) -> None:
    people.seed(["U0AMINA"], [])

    def fail(_session: Session, _who: frozenset[str]) -> None:
        raise RuntimeError

    people.roster_changed.connect(fail)
    with pytest.raises(RuntimeError):
        people.add_champion("U0BEN", by="U0AMINA")
    assert champions(people) == ["U0AMINA"]


def test_profiles_of_strangers_and_bots_are_not_stored(people: People) -> None:
    people.seed(["U0AMINA"], [])
    people.follow([replace(AMINA, slack_id="U0STRANGER", kind=Kind.STRANGER)])
    people.follow([replace(AMINA, slack_id="U0BOT", kind=Kind.BOT)])
    with people.database.read() as session:
        stored = session.execute(text("SELECT slack_id FROM person")).scalars().all()

    assert stored == ["U0AMINA"]


def test_of_members_without_a_role_the_account_is_stored_and_never_the_name(people: People) -> None:
    people.follow([replace(AMINA, slack_id="U0MONA")])
    people.follow([replace(AMINA, slack_id="U0MONA", title="Elsewhere", deactivated=True)])
    with people.database.read() as session:
        stored = session.execute(text("SELECT slack_id, kind, deactivated, display_name, real_name, title FROM person"))

        assert [tuple(row) for row in stored] == [("U0MONA", "member", True, "", "", "")]


def test_very_long_names_are_cut_and_kept(people: People) -> None:
    people.seed(["U0AMINA"], [])
    people.follow([replace(AMINA, real_name="🌸" * 500, title="x" * 500)])

    assert people.roster().champions[0].name == "🌸" * 200


def test_declared_conflicts_are_a_whole_list_and_keep_their_first_time(people: People) -> None:
    people.seed(["U0AMINA"], [])
    people.follow([AMINA])
    clock = people.database.clock
    assert isinstance(clock, StoppedClock)
    first = clock.now()
    people.declare_conflicts("U0AMINA", ["U0TOM", "U0AMINA", "U0TOM"])
    clock.advance(days=1)
    people.declare_conflicts("U0AMINA", ["U0TOM", "U0NADIA"])
    assert people.conflicts_of("U0AMINA") == ["U0TOM", "U0NADIA"]
    with people.database.read() as session:
        found = {each.other_id: each.declared_at for each in members.conflicts_with(session, ["U0TOM", "U0NADIA"])}
    assert found == {"U0TOM": first, "U0NADIA": clock.now()}

    people.declare_conflicts("U0AMINA", [])
    assert people.conflicts_of("U0AMINA") == []


def test_nobody_declares_conflicts_with_nearly_everybody(people: People) -> None:
    """Each report that still reached them would tell who sent it."""
    people.seed(["U0AMINA"], [])
    people.follow([AMINA])
    many = [f"U0MEMBER{number:02}" for number in range(MOST_CONFLICTS + 2)]
    with pytest.raises(TooManyConflicts):
        people.declare_conflicts("U0AMINA", many)
    assert people.conflicts_of("U0AMINA") == []
    people.declare_conflicts("U0AMINA", many[:MOST_CONFLICTS])
    assert len(people.conflicts_of("U0AMINA")) == MOST_CONFLICTS


def test_a_longer_list_of_an_earlier_release_can_be_shortened_and_not_changed(people: People) -> None:
    people.seed(["U0AMINA"], [])
    people.follow([AMINA])
    many = [f"U0MEMBER{number:02}" for number in range(MOST_CONFLICTS + 2)]
    with people.database.begin() as session:
        store.declare_conflicts(session, "U0AMINA", many, at=people.database.clock.now())
    with pytest.raises(TooManyConflicts):
        people.declare_conflicts("U0AMINA", [*many[1:], "U0TOM"])
    people.declare_conflicts("U0AMINA", many[1:])
    assert people.conflicts_of("U0AMINA") == many[1:]


def test_only_those_with_a_role_declare_conflicts(people: People) -> None:
    with pytest.raises(NotOnRoster):
        people.declare_conflicts("U0MONA", ["U0TOM"])


def test_a_profile_is_read_from_whatever_slack_says_of_an_account() -> None:
    full = {"id": "U1", "name": "amina", "deleted": False, "is_bot": False}
    full |= {"profile": {"real_name": "Amina Okafor", "display_name": "", "title": None}}
    assert profile_of(full) == Profile(
        slack_id="U1", display_name="amina", real_name="Amina Okafor", title="", deactivated=False, kind=Kind.MEMBER
    )
    assert profile_of({"id": "U1", "deleted": True, "profile": None}).deactivated
