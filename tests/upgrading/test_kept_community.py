"""What an earlier release left is opened, read whole and gone on with by this one."""

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, inspect, select, text

from gpbot.crypto import DoesNotOpen, Vault, new_master_key
from gpbot.db import Database
from gpbot.keyring import load_keyring
from gpbot.outbox.models import JobRow, State
from gpbot.refusals import NotAvailable
from gpbot.reports.cases import Cases
from gpbot.reports.filing import Filing
from gpbot.reports.own import OwnReports
from gpbot.tables import metadata
from tests.clocks import StoppedClock
from tests.databases import KINDS, Kind, another_program, fresh_database, migrate
from tests.stage import Stage
from tests.upgrading import keeping
from tests.upgrading.keeping import RELEASES
from tests.upgrading.playing import as_kept, kept_stage
from tests.upgrading.told import SECRET

TOKEN = re.compile(r"gAAAA[A-Za-z0-9_-]+=*")
Found = TypeVar("Found")
EACH = pytest.mark.parametrize("release", RELEASES)


@pytest.fixture
def community(kind: Kind, release: str, tmp_path: Path) -> Iterator[Stage]:
    with kept_stage(kind, tmp_path, release=release) as here:
        yield here


@pytest.fixture
def database_url(kind: Kind, release: str, tmp_path: Path) -> Iterator[str]:
    """As that release left it."""
    with fresh_database(kind, tmp_path, as_kept(release, kind)) as url:
        yield url


def rows(connection: Connection) -> Counter[str]:
    """How many each table has."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return Counter(
        {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}  # noqa: S608
    )


# --- the database -----------------------------------------------------------------------------------------------------


@EACH
@pytest.mark.usefixtures("kind", "release")
def test_every_row_is_there_after_the_migrations_and_is_read_in_every_column(database_url: str) -> None:
    with another_program(database_url) as connection:
        before = rows(connection)
    assert not [name for name, number in before.items() if number == 0]
    migrate(database_url)
    with another_program(database_url) as connection:
        after = rows(connection)
        for table in metadata.sorted_tables:
            assert len(connection.execute(select(table)).all()) == after[table.name]
    assert before - after == Counter()


@EACH
def test_everything_sealed_opens_with_the_keys_it_was_sealed_with(database_url: str, kind: Kind, release: str) -> None:
    keys = keeping.read(release, kind).settings["gpbot_keys"]
    migrate(database_url)
    database = Database(database_url, clock=StoppedClock())
    keyring = load_keyring(database, Vault(keys))
    with database.engine.connect() as connection:
        found = list(sealed(connection))
    database.close()
    assert len(found) > 100
    box = base64.urlsafe_b64encode(keyring.hash("box", ""))
    left = still_closed(found, [*keys, box.decode()])
    # A log goes on to show that there was something, after its key is gone.
    assert {place for place, _ in left} <= {"audit_entry.sealed"}
    assert len(left) < len(found) / 10
    assert len(still_closed(found, [new_master_key()])) == len(found)  # the control


def sealed(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Every token in every column of every table, by what it looks like."""
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)):
            for column, value in row._mapping.items():
                raw = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                yield from ((f"{table.name}.{column}", token.encode()) for token in TOKEN.findall(raw))


def still_closed(found: list[tuple[str, bytes]], keys: list[str]) -> list[tuple[str, bytes]]:
    """What neither these keys open nor those that they open."""
    known = {key: Fernet(key) for key in keys}
    left = found
    for _ in range(2):
        closed, more = [], {}
        for place, token in left:
            plain = next((plain for key in known.values() if (plain := opened(key, token)) is not None), None)
            if plain is None:
                closed.append((place, token))
            elif len(plain) == len(Fernet.generate_key()):
                more[plain.decode()] = Fernet(plain)
        left, known = closed, more
    return left


def opened(key: Fernet, token: bytes) -> bytes | None:
    try:
        return key.decrypt(token)
    except InvalidToken:
        return None


@EACH
@pytest.mark.usefixtures("kind", "release")
def test_the_log_of_looks_is_whole(community: Stage) -> None:
    records = community.bot.records
    with records.database.read() as session:
        verdict = records.audit.verify(session)
        assert verdict.broken_at is None
        assert verdict.entries > 100


@EACH
@pytest.mark.usefixtures("kind", "release")
def test_everything_is_read_by_those_who_could_and_by_nobody_else(community: Stage) -> None:
    community.settle(5)
    records, timers = community.bot.records, community.bot.records.timers
    cases, own, filing = Cases.beside(timers), OwnReports.beside(timers), Filing.beside(timers)
    holders = [*community.champions, *community.contacts, community.dana]
    everybody = [person for name, person in community.people.items() if not name.startswith("member")]
    for name, its_id in community.things["reports"].items():
        read = [case for each in holders if (case := look(cases.look, each.id, its_id))]
        mine = [report for each in everybody if (report := look(own.look, each.id, its_id))]
        is_erased = name.startswith("erased")
        assert bool(read) == (not is_erased and name != "nobody is left to read it"), name
        assert len(mine) == (not is_erased), name
        entries = [entry for case in read for entry in case.entries] + [
            entry for each in mine for entry in each.entries
        ]
        assert all(entry.text or entry.choices for entry in entries)
        assert all(case.reporter is None for case in read if not mine[0].show_name), name
    for name, its_id in community.things["drafts"].items():
        assert len([1 for each in everybody if filing.draft_if_kept(each.id, its_id)]) == 1, name
    for name, its_id in community.things["concerns"].items():
        assert bool([1 for each in holders if look(records.concerns.look, each.id, its_id)]) == ("kept" in name), name
    ended = ("erased", "closed", "withdrawn", "a report", "a draft")
    for name, its_id in community.things["questions"].items():
        assert bool(look(records.questions.look, community.amina.id, its_id)) != name.startswith(ended), name


