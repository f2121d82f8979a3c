"""Telling ten thousand members about the guidelines, acks meanwhile, and lists and counts with a million of them."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Self

from benchmarks import durable, load, people, plans, postgresql, rows, servers
from benchmarks.goals import Board, in_rounds, middle, p99, ratio
from benchmarks.load import Answers
from gpbot.bootstrap import Records, open_records
from gpbot.community import Community
from gpbot.guidelines.backfill import Backfill
from gpbot.guidelines.jobs import GuidelinesJob
from gpbot.guidelines.messages import GuidelinesMessages
from gpbot.outbox import Courier
from gpbot.outbox.models import Status
from gpbot.outbox.patience import PACES
from gpbot.outbox.typed import handler_of
from gpbot.outbox.types import BULK, Outgoing, Post, RateLimited, Receipt
from gpbot.people.store import note_list_complete
from gpbot.practice.limits import Limits, Tier
from gpbot.settings import load_settings
from tests.clocks import StoppedClock

FEW = 1_000
TIMES = 30
ACKS = 20  # a second; Slack sends one workspace at most 8.3 events a second
SENDS = 5  # so that their jobs, which go first, leave room for a campaign
PEOPLE = 10_000
SETTLED = 3.0  # seconds, more than a lane makes up for after a pause
API = "http://127.0.0.1:9/api/"
GENERAL = "C0GENERAL"
_STEP = timedelta(milliseconds=50)


class Limited:
    """Slack as far as its rate limits go: the practice workspace's own."""

    def __init__(self, clock: StoppedClock) -> None:
        self.told: list[str] = []
        self.refused = 0
        self._clock = clock
        self._limits = Limits()

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        is_post = isinstance(outgoing, Post)
        method, channel = ("chat.postMessage", outgoing.to) if isinstance(outgoing, Post) else ("chat.update", "")
        wait = self._limits.take(method, Tier.SPECIAL if is_post else Tier.T3, now=self._clock.now(), channel=channel)
        if wait is not None:
            self.refused += 1
            raise RateLimited(wait)
        if isinstance(outgoing, Post) and outgoing.to.startswith("U"):
            self.told.append(outgoing.to)
        return Receipt(channel_id=f"D{wire_id[:10]}", message_ts=f"{self._clock.now().timestamp():.6f}")

    def find(self, to: str, wire_id: str, since: datetime) -> list[Receipt]:  # noqa: ARG002  (a sender's)
        return []


@dataclass
class Grown:
    records: Records


def run(board: Board, folder: Path) -> None:
    _tell_everybody(board, folder, board.either(1_000, 10_000))
    for database in ("SQLite", "PostgreSQL"):
        board.subject(f"7. Acks while a campaign runs, against the same while it is paused, on {database}")
        with _url(database, folder, "meanwhile") as url:
            _answer_meanwhile(board, folder, url)
    many = board.either(20_000, 1_000_000)
    for number, database in enumerate(("SQLite", "PostgreSQL")):
        board.subject(f"8. {many:,} members against {FEW:,}, on {database}")
        with ExitStack() as stack:
            urls = [stack.enter_context(_url(database, folder, f"members{number}{size}")) for size in (FEW, many)]
            begun = time.monotonic()
            few, much = (stack.enter_context(_grown(url, size)) for url, size in zip(urls, (FEW, many), strict=True))
            board.note(f"made in {time.monotonic() - begun:.0f} s")
            for name, look in LOOKS.items():
                rounds = in_rounds(
                    board.rounds, {"few": partial(_timed, few, look), "many": partial(_timed, much, look)}
                )
                board.goal(name, ratio(rounds, "many", "few", float), at_most=3)
                board.note(f"{middle(rounds, 'many', float) * 1000:.2f} ms")
            engine = much.records.database.engine
            found = {name: plans.scans(engine, partial(look, much.records)) for name, look in LOOKS.items()}
            board.goal("of them that scan a growing table", sum(map(bool, found.values())), at_most=0, unit="")
            for statements in found.values():
                for sql in statements:
                    board.note(" ".join(sql.split())[:160])


def _tell_everybody(board: Board, folder: Path, size: int) -> None:
    board.subject(f"7. {size:,} members told about the guidelines, at the practice workspace's limits")
    # Moved on by hand, so that an hour at Slack's limits takes as long as the computing in it.
    clock = StoppedClock()
    with _grown(f"sqlite:///{folder}/campaign.sqlite3", size, clock=clock, all_of_them=True) as grown:
        slack = Limited(clock)
        courier = Courier(grown.records.database, slack, handler_of(GuidelinesJob, _messages(grown.records)))
        campaign_id = grown.records.backfill.start(None, number=1)
        begun, began_at = time.monotonic(), clock.at
        while (campaign := grown.records.backfill.find(campaign_id)) and campaign.is_open:
            for _ in range(200):
                courier.run_due()
                clock.at += _STEP
        took = (campaign.ended_at - began_at).total_seconds() if campaign and campaign.ended_at else float("inf")
        shortest = size / PACES[BULK] * 60
        board.goal("its time, to the shortest at that pace", took / shortest, at_most=1.05)
        board.goal("members missed or told twice", abs(size - len(slack.told)) + size - len(set(slack.told)), at_most=0)
        done = campaign is not None and campaign.status is Status.DONE
        board.note(f"{took / 60:.1f} minutes, {slack.refused} times asked to wait, {'done' if done else 'not done'}")
        board.note(f"computed in {time.monotonic() - begun:.0f} s")


