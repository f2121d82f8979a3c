"""What goes by turns is shown as often as needed, no oftener, and what stays is never older than the last change."""

from collections import deque
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.db import Database
from gpbot.outbox import Courier, Outbox
from gpbot.outbox.models import JobRow
from gpbot.outbox.types import (
    Job,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    PublishHome,
    RateLimited,
    Receipt,
    Refused,
    SendingEnded,
)
from tests.clocks import StoppedClock
from tests.databases import FOLDER, KINDS, Kind, fresh_database

BOARD = Job(kind="board", key="board:U1", payload={"to": "U1"}, by_turns=True)


def _nothing() -> None: ...


class Board:
    """One person's page: the number it was rendered with, and what is on its way there."""

    def __init__(self, url: str) -> None:
        self.clock = StoppedClock()
        self.database = Database(url, clock=self.clock)
        self.outbox = Outbox(self.database)
        self.courier = self.another_courier()
        self.now_at = 0
        self.shown: list[int] = []
        self.faults: deque[SendingEnded | float | None] = deque()  # a number: it arrives so many seconds late
        self.changes_while_sending = 0
        self.while_sending = _nothing  # happens once
        self.receipt = Receipt()
        self._late: list[tuple[datetime, int]] = []

    def another_courier(self) -> Courier:
        return Courier(self.database, self, {"board": self})

    def change(self) -> None:
        with self.database.begin() as session:
            self.now_at += 1
            self.outbox.owe(session, BOARD)

    def after(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.shown += [number for at, number in self._late if at <= self.clock.now()]
        self._late = [(at, number) for at, number in self._late if at > self.clock.now()]

    def prepare(self, payload: dict[str, Any]) -> Outgoing:
        return PublishHome(user_id=payload["to"], view={"number": self.now_at})

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None: ...

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None: ...

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:  # noqa: ARG002  (a Sender)
        assert isinstance(outgoing, PublishHome)
        number: int = outgoing.view["number"]
        while self.changes_while_sending:
            self.changes_while_sending -= 1
            self.change()
        happens, self.while_sending = self.while_sending, _nothing
        happens()
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, SendingEnded):
            raise fault
        if fault is not None:
            arrives = self.clock.now()
            self.clock.advance(0.001)
            self._late.append((arrives.fromtimestamp(arrives.timestamp() + fault, arrives.tzinfo), number))
            raise OutcomeUnknown("timeout")
        self.shown.append(number)
        return self.receipt

    def find(self, to: str, wire_id: str, since: datetime) -> list[Receipt]:
        raise AssertionError((to, wire_id, since))  # nothing is looked for on a page

    def row(self) -> JobRow:
        with self.database.read() as session:
            return session.execute(select(JobRow)).scalar_one()


@pytest.fixture
def board(database_url: str) -> Any:
    made = Board(database_url)
    yield made
    made.database.close()


def test_changes_that_wait_together_are_shown_together(board: Board) -> None:
    for _ in range(3):
        board.change()
    assert board.courier.run_due() == 1
    assert board.shown == [3]
    board.change()
    assert board.courier.run_due() == 1
    assert board.shown == [3, 4]
    assert board.row().state == "done"


def test_a_message_that_is_edited_by_turns_is_edited_each_time(board: Board) -> None:
    board.receipt = Receipt(channel_id="C1", message_ts="1700000000.000001")
    for _ in range(2):
        board.change()
        board.changes_while_sending = 1
        assert board.courier.run_due() == 2
    assert board.shown == [1, 2, 3, 4]


def test_twice_in_one_transaction_is_once(board: Board) -> None:
    with board.database.begin() as session:
        board.outbox.owe_all(session, [BOARD, BOARD])
    assert board.courier.run_due() == 1


def test_a_change_while_it_is_being_shown_is_shown_after_it_and_never_beside_it(board: Board) -> None:
    board.change()
    board.changes_while_sending = 2
    [first] = board.courier._claim(1)
    board.change()
    assert board.another_courier().run_due() == 0  # somebody is at it
    board.courier._deliver(first)
    assert board.shown == [2]
    assert board.courier.run_due() == 1
    assert board.shown == [2, 4]


def test_what_arrives_late_is_shown_over_however_often_it_was_enqueued_meanwhile(board: Board) -> None:
    board.faults.append(8.0)
    board.change()
    for _ in range(3):
        board.courier.run_due()
        board.change()
    board.courier.run_due()
    board.after(9)
    assert board.shown[-1] == 1  # the first one has arrived
    board.after(61)
    board.courier.run_due()
    assert board.shown[-1] == board.now_at == 4


def test_what_died_is_tried_again_by_the_next_change(board: Board) -> None:
    board.faults.append(Refused("user_disabled"))
    board.change()
    board.courier.run_due()
    assert board.row().state == "dead"
    board.change()
    board.courier.run_due()
    assert board.shown == [2]