def look(at: Callable[[str, UUID], Found], viewer: str, its_id: UUID) -> Found | None:
    try:
        return at(viewer, its_id)
    except NotAvailable:
        return None


# --- what was enqueued ------------------------------------------------------------------------------------------------


def jobs(here: Stage) -> dict[str, Any]:
    with here.bot.records.database.read() as session:
        return {row.key: row for row in session.execute(select(JobRow.__table__))}


def posts(here: Stage) -> list[tuple[str, str]]:
    """Every message of gpbot's that stands somewhere: where, and the id it was sent with."""
    return [
        (place.id, said.metadata["event_payload"]["id"])
        for place in here.workspace.channels.values()
        for said in place.messages.values()
        if said.user.id == here.app.bot_user_id and said.metadata
    ]


@EACH
@pytest.mark.usefixtures("kind", "release")
def test_what_was_enqueued_is_sent_once_and_nothing_a_second_time(community: Stage) -> None:
    before, stood = jobs(community), posts(community)
    now = community.clock.at
    due = {key for key, job in before.items() if job.state == State.READY and job.run_at <= now + timedelta(minutes=3)}
    assert due
    community.settle(40)
    for _ in range(6):
        community.clock.advance(minutes=1)
        community.settle(10)
    after = jobs(community)
    ended = {after[key].state for key in due if key in after and after[key].campaign_id is None}
    assert ended <= {State.DONE, State.READY}  # what a campaign enqueued for itself ends with it
    waits = {key for key in due if key in after and after[key].state == State.READY}
    assert {key for key in waits if after[key].run_at <= community.clock.at} == set()
    assert [key for key in waits if after[key].last_error] == []
    newly = Counter(posts(community)) - Counter(stood)
    assert newly
    assert {each: number for each, number in Counter(posts(community)).items() if number > 1} == {}
    ended = {job.wire_id for job in before.values() if job.state in {State.DONE, State.CANCELLED, State.DEAD}}
    assert [each for each in newly if each[1] in ended] == []


@EACH
@pytest.mark.usefixtures("kind", "release")
def test_a_report_of_which_nobody_had_heard_is_told_to_each_of_its_readers_once(community: Stage) -> None:
    its_id = community.things["reports"]["nothing about it is sent yet"]
    assert told_of(community, its_id) == {}
    community.settle(20)
    readers = {"amina", "ben", "chloe"}
    assert told_of(community, its_id) == dict.fromkeys(readers | {"petra"}, 1)


def told_of(here: Stage, its_id: UUID) -> dict[str, int]:
    """How many messages each person has with a button that opens this."""
    return {
        name: number
        for name, person in here.people.items()
        if (number := sum(str(its_id) in str(screen.raw) for screen in person.inbox))
    }


@EACH
@pytest.mark.usefixtures("kind", "release")
def test_a_message_whose_arrival_was_not_known_is_found_and_not_sent_again(community: Stage) -> None:
    its_id = community.things["reports"]["opened"]
    assert told_of(community, its_id)["nadia"] == 2  # that it was saved, and that there is an answer
    community.settle(20)
    community.later(minutes=2)
    assert told_of(community, its_id)["nadia"] == 2
    assert community.nadia.inbox  # and she can read it
    community.look_away(community.nadia)
    community.nadia.send_action("report.open", str(its_id))
    community.settle(1)
    assert community.nadia.modal is not None
    assert f"{SECRET} whether this arrived" in community.nadia.modal.text


# --- the practice workspace -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS[:1])
@EACH
@pytest.mark.usefixtures("kind", "release")
def test_what_was_kept_of_the_workspace_is_all_there_is_of_it(community: Stage, release: str, kind: Kind) -> None:
    """Written down again, it is what was read."""
    kept = keeping.read(release, kind).workspace
    again = keeping.workspace_to_keep(community.workspace)
    assert again.keys() == kept.keys()
    for name in ("users", "people", "names", "homes"):
        assert again[name] == kept[name], name


@EACH
@pytest.mark.usefixtures("kind", "release")
def test_what_an_earlier_release_left_is_sealed_at_the_first_start_and_its_old_form_opens_nothing_after(
    community: Stage,
) -> None:
    records = community.bot.records
    assert records.keyring.is_all_sealed
    one, report = next(iter(community.things["reports"].items()))
    assert one
    with records.database.begin() as session:
        standing = records.reports.open_as_caretaker(session, report)
        assert standing is not None
        records.reports.save_head(session, standing, access=None, entries=0, last_entry="")
    with records.database.read() as session, pytest.raises(DoesNotOpen):
        records.reports.open_as_caretaker(session, report)
