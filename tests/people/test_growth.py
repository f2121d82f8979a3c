"""However many members there are, finding one of those who have not agreed looks through no whole table."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from benchmarks import plans, servers
from gpbot.bootstrap import Records, open_records
from gpbot.people import members, store
from gpbot.people.types import Kind, Profile
from gpbot.settings import load_settings

COUNT = 600  # whose names are known
MANY = 20_000  # others


def profile(number: int) -> Profile:
    return Profile(
        slack_id=f"U0MEMBER{number:04}",
        display_name="",
        real_name=f"Anna{number} {'Brandt' if number % 3 else 'Brown'}",
        title="Safe Harbour" if number % 2 else "City Welcome",
        deactivated=False,
        kind=Kind.MEMBER,
    )


@pytest.fixture
def grown(database_url: str) -> Iterator[Records]:
    """So many people that a database prefers an index where it can use one."""
    records = open_records(load_settings(servers.environment("http://127.0.0.1:9/api/", database_url)))
    with records.database.begin() as session:
        for begin in range(0, COUNT, 200):
            profiles = [profile(number) for number in range(begin, min(begin + 200, COUNT))]
            store.save(session, records.keyring, profiles, now=records.database.clock.now())
        numbers = (
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) SELECT i FROM n)"
            if records.database.is_sqlite
            else "(SELECT generate_series(1, :many) AS i)"
        )
        session.execute(
            text(
                "INSERT INTO person (slack_id, kind, accepted_number, display_name, real_name, title, deactivated) "  # noqa: S608  (our own words)
                f"SELECT 'U0OTHER' || i, 'member', 0, '', '', '', :no FROM {numbers} AS numbered"
            ),
            {"many": MANY, "no": False},
        )
    with records.database.engine.execution_options(
        isolation_level="AUTOCOMMIT", gpbot_writes=True
    ).connect() as connection:
        connection.execute(text("ANALYZE"))
    yield records
    records.database.close()


def scans(records: Records, act: Callable[[], object]) -> dict[str, set[str]]:
    return plans.scans(records.database.engine, act, plans.GROWING | plans.NAMES)


def test_the_check_itself_finds_a_scan(grown: Records) -> None:
    def look_through_everything() -> None:
        with grown.database.read() as session:
            session.execute(text("SELECT count(*) FROM person WHERE real_name = title")).all()

    assert list(scans(grown, look_through_everything).values()) == [{"person"}]


@pytest.mark.parametrize(
    ("words", "count"), [("anna", COUNT), ("br harb an", COUNT // 2), ("Anna5", 111), ("nobody", 0)]
)
def test_searching_scans_nothing_and_each_is_found_once(grown: Records, words: str, count: int) -> None:
    found: list[int] = []

    def look() -> None:
        with grown.database.read() as session:
            while len(found) == len(set(found)):
                page = members.not_accepted_called(
                    session, grown.keyring, 1, words, guests=True, after=found[-1] if found else 0, limit=200
                )
                if not page:
                    break
                found.extend(member.person_id for member in page)

    assert scans(grown, look) == {}
    assert len(found) == len(set(found)) == count


def test_reading_the_list_again_scans_nothing(grown: Records) -> None:
    def read() -> None:
        with grown.database.read() as session:
            assert not store.differ(session, grown.keyring, [profile(number) for number in range(200)])
            assert store.differ(session, grown.keyring, [profile(COUNT)])

    assert scans(grown, read) == {}