def _answer_meanwhile(board: Board, folder: Path, url: str) -> None:
    with (
        _grown(url, PEOPLE, all_of_them=True) as grown,
        servers.slack(100) as api,
        servers.gpbot(api, folder, url, GENERAL_CHANNEL=GENERAL) as gpbot,
    ):
        running = Running.begun(grown.records.backfill)

        def ask() -> Answers:
            return load.opened(gpbot.port, people.commands(), rate=ACKS, seconds=board.either(5, 10))

        def send() -> Answers:
            seconds = board.either(5, 20)
            answers = load.opened(gpbot.port, durable.sends(gpbot, SENDS * seconds * 2), rate=SENDS, seconds=seconds)
            durable.check(answers)
            return answers

        for what, measure in (("/report to its ack", ask), ("a report on disk before its ack", send)):
            measure()
            running.told, running.seconds = 0, 0.0
            rounds = in_rounds(board.rounds, {"idle": measure, "campaign": running.beside(measure)})
            board.goal(f"{what}, p99", ratio(rounds, "campaign", "idle", p99), at_most=2)
            board.note(
                f"{middle(rounds, 'campaign', p99) * 1000:.1f} ms against {middle(rounds, 'idle', p99) * 1000:.1f} ms, "
                f"while {running.told / running.seconds:.1f} members a second are told"
            )


@dataclass
class Running:
    """A campaign that runs while it is wanted to."""

    backfill: Backfill
    campaign_id: int
    told: int = 0  # while something was measured beside it
    seconds: float = 0.0

    @classmethod
    def begun(cls, backfill: Backfill) -> Self:
        running = cls(backfill, backfill.start(None, number=1))
        while not running._told_so_far():
            time.sleep(0.1)
        backfill.pause(None, running.campaign_id)
        return running

    def beside(self, measure: Callable[[], Answers]) -> Callable[[], Answers]:
        def measured() -> Answers:
            self.backfill.resume(None, self.campaign_id)
            time.sleep(SETTLED)
            before, began_at = self._told_so_far(), time.monotonic()
            answers = measure()
            self.told += self._told_so_far() - before
            self.seconds += time.monotonic() - began_at
            self.backfill.pause(None, self.campaign_id)
            time.sleep(SETTLED)
            return answers

        return measured

    def _told_so_far(self) -> int:
        campaign = self.backfill.find(self.campaign_id)
        return campaign.told if campaign else 0


def _messages(records: Records) -> GuidelinesMessages:
    community = Community(
        name="Bench",
        emergency_number="999",
        external_help="help@outside.example",
        reply_within_days=3,
        keep_closed_days=730,
    )
    return GuidelinesMessages(
        records.database,
        community,
        records.guidelines,
        records.backfill,
        records.guidelines_owed,
        general_channel=GENERAL,
        triage_channel=people.TRIAGE,
    )


LOOKS: dict[str, Callable[[Records], object]] = {
    "who has not agreed, the first page": lambda records: records.guidelines.outstanding(people.CHAMPIONS[0]),
    "who has not agreed, a page in the middle": lambda records: records.guidelines.outstanding(
        people.CHAMPIONS[0], f"0.{FEW // 2}"
    ),
    "how many have and have not": lambda records: records.guidelines.counts(),
    "where one member stands": lambda records: records.guidelines.standing("UMEMBER0000500"),
    "looking somebody up": lambda records: records.guidelines.look_up(people.CHAMPIONS[0], ["UMEMBER0000500"]),
}


@contextmanager
def _url(database: str, folder: Path, name: str) -> Iterator[str]:
    if database == "SQLite":
        yield f"sqlite:///{folder}/{name}.sqlite3"
    else:
        with postgresql.fresh(folder) as url:
            yield url


@contextmanager
def _grown(url: str, size: int, *, clock: StoppedClock | None = None, all_of_them: bool = False) -> Iterator[Grown]:
    settings = replace(load_settings(servers.environment(API, url)), general_channel=GENERAL)
    records = open_records(settings, clock=clock)
    try:
        rows.settle_roster(records)
        rows.fill_members(records, size, accepted=not all_of_them)
        with records.database.begin() as session:
            note_list_complete(session, records.database.clock.now())
        yield Grown(records)
    finally:
        records.database.close()


def _timed(grown: Grown, look: Callable[[Records], object]) -> float:
    """Seconds, the median of some."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        look(grown.records)
        taken.append(time.perf_counter() - begun)
    return median(taken)
