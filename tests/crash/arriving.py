"""Newcomers who agree, choose channels and say why they joined, whatever happens to gpbot meanwhile."""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files

from gpbot.bootstrap import Gpbot, Records, open_records
from gpbot.clock import AgreedClock
from gpbot.guidelines import ids as guidelines_ids
from gpbot.onboarding import ids
from gpbot.practice import Channel, Person
from gpbot.practice.person import CannotDo
from gpbot.practice.screens import Screen
from gpbot.settings import load_settings
from tests.crash.aftermath import catch_up, copies_removed
from tests.crash.campaigning import knows_everybody, live_until
from tests.running import Town
from tests.stage import StoppedClock

BETWEEN = 0.5  # seconds between two who join
MOST_STEPS = 200
STEPS_OF_A_DAY = 20
TOPIC = "Housing"
JUST_OVER_A_WEEK = timedelta(days=7, hours=1)


@dataclass
class Newcomer:
    """Presses on, and again whatever Slack says went wrong."""

    who: Person
    stopping: threading.Event
    words: str = field(default_factory=lambda: f"canary{secrets.token_hex(8)} brings me here")
    has_chosen: bool = False
    has_told: bool = False

    @property
    def is_done(self) -> bool:
        return self.has_chosen and self.has_told

    def run(self) -> None:
        while not self.is_done and not self.stopping.is_set():
            self.step()
            self.stopping.wait(0.1)
        self._look_away()

    def step(self) -> None:
        try:
            self._go_on()
        except CannotDo:  # a modal or a message came, or went, in between
            self._look_away()

    def _look_away(self) -> None:
        with suppress(CannotDo):
            while self.who.modals:
                self.who.dismiss(all=True)

    def _go_on(self) -> None:
        """One step nearer to the last one."""
        modal = self.who.modal
        match modal.raw["callback_id"] if modal else None:
            case None:
                self._press_what_is_next()
            case ids.TOPICS:
                self.who.fill("What do you care about?", [TOPIC])
                self.who.submit()
            case ids.CHANNELS:
                self.has_chosen = self.who.submit().ok
                self.who.dismiss(all=True)
            case ids.WHY:
                self.who.fill("In a line or two", self.words)
                self.has_told = self.who.submit().ok
                self.who.dismiss(all=True)
            case _:
                self.who.dismiss(all=True)

    def _press_what_is_next(self) -> None:
        for message in reversed(self.who.inbox):
            match kind_of(message):
                case "the first steps":
                    self._open("Write it" if self.has_chosen else "Pick topics", message)
                    return
                case "the guidelines":
                    self.who.press("I agree", within=message)
                    return

    def _open(self, button: str, within: Screen) -> None:
        self.who.press(button, within=within)
        until = time.monotonic() + 1
        while self.who.modal is None and time.monotonic() < until:
            time.sleep(0.01)


@dataclass
class Arrivals:
    channels: list[Channel]
    newcomers: list[Newcomer]
    told_meanwhile: int = 0

    @property
    def somebody_was_told(self) -> bool:
        return any(newcomer.who.inbox for newcomer in list(self.newcomers))


def prepare(here: Town) -> list[Channel]:
    """Guidelines, and channels about a topic; people who join from then on are newcomers."""
    here.more["GUIDELINES_WAIT_SECONDS"] = "1"
    channels = [here.workspace.add_channel(name, purpose=f"#{TOPIC}") for name in ("flats", "tenants")]
    records = open_records(load_settings(here.settings(http=True)))
    try:
        live_until(here, records, lambda records: knows_everybody(records) and knows_channels(records))
        sample = (files("gpbot.guidelines") / "sample.md").read_text("utf-8")
        records.guidelines.publish(sample, is_major=True, changes="", attribution="", by="operator")
    finally:
        records.database.close()
    return channels


def knows_channels(records: Records) -> bool:
    with records.database.read() as session:
        return records.directory.is_complete(session)


