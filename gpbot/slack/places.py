"""Asking Slack about one channel and who is in it."""

from collections.abc import Mapping
from typing import Any

from gpbot.outbox.types import NotSent
from gpbot.slack.failures import call, if_we_may
from gpbot.slack.gateway import Gateway

_PAGE = 200
_MOST_PAGES = 10


def channel_info(gateway: Gateway, channel_id: str) -> Mapping[str, Any]:
    """Slack's channel object. Raises SendingEnded."""
    with if_we_may():
        answer = call(lambda: gateway.client.conversations_info(channel=channel_id))
    channel = answer.get("channel")
    if not isinstance(channel, Mapping):
        raise NotSent("no_channel")
    return channel


def channel_members(gateway: Gateway, channel_id: str) -> list[str]:
    """User ids, the first two thousand. Raises SendingEnded."""
    found: list[str] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page, cursor = _page(gateway, channel_id, cursor)
        found += page
        if not cursor:
            break
    return found


def _page(gateway: Gateway, channel_id: str, cursor: str | None) -> tuple[list[str], str | None]:
    with if_we_may():
        answer = call(lambda: gateway.client.conversations_members(channel=channel_id, limit=_PAGE, cursor=cursor))
    return answer.get("members") or [], (answer.get("response_metadata") or {}).get("next_cursor")
