"""`champions`: who is on the roster, and how the operator changes it."""

from typing import Annotated

import typer

from gpbot.commands import OPERATOR, console, fail, opened, refusals_said
from gpbot.kit import Kit
from gpbot.outbox.types import Refused, SendingEnded
from gpbot.people import roles
from gpbot.people.listeners import profile_of
from gpbot.people.types import LastChampion, Profile
from gpbot.people.workflow import People
from gpbot.slack.gateway import Gateway
from gpbot.slack.identity import NotIdentified

commands = typer.Typer(name="champions", help="The champions' roster.", no_args_is_help=True)


@commands.command("list")
def list_champions(asked: typer.Context) -> None:
    """Who is on the roster, and the escalation contacts in the order they are asked."""
    with opened(asked) as kit:
        roster = kit.get(People).roster()
    for holder in roster.everyone:
        note = f" (reads nothing: {roles.why(holder.bar)})" if holder.bar else ""
        console.print(f"{holder.role.value:<9} {holder.slack_id:<12} {holder.name}{note}", highlight=False)


@commands.command("add")
def add_champion(asked: typer.Context, slack_id: str) -> None:
    """Put a member of the workspace on the roster. They read reports sent from now on."""
    with opened(asked) as kit, refusals_said():
        told = _who_slack_says(kit, slack_id)
        holder = kit.get(People).add_champion(slack_id, by=OPERATOR, told=told)
    if holder.reachable:
        console.print(f"{holder.name} is a champion. They read reports sent from now on, not older ones.")
        return
    why = "Slack did not answer" if told is None else "gpbot does not know enough of them yet"
    console.print(
        f"{slack_id} is on the roster, and their role waits: {why}. They read nothing until Slack has said that they "
        "are a full member of this workspace; gpbot asks again by itself. `champions list` shows how it stands."
    )


@commands.command("remove")
def remove_champion(
    asked: typer.Context,
    slack_id: str,
    *,
    yes: Annotated[bool, typer.Option(help="Also when nobody is left who can act.")] = False,
) -> None:
    """Take someone off the roster. From this moment they read nothing."""
    with opened(asked) as kit, refusals_said():
        try:
            kit.get(People).remove_champion(slack_id, by=OPERATOR, even_the_last=yes)
        except LastChampion as last:
            fail(f"{last.words} To take them off all the same, add --yes.")
    console.print(
        f"{slack_id} is off the roster, and can read no report from now on. Take them out of the champions' channel "
        "too: questions are read there."
    )


def _who_slack_says(kit: Kit, slack_id: str) -> Profile | None:
    """None while Slack does not answer."""
    gateway = Gateway(kit.settings.slack_bot_token, kit.settings.slack_api_url)
    try:
        return profile_of(gateway.user_info(slack_id), gateway.identify().team_id)
    except Refused as refused:
        if refused.code in {"user_not_found", "user_not_visible"}:
            fail(f"Slack knows nobody with the id {slack_id}. Nothing was changed.")
    except (SendingEnded, NotIdentified):
        pass
    return None
