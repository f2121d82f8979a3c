"""Machines whose clocks jump while processes are killed; Slack's goes on as it should."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from gpbot.bootstrap import Gpbot, open_records
from gpbot.outbox.models import LaneRow
from gpbot.outbox.patience import MAY_WAIT
from gpbot.practice import Person
from gpbot.reports.cases import Cases
from gpbot.reports.filing import Filing
from gpbot.reports.own import OwnReports
from gpbot.reports.types import Filled, Outcome, OwnReport, Review, State, Ticks
from gpbot.settings import load_settings
from tests.crash.aftermath import opened_by
from tests.crash.campaigning import knows_everybody, live_until
from tests.crash.fleet import Fleet, Life
from tests.crash.reporting import Reporter
from tests.databases import another_program
from tests.running import Town
from tests.waiting import HANGING

THREE_YEARS: Final = timedelta(days=3 * 365)  # longer than closed reports are kept
# One after the other on each machine, and at no time the same on two. A second look is a day after the first.
LIES: Final = (
    ("two hours back", -timedelta(hours=2)),
    ("right again", timedelta()),
    ("three years ahead", THREE_YEARS),
    ("two more days ahead", THREE_YEARS + timedelta(days=2)),
    ("right again", timedelta()),
    ("ten minutes ahead", timedelta(minutes=10)),
)
JUMPED: Final = "this machine's clock has jumped"
HEARD: Final = ("gpbot goes by Slack's until", "the clock is as Slack's again")


def lie(step: int, machine: int) -> tuple[str, timedelta]:
    return LIES[(step + 2 * machine) % len(LIES)]


def first_lies(machines: int) -> list[float]:
    """How many seconds each clock is ahead before it jumps."""
    return [lie(-1, machine)[1].total_seconds() for machine in range(machines)]


class Jumps:
    """Between two kills, of all that are up; every other time somebody is killed before Slack was heard."""

    def __init__(self, fleet: Fleet) -> None:
        self.times: Counter[str] = Counter()
        self._fleet = fleet
        self._step = itertools.count()

    @property
    def is_enough(self) -> bool:
        """Each lie was told on each machine."""
        return self.times.total() >= len(LIES) * len(self._fleet.ahead)

    def look(self) -> None:
        fleet, step = self._fleet, next(self._step)
        fleet.wait_for(len(fleet.ahead))
        self._wait_until(lambda: not any(map(is_in_doubt, fleet.lives)))
        said_before = {life: len(life.said) for life in fleet.lives}
        lies = [lie(step, machine) for machine in range(len(fleet.ahead))]
        fleet.set_clocks([ahead.total_seconds() for _, ahead in lies])
        self._wait_until(lambda: all(JUMPED in since(life, before) for life, before in said_before.items()))
        self.times.update(name for name, _ in lies)
        if step % 2:
            self._wait_until(lambda: not any(map(is_in_doubt, fleet.lives)))

    def _wait_until(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + HANGING
        while not is_so():
            self._fleet.tend()
            assert time.monotonic() < end, "\n".join(life.tell_where_it_stands() for life in self._fleet.lives)
            time.sleep(0.02)


def since(life: Life, before: int) -> str:
    """All it has said but the first lines."""
    return "".join(life.said[before:])


def is_in_doubt(life: Life) -> bool:
    """By what it has said last."""
    for line in reversed(life.said):
        if any(words in line for words in HEARD):
            return False
        if JUMPED in line:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Closed:
    """A report that is kept for two years from now on."""

    reporter: str
    id: UUID

    def assert_is_kept(self, bot: Gpbot) -> None:
        own = OwnReports.beside(bot.records.timers).look(self.reporter, self.id)
        assert own.state is State.CLOSED
        assert any("canary" in entry.text for entry in own.entries)


def close_one(here: Town) -> Closed:
    """In calm."""
    reporter, champion = here.workspace.add_person("Nadia Haddad").id, here.champions[0].id
    records = open_records(load_settings(here.settings(http=True)))
    with closing(records.database):
        live_until(here, records, knows_everybody)
        filing = Filing.beside(records.timers)
        review = filing.review(reporter, Filled(what="canary in the garden"), None)
        assert isinstance(review, Review)
        report = filing.file(reporter, review.draft.id, Ticks(none=True), revision=review.revision)
        assert isinstance(report, OwnReport)
        Cases.beside(records.timers).close(champion, report.report_id, Outcome.RESOLVED, "Done.")
        return Closed(reporter, report.report_id)


def wait_until_all_were_told(fleet: Fleet, reporters: Iterable[Reporter], *, but: Closed) -> None:
    """While clocks go on to lie: what waited for a time that is far off would not come."""
    here, acknowledged = fleet.here, sum(len(each.acknowledged) for each in reporters)
    end = time.monotonic() + HANGING

    def told(champion: Person) -> int:
        return len({report for message in champion.inbox for report in opened_by(message)} - {str(but.id)})

    while any(told(champion) < acknowledged for champion in here.champions):
        fleet.tend()
        assert time.monotonic() < end, "champions are not told of what was acknowledged"
        time.sleep(0.05)
    with another_program(here.database_url) as looking:
        latest = looking.execute(select(func.max(LaneRow.next_at))).scalar()
    assert latest is not None
    assert latest <= datetime.now(UTC) + MAY_WAIT, "a lane is closed for long"
