"""What holds for all of gpbot's code, its tables and its logs, whichever workflow it belongs to."""

import ast
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from benchmarks.servers import environment
from gpbot.clock import SystemClock
from gpbot.db import Database
from gpbot.schema import upgrade
from gpbot.serve import set_up_logging
from gpbot.tables import REVISION, metadata
from tests.databases import ON_SQLITE, another_program, raw_files
from tests.running import ROOT
from tests.stage import Stage, stage

GPBOT = sorted((ROOT / "gpbot").rglob("*.py"))
EVERYTHING = [
    ROOT / "app.py",
    *GPBOT,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "migrations").rglob("*.py")),
]
PEOPLE_S_TABLES = {"person", "role", "declared_conflict"}
LIBRARIES = ("slack_bolt", "slack_sdk", "gpbot:")  # Bolt calls some of its loggers after the app's name


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The last name of whatever each call calls."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(attr=name) | ast.Name(id=name):
                    yield name, node


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_code_commits_by_hand() -> None:
    assert not [name_of(path) for path in GPBOT for name, _ in calls(path) if name == "commit"]


def test_every_engine_hides_its_parameters(tmp_path: Path) -> None:
    engines = [call for path in GPBOT for name, call in calls(path) if name == "create_engine"]
    assert engines
    for call in engines:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        assert given.get("hide_parameters") == "True"
    database = Database(f"sqlite:///{tmp_path / 'one.sqlite3'}", clock=SystemClock())
    with database.begin() as session:
        session.execute(text("CREATE TABLE one (it TEXT UNIQUE)"))
    twice = text("INSERT INTO one VALUES (:it), (:it)")
    with database.engine.connect() as connection, pytest.raises(IntegrityError) as refused:
        connection.execute(twice, {"it": "canary"})
    database.close()
    assert "canary" not in str(refused.value)


def test_no_fakes_by_mocking_and_nothing_left_to_do() -> None:
    left = ["TO" + "DO", "FIX" + "ME", "Not" + "ImplementedError", "X" + "XX"]
    for path in EVERYTHING:
        tree = ast.parse(path.read_text())
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not [each for each in imported if "mock" in each], name_of(path)
        assert not [word for word in left if word in path.read_text()], name_of(path)


def test_the_library_prints_nothing() -> None:
    assert not [name_of(path) for path in GPBOT for name, call in calls(path) if name == "print" and _is_bare(call)]


def _is_bare(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name)


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    for path in [ROOT / "app.py", *GPBOT, ROOT / "migrations" / "env.py"]:
        source = path.read_text()
        if source.strip():
            first = (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]
            assert first.endswith((".", ":", "…", "`")), name_of(path)
            assert ". " not in first, name_of(path)


def test_the_map_in_the_readme_names_every_folder() -> None:
    readme = (ROOT / "README.md").read_text()
    folders = [path for path in (ROOT / "gpbot").iterdir() if path.is_dir() and list(path.glob("*.py"))]
    assert folders
    assert not [name_of(path) for path in folders if f"`{name_of(path)}/`" not in readme]


# The database.


@pytest.fixture
def migrated_here(database_url: str) -> Iterator[Database]:
    database = Database(database_url, clock=SystemClock())
    yield database
    database.close()


def test_the_migrations_make_exactly_what_the_models_say(migrated_here: Database) -> None:
    with migrated_here.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_revision_that_the_code_needs_is_the_newest_and_only_head(migrated_here: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]
    with migrated_here.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [REVISION]


def test_upgrading_again_changes_nothing(migrated_here: Database) -> None:
    def tables() -> str:
        found = MetaData()
        found.reflect(migrated_here.engine)
        return "\n".join(
            f"{CreateTable(table)} {[str(CreateIndex(index)) for index in sorted(table.indexes, key=str)]}"
            for table in found.sorted_tables
        )

    before = tables()
    upgrade(migrated_here)
    assert tables() == before


