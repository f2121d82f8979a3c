"""Disks that fill up, fail or vanish, and a Slack that cannot be reached: played for real, not raised."""

import http.client
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner, Result

from gpbot.bootstrap import open_records
from gpbot.cli import app as command_line
from gpbot.crypto import new_master_key
from gpbot.db import CannotSave
from gpbot.keyring import KeysDoNotFit
from gpbot.practice.person import Person
from gpbot.questions.types import Asking
from gpbot.settings import Settings
from tests.databases import ON_SQLITE, Postgres, fresh_database, locked
from tests.disks import Disk, FailingDisk, failing_disk, small_disk
from tests.halves import LONG
from tests.relay import Relay, relay
from tests.running import environment_of
from tests.scenarios.doing import direct_messages, shown, stubs
from tests.stage import HELP, Stage, stage
from tests.waiting import HANGING

pytestmark = LONG

CANARY = "canary5127"
WORDS = f"He followed me home and waited at the door {CANARY}. " * 50
NOT_SAVED = "We could not save this. Nothing was sent."
EVERYTHING = ("report", "report_draft", "report_entry", "report_reader", "report_exclusion", "job", "audit_entry")
ONCE = [1, 1, 1, 0, 0, 1]  # what three champions, two contacts and the reporter have after one report


def health(community: Stage) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", community.web.port, timeout=HANGING)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def rows(community: Stage) -> dict[str, int]:
    with community.bot.records.database.read() as session:
        return {name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in EVERYTHING}  # noqa: S608


def what_they_have(community: Stage) -> list[int]:
    return [len(person.inbox) for person in (*community.champions, *community.contacts, community.mona)]


def is_sound(community: Stage) -> bool:
    """Whether the database and its log of looks are whole."""
    records = community.bot.records
    with records.database.read() as session:
        pages = session.execute(text("PRAGMA integrity_check")).scalar_one() if records.database.is_sqlite else "ok"
        return pages == "ok" and records.audit.verify(session).broken_at is None


def is_told_and_still_has_the_words(person: Person) -> bool:
    answer = person.submit()
    said = f"{answer.text}\n{shown(person)}"
    return NOT_SAVED in said and HELP in said and WORDS.strip() in shown(person) and "*Saved." not in said


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the operator reads; nobody's words."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    assert CANARY not in caplog.text


# The disk is full.


@contextmanager
def staged_in(folder: Path) -> Iterator[Stage]:
    with fresh_database("sqlite", folder) as url, stage(folder, database_url=url) as here:
        yield here


@pytest.fixture
def on_a_small_disk(tmp_path: Path) -> Iterator[tuple[Stage, Disk]]:
    with small_disk(tmp_path / "disk") as disk, staged_in(disk.folder) as here:
        yield here, disk


def test_on_a_full_disk_people_are_told_keep_their_words_and_send_once_when_there_is_room(
    on_a_small_disk: tuple[Stage, Disk], log: pytest.LogCaptureFixture
) -> None:
    community, disk = on_a_small_disk
    mona = community.mona
    mona.command("/report")
    community.bot.windows.settle()
    mona.fill("What happened", WORDS)
    before = rows(community)
    with disk.full():
        assert is_told_and_still_has_the_words(mona)
        assert health(community)[0] == 503
    assert rows(community) == before
    assert mona.submit().ok
    community.answer_none(mona)

    before = rows(community)
    with disk.full():
        assert is_told_and_still_has_the_words(mona)
        assert rows(community) == before
        status, state = health(community)
        assert (status, state["database"]) == (503, "cannot be written to (OperationalError)")
    community.settle()
    assert what_they_have(community) == [0] * 6
    assert mona.submit().ok
    community.settle()

    assert "*Saved." in shown(mona)
    assert what_they_have(community) == ONCE
    assert rows(community)["report"] == 1
    assert health(community)[0] == 200
    assert is_sound(community)
    assert "the database could not be written to: OperationalError" in log.text
    assert "the database can be written to again" in log.text
    assert "OperationalError at " in log.text


def test_a_disk_that_fills_up_in_the_middle_of_sending_costs_no_message_and_repeats_none(
    on_a_small_disk: tuple[Stage, Disk], log: pytest.LogCaptureFixture
) -> None:
    community, disk = on_a_small_disk
    for _ in range(3):
        community.review(community.mona, WORDS)
        community.answer_none(community.mona)
        community.mona.submit()
        community.look_away(community.mona)
    with disk.full(but=60_000 if disk.is_mounted else 0):
        with pytest.raises((OperationalError, CannotSave)):
            community.settle(100)
        assert sum(what_they_have(community)) < 12
        assert health(community)[0] == 503
        community.clock.advance(seconds=20)
        with pytest.raises((OperationalError, CannotSave)):
            community.settle()
    for _ in range(12):
        community.later(seconds=10)

    assert what_they_have(community) == [3, 3, 3, 0, 0, 3]
    assert community.bot.health()["outbox"]["dead"] == 0
    assert health(community)[0] == 200
    assert is_sound(community)
    assert (disk.folder / "gpbot.sqlite3-wal").stat().st_size < 8 * 1024 * 1024
    assert "poison" not in log.text


