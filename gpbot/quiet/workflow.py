"""What is done about quiet channels: looked at, asked about, offered to the champions, kept or archived."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.audit import AuditLog
from gpbot.db import Database
from gpbot.people import store as people
from gpbot.people.types import Member, NotOnRoster
from gpbot.proposals import access as rule
from gpbot.quiet import store
from gpbot.quiet.jobs import Owed
from gpbot.quiet.types import (
    ANSWER_WITHIN_DAYS,
    Ending,
    Look,
    NotAsked,
    PublicChannels,
    Question,
    Reason,
    State,
    Watched,
)
from gpbot.refusals import NotAvailable
from gpbot.text import start_of

log = logging.getLogger(__name__)

GPBOT = "gpbot"
EVERY = timedelta(days=1)
MOST_A_DAY = 500  # of each kind; the others have their turn on the days after
_SHOWN = 10
# The clocks differ a little; and before the question nobody had written for weeks.
_SKEW = timedelta(hours=1)
_OUT_OF_SIGHT = {"not_in_channel", "channel_not_found", "channel_is_limited_access"}
NO_SCOPE = (
    "QUIET_CHANNEL_DAYS is set, and gpbot may not see when somebody last wrote in a channel (it lacks the scope "
    "channels:history). Install the app again from `python -m gpbot manifest`, or leave QUIET_CHANNEL_DAYS empty. "
    "Until then nobody is asked about quiet channels"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the community has set. `days` is 0 when nobody is asked."""

    days: int
    keep: frozenset[str]  # ids of channels that nobody is asked about


