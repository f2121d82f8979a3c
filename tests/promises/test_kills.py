"""An acknowledged report survives SIGKILL at any moment, and what it owes arrives once."""

import random
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gpbot.bootstrap import Gpbot, build
from gpbot.home.desk import DESK
from gpbot.outbox.store import claim
from gpbot.outbox.types import Post
from gpbot.practice.person import CannotDo, Person
from gpbot.reports import ids
from gpbot.settings import load_settings
from gpbot.web.server import WebServer, wsgi_app
from tests.running import Town, town
from tests.stage import Stage, StoppedClock

KILLS = 20
PATIENCE = 2.0  # seconds; a moment that does not come by then is a kill at any moment
POST = "chat.postMessage"


@dataclass
class Reporter:
    """Reports again and again, and presses again whatever Slack says went wrong."""

    who: Person
    stopping: threading.Event
    acknowledged: list[str] = field(default_factory=list)

    def run(self) -> None:
        while not self.stopping.is_set():
            words = f"canary{secrets.token_hex(8)} happened at the door"
            while not self._has_sent(words):
                if self.stopping.wait(0.02):
                    return
            self.acknowledged.append(words)
            self.stopping.wait(0.15)

    def _has_sent(self, words: str) -> bool:
        """One step nearer to the receipt."""
        modal = self.who.modal
        shown = modal.raw["callback_id"] if modal else None
        try:
            match shown:
                case ids.FORM:
                    self.who.fill("What happened", words)
                    self.who.submit()
                case ids.REVIEW:
                    assert modal is not None
                    sent = self.who.submit()
                    return sent.ok and words in (self.who.modal or modal).text
                case None:
                    if self.who.command("/report").ok:
                        self._await_modal()
                case _:
                    self.who.dismiss(all=True)
        except CannotDo:  # a modal came, or went, in between
            pass
        return False

    def _await_modal(self) -> None:
        until = time.monotonic() + 1
        while self.who.modal is None and time.monotonic() < until and not self.stopping.is_set():
            time.sleep(0.005)


class Moments:
    """What can be waited for, so that the process is killed just then."""

    def __init__(self, here: Town, dice: random.Random) -> None:
        self._here = here
        self._dice = dice

    def any_time(self) -> None:
        time.sleep(self._dice.uniform(0, 0.6))

    def after_the_commit_before_the_ack(self) -> None:
        self._until_more("SELECT count(*) FROM report")

    def before_the_request_to_slack(self) -> None:
        self._until_more("SELECT count(DISTINCT token) FROM job")

    def while_slack_has_the_request(self) -> None:
        self._here.workspace.faults.add(method=POST, delay=0.3, times=4)
        self._until_more("SELECT count(DISTINCT token) FROM job")
        time.sleep(self._dice.uniform(0.05, 0.25))

    def after_the_request_before_the_finish(self) -> None:
        self._until(lambda: sum(call.method == POST for call in list(self._here.workspace.calls)))

    def after_an_answer_was_lost(self) -> None:
        self._here.workspace.faults.add(method=POST, drop="after", times=3)
        self._until(
            lambda: sum(
                call.response.get("error") == "(connection dropped)" for call in list(self._here.workspace.calls)
            )
        )
        time.sleep(self._dice.uniform(0, 0.05))

    def after_an_ack_was_lost(self) -> None:
        self._here.workspace.faults.deliveries(lose_ack=True, where=_is_send)
        self._until_more("SELECT count(*) FROM report")
        time.sleep(self._dice.uniform(0, 0.1))

    def all(self) -> list[Callable[[], None]]:
        return [
            self.after_the_commit_before_the_ack,
            self.before_the_request_to_slack,
            self.any_time,
            self.while_slack_has_the_request,
            self.after_the_request_before_the_finish,
            self.after_an_answer_was_lost,
            self.after_an_ack_was_lost,
        ]

    def _until_more(self, query: str) -> None:
        with closing(sqlite3.connect(f"file:{self._here.database}?mode=ro", uri=True, timeout=1)) as looking:
            self._until(lambda: int(looking.execute(query).fetchone()[0]))

    def _until(self, count: Callable[[], int]) -> None:
        before, end = count(), time.monotonic() + PATIENCE
        while count() <= before and time.monotonic() < end:
            time.sleep(0.0002)


def _is_send(payload: object) -> bool:
    return isinstance(payload, dict) and payload.get("view", {}).get("callback_id") == ids.REVIEW


@contextmanager
def reporting(here: Town) -> Iterator[list[Reporter]]:
    stopping = threading.Event()
    reporters = [Reporter(who, stopping) for who in here.members]
    threads = [threading.Thread(target=reporter.run) for reporter in reporters]
    for thread in threads:
        thread.start()
    try:
        yield reporters
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


@contextmanager
def last_life(here: Town) -> Iterator[Gpbot]:
    """On the same file and on a clock that is moved, past the leases of the dead, until everything is settled."""
    clock = StoppedClock(datetime.now(UTC))
    bot = build(load_settings(here.settings(http=True)), clock=clock)
    web = WebServer(wsgi_app(bot.app, bot.health), host="127.0.0.1", port=0)
    web.start()
    here.workspace.deliver_to(f"http://127.0.0.1:{web.port}/slack/events")
    try:
        for _ in range(150):
            bot.settle()
            clock.advance(seconds=1)
        yield bot
    finally:
        web.stop()
        bot.stop()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as place:
        yield place


