"""Each job, enqueued once, and what is written down for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gpbot.crypto import Vault
from gpbot.db import Database
from gpbot.home.screens import Screens
from gpbot.keyring import KeyRing
from gpbot.outbox import Outbox
from gpbot.outbox.listing import ListPage, ListReader
from gpbot.outbox.models import JobRow, State
from gpbot.outbox.typed import TypedJob
from gpbot.sealed.jobs import SealedJobs
from tests import nets
from tests.clocks import MONDAY

GOLDEN = Path(__file__).parent / "golden_jobs.json"
MASTER_KEY = "WS4nNQZWPbGFSBQXo8xPUcYC5o3Jm-Nd2Xu3YJ4SvmM="
NOW = MONDAY
LATER = datetime(2026, 3, 9, 9, 30, 15, tzinfo=UTC)
ONE, OTHER = UUID(int=0x11111111), UUID(int=0x22222222)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What asks for one job: `name` tells it from others of its kind and task."""

    name: str
    ask: Callable[[Session], object] = lambda _session: None
    by_itself: Callable[[], object] | None = None  # for what begins its own transaction


@dataclass(frozen=True, slots=True)
class Owing:
    """What workflows enqueue their jobs with."""

    database: Database
    keyring: KeyRing

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    @property
    def sealed(self) -> SealedJobs:
        return SealedJobs(self.outbox, self.keyring)

    @property
    def screens(self) -> Screens:
        return Screens(self.sealed, self.keyring)


def everything(database: Database, keyring: KeyRing) -> list[Asked]:
    """Named as `kind task` and, where one task is asked for in several ways, the way."""
    owing = Owing(database, keyring)
    return [asked for each in nets.each() for asked in each.owed(owing)]


def pages_of_a_list(
    owing: Owing, pages: type[ListPage], made: Callable[[Any, Callable[[str], Any]], ListReader]
) -> list[Asked]:
    """A page that follows another is asked for by the page before it."""

    def two_pages(_cursor: str) -> tuple[list[Any], str]:
        return [], "dXNlcjpVMEc5"

    nothing = SimpleNamespace(
        database=owing.database, take_page=lambda *_args, **_more: None, list_complete=lambda *_args: None
    )
    reader, first = made(nothing, two_pages), pages(run="2026-03-02", page=0, cursor="x", began=1772442000)
    return [
        Asked(name=f"{pages.KIND} first page", by_itself=reader.begin),
        Asked(name=f"{pages.KIND} next page", by_itself=partial(reader.prepare, first)),
        Asked(name=f"{pages.KIND} tomorrow", ask=lambda session: reader.gave_up(session, first, "fatal_error")),
    ]


def keyring_again() -> KeyRing:
    """The same hashes each time."""
    return KeyRing(Vault([MASTER_KEY]), b"golden")


def written(database: Database, keyring: KeyRing, asked: Asked) -> dict[str, Any]:
    """The row that stands there then; what is made up by chance is whatever chance is held still at."""
    with database.begin() as session:
        session.execute(delete(JobRow))
    _ask(database, asked)
    with database.begin() as session:
        row = session.scalars(select(JobRow).order_by(JobRow.id)).first()
        assert row is not None, asked.name
        payload: dict[str, Any] = row.payload
        if "sealed" in payload:  # which comes out different each time
            payload = {"sealed": keyring.box.open(payload["sealed"].encode())}
        found = {
            "kind": row.kind,
            "payload": payload,
            "key": row.key,
            "lane": row.lane,
            "priority": row.priority,
            "of_a_campaign": row.campaign_id is not None,
            "in_seconds": (row.run_at - NOW).total_seconds(),
        }
        row.state = State.DEAD.value
        row_id = row.id
    _ask(database, asked)
    with database.read() as session:
        row = session.get_one(JobRow, row_id)
        if row.turns > 1:
            return found | {"asked_again": "another turn"}
        return found | {"asked_again": "nothing" if row.state == State.DEAD else "tried again"}


def _ask(database: Database, asked: Asked) -> None:
    if asked.by_itself is not None:
        asked.by_itself()
    with database.begin() as session:
        asked.ask(session)


def golden() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(GOLDEN.read_text())
    return found


def kinds(package: str) -> dict[str, type[TypedJob]]:
    """The class of each kind that is declared in what is loaded of it."""
    below = list(TypedJob.__subclasses__())
    for jobs in below:
        below += jobs.__subclasses__()
    return {jobs.KIND: jobs for jobs in below if "KIND" in vars(jobs) and jobs.__module__.startswith(package)}
