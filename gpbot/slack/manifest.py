"""The app manifest, made from what listeners declare: what is not in it does not work in Slack."""

from collections.abc import Iterable, Sequence
from typing import Any

from gpbot.slack.on import RATE_LIMITED, Kind, Route
from gpbot.text import start_of

# Only what code here uses; each new use adds its own.
SCOPES = (
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "groups:read",
    "im:history",
    "im:write",
    "pins:write",
    "users:read",
)
TO_SEE_WHEN_SOMEBODY_WROTE = "channels:history"
_EVENT_NAMES: dict[str, list[str]] = {"message": ["message.im"], RATE_LIMITED: []}


def manifest(
    *,
    name: str,
    routes: Sequence[Route],
    scopes: Iterable[str] = (),
    url: str | None,
) -> dict[str, Any]:
    """`scopes` beside those every gpbot asks for; `url` is where Slack reaches it over HTTP, None for Socket Mode."""
    events = sorted({each.id for each in routes if each.kind is Kind.EVENT})
    over_http = {} if url is None else {"request_url": url}
    return {
        "display_information": {
            "name": "gpbot",
            "description": start_of(f"For the members and champions of {name}", 140),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "gpbot", "always_online": True},
            "shortcuts": [
                {"name": route.name, "type": kind, "callback_id": route.id, "description": route.description}
                for kind, of_kind in (("global", Kind.SHORTCUT), ("message", Kind.MESSAGE_SHORTCUT))
                for route in routes
                if route.kind is of_kind
            ],
            "slash_commands": [
                {
                    "command": route.id,
                    "description": route.description,
                    "should_escape": True,
                    **({"usage_hint": hint} if (hint := _hint(route, routes)) else {}),
                    **({} if url is None else {"url": url}),
                }
                for route in routes
                if route.kind is Kind.COMMAND
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted({*SCOPES, *scopes})}},
        "settings": {
            "event_subscriptions": {
                "bot_events": sorted(name for each in events for name in _EVENT_NAMES.get(each, [each])),
                **over_http,
            },
            "interactivity": {"is_enabled": True, **over_http},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _hint(command: Route, routes: Sequence[Route]) -> str:
    words = [each.hint for each in routes if each.kind is Kind.SUBCOMMAND and each.id == f"{command.id} {each.hint}"]
    return " | ".join([*([command.hint] if command.hint else []), *words])
