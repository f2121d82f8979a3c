"""Bolt, wired once: one listener for each kind of payload, and gpbot's own tables behind them."""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.web import WebClient

from gpbot.errors import by_type_and_place, place
from gpbot.slack.answers import Answer, CloseAll, FieldErrors, Nothing, Say, Show, ack_body
from gpbot.slack.door import Door
from gpbot.slack.errors import Funnel, Outdated
from gpbot.slack.events import EventFailed, Events
from gpbot.slack.identity import Identity, NotIdentified, identify
from gpbot.slack.moved import MovedChannels
from gpbot.slack.on import RATE_LIMITED, action_key
from gpbot.slack.requests import Asked, BadPayload, Click, Command, Event, Shortcut, Submission
from gpbot.slack.routes import Routes

__all__ = ["Identity", "NotIdentified", "build_app", "cap_loggers", "identify"]

log = logging.getLogger(__name__)

_ANY = re.compile("")
_SUBMISSION_ANSWERS = (Nothing, Show, CloseAll, FieldErrors)
_COMMAND_ANSWERS = (Nothing, Say)

AskedKind = TypeVar("AskedKind", bound=Asked)


class WrongAnswer(TypeError):
    """A listener answered with what Slack does not take for this kind of payload."""


def cap_loggers() -> None:
    """Whatever LOG_LEVEL says: below WARNING, Bolt and slack_sdk log whole payloads, and above it texts of errors."""
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger(name).addFilter(by_type_and_place)


def build_app(
    *,
    client: WebClient,
    signing_secret: str,
    identity: Identity,
    routes: Routes,
    events: Events,
    errors: Funnel,
    door: Door | None = None,
    moved: MovedChannels | None = None,
) -> App:
    """The Bolt app. Acks only after the listener returned, and so after its commit.

    An empty `signing_secret` is for Socket Mode, where nothing arrives over HTTP. Without a `door` anyone of this
    workspace is let in.
    """
    cap_loggers()
    logging.getLogger("slack_bolt").addFilter(_is_news)
    authorized = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team_id,
        bot_user_id=identity.bot_user_id,
        bot_id=identity.bot_id,
        bot_token=client.token,
    )
    app = App(
        name="slack_bolt.gpbot",  # with each request, Bolt sets the level of the logger of this name to its own
        logger=logging.getLogger("slack_bolt"),
        client=WebClient(
            base_url=client.base_url,
            timeout=client.timeout,
            retry_handlers=[],
            logger=logging.getLogger("slack_sdk"),
        ),
        signing_secret=signing_secret,
        authorize=lambda: authorized,
        token_verification_enabled=False,
        request_verification_enabled=False,  # gpbot.web.signed does that, on the raw bytes and by the agreed clock
        # See docs/decisions/0001-answer-after-commit.md
        process_before_response=True,
        raise_error_for_unhandled_request=True,  # Bolt's own warning repeats what was typed
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    app.use(_hear_of_limits(events))
    if moved is not None:
        app.use(_call_channels_as_known(moved))
    entrance = _Entrance(routes, events, errors, door or Door(identity, errors), moved)
    app.command(_ANY)(entrance.command)
    app.action(_ANY)(entrance.click)
    app.view_submission(_ANY)(entrance.submission)
    app.global_shortcut(_ANY)(entrance.shortcut)
    app.message_shortcut(_ANY)(entrance.message_shortcut)
    app.event(_ANY)(entrance.event)
    app.error(_refuse)
    return app


class _Entrance:
    """From Bolt's payloads to gpbot's listeners, and their answers back."""

    def __init__(self, routes: Routes, events: Events, errors: Funnel, door: Door, moved: MovedChannels | None) -> None:
        self._routes = routes
        self._events = events
        self._errors = errors
        self._door = door
        self._moved = moved

    def command(self, ack: Ack, body: dict[str, Any]) -> BoltResponse:
        asked = Command.read(body)
        return self._answer(body, asked, self._routes.command(asked) or _outdated, ack, _COMMAND_ANSWERS)

    def click(self, ack: Ack, body: dict[str, Any]) -> BoltResponse:
        asked = Click.read(body)
        return self._answer(body, asked, self._routes.actions.get(action_key(asked.action_id), _outdated), ack)

    def submission(self, ack: Ack, body: dict[str, Any]) -> BoltResponse:
        asked = Submission.read(body)
        listener = self._routes.submissions.get(asked.callback_id, _outdated)
        return self._answer(body, asked, listener, ack, _SUBMISSION_ANSWERS)

    def shortcut(self, ack: Ack, body: dict[str, Any]) -> BoltResponse:
        return self._shortcut(self._routes.shortcuts, ack, body)

    def message_shortcut(self, ack: Ack, body: dict[str, Any]) -> BoltResponse:
        return self._shortcut(self._routes.message_shortcuts, ack, body)

    def event(self, ack: Ack, body: dict[str, Any]) -> BoltResponse:
        event = Event.read(body)
        if self._door.lets_in(body, event):
            self._events.dispatch(event)
        return ack()

    def _shortcut(
        self, table: Mapping[str, Callable[[Shortcut], Answer]], ack: Ack, body: dict[str, Any]
    ) -> BoltResponse:
        asked = Shortcut.read(body)
        return self._answer(body, asked, table.get(asked.callback_id, _outdated), ack)

    def _answer(
        self,
        body: dict[str, Any],
        asked: AskedKind,
        listener: Callable[[AskedKind], Answer],
        ack: Ack,
        allowed: tuple[type[Any], ...] = (Nothing,),
    ) -> BoltResponse:
        def heard() -> Answer:
            answer: Answer = listener(asked)
            if not any(isinstance(answer, each) for each in allowed):
                raise WrongAnswer(type(answer).__name__)
            return answer

        try:
            answer = self._door.admit(body, asked, heard)
        except Exception as error:  # noqa: BLE001  (the funnel takes all)
            answer = self._errors.answer(asked, error)
        said = ack_body(answer)
        if self._moved is not None:
            said = self._moved.outside(said)
        return ack() if said is None else ack(said)


def _hear_of_limits(events: Events) -> Callable[..., BoltResponse]:
    """The one thing that Slack tells without an event around it."""

    def hear(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002  (Bolt's name)
        if body.get("type") != RATE_LIMITED:
            return next()
        events.dispatch(Event(type=RATE_LIMITED, event_id="", body=body))
        return BoltResponse(status=200)

    return hear


def _call_channels_as_known(moved: MovedChannels) -> Callable[..., BoltResponse]:
    def call(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002  (Bolt's name)
        body.update(moved.inside(body))
        return next()

    return call


def _is_news(record: logging.LogRecord) -> bool:
    # Bolt finds SLACK_BOT_TOKEN in the environment, and warns that it does not use it.
    return "`token` will be unused" not in record.getMessage()


def _outdated(asked: Asked) -> Answer:
    raise Outdated(asked)


def _refuse(error: Exception) -> BoltResponse | None:
    # What comes here had no person waiting: Slack gets an HTTP error, or no ack, and delivers again.
    if isinstance(error, BoltUnhandledRequestError):
        log.warning("refused a payload of a kind nothing here answers")
        return BoltResponse(status=404)
    if isinstance(error, BadPayload):
        log.warning("refused a payload without %s", error)
        return BoltResponse(status=400)
    if not isinstance(error, EventFailed):  # whose cause the fan-out logged
        log.error("%s", place(error))
    return None
