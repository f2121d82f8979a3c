"""Whatever comes in is asked whose it is before any listener is called: strangers and bots are told, and not kept."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import text

from gpbot.guidelines import ids as guidelines_ids
from gpbot.practice.person import Person
from gpbot.slack.answers import Nothing
from gpbot.slack.door import Account
from gpbot.slack.requests import Asked
from tests.databases import ON_SQLITE
from tests.scenarios.doing import direct_messages, shown, stubs
from tests.stage import HELP, Stage

pytestmark = ON_SQLITE
ELSEWHERE = "your account belongs to another one"
AN_APP = "this account belongs to an app"
SORTS = {"external": ELSEWHERE, "bot": AN_APP}


@pytest.fixture
def heard(community: Stage) -> list[Asked]:
    """What reaches a listener; each of them only notes it."""
    found: list[Asked] = []

    def listen(asked: Asked) -> Nothing:
        found.append(asked)
        return Nothing()

    routes = community.bot.routes
    for table in (
        *(routes.commands, routes.subcommands, routes.actions, routes.submissions),
        *(routes.shortcuts, routes.message_shortcuts),
    ):
        for key in table:
            cast("dict[str, Any]", table)[key] = listen
    return found


def somebody(community: Stage, sort: str) -> Person:
    found = community.workspace.add_person(
        "Gus Other", guest=sort == "guest", external=sort == "external", bot=sort == "bot"
    )
    community.settle(1)
    return found


def everything(community: Stage, who: Person, **override: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each thing that gpbot answers, done once by somebody; `override` replaces parts of each payload."""
    routes, workspace = community.bot.routes, community.workspace
    place = workspace.dm(who.id)

    def sent(kind: str, **more: Any) -> Callable[[], object]:
        with workspace.acting():
            begun = who._payload(kind) | {"trigger_id": workspace.views.trigger(who.id)}
        return partial(workspace.courier.interaction, "interactive", begun | more | override)

    def typed(command: str, words: str = "") -> Callable[[], object]:
        with workspace.acting():
            body = {
                "team_id": override.get("team", {}).get("id", workspace.team_id),
                "api_app_id": override.get("api_app_id", community.app.app_id),
                "channel_id": place.id,
                "user_id": who.id,
                "user_name": who.user.name,
                "command": command,
                "text": words,
                "trigger_id": workspace.views.trigger(who.id),
                "response_url": workspace.messages.response_url(who.id, place),
            }
        return partial(workspace.courier.interaction, "slash_commands", body)

    def view(callback_id: str) -> dict[str, Any]:
        return {"id": "V0FORGED", "type": "modal", "hash": "0", "callback_id": callback_id, "state": {"values": {}}}

    for name in routes.commands:
        yield name, typed(name)
    for name in routes.subcommands:
        command, _, word = name.partition(" ")
        yield name, typed(command, word)
    for key in routes.actions:
        yield key, partial(who.send_action, key, "1", **override)
    for key in routes.submissions:
        yield key, sent("view_submission", view=view(key), response_urls=[])
    for key in routes.shortcuts:
        yield key, sent("shortcut", callback_id=key)
    for key in routes.message_shortcuts:
        yield key, sent("message_action", callback_id=key, message={"type": "message", "ts": "1.0"})


def kept_of(community: Stage, who: Person) -> int:
    with community.bot.records.database.read() as session:
        return int(
            session.execute(text("SELECT count(*) FROM person WHERE slack_id = :id"), {"id": who.id}).scalar_one()
        )


@pytest.mark.parametrize("sort", SORTS)
def test_no_listener_is_told_of_a_stranger_or_a_bot(community: Stage, heard: list[Asked], sort: str) -> None:
    other = somebody(community, sort)
    for what, do in everything(community, other):
        do()
        community.bot.windows.settle()
        assert not heard, f"{what} was heard"
    assert not kept_of(community, other)


def test_every_listener_is_told_of_a_member_and_of_a_guest(community: Stage, heard: list[Asked]) -> None:
    """The control: what is sent above is whole."""
    for who in (community.mona, somebody(community, "guest")):
        for what, do in everything(community, who):
            do()
            community.bot.windows.settle()
            assert [asked.user_id for asked in heard] == [who.id], what
            heard.clear()


