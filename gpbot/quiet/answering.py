"""What stewards and champions are asked about quiet channels, and what they say."""

from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.people import members as people
from gpbot.people.types import NotOnRoster
from gpbot.quiet import store
from gpbot.quiet.types import Ending, NotAsked, Reason, State, Watched
from gpbot.quiet.usecases import UseCases
from gpbot.refusals import NotAvailable

_SHOWN = 10
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


class Answering(UseCases):
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
                store.change(session, proposal_id, state=State.ARCHIVING.value, decided_by=by, code=None)
                self.owed.archive(session, watched)
                self._changed(session, watched)
            elif watched.decided_by == viewer and watched.round == number and _is_archived(watched):
                no = None  # the same press again
        if no is not None:
            raise no

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
