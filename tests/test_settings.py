"""Every setting that is missing or wrong has a sentence of its own, and all of them come at once."""

from dataclasses import fields

import pytest
from dotenv import dotenv_values

from gpbot.crypto import new_master_key
from gpbot.settings import BadSettings, Settings, load_settings
from tests.running import ROOT, every_setting

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "SLACK_SIGNING_SECRET": "signing-secret",
    "DATABASE_URL": "postgresql://gpbot:database-secret@db/gpbot",
    "GPBOT_KEYS": new_master_key(),
    "COMMUNITY_NAME": "Good Practice Network",
    "CHAMPIONS": "U0000000001,U0000000002",
    "ESCALATION_CONTACTS": "U0000000003",
    "EXTERNAL_HELP": "help@outside.example",
    "TRIAGE_CHANNEL": "C0000000001",
}


def problems(**changed: str) -> list[str]:
    try:
        load_settings({**GOOD, **changed})
    except BadSettings as bad:
        return bad.problems
    return []


def test_what_is_good_is_read() -> None:
    settings = load_settings(GOOD)
    assert settings.champions == ("U0000000001", "U0000000002")
    assert settings.escalation_contacts == ("U0000000003",)
    assert settings.gpbot_keys == (GOOD["GPBOT_KEYS"],)
    assert settings.socket_mode
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 3000, "INFO")
    assert (settings.reply_within_days, settings.keep_closed_days) == (3, 730)
    assert (settings.general_channel, settings.guidelines_wait_seconds, settings.guests_accept) == ("", 90, True)
    assert not load_settings({**GOOD, "GUESTS_ACCEPT": " No "}).guests_accept

    assert settings.topics == ()


def test_quiet_channels_are_asked_about_only_when_it_is_set() -> None:
    assert (load_settings(GOOD).quiet_channel_days, load_settings(GOOD).keep_channels) == (0, ())
    settings = load_settings(
        {**GOOD, "QUIET_CHANNEL_DAYS": " 60 ", "KEEP_CHANNELS": "C0000000001, C0000000002,C0000000001,"}
    )
    assert (settings.quiet_channel_days, settings.keep_channels) == (60, ("C0000000001", "C0000000002"))


def test_topics_are_read_with_their_channels() -> None:
    settings = load_settings({**GOOD, "TOPICS": "Housing: C0000000001, C0000000002 ; Legal advice:C0000000001;"})
    assert settings.topics == (
        ("Housing", ("C0000000001", "C0000000002")),
        ("Legal advice", ("C0000000001",)),
    )


def test_topics_that_are_wrong_are_named_with_an_example() -> None:
    nameless, empty, twice, unknown, longest = problems(
        TOPICS=f": C0000000001; Housing: ; housing: C0000000001; Law: general; {'L' * 41}: C0000000001"
    )
    assert nameless.startswith("TOPICS holds ': C0000000001', whose name has not 1 to 40 characters. Write")
    assert empty.startswith("TOPICS names no channel for 'Housing'. Write topics like this: Housing: C0123456789")
    assert twice == "TOPICS names 'housing' twice."
    assert unknown.startswith("TOPICS holds 'general', which is not a channel id.")
    assert "whose name has not 1 to 40 characters" in longest
    many = "; ".join(f"T{number}: C0000000001" for number in range(101))
    assert problems(TOPICS=many) == ["TOPICS holds 101 topics. Slack's menus show 100."]


def test_organisations_are_read_with_whose_they_are() -> None:
    settings = load_settings({**GOOD, "ORGANISATIONS": "U0000000001: City Welcome,U0000000002:Open Door: Leeds ,"})
    assert settings.organisations == (("U0000000001", "City Welcome"), ("U0000000002", "Open Door: Leeds"))
    assert load_settings(GOOD).organisations == ()


