"""The operator's commands: health and counts, never content."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.table import Column, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gpbot.bootstrap import WORKFLOWS, Records, app_manifest
from gpbot.cli.opening import open_for_command, opens, settings_so_far
from gpbot.cli.practice import practice
from gpbot.cli.tour import tour
from gpbot.commands import OPERATOR, console, fail
from gpbot.crypto import new_master_key
from gpbot.db import CannotSave
from gpbot.keyring import KeysDoNotFit
from gpbot.sealed.rotation import Rotation
from gpbot.tables import metadata
from gpbot.web.server import SLACK_PATH

PAGE = 100
LARGEST_ID = 2**63 - 1  # that a database takes

# Pretty tracebacks would print local variables, and with them what people wrote.
app = typer.Typer(
    help="gpbot: a Slack bot for a community's champions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"obj": opens},
)
keys = typer.Typer(help="Master keys.", no_args_is_help=True)
audit = typer.Typer(help="The log of looks and acts.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")
for workflow in WORKFLOWS:
    if workflow.commands:
        app.add_typer(import_module(workflow.commands).commands)
app.command()(practice)
app.command()(tour)


def main() -> None:
    app()


@keys.command("new")
def new_key() -> None:
    """Print a new master key. Put it first in GPBOT_KEYS, and keep a copy where the database is not."""
    console.print(new_master_key(), highlight=False)


@keys.command("rotate")
def rotate_keys() -> None:
    """Put everything under the first key in GPBOT_KEYS. Restart gpbot with the new key in front before this."""
    with open_for_command() as records:
        rotation = Rotation(records.database, records.keyring, metadata)
        try:
            with records.database.begin() as session:
                rotation.begin(session)
                records.audit.record(session, actor=OPERATOR, act="keys.rotated")
            rotation.reseal()
            all_open = rotation.all_open_with(records.kit.settings.gpbot_keys[0])
        except (SQLAlchemyError, CannotSave, KeysDoNotFit) as error:
            fail(
                f"The database stopped taking changes ({type(error).__name__}), and not everything is under the first "
                "key yet. Keep all the keys, and do this again."
            )
    if not all_open:
        fail(
            "Something that is sealed in this database does not open with the first key of GPBOT_KEYS, and none of the "
            "others could put it there. Put the missing key back after the first, and do this again before you drop "
            "any key."
        )
    console.print(
        "Done: everything is under the first key of GPBOT_KEYS, and the older keys can go at the next restart. "
        "A backup made before this opens with the older keys only: keep them as long as you keep such backups."
    )


@audit.command("verify")
def verify_audit(
    expect: Annotated[
        str, typer.Option(help="The head an earlier run printed: shows whether the end was cut off.")
    ] = "",
) -> None:
    """Check that no entry of the log was altered, removed or put in; exit status 1 if one was."""
    with open_for_command() as records, records.database.read() as session:
        verdict = records.audit.verify(session)
        kept = not expect or records.audit.has_been(session, expect)
    if verdict.broken_at is not None:
        fail(f"The log does not verify: entry {verdict.broken_at} was altered, removed or put in.")
    if not kept:
        fail("The log does not hold the head you expect: its end was cut off, or it is another database.")
    console.print(
        f"The log verifies: {verdict.entries} entries. Head, to keep elsewhere: {verdict.head}", highlight=False
    )


@app.command()
def jobs(
    *,
    waiting: Annotated[bool, typer.Option(help="Show what waits instead of what gave up.")] = False,
    after: Annotated[int, typer.Option(metavar="ID", min=0, max=LARGEST_ID, help="Begin after this id.")] = 0,
    retry: Annotated[int | None, typer.Option(metavar="ID", min=1, max=LARGEST_ID, help="Send this one again.")] = None,
    cancel: Annotated[
        int | None, typer.Option(metavar="ID", min=1, max=LARGEST_ID, help="Leave this one unsent.")
    ] = None,
) -> None:
    """What could not be sent, and why. Jobs about reports all look alike."""
    if retry is not None and cancel is not None:
        fail("Either --retry or --cancel, not both.", status=2)
    with open_for_command() as records:
        if retry is not None:
            _settle_job(records, records.outbox.retry, retry, "job.sent_again", "will be sent again")
            return
        if cancel is not None:
            _settle_job(records, records.outbox.discard, cancel, "job.cancelled", "stays unsent")
            return
        find = records.outbox.waiting if waiting else records.outbox.dead
        with records.database.read() as session:
            lines = find(session, after=after, limit=PAGE)
            are_all = len(lines) < PAGE or not find(session, after=lines[-1].id, limit=1)
    if not lines:
        console.print("Nothing is waiting to be sent." if waiting else "Nothing gave up.")
        return
    answer = Column("last answer", overflow="fold")  # whole, however narrow the terminal
    table = Table("id", "kind", "tries", answer, "due" if waiting else "gave up", "since")
    for line in lines:
        table.add_row(
            str(line.id),
            line.kind,
            str(line.attempts),
            line.last_error or "",
            f"{line.run_at:%Y-%m-%d %H:%M}",
            f"{line.created_at:%Y-%m-%d %H:%M}",
        )
    console.print(table)
    if not are_all:
        console.print(f"There are more: add --after {lines[-1].id}")


@app.command()
def manifest(
    url: Annotated[str, typer.Option(help="Where Slack reaches gpbot over HTTP; leave out for Socket Mode.")] = "",
    name: Annotated[str, typer.Option(help="Your community's name, if it is not set yet.")] = "",
) -> None:
    """The Slack app manifest, for the settings there are so far: paste it when you create or change the app."""
    if url and not url.startswith("https://"):
        fail("Slack reaches gpbot over HTTPS alone: --url begins with https://")
    if url and urlsplit(url).path in {"", "/"}:
        url = url.rstrip("/") + SLACK_PATH
    settings, problems = settings_so_far()
    settings = replace(settings, community_name=name or settings.community_name or "your community")
    sys.stdout.write(json.dumps(app_manifest(settings, url=url or None), indent=2) + "\n")
    for problem in problems:
        sys.stderr.write(f"{problem}\n")


def _settle_job(records: Records, settle: Callable[[Session, int], bool], job_id: int, act: str, words: str) -> None:
    with records.database.begin() as session:
        done = settle(session, job_id)
        if done:
            records.audit.record(session, actor=OPERATOR, act=f"{act}:{job_id}")
    if not done:
        fail(f"No job with the id {job_id} gave up.")
    console.print(f"Job {job_id} {words}.")
