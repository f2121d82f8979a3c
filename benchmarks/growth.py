"""A million reports against a thousand: what Send, App Home and the Desk cost then."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import people, plans, postgresql, rows, servers
from benchmarks.goals import Board, in_rounds, middle, ratio
from benchmarks.plans import Statement
from gpbot.bootstrap import Records, open_records
from gpbot.reports.cases import Cases
from gpbot.reports.filing import Filing
from gpbot.reports.own import OwnReports
from gpbot.reports.types import Filled, OwnReport, Review, Ticks
from gpbot.settings import load_settings

FEW = 1_000
SLOWEST = {"SQLite": 1.0, "PostgreSQL": 2.0}  # ms that a query may take
SENT = 40  # in each round
TIMES = 30  # each query


@dataclass
class Grown:
    records: Records
    statements: list[Statement]


def run(board: Board, folder: Path) -> None:
    many = board.either(20_000, 1_000_000)
    sizes = (many, FEW)
    with ExitStack() as stack:
        urls = {
            (size, database): stack.enter_context(_url(database, folder, str(size)))
            for size in sizes
            for database in SLOWEST
        }
        begun = time.monotonic()
        with ProcessPoolExecutor(len(SLOWEST)) as pool:
            list(pool.map(_make, urls.values(), (size for size, _ in urls)))
        made = time.monotonic() - begun
        for database, limit in SLOWEST.items():
            board.subject(f"5. {many:,} reports against {FEW:,}, on {database}")
            much, few = (stack.enter_context(_grown(urls[size, database])) for size in sizes)
            _measure(board, few, much, limit)
        board.note(f"all of them were made in {made:.0f} s")


def _measure(board: Board, few: Grown, much: Grown, limit: float) -> None:
    sent = in_rounds(board.rounds, {"few": lambda: _send(few.records), "many": lambda: _send(much.records)})
    board.goal("a report on disk, p50", ratio(sent, "many", "few", float), at_most=1.3)
    board.note(f"{middle(sent, 'many', float) * 1000:.2f} ms against {middle(sent, 'few', float) * 1000:.2f} ms")

    slower, slowest = 0.0, 0.0
    for statement in much.statements:
        same = next((each for each in few.statements if each.sql == statement.sql), None)
        if same is not None:
            pair = {"few": _timed(few.records, same), "many": _timed(much.records, statement)}
            rounds = in_rounds(board.rounds, pair)
            slower = max(slower, ratio(rounds, "many", "few", float))
            slowest = max(slowest, middle(rounds, "many", float) * 1000)
    board.goal(f"the query of Desk or App Home that slows most, of {len(much.statements)}", slower, at_most=3)
    board.goal("the slowest of them", slowest, at_most=limit, unit="ms")
    scanning = [statement for statement in much.statements if plans.scanned(much.records.database.engine, statement)]
    board.goal("of them that scan a growing table", len(scanning), at_most=0, unit="")
    for statement in scanning:
        board.note(" ".join(statement.sql.split())[:160])


@contextmanager
def _url(database: str, folder: Path, name: str) -> Iterator[str]:
    if database == "SQLite":
        yield f"sqlite:///{folder}/{name}.sqlite3"
    else:
        with postgresql.fresh(folder) as url:
            yield url


def _open(url: str) -> Records:
    return open_records(load_settings(servers.environment("http://127.0.0.1:9/api/", url)))


def _make(url: str, size: int) -> None:
    records = _open(url)
    rows.settle_roster(records)
    rows.fill_members(records, size, accepted=True)
    rows.fill(records, size)
    records.database.close()


@contextmanager
def _grown(url: str) -> Iterator[Grown]:
    records = _open(url)
    try:
        with plans.recorded(records.database.engine) as statements:
            _look(records)
        yield Grown(records, statements)
    finally:
        records.database.close()


def _look(records: Records) -> None:
    """The Desk and App Home of champions, one left out of every second report, a contact, and members."""
    cases, own = Cases.beside(records.timers), OwnReports.beside(records.timers)
    for who in (people.CHAMPIONS[0], rows.LEFT_OUT, people.CONTACTS[0], rows.BUSY_MEMBER, people.member()):
        records.people.roster()
        for closed in (False, True):
            page = cases.waiting(who, closed=closed)
            cases.waiting(who, closed=closed, cursor=page.next)
        mine = own.all(who)
        own.all(who, cursor=mine.next)
        for read in (records.questions.own_list, records.questions.open_list):
            read(who, cursor=read(who).next)
        records.guidelines.standing(who)


def _send(records: Records) -> float:
    """Seconds, the median of some."""
    filing = Filing.beside(records.timers)
    taken = []
    for _ in range(SENT):
        who = people.member()
        review = filing.review(who, Filled(what=people.WORDS * 3, about_ids=("UTOM00001",)), None)
        if not isinstance(review, Review):
            raise TypeError
        begun = time.perf_counter()
        sent = filing.file(who, review.draft.id, Ticks(), revision=review.revision)
        taken.append(time.perf_counter() - begun)
        if not isinstance(sent, OwnReport):
            raise TypeError
    return median(taken)


def _timed(records: Records, statement: Statement) -> Callable[[], float]:
    """Seconds, the median of some, with the rows brought here."""

    def measure() -> float:
        taken = []
        with records.database.engine.connect() as connection:
            for _ in range(TIMES):
                begun = time.perf_counter()
                connection.exec_driver_sql(statement.sql, statement.values).all()
                taken.append(time.perf_counter() - begun)
        return median(taken)

    return measure
