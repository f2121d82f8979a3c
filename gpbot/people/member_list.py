"""Reading Slack's member list, a page at a time, at each start and once a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox import Outbox
from gpbot.outbox.types import Job, Receipt
from gpbot.people import store
from gpbot.people.listeners import profile_of
from gpbot.people.workflow import People

JOB_KIND = "members"
AGAIN_AFTER = timedelta(days=1)

ReadPage = Callable[[str], tuple[Sequence[Mapping[str, Any]], str]]


class MemberListReader:
    """Each page is a job of its own, so that a list of any length is read through restarts and rate limits."""

    def __init__(
        self, database: Database, outbox: Outbox, people: People, read_page: ReadPage, *, team_id: str
    ) -> None:
        """`read_page(cursor)` gives Slack's user objects and the next cursor ("" at the end). Raises SendingEnded."""
        self._database = database
        self._outbox = outbox
        self._people = people
        self._read_page = read_page
        self._team_id = team_id

    def begin(self) -> None:
        """Owe the list from its first page on."""
        with self._database.begin() as session:
            self._owe(session, str(uuid4()), "", 0)

    def prepare(self, payload: dict[str, Any]) -> None:
        users, cursor = self._read_page(bytes.fromhex(str(payload["cursor"])[1:]).decode())
        profiles = [profile_of(user, self._team_id) for user in users]
        run, page = str(payload["run"]), int(payload["page"])
        with self._database.begin() as session:
            first_time = store.list_complete_at(session) is None
            self._people.take_page(session, profiles, first_time=first_time)
            if cursor:
                self._owe(session, run, cursor, page + 1)
                return
            now = self._database.clock.now()
            store.note_list_complete(session, now)
            # Keyed by the day: however often gpbot starts, it goes on from there once.
            tomorrow = (now + AGAIN_AFTER).date().isoformat()
            self._owe(session, tomorrow, "", 0, after=AGAIN_AFTER)

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        """Nothing is sent."""

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:  # noqa: ARG002  (a handler's)
        """Not for good: tomorrow it is tried again."""
        now = self._database.clock.now()
        self._owe(session, (now + AGAIN_AFTER).date().isoformat(), "", 0, after=AGAIN_AFTER)

    def _owe(self, session: Session, run: str, cursor: str, page: int, *, after: timedelta | None = None) -> None:
        job = Job(
            kind=JOB_KIND,
            key=f"members:{run}:{page}",
            # Slack's cursors are its own business: in hexadecimal they are surely no words. "x" where it is empty.
            payload={"run": run, "page": page, "cursor": f"x{cursor.encode().hex()}"},
            lane="members",
            run_at=self._database.clock.now() + after if after else None,
        )
        self._outbox.owe(session, job)