@contextmanager
def arriving(here: Town, channels: list[Channel], *, most: int) -> Iterator[Arrivals]:
    """One after another joins until this ends, at `most` so many, and presses on."""
    stopping, found = threading.Event(), Arrivals(channels, [])
    threads: list[threading.Thread] = []

    def join() -> None:
        while not stopping.is_set() and len(found.newcomers) < most:
            person = here.workspace.add_person(f"Newcomer{len(found.newcomers)} Member")
            here.others.append(person)
            found.newcomers.append(Newcomer(person, stopping))
            threads.append(threading.Thread(target=found.newcomers[-1].run))
            threads[-1].start()
            stopping.wait(BETWEEN)

    joining = threading.Thread(target=join)
    joining.start()
    try:
        yield found
    finally:
        stopping.set()
        joining.join()
        for thread in threads:
            thread.join()
        found.told_meanwhile = sum(bool(newcomer.who.inbox) for newcomer in found.newcomers)


def finish(bot: Gpbot, arrivals: Arrivals) -> None:
    """Those who wait for what the killed had claimed go on, on a clock that is moved."""
    for number in range(MOST_STEPS):
        waiting = [newcomer for newcomer in arrivals.newcomers if not newcomer.is_done]
        if not waiting:
            return
        for newcomer in waiting:
            newcomer.step()
        bot.windows.settle()
        if number == STEPS_OF_A_DAY:  # whom Slack has told nobody of by now is found in the list of members
            _clock_of(bot).advance(days=1)
        catch_up(bot, _clock_of(bot))
    raise AssertionError(f"{len(waiting)} newcomers do not get on")


def assert_each_arrived_once(here: Town, bot: Gpbot, arrivals: Arrivals) -> int:
    """Told once, asked once, in each channel once; how many cards without words stand there twice."""
    assert arrivals.told_meanwhile, "nobody was told while processes were killed: this tests nothing"
    finish(bot, arrivals)
    for newcomer in arrivals.newcomers:
        who = newcomer.who
        got = messages(who)
        assert got == {"a receipt": 1, "the first steps": 1}, (who, got)
        assert all(channel.members.count(who.id) == 1 for channel in arrivals.channels)
    assert copies_removed(here) == 0
    cards = [each.text for each in here.champions[0].read(here.triage) if "is new here" in each.text]
    for newcomer in arrivals.newcomers:
        assert sum(newcomer.words in card for card in cards) == 1
    _assert_each_is_asked_after_a_week_once(bot, arrivals)
    state = bot.health()
    assert (state["outbox"]["dead"], state["outbox"]["overdue_seconds"]) == (0, 0.0)
    said = "".join(life.text for life in here.lives)
    assert "canary" not in said
    assert "Traceback" not in said, said[said.index("Traceback") - 300 :][:3000]
    return len(cards) - len(arrivals.newcomers)


def _assert_each_is_asked_after_a_week_once(bot: Gpbot, arrivals: Arrivals) -> None:
    clock = _clock_of(bot)
    for _ in range(2):
        clock.at += JUST_OVER_A_WEEK
        catch_up(bot, clock)
        for newcomer in arrivals.newcomers:
            got = messages(newcomer.who)
            assert got == {"a receipt": 1, "the first steps": 1, "the word after a week": 1}, (newcomer.who, got)
    with bot.records.database.read() as session:
        assert bot.records.audit.verify(session).broken_at is None


def _clock_of(bot: Gpbot) -> StoppedClock:
    agreed = bot.records.database.clock
    assert isinstance(agreed, AgreedClock)
    clock = agreed._own
    assert isinstance(clock, StoppedClock)
    return clock


def messages(who: Person) -> Counter[str]:
    """What they were sent; not what a slow Slack had gpbot say to them alone, which is gone when they look again."""
    return Counter(kind_of(message) for message in who.inbox if message.kind == "message")


def kind_of(message: Screen) -> str:
    """What a newcomer was sent."""
    for action_id, what in KINDS.items():
        if any(control.action_id.startswith(action_id) for control in message.controls):
            return what
    return message.text


# The first that fits: what asks to agree can be read too.
KINDS = {
    guidelines_ids.AGREE: "the guidelines",
    guidelines_ids.READ: "a receipt",
    ids.TOPICS_FORM: "the first steps",
    ids.WELL: "the word after a week",
}
