"""Reading one of Slack's lists, a page at a time, at each start and once a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox.outbox import Outbox
from gpbot.outbox.typed import TypedJob
from gpbot.outbox.types import Receipt

AGAIN_AFTER = timedelta(days=1)

Item = Mapping[str, Any]
ReadPage = Callable[[str], tuple[Sequence[Item], str]]
TakePage = Callable[[Session, Sequence[Item]], None]
Complete = Callable[[Session, datetime], None]


class ListPage(TypedJob):
    """Each list has its own kind, which is its lane too."""

    run: str
    page: int
    cursor: str
    began: int = 0  # when its first page was read; 0: this is the first

    def key(self) -> str:
        return self.key_for(f"{self.run}:{self.page}")

    def lane(self) -> str:
        return self.KIND


class ListReader:
    """Each page is a job of its own, so that a list of any length is read through restarts and rate limits."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        *,
        pages: type[ListPage],
        read_page: ReadPage,
        take: TakePage,
        complete: Complete,
    ) -> None:
        """`pages`: its jobs. `read_page(cursor)` gives Slack's objects and the next cursor ("" at the end).

        It raises SendingEnded. `take(session, page)` keeps a page; `complete(session, began)` is told, in the last
        page's transaction, that all of the list was read, and when that reading began.
        """
        self._database = database
        self._outbox = outbox
        self._pages = pages
        self._read_page = read_page
        self._take = take
        self._complete = complete

    def begin(self) -> None:
        """Enqueue the list from its first page on."""
        with self._database.begin() as session:
            self._owe(session, str(uuid4()), "", 0, self._database.clock.now())

    def prepare(self, job: ListPage) -> None:
        items, cursor = self._read_page(bytes.fromhex(job.cursor[1:]).decode())
        with self._database.begin() as session:
            now = self._database.clock.now()
            # Jobs of the release before do not say: theirs began, at the latest, now.
            began = datetime.fromtimestamp(job.began, UTC) if job.began else now
            self._take(session, items)
            if cursor:
                self._owe(session, job.run, cursor, job.page + 1, began)
                return
            self._complete(session, began)
            self._owe_tomorrow(session)

    def record(self, session: Session, job: ListPage, receipt: Receipt) -> None:
        """Nothing is sent."""

    def gave_up(self, session: Session, job: ListPage, code: str) -> None:  # noqa: ARG002  (a handler's)
        """Not for good: tomorrow it is tried again."""
        self._owe_tomorrow(session)

    def _owe_tomorrow(self, session: Session) -> None:
        # Keyed by the day: however often gpbot starts, it goes on from there once.
        tomorrow = self._database.clock.now() + AGAIN_AFTER
        self._owe(session, tomorrow.date().isoformat(), "", 0, None, run_at=tomorrow)

    def _owe(
        self,
        session: Session,
        run: str,
        cursor: str,
        page: int,
        began: datetime | None,
        *,
        run_at: datetime | None = None,
    ) -> None:
        job = self._pages(
            run=run,
            page=page,
            # Slack's cursors are its own business: in hexadecimal they are surely no words. "x" where it is empty.
            cursor=f"x{cursor.encode().hex()}",
            began=int(began.timestamp()) if began else 0,
        )
        self._outbox.enqueue(session, job, run_at=run_at)
