"""The one funnel: whatever goes wrong while somebody waits becomes words that person can read."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from gpbot.crypto import DoesNotOpen
from gpbot.db import CannotSave
from gpbot.errors import place
from gpbot.refusals import Refusal
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Say, Show
from gpbot.slack.blocks import NOTICE_BLOCK, View, modal, notice
from gpbot.slack.requests import Asked, Command, OpenView, Shortcut, Submission

log = logging.getLogger(__name__)

# What Slack accepts back of a view it sent us.
_VIEW_KEYS = (
    "type",
    "title",
    "submit",
    "close",
    "callback_id",
    "private_metadata",
    "clear_on_close",
    "notify_on_close",
)
_VIEW_BLOCKS = 100


_CALLED = {Command: "command", Submission: "form", Shortcut: "shortcut"}


class Outdated(Refusal):
    """An id no listener answers any more; Slack keeps showing old buttons for ever."""

    def __init__(self, asked: Asked) -> None:
        what = next((name for kind, name in _CALLED.items() if isinstance(asked, kind)), "button")
        super().__init__(f"This {what} no longer works. Open gpbot's Home tab for what is current.")


class Funnel:
    """Turns an error in a listener into an answer; `external_help` is whom to reach outside Slack."""

    def __init__(self, external_help: str) -> None:
        self.external_help = external_help
        self._tell: Callable[[Asked, str], None] = _cannot_tell

    def tells_by(self, tell: Callable[[Asked, str], None]) -> None:
        """`tell` says words to a person whose click or shortcut Slack lets us answer only from outside."""
        self._tell = tell

    def words(self, error: BaseException) -> str:
        if isinstance(error, Refusal):
            return error.words
        if isinstance(error, SQLAlchemyError | CannotSave):
            start = "We could not save this. Nothing was sent."
        elif isinstance(error, DoesNotOpen):
            start = "We could not open what was stored. Nothing was sent."
        else:
            start = "Something went wrong on our side, and nothing was sent."
        return f"{start} Please try again in a minute. If it cannot wait, contact {self.external_help}."

    def note(self, error: BaseException) -> None:
        """Log an error by type and place; refusals are no errors."""
        if not isinstance(error, Refusal):
            log.error("%s", place(error))

    def answer(self, asked: Asked, error: Exception) -> Answer:
        """The answer to give instead of the one that never came. Never raises."""
        self.note(error)
        words = self.words(error)
        match asked:
            case Command():
                return Say(words)
            case Submission(view=view):
                fields = view.input_blocks()
                return FieldErrors({fields[0]: words}) if fields else Show(with_notice(view, words))
            case _:
                self._tell(asked, words)
                return Nothing()


def with_notice(view: OpenView, words: str) -> View:
    """The same view again, with the words on top, once."""
    blocks = [block for block in view.raw.get("blocks", ()) if block.get("block_id") != NOTICE_BLOCK]
    kept = {key: view.raw[key] for key in _VIEW_KEYS if view.raw.get(key)}
    return kept | {"blocks": [notice(words), *blocks][:_VIEW_BLOCKS]}


def notice_modal(words: str) -> View:
    """A small modal that only says something."""
    return modal("Please note", [notice(words)], callback_id="gpbot.notice")


def _cannot_tell(_asked: Asked, _words: str) -> None:
    log.error("nobody told a person what went wrong: Funnel.tells_by was never called")
