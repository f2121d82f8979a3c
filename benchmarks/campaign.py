"""Telling ten thousand members about the guidelines, and what lists and counts cost with a million of them."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import text

from benchmarks import people, postgresql, servers
from benchmarks.goals import Board, in_rounds, middle, ratio
from gpbot.bootstrap import Records, open_records
from gpbot.community import Community
from gpbot.guidelines.messages import GuidelinesMessages
from gpbot.guidelines.types import JOB_KIND
from gpbot.outbox import Courier
from gpbot.outbox.models import Status
from gpbot.outbox.patience import PACES
from gpbot.outbox.types import BULK, Outgoing, Post, RateLimited, Receipt
from gpbot.people.store import note_list_complete
from gpbot.practice.limits import Limits, Tier
from gpbot.settings import load_settings

FEW = 1_000
OUTSTANDING = 20  # one member in so many has not agreed
TIMES = 30
API = "http://127.0.0.1:9/api/"
GENERAL = "C0GENERAL"
_STEP = timedelta(milliseconds=50)


class MovedClock:
    """Goes on when it is told to, so that an hour at Slack's limits takes as long as the computing in it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Limited:
    """Slack as far as its rate limits go: the practice workspace's own."""

    def __init__(self, clock: MovedClock) -> None:
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


def _tell_everybody(board: Board, folder: Path, size: int) -> None:
    board.subject(f"7. {size:,} members told about the guidelines, at the practice workspace's limits")
    with _grown(f"sqlite:///{folder}/campaign.sqlite3", size, clock=(clock := MovedClock()), all_of_them=True) as grown:
        slack = Limited(clock)
        courier = Courier(grown.records.database, slack, {JOB_KIND: _messages(grown.records)})
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
def _grown(url: str, size: int, *, clock: MovedClock | None = None, all_of_them: bool = False) -> Iterator[Grown]:
    settings = replace(load_settings(servers.environment(API, url)), general_channel=GENERAL)
    records = open_records(settings, clock=clock)
    try:
        records.people.seed(people.CHAMPIONS, people.CONTACTS)
        with records.database.begin() as connection:
            # Champions can act once Slack has told their names.
            connection.execute(text("UPDATE person SET real_name = slack_id, kind = 'unknown'"))
        records.guidelines.publish("# Be kind\n\nTo all.", is_major=True, changes="", attribution="", by="bench")
        _fill(records, size, accepted=not all_of_them)
        with records.database.begin() as session:
            note_list_complete(session, records.database.clock.now())
        yield Grown(records)
    finally:
        records.database.close()


def _fill(records: Records, size: int, *, accepted: bool) -> None:
    """Members, of whom all but one in twenty agreed where `accepted`."""
    sqlite = records.database.is_sqlite
    numbers = (
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size) SELECT i FROM n)"
        if sqlite
        else "(SELECT generate_series(1, :size) AS i)"
    )
    number = "printf('%07d', i)" if sqlite else "lpad(i::text, 7, '0')"
    agreed = f"CASE WHEN i % {OUTSTANDING} = 0 THEN 0 ELSE 1 END" if accepted else "0"
    with records.database.begin() as connection:
        if not sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # gpbot's own is for people who wait
        values = {"size": size, "since": "2026-01-01 00:00:00.000000+00:00"[: 26 if sqlite else None], "no": False}
        connection.execute(
            text(
                "INSERT INTO person (slack_id, kind, here_since, accepted_number, display_name, real_name, title, "  # noqa: S608  (our own words)
                f"deactivated) SELECT 'UMEMBER' || {number}, 'member', :since, {agreed}, '', '', '', :no "
                f"FROM {numbers} AS numbered"
            ),
            values,
        )
        connection.execute(
            text(
                'INSERT INTO guidelines_acceptance (person_id, number, sha256, accepted_at, "where") '
                "SELECT id, 1, '', :since, 'message' FROM person WHERE accepted_number > 0"
            ),
            values,
        )
    with records.database.engine.execution_options(
        isolation_level="AUTOCOMMIT", gpbot_writes=True
    ).connect() as connection:
        connection.execute(text("ANALYZE"))


def _timed(grown: Grown, look: Callable[[Records], object]) -> float:
    """Seconds, the median of some."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        look(grown.records)
        taken.append(time.perf_counter() - begun)
    return median(taken)
