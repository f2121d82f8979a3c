"""Reading one of Slack's lists, a page at a time, at each start and once a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox.outbox import Outbox
from gpbot.outbox.types import Job, Receipt

AGAIN_AFTER = timedelta(days=1)

Item = Mapping[str, Any]
ReadPage = Callable[[str], tuple[Sequence[Item], str]]
TakePage = Callable[[Session, Sequence[Item]], None]
Complete = Callable[[Session, datetime], None]


class ListReader:
    """Each page is a job of its own, so that a list of any length is read through restarts and rate limits."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        *,
        kind: str,
        read_page: ReadPage,
        take: TakePage,
        complete: Complete,
    ) -> None:
        """`kind` is that of its jobs. `read_page(cursor)` gives Slack's objects and the next cursor ("" at the end).

        It raises SendingEnded. `take(session, page)` keeps a page; `complete(session, began)` is told, in the last
        page's transaction, that all of the list was read, and when that reading began.
        """
        self._database = database
        self._outbox = outbox
        self._kind = kind
        self._read_page = read_page
        self._take = take
        self._complete = complete

    def begin(self) -> None:
        """Owe the list from its first page on."""
        with self._database.begin() as session:
            self._owe(session, str(uuid4()), "", 0, self._database.clock.now())

    def prepare(self, payload: dict[str, Any]) -> None:
        items, cursor = self._read_page(bytes.fromhex(str(payload["cursor"])[1:]).decode())
        run, page = str(payload["run"]), int(payload["page"])
        with self._database.begin() as session:
            now = self._database.clock.now()
            # Jobs of the release before do not say: theirs began, at the latest, now.
            began = datetime.fromtimestamp(int(payload["began"]), UTC) if payload.get("began") else now
            self._take(session, items)
            if cursor:
                self._owe(session, run, cursor, page + 1, began)
                return
            self._complete(session, began)
            self._owe_tomorrow(session)

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        """Nothing is sent."""

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:  # noqa: ARG002  (a handler's)
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
        job = Job(
            kind=self._kind,
            key=f"{self._kind}:{run}:{page}",
            # Slack's cursors are its own business: in hexadecimal they are surely no words. "x" where it is empty.
            payload={
                "run": run,
                "page": page,
                "cursor": f"x{cursor.encode().hex()}",
                "began": int(began.timestamp()) if began else 0,  # 0: with its first page
            },
            lane=self._kind,
            run_at=run_at,
        )
        self._outbox.owe(session, job)
