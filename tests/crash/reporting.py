"""People who report again and again, whatever happens to gpbot meanwhile."""

import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gpbot.practice.person import CannotDo, Person
from gpbot.practice.state import Answer
from gpbot.reports import ids
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from tests.running import Town


@dataclass
class Reporter:
    """Reports again and again, and presses again whatever Slack says went wrong."""

    who: Person
    stopping: threading.Event
    pace: float  # seconds between two reports
    acknowledged: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # what stood in the way, in words
    _answered: str = ""  # the id of the review whose list was answered last

    def run(self) -> None:
        while not self.stopping.is_set():
            words = f"canary{secrets.token_hex(8)} happened at the door"
            refused = len(self.told)
            while not self._has_sent(words):
                # Nobody presses at once again what has just not worked.
                if self.stopping.wait(0.1 if len(self.told) > refused else 0.02):
                    return
                refused = len(self.told)
            self.acknowledged.append(words)
            self.stopping.wait(self.pace)

    def _has_sent(self, words: str) -> bool:
        """One step nearer to the receipt."""
        modal = self.who.modal
        shown = modal.raw["callback_id"] if modal else None
        try:
            match shown:
                case ids.FORM:
                    self.who.fill("What happened", words)
                    self._note(self.who.submit())
                case ids.REVIEW:
                    self._answer()
                    self._note(self.who.submit())
                    return self._reads_that_it_is_saved(words)
                case None:
                    asked = self.who.command("/report")
                    self._note(asked)
                    if asked.ok:
                        self._await_modal()
                case _ if len(self.who.modals) > 1:  # words on top: what they were about may have been sent
                    self.who.dismiss()
                case _:
                    self.who.dismiss(all=True)
        except CannotDo:  # a modal came, or went, in between
            pass
        return False

    def _answer(self) -> None:
        """Once on each review; it stays ticked, whatever becomes of the click."""
        review = self.who.modal
        if review is not None and review.raw["id"] != self._answered:
            self._answered = review.raw["id"]
            self.who.fill(LABEL, [NONE_OF_THEM])

    def _reads_that_it_is_saved(self, words: str) -> bool:
        """The receipt, and not once more the review, with the reason why nothing was sent on top."""
        modal = self.who.modal
        return modal is not None and modal.raw["callback_id"] == ids.OWN and words in modal.text

    def _note(self, answer: Answer) -> None:
        if not answer.ok:
            self.told.append(answer.text)

    def _await_modal(self) -> None:
        until = time.monotonic() + 1
        while self.who.modal is None and time.monotonic() < until and not self.stopping.is_set():
            time.sleep(0.005)


def all_have_reported(reporters: Iterable[Reporter]) -> bool:
    """Each of them, once at least."""
    return all(each.acknowledged for each in reporters)


@contextmanager
def reporting(here: Town, *, pace: float = 0.15) -> Iterator[list[Reporter]]:
    """Every member reports until this ends, and then closes what they have open."""
    stopping = threading.Event()
    reporters = [Reporter(who, stopping, pace) for who in here.members]
    threads = [threading.Thread(target=reporter.run) for reporter in reporters]
    for thread in threads:
        thread.start()
    try:
        yield reporters
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
        for person in here.members:
            while person.modals:
                person.dismiss(all=True)
