"""`guidelines`: publish a version, see its status, and tell everybody who was here before."""

import codecs
import hashlib
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from gpbot.commands import OPERATOR, console, fail, opened, refusals_said
from gpbot.guidelines import mrkdwn, sentences
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.preview import shown
from gpbot.guidelines.types import CAP
from gpbot.guidelines.views import campaign_text, counted
from gpbot.guidelines.workflow import Guidelines, check_text
from gpbot.kit import Kit
from gpbot.outbox.campaigns import Campaign

LOOK_EVERY = 1.0  # seconds
_MARKS = {  # with which Windows' editors begin a file; the longer ones first
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}

commands = typer.Typer(name="guidelines", help="The community's guidelines.", no_args_is_help=True)
campaign = typer.Typer(help="Telling everybody who was here before.", no_args_is_help=True)
commands.add_typer(campaign, name="campaign")


@commands.command("publish")
def publish(
    asked: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A Markdown file.", dir_okay=False)] = None,
    *,
    sample: Annotated[bool, typer.Option("--sample", help="Publish the neutral text that comes with gpbot.")] = False,
    major: Annotated[bool, typer.Option("--major/--minor", help="Whether everybody must agree again.")] = False,
    changes: Annotated[str, typer.Option(help="What changed, in a few lines of Markdown.")] = "",
    attribution: Annotated[str, typer.Option(help="Whose text it is, or is adapted from.")] = "",
) -> None:
    """Publish a new version, which nobody can alter afterwards.

    A list under “What you can report” becomes the menu people choose from when they report.
    """
    if (file is None) is not sample:
        fail("Name one Markdown file, or --sample for the text that comes with gpbot.")
    with opened(asked) as kit, refusals_said():
        text = _read(file)
        version = kit.get(Guidelines).publish(
            text, is_major=major, changes=changes, attribution=attribution, by=OPERATOR
        )
        _tell_of(kit, version.number)


@commands.command("preview")
def preview_text(file: Annotated[Path, typer.Argument(help="A Markdown file, or text as it was pasted.")]) -> None:
    """Show a text as Slack will, before it becomes a version that nobody can alter. Nothing is published."""
    with refusals_said():
        text = _read(file)
        for paragraph in shown(text):
            console.print(paragraph)
            console.print()
        console.rule()
        minutes = mrkdwn.minutes(text)
        console.print(f"It takes about {'a minute' if minutes == 1 else f'{minutes} minutes'} to read.")
        _tell_of_categories(text)
        check_text(text)
        console.print(f"Is it as you meant it? Then: python -m gpbot guidelines publish {file}", markup=False)


@commands.command("status")
def status(asked: typer.Context) -> None:
    """Which version counts, who has agreed, and whether a campaign is under way."""
    with opened(asked) as kit:
        versions = kit.get(Guidelines).versions()
        counts = kit.get(Guidelines).counts()
        last = kit.get(Backfill).latest()
    if not versions:
        console.print("No guidelines are published: nobody is asked to agree.")
        console.print("Publish yours, or the text that comes with gpbot: python -m gpbot guidelines publish --sample")
        return
    table = Table("version", "published", "kind", "what changed", "sha256")
    for version in versions:
        kind = "major" if version.is_major else "minor"
        table.add_row(
            str(version.number), f"{version.published_at:%Y-%m-%d %H:%M}", kind, version.changes, version.sha256[:12]
        )
    console.print(table)
    console.print(f"{counted(counts.accepted)} agreed, {counted(counts.outstanding)} have not agreed yet.")
    if counts.outstanding >= CAP or counts.accepted >= CAP:
        console.print(f"(More than {CAP - 1} are not counted.)")
    _tell_of_categories(versions[0].markdown)
    if last is not None:
        console.print(campaign_text(last), markup=False)


@commands.command("show")
def show(
    asked: typer.Context, number: Annotated[int, typer.Argument(help="A version; the newest, when left out.")] = 0
) -> None:
    """Print one version's text."""
    with opened(asked) as kit:
        version = kit.get(Guidelines).version(number) if number else kit.get(Guidelines).current()
    if version is None:
        fail(f"There is no version {number}." if number else "No guidelines are published.")
    if hashlib.sha256(version.markdown.encode()).hexdigest() != version.sha256:
        fail(f"The text stored as version {version.number} is not the one that was published: it was altered.")
    console.print(f"{sentences.published(version)}, sha256 {version.sha256}", highlight=False)
    if version.attribution:
        console.print(version.attribution, markup=False, highlight=False)
    console.print()
    console.print(version.markdown, markup=False, highlight=False)


@campaign.command("preview")
def preview(asked: typer.Context) -> None:
    """Whom it would tell, how many they are, and how long it would take. Nothing is sent."""
    with opened(asked) as kit:
        _preview(kit)