def test_no_listener_is_told_of_another_workspace_or_another_app(community: Stage, heard: list[Asked]) -> None:
    for override in ({"team": {"id": "T0ELSEWHERE", "domain": "elsewhere"}}, {"api_app_id": "A0ANOTHER"}):
        for what, do in everything(community, community.mona, **override):
            do()
            community.bot.windows.settle()
            assert not heard, f"{what} was heard"


def test_in_an_organisation_of_several_workspaces_what_slack_says_of_the_person_decides(
    community: Stage, heard: list[Asked]
) -> None:
    user = {"id": community.mona.id, "username": "mona", "team_id": "T0HOME", "enterprise_id": "E0ORG"}
    next(do for what, do in everything(community, community.mona, user=user) if what == guidelines_ids.AGREE)()
    community.bot.windows.settle()
    assert heard


@pytest.mark.parametrize("sort", SORTS)
def test_somebody_who_is_not_let_in_reads_why_and_whom_to_reach(community: Stage, sort: str) -> None:
    other = somebody(community, sort)
    other.send_action(guidelines_ids.AGREE, "1")
    community.bot.windows.settle()
    said = "\n".join(sight.text for sight in other.seen)
    assert SORTS[sort] in said
    assert HELP in said
    assert SORTS[sort] in other.send_view_submission({"callback_id": "report.review"}).text
    other.open_home()
    community.settle()
    assert other.home is not None
    assert SORTS[sort] in other.home.text
    assert not other.home.buttons
    assert not kept_of(community, other)


def test_a_stranger_who_writes_to_gpbot_is_told_and_a_bot_is_not_answered(community: Stage) -> None:
    for sort, count in (("external", 1), ("bot", 0)):
        other = somebody(community, sort)
        community.bot.accounts.find_out(other.id)
        other.say("Hello?")
        community.settle()
        assert sum(ELSEWHERE in said for said in direct_messages(other)) == count
        assert not any("stays in Slack" in said for said in direct_messages(other))


def test_an_event_of_another_workspace_is_left_out_and_not_delivered_again(community: Stage) -> None:
    heard: list[str] = []
    community.bot.events.on("app_home_opened", lambda event: heard.append(event.event_id))
    team_id = community.workspace.team_id
    community.workspace.team_id = "T0ELSEWHERE"
    community.mona.open_home()
    community.workspace.team_id = team_id
    assert not heard
    community.mona.open_home()
    assert len(heard) == 1


def test_somebody_who_joined_a_moment_ago_can_report_while_slack_does_not_say_who_they_are(community: Stage) -> None:
    community.workspace.faults.add(method="users.info", error="internal_error", times=None)
    new = community.workspace.add_person("Nora New", announce=False)
    assert community.bot.accounts.known(new.id) is Account.UNTOLD
    community.report(new, "He keeps writing to me.")
    assert "Saved." in shown(new)
    assert len(stubs(community.ben)) == 1
    assert not kept_of(community, new)


def test_somebody_who_joined_a_moment_ago_is_asked_about_and_then_known(community: Stage) -> None:
    new = community.workspace.add_person("Nora New", announce=False)
    community.report(new, "He keeps writing to me.")
    assert "Saved." in shown(new)
    assert kept_of(community, new) == 1
    assert community.bot.accounts.known(new.id) is Account.PERSON


def test_a_command_is_answered_before_slack_has_said_who_typed_it(community: Stage) -> None:
    community.workspace.faults.add(method="users.info", delay=community.workspace.ack_seconds + 1)
    new = community.workspace.add_person("Nora New", announce=False)
    assert new.command("/report").ok


def test_nobody_agrees_whom_slack_has_not_told_of(community: Stage) -> None:
    community.bot.records.guidelines.publish("Be kind.", is_major=True, changes="", attribution="", by="operator")
    community.workspace.faults.add(method="users.info", error="internal_error", times=None)
    new = community.workspace.add_person("Nora New", announce=False)
    new.send_action(guidelines_ids.AGREE, "1")
    community.bot.windows.settle()
    assert not kept_of(community, new)
    assert "Slack has not told gpbot yet that you are a member here." in "\n".join(s.text for s in new.seen)
