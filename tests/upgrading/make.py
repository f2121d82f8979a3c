"""Keep a community of this code for later releases: `python -m tests.upgrading.make NAME`.

Played in a worktree of the release that is to be kept. NAME is its revision, with a letter behind it where one of that
revision is kept already: it sorts after those there are. Both databases are played again, which takes a minute each.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clocks import StoppedClock
from tests.databases import KINDS, Postgres, fresh_database, shared
from tests.stage import stage
from tests.upgrading import keeping
from tests.upgrading.keeping import Kept
from tests.upgrading.story import Story


def main() -> None:
    """Write the files of one release."""
    (release,) = sys.argv[1:]
    for kind in KINDS:
        with TemporaryDirectory() as folder, fresh_database(kind, Path(folder)) as url:
            kept = play(Path(folder), url)
            keeping.write(release, kind, kept, url, _pg_dump() if kind == "postgresql" else None)
        for file in keeping.files(release, kind):
            print(f"{file.stat().st_size:8} {file.relative_to(keeping.KEPT)}")  # noqa: T201  (what the command is for)


def play(folder: Path, url: str, *, clock: StoppedClock | None = None) -> Kept:
    """The whole story, until everything stops."""
    with stage(folder, database_url=url, clock=clock) as c:
        story = Story(c)
        story.play()
        kept = Kept(
            at=c.clock.at,
            settings=keeping.settings_to_keep(c.settings),
            workspace=keeping.workspace_to_keep(c.workspace),
            people={name: person.id for name, person in c.people.items()},
            places={"triage": c.triage.id, "general": c.general.id, "proposals": c.proposals.id},
            things={kind: {name: str(each) for name, each in its.items()} for kind, its in story.things.items()},
        )
        c.workspace.faults.clear()
    return kept


def _pg_dump() -> Path:
    server = shared()
    if not isinstance(server, Postgres):
        raise SystemExit("The PostgreSQL of the tests' own is needed, which has pg_dump beside it.")
    return server._binaries / "pg_dump"


if __name__ == "__main__":
    main()
