"""What every use case about quiet channels works with."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.people import members as people
from gpbot.proposals import access as rule
from gpbot.quiet import store
from gpbot.quiet.jobs import Owed
from gpbot.quiet.types import Ending, PublicChannels, Reason, State, Watched
from gpbot.refusals import NotAvailable

GPBOT = "gpbot"
# The clocks differ a little; and before the question nobody had written for weeks.
_SKEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the community has set. `days` is 0 when nobody is asked."""

    days: int
    keep: frozenset[str]  # ids of channels that nobody is asked about


@dataclass(slots=True, kw_only=True)
class UseCases:
    """Methods that take a session are part of the caller's transaction; every other is one of its own.

    `stewards(session, proposal_id)` gives the Slack ids of those who are still here; `owe_homes(session, people)` draws
    these people their App Home.
    """

    database: Database
    owed: Owed
    audit: AuditLog
    channels: PublicChannels
    stewards: Callable[[Session, UUID], Sequence[str]]
    owe_homes: Callable[[Session, Collection[str]], None]
    rules: Rules
    trouble: str | None = field(default=None, init=False)  # in words, while Slack does not let gpbot look

    @property
    def is_on(self) -> bool:
        return self.rules.days > 0

    def standing(self, session: Session, proposal_id: UUID) -> Watched | None:
        """With its stewards, and the name it has in Slack by now."""
        watched = store.find(session, proposal_id)
        if watched is None:
            return None
        channel = self.channels.get(session, watched.channel_id)
        name = channel.name if channel is not None else watched.name
        return replace(watched, name=name, stewards=tuple(self.stewards(session, proposal_id)))

    @property
    def _days(self) -> timedelta:
        return timedelta(days=self.rules.days)

    def _since(self, watched: Watched, now: datetime) -> datetime:
        """Somebody who wrote later than that has kept the channel."""
        return now - self._days if watched.state is State.WATCHED else self._began(watched) - _SKEW

    def _began(self, watched: Watched) -> datetime:
        return watched.began_at or watched.since

    def _why_not(self, session: Session, watched: Watched) -> Ending | None:
        """Why nobody may be asked about it now, as far as that is known without Slack."""
        if not self.is_on:
            return Ending.OFF
        if watched.channel_id in self.rules.keep:
            return Ending.EXEMPT
        channel = self.channels.get(session, watched.channel_id)
        if channel is None:
            return Ending.GONE if self.channels.is_complete(session) else None
        return Ending.BY_HAND if channel.is_archived else None

    def _offer_if_nobody_is_left(self, session: Session, watched: Watched) -> None:
        if watched.state is not State.ASKED:
            return
        here = self.stewards(session, watched.proposal_id)
        asked = store.questions(session, watched.proposal_id)
        if not any(question.is_reachable and question.slack_id in here for question in asked):
            self._offer(session, watched, Reason.NOBODY)

    def _offer(self, session: Session, watched: Watched, reason: Reason, *, by: str | None = None) -> None:
        answered_by = people.person_id(session, by) if by else None
        store.change(
            session, watched.proposal_id, state=State.OFFERED.value, reason=reason.value, answered_by=answered_by
        )
        self._changed(session, watched)

    def _is_alive(self, session: Session, watched: Watched, spoken: datetime) -> None:
        if watched.state is State.WATCHED:
            store.change(session, watched.proposal_id, since=max(spoken, watched.since))
        else:
            self._end(session, watched, Ending.ALIVE, since=spoken)

    def _was_archived(self, session: Session, watched: Watched) -> None:
        self._record(session, GPBOT, "quiet.archived", watched)
        self._end(session, watched, Ending.ARCHIVED, by=watched.decided_by)
        self._tell(session, watched, but=watched.decided_by)

    def _end(
        self,
        session: Session,
        watched: Watched,
        ending: Ending,
        *,
        by: str | None = None,
        since: datetime | None = None,
    ) -> None:
        store.change(
            session,
            watched.proposal_id,
            state=State.WATCHED.value,
            since=since or self.database.clock.now(),
            ending=ending.value,
            decided_by=people.person_id(session, by) if by else None,
        )
        self._changed(session, watched)

    def _changed(self, session: Session, watched: Watched) -> None:
        """People who were asked see its status."""
        asked = store.questions(session, watched.proposal_id)
        for question in asked:
            self.owed.draw(session, watched.proposal_id, question.person_id)
        self.owed.card(session, watched)
        roster = people.roster(session)
        self.owe_homes(session, {*rule.deciders(roster, ()), *(question.slack_id for question in asked)})

    def _tell(self, session: Session, watched: Watched, *, but: str | None) -> None:
        """The stewards learn what the champions decided."""
        for each in self.stewards(session, watched.proposal_id):
            if each != but:
                self.owed.told(session, watched, people.person_id(session, each), each)

    def _is_steward(self, session: Session, watched: Watched, viewer: str) -> bool:
        return viewer in self.stewards(session, watched.proposal_id)

    def _may_decide(self, session: Session, viewer: str) -> bool:
        """Champions; while there is none, the contacts."""
        return viewer in rule.deciders(people.roster(session), ())

    def _get(self, session: Session, proposal_id: UUID, *, to_write: bool = False) -> Watched:
        found = store.find(session, proposal_id, to_write=to_write)
        if found is None:
            raise NotAvailable
        return found

    def _record(self, session: Session, viewer: str, act: str, watched: Watched) -> None:
        self.audit.record(session, actor=viewer, act=f"{act}:{watched.proposal_id}")
