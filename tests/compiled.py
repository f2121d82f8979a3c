"""Statements are compiled once in a process, not again for each test's database."""

from typing import Any, ClassVar

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class _Shared:
    """Dialects of one kind count as one, so that an engine finds what another compiled. Nothing else is shared."""

    compiled: ClassVar[dict[Any, Any]]

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=cls.compiled)


class SharedSqlite(_Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True  # SQLAlchemy wants to hear it from each dialect itself
    compiled: ClassVar[dict[Any, Any]] = {}


class SharedPostgresql(_Shared, PGDialect_psycopg):
    supports_statement_cache = True
    compiled: ClassVar[dict[Any, Any]] = {}


def compile_once() -> None:
    """Of every engine that is created from now on in this process."""
    registry.register("sqlite", __name__, SharedSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, SharedPostgresql.__name__)
