"""The operator's page is followed line by line: what it says to type is typed, by somebody who types nothing else."""

import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.halves import LONG
from tests.running import ROOT, Process, Town, run_command, town

pytestmark = [
    LONG,
    pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no sqlite3 here, with which backups are made"),
]


def lines_to_type(section: str) -> list[str]:
    """The lines of one section that are to be typed, by somebody who is gpbot's user already."""
    _, _, rest = (ROOT / "docs" / "operate.md").read_text().partition(f"\n## {section}\n")
    text, _, _ = rest.partition("\n## ")
    return [line.replace("sudo -u gpbot ", "") for line in re.findall(r"^    (\S.*)$", text, re.MULTILINE)]


@dataclass
class Machine:
    """The folder gpbot was put into, and its service."""

    town: Town
    life: Process | None = None

    @property
    def folder(self) -> Path:
        return self.town.folder

    def type(self, line: str) -> None:
        match line.removeprefix("sudo ").split():
            case ["systemctl", "stop", "gpbot"]:
                assert self.life is not None
                assert self.life.terminate() == 0
            case ["systemctl", "start", "gpbot"]:
                self.life = self.town.start(http=False)
            case _:
                subprocess.run(line, shell=True, cwd=self.folder, check=True)  # noqa: S602  (our own page)

    def run(self, *command: str) -> str:
        done = run_command(self.town.settings(http=False), self.folder, *command)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with town(tmp_path) as here:
        yield Machine(here)


def test_a_backup_is_made_while_gpbot_runs_and_put_back_as_the_page_says(machine: Machine) -> None:
    make, *put_back = lines_to_type("Backup")
    assert len(put_back) > 1
    machine.type("sudo systemctl start gpbot")
    machine.type(make)
    assert (machine.folder / "backup.sqlite3").stat().st_mode & 0o077 == 0
    chloe = machine.town.champions[-1]
    machine.run("champions", "remove", chloe.id)
    assert chloe.id not in machine.run("champions", "list")
    for line in put_back:
        machine.type(line)
    assert chloe.id in machine.run("champions", "list")
    assert "The log verifies" in machine.run("audit", "verify")


def test_the_daily_backup_is_whole_and_takes_the_old_ones_away(machine: Machine) -> None:
    machine.type("sudo systemctl start gpbot")
    into, *script, end, _ = lines_to_type("Backup every day")
    assert into.endswith(f"<<'{end}'")
    typed = "\n".join(script).replace("/srv/gpbot", str(machine.folder)).replace("runuser -u gpbot -- ", "")
    folder = machine.folder / "backups"
    folder.mkdir()
    for days in (20, 40):
        (old := folder / f"{days} days.sqlite3").touch()
        os.utime(old, (time.time() - timedelta(days=days).total_seconds(),) * 2)
    (machine.folder / "daily").write_text(typed)
    machine.type("sh daily")
    (made,) = set(folder.iterdir()) - {folder / "20 days.sqlite3"}
    assert made.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(made)) as backup:
        assert backup.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert backup.execute("SELECT count(*) FROM role").fetchall() == [(5,)]
