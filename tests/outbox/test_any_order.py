"""Any order of enqueuing, faults, late arrivals, deaths and freezes ends with one copy of each message."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gpbot.db import Database
from gpbot.outbox.store import Claim
from gpbot.outbox.types import NotSent, OutcomeUnknown, Post, RateLimited
from tests.clocks import StoppedClock
from tests.databases import FOLDER, KINDS, Kind, another_program, fresh_database
from tests.outbox.fakes import Fault, World, greet, notes

PEOPLE = [f"U{i}" for i in range(5)]


class AnyOrder(RuleBasedStateMachine):
    world: World

    frozen: list[Claim]

    def __init__(self) -> None:
        super().__init__()
        self.ending = ExitStack()
        self.owed: set[str] = set()
        self.frozen = []

    @initialize(kind=st.sampled_from(KINDS))
    def a_database_is_opened(self, kind: Kind) -> None:
        folder = self.ending.enter_context(TemporaryDirectory(dir=FOLDER))
        url = self.ending.enter_context(fresh_database(kind, Path(folder)))
        clock = StoppedClock()
        database = Database(url, clock=clock)
        self.ending.callback(database.close)
        with another_program(url) as other:
            notes.create(other)
        self.world = World(database, clock)

    @rule(to=st.sampled_from(PEOPLE), lane=st.sampled_from([None, "ch:C1"]))
    def somebody_is_owed_a_greeting(self, to: str, lane: str | None) -> None:
        self.world.owe(greet(to, lane=lane))
        self.owed.add(to)

    @rule(seconds=st.sampled_from([0.5, 1, 5, 12, 31, 70]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule(kinds=st.lists(st.sampled_from(["ok", "not sent", "rate", "lost", "late", "unknown"]), max_size=4))
    def the_courier_runs(self, kinds: list[str]) -> None:
        slack = self.world.slack
        faults: dict[str, Fault] = {
            "ok": None,
            "not sent": NotSent("connection"),
            "rate": RateLimited(3),
            "lost": slack.accepts_but_the_answer_is_lost,
            "late": slack.accepts_long_after_the_timeout,
            "unknown": OutcomeUnknown("reset"),
        }
        slack.faults.extend(faults[kind] for kind in kinds)
        self.world.courier.run_due()
        slack.faults.clear()

    @rule()
    def a_process_dies_before_it_sends(self) -> None:
        self.world.claim_and_die()

    @rule()
    def a_process_dies_after_it_sent(self) -> None:
        for claim in self.world.courier._claim(1):
            if claim.message_ts is None and not claim.doubtful:
                self.world.slack.accept(Post(to=claim.payload["to"], text="", blocks=[]), claim.wire_id)

    @rule()
    def a_process_freezes_before_it_sends(self) -> None:
        self.frozen += self.world.courier._claim(1)

    @precondition(lambda self: self.frozen)
    @rule()
    def a_frozen_process_goes_on(self) -> None:
        self.world.courier._deliver(self.frozen.pop())

    @rule(seconds=st.sampled_from([31, 200]))
    def a_process_freezes_while_it_sends(self, seconds: float) -> None:
        def freeze(*_: Any) -> None:
            world.clock.advance(seconds)
            world.another_courier().run_due()

        world = self.world
        world.slack.faults.append(freeze)
        for claim in world.courier._claim(1):
            world.courier._deliver(claim)
        world.slack.faults.clear()

    @invariant()
    def what_is_noted_is_noted_once(self) -> None:
        for to in self.owed:
            assert len([line for line in self.world.notes(to) if line.startswith("sent")]) <= 1

    def teardown(self) -> None:
        while self.frozen:
            self.a_frozen_process_goes_on()
        for _ in range(30):
            self.world.after(900)
            with self.world.database.begin() as session:
                for line in self.world.outbox.dead(session):
                    self.world.outbox.retry(session, line.id)
        for to in self.owed:
            job = self.world.job(to)
            assert job.state == "done"
            assert self.world.slack.copies(to) == [job.message_ts]
            assert [line for line in self.world.notes(to) if line.startswith("sent")] == [f"sent {job.message_ts}"]
        self.ending.close()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
