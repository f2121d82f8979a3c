"""What is told of changes, and what waits for a channel that is not as it has to be."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox.types import Edit, Handler, HeldBack, Outgoing, Post, Receipt, Withdraw
from gpbot.people import store as people
from gpbot.places.owed import Task
from gpbot.places.types import Trouble, mended, words
from gpbot.places.workflow import KEPT, Places
from gpbot.slack.blocks import section


class PlacesMessages:
    """The handler of every job about what the settings name."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        if Task(payload["task"]) is Task.LOOK:
            if self._places.look_at_next():
                self._places.owe_the_next()
            return None
        trouble = None if payload["trouble"] == "none" else Trouble(payload["trouble"])
        with self._database.read() as session:
            member = people.member(session, int(payload["person"]))
            named = self._places.still_so(session, str(payload["setting"]), str(payload["about"]), trouble)
        if member is None or named is None or not self._places.is_to_know(member.slack_id):
            return None
        said = words(named, trouble) if trouble else mended(named)
        return Post(to=member.slack_id, text=said, blocks=[section(said)])

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        """Nothing follows from it."""

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:  # noqa: ARG002  (a handler's)
        """App Home says it all the same."""
        if Task(payload["task"]) is Task.LOOK:
            self._places.owe_tomorrow(session)


class Waiting:
    """A handler whose posts to a channel wait while that channel is not as it has to be; nothing else of it does."""

    def __init__(
        self, handler: Handler, places: Places, *, held: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        """`held(payload)` is told each time that a job waits; safe to repeat."""
        self._handler = handler
        self._places = places
        self._held = held

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        outgoing = self._handler.prepare(payload)
        match outgoing:
            case Post(to=channel_id) | Edit(channel_id=channel_id) if self._places.waits(channel_id):
                if self._held is not None:
                    self._held(payload)
                raise HeldBack(KEPT)
        return outgoing

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        self._handler.record(session, payload, receipt)

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        self._handler.gave_up(session, payload, code)