@dataclass(slots=True, kw_only=True)
class QuietChannels:
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

    # --- watching ---------------------------------------------------------------------------------------------------

    def opened(self, session: Session, proposal_id: UUID, channel_id: str) -> None:
        """Watched from now on, whether or not anybody is asked at present."""
        store.watch(session, proposal_id, channel_id, self.database.clock.now())

    def begin(self) -> None:
        """At each start: what became due meanwhile; and where it is switched off, what is still open ends."""
        with self.database.begin() as session:
            if self.is_on or store.asked(session, 1) or store.offered(session, 1):
                self.owed.day(session, uuid4().hex)

    def day(self) -> None:
        """Once a day: one look for each channel of which nothing was heard, and for each question that is open."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            due = [*store.asked(session, MOST_A_DAY), *store.offered(session, MOST_A_DAY)]
            if self.is_on:
                due += store.silent(session, now - self._days, but_not=self.rules.keep, limit=MOST_A_DAY)
                self.again_tomorrow(session)
            elif len(due) >= MOST_A_DAY:
                self.owed.day(session, uuid4().hex, now + EVERY)
            for proposal_id in due:
                self.owed.look(session, proposal_id)

    def again_tomorrow(self, session: Session) -> None:
        """Keyed by the day: however often gpbot starts, it goes on from there once."""
        tomorrow = self.database.clock.now() + EVERY
        self.owed.day(session, tomorrow.date().isoformat(), tomorrow)

    def to_look(self, proposal_id: UUID) -> Look | None:
        """What is to be seen in Slack about this channel; None when there is nothing to do just now."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            watched = store.find(session, proposal_id, to_write=True)
            if watched is None or (not watched.state.is_open and not self._is_silent(watched, now)):
                return None
            why = self._why_not(session, watched)
            if why is not None:
                self._leave(session, watched, why)
                return None
            return Look(watched=watched, since=self._since(watched, now), at=now)

    def looked(self, look: Look, spoken: datetime | None) -> None:
        """`spoken` is when somebody last wrote there after `look.since`; None when nobody did."""
        self.trouble = None
        seen = look.watched
        with self.database.begin() as session:
            watched = store.find(session, seen.proposal_id, to_write=True)
            if watched is None or (watched.state, watched.round, watched.since) != (seen.state, seen.round, seen.since):
                return  # somebody was faster; the next look sees what is so now
            if self._why_not(session, watched) is not None:
                return
            if spoken is not None:
                self._is_alive(session, watched, spoken)
            elif watched.state is State.WATCHED:
                self._ask(session, watched, look.at)
            elif watched.state is State.ASKED and self._began(watched) <= look.at - timedelta(days=ANSWER_WITHIN_DAYS):
                self._offer(session, watched, Reason.SILENCE)
            else:
                self._offer_if_nobody_is_left(session, watched)

    def could_not_look(self, proposal_id: UUID, code: str) -> None:
        """Slack's `code` for why nothing is to be seen there; tomorrow is another day."""
        if code == "missing_scope":
            self.lacks_scope()
        elif code in _OUT_OF_SIGHT:
            with self.database.begin() as session:
                watched = store.find(session, proposal_id, to_write=True)
                if watched is not None and watched.state is not State.ARCHIVING:
                    self._leave(session, watched, Ending.GONE)
        else:
            log.warning("Slack does not tell whether a channel is quiet: %s", code)

    def lacks_scope(self) -> None:
        """Slack does not let gpbot see when somebody wrote: the operator is told, once."""
        if self.is_on and self.trouble is None:
            log.error("%s", NO_SCOPE)
            self.trouble = NO_SCOPE

    # --- what stewards and champions see ----------------------------------------------------------------------------

    def standing(self, session: Session, proposal_id: UUID) -> Watched | None:
        """With its stewards, and the name it has in Slack by now."""
        watched = store.find(session, proposal_id)
        if watched is None:
            return None
        channel = self.channels.get(session, watched.channel_id)
        name = channel.name if channel is not None else watched.name
        return replace(watched, name=name, stewards=tuple(self.stewards(session, proposal_id)))

    def waiting(self, viewer: str) -> list[Watched]:
        """What champions are asked about, the longest first, ten at most; nothing for anybody else."""
        with self.database.read() as session:
            if not self.is_on or not self._may_decide(session, viewer):
                return []
            found = [self.standing(session, each) for each in store.offered(session, _SHOWN)]
            return [watched for watched in found if watched is not None]

    def asked_of(self, viewer: str) -> list[Watched]:
        """What this steward is asked about and may still answer, ten at most."""
        with self.database.read() as session:
            member = people.member_called(session, viewer)
            if not self.is_on or member is None:
                return []
            found = [self.standing(session, each) for each in store.asked_of(session, member.person_id)]
            may = [each for each in found if each and may_answer(each) and viewer in each.stewards]
            return may[:_SHOWN]

    # --- what stewards and champions say ----------------------------------------------------------------------------

    def keep(self, viewer: str, proposal_id: UUID, number: int) -> None:
        """A steward says that it stays; the first answer to round `number` counts. Raises NotAvailable, NotAsked."""
        self._answer(viewer, proposal_id, number, Ending.KEPT)

    def let_go(self, viewer: str, proposal_id: UUID, number: int) -> None:
        """A steward says that it can be archived: the champions are asked. Raises as `keep`."""
        self._answer(viewer, proposal_id, number, None)

    def decide_to_keep(self, viewer: str, proposal_id: UUID, number: int) -> None:
        """A champion says that it stays. Raises NotOnRoster, NotAvailable, NotAsked."""
        with self.database.begin() as session:
            watched, no = self._to_decide(session, viewer, proposal_id, number)
            if no is None:
                self._record(session, viewer, "quiet.kept", watched)
                self._end(session, watched, Ending.KEPT, by=viewer)
                self._tell(session, watched, but=viewer)
            elif _is_done(watched, number, viewer, Ending.KEPT):
                no = None
        if no is not None:
            raise no

    def archive(self, viewer: str, proposal_id: UUID, number: int) -> None:
        """A champion has it archived, unless somebody has written there meanwhile. Raises as `decide_to_keep`."""
        with self.database.begin() as session:
            watched, no = self._to_decide(session, viewer, proposal_id, number)
            if no is None:
                self._record(session, viewer, "quiet.archive", watched)
                by = people.person_id(session, viewer)
                store.mark(session, proposal_id, state=State.ARCHIVING.value, decided_by=by, code=None)
                self.owed.archive(session, watched)
                self._changed(session, watched)
            elif watched.decided_by == viewer and watched.round == number and _is_archived(watched):
                no = None  # the same press again
        if no is not None:
            raise no

    # --- archiving --------------------------------------------------------------------------------------------------

    def to_archive(self, proposal_id: UUID, number: int) -> Look | None:
        """What is to be looked at before it is archived; None when it is not to be."""
        now = self.database.clock.now()
        with self.database.begin() as session:
            watched = self._archiving(session, proposal_id, number)
            if watched is None:
                return None
            why = self._why_not(session, watched)
            if why is Ending.BY_HAND:  # by an earlier try, as far as anybody can tell
                self._was_archived(session, watched)
            elif why is not None:
                self._end(session, watched, why)
            else:
                return Look(watched=watched, since=self._since(watched, now), at=now)
            return None

    def came_alive(self, look: Look, spoken: datetime) -> None:
        """Somebody wrote there since the question, so it stays, whatever was decided."""
        with self.database.begin() as session:
            watched = self._archiving(session, look.watched.proposal_id, look.watched.round)
            if watched is not None:
                self._is_alive(session, watched, spoken)

    def archived(self, session: Session, proposal_id: UUID, number: int) -> None:
        watched = self._archiving(session, proposal_id, number)
        if watched is not None:
            self._was_archived(session, watched)

    def could_not_archive(self, session: Session, proposal_id: UUID, number: int, code: str) -> None:
        """The champions read why, and what they can do."""
        watched = self._archiving(session, proposal_id, number)
        if watched is None:
            return
        if code == "channel_not_found":
            self._end(session, watched, Ending.GONE)
        else:
            store.mark(session, proposal_id, state=State.OFFERED.value, decided_by=None, code=start_of(code, 100))
            self._changed(session, watched)

    # --- what Slack tells -------------------------------------------------------------------------------------------

    def was_archived(self, channel_id: str) -> None:
        """By anybody; also the word of what gpbot itself has just done."""
        with self.database.begin() as session:
            watched = self._of_channel(session, channel_id)
            if watched is not None and watched.state is State.ARCHIVING:
                self._was_archived(session, watched)
            elif watched is not None and watched.state.is_open:
                self._end(session, watched, Ending.BY_HAND)

    def came_back(self, channel_id: str) -> None:
        """Brought back, public again, or gpbot was invited again: it is as if it had just been opened."""
        with self.database.begin() as session:
            self.is_there(session, channel_id)

    def is_there(self, session: Session, channel_id: str) -> None:
        """The same."""
        watched = self._of_channel(session, channel_id)
        if watched is not None and watched.state is State.ARCHIVING:
            self._was_archived(session, watched)  # and brought back before that was known
        elif watched is not None and watched.state is State.WATCHED:
            store.mark(session, watched.proposal_id, since=self.database.clock.now())

    def was_deleted(self, channel_id: str) -> None:
        with self.database.begin() as session:
            watched = self._of_channel(session, channel_id)
            if watched is not None and watched.state is not State.WATCHED:
                self._end(session, watched, Ending.GONE)

    def left(self, session: Session, member: Member) -> None:
        """An account was closed: where nobody else was asked, the champions are."""
        for proposal_id in store.asked_of(session, member.person_id):
            watched = store.find(session, proposal_id, to_write=True)
            if watched is not None:
                self._offer_if_nobody_is_left(session, watched)

    # --- messages: part of the caller's transaction -----------------------------------------------------------------

    def to_ask(self, session: Session, proposal_id: UUID, number: int, person_id: int) -> tuple[Watched, str] | None:
        """The channel, and the Slack id of a steward who is to be told of the question; None when not any more."""
        watched = self.standing(session, proposal_id)
        question = store.question(session, proposal_id, person_id)
        if watched is None or question is None or watched.round != number or watched.state is not State.ASKED:
            return None
        if self._why_not(session, watched) is not None or not self._is_steward(session, watched, question.slack_id):
            return None
        return watched, question.slack_id

    def question(self, session: Session, proposal_id: UUID, person_id: int) -> Question | None:
        return store.question(session, proposal_id, person_id)

    def note_asked(
        self, session: Session, proposal_id: UUID, number: int, person_id: int, *, message: tuple[str, str]
    ) -> None:
        watched = store.find(session, proposal_id)
        if watched is None or watched.round != number:
            return
        store.note_message(session, proposal_id, person_id, *message)
        if watched.state is not State.ASKED:
            self.owed.draw(session, proposal_id, person_id)

    def not_reached(self, session: Session, proposal_id: UUID, number: int, person_id: int, code: str) -> None:
        """Slack takes no message to this steward: where that is so of all, the champions are asked."""
        watched = store.find(session, proposal_id, to_write=True)
        if watched is not None and watched.round == number:
            store.note_not_reached(session, proposal_id, person_id, code)
            self._offer_if_nobody_is_left(session, watched)

    def note_card(self, session: Session, proposal_id: UUID, number: int, message: tuple[str, str]) -> None:
        watched = store.find(session, proposal_id)
        if watched is not None and watched.round == number:
            store.mark(session, proposal_id, card_channel_id=message[0], card_ts=message[1])

    def card_was_deleted(self, session: Session, proposal_id: UUID) -> None:
        """By somebody in the champions' channel: what still waits is posted again."""
        store.mark(session, proposal_id, card_channel_id=None, card_ts=None)
        watched = store.find(session, proposal_id)
        if watched is not None and watched.state is State.OFFERED:
            self.owed.card(session, watched)

    def draw_again(self, proposal_id: UUID, message: tuple[str, str]) -> bool:
        """Somebody pressed on this message what is not open any more; False when gpbot does not know the message."""
        with self.database.begin() as session:
            watched = store.find(session, proposal_id)
            asked = store.questions(session, proposal_id)
            if watched is None or message not in {watched.card, *(question.message for question in asked)}:
                return False
            self._changed(session, watched)
            return True

    # --- inside -----------------------------------------------------------------------------------------------------

    @property
    def _days(self) -> timedelta:
        return timedelta(days=self.rules.days)

    def _is_silent(self, watched: Watched, now: datetime) -> bool:
        return self.is_on and watched.state is State.WATCHED and watched.since <= now - self._days

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

    def _leave(self, session: Session, watched: Watched, why: Ending) -> None:
        """Nobody is asked about it; what is open ends, and in some weeks it is looked at again."""
        if watched.state is State.WATCHED:
            store.mark(session, watched.proposal_id, since=self.database.clock.now())
        else:
            self._end(session, watched, why)

    def _ask(self, session: Session, watched: Watched, at: datetime) -> None:
        wanted = [people.person_id(session, each) for each in self.stewards(session, watched.proposal_id)]
        store.mark(
            session,
            watched.proposal_id,
            state=State.ASKED.value,
            round=watched.round + 1,
            began_at=at,
            reason=None,
            answered_by=None,
            ending=None,
            decided_by=None,
            code=None,
            card_channel_id=None,
            card_ts=None,
        )
        store.ask(session, watched.proposal_id, dict.fromkeys(wanted))
        now_at = self._get(session, watched.proposal_id)
        asked = store.questions(session, watched.proposal_id)
        for question in asked:
            self.owed.ask(session, now_at, question.person_id, question.slack_id)
        self.owe_homes(session, [question.slack_id for question in asked])
        self._offer_if_nobody_is_left(session, now_at)

    def _offer_if_nobody_is_left(self, session: Session, watched: Watched) -> None:
        if watched.state is not State.ASKED:
            return
        here = self.stewards(session, watched.proposal_id)
        asked = store.questions(session, watched.proposal_id)
        if not any(question.is_reachable and question.slack_id in here for question in asked):
            self._offer(session, watched, Reason.NOBODY)

    def _offer(self, session: Session, watched: Watched, reason: Reason, *, by: str | None = None) -> None:
        answered_by = people.person_id(session, by) if by else None
        store.mark(
            session, watched.proposal_id, state=State.OFFERED.value, reason=reason.value, answered_by=answered_by
        )
        self._changed(session, watched)

    def _is_alive(self, session: Session, watched: Watched, spoken: datetime) -> None:
        if watched.state is State.WATCHED:
            store.mark(session, watched.proposal_id, since=max(spoken, watched.since))
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
        store.mark(
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

    def _answer(self, viewer: str, proposal_id: UUID, number: int, ending: Ending | None) -> None:
        with self.database.begin() as session:
            watched = self._get(session, proposal_id, to_write=True)
            if not self._is_steward(session, watched, viewer):
                raise NotAvailable
            watched, no = self._if_open(session, watched, number)
            if no is None and not may_answer(watched):
                no = None if _has_let_go(watched, viewer, ending) else NotAsked(_ANSWERED)
            elif no is None and ending is None:
                self._record(session, viewer, "quiet.let_go", watched)
                self._offer(session, watched, Reason.STEWARD, by=viewer)
            elif no is None:
                self._record(session, viewer, "quiet.kept", watched)
                self._end(session, watched, Ending.KEPT, by=viewer)
            elif _is_done(watched, number, viewer, ending):
                no = None
        if no is not None:
            raise no

    def _to_decide(
        self, session: Session, viewer: str, proposal_id: UUID, number: int
    ) -> tuple[Watched, NotAsked | None]:
        if not self._may_decide(session, viewer):
            raise NotOnRoster
        watched, no = self._if_open(session, self._get(session, proposal_id, to_write=True), number)
        return watched, no or (None if watched.state is State.OFFERED else NotAsked(_NOT_YET))

    def _if_open(self, session: Session, watched: Watched, number: int) -> tuple[Watched, NotAsked | None]:
        """Whether this round of it is open; what may not be asked any more ends here, in words."""
        if watched.round == number and watched.state.is_open and (why := self._why_not(session, watched)):
            self._end(session, watched, why)
            watched = self._get(session, watched.proposal_id)
        if watched.round != number:
            return watched, NotAsked(_EARLIER)
        if watched.state.is_open:
            return watched, None
        ended = _ARCHIVING if watched.state is State.ARCHIVING else _ENDED[watched.ending or Ending.GONE]
        return watched, NotAsked(ended)

    def _archiving(self, session: Session, proposal_id: UUID, number: int) -> Watched | None:
        watched = store.find(session, proposal_id, to_write=True)
        is_so = watched is not None and watched.state is State.ARCHIVING and watched.round == number
        return watched if is_so else None

    def _of_channel(self, session: Session, channel_id: str) -> Watched | None:
        proposal_id = store.of_channel(session, channel_id)
        return store.find(session, proposal_id, to_write=True) if proposal_id is not None else None

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


def may_answer(watched: Watched) -> bool:
    """Whether a steward's answer still counts: none has, and no champion decided."""
    return watched.state is State.ASKED or (watched.state is State.OFFERED and watched.reason is not Reason.STEWARD)


def _has_let_go(watched: Watched, viewer: str, ending: Ending | None) -> bool:
    return ending is None and watched.answered_by == viewer


def _is_done(watched: Watched, number: int, viewer: str, ending: Ending | None) -> bool:
    """The same press again."""
    return (watched.round, watched.decided_by, watched.ending) == (number, viewer, ending)


def _is_archived(watched: Watched) -> bool:
    return watched.state is State.ARCHIVING or watched.ending is Ending.ARCHIVED


_EARLIER = "This is an earlier question about that channel. Open App Home for what is current."
_ANSWERED = "This was answered already: the channel can be archived. The champions decide."
_NOT_YET = "The champions are not asked about this channel just now."
_ARCHIVING = "A champion has decided that this channel is archived."
_ENDED = {
    Ending.KEPT: "This was answered already: the channel stays.",
    Ending.ALIVE: "Somebody has written in this channel meanwhile, so it stays.",
    Ending.ARCHIVED: "This channel was archived already.",
    Ending.BY_HAND: "This channel was archived meanwhile, and not by gpbot.",
    Ending.GONE: "This channel is not there any more, or gpbot was taken out of it.",
    Ending.EXEMPT: "This channel is on the list of those that always stay. Nothing was changed.",
    Ending.OFF: "gpbot does not ask about quiet channels any more. Nothing was changed.",
}
