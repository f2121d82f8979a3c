"""Whether Slack signed a request, asked of its raw bytes before anything else looks at them."""

import hashlib
import hmac
import io
import logging
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

from gpbot.web.seldom import Seldom

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

TOLERANCE: Final = 300  # seconds, as Slack advises
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_WORDS = b"This is not a request Slack makes.\n"


class Signed:
    """Lets through what Slack signed in the last five minutes, and answers everything else itself.

    In this order, each before what costs more: length, time, signature.
    """

    def __init__(self, inner: Wsgi, secret: str, *, most: int, now: Callable[[], float] = time.time) -> None:
        """`most` bytes may be in a body."""
        if not secret:
            raise ValueError("without a signing secret anybody could sign")
        self._inner = inner
        self._secret = secret.encode()
        self._most = most
        self._now = now
        self._refused = Seldom(
            logging.getLogger(__name__),
            "refused %d requests since this was last said: not signed by Slack, or SLACK_SIGNING_SECRET is wrong",
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > self._most:
            return refuse(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        seconds = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        if _SECONDS.fullmatch(seconds) and abs(self._now() - int(seconds)) <= TOLERANCE:
            body = environ["wsgi.input"].read(length)
            if self._is_signed(seconds, body, environ.get("HTTP_X_SLACK_SIGNATURE", "")):
                return self._inner({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        self._refused.note()
        return refuse(start_response, HTTPStatus.UNAUTHORIZED)

    def _is_signed(self, seconds: str, body: bytes, signature: str) -> bool:
        signing = hmac.new(self._secret, b"v0:%b:" % seconds.encode(), hashlib.sha256)
        signing.update(body)
        # As bytes: what is not ASCII would be an error.
        return hmac.compare_digest(b"v0=" + signing.hexdigest().encode(), signature.encode(errors="replace"))


def refuse(start_response: Any, status: HTTPStatus) -> Iterable[bytes]:
    start_response(f"{status.value} {status.phrase}", [("Content-Type", "text/plain")])
    return [_WORDS]