@campaign.command("start")
def start(
    asked: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    watch: Annotated[bool, typer.Option(help="Show how far it is until it ends.")] = True,
) -> None:
    """Tell everybody who has not agreed and was not told yet. The running gpbot sends the messages."""
    with opened(asked) as kit, refusals_said():
        number = _preview(kit)
        if not yes and not typer.confirm("Start?"):
            raise typer.Exit(1)
        campaign_id = kit.get(Backfill).start(None, number=number)
        console.print("Started. It goes on when you leave this; gpbot must be running.")
        if watch:
            _watch(kit, campaign_id)


@campaign.command("watch")
def watch(asked: typer.Context) -> None:
    """Show how far it is until it ends."""
    with opened(asked) as kit:
        _watch(kit, _latest(kit).id)


@campaign.command("pause")
def pause(asked: typer.Context) -> None:
    """Send nothing more for now."""
    _change(asked, Backfill.pause)


@campaign.command("resume")
def resume(asked: typer.Context) -> None:
    """Go on where it was paused."""
    _change(asked, Backfill.resume)


@campaign.command("cancel")
def cancel(asked: typer.Context) -> None:
    """Tell nobody else. People who were told stay told."""
    _change(asked, Backfill.cancel)


@campaign.command("failures")
def failures(asked: typer.Context) -> None:
    """Whom it could not reach, and why."""
    with opened(asked) as kit:
        unreached = kit.get(Backfill).failures(None, _latest(kit).id)
    if not unreached:
        console.print("Everybody so far could be reached.")
        return
    table = Table("account", "why")
    for each in unreached:
        table.add_row(each.member.slack_id, sentences.why_unreached(each.code))
    console.print(table)


def _read(file: Path | None) -> str:
    if file is None:
        return (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
    try:
        written = file.read_bytes()
    except OSError as error:
        fail(f"{file} could not be read as text ({type(error).__name__}).")
    encoding = next((name for mark, name in _MARKS.items() if written.startswith(mark)), "utf-8")
    try:
        text = written.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        fail(f"{file} is not text in UTF-8. Open it where it was written, and save it as plain text in UTF-8.")
    return text


def _tell_of_categories(markdown: str) -> None:
    categories = mrkdwn.categories(markdown)
    if categories:
        console.print(f"What can be reported, {len(categories)} kinds: {'; '.join(categories)}", markup=False)
    else:
        console.print(f"No list under “{mrkdwn.CATEGORIES_HEADING}”: reports offer gpbot's own kinds.")


def _tell_of(kit: Kit, number: int) -> None:
    version = kit.get(Guidelines).version(number)
    if version is None:
        return
    console.print(f"{sentences.published(version)} is what counts now (sha256 {version.sha256}).", highlight=False)
    if not version.is_major:
        console.print("It is minor: whoever agreed before need not agree again.")
        console.print(
            "gpbot says in the general channel what is new; it must be running, and a member of that channel."
            if kit.get(Guidelines).gives_notice
            else "GENERAL_CHANNEL is not set: what is new is said only on App Home and by /guidelines."
        )
    found = kit.get(Backfill).preview(None)
    if found.people:
        console.print(
            f"{found.people} people who are here have not agreed and were not told. New ones are asked by themselves; "
            "to tell these: python -m gpbot guidelines campaign start",
            highlight=False,
        )


def _preview(kit: Kit) -> int:
    """Says it, and gives the version it is about."""
    found = kit.get(Backfill).preview(None)
    if found.cannot is not None:
        fail(found.cannot)
    console.print(
        f"{found.people} people have not agreed to version {found.number} and were not told about it. "
        f"Telling them takes about {found.minutes} minutes. First gpbot says so in the general channel.",
        highlight=False,
    )
    return found.number


def _change(asked: typer.Context, change: Callable[[Backfill, str | None, int], object]) -> None:
    """What the operator does to the latest campaign, whose status is printed after it."""
    with opened(asked) as kit:
        change(kit.get(Backfill), None, _latest(kit).id)
        console.print(campaign_text(_latest(kit)), markup=False)


def _latest(kit: Kit) -> Campaign:
    found = kit.get(Backfill).latest()
    if found is None:
        fail("There was no campaign yet.")
    return found


def _watch(kit: Kit, campaign_id: int) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]} not reached"),
    )
    found = kit.get(Backfill).find(campaign_id)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("told", total=None, failed=0)
        while found is not None:
            done = found.told + found.failed + found.skipped
            progress.update(
                task,
                completed=done,
                total=max(found.total, done + found.waiting),
                failed=found.failed,
                description=found.status.value,
            )
            if not found.is_open or found.reason is not None:
                break
            time.sleep(LOOK_EVERY)
            found = kit.get(Backfill).find(campaign_id)
    if found is not None:
        console.print(campaign_text(found), markup=False)
