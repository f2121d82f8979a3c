"""What each answer of Slack, and each silence, means for what was being sent."""

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from gpbot.outbox.types import (
    AppTokenTrouble,
    Delete,
    Edit,
    NotSent,
    OutcomeUnknown,
    Post,
    PublishHome,
    RateLimited,
    Receipt,
    Refused,
    SendingEnded,
    UpdateView,
    WorkspaceFull,
)
from gpbot.slack.blocks import actions, button, home, modal, section
from gpbot.slack.gateway import Gateway
from gpbot.web.server import WebServer
from tests.slack.conftest import Slack


def post(to: str, text: str = "There is something for you.", **more: Any) -> Post:
    return Post(to=to, text=text, blocks=[section(text)], **more)


def posted(slack: Slack) -> int:
    return len(slack.mona.inbox)


def test_a_post_to_a_person_lands_in_their_direct_message_and_carries_nothing_but_a_random_id(slack: Slack) -> None:
    receipt = slack.gateway.send(post(slack.mona.id), "wire-1")
    [message] = slack.mona.inbox
    assert receipt == Receipt(channel_id=message.channel, message_ts=message.ts)
    assert message.raw["metadata"] == {"event_type": "gpbot", "event_payload": {"id": "wire-1"}}


@pytest.mark.parametrize(
    ("fault", "ending", "code"),
    [
        ({"error": "external_channel_migrating"}, NotSent, "external_channel_migrating"),
        ({"error": "streaming_state_conflict"}, NotSent, "streaming_state_conflict"),
        ({"retry_after": 7}, RateLimited, "ratelimited"),
        ({"error": "ratelimited"}, RateLimited, "ratelimited"),
        ({"status": 500}, OutcomeUnknown, "http_500"),
        ({"status": 503, "after": True}, OutcomeUnknown, "http_503"),
        ({"drop": "before"}, OutcomeUnknown, "RemoteDisconnected"),
        ({"drop": "after"}, OutcomeUnknown, "RemoteDisconnected"),
        ({"error": "internal_error"}, OutcomeUnknown, "internal_error"),
        ({"error": "fatal_error", "after": True}, OutcomeUnknown, "fatal_error"),
        ({"error": "duplicate_message_not_found"}, OutcomeUnknown, "duplicate_message_not_found"),
        ({"error": "message_limit_exceeded"}, WorkspaceFull, "message_limit_exceeded"),
        ({"error": "invalid_auth"}, AppTokenTrouble, "invalid_auth"),
        ({"error": "token_revoked"}, AppTokenTrouble, "token_revoked"),
        ({"error": "missing_scope"}, AppTokenTrouble, "missing_scope"),
        ({"error": "account_inactive"}, AppTokenTrouble, "account_inactive"),
        ({"error": "user_disabled"}, Refused, "user_disabled"),
        ({"error": "an_error_nobody_has_seen"}, Refused, "an_error_nobody_has_seen"),
    ],
)
def test_each_failure_has_one_meaning(
    slack: Slack, fault: dict[str, Any], ending: type[SendingEnded], code: str
) -> None:
    slack.workspace.faults.add(method="chat.postMessage", times=None, **fault)
    with pytest.raises(SendingEnded) as ended:
        slack.gateway.send(post(slack.mona.id), "wire-1")
    assert type(ended.value) is ending
    assert ended.value.code == code
    took_effect = fault.get("after") or fault.get("drop") == "after"
    assert posted(slack) == (1 if took_effect else 0)  # and never sent again from here


def test_slack_says_how_long_to_wait_and_without_a_word_it_is_half_a_minute(slack: Slack) -> None:
    slack.workspace.faults.add(method="chat.postMessage", retry_after=7)
    slack.workspace.faults.add(method="chat.postMessage", error="ratelimited")
    waits = []
    for _ in range(2):
        with pytest.raises(RateLimited) as ended:
            slack.gateway.send(post(slack.mona.id), "wire-1")
        waits.append(ended.value.retry_after)
    assert waits == [7.0, 30.0]


