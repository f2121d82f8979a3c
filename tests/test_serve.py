"""`python app.py` from outside: how it starts, what it says when it cannot, and how it ends."""

import http.client
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gpbot.clock import SystemClock
from gpbot.crypto import new_master_key
from gpbot.db import Database
from gpbot.practice.person import Person
from gpbot.practice.state import Answer
from gpbot.reports import ids
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from gpbot.serve import TRY_IT, main
from tests.disks import small_disk
from tests.halves import LONG
from tests.relay import relay
from tests.running import ROOT, Process, Town, run_command, town
from tests.waiting import HANGING

pytestmark = LONG

WORDS = "He stood at my door again."
GAVE_UP = "SELECT count(*) FROM job WHERE state = 'dead'"
BOTH_WAYS = pytest.mark.parametrize("http_mode", [True, False], ids=["http", "socket"])


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path, patience=HANGING) as place:
        yield place


def test_with_nothing_set_it_says_all_that_is_missing_and_points_to_the_practice_workspace(tmp_path: Path) -> None:
    life = Process({}, tmp_path)
    assert life.wait() == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GPBOT_KEYS", "CHAMPIONS", "TRIAGE_CHANNEL", "EXTERNAL_HELP"):
        assert f"{name} " in life.text
    assert TRY_IT in life.text
    assert "Traceback" not in life.text


def test_a_wrong_setting_ends_it_with_status_two_and_no_secret_in_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main({"SLACK_BOT_TOKEN": "xoxp-0123456789", "GPBOT_KEYS": "half-a-key"}) == 2
    said = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN is a person's token" in said
    assert "xoxp-0123456789" not in said
    assert "half-a-key" not in said


def test_keys_that_do_not_fit_the_database_end_it_in_words_and_change_nothing(here: Town) -> None:
    here.start(http=True).terminate()
    life = here.launch(http=True, GPBOT_KEYS=new_master_key())
    assert life.wait() == 1
    assert "GPBOT_KEYS do not open this database" in life.text
    assert "Traceback" not in life.text
    here.start(http=True)


def test_a_second_gpbot_on_the_same_file_refuses_to_start(here: Town) -> None:
    first = here.start(http=True)
    second = here.launch(http=True)
    assert second.wait() == 1
    assert "another gpbot already runs on this SQLite file" in second.text
    assert health(first.port)[0] == 200


def test_a_second_gpbot_is_refused_before_it_changes_a_table(here: Town) -> None:
    here.database.touch()
    first = Database(f"sqlite:///{here.database}", clock=SystemClock())
    first.claim_for_this_process()
    second = here.launch(http=True)
    assert second.wait() == 1
    assert "another gpbot already runs on this SQLite file" in second.text
    assert here.database.stat().st_size == 0
    first.close()


def test_a_port_that_is_taken_ends_it_in_words(here: Town) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        life = here.launch(http=True, PORT=str(port))
        assert life.wait() == 1
    assert f"127.0.0.1:{port} is taken" in life.text
    assert "Traceback" not in life.text


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-never-was", "Slack does not know this bot token"),
        ("SLACK_APP_TOKEN", "xapp-never-was", "Slack would not open a socket"),
        ("SLACK_API_URL", "http://127.0.0.1:9/api/", "Slack could not be reached"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all/gpbot.sqlite3", "the database could not be opened"),
        ("DATABASE_URL", "sqlite+nonsense:///gpbot.sqlite3", "DATABASE_URL names no database"),
    ],
)
def test_what_cannot_be_used_ends_it_in_words(here: Town, setting: str, value: str, words: str) -> None:
    life = here.launch(http=False, **{setting: value})
    assert life.wait() == 1
    assert words in life.text
    assert "Traceback" not in life.text
    assert value not in life.text or setting == "SLACK_API_URL"


