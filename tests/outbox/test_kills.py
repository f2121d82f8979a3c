import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_forty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.outbox.killed", str(tmp_path), "40"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  (our own file)
    assert ended.returncode == 0, ended.stderr
    gpbot = sqlite3.connect(tmp_path / "gpbot.db")
    slack = sqlite3.connect(tmp_path / "slack.db")
    promised = {person for (person,) in gpbot.execute("SELECT person FROM note WHERE note = 'promised'")}
    sent = dict(gpbot.execute("SELECT person, substr(note, 6) FROM note WHERE note LIKE 'sent %'"))
    noted = gpbot.execute("SELECT count(*) FROM note WHERE note LIKE 'sent %'").fetchone()[0]
    arrived = sorted((person, str(ts)) for person, ts in slack.execute("SELECT person, ts FROM message"))
    states = set(gpbot.execute("SELECT state FROM job"))
    gpbot.close()
    slack.close()
    assert promised
    assert arrived == sorted(sent.items())
    assert sent.keys() == promised
    assert noted == len(promised)
    assert states == {("done",)}
