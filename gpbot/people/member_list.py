"""Keeping Slack's member list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox import Outbox
from gpbot.outbox.listing import ListPage, ListReader, ReadPage
from gpbot.people import members, store
from gpbot.people.listeners import profile_of
from gpbot.people.workflow import People


class MembersPage(ListPage, kind="members"):
    pass


class MemberList(ListReader):
    """Reads everybody's account."""


def member_list(database: Database, outbox: Outbox, people: People, read_page: ReadPage, *, team_id: str) -> MemberList:
    """`read_page(cursor)` gives Slack's user objects and the next cursor ("" at the end). Raises SendingEnded."""

    def take(session: Session, users: Sequence[Mapping[str, Any]]) -> None:
        first_time = members.list_complete_at(session) is None
        people.take_page(session, [profile_of(user, team_id) for user in users], first_time=first_time)

    def complete(session: Session, _began: datetime) -> None:
        store.note_list_complete(session, database.clock.now())

    return MemberList(database, outbox, pages=MembersPage, read_page=read_page, take=take, complete=complete)
