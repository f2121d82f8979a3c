"""The copy of a message: all that Slack shows of it, whatever Slack sends, and what stays hidden in it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gpbot.reports.copying import MOST_SHARED, MOST_SHARED_TEXT, MOST_TEXT, copied
from gpbot.reports.evidence import CHANNEL_HIDDEN, LINK_HIDDEN, NAME_HIDDEN, Evidence, Shared
from gpbot.reports.quoting import CUT, evidence_blocks
from gpbot.reports.store import Head
from gpbot.reports.types import Named
from gpbot.slack.requests import Shortcut

TOM, MONA, NADIA, AMINA = "U0TOM00001", "U0MONA0001", "U0NADIA001", "U0AMINA001"
CHANNEL = "C0GENERAL1"
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Hey "},
                {"type": "user", "user_id": MONA},
                {"type": "text", "text": " <b>, see "},
                {"type": "link", "url": "https://example.org", "text": "this"},
                {"type": "emoji", "name": "wave"},
            ],
        },
        {
            "type": "rich_text_list",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "go home"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "you\nall"}]},
    ],
}


def copy(message: Mapping[str, Any], *, channel: str = CHANNEL, name: str = "general") -> Evidence:
    said = {"type": "message", "user": TOM, "ts": "1772442000.000100", **message}
    return copied(
        Shortcut(
            user_id=NADIA,
            callback_id="x",
            message=said,
            channel_id=channel,
            channel_name=name,
            team_domain="practice",
        )
    )


def share(text: str = "", **more: Any) -> dict[str, Any]:
    told = f"[March 2nd, 2026 9:00 AM] amina.okafor: {text}"
    return {"is_share": True, "author_id": AMINA, "author_name": "Amina", "text": text, "fallback": told, **more}


@pytest.mark.parametrize(
    ("attachment", "words"),
    [
        (share("Go home"), "Go home"),
        ({**share(), "fallback": "[March 2nd, 2026 9:00 AM] amina.okafor: Go home"}, "Go home"),
        (share(message_blocks=[{"channel": CHANNEL, "message": {"blocks": [RICH]}}]), "Hey"),
        (share(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "a &lt; b"}}]), "a < b"),
        (share("Go home", footer="Posted in #secret"), "Go home"),
    ],
    ids=["text", "fallback", "message-blocks", "blocks", "footer"],
)
@pytest.mark.parametrize("comment", ["", "look"])
def test_what_was_shared_is_in_the_copy_with_its_author(attachment: dict[str, Any], words: str, comment: str) -> None:
    kept = copy({"text": comment, "attachments": [attachment]})
    [shared] = kept.shared
    assert kept.text == comment
    assert shared.text.startswith(words)
    assert shared.author == AMINA
    assert kept.author_ids == (TOM, AMINA)
    assert {AMINA, TOM} <= set(kept.words.split())
    assert "amina.okafor" not in str(evidence_blocks(kept))
    assert "secret" not in str(evidence_blocks(kept))


def test_what_is_shared_in_what_is_shared_is_kept_in_its_order() -> None:
    inner = {**share("third"), "author_id": NADIA}
    outer = share("second", message_blocks=[{"message": {"blocks": [], "attachments": [{**share("fourth")}]}}])
    kept = copy({"text": "first", "attachments": [{**outer, "attachments": [inner]}]})
    assert [each.text for each in kept.shared] == ["second", "third", "fourth"]


def test_a_preview_of_a_page_is_in_the_copy() -> None:
    preview = {
        "title": "A page",
        "text": "about it",
        "author_name": "Mona Said",
        "fields": [{"title": "By", "value": "them"}],
    }
    [shared] = copy({"text": "see", "attachments": [preview]}).shared
    assert shared.text == "A page\nabout it\nBy: them"
    assert shared.author == "Mona Said"
    assert shared.hidden([TOM]).author == NAME_HIDDEN


def test_a_message_of_rich_text_alone_reads_as_it_did() -> None:
    text = f"Hey <@{MONA}> <b>, see this (https://example.org):wave:\n• go home\n> you\n> all"
    assert copy({"text": "", "blocks": [RICH]}).text == text


def test_an_app_is_copied_by_what_it_shows_and_a_person_by_what_they_wrote() -> None:
    both = {"text": "short", "blocks": [RICH]}
    assert copy(both).text == "short"
    assert copy({**both, "bot_id": "B1"}).text.startswith("Hey")


def test_people_are_drawn_by_name_and_all_other_words_as_they_were_typed() -> None:
    kept = copy(
        {"text": f"<@{MONA}|mona> *is* a &lt;b&gt; <https://example.org|page> &amp; <!here> <#C0SECRET99|talk>"}
    )
    [_, block] = evidence_blocks(kept)
    [section] = block["elements"]
    assert section["elements"][0] == {"type": "user", "user_id": MONA}
    rest = "".join(each["text"] for each in section["elements"][1:])
    assert rest == " *is* a <b> page (https://example.org) & @here #talk"


def test_what_is_longer_than_is_kept_says_so() -> None:
    assert not copy({"text": "a" * MOST_TEXT, "attachments": [share("b" * MOST_SHARED_TEXT)]}).is_cut
    for message in (
        {"text": "a" * (MOST_TEXT + 1)},
        {"text": "a", "attachments": [share("b" * (MOST_SHARED_TEXT + 1))]},
        {"text": "a", "attachments": [share(f"{number}") for number in range(MOST_SHARED + 1)]},
    ):
        kept = copy(message)
        assert kept.is_cut
        assert CUT in str(evidence_blocks(kept)[-1])
        assert len(kept.text) + sum(len(each.text) for each in kept.shared) <= MOST_TEXT + MOST_SHARED_TEXT
    most = copy({"text": "a" * MOST_TEXT, "attachments": [share("👩" * 600) for _ in range(MOST_SHARED + 1)]})
    assert len(evidence_blocks(most)) < 80


@pytest.mark.parametrize(
    ("channel", "name", "is_public"),
    [
        (CHANNEL, "general", True),
        (CHANNEL, "privategroup", False),
        ("D0DIRECT01", "directmessage", False),
        ("G0GROUP001", "mpdm-tom--mona--nadia-1", False),
        (CHANNEL, "mpdm-tom--mona--nadia-1", False),
        (CHANNEL, "", False),
    ],
)
def test_only_a_public_channel_and_its_link_are_shown_while_the_name_is_hidden(
    channel: str, name: str, *, is_public: bool
) -> None:
    link = f"https://practice.slack.com/archives/{channel}/p1772442000000100"
    kept = copy({"text": f"<{link}|here>, <#{CHANNEL}|general>"}, channel=channel, name=name)
    assert kept.link == link
    hidden = kept.as_readers_see([TOM], show_name=False)
    assert (channel in str(evidence_blocks(hidden))) == is_public
    assert hidden.text == (kept.text if is_public else f"{LINK_HIDDEN}, {CHANNEL_HIDDEN}")
    assert "02 Mar 2026" in str(evidence_blocks(hidden))
    assert kept.as_readers_see([], show_name=True) == kept


def test_no_link_leads_to_an_author_who_is_hidden() -> None:
    link = "https://practice.slack.com/archives/C0GENERAL1/p1"
    below = Shared(text="b", author=NADIA, channel_id=CHANNEL, message_ts="1.2", link=link, is_public=True)
    known_by_a_name = replace(below, author="Nadia Haddad")
    kept = replace(copy({"text": "a"}), shared=(below, known_by_a_name))
    assert str(evidence_blocks(kept)).count("Open it in Slack") == 3
    for picked, linked in (([TOM, NADIA], 2), ([TOM], 1), ([NADIA], 1), ([], 0)):
        hidden = kept.as_readers_see(picked, show_name=False)
        assert str(evidence_blocks(hidden)).count("Open it in Slack") == linked
        assert all(bool(each.link) == (each.author in picked) for each in (hidden, *hidden.shared))


def test_a_reply_in_a_thread_is_linked_as_one() -> None:
    link = copy({"text": "a", "thread_ts": "1772441000.000100"}).link
    assert link.endswith(f"/p1772442000000100?thread_ts=1772441000.000100&cid={CHANNEL}")


def test_titles_of_files_are_hidden_all_alike() -> None:
    files = [{"name": "Mona-Said.pdf"}, {"title": "b.png", "name": "b.png"}, {}]
    kept = copy({"text": "", "files": files})
    assert "(3 attached files, not copied: Mona-Said.pdf, b.png)" in str(evidence_blocks(kept))
    assert "(3 attached files, not copied)" in str(evidence_blocks(kept.as_readers_see([], show_name=False)))


# What Slack could send, and whatever else.

NAMES = ("text", "fallback", "author_id", "author_name", "user", "username", "title", "pretext", "footer", "name", "ts")
LISTS = ("attachments", "blocks", "message_blocks", "elements", "files", "fields")
PEOPLE = (TOM, MONA, NADIA, AMINA)
words = some.one_of(
    some.text(max_size=8),
    some.sampled_from([f"a {one} b" for one in PEOPLE] + [f"<@{one}|x>" for one in PEOPLE] + [*PEOPLE]),
)
parts = some.recursive(
    some.one_of(words, some.none(), some.integers(), some.booleans()),
    lambda inner: some.one_of(
        some.lists(inner, max_size=3),
        some.dictionaries(
            some.sampled_from([*NAMES, *LISTS, "message", "user_id", "is_share", "channel_id", "from_url"]), inner
        ),
        some.dictionaries(some.sampled_from(LISTS), some.lists(inner, max_size=3)),
    ),
    max_leaves=20,
)
messages = some.dictionaries(some.sampled_from([*NAMES, *LISTS]), parts)


def accounts(evidence: Evidence) -> set[str]:
    return set(re.findall(r"\b[UW][A-Z0-9]{6,}\b", json.dumps(evidence.as_json())))


@given(messages, some.sets(some.sampled_from(PEOPLE)))
def test_whatever_slack_sends_it_is_kept_and_names_nobody_but_whom_the_form_picked(
    message: dict[str, Any], picked: set[str]
) -> None:
    kept = copied(Shortcut(user_id=NADIA, callback_id="x", message=message, channel_id=CHANNEL))
    assert Evidence.from_json(json.loads(json.dumps(kept.as_json()))).as_json() == kept.as_json()
    hidden = kept.as_readers_see(picked, show_name=False)
    assert accounts(hidden) <= picked
    evidence_blocks(hidden)


def test_a_name_that_is_not_hidden_is_found() -> None:
    """The control."""
    assert accounts(copy({"text": f"<@{MONA}>", "attachments": [share(f"and {NADIA}")]})) == {*PEOPLE}


# What is kept of earlier releases.


def test_an_earlier_copy_opens_and_is_drawn_as_it_was() -> None:
    old = {
        "text": f"<@{MONA}>!\n(1 attached file, not copied)",
        "author": TOM,
        "channel": CHANNEL,
        "ts": "1772442000.0001",
    }
    kept = Evidence.from_json(old)
    assert (kept.shared, kept.files, kept.link, kept.is_cut) == ((), (), "", False)
    hidden = kept.as_readers_see([TOM], show_name=False)
    assert hidden.text.startswith(f"{NAME_HIDDEN}!\n(1 attached file, not copied)")
    assert f"<@{TOM}> in <#{CHANNEL}>" in str(evidence_blocks(hidden))


def test_an_earlier_head_goes_on_showing_whom_it_showed() -> None:
    now = Head(code="A B", reporter=MONA, show_name=False, reported=(Named(slack_id=TOM), Named(slack_id=MONA)))
    old = {name: value for name, value in now.as_json().items() if name != "shown_in_evidence"}
    head = Head.from_json(old)
    assert head.shown_in_evidence == (TOM,)
    later = Head.from_json({**head.as_json(), "reported": [[TOM, ""], [MONA, ""], [NADIA, ""]]})
    assert later.shown_in_evidence == (TOM,)
