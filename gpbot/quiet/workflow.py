"""What is done about quiet channels: looked at, asked about, offered to the champions, kept or archived."""

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gpbot.people import members as people
from gpbot.people.types import Member
from gpbot.quiet import store
from gpbot.quiet.answering import Answering, may_answer
from gpbot.quiet.types import ANSWER_WITHIN_DAYS, Ending, Look, Question, Reason, State, Watched
from gpbot.quiet.usecases import Rules
from gpbot.text import start_of

__all__ = ["QuietChannels", "Rules", "may_answer"]

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
MOST_A_DAY = 500  # of each kind; the others have their turn on the days after
_OUT_OF_SIGHT = {"not_in_channel", "channel_not_found", "channel_is_limited_access"}
NO_SCOPE = (
    "QUIET_CHANNEL_DAYS is set, and gpbot may not see when somebody last wrote in a channel (it lacks the scope "
    "channels:history). Install the app again from `python -m gpbot manifest`, or leave QUIET_CHANNEL_DAYS empty. "
    "Until then nobody is asked about quiet channels"
)


class QuietChannels(Answering):
    # --- watching ---------------------------------------------------------------------------------------------------

    def opened(self, session: Session, proposal_id: UUID, channel_id: str) -> None:
        """Watched from now on, whether or not anybody is asked at present."""
        store.create(session, proposal_id, channel_id, self.database.clock.now())

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
            store.change(session, proposal_id, state=State.OFFERED.value, decided_by=None, code=start_of(code, 100))
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
            self.channel_came(session, channel_id)

    def channel_came(self, session: Session, channel_id: str) -> None:
        """The same."""
        watched = self._of_channel(session, channel_id)
        if watched is not None and watched.state is State.ARCHIVING:
            self._was_archived(session, watched)  # and brought back before that was known
        elif watched is not None and watched.state is State.WATCHED:
            store.change(session, watched.proposal_id, since=self.database.clock.now())

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
        question = store.find_question(session, proposal_id, person_id)
        if watched is None or question is None or watched.round != number or watched.state is not State.ASKED:
            return None
        if self._why_not(session, watched) is not None or not self._is_steward(session, watched, question.slack_id):
            return None
        return watched, question.slack_id

    def find_question(self, session: Session, proposal_id: UUID, person_id: int) -> Question | None:
        return store.find_question(session, proposal_id, person_id)

    def note_message(
        self, session: Session, proposal_id: UUID, number: int, person_id: int, *, message: tuple[str, str]
    ) -> None:
        watched = store.find(session, proposal_id)
        if watched is None or watched.round != number:
            return
        store.note_message(session, proposal_id, person_id, *message)
        if watched.state is not State.ASKED:
            self.owed.draw(session, proposal_id, person_id)

    def could_not_ask(self, session: Session, proposal_id: UUID, number: int, person_id: int, code: str) -> None:
        """Slack takes no message to this steward: where that is so of all, the champions are asked."""
        watched = store.find(session, proposal_id, to_write=True)
        if watched is not None and watched.round == number:
            store.note_not_reached(session, proposal_id, person_id, code)
            self._offer_if_nobody_is_left(session, watched)

    def note_card(self, session: Session, proposal_id: UUID, number: int, message: tuple[str, str]) -> None:
        watched = store.find(session, proposal_id)
        if watched is not None and watched.round == number:
            store.change(session, proposal_id, card_channel_id=message[0], card_ts=message[1])

    def forget_card(self, session: Session, proposal_id: UUID) -> None:
        """By somebody in the champions' channel: what still waits is posted again."""
        store.change(session, proposal_id, card_channel_id=None, card_ts=None)
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

    def _is_silent(self, watched: Watched, now: datetime) -> bool:
        return self.is_on and watched.state is State.WATCHED and watched.since <= now - self._days

    def _leave(self, session: Session, watched: Watched, why: Ending) -> None:
        """Nobody is asked about it; what is open ends, and in some weeks it is looked at again."""
        if watched.state is State.WATCHED:
            store.change(session, watched.proposal_id, since=self.database.clock.now())
        else:
            self._end(session, watched, why)

    def _ask(self, session: Session, watched: Watched, at: datetime) -> None:
        wanted = [people.person_id(session, each) for each in self.stewards(session, watched.proposal_id)]
        store.change(
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

    def _archiving(self, session: Session, proposal_id: UUID, number: int) -> Watched | None:
        watched = store.find(session, proposal_id, to_write=True)
        is_so = watched is not None and watched.state is State.ARCHIVING and watched.round == number
        return watched if is_so else None

    def _of_channel(self, session: Session, channel_id: str) -> Watched | None:
        proposal_id = store.of_channel(session, channel_id)
        return store.find(session, proposal_id, to_write=True) if proposal_id is not None else None
