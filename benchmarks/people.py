"""The community of the benchmarks, and what its members send."""

import json
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

from gpbot.reports import form, ids

CHAMPIONS = ("UAMINA001", "UBEN00001", "UCHLOE001")
CONTACTS = ("UEDITH001", "UFARID001")
BOT_TOKEN = "xoxb-benchmark"  # noqa: S105  (of no workspace)
NO_REVIEW = b'{"view": {"private_metadata": "none:none"}}'
TRIAGE = "CTRIAGE01"
NAMES = dict(
    zip(
        (*CHAMPIONS, *CONTACTS),
        ("Amina Okafor", "Ben Adeyemi", "Chloe Martin", "Edith Shaw", "Farid Khan"),
        strict=True,
    )
)
WORDS = "They kept talking over me and made remarks about how I speak, after I had asked twice for it to stop. "

_numbers = count(1)


def member() -> str:
    """A member who has not done anything before."""
    return f"UMEMBER{next(_numbers):07d}"


def commands() -> Iterator[bytes]:
    """`/report`, from one member after another."""
    while True:
        number = next(_numbers)
        yield _encoded(
            command="/report",
            text="",
            user_id=f"UMEMBER{number:07d}",
            user_name="mona",
            team_id="TBENCH001",
            channel_id="CGENERAL1",
            trigger_id=f"{number}.1.abc",
            response_url="http://127.0.0.1:9/response",
        )


def filled_form(user_id: str) -> bytes:
    """*Next* on the form of `/report`."""
    values = {
        form.WHAT: {form.WHAT: {"type": "plain_text_input", "value": WORDS * 3}},
        ids.ABOUT: {ids.ABOUT: {"type": "multi_users_select", "selected_users": ["UTOM00001"]}},
        form.ABOUT_WORDS: {form.ABOUT_WORDS: {"type": "plain_text_input", "value": None}},
        form.NAME: {form.NAME: {"type": "radio_buttons", "selected_option": {"value": "no"}}},
    }
    return _submission(user_id, ids.FORM, str(uuid4()), values)


def send(user_id: str, reviewed: bytes) -> bytes:
    """*Send* on the review that *Next* was answered with."""
    return _submission(user_id, ids.REVIEW, json.loads(reviewed)["view"]["private_metadata"], {})


def press(user_id: str, action_id: str, value: str, message: tuple[str, str], *, response_url: str) -> bytes:
    """A button on a message, which is a channel's id and its ts."""
    channel_id, message_ts = message
    number = next(_numbers)
    return _encoded(
        payload=json.dumps(
            {
                "type": "block_actions",
                "team": {"id": "TBENCH001", "domain": "bench"},
                "user": {"id": user_id, "username": "mona", "name": "mona", "team_id": "TBENCH001"},
                "api_app_id": "ABENCH001",
                "token": "old",
                "trigger_id": f"{number}.1.abc",
                "response_url": response_url,
                "container": {"type": "message", "message_ts": message_ts, "channel_id": channel_id},
                "channel": {"id": channel_id, "name": "proposals"},
                "message": {"type": "message", "ts": message_ts, "text": ""},
                "actions": [
                    {
                        "type": "button",
                        "action_id": action_id,
                        "block_id": "b",
                        "value": value,
                        "text": {"type": "plain_text", "text": "Support"},
                        "action_ts": f"1772442000.{number:06d}",
                    }
                ],
            }
        )
    )


def _submission(user_id: str, callback_id: str, metadata: str, values: object) -> bytes:
    view = {
        "id": f"V{uuid4().hex[:10].upper()}",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "hash": "1.abc",
        "root_view_id": "V1",
        "title": {"type": "plain_text", "text": "Report a concern"},
        "blocks": [],
        "state": {"values": values},
    }
    return _encoded(
        payload=json.dumps(
            {
                "type": "view_submission",
                "team": {"id": "TBENCH001", "domain": "bench"},
                "user": {"id": user_id, "username": "mona", "name": "mona", "team_id": "TBENCH001"},
                "api_app_id": "ABENCH001",
                "token": "old",
                "trigger_id": "1.1.abc",
                "view": view,
                "response_urls": [],
            }
        )
    )


def _encoded(**fields: str) -> bytes:
    return urlencode(fields).encode()
