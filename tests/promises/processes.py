"""Two processes of gpbot on one PostgreSQL, without Slack, and two acts of theirs at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import event, text

from gpbot.bootstrap import Records, _records
from gpbot.crypto import Vault
from gpbot.db import Database
from gpbot.keyring import load_keyring
from gpbot.people.types import Kind, Profile
from gpbot.reports.cases import Cases
from gpbot.reports.filing import Filing
from gpbot.reports.own import OwnReports
from gpbot.reports.types import Filled, OwnReport, Review, Ticks
from gpbot.settings import Settings
from tests.clocks import StoppedClock
from tests.databases import another_program
from tests.waiting import HANGING

AMINA, BEN, CHLOE, EDITH, FARID, MONA = "U0AMINA U0BEN U0CHLOE U0EDITH U0FARID U0MONA".split()
ROSTER = {AMINA: "Amina Okafor", BEN: "Ben Adeyemi", CHLOE: "Chloe Martin", EDITH: "Edith Shaw", FARID: "Farid Khan"}


class Process:
    """What one process has of gpbot, without Slack."""

    def __init__(self, settings: Settings) -> None:
        self.clock = StoppedClock()
        database = Database(settings.database_url, clock=self.clock, wait=HANGING)
        vault = Vault(settings.gpbot_keys)
        self.records: Records = _records(settings, database, load_keyring(database, vault))
        self.filing = Filing.beside(self.records.timers)
        self.cases = Cases.beside(self.records.timers)
        self.own = OwnReports.beside(self.records.timers)

    def review(self, filled: Filled) -> Review:
        review = self.filing.review(MONA, filled, None)
        assert isinstance(review, Review)
        return review

    def send(self, review: Review) -> Any:
        return self.filing.file(MONA, review.draft.id, Ticks(none=not review.ticked), revision=review.revision)

    def file(self, **filled: Any) -> UUID:
        sent = self.send(self.review(a_form(**filled)))
        assert isinstance(sent, OwnReport)
        return sent.report_id


def a_form(**filled: Any) -> Filled:
    return replace(Filled(what="He keeps writing to me at night."), **filled)


def at_once(
    first: tuple[Process, Callable[[], Any]], second: tuple[Process, Callable[[], Any]]
) -> tuple[Future[Any], Future[Any]]:
    """Both under way: `second` begins when `first` has written everything and not yet committed.

    `first` commits when `second` waits for it, or has ended without waiting.
    """
    about_to_commit, may_commit, other_ended = (threading.Event() for _ in range(3))
    engine = first[0].records.database.engine

    def pause(_connection: object) -> None:
        about_to_commit.set()
        may_commit.wait(HANGING)

    event.listen(engine, "commit", pause, once=True)
    url = engine.url.render_as_string(hide_password=False)
    with ThreadPoolExecutor(2) as pool, another_program(url) as looking:
        one = pool.submit(first[1])
        assert about_to_commit.wait(HANGING)
        other = pool.submit(second[1])
        other.add_done_callback(lambda _: other_ended.set())
        waits = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        while not other.done() and not looking.execute(waits).scalar_one():
            other_ended.wait(0.005)
        may_commit.set()
    return one, other


def rename(process: Process, who: str, name: str) -> None:
    profile = Profile(slack_id=who, display_name="", real_name=name, title="", deactivated=False, kind=Kind.MEMBER)
    process.records.people.follow([profile])


def who_reads(process: Process, report: UUID) -> set[str]:
    with process.records.database.read() as session:
        standing = process.records.reports.open_as_caretaker(session, report)
    assert standing is not None
    return set(standing.reader_ids)


def raised(act: Callable[[], Any]) -> Exception | None:
    try:
        act()
    except Exception as error:  # noqa: BLE001  (what it is, is looked at)
        return error
    return None
