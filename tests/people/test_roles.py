"""Champions are full members, contacts people of this workspace; others read nothing, and that is said."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gpbot.cli import app
from gpbot.people import roles, store
from gpbot.people.types import Bar, CannotHoldRole, Kind, RoleName
from gpbot.practice.person import Person
from tests.databases import ON_SQLITE
from tests.running import environment_of
from tests.scenarios.doing import shown, stubs
from tests.stage import Stage

MAY = {(RoleName.CHAMPION, Kind.MEMBER), (RoleName.CONTACT, Kind.MEMBER), (RoleName.CONTACT, Kind.GUEST)}
SORTS = {"guest": Bar.GUEST, "external": Bar.STRANGER, "bot": Bar.BOT}

Run = Callable[..., str]


@pytest.mark.parametrize("role", RoleName)
@pytest.mark.parametrize("kind", Kind)
def test_of_all_kinds_of_account_only_people_of_this_workspace_hold_a_role(role: RoleName, kind: Kind) -> None:
    found = roles.bar(role, kind, deactivated=False)
    assert (found is None) == ((role, kind) in MAY)
    assert roles.bar(role, kind, deactivated=True) is Bar.CLOSED


@pytest.mark.parametrize("found", Bar)
def test_each_reason_has_words(found: Bar) -> None:
    assert roles.why(found)


def somebody(community: Stage, sort: str) -> Person:
    return community.workspace.add_person(
        "Gus Other", guest=sort == "guest", external=sort == "external", bot=sort == "bot"
    )


def form(community: Stage) -> str:
    """What Mona reads of who will read it."""
    community.look_away(community.mona)
    community.mona.command("/report")
    community.bot.windows.settle()
    return shown(community.mona)


def home(community: Stage, person: Person) -> str:
    person.open_home()
    community.settle(1)
    assert person.home is not None
    return person.home.text


@ON_SQLITE
@pytest.mark.parametrize("sort", SORTS)
def test_somebody_who_may_not_be_a_champion_is_refused_or_reads_nothing(community: Stage, sort: str) -> None:
    other = somebody(community, sort)
    community.settle()
    if sort == "guest":  # known already; of strangers and bots nothing is kept
        with pytest.raises(CannotHoldRole) as refused:
            community.bot.records.people.add_champion(other.id, by="operator")
        assert roles.why(Bar.GUEST) in refused.value.words
        return
    community.bot.records.people.add_champion(other.id, by="operator")
    community.settle()
    assert "Gus Other" not in form(community)
    community.look_away(community.mona)
    community.report(community.mona)
    assert not stubs(other)
    assert roles.why(SORTS[sort]) in community.bot.health()["roles"]


@ON_SQLITE
@pytest.mark.parametrize("sort", SORTS)
def test_rows_of_the_release_before_read_nothing_from_the_first_start_on(
    community: Stage, sort: str, caplog: pytest.LogCaptureFixture
) -> None:
    other = somebody(community, sort)
    with community.bot.records.database.begin() as session:
        known = {"id": other.id, "name": "Gus Other"}
        session.execute(text("UPDATE person SET kind = 'unknown', real_name = :name WHERE slack_id = :id"), known)
        store.give_role(session, other.id, RoleName.CHAMPION, since=community.clock.now())
    with caplog.at_level(logging.WARNING):
        community.restart()
    assert f"{other.id} is on the roster as a champion and reads nothing" in caplog.text
    community.settle()
    assert "Gus Other" not in form(community)
    assert "Gus Other is on the roster as a champion and reads nothing" in home(community, community.ben)
    assert "roster" not in home(community, community.tom)


@ON_SQLITE
def test_a_champion_who_becomes_a_guest_reads_nothing_from_then_on_and_again_as_a_member(community: Stage) -> None:
    community.report(community.mona)
    assert len(stubs(community.ben)) == 1
    community.workspace.change_kind(community.ben, guest=True)
    community.settle()
    assert not stubs(community.ben)
    assert "Ben Adeyemi" not in form(community)
    assert "Ben Adeyemi is on the roster as a champion and reads nothing: they are a guest" in home(
        community, community.chloe
    )
    community.workspace.change_kind(community.ben, guest=False)
    community.settle()
    assert "Ben Adeyemi" in form(community)
    assert "The roster" not in home(community, community.chloe)


@ON_SQLITE
def test_a_contact_may_be_a_guest(community: Stage) -> None:
    guest = community.workspace.add_person("Gina Guest", guest=True)
    community.settle()
    community.bot.records.people.seed((), (guest.id,))
    community.settle()
    assert community.bot.records.people.roster().active_contact_ids == (guest.id,)


@ON_SQLITE
def test_while_slack_does_not_answer_a_role_waits_and_that_is_said(community: Stage) -> None:
    new = community.workspace.add_person("Gus Other", announce=False)
    community.workspace.faults.add(method="users.info", error="internal_error", times=None)
    holder = community.bot.records.people.add_champion(new.id, by="operator")
    community.settle()
    assert holder.bar is Bar.NOT_TOLD
    assert roles.why(Bar.NOT_TOLD) in community.bot.health()["roles"]
    assert "Gus Other" not in form(community)
    community.workspace.faults.clear()
    community.later(minutes=20)
    assert community.bot.health()["roles"] == "ok"
    assert "Gus Other" in form(community)


@ON_SQLITE
def test_with_no_champion_who_can_act_the_contacts_and_the_log_say_so(
    community: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for champion in community.champions:
            community.workspace.deactivate(champion)
        community.settle()
    assert "there is no champion who can act any more" in caplog.text
    assert "There is no champion who can act at the moment" in home(community, community.edith)


@pytest.fixture
def run(community: Stage, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in environment_of(community.settings).items():
        monkeypatch.setenv(name, value)

    def command(*words: str, fails: bool = False) -> str:
        result = CliRunner().invoke(app, ["champions", *words])
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.split())

    return command


@ON_SQLITE
def test_the_command_adds_a_member_by_name_and_refuses_everybody_else(run: Run, community: Stage) -> None:
    assert "Nadia Haddad is a champion." in run("add", community.nadia.id)
    for sort, found in SORTS.items():
        other = somebody(community, sort)
        assert roles.why(found) in run("add", other.id, fails=True)
    assert roles.why(Bar.BOT) in run("add", community.app.bot_user_id, fails=True)
    assert "Slack knows nobody with the id U0NOBODY1" in run("add", "U0NOBODY1", fails=True)
    assert len(community.bot.records.people.roster().champions) == 4


@ON_SQLITE
def test_the_command_says_when_a_role_waits(run: Run, community: Stage) -> None:
    community.workspace.faults.add(method="users.info", error="internal_error", times=None)
    new = community.workspace.add_person("Gus Other", announce=False)
    assert "their role waits: Slack did not answer" in run("add", new.id)
    assert roles.why(Bar.NOT_TOLD) in run("list")


@ON_SQLITE
def test_the_last_champion_does_not_go_without_a_word(run: Run, community: Stage) -> None:
    run("remove", community.amina.id)
    community.workspace.deactivate(community.chloe)  # on the roster still, and no help
    community.settle()
    said = run("remove", community.ben.id, fails=True)
    assert "This is the last champion who can act." in said
    assert "--yes" in said
    assert community.ben.id in community.bot.records.people.roster().active_champion_ids
    run("remove", community.ben.id, "--yes")
    assert not community.bot.records.people.roster().active_champion_ids
