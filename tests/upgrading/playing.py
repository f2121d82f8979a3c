"""The kept community of a release, on today's code: `with kept_stage(kind, folder) as community`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from gpbot.bootstrap import app_manifest
from gpbot.practice import Server
from tests.clocks import StoppedClock
from tests.databases import Fill, Kind, fresh_database, migrate
from tests.stage import Stage
from tests.upgrading import keeping
from tests.upgrading.keeping import RELEASES

NEWEST = RELEASES[-1] if RELEASES else ""
SHORTLY = timedelta(seconds=1)  # passed since everything stopped


@contextmanager
def kept_stage(kind: Kind, folder: Path, *, release: str = NEWEST) -> Iterator[Stage]:
    """Started by today's code a moment after everything stopped: what was enqueued still waits, nothing is sent yet.

    What is in it has an id by what it is, such as `things["reports"]["claimed"]`.
    Of what people saw before, only what stands there now is known: `seen` and `calls` begin with this start.
    """
    with fresh_database(kind, folder, kept_and_migrated(release, kind)) as url, stage_on(url, kind, release) as here:
        here.start()
        try:
            yield here
            here.workspace.check()
        finally:
            here.stop()


@contextmanager
def stage_on(url: str, kind: Kind, release: str = NEWEST) -> Iterator[Stage]:
    """The kept workspace and people around a database, before gpbot starts."""
    kept = keeping.read(release, kind)
    clock = StoppedClock(kept.at + SHORTLY)
    workspace = keeping.workspace_again(kept.workspace, clock)
    with Server(workspace) as server:
        settings = kept.settings_for(slack_api_url=server.api_url, database_url=url)
        app = workspace.install(app_manifest(settings, url="http://127.0.0.1/slack/events"))
        yield Stage(
            clock=clock,
            workspace=workspace,
            server=server,
            app=app,
            settings=settings,
            people={name: workspace.people[slack_id] for name, slack_id in kept.people.items()},
            things={what: kept.ids(what) for what in kept.things},
            **{name: workspace.channels[channel_id] for name, channel_id in kept.places.items()},
        )


@cache
def as_kept(release: str, kind: Kind) -> Fill:
    """Fills an empty database with what that release left."""
    return lambda url: keeping.bring_back(release, kind, url)


@cache
def kept_and_migrated(release: str, kind: Kind) -> Fill:
    """The same, brought up to date."""

    def fill(url: str) -> None:
        keeping.bring_back(release, kind, url)
        migrate(url)

    return fill
