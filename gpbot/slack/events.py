"""One listener for every Slack event, and behind it as many handlers as care."""

import logging
from collections.abc import Callable

from gpbot.errors import place
from gpbot.slack.on import Kind, declared
from gpbot.slack.requests import Event

log = logging.getLogger(__name__)

EventHandler = Callable[[Event], None]


class EventFailed(Exception):
    """A handler failed; Slack is to deliver the event again."""


class Events:
    """Who wants to know. Slack repeats events, so a handler must be safe to run again."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[EventHandler]] = {}

    def add(self, listeners: object) -> None:
        """Every method that is marked with an event, behind those that are there."""
        for name, route in declared(type(listeners)):
            if route.kind is Kind.EVENT:
                self.on(route.id, getattr(listeners, name))

    def on(self, event_type: str, handler: EventHandler) -> None:
        self._handlers.setdefault(event_type, []).append(handler)

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(sorted(self._handlers))

    def dispatch(self, event: Event) -> None:
        """Run every handler, whatever happens to the others. Raises EventFailed when one did not finish."""
        failed = False
        for handler in self._handlers.get(event.type, ()):
            try:
                handler(event)
            except Exception as error:  # noqa: BLE001  (one workflow's trouble is not another's)
                log.error("a handler of %s failed: %s", event.type, place(error))  # noqa: TRY400  (no text)
                failed = True
        if failed:
            raise EventFailed(event.type)
