"""*Support* on a proposal: a click on disk before its ack, and ten thousand supporters against a hundred."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from uuid import UUID

from benchmarks import load, people, postgresql, rows, servers
from benchmarks.goals import Board, in_rounds, middle, p50, ratio
from benchmarks.load import Answers
from benchmarks.servers import Server
from gpbot.bootstrap import Records, open_records
from gpbot.people.types import Kind, Profile
from gpbot.proposals import ids
from gpbot.proposals.types import Place, Proposed
from gpbot.settings import load_settings

RATE = 10  # a second
FEW = 100
TIMES = 200
PROPOSER = "UPROPOSER1"
API = "http://127.0.0.1:9/api/"
MESSAGE_TS = "1772442000.000100"
_PAGE = 500


def run(board: Board, folder: Path) -> None:
    with servers.slack(100) as api, servers.floor(api, folder) as floor:
        board.subject("9. Support pressed, and on disk before its ack")
        _measure(board, "SQLite", floor, f"sqlite:///{folder}/support.sqlite3", (api, folder), at_most=5)
        with postgresql.fresh(folder) as url:
            _measure(board, "PostgreSQL", floor, url, (api, folder), at_most=10)
    many = board.either(2_000, 10_000)
    for database, limit in (("SQLite", 1.3), ("PostgreSQL", 1.3)):
        board.subject(f"10. {many:,} supporters of one proposal against {FEW}, on {database}")
        with _url(database, folder, "few") as few_url, _url(database, folder, "many") as many_url:
            few, much = _prepared(few_url, FEW), _prepared(many_url, many)
            for name, look in LOOKS.items():
                measures = {"few": partial(_timed, few, look), "many": partial(_timed, much, look)}
                rounds = in_rounds(board.rounds, measures)
                board.goal(name, ratio(rounds, "many", "few", float), at_most=limit)
                much_ms, few_ms = (middle(rounds, each, float) * 1000 for each in ("many", "few"))
                board.note(f"{much_ms:.2f} ms against {few_ms:.2f} ms")
            for records, *_ in (few, much):
                records.database.close()


Prepared = tuple[Records, UUID, "Iterator[str]"]


def _press(prepared: Prepared) -> None:
    records, proposal_id, who = prepared
    records.proposals.support(next(who), proposal_id, "", message_ts=MESSAGE_TS)


def _render(prepared: Prepared) -> None:
    records, proposal_id, _ = prepared
    records.proposals.look(proposal_id)


LOOKS: dict[str, Callable[[Prepared], None]] = {
    "a press of Support on disk, p50": _press,
    "what its message shows, read": _render,
}


def _measure(board: Board, database: str, floor: Server, url: str, where: tuple[str, Path], *, at_most: float) -> None:
    records, proposal_id, _ = _prepared(url, 1_000, supporting=0)
    members = [_member(number) for number in range(1_000)]
    records.database.close()
    presses = _presses(proposal_id, members, where[0])
    with servers.gpbot(*where, url) as gpbot:
        both = (("floor", floor), ("gpbot", gpbot))
        for _, server in both:
            load.closed(server.port, islice(presses, 50), users=2)
        seconds = board.either(3, 5)

        def at_rate(server: Server) -> Callable[[], Answers]:
            return lambda: load.opened(server.port, presses, rate=RATE, seconds=seconds)

        def closed(server: Server) -> Callable[[], Answers]:
            return lambda: load.closed(server.port, islice(presses, 100), users=1)

        for name, measure in ((f"p50 at {RATE} a second", at_rate), ("p50 of one user in a closed loop", closed)):
            rounds = in_rounds(board.rounds, {each: measure(server) for each, server in both})
            wrong = sum(sum(each["gpbot"].wrong.values()) for each in rounds)
            if wrong:
                raise RuntimeError(f"{wrong} presses were not answered")
            board.goal(f"{database}, {name}", ratio(rounds, "gpbot", "floor", p50), at_most=at_most)
            gpbot_ms, floor_ms = (middle(rounds, each, p50) * 1000 for each in ("gpbot", "floor"))
            board.note(f"gpbot {gpbot_ms:.2f} ms, floor {floor_ms:.2f} ms")
    records = _open(url)
    board.note(f"{records.proposals.look(proposal_id).supporters} supported it in the end")
    records.database.close()


def _presses(proposal_id: UUID, members: list[str], api: str) -> Iterator[bytes]:
    for who in cycle(members):
        message = (servers.PROPOSALS, MESSAGE_TS)
        yield people.press(who, ids.SUPPORT, str(proposal_id), message, response_url=f"{api}response")


@contextmanager
def _url(database: str, folder: Path, name: str) -> Iterator[str]:
    if database == "SQLite":
        yield f"sqlite:///{folder}/supported-{name}.sqlite3"
    else:
        with postgresql.fresh(folder) as url:
            yield url


def _open(url: str) -> Records:
    return open_records(load_settings(servers.environment(API, url)))


def _prepared(url: str, count: int, *, supporting: int | None = None) -> Prepared:
    """One proposal, `count` members beside a hundred others, and as many supporters unless `supporting` says less."""
    records = _open(url)
    rows.settle_roster(records)
    others = [f"UOTHER{number:05d}" for number in range(100)]
    everybody = [PROPOSER, *(_member(number) for number in range(count)), *others]
    for start in range(0, len(everybody), _PAGE):
        with records.database.begin() as session:
            profiles = [
                Profile(slack_id=each, display_name="", real_name="", title="", deactivated=False, kind=Kind.MEMBER)
                for each in everybody[start : start + _PAGE]
            ]
            records.people.take_page(session, profiles, first_time=True)
    proposal = records.proposals.propose(
        PROPOSER, "1", Proposed(purpose="Housing law in practice.", name="housing-law")
    )
    with records.database.begin() as session:
        records.proposals.note_message(
            session,
            proposal,
            Place.PUBLIC,
            channel_id=servers.PROPOSALS,
            message_ts=MESSAGE_TS,
            shows=proposal.version,
        )
    for number in range(count if supporting is None else supporting):
        records.proposals.support(_member(number), proposal.id, "")
    return records, proposal.id, cycle(others)


def _member(number: int) -> str:
    return f"USUPPORT{number:06d}"


def _timed(prepared: Prepared, look: Callable[[Prepared], None]) -> float:
    """Seconds, the median of some."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        look(prepared)
        taken.append(time.perf_counter() - begun)
    return median(taken)
