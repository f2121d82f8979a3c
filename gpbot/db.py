"""The database: one transaction for each use case, one writer at a time, aware UTC everywhere."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, Table, create_engine, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from gpbot.clock import AgreedClock, Clock, SystemClock
from gpbot.turns import Turns

log = logging.getLogger(__name__)
T = TypeVar("T")

# Everything waited for between a click and its ack, together, stays under Slack's three seconds: most of it for the
# other writers of this process, who take turns, the rest for other processes.
WAIT_SECONDS = 2.0
OF_IT_FOR_OTHERS = 0.3
BACKGROUND_WAIT_SECONDS = 60.0  # nobody waits for it
# PostgreSQL ends what goes on for longer, so that a process that hangs or is cut off keeps nobody from writing.
HANGS_AFTER_SECONDS = 10
_WRITERS = 0x6770626F74  # the advisory lock of the one writer: "gpbot"
_SEEN = "seen"
_GONE = "its file was moved, deleted or replaced"
ROOM = 16 * 1024 * 1024  # bytes; with less on the disk, somebody has to make room before people are turned away


class CannotSave(Exception):
    """Nothing was saved: the database could not be written to, or, where it says so, for another reason."""

    of_database = True


class Busy(CannotSave):
    """Not in time."""


class FileGone(CannotSave):
    """The SQLite file was moved, deleted or replaced: what is written now would be in no file anybody finds."""


class AnotherProcess(Exception):
    """Another gpbot already runs on this SQLite file."""


class BadDatabaseUrl(ValueError):
    """DATABASE_URL names no database gpbot can use; `words` say why."""

    def __init__(self, words: str = "DATABASE_URL names no database that gpbot can use.") -> None:
        super().__init__(words)
        self.words = words


class Utc(TypeDecorator[datetime]):
    """Aware UTC in and out; SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# See docs/decisions/0011-nothing-of-people-in-logs.md
class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False):
    """Every table. No repr: the dataclass one would print what people wrote into logs."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc}  # noqa: RUF012  (SQLAlchemy's own declaration)


# See docs/decisions/0009-fast-path.md
def table_of(model: type[Base]) -> Table:
    """For statements built once: on the table itself they cost a third of what they cost through the class."""
    return Base.metadata.tables[model.__tablename__]


def before_commit(session: Session, work: Callable[[], None], *, last: bool = False) -> None:
    """Run `work` at the end of this transaction, after everything else in it; with `last`, after other such work."""
    session.info.setdefault("last_of_all" if last else "before_commit", []).append(work)


def after_commit(session: Session, work: Callable[[], None]) -> None:
    """Run `work` once this transaction is on disk; never if it rolls back."""
    session.info.setdefault("after_commit", []).append(work)


def once(session: Session, what: Hashable, look: Callable[[], T]) -> T:
    """What `look` finds; of a session that sees one moment only, it is asked once."""
    seen: dict[Hashable, T] = session.info.get(_SEEN, {})
    if what not in seen:
        seen[what] = look()
    return seen[what]


def insert_into(session: Session) -> Any:
    """`insert` of the database at hand, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


