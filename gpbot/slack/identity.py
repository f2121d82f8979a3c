"""Who gpbot is in the workspace: asked once, at start."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import URLError

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient

_WORDS = {
    "invalid_auth": "Slack does not know this bot token.",
    "not_authed": "There is no bot token.",
    "token_revoked": "This bot token was revoked.",
    "token_expired": "This bot token has expired.",
    "account_inactive": "This bot token belongs to an app that was removed from the workspace.",
}
_WHERE = "Copy the Bot User OAuth Token from your Slack app's page, OAuth & Permissions, to SLACK_BOT_TOKEN."


class NotIdentified(Exception):
    """Slack did not say who gpbot is; `words` says what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    team_id: str
    team_name: str
    bot_user_id: str
    bot_id: str
    bot_name: str
    app_id: str | None = None  # Slack does not always say
    url: str = ""
    scopes: frozenset[str] = frozenset()  # of the token; empty when Slack does not say


def identify(client: WebClient, look: Callable[[SlackResponse], object] = lambda _: None) -> Identity:
    """One `auth.test`, whose answer `look` sees too. Raises NotIdentified."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error", "")
        words = _WORDS.get(code)
        raise NotIdentified(
            f"{words} {_WHERE}" if words else "Slack would not say who this bot token belongs to."
        ) from None
    except (URLError, OSError):
        raise NotIdentified("Slack could not be reached. Check this machine's connection and SLACK_API_URL.") from None
    look(answer)
    if not answer.get("bot_id"):
        raise NotIdentified(f"SLACK_BOT_TOKEN is not a bot's token. {_WHERE}")
    return Identity(
        team_id=answer["team_id"],
        team_name=answer.get("team", ""),
        bot_user_id=answer["user_id"],
        bot_id=answer["bot_id"],
        bot_name=answer.get("user", ""),
        app_id=answer.get("app_id") or _app_id(client, answer["user_id"]),
        url=answer.get("url", ""),
        scopes=_scopes(answer),
    )


def _app_id(client: WebClient, bot_user_id: str) -> str | None:
    """From the bot's own profile, where it stands too."""
    try:
        user = client.users_info(user=bot_user_id).get("user") or {}
    except (SlackApiError, URLError, OSError):
        return None
    return (user.get("profile") or {}).get("api_app_id") or None


def _scopes(answer: SlackResponse) -> frozenset[str]:
    said = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    return frozenset(scope.strip() for scope in said.split(",") if scope.strip())
