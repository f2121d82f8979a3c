"""One claimed job on its way: look at the world, look back, send, and write down how it ended."""

import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import CannotSave, Database
from gpbot.errors import place
from gpbot.outbox import campaigns, store
from gpbot.outbox.models import State
from gpbot.outbox.patience import (
    LATEST_START,
    MAX_LOST_CLAIMS,
    PAUSE,
    PUT_BACK,
    SECOND_LOOK_AFTER,
    UNKNOWN_WAIT,
    backoff,
    has_run_out,
)
from gpbot.outbox.store import Claim
from gpbot.outbox.types import (
    AppTokenTrouble,
    Delete,
    Edit,
    ForANewerProcess,
    Handler,
    HeldBack,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Post,
    PublishHome,
    RateLimited,
    Receipt,
    Refused,
    Sender,
    SendingEnded,
    UpdateView,
    Withdraw,
    WorkspaceFull,
)

logger = logging.getLogger(__name__)

_CLOCKS_MAY_DIFFER_BY = timedelta(minutes=15)  # ours gave first_sent_at, Slack's gives the message its time
_SHORTEST_WAIT = 1.0
_SHOWN_OVER = (Edit, PublishHome, UpdateView)  # what takes the place of what was shown before: the last one stays


class Delivery:
    def __init__(self, database: Database, sender: Sender, handlers: Mapping[str, Handler], rng: random.Random) -> None:
        self._database = database
        self._sender = sender
        self._handlers = handlers
        self._rng = rng

    def deliver(self, claim: Claim) -> Receipt | SendingEnded | None:
        """Carry one job out and write down how it ended; None when there was nothing to send.

        Raises whatever kept the ending from being written down; the job is then held until its lease ends.
        """
        handler = self._handlers.get(claim.kind)
        if handler is None:
            self._leave_to_a_newer_process(claim)
            return None
        if claim.lost_claims >= MAX_LOST_CLAIMS:
            self._bury_poison(claim, handler)
            return None
        outgoing: Outgoing | Withdraw | None = None
        result: Receipt | SendingEnded | None
        try:
            outgoing = self._prepare(claim, handler)
            result = self._carry_out(claim, outgoing)
        except ForANewerProcess:
            self._leave_to_a_newer_process(claim)
            return None
        except SendingEnded as ending:
            result = ending
        for last in (False, False, True):
            try:
                self._finish(claim, handler, outgoing, result)
                break
            except (CannotSave, OperationalError):
                if last:
                    raise
        return result

    def _prepare(self, claim: Claim, handler: Handler) -> Outgoing | Withdraw | None:
        try:
            return handler.prepare(claim.payload)
        except SendingEnded:
            raise
        except DoesNotOpen:
            raise Refused(DoesNotOpen.__name__) from None
        except Exception as error:  # noqa: BLE001  (a bug in one kind must not stop the others)
            log_error(claim, error)
            raise NotSent(type(error).__name__) from None

    def _carry_out(self, claim: Claim, outgoing: Outgoing | Withdraw | None) -> Receipt | None:
        """Where it arrived, now or by an earlier try; None when nothing was to be sent."""
        look_in = _look_in(outgoing)
        copies = self._find(claim, look_in) if claim.doubtful and look_in is not None else []
        if claim.message_ts is not None or isinstance(outgoing, Withdraw):
            for copy in copies:
                if copy.channel_id and copy.message_ts and copy.message_ts != claim.message_ts:
                    self._send(claim, Delete(channel_id=copy.channel_id, message_ts=copy.message_ts))
            return None
        if copies:
            return copies[0]
        if outgoing is None:
            return None
        if self._database.clock.now() - claim.claimed_at > LATEST_START:
            raise NotSent("too_late")
        return self._send(claim, outgoing)

    def _find(self, claim: Claim, look_in: str) -> list[Receipt]:
        try:
            return self._sender.find(look_in, claim.wire_id, claim.first_sent_at - _CLOCKS_MAY_DIFFER_BY)
        except SendingEnded:
            raise
        except Exception as error:  # noqa: BLE001  (as for _send)
            log_error(claim, error)
            raise NotSent(type(error).__name__) from None

    def _send(self, claim: Claim, outgoing: Outgoing) -> Receipt:
        try:
            return self._sender.send(outgoing, claim.wire_id)
        except SendingEnded:
            raise
        except Exception as error:  # noqa: BLE001  (an answer nobody foresaw: it may have been sent)
            log_error(claim, error)
            raise OutcomeUnknown(type(error).__name__) from None

    def _finish(
        self,
        claim: Claim,
        handler: Handler,
        outgoing: Outgoing | Withdraw | None,
        result: Receipt | SendingEnded | None,
    ) -> None:
        with self._database.begin() as session:
            now = self._database.now(session)
            state, owed_again = store.state_if_held(session, claim)
            if state is None:
                if isinstance(result, Receipt | OutcomeUnknown):
                    self._came_late(session, claim, outgoing, now)
            elif isinstance(result, Receipt):
                handler.record(session, claim.payload, result)
                if owed_again:
                    store.next_turn(session, claim, now)
                else:
                    self._sent(session, claim, outgoing, result, now)
            elif state in {State.CANCELLED, State.DEAD}:  # dead by this very ending, whose commit was not answered
                return
            elif owed_again and (result is None or isinstance(result, Refused)):
                store.next_turn(session, claim, now)
            elif result is None:
                store.done(session, claim, now)
            else:
                self._not_sent(session, claim, handler, result, now, owed_again=owed_again)

    def _came_late(self, session: Session, claim: Claim, outgoing: Outgoing | Withdraw | None, now: datetime) -> None:
        """Its lease was lost, and what it sent may stand beside, or on top of, what others sent meanwhile."""
        if isinstance(outgoing, _SHOWN_OVER):
            store.do_again(session, claim, now)
        elif _look_in(outgoing) is not None:
            store.look_again(session, claim, now + SECOND_LOOK_AFTER)

    def _sent(
        self,
        session: Session,
        claim: Claim,
        outgoing: Outgoing | Withdraw | None,
        receipt: Receipt,
        now: datetime,
    ) -> None:
        # What an earlier try left on its way may still arrive.
        run_at = now + SECOND_LOOK_AFTER
        again = {"state": State.READY, "run_at": run_at, "done_at": None, "attempts": 0, "last_error": None}
        if claim.doubtful and isinstance(outgoing, _SHOWN_OVER):
            store.settle(session, claim, token=None, **again)
        elif claim.doubtful and _look_in(outgoing) is not None and receipt.message_ts is not None:
            store.settle(session, claim, message_ts=receipt.message_ts, **again)
        else:
            store.done(session, claim, now, message_ts=receipt.message_ts)

    def _not_sent(
        self,
        session: Session,
        claim: Claim,
        handler: Handler,
        ending: SendingEnded,
        now: datetime,
        *,
        owed_again: bool,
    ) -> None:
        if isinstance(ending, Refused):
            _bury(session, claim, handler, ending.code, now)
            return
        spent = 0
        if isinstance(ending, RateLimited):
            wait = timedelta(seconds=max(ending.retry_after, _SHORTEST_WAIT))
            if claim.lane is not None:
                store.hold_lane(session, claim.lane, now, now + wait)
        elif isinstance(ending, AppTokenTrouble):
            wait = PAUSE
        elif isinstance(ending, HeldBack):
            wait = ending.wait
        elif isinstance(ending, WorkspaceFull) and claim.campaign_id is not None:
            wait = timedelta()  # it goes first when the campaign goes on
            campaigns.pause(session, claim.campaign_id, now, reason=ending.code)
        else:
            spent = 1
            if not owed_again and has_run_out(claim.priority, claim.attempts + spent, now - claim.trying_since):
                _bury(session, claim, handler, ending.code, now)
                return
            wait = backoff(claim.attempts + spent, self._rng)
            if isinstance(ending, OutcomeUnknown):
                wait = max(wait, UNKNOWN_WAIT)
        perhaps_sent = claim.doubtful or isinstance(ending, OutcomeUnknown)
        store.settle(
            session,
            claim,
            run_at=now + wait,
            attempts=claim.attempts + spent,
            token=claim.token if perhaps_sent else None,
            last_error=ending.code,
        )

    def _leave_to_a_newer_process(self, claim: Claim) -> None:
        with self._database.begin() as session:
            if store.state_if_held(session, claim)[0] == State.READY:
                again = self._database.now(session) + PUT_BACK
                token = claim.token if claim.doubtful else None
                store.settle(session, claim, run_at=again, token=token, lost_claims=claim.lost_claims)

    def _bury_poison(self, claim: Claim, handler: Handler) -> None:
        try:
            with self._database.begin() as session:
                if store.state_if_held(session, claim)[0] != State.READY:
                    return
                _bury(session, claim, handler, "poison", self._database.now(session))
        except (CannotSave, OperationalError):
            raise
        except ForANewerProcess:
            self._leave_to_a_newer_process(claim)
            return
        except Exception as error:  # noqa: BLE001  (its own end may be what it chokes on)
            log_error(claim, error)
            with self._database.begin() as session:
                if store.state_if_held(session, claim)[0] == State.READY:
                    now = self._database.now(session)
                    store.settle(session, claim, state=State.DEAD, run_at=now, last_error="poison")
        logger.error("job %d of kind %s: %d claims never came back", claim.id, claim.kind, claim.lost_claims)


def log_error(claim: Claim, error: Exception) -> None:
    logger.error("job %d of kind %s: %s", claim.id, claim.kind, place(error))


def _look_in(outgoing: Outgoing | Withdraw | None) -> str | None:
    """The conversation in which copies of it can be found; None for what is not looked back for."""
    if isinstance(outgoing, Withdraw) or (isinstance(outgoing, Post) and outgoing.look_back):
        return outgoing.to
    return None


def _bury(session: Session, claim: Claim, handler: Handler, code: str, now: datetime) -> None:
    if claim.message_ts is not None:  # only its second look failed
        store.done(session, claim, now, last_error=code)
        return
    handler.gave_up(session, claim.payload, code)
    store.settle(session, claim, state=State.DEAD, run_at=now, attempts=claim.attempts + 1, last_error=code)
    logger.error("job %d of kind %s is dead: %s", claim.id, claim.kind, code)