def test_a_database_of_a_newer_gpbot_ends_it_and_every_command_in_words(here: Town) -> None:
    here.start(http=True).terminate()
    with closing(sqlite3.connect(here.database, isolation_level=None)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    life = here.launch(http=True)
    assert life.wait() == 1
    done = run_command(here.settings(http=True), here.folder, "jobs")
    assert done.returncode == 1
    for said in (life.text, done.stderr):
        assert "by another, probably newer, version of gpbot (9999;" in said
        assert "Traceback" not in said


def test_it_says_which_database_it_uses_and_that_one_is_new(here: Town) -> None:
    new = f"this is a new, empty database: {here.database}"
    first = here.start(http=True)
    first.terminate()
    second = here.start(http=True, TRIAGE_CHANEL="C0000000001")
    second.terminate()
    assert (new in first.text, new in second.text) == (True, False)
    assert all(f"the database is {here.database}" in life.text for life in (first, second))
    assert "Is TRIAGE_CHANNEL meant?" in second.text


def test_started_from_another_folder_it_goes_on_with_the_same_database(here: Town) -> None:
    """As a service manager does it; each setting stands in `.env`, and none in the environment."""
    installed, elsewhere = here.folder / "installed", here.folder / "elsewhere"
    elsewhere.mkdir()
    for name in ("gpbot", "migrations"):
        shutil.copytree(ROOT / name, installed / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", installed)
    lines = {**here.settings(http=True), "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    del lines["DATABASE_URL"]
    (installed / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    for folder in (installed, elsewhere):
        done = subprocess.run(  # noqa: S603  (our own file)
            [sys.executable, str(installed / "app.py")],
            cwd=folder,
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Slack could not be reached" in done.stderr
        assert (f"new, empty database: {installed / 'gpbot.sqlite3'}" in done.stderr) == (folder == installed)
    assert not list(elsewhere.iterdir())


def test_a_database_that_is_locked_while_it_starts_ends_it_in_words(here: Town) -> None:
    here.start(http=True).terminate()
    with closing(sqlite3.connect(here.database, isolation_level=None, check_same_thread=False)) as other:

        def lock(_arguments: object) -> bool:
            other.execute("BEGIN IMMEDIATE")
            return False  # Slack answers as ever

        here.workspace.faults.add(method="auth.test", where=lock)
        life = here.launch(http=True)
        assert life.wait() == 1
        other.execute("ROLLBACK")
    assert "the database could not be opened or brought up to date" in life.text
    assert "Traceback" not in life.text


@BOTH_WAYS
def test_health_tells_counts_and_states(here: Town, http_mode: bool) -> None:  # noqa: FBT001  (a parameter)
    port = free_port()
    here.start(http=http_mode, PORT=str(port))
    here.workspace.wait_until(lambda: health(port)[0] == 200)
    _, state = health(port)
    assert state["ok"] is True
    assert (state["database"], state["slack"]) == ("ok", "ok")
    assert (state["champions"], state["escalation_contacts"]) == (3, 2)
    assert state["outbox"] == {"paused": None}


def test_while_slack_is_unreachable_health_says_so_and_gpbot_connects_again_by_itself(here: Town) -> None:
    port, mona = free_port(), here.members[0]
    with relay(here.workspace.base_url) as line:
        here.workspace.base_url = line.url
        life = here.start(http=False, PORT=str(port), SLACK_API_URL=f"{line.url}/api/")
        fill_in(here, mona)
        line.cut()
        here.workspace.wait_until(lambda: health(port)[0] == 503)
        assert health(port)[1]["slack"] == "not connected"
        assert not mona.submit().ok
        assert mona.modal is not None
        assert WORDS in mona.modal.text
        here.workspace.problems.clear()  # nobody was there to be delivered to

        line.restore()
        here.workspace.wait_until(lambda: here.workspace.connected)
        send(here, mona)
        here.workspace.wait_until(lambda: all(person.inbox for person in here.champions))
        here.workspace.wait_until(lambda: health(port)[0] == 200)
        assert life.terminate() == 0
    assert [len(person.inbox) for person in here.champions] == [1, 1, 1]
    assert reports_in(here) == 1
    assert WORDS not in life.text
    assert "Traceback" not in life.text


def test_on_a_full_disk_it_tells_people_and_health_and_works_again_by_itself(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, town(disk.folder, patience=HANGING) as here:
        port, mona = free_port(), here.members[0]
        life = here.start(http=False, PORT=str(port))
        fill_in(here, mona)
        with disk.full(process=life.number):
            mona.submit()
            assert mona.modal is not None
            assert "We could not save this. Nothing was sent." in mona.modal.text
            assert WORDS in mona.modal.text
            status, state = health(port)
            assert (status, state["database"]) == (503, "cannot be written to (OperationalError)")
        here.workspace.wait_until(lambda: health(port)[0] == 200)
        assert mona.submit().ok
        here.workspace.wait_until(lambda: all(person.inbox for person in here.champions))
        assert life.terminate() == 0
        if disk.is_mounted:
            with disk.full():
                cannot = here.launch(http=False, PORT=str(port))
                assert cannot.wait() == 1
            assert "is not full" in cannot.text
            assert "Traceback" not in cannot.text
        here.start(http=False)
        assert reports_in(here) == 1
    assert [len(person.inbox) for person in here.champions] == [1, 1, 1]
    assert "the database could not be written to: OperationalError" in life.text
    assert WORDS not in life.text


def test_the_operator_sends_again_what_gave_up_while_gpbot_runs_on_the_same_file(here: Town) -> None:
    life = here.start(http=True)
    mona, ben = here.members[0], here.champions[1]
    here.workspace.faults.add(
        method="chat.postMessage", error="user_disabled", where=lambda args: args["channel"] == ben.id
    )
    fill_in(here, mona)
    assert mona.submit().ok
    here.workspace.wait_until(lambda: _number(here, GAVE_UP))
    listed = run_command(here.settings(http=True), here.folder, "jobs")
    assert listed.returncode == 0
    assert "user_disabled" in listed.stdout
    job = str(_number(here, "SELECT id FROM job WHERE state = 'dead'"))
    again = run_command(here.settings(http=True), here.folder, "jobs", "--retry", job)
    assert (again.returncode, again.stdout) == (0, f"Job {job} will be sent again.\n")
    here.workspace.wait_until(lambda: ben.inbox)
    here.workspace.wait_until(lambda: not _number(here, GAVE_UP))
    wrong = run_command(here.settings(http=True), here.folder, "jobs", "--retry", job)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr == f"No job with the id {job} gave up.\n"
    assert life.terminate() == 0
    assert len(ben.inbox) == 1
    for said in (life.text, listed.stdout, listed.stderr):
        assert WORDS not in said
        assert ben.id not in said


@BOTH_WAYS
def test_a_submission_in_hand_when_it_is_told_to_stop_is_saved_and_answered(
    here: Town,
    http_mode: bool,  # noqa: FBT001  (a parameter)
) -> None:
    life = here.start(http=http_mode)
    mona = here.members[0]
    fill_in(here, mona)
    with ThreadPoolExecutor(1) as pool:
        with closing(sqlite3.connect(here.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # everybody who wants to save now has to wait
            on_its_way: list[object] = []
            here.workspace.faults.deliveries(where=noting(on_its_way))
            answer = pool.submit(mona.submit)
            here.workspace.wait_until(lambda: on_its_way)
            time.sleep(0.3)
            ended = threading.Thread(target=life.terminate)
            ended.start()
            here.workspace.wait_until(lambda: "gpbot is stopping" in life.text)
            other.execute("ROLLBACK")
        assert answer.result(HANGING) == Answer(ok=True, text="")
        ended.join(HANGING)
        assert not ended.is_alive()
    assert life.terminate() == 0
    assert mona.modal is not None
    assert WORDS in mona.modal.text
    assert reports_in(here) == 1


def test_a_message_on_its_way_when_it_is_told_to_stop_is_written_down_as_sent(here: Town) -> None:
    life = here.start(http=True)
    arrived = send_with_slack_taking(1.0, here)
    assert life.terminate() == 0
    everyone = [*here.champions, *here.members]
    here.workspace.wait_until(lambda: sum(len(person.inbox) for person in everyone) == len(arrived))
    assert under_way(here) == 0


def test_a_slack_that_does_not_answer_cannot_keep_it_from_ending(here: Town) -> None:
    life = here.start(http=True)
    arrived = send_with_slack_taking(2 * HANGING, here)
    assert life.terminate() == 0
    assert reports_in(here) == 1
    assert under_way(here) == len(arrived)  # enqueued, and looked for at the next start


def test_told_to_stop_with_nothing_in_hand_it_ends_well(here: Town) -> None:
    life = here.start(http=False)
    assert life.terminate() == 0
    assert "gpbot is stopping" in life.text
    assert here.workspace.connected == 0
    assert "ERROR" not in life.text
    assert "WARNING" not in life.text
    here.workspace.check()


BEGINNING_TO_WAIT = """
import signal
import gpbot.serve
def run(settings, stopping, clock):
    with stopping._cond:  # as `wait` does first
        signal.raise_signal(signal.SIGTERM)
    stopping.wait()
gpbot.serve.run = run
raise SystemExit(gpbot.serve.main())
"""


def test_told_to_stop_just_when_it_begins_to_wait_for_that_it_ends_too(here: Town) -> None:
    life = Process(here.settings(http=True) | {"PYTHONPATH": str(ROOT)}, here.folder, ("-c", BEGINNING_TO_WAIT))
    assert life.wait() == 0


FAILING = """
import logging, threading
from gpbot.serve import set_up_logging
set_up_logging("DEBUG")
try:
    int("He hit me")
except ValueError as error:
    logging.getLogger("any.library").exception("it went wrong: %s", error)
thread = threading.Thread(target=int, args=["He hit me"])
thread.start()
thread.join()
"""


def test_whatever_logs_an_error_or_ends_with_one_shows_its_type_and_place_alone(tmp_path: Path) -> None:
    life = Process({"PYTHONPATH": str(ROOT)}, tmp_path, ("-c", FAILING))
    assert life.wait() == 0
    assert life.text.count("ValueError at ") == 2
    assert "He hit me" not in life.text
    assert "Traceback" not in life.text


def send(here: Town, who: Person) -> None:
    """Somebody who reads that it could not be saved, because the disk was too slow, presses again."""
    here.workspace.wait_until(lambda: who.submit().ok)


def fill_in(here: Town, who: Person) -> None:
    """Up to the review."""
    assert who.command("/report").ok
    here.workspace.wait_until(lambda: who.modal)
    who.fill("What happened", WORDS)
    send(here, who)
    assert who.modal is not None
    assert who.modal.raw["callback_id"] == ids.REVIEW
    who.fill(LABEL, [NONE_OF_THEM])


def send_with_slack_taking(seconds: float, here: Town) -> list[object]:
    """File a report, and wait until a message about it is with Slack; what has arrived there, growing."""
    mona = here.members[0]
    here.workspace.wait_until(lambda: here.triage.pins)  # the Desk is no message about it
    fill_in(here, mona)
    arrived: list[object] = []
    here.workspace.faults.add(method="chat.postMessage", delay=seconds, where=noting(arrived), times=None)
    send(here, mona)
    here.workspace.wait_until(lambda: arrived)
    return arrived


def noting(seen: list[object]) -> Callable[[object], bool]:
    """For a fault's `where`: it fits whatever comes by, and remembers it."""

    def note(what: object) -> bool:
        seen.append(what)
        return True

    return note


def health(port: int | None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port or 0, timeout=HANGING)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def reports_in(here: Town) -> int:
    return _number(here, "SELECT count(*) FROM report")


def under_way(here: Town) -> int:
    return _number(here, "SELECT count(*) FROM job WHERE state = 'ready' AND token IS NOT NULL")


def _number(here: Town, query: str) -> int:
    with closing(sqlite3.connect(f"file:{here.database}?mode=ro", uri=True)) as looking:
        return int(looking.execute(query).fetchone()[0])