def test_health_says_that_the_disk_is_almost_full_before_anybody_is_turned_away(
    on_a_small_disk: tuple[Stage, Disk],
) -> None:
    community, disk = on_a_small_disk
    if not disk.is_mounted:
        pytest.skip("This machine lets nobody mount a disk: how much is free cannot be changed for real here.")
    assert health(community)[0] == 200
    with disk.full(but=8 * 1024 * 1024):
        status, state = health(community)
        assert (status, state["database"]) == (503, "its disk is almost full")
        community.report(community.mona)
        assert "*Saved." in shown(community.mona)
    assert health(community)[0] == 200


# The disk fails, and is read-only from then on.


@pytest.fixture
def on_a_failing_disk(tmp_path: Path) -> Iterator[tuple[Stage, FailingDisk]]:
    with failing_disk(tmp_path / "disk") as disk, fresh_database("sqlite", disk.folder) as url:
        disk.keep()
        with stage(disk.folder, database_url=url) as here:
            yield here, disk


def test_on_a_disk_that_turned_read_only_people_are_told_and_what_was_written_is_sent_once_it_is_mended(
    on_a_failing_disk: tuple[Stage, FailingDisk], log: pytest.LogCaptureFixture
) -> None:
    community, disk = on_a_failing_disk
    community.report(community.nadia, "An earlier one")
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    disk.fail()
    assert is_told_and_still_has_the_words(community.mona)
    status, state = health(community)
    assert (status, state["ok"]) == (503, False)
    assert state["database"].startswith(("cannot be written to", "its disk is read-only"))
    with pytest.raises((OperationalError, CannotSave)):
        community.settle()
    community.nadia.open_home()
    assert community.workspace.problems  # Slack is told of it, and delivers again
    community.workspace.problems.clear()

    community.stop()
    disk.unmount()
    disk.mount()
    community.start()
    community.settle()
    assert health(community)[0] == 200
    assert community.mona.submit().ok
    community.settle()
    assert "*Saved." in shown(community.mona)
    assert what_they_have(community) == [2, 2, 2, 0, 0, 1]
    assert is_sound(community)
    assert "the database could not be written to" in log.text


# The file is gone.


def moved(community: Stage) -> tuple[Path, Path]:
    path = community.bot.records.database.sqlite_path
    assert path is not None
    return path.parent, path.parent.with_name("elsewhere")


@pytest.fixture
def in_a_folder(tmp_path: Path) -> Iterator[Stage]:
    folder = tmp_path / "data"
    folder.mkdir()
    with staged_in(folder) as here:
        yield here


def test_while_the_folder_is_gone_nobody_is_thanked_and_when_it_is_back_it_is_sent_once(
    in_a_folder: Stage, log: pytest.LogCaptureFixture
) -> None:
    """An open connection would go on writing, without an error, to a file that no restart finds again."""
    community = in_a_folder
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    folder, elsewhere = moved(community)
    folder.rename(elsewhere)
    assert is_told_and_still_has_the_words(community.mona)
    assert health(community)[0] == 503
    with pytest.raises(CannotSave):
        community.settle()
    elsewhere.rename(folder)
    community.settle()
    assert health(community)[0] == 200
    assert what_they_have(community) == [0] * 6
    assert community.mona.submit().ok
    community.settle()
    assert what_they_have(community) == ONCE
    community.restart()
    community.settle()
    assert rows(community)["report"] == 1
    assert is_sound(community)
    assert "FileGone" in log.text


def test_a_backup_put_in_the_place_of_the_running_file_is_noticed_before_anything_is_saved_to_the_old_one(
    in_a_folder: Stage,
) -> None:
    community = in_a_folder
    path = moved(community)[0] / "gpbot.sqlite3"
    with closing(sqlite3.connect(path)) as operator:
        operator.execute("VACUUM INTO ?", [str(path.with_name("backup"))])
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    path.with_name("backup").replace(path)
    assert is_told_and_still_has_the_words(community.mona)
    assert health(community)[1]["database"] == "its file was moved, deleted or replaced"

    for name in ("gpbot.sqlite3-wal", "gpbot.sqlite3-shm"):
        path.with_name(name).unlink()  # they belong to the file that is gone
    community.restart()
    assert health(community)[0] == 200
    community.look_away(community.mona)
    community.report(community.mona, WORDS)
    assert what_they_have(community) == ONCE
    assert is_sound(community)