class Database:
    """`begin()` for a use case that writes, `read()` for one that only looks."""

    def __init__(self, url: str, *, clock: Clock, wait: float = WAIT_SECONDS) -> None:
        """Raises BadDatabaseUrl."""
        try:
            parsed = make_url(url)
            if parsed.drivername in {"postgresql", "postgres"}:
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            its_own = _for_sqlite(wait) if self.is_sqlite else _for_postgresql(wait)
            self.engine: Engine = create_engine(parsed, hide_parameters=True, **its_own)
        except ImportError as missing:
            if parsed.get_backend_name() != "postgresql":
                raise BadDatabaseUrl from None
            raise BadDatabaseUrl(
                f"DATABASE_URL needs a driver that is not installed here ({missing.name}). For PostgreSQL: "
                'python -m pip install "psycopg[binary]>=3.2,<4"'
            ) from None
        except (ArgumentError, NoSuchModuleError, ValueError):
            raise BadDatabaseUrl from None
        self.agreed = clock if isinstance(clock, AgreedClock) else AgreedClock(clock)
        self.clock: Clock = self.agreed if isinstance(clock, SystemClock) else clock
        self._tells_the_time = not self.is_sqlite and self.agreed.is_of_this_machine
        if not self.is_sqlite:
            _prepare_postgresql(self.engine, wait)
        if self._tells_the_time:
            _agree_when_connected(self.engine, self.agreed)
        self._wait = wait
        self._writers = Turns()
        self._here = threading.local()
        self._lock_file: IO[str] | None = None
        self._failed: str | None = None  # the kind of error writing last ended with, until it is known to work again
        self._file = _SqliteFile(self.sqlite_path) if self.sqlite_path else None
        if self.is_sqlite:
            _prepare_sqlite(self.engine, self._file)
        self.carried: dict[str, Any] = {}  # what every session has with it, in its `info`
        self._reads = sessionmaker(self.engine, expire_on_commit=False, info=self.carried)
        writing = self.engine.execution_options(gpbot_writes=True)
        self._writes = sessionmaker(writing, expire_on_commit=False, info=self.carried)
        in_its_turn = writing.execution_options(gpbot_waits=True)
        self._writes_in_its_turn = sessionmaker(in_its_turn, expire_on_commit=False, info=self.carried)

    @property
    def sqlite_path(self) -> Path | None:
        name = self.engine.url.database
        if not self.is_sqlite or not name or name == ":memory:" or name.startswith("file:"):
            return None
        return Path(name)

    @property
    def where(self) -> str:
        """Its full path, or its address without what is secret."""
        if path := self.sqlite_path:
            return str(path.resolve())
        return self.engine.url.set(query={}).render_as_string(hide_password=True)

    # See docs/decisions/0003-one-transaction.md
    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any error. Raises CannotSave. Not re-entrant.

        Nobody else writes meanwhile, in any process: what was read in it stays true until its end.
        """
        try:
            has_time = getattr(self._here, "has_time", False)
            with self._one_writer(), (self._writes_in_its_turn if has_time else self._writes)() as session:
                with session.begin():
                    yield session
                    session.flush()
                    for work in (*session.info.pop("before_commit", ()), *session.info.pop("last_of_all", ())):
                        work()
                    if self._file is not None:
                        self._file.check()
                owed = session.info.pop("after_commit", ())
        except IntegrityError:
            raise
        except (CannotSave, DBAPIError, PoolTimeout) as error:
            if getattr(error, "of_database", True):
                self._note_failure(type(error).__name__)
            raise
        for work in owed:
            work()

    @property
    def trouble(self) -> str | None:
        """Why what people send cannot be saved just now, or soon, as far as is known; never text of an error."""
        of_file = self._file.trouble if self._file else None
        if self._failed is None or of_file == _GONE:
            return of_file
        return f"cannot be written to ({self._failed})"

    @property
    def has_failed(self) -> bool:
        """Whether writing failed, and nobody has said since that it works again."""
        return self._failed is not None

    def works_again(self) -> None:
        """To be called after a commit that wrote something."""
        if self._failed is not None:
            self._failed = None
            log.warning("the database can be written to again")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One moment, however much is read and whatever others write meanwhile; in `one_moment`, that one."""
        around: Session | None = getattr(self._here, "session", None)
        if around is not None:
            yield around
            return
        with self._reads(info={_SEEN: {}}) as session:
            yield session

    # See docs/decisions/0019-home-by-turns.md
    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Whatever this thread reads within it is read of one moment; what it writes within it, it does not see."""
        before = getattr(self._here, "session", None)
        with self.read() as session:
            self._here.session = session
            try:
                yield
            finally:
                self._here.session = before

    @contextmanager
    def without_hurry(self) -> Iterator[None]:
        """This thread waits for other processes as long as it takes: no click waits for an answer."""
        before, self._here.has_time = getattr(self._here, "has_time", False), True
        try:
            yield
        finally:
            self._here.has_time = before

    def write_in_background(self) -> None:
        """From now on this thread writes only while nobody waits for an answer, or when it has waited long enough."""
        self._here.in_background = True

    def now(self, session: Session) -> datetime:
        """The time leases go by: on PostgreSQL its own, so that a skewed clock cannot break them."""
        if not self._tells_the_time:
            return self.clock.now()
        return self.agreed.agree(session.execute(select(func.clock_timestamp(type_=Utc()))).scalar_one())

    def claim_for_this_process(self) -> None:
        """Hold this SQLite file until the process ends (PostgreSQL needs none). Raises AnotherProcess."""
        path = self.sqlite_path
        if path is None:
            return
        lock_file = path.with_name(path.name + ".lock").open("w")
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock_file.close()
            raise AnotherProcess from None
        self._lock_file = lock_file

    def close(self) -> None:
        self.engine.dispose()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    def _note_failure(self, kind: str) -> None:
        if self._failed != kind:
            log.error("the database could not be written to: %s", kind)
        self._failed = kind

    # See docs/decisions/0005-sqlite-first.md
    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        # Waiting here instead of in SQLite's busy loop: handlers' p99 was 14 ms instead of 82 to 434.
        # On PostgreSQL it keeps a process's threads from taking a connection each to wait with.
        in_background = getattr(self._here, "in_background", False)
        wait = max(self._wait, BACKGROUND_WAIT_SECONDS) if in_background else self._wait * (1 - OF_IT_FOR_OTHERS)
        if not self._writers.acquire(wait=wait, in_background=in_background):
            raise Busy
        try:
            yield
        finally:
            self._writers.release()


# See docs/decisions/0006-file-still-there.md
class _SqliteFile:
    """An open connection goes on writing, without an error, to a file that has no name any more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: tuple[int, int] | None = None  # device and inode
        self._has_wal = False  # not on every network disk

    def note_opened(self, *, has_wal: bool) -> None:
        self._has_wal = has_wal
        if self._opened is None:
            self._opened = self._found()

    def check(self) -> None:
        """Raises FileGone."""
        if self._opened is None:
            return
        try:
            is_the_same = self._opened == self._found()
            if self._has_wal:
                self._path.with_name(self._path.name + "-wal").stat()
        except OSError:
            raise FileGone from None
        if not is_the_same:
            raise FileGone

    @property
    def trouble(self) -> str | None:
        try:
            self.check()
            disk = os.statvfs(self._path)
        except (FileGone, OSError):
            return _GONE
        if disk.f_flag & os.ST_RDONLY:
            return "its disk is read-only"
        return "its disk is almost full" if disk.f_bavail * disk.f_frsize < ROOM else None

    def _found(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino


def _for_sqlite(wait: float) -> dict[str, Any]:
    return {"pool_timeout": wait, "connect_args": {"timeout": wait * OF_IT_FOR_OTHERS}}


def _for_postgresql(wait: float) -> dict[str, Any]:
    return {
        # Asked before it is used: after a restart of the server nobody's click fails because of what was left open.
        "pool_pre_ping": True,
        "max_overflow": -1,  # threads are few, and none waits for another's connection
        "connect_args": {"connect_timeout": 2, "tcp_user_timeout": int(wait * 1000)},
    }


def _prepare_postgresql(engine: Engine, wait: float) -> None:
    settings = {
        "timezone": "'UTC'",
        "synchronous_commit": "on",  # what was acknowledged is on disk, whatever the server is set to
        # For transactions that only read; one that writes says so at its beginning.
        "default_transaction_isolation": "'repeatable read'",
        "default_transaction_read_only": "on",
        "lock_timeout": int(wait * OF_IT_FOR_OTHERS * 1000),
        "statement_timeout": HANGS_AFTER_SECONDS * 1000,
        "idle_in_transaction_session_timeout": HANGS_AFTER_SECONDS * 1000,
    }

    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # Not as options of the connection: a pooler in front of the server refuses those at the door.
        raw: Any = connection
        raw.autocommit = True
        raw.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()))
        raw.autocommit = False

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("gpbot_writes", False):
            return
        first = ["SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE"]
        if options.get("gpbot_patient", False):
            limits = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
            first += [f"SET LOCAL {name} = 0" for name in limits]
        turn = [f"SELECT pg_advisory_xact_lock({_WRITERS})"]
        if options.get("gpbot_waits", False):  # for its turn alone: once it has that, it may hang no longer than others
            of_waiting = ("lock_timeout", "statement_timeout")
            first += [f"SET LOCAL {name} = 0" for name in of_waiting]
            turn += [f"SET LOCAL {name} = {settings[name]}" for name in of_waiting]
        connection.exec_driver_sql("; ".join([*first, *turn]))


def _agree_when_connected(engine: Engine, clock: AgreedClock) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        raw: Any = connection
        clock.agree(raw.execute("SELECT clock_timestamp()").fetchone()[0])
        raw.rollback()


def _prepare_sqlite(engine: Engine, file: _SqliteFile | None) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        raw: Any = connection
        raw.isolation_level = None  # transactions begin where we say, not where the driver guesses
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        has_wal = cursor.fetchall() == [("wal",)]
        for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        if file is not None:
            file.note_opened(has_wal=has_wal)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("gpbot_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
