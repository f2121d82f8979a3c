import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from gpbot.outbox.models import JobRow
from tests.databases import Kind, another_program
from tests.halves import LONG
from tests.outbox.fakes import notes
from tests.waiting import HANGING

pytestmark = LONG

KILLS: Mapping[Kind, str] = {"sqlite": "30", "postgresql": "15"}
ROOT = Path(__file__).parents[2]


def test_dozens_of_kills_lose_nothing_and_repeat_nothing(kind: Kind, database_url: str, tmp_path: Path) -> None:
    with another_program(database_url) as gpbot:
        notes.create(gpbot)
    command = [sys.executable, "-m", "tests.outbox.killed", database_url, str(tmp_path), KILLS[kind]]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGING, check=False)  # noqa: S603  (our own file)
    assert ended.returncode == 0, ended.stderr
    with another_program(database_url) as gpbot:
        written = [(row.person, row.note) for row in gpbot.execute(select(notes.c.person, notes.c.note))]
        states = set(gpbot.scalars(select(JobRow.state)))
    promised = {person for person, note in written if note == "promised"}
    noted = [(person, note.removeprefix("sent ")) for person, note in written if note.startswith("sent ")]
    sent = dict(noted)
    with closing(sqlite3.connect(tmp_path / "slack.db")) as slack:
        arrived = sorted((person, str(ts)) for person, ts in slack.execute("SELECT person, ts FROM message"))
    assert promised
    assert arrived == sorted(sent.items())
    assert sent.keys() == promised
    assert len(noted) == len(promised)
    assert states == {"done"}
