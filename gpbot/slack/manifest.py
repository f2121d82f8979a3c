"""The app manifest, made from what is registered: what is not in it does not work in Slack."""

from typing import Any

from gpbot.slack.events import Events
from gpbot.slack.routes import Routes
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
_EVENT_NAMES = {"message": ["message.im"], "member_joined_channel": ["member_joined_channel"]}


def manifest(
    *,
    name: str,
    routes: Routes,
    events: Events,
    socket_mode: bool,
    url: str | None = None,
    asks_about_quiet_channels: bool = False,
) -> dict[str, Any]:
    """`url` is where Slack reaches gpbot over HTTP; not needed in Socket Mode."""
    scopes = sorted([*SCOPES, *([TO_SEE_WHEN_SOMEBODY_WROTE] if asks_about_quiet_channels else [])])
    bot_events = [each for kind in events.types for each in _EVENT_NAMES.get(kind, [kind])]
    over_http = {} if socket_mode else {"request_url": url}
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
                {
                    "name": route.name,
                    "type": kind,
                    "callback_id": route.callback_id,
                    "description": route.description,
                }
                for kind, table in (("global", routes.shortcuts), ("message", routes.message_shortcuts))
                for route in table.values()
            ],
            "slash_commands": [
                {
                    "command": route.name,
                    "description": route.description,
                    "should_escape": True,
                    **({"usage_hint": route.usage_hint} if route.usage_hint else {}),
                    **({} if socket_mode else {"url": url}),
                }
                for route in routes.commands.values()
            ],
        },
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(bot_events), **over_http},
            "interactivity": {"is_enabled": True, **over_http},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }
