"""Settings: one frozen record, and a sentence for everything wrong at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields

from gpbot.community import Community
from gpbot.crypto import BadKey, Vault
from gpbot.named import AnyChannel, ProposalsChannel, PublicChannel, RoleHolderId, TriageChannel, WelcomeChannel
from gpbot.text import is_blank

SLACK_API = "https://slack.com/api/"
DATABASE_URL = "sqlite:///gpbot.sqlite3"
_NUMBER = re.compile(r"[0-9]{1,9}")
_DATABASE = re.compile(r"(sqlite|postgresql|postgres)(\+\w+)?://")
_IN_MEMORY = re.compile(r"sqlite(\+\w+)?:/{2,3}(:memory:)?(\?.*)?")
_PERSON = re.compile(r"[UW][A-Z0-9]{6,}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{6,}")
_CHANNEL_NAME = re.compile(r"[a-z0-9_-]{1,80}")
RESERVED = ("admin", "announcements", "champions", "gpbot", "slack")
_LONGEST_TOPIC = 40
_MOST_TOPICS = 100
_LONGEST_ORGANISATION = 80
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class BadSettings(Exception):
    """`problems` holds one sentence for each thing that is missing or wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"{len(problems)} settings")
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Read once, at start. What is secret has no repr."""

    slack_bot_token: str = field(repr=False)
    slack_app_token: str = field(default="", repr=False)  # set: Socket Mode
    slack_signing_secret: str = field(default="", repr=False)
    slack_api_url: str = SLACK_API
    database_url: str = field(default=DATABASE_URL, repr=False)  # it may hold a password
    gpbot_keys: tuple[str, ...] = field(repr=False)
    community_name: str
    champions: tuple[RoleHolderId, ...]
    escalation_contacts: tuple[RoleHolderId, ...]
    organisations: tuple[tuple[RoleHolderId, str], ...] = ()  # member id and organisation
    external_help: str
    triage_channel: TriageChannel
    emergency_number: str = "999"
    host: str = "127.0.0.1"
    port: int = 3000
    log_level: str = "INFO"
    reply_within_days: int = 3
    keep_closed_days: int = 730
    keep_questions_days: int = 90
    general_channel: PublicChannel = ""
    guidelines_wait_seconds: int = 90
    guests_accept: bool = True
    proposals_channel: ProposalsChannel = ""
    support_threshold: int = 0
    proposal_days: int = 14
    approvals: int = 1
    reserved_channel_names: tuple[str, ...] = RESERVED
    quiet_channel_days: int = 0  # 0: nobody is asked about quiet channels
    keep_channels: tuple[AnyChannel, ...] = ()  # ids
    onboarding: bool = True
    hello_channel: PublicChannel = ""
    welcome_channel: WelcomeChannel = ""
    topics: tuple[tuple[str, tuple[PublicChannel, ...]], ...] = ()  # name and channel ids

    @property
    def community(self) -> Community:
        return Community(
            name=self.community_name,
            emergency_number=self.emergency_number,
            external_help=self.external_help,
            reply_within_days=self.reply_within_days,
            keep_closed_days=self.keep_closed_days,
        )

    @property
    def socket_mode(self) -> bool:
        return bool(self.slack_app_token)


NAMES = frozenset(each.name.upper() for each in fields(Settings))


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings."""
    read = _Reader(environ)
    settings = _settings(read)
    if not settings.slack_app_token and not settings.slack_signing_secret:
        read.problems.append(
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. Set SLACK_APP_TOKEN (Socket Mode, the simple "
            "way: Basic Information, App-Level Tokens, with connections:write), or SLACK_SIGNING_SECRET for HTTP."
        )
    read.compare_roles(settings.champions, settings.escalation_contacts)
    if read.problems:
        raise BadSettings(read.problems)
    return settings


def load_so_far(environ: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Before the app exists: what is not set yet is empty; and a sentence for everything that is set and wrong."""
    read = _Reader(environ, may_miss=True)
    return _settings(read), read.problems


def _settings(read: "_Reader") -> Settings:
    return Settings(
        slack_bot_token=read.required(
            "SLACK_BOT_TOKEN",
            "It is on your Slack app's page under OAuth & Permissions and begins with xoxb-.",
            _bot_token,
        ),
        slack_app_token=read.text("SLACK_APP_TOKEN", "", _app_token),
        slack_signing_secret=read.text("SLACK_SIGNING_SECRET", "", _signing_secret),
        slack_api_url=read.text("SLACK_API_URL", SLACK_API, _api_url),
        database_url=read.text("DATABASE_URL", DATABASE_URL, _database_url),
        gpbot_keys=read.keys(),
        community_name=read.required("COMMUNITY_NAME", "It is what members read as your community's name."),
        champions=read.people("CHAMPIONS"),
        escalation_contacts=read.people("ESCALATION_CONTACTS"),
        organisations=read.organisations(),
        external_help=read.required(
            "EXTERNAL_HELP",
            "It is an address outside your workspace, for when nobody here may read a report: "
            "an e-mail, a phone number or a web page.",
        ),
        triage_channel=read.required(
            "TRIAGE_CHANNEL",
            "It is the id of the champions' private channel, from the bottom of that channel's details in Slack.",
            _channel,
        ),
        emergency_number=read.text("EMERGENCY_NUMBER", "999"),
        host=read.text("HOST", "127.0.0.1"),
        port=read.number("PORT", 3000, 0, 65535),
        log_level=read.text("LOG_LEVEL", "INFO", _level).upper(),
        reply_within_days=read.number("REPLY_WITHIN_DAYS", 3, 1, 60),
        keep_closed_days=read.number("KEEP_CLOSED_DAYS", 730, 1, 36500),
        keep_questions_days=read.number("KEEP_QUESTIONS_DAYS", 90, 1, 36500),
        general_channel=read.text("GENERAL_CHANNEL", "", _channel),
        guidelines_wait_seconds=read.number("GUIDELINES_WAIT_SECONDS", 90, 0, 86400),
        onboarding=read.yes_or_no("ONBOARDING", default=True),
        hello_channel=read.text("HELLO_CHANNEL", "", _channel),
        welcome_channel=read.text("WELCOME_CHANNEL", "", _channel),
        topics=read.topics(),
        guests_accept=read.yes_or_no("GUESTS_ACCEPT", default=True),
        proposals_channel=read.text("PROPOSALS_CHANNEL", "", _channel),
        support_threshold=read.number("SUPPORT_THRESHOLD", 0, 0, 100000),
        proposal_days=read.number("PROPOSAL_DAYS", 14, 1, 365),
        approvals=read.number("APPROVALS", 1, 1, 20),
        reserved_channel_names=read.names("RESERVED_CHANNEL_NAMES", RESERVED),
        quiet_channel_days=read.number(
            "QUIET_CHANNEL_DAYS", 0, 14, 3650, otherwise=" Leave it empty, and nobody is asked about quiet channels."
        ),
        keep_channels=read.channels("KEEP_CHANNELS"),
    )


class _Reader:
    """Collects problems instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str], *, may_miss: bool = False) -> None:
        self._environ = environ
        self._may_miss = may_miss
        self.problems: list[str] = []

    def text(self, name: str, default: str, wrong: Callable[[str], str | None] | None = None) -> str:
        value = self._environ.get(name, "").strip()
        if is_blank(value):
            return default
        problem = wrong(value) if wrong else None
        if problem:
            self.problems.append(f"{name} {problem}")
        return value

    def required(self, name: str, what: str, wrong: Callable[[str], str | None] | None = None) -> str:
        if is_blank(self._environ.get(name, "")):
            self._missing(f"{name} is not set. {what}")
        return self.text(name, "", wrong)

    def number(self, name: str, default: int, least: int, most: int, *, otherwise: str = "") -> int:
        value = self._environ.get(name, "").strip()
        if not value:
            return default
        if not _NUMBER.fullmatch(value) or not least <= int(value) <= most:
            self.problems.append(f"{name} is not a whole number from {least} to {most}.{otherwise}")
            return default
        return int(value)

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        value = self._environ.get(name, "").strip().casefold()
        if value not in {"", "yes", "no"}:
            self.problems.append(f"{name} is neither yes nor no.")
        return value == "yes" if value else default

    def people(self, name: str) -> tuple[str, ...]:
        what = "It holds Slack member ids, separated by commas. A member id is in the person's profile, under the dots."
        ids = [each.strip() for each in self._environ.get(name, "").split(",") if each.strip()]
        if not ids:
            self._missing(f"{name} is not set. {what}")
        for each in ids:
            if not _PERSON.fullmatch(each):
                self.problems.append(f"{name} holds {each!r}, which is not a Slack member id. {what}")
        for each in sorted({each for each in ids if ids.count(each) > 1}):
            self.problems.append(f"{name} names {each} twice.")
        return tuple(ids)

    def organisations(self) -> tuple[tuple[str, str], ...]:
        """Member ids with where each works, separated by commas."""
        what = "Write organisations like this: U0123456789: City Welcome, U0123456780: Open Door"
        found: dict[str, str] = {}
        for each in self._environ.get("ORGANISATIONS", "").split(","):
            person, colon, organisation = (part.strip() for part in each.partition(":"))
            if not (person or colon):
                continue
            if not colon:
                self.problems.append(
                    f"ORGANISATIONS holds {person!r} without a member id before it. {what}. A name with a comma in it "
                    "is set on gpbot's Home tab instead."
                )
            elif not _PERSON.fullmatch(person):
                self.problems.append(f"ORGANISATIONS holds {person!r}, which is not a Slack member id. {what}.")
            elif not organisation or len(organisation) > _LONGEST_ORGANISATION:
                self.problems.append(
                    f"ORGANISATIONS gives {person} a name that has not 1 to {_LONGEST_ORGANISATION} characters. {what}."
                )
            elif person in found:
                self.problems.append(f"ORGANISATIONS names {person} twice.")
            found[person] = organisation
        return tuple(found.items())

    def channels(self, name: str) -> tuple[str, ...]:
        """Ids, separated by commas."""
        ids = tuple(dict.fromkeys(each.strip() for each in self._environ.get(name, "").split(",") if each.strip()))
        for each in ids:
            if not _CHANNEL.fullmatch(each):
                self.problems.append(
                    f"{name} holds {each!r}, which is not a channel id such as C0123456789. It holds ids, separated by "
                    "commas; a channel's id is at the bottom of its details in Slack."
                )
        return ids

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Of channels, separated by commas."""
        found = [each.strip().removeprefix("#") for each in self._environ.get(name, "").split(",") if each.strip()]
        for each in found:
            if not _CHANNEL_NAME.fullmatch(each):
                self.problems.append(
                    f"{name} holds {each!r}, which no channel can be called: small letters, digits, - and _ alone."
                )
        return tuple(found) or default

    def topics(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        what = "Write topics like this: Housing: C0123456789 C0123456780; Legal advice: C0123456781"
        found: dict[str, tuple[str, ...]] = {}
        for each in self._environ.get("TOPICS", "").split(";"):
            name, colon, channels = (part.strip() for part in each.partition(":"))
            if not (name or colon):
                continue
            ids = tuple(dict.fromkeys(channels.replace(",", " ").split()))
            if not name or len(name) > _LONGEST_TOPIC:
                self.problems.append(
                    f"TOPICS holds {each.strip()!r}, whose name has not 1 to {_LONGEST_TOPIC} characters. {what}"
                )
            elif not ids:
                self.problems.append(f"TOPICS names no channel for {name!r}. {what}")
            elif name.casefold() in {known.casefold() for known in found}:
                self.problems.append(f"TOPICS names {name!r} twice.")
            for channel in ids:
                if not _CHANNEL.fullmatch(channel):
                    self.problems.append(f"TOPICS holds {channel!r}, which is not a channel id. {what}")
            found[name] = ids
        if len(found) > _MOST_TOPICS:
            self.problems.append(f"TOPICS holds {len(found)} topics. Slack's menus show {_MOST_TOPICS}.")
        return tuple(found.items())

    def keys(self) -> tuple[str, ...]:
        keys = tuple(each.strip() for each in self._environ.get("GPBOT_KEYS", "").split(",") if each.strip())
        if not keys:
            self._missing(
                "GPBOT_KEYS is not set. Make a key with `python -m gpbot keys new`, and keep a copy of it somewhere "
                "safe: without it, what people wrote cannot be read again."
            )
            return ()
        try:
            Vault(keys)
        except BadKey:
            self.problems.append(
                "GPBOT_KEYS holds something that is not a key. Copy it whole, as `python -m gpbot keys new` printed "
                "it; several are separated by commas, the newest first."
            )
        return keys

    def _missing(self, problem: str) -> None:
        if not self._may_miss:
            self.problems.append(problem)

    def compare_roles(self, champions: tuple[str, ...], contacts: tuple[str, ...]) -> None:
        for each in sorted(set(champions) & set(contacts)):
            self.problems.append(
                f"{each} is in CHAMPIONS and in ESCALATION_CONTACTS. A contact takes what no champion may handle, "
                "so it must be someone else."
            )


def _secret(value: str) -> str | None:
    """Of what goes to Slack as it is; it is never repeated."""
    stray = next((char for char in value if not "!" <= char <= "~"), None)
    return stray and f"holds a character that does not belong there (U+{ord(stray):04X}). Copy it again, by hand."


def _bot_token(value: str) -> str | None:
    if stray := _secret(value):
        return stray
    if value.startswith("xoxp-"):
        return "is a person's token. gpbot never asks for one: use the Bot User OAuth Token, which begins with xoxb-."
    if value.startswith("xapp-"):
        return "is an app-level token; that one belongs in SLACK_APP_TOKEN."
    return None if value.startswith("xoxb-") else "does not begin with xoxb-. It is under OAuth & Permissions."


def _app_token(value: str) -> str | None:
    if stray := _secret(value):
        return stray
    if value.startswith("xoxb-"):
        return "is the bot token; that one belongs in SLACK_BOT_TOKEN."
    return None if value.startswith("xapp-") else "does not begin with xapp-. It is under Basic Information."


def _signing_secret(value: str) -> str | None:
    if value.startswith(("xox", "xapp-")):
        return "is a token. The signing secret is under Basic Information, App Credentials."
    return _secret(value)


def _api_url(value: str) -> str | None:
    if _secret(value) or not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?/api/", value):
        return "must be an address that ends in /api/. Leave it out to use Slack's own."
    return None


def _database_url(value: str) -> str | None:
    if not _DATABASE.match(value):
        return "must begin with sqlite:/// or postgresql://."
    if _IN_MEMORY.fullmatch(value):
        return "names no file, and all would be gone when gpbot stops. Write it like this: sqlite:///gpbot.sqlite3."
    return None


def _channel(value: str) -> str | None:
    return None if _CHANNEL.fullmatch(value) else "is not a channel id such as C0123456789."


def _level(value: str) -> str | None:
    return None if value.upper() in _LEVELS else f"is not one of {', '.join(_LEVELS)}."