def test_an_answer_that_takes_too_long_may_still_have_been_a_success(slack: Slack) -> None:
    slack.gateway.client.timeout = 1
    slack.workspace.faults.add(method="chat.postMessage", delay=1.5)
    with pytest.raises(OutcomeUnknown):
        slack.gateway.send(post(slack.mona.id), "wire-1")
    slack.workspace.wait_until(lambda: posted(slack))
    [found] = slack.gateway.find(slack.mona.id, "wire-1", slack.clock.now())
    assert found.message_ts == slack.mona.inbox[0].ts


def test_where_nobody_listens_nothing_was_sent() -> None:
    with pytest.raises(NotSent, match="ConnectionRefusedError"):
        Gateway("xoxb-1", "http://127.0.0.1:9/api/").send(post("U0000000001"), "wire-1")


@pytest.mark.parametrize(
    ("status", "ending", "code"),
    [
        ("200 OK", OutcomeUnknown, "not_json"),
        ("403 Forbidden", NotSent, "http_403"),
        ("502 Bad Gateway", OutcomeUnknown, "http_502"),
    ],
)
def test_a_page_from_something_in_between_is_not_taken_for_slack_s_words(
    status: str, ending: type[SendingEnded], code: str
) -> None:
    def proxy(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        start_response(status, [("Content-Type", "text/html")])
        return [b"<html>canary</html>"]

    web = WebServer(proxy, host="127.0.0.1", port=0)
    web.start()
    try:
        with pytest.raises(SendingEnded) as ended:
            Gateway("xoxb-1", f"http://127.0.0.1:{web.port}/api/").send(post("U0000000001"), "wire-1")
    finally:
        web.stop()
    assert (type(ended.value), ended.value.code) == (ending, code)


def test_what_slack_would_refuse_is_refused_for_good(slack: Slack) -> None:
    bad = Post(to=slack.mona.id, text="…", blocks=[{"type": "section", "text": {"type": "plain_text", "text": ""}}])
    with pytest.raises(Refused, match="invalid_blocks"):
        slack.gateway.send(bad, "wire-1")
    with pytest.raises(Refused, match="channel_not_found"):
        slack.gateway.send(post("C0000000404"), "wire-1")


def test_no_ending_carries_words(slack: Slack) -> None:
    slack.workspace.faults.add(method="chat.postMessage", error="Canary words, with blanks")
    with pytest.raises(SendingEnded) as ended:
        slack.gateway.send(post(slack.mona.id), "wire-1")
    assert "anary" not in str(ended.value)
    assert ended.value.__cause__ is None
    assert ended.value.__suppress_context__


def test_a_message_is_found_by_its_wire_id_on_any_page_and_no_other_is(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpbot.slack.gateway._PAGE", 2)
    sent = []
    for number in range(5):
        slack.clock.advance(seconds=10)
        sent.append(slack.gateway.send(post(slack.mona.id), f"wire-{number % 2}"))
        slack.mona.say("hello")
    start = slack.clock.now() - timedelta(hours=1)
    assert slack.gateway.find(slack.mona.id, "wire-0", start) == [sent[0], sent[2], sent[4]]
    assert slack.gateway.find(slack.mona.id, "wire-2", start) == []
    fresh = Gateway(slack.app.bot_token, slack.gateway.client.base_url)  # has to ask for the conversation first
    assert fresh.find(slack.mona.id, "wire-1", start) == [sent[1], sent[3]]
    slack.clock.advance(minutes=10)
    assert slack.gateway.find(slack.mona.id, "wire-0", slack.clock.now()) == []


def test_deleting_what_is_gone_and_updating_what_was_closed_are_done(slack: Slack) -> None:
    receipt = slack.gateway.send(post(slack.mona.id), "wire-1")
    assert receipt.channel_id is not None
    assert receipt.message_ts is not None
    gone = Delete(channel_id=receipt.channel_id, message_ts=receipt.message_ts)
    assert slack.gateway.send(gone, "wire-2") == slack.gateway.send(gone, "wire-3") == Receipt()
    assert slack.gateway.send(UpdateView(view_id="V404", view=modal("A", [section("…")], "a")), "wire-4") == Receipt()
    edit = Edit(channel_id=receipt.channel_id, message_ts=receipt.message_ts, text="…", blocks=[])
    with pytest.raises(Refused, match="message_not_found"):
        slack.gateway.send(edit, "wire-5")


def test_a_message_that_cannot_be_pinned_has_arrived_all_the_same(slack: Slack) -> None:
    slack.workspace.faults.add(method="pins.add", error="no_permission")
    general = slack.workspace.add_channel("general", members=[slack.mona])
    slack.workspace.invite(general, slack.app.bot_user_id)
    receipt = slack.gateway.send(post(general.id, pin=True), "wire-1")
    assert receipt.message_ts in general.messages


def test_homes_modals_and_answers_go_out_by_the_same_door(slack: Slack) -> None:
    slack.gateway.send(PublishHome(user_id=slack.mona.id, view=home([section("Hello Mona")])), "wire-1")
    assert slack.mona.home is not None
    assert "Hello Mona" in slack.mona.home.text
    trigger = slack.workspace.views.trigger(slack.mona.id)
    view_id = slack.gateway.open_view(trigger, modal("One", [section("one")], "one"))
    slack.gateway.update_view(view_id, modal("Two", [section("two")], "two"))
    assert slack.mona.modal is not None
    assert slack.mona.modal.title == "Two"
    with pytest.raises(Refused, match="exchanged_trigger_id"):
        slack.gateway.open_view(trigger, modal("One", [section("one")], "one"))


def test_a_response_url_that_is_used_up_is_a_refusal(slack: Slack) -> None:
    url = slack.workspace.messages.response_url(slack.mona.id, slack.workspace.dm(slack.mona.id))
    for _ in range(5):
        slack.gateway.respond(url, {"text": "hello"})
    with pytest.raises(SendingEnded):
        slack.gateway.respond(url, {"text": "hello"})


def test_a_proxy_is_used_except_where_no_proxy_says_so(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NotSent):
        Gateway(slack.app.bot_token, slack.gateway.client.base_url).send(post(slack.mona.id), "wire-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    Gateway(slack.app.bot_token, slack.gateway.client.base_url).send(post(slack.mona.id), "wire-1")
    assert posted(slack) == 1


def test_several_threads_may_send_at_once(slack: Slack) -> None:
    people = [slack.workspace.add_person(f"Person {number}") for number in range(8)]
    threads = [
        threading.Thread(target=slack.gateway.send, args=(post(person.id), f"wire-{person.id}")) for person in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(person.inbox) for person in people] == [1] * 8


LONG = [section(f"part {number} " + "x" * 2900) for number in range(9)] + [actions(button("Open", "a"))]


def test_what_is_too_long_for_one_message_is_several_and_no_word_is_lost(slack: Slack) -> None:
    receipt = slack.gateway.send(Post(to=slack.mona.id, text="Long.", blocks=LONG), "wire-1")
    said = slack.mona.inbox
    assert len(said) == 3
    assert [block["text"]["text"] for each in said for block in each.raw["blocks"] if block["type"] == "section"] == [
        block["text"]["text"] for block in LONG[:-1]
    ]
    assert said[-1].buttons == ["Open"]
    assert receipt.message_ts == said[-1].ts
    assert slack.gateway.find(slack.mona.id, "wire-1", slack.workspace.clock.now() - timedelta(hours=1)) == [receipt]


def test_a_long_post_that_was_interrupted_goes_on_where_it_was(slack: Slack) -> None:
    slack.workspace.faults.add(method="chat.postMessage", status=500, where=lambda args: "part 8" in str(args))
    with pytest.raises(OutcomeUnknown):
        slack.gateway.send(Post(to=slack.mona.id, text="Long.", blocks=LONG), "wire-1")
    assert posted(slack) == 2
    slack.gateway.send(Post(to=slack.mona.id, text="Long.", blocks=LONG), "wire-1")
    assert posted(slack) == 3


def test_what_is_said_once_and_what_is_edited_fits_too(slack: Slack) -> None:
    slack.gateway.direct_message(slack.mona.id, "Long.", LONG)
    assert posted(slack) == 3
    receipt = slack.gateway.send(post(slack.mona.id), "wire-1")
    edit = Edit(channel_id=receipt.channel_id or "", message_ts=receipt.message_ts or "", text="Long.", blocks=LONG)
    slack.gateway.send(edit, "wire-2")
    assert slack.mona.inbox[-1].buttons == ["Open"]


def test_practice_refuses_what_is_too_long_as_slack_does(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        slack.gateway.client.chat_postMessage(channel=slack.mona.id, text="Long.", blocks=LONG)
