"""The runner: one thread claims what is due, a few more send it."""

import logging
import random
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from gpbot.db import Database
from gpbot.outbox import store, subjects
from gpbot.outbox.delivery import Delivery, log_error
from gpbot.outbox.patience import PAUSE
from gpbot.outbox.store import Claim
from gpbot.outbox.types import AppTokenTrouble, Handler, Receipt, Sender, SendingEnded

logger = logging.getLogger(__name__)

_POLL_SECONDS = 1.0  # the safety net: commits of this process wake the runner, those of others do not
_SHORTEST_SLEEP = 0.005
_FORGET_EVERY = timedelta(hours=1)
WENT_BACK = timedelta(seconds=10)  # a clock that goes back by less delays nothing by more


class Courier:
    """Sends what is due; `handlers` by job kind."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        handlers: Mapping[str, Handler],
        *,
        pool: int = 4,
        rng: random.Random | None = None,
    ) -> None:
        self.paused: str | None = None  # the code of our own fault, while sending waits because of it
        self._paused_until: datetime | None = None
        self._database = database
        self._delivery = Delivery(database, sender, handlers, rng or random.Random())
        self.kinds = frozenset(handlers)
        self._sealed = [kind for kind, handler in handlers.items() if getattr(handler, "is_sealed", False)]
        self._pool_size = pool
        self._looked_at: datetime | None = None
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._runner: threading.Thread | None = None
        self._under_way: set[Future[None]] = set()
        self._forgot_at: datetime | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._runner = threading.Thread(target=self._run, name="courier", daemon=True)
        self._runner.start()

    def stop(self, timeout: float = 15.0) -> None:
        """Claim nothing more and wait, at most `timeout` seconds, for what is being sent."""
        self._stopping.set()
        self._woken.set()
        if self._runner is not None:
            self._runner.join(timeout)
            self._runner = None

    def wake(self) -> None:
        self._woken.set()

    def run_due(self) -> int:
        """Claim and send in this thread, one after the other, until nothing is due; how many were handled."""
        handled = 0
        while claims := self._claim(1):
            self._deliver(claims[0])
            handled += 1
        return handled

    def _claim(self, limit: int) -> list[Claim]:
        had_failed = self._database.has_failed
        if self._is_in_a_pause() and not had_failed:
            return []
        with self._database.begin() as session:
            before, self._looked_at = self._looked_at, self._database.now(session)
            now = self._looked_at
            if before is None or now < before - WENT_BACK:
                store.void_what_is_to_come(session, now)
            if had_failed:
                store.prove_writable(session, now)
            # After a pause one job goes first, to see whether the trouble is over.
            in_doubt = self._database.agreed.is_in_doubt
            most = 0 if self._is_in_a_pause() else 1 if self.paused else limit
            claims = store.claim(session, now, most, but_timers=in_doubt) if most else []
        if had_failed:
            self._database.works_again()
        if not claims and not self._is_in_a_pause():
            self.paused = self._paused_until = None  # nothing waits for it any more
        return claims

    def _is_in_a_pause(self) -> bool:
        until, now = self._paused_until, self._database.clock.now()
        return until is not None and now < until <= now + PAUSE  # not one of a time that is still to come

    def _deliver(self, claim: Claim) -> None:
        try:
            result = self._delivery.deliver(claim)
        except Exception as error:  # noqa: BLE001  (the job stays held; after its lease it is looked for)
            log_error(claim, error)
            return
        if isinstance(result, AppTokenTrouble):
            self._pause(result)
        elif isinstance(result, Receipt):
            self.paused = self._paused_until = None

    def _pause(self, trouble: SendingEnded) -> None:
        if self.paused is None:
            logger.error("sending waits: %s", trouble.code)
        self.paused = trouble.code
        self._paused_until = self._database.clock.now() + PAUSE

    def _run(self) -> None:
        failed: str | None = None
        quietly = self._database.write_in_background
        quietly()
        with ThreadPoolExecutor(self._pool_size, thread_name_prefix="courier", initializer=quietly) as pool:
            while not self._stopping.is_set():
                self._woken.clear()
                try:
                    sleep = self._start_due(pool)
                    self._forget_hourly()
                    failed = None
                except Exception as error:  # noqa: BLE001  (when the database comes back, so does the runner)
                    sleep = _POLL_SECONDS
                    if failed != type(error).__name__:
                        failed = type(error).__name__
                        logger.error("nothing can be claimed: %s", failed)  # noqa: TRY400  (no messages in logs)
                self._woken.wait(sleep)

    def _start_due(self, pool: ThreadPoolExecutor) -> float:
        """Hand what is due to free threads; the seconds until it makes sense to look again."""
        while not self._stopping.is_set() and len(self._under_way) < self._pool_size:
            claims = self._claim(self._pool_size - len(self._under_way))
            if not claims:
                return self._seconds_to_next()
            for claim in claims:
                sending = pool.submit(self._deliver, claim)
                self._under_way.add(sending)
                sending.add_done_callback(self._came_back)
        return _POLL_SECONDS

    def _came_back(self, sending: Future[None]) -> None:
        self._under_way.discard(sending)
        self._woken.set()

    def _seconds_to_next(self) -> float:
        if self._looked_at is None or self._is_in_a_pause():
            return _POLL_SECONDS
        with self._database.read() as session:
            now = self._database.now(session)
            due = store.next_due(session, self._looked_at)  # not `now`: what fell due since then counts
        seconds = _POLL_SECONDS if due is None else (due - now).total_seconds()
        return min(max(seconds, _SHORTEST_SLEEP), _POLL_SECONDS)

    def _forget_hourly(self) -> None:
        now = self._database.clock.now()
        if self._database.agreed.is_in_doubt:
            return
        if self._forgot_at is not None and now - self._forgot_at < _FORGET_EVERY:
            return
        self._forgot_at = now
        with self._database.begin() as session:
            subjects.empty(session, self._database.now(session))
        more = True
        while more and not self._stopping.is_set():
            with self._database.begin() as session:
                more = store.forget(session, self._database.now(session), sealed=self._sealed)