def test_a_change_during_a_refusal_has_its_turn(board: Board) -> None:
    board.faults.append(Refused("invalid_blocks"))
    board.changes_while_sending = 1
    board.change()
    board.courier.run_due()
    assert board.shown == [2]


def test_a_wait_that_slack_asked_for_serves_the_change_that_came_meanwhile(board: Board) -> None:
    board.faults.append(RateLimited(30))
    board.changes_while_sending = 1
    board.change()
    assert board.courier.run_due() == 1
    board.after(29)
    assert board.courier.run_due() == 0
    board.after(2)
    assert board.courier.run_due() == 1
    assert board.shown == [2]


def test_a_change_after_slack_asked_to_wait_waits_with_it(board: Board) -> None:
    board.faults.append(RateLimited(30))
    board.change()
    assert board.courier.run_due() == 1
    board.change()
    board.after(29)
    assert board.courier.run_due() == 0
    board.after(2)
    assert board.courier.run_due() == 1
    assert board.shown == [2]
    assert board.row().state == "done"


def test_a_wait_that_is_over_holds_up_no_change(board: Board) -> None:
    board.faults.extend([OutcomeUnknown("timeout"), RateLimited(30)])
    board.change()
    for seconds in (0, 31, 31):
        board.after(seconds)
        assert board.courier.run_due() == 1
    assert board.row().state == "ready"  # it is looked at once more
    board.change()
    assert board.courier.run_due() == 1
    assert board.shown == [1, 2]


def test_a_change_during_the_last_try_has_one_of_its_own(board: Board) -> None:
    board.faults.extend([NotSent("ConnectionRefusedError")] * 2)
    board.change()
    board.courier.run_due()
    board.after(24 * 3600 + 1)
    board.changes_while_sending = 1
    board.courier.run_due()
    board.after(15 * 60)
    board.courier.run_due()
    assert board.shown == [2]


@pytest.mark.parametrize("receipt", [Receipt(), Receipt(channel_id="C1", message_ts="1.5")])
def test_what_a_process_shows_after_it_was_frozen_for_minutes_is_shown_over(board: Board, receipt: Receipt) -> None:
    board.receipt = receipt

    def freeze() -> None:
        for _ in range(3):
            board.after(31)
            board.change()
            board.another_courier().run_due()
        board.after(31)
        board.another_courier().run_due()
        assert board.row().state == "done"

    board.while_sending = freeze
    board.change()
    [claim] = board.courier._claim(1)
    board.courier._deliver(claim)
    assert board.shown[-2:] == [board.now_at, 1]
    board.courier.run_due()
    assert board.shown[-1] == board.now_at


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.ending = ExitStack()
        self.frozen: list[Any] = []  # claims

    @initialize(kind=st.sampled_from(KINDS))
    def a_database_is_opened(self, kind: Kind) -> None:
        folder = self.ending.enter_context(TemporaryDirectory(dir=FOLDER))
        self.board = Board(self.ending.enter_context(fresh_database(kind, Path(folder))))
        self.ending.callback(self.board.database.close)

    @rule(times=st.integers(1, 3))
    def something_changes(self, times: int) -> None:
        for _ in range(times):
            self.board.change()

    @rule(seconds=st.sampled_from([0.5, 5, 12, 31, 70]))
    def time_passes(self, seconds: float) -> None:
        self.board.after(seconds)

    @rule(
        faults=st.lists(st.sampled_from(["ok", "rate", "late", "lost", "dead"]), max_size=4), changes=st.integers(0, 2)
    )
    def the_courier_runs(self, faults: list[str], changes: int) -> None:
        ends: dict[str, Any] = {
            "ok": None,
            "rate": RateLimited(3),
            "late": 8.0,
            "lost": OutcomeUnknown("timeout"),
            "dead": Refused("invalid_blocks"),
        }
        self.board.faults.extend(ends[fault] for fault in faults)
        self.board.changes_while_sending = changes
        self.board.courier.run_due()
        self.board.faults.clear()
        self.board.changes_while_sending = 0

    @rule()
    def a_process_freezes_with_a_claim(self) -> None:
        self.frozen += self.board.another_courier()._claim(1)

    @rule()
    def it_goes_on(self) -> None:
        while self.frozen:
            self.board.courier._deliver(self.frozen.pop())

    def all_is_calm(self) -> None:
        for _ in range(30):
            self.board.after(61)
            self.board.courier.run_due()

    def teardown(self) -> None:
        if hasattr(self, "board"):
            self.all_is_calm()
            if self.board.now_at and self.board.row().state == "dead":  # Slack's no was its last word
                self.board.change()
                self.all_is_calm()
            if self.board.now_at:
                assert self.board.shown[-1] == self.board.now_at
                assert self.board.row().state == "done"
        self.ending.close()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=60, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