def test_when_the_write_ahead_log_was_deleted_nobody_is_thanked(in_a_folder: Stage) -> None:
    community = in_a_folder
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    wal = moved(community)[0] / "gpbot.sqlite3-wal"
    kept = wal.with_name("kept")
    wal.rename(kept)
    assert is_told_and_still_has_the_words(community.mona)
    assert health(community)[0] == 503
    kept.rename(wal)
    assert community.mona.submit().ok
    community.settle()
    assert what_they_have(community) == ONCE
    assert is_sound(community)


# Keys are missing.


def rotate_keys(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Result:
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(command_line, ["keys", "rotate"])


def test_a_process_without_the_newest_key_saves_nothing_says_so_and_all_opens_when_it_has_it(
    community: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = community.settings.gpbot_keys[0], new_master_key()
    keys = community.settings
    community.report(community.mona, WORDS)
    community.look_away(community.mona)
    community.review(community.nadia, WORDS)
    community.answer_none(community.nadia)
    assert community.nadia.submit().ok  # and not told to anybody yet
    with pytest.raises(KeysDoNotFit):
        open_records(replace(keys, gpbot_keys=(newer,)), clock=community.clock)
    assert health(community)[0] == 200

    assert rotate_keys(replace(keys, gpbot_keys=(newer, older)), monkeypatch).exit_code == 0
    community.settle()
    status, state = health(community)
    assert (status, state["reports"]) == (503, "some do not open with GPBOT_KEYS")
    assert state["keys"] == "the newest is not in GPBOT_KEYS of this process: restart it"
    assert what_they_have(community) == ONCE
    community.nadia.open_home()
    community.settle()
    assert community.nadia.home is not None
    assert "Cannot be opened now" in community.nadia.home.text
    community.look_away(community.nadia)
    community.nadia.press("Open", within=community.nadia.home)
    community.bot.windows.settle()
    assert "We could not open what was stored." in shown(community.nadia)
    community.tom.command("/report")
    community.bot.windows.settle()
    community.tom.fill("What happened", WORDS.strip())
    assert is_told_and_still_has_the_words(community.tom)

    community.settings = replace(keys, gpbot_keys=(newer,))
    community.restart()
    community.later(minutes=2)
    assert health(community)[0] == 200
    assert what_they_have(community) == [2, 2, 2, 0, 0, 1]
    assert direct_messages(community.nadia) == direct_messages(community.mona)
    assert community.bot.health()["outbox"]["dead"] == 0
    assert is_sound(community)


@ON_SQLITE
def test_a_question_whose_key_is_missing_waits_for_it_and_is_then_posted(community: Stage) -> None:
    older, newer = community.settings.gpbot_keys[0], new_master_key()
    keys = community.settings
    community.settings = replace(keys, gpbot_keys=(newer, older))
    community.restart()
    community.bot.records.questions.ask(community.mona.id, "form", Asking(what=WORDS[:60]))  # not posted
    community.settings = replace(keys, gpbot_keys=(older,))
    community.restart()
    for _ in range(10):  # longer than a job is held by a process that chokes on it
        community.later(minutes=2)
    assert community.bot.health()["outbox"]["dead"] == 0

    community.settings = replace(keys, gpbot_keys=(newer, older))
    community.restart()
    community.later(hours=1)
    assert WORDS[:60] in community.amina.read(community.triage)[-1].text
    assert is_sound(community)


@ON_SQLITE
def test_a_rotation_that_the_database_stops_says_to_keep_all_keys_and_can_be_done_again(
    community: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(community.settings.database_url):
        stopped = rotate_keys(community.settings, monkeypatch)
    assert stopped.exit_code == 1
    assert "Keep all the keys, and do this again." in stopped.output
    assert rotate_keys(community.settings, monkeypatch).exit_code == 0


# PostgreSQL is gone.


@pytest.fixture
def server() -> Iterator[Postgres]:
    one = Postgres()
    try:
        yield one
    finally:
        one.close()


def test_while_postgresql_is_gone_people_are_told_and_when_it_is_back_all_that_waits_is_sent_once(
    tmp_path: Path, server: Postgres, log: pytest.LogCaptureFixture
) -> None:
    with server.database() as url, stage(tmp_path, database_url=url) as community:
        community.review(community.nadia, "An earlier one")
        community.answer_none(community.nadia)
        community.review(community.mona, WORDS)
        community.answer_none(community.mona)
        assert community.nadia.submit().ok
        server.stop("immediate")
        assert is_told_and_still_has_the_words(community.mona)
        assert health(community)[0] == 503
        with pytest.raises(OperationalError):
            community.settle()
        community.clock.advance(minutes=1)
        assert is_told_and_still_has_the_words(community.mona)

        server.start()
        community.settle()
        assert health(community)[0] == 200
        assert what_they_have(community) == [1, 1, 1, 0, 0, 0]
        assert community.mona.submit().ok
        community.settle()
        assert "*Saved." in shown(community.mona)
        assert what_they_have(community) == [2, 2, 2, 0, 0, 1]
        assert rows(community)["report"] == 2
        assert is_sound(community)
        assert "the database could not be written to: OperationalError" in log.text


# Slack cannot be reached.


@pytest.fixture
def line(community: Stage) -> Iterator[Relay]:
    """Everything between gpbot and Slack goes over this."""
    with relay(community.workspace.base_url) as between:
        community.workspace.base_url = between.url
        community.settings = replace(community.settings, slack_api_url=f"{between.url}/api/")
        community.restart()
        community.settle()
        yield between


def beat(community: Stage) -> None:
    for _ in range(2):
        community.bot.pulse.beat()


@ON_SQLITE
def test_a_report_sent_while_slack_is_unreachable_for_ten_minutes_arrives_once_and_health_tells(
    community: Stage, line: Relay, log: pytest.LogCaptureFixture
) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    community.review(community.nadia, WORDS)
    community.answer_none(community.nadia)
    line.cut()
    assert community.mona.submit().ok
    assert "*Saved." in shown(community.mona)
    for _ in range(5):
        community.later(minutes=1)
    beat(community)
    status, state = health(community)
    assert (status, state["slack"], state["database"]) == (503, "ConnectionRefusedError", "ok")

    client: Any = community.bot.gateway.client
    client.timeout = 0.05  # seconds that nobody needs to wait for what never comes
    line.swallow()
    assert community.nadia.submit().ok
    assert "*Saved." in shown(community.nadia)
    community.clock.advance(minutes=5)
    community.bot.courier.run_due()
    beat(community)
    assert health(community)[1]["slack"] == "TimeoutError"
    assert what_they_have(community) == [0] * 6

    line.restore()
    client.timeout = 10
    beat(community)
    assert health(community)[0] == 200
    for _ in range(3):
        community.later(minutes=15)
    assert what_they_have(community) == [2, 2, 2, 0, 0, 1]
    assert direct_messages(community.nadia) == direct_messages(community.mona)
    assert community.bot.health()["outbox"]["dead"] == 0
    assert is_sound(community)
    assert "Slack cannot be used: ConnectionRefusedError" in log.text
    assert "Slack can be used again" in log.text


@ON_SQLITE
def test_health_during_an_outage_of_slack_is_the_same_with_and_without_a_report(community: Stage, line: Relay) -> None:
    community.review(community.mona, WORDS)
    community.answer_none(community.mona)
    line.cut()
    beat(community)
    without = health(community)
    assert community.mona.submit().ok
    community.later(minutes=20)
    beat(community)
    assert health(community) == without


@ON_SQLITE
def test_words_typed_with_the_command_while_slack_is_unreachable_come_back_as_a_reminder(
    community: Stage, line: Relay
) -> None:
    line.cut()
    community.mona.command("/report", WORDS)
    community.bot.windows.settle()
    assert community.mona.modal is None
    line.restore()
    for _ in range(3):
        community.later(minutes=10)
    assert direct_messages(community.mona) == ["You have not sent this yet."]
    community.mona.press("Continue")
    community.bot.windows.settle()
    assert WORDS.strip() in shown(community.mona)
    community.answer_none(community.mona)
    community.mona.submit()
    community.settle()
    assert len(stubs(community.ben)) == 1


@ON_SQLITE
def test_a_message_reported_while_slack_is_unreachable_comes_back_as_a_reminder(community: Stage, line: Relay) -> None:
    community.tom.say("Nobody wants you here", to=community.general)
    line.cut()
    community.mona.message_shortcut("Report to the Champions", community.mona.read(community.general)[-1])
    community.bot.windows.settle()
    line.restore()
    for _ in range(3):
        community.later(minutes=10)
    community.mona.press("Continue")
    community.bot.windows.settle()
    assert "Nobody wants you here" in shown(community.mona)
    community.mona.fill("What happened", "He wrote this")
    assert community.mona.submit().ok
