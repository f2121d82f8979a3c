"""The one funnel: whatever goes wrong while somebody waits becomes words that person can read."""

import logging
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb

from sqlalchemy.exc import SQLAlchemyError

from gpbot.crypto import DoesNotOpen
from gpbot.db import CannotSave
from gpbot.refusals import Refusal
from gpbot.slack.answers import Answer, FieldErrors, Nothing, Say, Show
from gpbot.slack.blocks import NOTICE_BLOCK, View, modal, notice
from gpbot.slack.requests import Asked, Closed, Command, OpenView, Submission

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


class Outdated(Refusal):
    """An id no listener answers any more; Slack keeps showing old buttons for ever."""

    words = "This button no longer works. Open gpbot's Home tab for what is current."


def place(error: BaseException) -> str:
    """Type, file and line of an error: all that may be logged of it."""
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "gpbot" in Path(frame.filename).parts] or frames
    if not ours:
        return type(error).__name__
    path = Path(ours[-1].filename)
    return f"{type(error).__name__} at {path.parent.name}/{path.name}:{ours[-1].lineno}"


def by_type_and_place(record: logging.LogRecord) -> bool:
    """A logging filter: of an error that is logged with its trace, only its type and place are."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args, record.exc_info, record.exc_text = place(error), (), None, None
    return True


class Funnel:
    """Turns an error in a listener into an answer; `external_help` is whom to reach outside Slack."""

    def __init__(self, external_help: str) -> None:
        self._external_help = external_help
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
        return f"{start} Please try again in a minute. If it cannot wait, contact {self._external_help}."

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
            case Closed():
                return Nothing()
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