def test_no_acknowledged_report_is_lost_and_nothing_arrives_twice_though_gpbot_is_killed_twenty_times(
    here: Town,
) -> None:
    dice = random.Random(2026)
    moments = Moments(here, dice).all()
    while_it_makes_its_tables(here)
    with reporting(here) as reporters:
        for number in range(KILLS - 1):
            life = here.start(http=number % 2 == 0)
            moments[number % len(moments)]()
            here.kill(life)
            here.workspace.faults.clear()
    written = {each.who.id: each.acknowledged for each in reporters}
    assert all(written.values()), "nobody could report anything: this test tests nothing"
    for person in here.members:
        while person.modals:
            person.dismiss(all=True)

    with last_life(here) as bot:
        state = bot.health()
        assert (state["outbox"]["dead"], state["outbox"]["overdue_seconds"]) == (0, 0.0)
        receipts = {each.id: newest_messages(here, each) for each in here.members}
        stubs = {each.id: newest_messages(here, each) for each in here.champions}
        reports = set().union(*receipts.values())
        assert_nothing_twice(here)

        found: Counter[str] = Counter()
        for person in here.members:
            mine = [look_at(here, bot, person, report) for report in receipts[person.id]]
            found.update(words for words in written[person.id] for text in mine if words in text)
        assert found == Counter(words for mine in written.values() for words in mine)

        for champion in here.champions:
            assert stubs[champion.id] == reports
            assert listed(bot, champion, here) == reports
        champion = dice.choice(here.champions)
        read = "\n".join(look_at(here, bot, champion, report) for report in sorted(reports))
        assert all(words in read for mine in written.values() for words in mine)
        with bot.records.database.read() as session:
            assert bot.records.audit.verify(session).broken_at is None
    with closing(sqlite3.connect(here.database)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert "canary" not in "".join(life.text for life in here.lives)
    here.workspace.check()


def test_the_desk_that_several_lives_owe_is_put_up_once(community: Stage) -> None:
    desk = community.workspace.add_channel("another", private=True, members=[community.ben])
    community.workspace.invite(desk, community.app.bot_user_id)
    community.stop()
    community.settings = replace(community.settings, triage_channel=desk.id)
    for _ in range(3):  # each ends before it has sent anything
        bot = build(community.settings, clock=community.clock)
        bot.desk.put_up()
        bot.stop()
    community.start()
    with community.bot.records.database.begin() as session:
        held = claim(session, community.clock.now(), limit=10)
        assert [each.kind for each in held] == ["desk"]
    community.later(minutes=2)
    assert sum("The Desk" in message.text for message in community.ben.read(desk)) == 1


def test_a_second_desk_that_another_process_sent_meanwhile_is_taken_away(community: Stage) -> None:
    with community.bot.records.database.begin() as session:
        second = community.bot.gateway.send(Post(to=community.triage.id, text=DESK, blocks=[]), "w")
        community.bot.desk.record(session, {}, second)
    assert sum(DESK in message.text for message in community.ben.read(community.triage)) == 2
    community.settle()
    assert sum(DESK in message.text for message in community.ben.read(community.triage)) == 1


def while_it_makes_its_tables(here: Town) -> None:
    life = here.launch(http=True)
    until = time.monotonic() + 20
    while not here.database.exists() and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(0.05)
    life.kill()


def newest_messages(here: Town, person: Person) -> set[str]:
    """The reports that this person has a message about: one message each."""
    offered = [
        control.element["value"]
        for message in person.inbox
        for control in message.controls
        if control.action_id == ids.OPEN
    ]
    twice = [report for report, times in Counter(offered).items() if times > 1]
    assert not twice, f"{person} has {len(twice)} messages twice"
    return set(offered)


def assert_nothing_twice(here: Town) -> None:
    """Nor was anything there twice for a while: nothing was deleted, and each wire id is in one message."""
    assert not [call for call in here.workspace.calls if call.method == "chat.delete"]
    for person in [*here.members, *here.champions, *here.contacts]:
        said = here.workspace.dm(person.id).messages.values()
        wires = Counter(message.metadata["event_payload"]["id"] for message in said if message.metadata)
        assert set(wires.values()) <= {1}


def look_at(here: Town, bot: Gpbot, person: Person, report: str) -> str:
    """Press Open on the message about a report; what the modal then says."""
    [message] = [
        each for each in person.inbox if report in {str(control.element.get("value")) for control in each.controls}
    ]
    person.press("Open", within=message)
    bot.windows.settle()
    assert person.modal is not None
    text = person.modal.text
    person.dismiss(all=True)
    return text


def listed(bot: Gpbot, champion: Person, here: Town) -> set[str]:
    """Every report on this champion's own list, page after page."""
    champion.press("What is waiting for me", channel=here.triage)
    bot.windows.settle()
    shown: set[str] = set()
    while True:
        modal = champion.modal
        assert modal is not None
        buttons = {control.words: control for control in modal.controls}
        shown |= {
            str(control.element["value"]) for control in modal.controls if control.action_id.startswith(ids.OPEN + ":")
        }
        if "Older" not in buttons:
            champion.dismiss(all=True)
            return shown
        champion.press("Older")
        bot.windows.settle()