@ON_SQLITE
def test_sqlite_is_set_to_keep_what_it_says_it_saved_and_to_overwrite_what_it_deletes(migrated_here: Database) -> None:
    with migrated_here.read() as session:
        found = [session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        found += [session.execute(text(f"PRAGMA {name}")).scalar() for name in ("secure_delete", "foreign_keys")]
    assert found == ["wal", 2, 1, 1]


@ON_SQLITE
def test_nobody_but_its_owner_may_read_the_database_file(community: Stage) -> None:
    path = community.bot.records.database.sqlite_path
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0


# What is loaded.

SERVE_AND_TELL = """
import os, sys
from gpbot import serve
from gpbot.bootstrap import open_records
from gpbot.settings import load_settings
open_records(load_settings(os.environ)).database.close()
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_serving_loads_nothing_that_only_commands_and_migrations_need(database_url: str) -> None:
    told = subprocess.run(  # noqa: S603  (our own words)
        [sys.executable, "-c", SERVE_AND_TELL],
        cwd=ROOT,
        env=environment("http://127.0.0.1:9/api/", database_url),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(told.stdout.split())
    assert {"gpbot", "slack_bolt", "flask", "waitress"} <= loaded
    assert not loaded & {"aiohttp", "alembic", "rich", "typer"}


# After a story.


def a_story(c: Stage) -> None:
    """Everybody's part in a report: filed, opened, claimed, discussed, someone added, someone keeping out, closed."""
    c.report(c.mona, "He followed me home. Chloe knows.", about=[c.tom], keep_out=[c.chloe])
    c.look_away(c.mona)
    c.open_stub(c.ben)
    c.press(c.ben, "Claim")
    c.press(c.ben, "Write to the reporter")
    c.ben.submit()
    c.settle()
    c.press(c.ben, "People")
    c.press(c.ben, "Add people")
    c.ben.fill("Who was harmed", [c.nadia])
    c.ben.submit()
    c.settle()
    c.mona.open_home()
    c.ben.open_home()
    c.mona.say("hello")
    c.settle()


def test_no_slack_id_of_anyone_linked_to_a_report_stands_in_clear_outside_people_s_tables(community: Stage) -> None:
    a_story(community)
    with another_program(community.settings.database_url) as file:
        names = inspect(file).get_table_names()
        held = {name: str(file.execute(text(f'SELECT * FROM "{name}"')).all()) for name in names}  # noqa: S608  (our own)
    assert community.ben.id in held["person"]  # the scanner finds what is there
    ids = [person.id for person in community.people.values()]
    for name in set(held) - PEOPLE_S_TABLES:
        assert not [each for each in ids if each in held[name]], name


def test_the_raw_files_know_members_from_the_member_list_alone_and_none_by_name(community: Stage) -> None:
    bystander = community.add_person("Olga Bystander")
    members = (community.mona, community.tom, community.nadia)
    surname = token_hex(8)  # what other tests wrote stands in the server's log too
    for person in members:
        community.workspace.rename(person, real_name=f"{person.user.real_name} {surname}")
    community.settle()
    a_story(community)
    url = community.settings.database_url
    raw = b"".join(raw_files(url).values())
    assert community.ben.user.real_name.encode() in raw
    assert surname.encode() not in raw
    assert b"followed me home" not in raw
    with another_program(url) as other:
        # What is left when the member list is taken out knows nobody by id either.
        clear = ["UPDATE person SET slack_id = 'gone ' || id"]
        if url.startswith("sqlite"):
            clear = ["PRAGMA secure_delete = ON", *clear, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
        else:
            clear += ["VACUUM FULL person"]
        for statement in clear:
            other.exec_driver_sql(statement)
    rest = b"".join(raw_files(url, without_log=True).values())
    assert b"gone 1" in rest
    for person in (*members, bystander):
        assert person.id.encode() not in rest, person


def test_bolt_and_slack_sdk_log_no_payload_whatever_the_log_level_says(
    tmp_path: Path, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    set_up_logging("DEBUG")
    with caplog.at_level(logging.DEBUG), stage(tmp_path, database_url=database_url) as c:
        c.workspace.faults.add(method="chat.postMessage", error="internal_error")
        c.workspace.faults.add(method="views.open", error="invalid_arguments")
        c.mona.command("/report", "canary of the command")
        c.mona.say("canary of the message")  # the answer to it meets the first fault
        c.later(minutes=1)
        a_story(c)
    low = [
        record for record in caplog.records if record.name.startswith(LIBRARIES) and record.levelno < logging.WARNING
    ]
    assert [(record.name, record.getMessage()) for record in low] == []
    assert "canary" not in caplog.text
    assert "followed me home" not in caplog.text
    ids = [person.id for person in c.people.values()]
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp"))
    assert not [each for each in ids if each in ours]
