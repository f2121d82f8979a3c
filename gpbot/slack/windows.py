"""Modals and answers given from outside an ack: a small bounded pool, so that no ack waits for Slack."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from gpbot.outbox.types import OutcomeUnknown, Refused, SendingEnded
from gpbot.refusals import Refusal
from gpbot.slack.blocks import Block, View, actions, button, section
from gpbot.slack.errors import Funnel, notice_modal
from gpbot.slack.gateway import Gateway
from gpbot.slack.quick import Once, QuickClicks
from gpbot.slack.requests import Asked, Click

log = logging.getLogger(__name__)

THREADS = 4
QUEUE = 64
HANGING_SECONDS = 600.0  # only what hangs takes so long
_SPARE = 32  # room in the queue for telling people that it is full

SLOW = "Slack took too long to open this."
NOT_SHOWN = "Something you asked for could not be shown here. Open gpbot's Home tab for what is current."

_TRIGGER_TROUBLE = {"expired_trigger_id", "invalid_trigger_id"}
_USED_ELSEWHERE = {"exchanged_trigger_id", "trigger_exchanged"}


class TooBusy(Refusal):
    words = "gpbot has too much in hand just now. Please try again in a moment."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Again:
    """The button to offer when Slack would not open a modal in time.

    `value` may be a function: it runs first, and may save what was typed so that nothing is lost.
    """

    action_id: str
    value: Callable[[], str] | str = ""
    words: str = "Open"
    unsaid: Callable[[str], None] | None = None  # with the value, when Slack would not even take the button


class Windows:
    """Opens, updates and answers from its own threads. Raises TooBusy when those have too much to do."""

    def __init__(self, gateway: Gateway, errors: Funnel) -> None:
        self._gateway = gateway
        self._errors = errors
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="windows")
        self._in_hand = 0
        self._changed = threading.Condition()
        self._quick = QuickClicks()
        self._triggers = Once()
        errors.tells_by(self.tell)

    def open(
        self,
        asked: Asked,
        build: Callable[[], View],
        *,
        push: bool = False,
        opened: Callable[[str], None] | None = None,
        again: Again | None = None,
    ) -> None:
        """Open what `build` returns, or push it on the modal the person is in; then `opened(view_id)`.

        A refusal or an error in `build` opens a small modal that says so. When Slack will not open it
        (the trigger lived for three seconds), the person is offered the button `again`. What is delivered twice has
        one trigger, and opens one modal: here by `Once`, and of several processes Slack takes it from the first alone.
        """
        self._run(lambda: self._open(asked, build, push=push, opened=opened, again=again))

    def update(
        self,
        view_id: str,
        build: Callable[[], View],
        *,
        hash: str | None = None,  # noqa: A002  (Slack's name)
        opened: Callable[[str], None] | None = None,
    ) -> None:
        """Replace what an open modal shows; with `hash`, only if nothing replaced it meanwhile."""
        self._run(lambda: self._update(view_id, build, hash, opened))

    def follow(self, asked: Click, build: Callable[[], View]) -> None:
        """Draw the modal of this click again, in which the same things are asked.

        Several quick clicks may all come from the window as it was before the first of them; the last one counts.
        """
        view = asked.view
        if view is not None:

            def draw(hash: str) -> str:  # noqa: A002  (Slack's name)
                return self._gateway.update_view(view.view_id, self._built(build)[0], hash=hash)

            self._run(lambda: self._quick.draw(view.view_id, draw, hash=view.hash, at=asked.at))

    def show(
        self,
        asked: Click,
        build: Callable[[], View],
        *,
        opened: Callable[[str], None] | None = None,
        again: Again | None = None,
    ) -> None:
        """In the modal the click came from, or in a new one when it came from App Home or a message.

        Of several quick clicks in one modal all are built, and the last one stays, in whatever order they are drawn.
        """
        view = asked.modal
        if view is None:
            self.open(asked, build, opened=opened, again=again)
        else:
            self._run(lambda: self._in_turn(view.view_id, build, opened, at=asked.at))

    def respond(self, asked: Asked, text: str, blocks: Sequence[Block] = (), *, replace_original: bool = False) -> None:
        """Say something only this person sees, where they clicked; by direct message if that is not possible.

        The text must be neutral: in a direct message it stays.
        """
        self._run(lambda: self._respond(asked, text, blocks, replace_original=replace_original))

    def replace(self, asked: Asked, text: str, blocks: Sequence[Block]) -> None:
        """Put this in the place of the message they clicked in, where that is possible at once.

        The caller enqueues the same in the outbox, so that nothing is said twice where it is not.
        """
        self._run(lambda: self._replace(asked, text, blocks))

    def tell(self, asked: Asked, words: str) -> None:
        """Say what went wrong: where they clicked, or in a small modal, or neutrally by direct message."""
        try:
            self._run(lambda: self._tell(asked, words), spare=_SPARE)
        except TooBusy:
            log.error("too busy to tell a person what went wrong")  # noqa: TRY400  (no text in logs)

    def later(self, work: Callable[[], None]) -> bool:
        """Run `work` on one of these threads; False when they have too much to do."""
        try:
            self._run(work)
        except TooBusy:
            return False
        return True

    def settle(self, timeout: float = HANGING_SECONDS) -> bool:
        """Wait until nothing is running; False when the time (in seconds) ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: self._in_hand == 0, timeout)

    def stop(self, timeout: float = 5) -> None:
        self.settle(timeout)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, work: Callable[[], None], spare: int = 0) -> None:
        with self._changed:
            if self._in_hand >= THREADS + QUEUE + spare:
                raise TooBusy
            self._in_hand += 1
        try:
            self._pool.submit(self._guarded, work)
        except RuntimeError:  # stopped
            self._done()
            raise TooBusy from None

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except SendingEnded as ended:
            log.warning("Slack would not take what a person waits for: %s", ended.code)
        except Exception as error:  # noqa: BLE001  (the last place that can note it)
            self._errors.note(error)
        finally:
            self._done()

    def _done(self) -> None:
        with self._changed:
            self._in_hand -= 1
            self._changed.notify_all()

    def _built(self, build: Callable[[], View]) -> tuple[View, bool]:
        """The view, or a small one that says why not; and whether it is the real one."""
        try:
            return build(), True
        except Exception as error:  # noqa: BLE001  (the funnel takes all)
            self._errors.note(error)
            return notice_modal(self._errors.words(error)), False

    def _open(
        self,
        asked: Asked,
        build: Callable[[], View],
        *,
        push: bool,
        opened: Callable[[str], None] | None,
        again: Again | None,
    ) -> None:
        if asked.trigger_id is not None and not self._triggers.is_first(asked.trigger_id):
            return
        view, is_real = self._built(build)
        try:
            view_id = self._show(asked, view, push=push)
        except SendingEnded as ended:
            if ended.code in _USED_ELSEWHERE:
                log.info("another process has opened a modal for what was delivered here too")
            elif isinstance(ended, Refused) and ended.code not in _TRIGGER_TROUBLE:
                log.error("Slack refused a modal: %s", ended.code)  # noqa: TRY400  (no text in logs)
                self._respond(asked, self._errors.words(ended))
            else:
                self._offer(asked, again)
            return
        if is_real and opened is not None:
            opened(view_id)

    def _show(self, asked: Asked, view: View, *, push: bool) -> str:
        if asked.trigger_id is None:
            raise Refused("expired_trigger_id")
        if push:
            return self._gateway.push_view(asked.trigger_id, view)
        return self._gateway.open_view(asked.trigger_id, view)

    def _offer(self, asked: Asked, again: Again | None) -> None:
        if again is None:
            self._respond(asked, f"{SLOW} Please try again.")
            return
        try:
            value = again.value() if callable(again.value) else again.value
        except Exception as error:  # noqa: BLE001  (the funnel takes all)
            self._errors.note(error)
            self._respond(asked, self._errors.words(error))
            return
        text = f"{SLOW} Press {again.words} to go on."
        press = button(again.words, again.action_id, value or None, style="primary")
        try:
            self._respond(asked, text, [section(text), actions(press)])
        except SendingEnded:
            if again.unsaid is not None:
                again.unsaid(value)
            raise

    def _update(
        self,
        view_id: str,
        build: Callable[[], View],
        view_hash: str | None,
        opened: Callable[[str], None] | None,
    ) -> None:
        view, is_real = self._built(build)
        try:
            self._gateway.update_view(view_id, view, hash=view_hash)
        except OutcomeUnknown:
            if is_real and opened is not None:
                opened(view_id)  # it may stand there
            raise
        if is_real and opened is not None:
            opened(view_id)

    def _in_turn(
        self, view_id: str, build: Callable[[], View], opened: Callable[[str], None] | None, *, at: float
    ) -> None:
        with self._quick.turn(view_id, at=at) as is_newest:
            if is_newest:
                self._update(view_id, build, None, opened)
            else:
                self._built(build)  # it may do something, as joining a channel does

    def _respond(
        self, asked: Asked, text: str, blocks: Sequence[Block] = (), *, replace_original: bool = False
    ) -> None:
        if not self._responded(asked, text, blocks, replace_original=replace_original):
            self._gateway.direct_message(asked.user_id, text, blocks)

    def _replace(self, asked: Asked, text: str, blocks: Sequence[Block]) -> None:
        self._responded(asked, text, blocks, replace_original=True)

    def _responded(self, asked: Asked, text: str, blocks: Sequence[Block], *, replace_original: bool = False) -> bool:
        if asked.response_url is None:
            return False
        said = {"response_type": "ephemeral", "replace_original": replace_original, "text": text}
        try:
            self._gateway.respond(asked.response_url, said | {"blocks": list(blocks)} if blocks else said)
        except SendingEnded:
            return False
        return True

    def _tell(self, asked: Asked, words: str) -> None:
        if self._responded(asked, words, ()):
            return
        in_modal = isinstance(asked, Click) and asked.modal is not None
        try:
            self._show(asked, notice_modal(words), push=in_modal)
        except SendingEnded:
            self._gateway.direct_message(asked.user_id, NOT_SHOWN)
