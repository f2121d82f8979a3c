"""What can be published, and what is refused with a sentence."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from gpbot.audit import AuditLog
from gpbot.crypto import Vault, new_master_key
from gpbot.db import Database
from gpbot.guidelines.jobs import Owed
from gpbot.guidelines.types import NotPublishable
from gpbot.guidelines.workflow import Guidelines
from gpbot.keyring import load_keyring
from gpbot.outbox import Outbox
from tests.clocks import StoppedClock


@pytest.fixture
def guidelines(database_url: str) -> Iterator[Guidelines]:
    database = Database(database_url, clock=StoppedClock())
    keyring = load_keyring(database, Vault([new_master_key()]))
    audit = AuditLog(keyring, database.clock)
    yield Guidelines(
        database, Owed(Outbox(database)), audit, keyring, wait=timedelta(seconds=90), guests=True, gives_notice=True
    )
    database.close()


def publish(guidelines: Guidelines, markdown: str, *, major: bool = False, changes: str = "Something.") -> int:
    version = guidelines.publish(markdown, is_major=major, changes=changes, attribution="After others.", by="operator")
    return version.number


def test_versions_are_numbered_and_keep_their_text_date_and_fingerprint(guidelines: Guidelines) -> None:
    assert publish(guidelines, "Be kind.\r\n", changes="") == 1
    assert publish(guidelines, "Be very kind.", major=True) == 2
    newest, first = guidelines.versions()
    assert (newest.number, newest.is_major, newest.changes, newest.attribution) == (
        2,
        True,
        "Something.",
        "After others.",
    )
    assert first.markdown == "Be kind.\n"
    assert first.sha256 == hashlib.sha256(b"Be kind.\n").hexdigest()
    assert first.published_at == guidelines.database.clock.now()


def test_the_first_version_is_always_to_be_agreed_to(guidelines: Guidelines) -> None:
    publish(guidelines, "Be kind.", major=False)
    current = guidelines.current()
    assert current is not None
    assert current.is_major


def test_a_new_version_keeps_the_attribution_unless_it_brings_its_own(guidelines: Guidelines) -> None:
    publish(guidelines, "Be kind.")
    version = guidelines.publish("Be very kind.", is_major=False, changes="Very.", attribution="", by="operator")
    assert version.attribution == "After others."


@pytest.mark.parametrize(
    ("markdown", "changes", "why"),
    [
        (" \n ", "Something.", "There is no text in it."),
        ("Be kind.", "Something.", "It is the same text as version 1"),
        ("Be kinder.", " ", "Say in a few words what changed"),
        ("Be kinder.", "x" * 2001, "What changed is longer than 2000 characters."),
        ("word " * 60_000, "Something.", "It is too long to be shown in Slack"),
        (f"# What you can report\n\n- {'x' * 76}", "Something.", "each line may have 75 characters"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_sentence(
    guidelines: Guidelines, markdown: str, changes: str, why: str
) -> None:
    publish(guidelines, "Be kind.")
    with pytest.raises(NotPublishable) as refused:
        publish(guidelines, markdown, changes=changes)
    assert why in refused.value.words
    assert len(guidelines.versions()) == 1
