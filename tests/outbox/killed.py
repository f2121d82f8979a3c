"""Run by test_kills: processes that are killed while they enqueue and send, one after the other.

Usage: python -m tests.outbox.killed DATABASE_URL FOLDER KILLS
"""

import os
import random
import signal
import sqlite3
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy.orm import Session

from gpbot.clock import SystemClock
from gpbot.db import Database
from gpbot.outbox import Courier, Outbox
from gpbot.outbox.types import Delete, Outgoing, Post, Receipt
from tests.clocks import SetClock
from tests.outbox.fakes import Greeting, greet, note
from tests.waiting import HANGING

PROMISES = 6


class SlackOnDisk:
    """What Slack has outlives the process; each call may be the last thing the process does."""

    def __init__(self, path: Path, dice: random.Random, risk: float) -> None:
        self._path = path
        self._dice = dice
        self._risk = risk

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        self._may_be_killed()
        with closing(self._open()) as slack:
            if isinstance(outgoing, Delete):
                slack.execute("DELETE FROM message WHERE ts = ?", (outgoing.message_ts,))
                return Receipt()
            assert isinstance(outgoing, Post)
            said = (outgoing.to, wire_id)
            ts = slack.execute("INSERT INTO message (person, wire_id) VALUES (?, ?) RETURNING ts", said).fetchone()[0]
        self._may_be_killed()
        return Receipt(channel_id=outgoing.to, message_ts=str(ts))

    def find(self, to: str, wire_id: str, since: datetime) -> list[Receipt]:  # noqa: ARG002  (all of it is looked through)
        with closing(self._open()) as slack:
            found = slack.execute("SELECT ts FROM message WHERE wire_id = ? ORDER BY ts", (wire_id,)).fetchall()
        return [Receipt(channel_id=to, message_ts=str(ts)) for (ts,) in found]

    def _open(self) -> sqlite3.Connection:
        slack = sqlite3.connect(self._path, timeout=HANGING, isolation_level=None)
        slack.execute("CREATE TABLE IF NOT EXISTS message (ts INTEGER PRIMARY KEY, person TEXT, wire_id TEXT)")
        return slack

    def _may_be_killed(self) -> None:
        if self._dice.random() < self._risk:
            kill_me()


class DeadlyGreeting(Greeting):
    """Sometimes the process ends inside the transaction that finishes the job."""

    def __init__(self, dice: random.Random, risk: float) -> None:
        super().__init__()
        self._dice = dice
        self._risk = risk

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        super().record(session, payload, receipt)
        if self._dice.random() < self._risk:
            kill_me()


def kill_me() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def a_life(url: str, folder: Path, number: int, risk: float) -> None:
    dice = random.Random(number)
    # Later in each process, so that the leases of the one before have ended.
    database = Database(url, clock=SetClock(SystemClock(), timedelta(minutes=number * 2)))
    outbox = Outbox(database)
    slack = SlackOnDisk(folder / "slack.db", dice, risk)
    courier = Courier(database, slack, {"greeting": DeadlyGreeting(dice, risk)})
    outbox.connect(courier)
    if risk == 0:
        with database.begin() as session:
            for line in outbox.dead(session):  # five lost claims in a row can happen here
                outbox.retry(session, line.id)
        courier.run_due()
        database.close()
        return
    courier.start()
    # Dead at the latest then, wherever it stands.
    threading.Timer(dice.uniform(0.02, 0.12), kill_me).start()
    for promise in range(PROMISES):
        with database.begin() as session:
            person = f"U{number}-{promise}"
            outbox.owe(session, greet(person))
            note(session, person, "promised")
    threading.Event().wait()


def main() -> None:
    url, folder, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    for number in range(kills):
        child = os.fork()
        if child == 0:
            a_life(url, folder, number, risk=0.04)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
    # What is in doubt is looked for, and what was found is looked for once more.
    for number in range(kills, kills + 4):
        a_life(url, folder, number, risk=0)


if __name__ == "__main__":
    main()
