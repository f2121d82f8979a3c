"""The handler of every job about quiet channels: what is looked at, sent or archived, and what follows from it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox.types import ArchiveChannel, Edit, Outgoing, Post, Receipt, Refused, Withdraw
from gpbot.people import store as people
from gpbot.quiet import views
from gpbot.quiet.owed import Owed, Task
from gpbot.quiet.types import CANNOT_LOOK, Ending, State
from gpbot.quiet.workflow import QuietChannels


class QuietMessages:
    """Whether it is still to be done is asked again, here."""

    def __init__(
        self,
        database: Database,
        quiet: QuietChannels,
        owed: Owed,
        *,
        last_spoken: Callable[[str, datetime], datetime | None],
    ) -> None:
        """`last_spoken(channel_id, since)` asks Slack when somebody wrote there after that. Raises SendingEnded."""
        self._database = database
        self._quiet = quiet
        self._owed = owed
        self._last_spoken = last_spoken

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        match Task(payload["task"]):
            case Task.DAY:
                self._quiet.day()
                return None
            case Task.LOOK:
                self._look(UUID(payload["proposal"]))
                return None
            case Task.ARCHIVE:
                return self._archive(UUID(payload["proposal"]), int(payload["round"]))
        with self._database.read() as session:
            match Task(payload["task"]):
                case Task.ASK:
                    return self._ask(session, payload)
                case Task.DRAW:
                    return self._draw(session, payload)
                case Task.CARD:
                    return self._card(session, payload)
                case _:
                    return self._told(session, payload)

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        match Task(payload["task"]):
            case Task.ARCHIVE:
                self._quiet.archived(session, UUID(payload["proposal"]), int(payload["round"]))
            case Task.ASK if receipt.channel_id and receipt.message_ts:
                message = (receipt.channel_id, receipt.message_ts)
                self._quiet.note_asked(session, *_who(payload), message=message)
            case Task.CARD if receipt.channel_id and receipt.message_ts:
                about, number = UUID(payload["proposal"]), int(payload["round"])
                self._quiet.note_card(session, about, number, (receipt.channel_id, receipt.message_ts))
            case _:
                pass

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        """Those who can still do something about it are asked, or read why."""
        match Task(payload["task"]):
            case Task.DAY:
                self._quiet.again_tomorrow(session)
            case Task.ASK:
                self._quiet.not_reached(session, *_who(payload), code)
            case Task.ARCHIVE:
                self._quiet.could_not_archive(session, UUID(payload["proposal"]), int(payload["round"]), code)
            case Task.CARD if code == "message_not_found":
                self._quiet.card_was_deleted(session, UUID(payload["proposal"]))
            case _:
                pass  # the next day, or the next change, tries again

    def _look(self, proposal_id: UUID) -> None:
        look = self._quiet.to_look(proposal_id)
        if look is None:
            return
        try:
            spoken = self._last_spoken(look.watched.channel_id, look.since)
        except Refused as refused:
            self._quiet.could_not_look(proposal_id, refused.code)
        else:
            self._quiet.looked(look, spoken)

    def _archive(self, proposal_id: UUID, number: int) -> Outgoing | None:
        look = self._quiet.to_archive(proposal_id, number)
        if look is None:
            return None
        try:
            spoken = self._last_spoken(look.watched.channel_id, look.since)
        except Refused as refused:
            raise Refused(CANNOT_LOOK if refused.code == "missing_scope" else refused.code) from None
        if spoken is not None:
            self._quiet.came_alive(look, spoken)
            return None
        return ArchiveChannel(channel_id=look.watched.channel_id)

    def _ask(self, session: Session, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        about, number, person_id = _who(payload)
        found = self._quiet.to_ask(session, about, number, person_id)
        if found is None:
            to = self._reachable(session, person_id)
            return Withdraw(to=to) if to else None
        text, blocks = views.question(found[0], self._quiet.rules.days, found[1])
        return Post(to=found[1], text=text, blocks=blocks)

    def _draw(self, session: Session, payload: dict[str, Any]) -> Outgoing | None:
        about = UUID(payload["proposal"])
        watched = self._quiet.standing(session, about)
        question = self._quiet.question(session, about, int(payload["to"]))
        if watched is None or question is None or question.message is None:
            return None
        text, blocks = views.question(watched, self._quiet.rules.days, question.slack_id)
        channel_id, message_ts = question.message
        return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)

    def _card(self, session: Session, payload: dict[str, Any]) -> Outgoing | None:
        about = UUID(payload["proposal"])
        watched = self._quiet.standing(session, about)
        if watched is None or watched.round != payload["round"]:
            return None
        text, blocks = views.card(watched, self._quiet.rules.days)
        if watched.card is not None:
            channel_id, message_ts = watched.card
            return Edit(channel_id=channel_id, message_ts=message_ts, text=text, blocks=blocks)
        if watched.state not in {State.OFFERED, State.ARCHIVING}:
            return None  # it ended before the champions were asked
        return Post(to=self._owed.triage_channel, text=text, blocks=blocks, look_back=False)

    def _told(self, session: Session, payload: dict[str, Any]) -> Outgoing | None:
        watched = self._quiet.standing(session, UUID(payload["proposal"]))
        to = self._reachable(session, int(payload["to"]))
        if watched is None or to is None or watched.round != payload["round"]:
            return None
        if watched.ending not in {Ending.KEPT, Ending.ARCHIVED}:
            return None
        text, blocks = views.told(watched)
        return Post(to=to, text=text, blocks=blocks)

    def _reachable(self, session: Session, person_id: int) -> str | None:
        member = people.member(session, person_id)
        return member.slack_id if member is not None and not member.deactivated else None


def _who(payload: dict[str, Any]) -> tuple[UUID, int, int]:
    """Which channel, in which round, and which person."""
    return UUID(payload["proposal"]), int(payload["round"]), int(payload["to"])