def test_organisations_that_are_wrong_are_named_with_an_example() -> None:
    nobody, unknown, nameless, twice, longest = problems(
        ORGANISATIONS=f"Friends & Co, amina: A, U0000000001: , U0000000001: B, U0000000002: {'x' * 81}"
    )
    assert nobody.startswith("ORGANISATIONS holds 'Friends & Co' without a member id before it. Write organisations")
    assert "A name with a comma in it is set on gpbot's Home tab instead." in nobody
    assert unknown.startswith("ORGANISATIONS holds 'amina', which is not a Slack member id.")
    assert nameless.startswith("ORGANISATIONS gives U0000000001 a name that has not 1 to 80 characters.")
    assert twice == "ORGANISATIONS names U0000000001 twice."
    assert longest.startswith("ORGANISATIONS gives U0000000002 a name that has not 1 to 80 characters.")


def test_blanks_around_a_value_do_not_count() -> None:
    settings = load_settings(
        {**GOOD, "CHAMPIONS": " U0000000001 , U0000000002, ", "LOG_LEVEL": " debug ", "PORT": " 80 "}
    )
    assert settings.champions == ("U0000000001", "U0000000002")
    assert (settings.log_level, settings.port) == ("DEBUG", 80)


def test_without_an_app_token_it_is_http() -> None:
    assert not load_settings({**GOOD, "SLACK_APP_TOKEN": ""}).socket_mode


@pytest.mark.parametrize("name", [name for name in GOOD if not name.startswith(("SLACK_APP", "SLACK_SIG", "DATABASE"))])
def test_what_is_required_and_missing_is_named_once_with_where_to_find_it(name: str) -> None:
    [problem] = problems(**{name: ""})
    assert problem.startswith(f"{name} is not set. ")
    assert len(problem) > len(f"{name} is not set. ") + 20


def test_one_way_of_hearing_slack_is_enough_and_none_is_too_few() -> None:
    assert problems(SLACK_APP_TOKEN="") == problems(SLACK_SIGNING_SECRET="") == []
    [problem] = problems(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="")
    assert problem.startswith("Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1", "a person's token"),
        ("SLACK_BOT_TOKEN", "xapp-1", "belongs in SLACK_APP_TOKEN"),
        ("SLACK_BOT_TOKEN", "hello", "does not begin with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "belongs in SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "hello", "does not begin with xapp-"),
        ("SLACK_SIGNING_SECRET", "xoxb-1", "is a token"),
        ("SLACK_API_URL", "slack.com", "ends in /api/"),
        ("SLACK_API_URL", "https://slack.com/api", "ends in /api/"),
        ("DATABASE_URL", "mysql://x/y", "must begin with sqlite:/// or postgresql://"),
        ("DATABASE_URL", "gpbot.sqlite3", "must begin with sqlite:/// or postgresql://"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "names no file"),
        ("GPBOT_KEYS", "half-a-key", "not a key"),
        ("GPBOT_KEYS", f"{'A' * 43}=,half-a-key", "not a key"),
        ("CHAMPIONS", "@amina", "'@amina', which is not a Slack member id"),
        ("CHAMPIONS", "U0000000001,C0000000001", "'C0000000001', which is not a Slack member id"),
        ("CHAMPIONS", "U0000000001,U0000000001", "names U0000000001 twice"),
        ("ESCALATION_CONTACTS", "edith@example.org", "is not a Slack member id"),
        ("TRIAGE_CHANNEL", "#champions", "is not a channel id"),
        ("PORT", "http", "is not a whole number from 0 to 65535"),
        ("PORT", "65536", "is not a whole number from 0 to 65535"),
        ("PORT", "9" * 5000, "is not a whole number from 0 to 65535"),
        ("PORT", "²", "is not a whole number from 0 to 65535"),
        ("LOG_LEVEL", "LOUD", "is not one of DEBUG, INFO, WARNING, ERROR"),
        ("REPLY_WITHIN_DAYS", "0", "is not a whole number from 1 to 60"),
        ("KEEP_CLOSED_DAYS", "-1", "is not a whole number from 1 to 36500"),
        ("GENERAL_CHANNEL", "#general", "is not a channel id"),
        ("GUIDELINES_WAIT_SECONDS", "soon", "is not a whole number from 0 to 86400"),
        ("GUESTS_ACCEPT", "maybe", "is neither yes nor no"),
        ("QUIET_CHANNEL_DAYS", "13", "is not a whole number from 14 to 3650. Leave it empty, and nobody is asked"),
        ("QUIET_CHANNEL_DAYS", "0", "is not a whole number from 14 to 3650"),
        ("QUIET_CHANNEL_DAYS", "two months", "is not a whole number from 14 to 3650"),
        ("COMMUNITY_NAME", "\u3164\u2800", "is not set"),
        ("EXTERNAL_HELP", "\u200b", "is not set"),
        ("KEEP_CHANNELS", "C0000000001,#general", "'#general', which is not a channel id such as C0123456789"),
    ],
)
def test_what_is_wrong_is_named_once_with_what_is_right(name: str, value: str, words: str) -> None:
    [problem] = problems(**{name: value})
    assert problem.startswith(name)
    assert words in problem
    assert problem.endswith(".")


