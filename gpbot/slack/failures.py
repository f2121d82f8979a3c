"""What every failure of a call to Slack means for whatever was being done."""

import http.client
import json
import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.error import URLError

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from gpbot.outbox.types import (
    AppTokenTrouble,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    SendingEnded,
    WorkspaceFull,
)

log = logging.getLogger(__name__)

# Everything else Slack says no with is for good.
_MEANINGS: dict[Callable[[str], SendingEnded], set[str]] = {
    AppTokenTrouble: {
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    },
    OutcomeUnknown: {
        "duplicate_channel_not_found",  # Slack's words for a client_msg_id it is still busy with
        "duplicate_message_not_found",
        "fatal_error",
        "internal_error",
        "service_unavailable",
    },
    NotSent: {  # Slack is busy with something else there, and is done with it later
        "external_channel_migrating",
        "request_timeout",
        "streaming_state_conflict",
        "team_added_to_org",
    },
    WorkspaceFull: {"message_limit_exceeded"},
}
# What only says that the app may not do this to channels, and nothing of whether it may write to people.
_NOT_TO_CHANNELS = {"access_denied", "missing_scope", "no_permission"}
_SLOW_DOWN = {"rate_limited", "ratelimited"}
_UNREACHABLE = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)
_RETRY_AFTER = 30.0  # seconds, when Slack does not say


class Done:
    """A refusal that means that there is nothing left to do."""

    def __init__(self, *codes: str) -> None:
        self._codes = codes

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        return isinstance(error, Refused) and error.code in self._codes


def call(ask: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return ask()
    except SlackApiError as error:
        answer = error.response
        raise ending_of(answer.status_code, code_of(answer), answer.headers) from None
    except Exception as error:  # noqa: BLE001  (sorted by `unanswered`)
        raise unanswered(error) from None


@contextmanager
def if_we_may(*, says: bool = True) -> Iterator[None]:
    """For channels: an app installed before this release has no scope for them, which must not hold up the rest.

    `says`: the log does; otherwise the caller has more to say of it.
    """
    try:
        yield
    except AppTokenTrouble as trouble:
        if trouble.code not in _NOT_TO_CHANNELS:
            raise
        if says:
            log.warning("Slack does not let gpbot at channels: install the app again from `python -m gpbot manifest`")
        raise Refused(trouble.code) from None


def ending_of(status: int, code: str | None, headers: Mapping[str, str]) -> SendingEnded:
    """What an answer that is not ok means for whatever was being sent."""
    if status == http.client.TOO_MANY_REQUESTS or code in _SLOW_DOWN:
        return RateLimited(_seconds(header(headers, "retry-after")))
    if status >= http.client.INTERNAL_SERVER_ERROR:
        return OutcomeUnknown(f"http_{status}")
    if code is None:  # not Slack's own words: something between us and Slack answered
        return OutcomeUnknown("not_json") if status == http.client.OK else NotSent(f"http_{status}")
    return next((ending(code) for ending, codes in _MEANINGS.items() if code in codes), Refused(code))


def unanswered(error: Exception) -> SendingEnded:
    """What it means that no answer came. The code is the error's type: its text may hold anything."""
    cause = error.reason if isinstance(error, URLError) else error
    code = type(cause).__name__ if isinstance(cause, BaseException) else type(error).__name__
    if isinstance(error, URLError) and isinstance(cause, _UNREACHABLE):
        return NotSent(code)
    if isinstance(error, OSError | http.client.HTTPException):
        return OutcomeUnknown(code)
    return Refused(code)  # it never left: slack_sdk would not make a request of it


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Whatever case it came in; `name` in small letters."""
    return next((value for each, value in headers.items() if each.lower() == name), None)


def code_of(answer: SlackResponse) -> str | None:
    data = answer.data
    return if_code(data.get("error")) if isinstance(data, Mapping) else None


def hook_code(body: str) -> str | None:
    try:
        data = json.loads(body)
    except ValueError:
        return if_code(body.strip())
    return if_code(data.get("error")) if isinstance(data, Mapping) else None


def if_code(text: object) -> str | None:
    return text if isinstance(text, str) and re.fullmatch(r"[a-z0-9_]{1,80}", text) else None


def _seconds(retry_after: str | None) -> float:
    try:
        return max(1.0, float(retry_after or _RETRY_AFTER))
    except ValueError:
        return _RETRY_AFTER