def test_nobody_is_champion_and_contact() -> None:
    [problem] = problems(ESCALATION_CONTACTS="U0000000001,U0000000003")
    assert problem.startswith("U0000000001 is in CHAMPIONS and in ESCALATION_CONTACTS.")


def test_everything_wrong_is_said_at_once() -> None:
    everything = problems(SLACK_BOT_TOKEN="xoxp-1", CHAMPIONS="", GPBOT_KEYS="x", PORT="x", TRIAGE_CHANNEL="x")
    assert [problem.split(maxsplit=1)[0] for problem in everything] == [
        "SLACK_BOT_TOKEN",
        "GPBOT_KEYS",
        "CHAMPIONS",
        "TRIAGE_CHANNEL",
        "PORT",
    ]


def test_no_secret_shows_in_a_repr_nor_in_a_problem() -> None:
    secrets = [GOOD[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "GPBOT_KEYS")]
    shown = repr(load_settings(GOOD))
    assert not [secret for secret in [*secrets, "database-secret"] if secret in shown]
    wrong = {name: f"zzz{value}" for name, value in GOOD.items()}
    wrong["SLACK_BOT_TOKEN"] = GOOD["SLACK_APP_TOKEN"]
    said = "\n".join(problems(**wrong))
    assert not [secret for secret in [*secrets, "database-secret", "zzz"] if secret in said.replace("'zzzU", "")]


def test_each_setting_is_in_the_example_once_with_a_line_that_explains_it() -> None:
    text = (ROOT / ".env.example").read_text()
    blocks = [block.splitlines() for block in text.split("\n\n")]
    explained = [
        line.split("=")[0]
        for block in blocks
        if block[0].startswith("# ")
        for line in block
        if not line.startswith("#")
    ]
    assert sorted(explained) == sorted(every_setting())
    assert len(every_setting()) == len(fields(Settings))


def test_the_example_holds_each_default_and_no_secret() -> None:
    example = {name: value or "" for name, value in dotenv_values(ROOT / ".env.example").items()}
    filled = {name: value for name, value in GOOD.items() if not example[name]}
    defaults = load_settings(filled)
    assert load_settings({**example, **filled}) == defaults
    assert not [name for name in ("GPBOT_KEYS", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN") if example[name]]


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"])
@pytest.mark.parametrize("stray", ["\u200b", "\ufeff", "\u202e", "\u00ad", "é", "\u2011", "\t"])
@pytest.mark.parametrize("place", ["before", "within", "after"])
def test_a_character_that_does_not_belong_in_what_goes_to_slack_is_named_and_the_secret_is_not(
    name: str, stray: str, place: str
) -> None:
    value = {**GOOD, "SLACK_API_URL": "https://slack.example/api/"}[name]
    at = {"before": 0, "within": 6, "after": len(value)}[place]
    if stray.isspace() and place != "within":
        return  # blanks around a value do not count
    [problem] = problems(**{name: value[:at] + stray + value[at:]})
    assert problem.startswith(f"{name} ")
    assert value not in problem
    assert name == "SLACK_API_URL" or f"U+{ord(stray):04X}" in problem
