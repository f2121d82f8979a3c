"""Trouble on order reaches the bot as it would from Slack."""

import urllib.error
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from gpbot.practice import Person, Workspace


@pytest.fixture
def amina(workspace: Workspace, client: WebClient) -> Person:
    return workspace.add_person("Amina Okafor")


def refusal(client: WebClient, amina: Person) -> SlackApiError:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=amina.id, text="x")
    return refused.value


def test_a_status_an_error_and_a_429_once_each(workspace: Workspace, client: WebClient, amina: Person) -> None:
    workspace.faults.add(method="chat.postMessage", status=500)
    workspace.faults.add(method="chat.postMessage", error="fatal_error")
    workspace.faults.add(method="chat.postMessage", retry_after=30)
    client.auth_test()
    assert refusal(client, amina).response.status_code == 500
    assert refusal(client, amina).response["error"] == "fatal_error"
    limited = refusal(client, amina).response
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "30")
    client.chat_postMessage(channel=amina.id, text="through")
    assert [screen.text for screen in amina.inbox] == ["through"]
    assert [call.status for call in workspace.calls] == [200, 500, 200, 429, 200]


def test_a_connection_dropped_before_leaves_nothing_and_after_leaves_the_message(
    workspace: Workspace, client: WebClient, amina: Person
) -> None:
    workspace.faults.add(method="chat.postMessage", drop="before")
    workspace.faults.add(method="chat.postMessage", drop="after")
    for left in ([], ["x"]):
        with pytest.raises((RemoteDisconnected, urllib.error.URLError, ConnectionError)):
            client.chat_postMessage(channel=amina.id, text="x")
        assert [screen.text for screen in amina.inbox] == left


def test_an_error_after_the_effect(workspace: Workspace, client: WebClient, amina: Person) -> None:
    workspace.faults.add(method="chat.postMessage", error="fatal_error", after=True)
    assert refusal(client, amina).response["error"] == "fatal_error"
    assert len(amina.inbox) == 1


def test_a_delay_outlasts_an_impatient_client(workspace: Workspace, client: WebClient, amina: Person) -> None:
    workspace.faults.add(method="chat.postMessage", delay=1.2)
    hasty = WebClient(client.token, base_url=client.base_url, retry_handlers=[], timeout=1)
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=amina.id, text="x")
    workspace.wait_until(lambda: amina.inbox)


def test_a_condition_looks_at_the_arguments_and_none_means_for_ever(
    workspace: Workspace, client: WebClient, amina: Person
) -> None:
    ben = workspace.add_person("Ben Adeyemi")
    workspace.faults.add(
        method="chat.postMessage", error="fatal_error", where=lambda args: args["channel"] == amina.id, times=None
    )
    for _ in range(3):
        refusal(client, amina)
    client.chat_postMessage(channel=ben.id, text="x")
    workspace.faults.clear()
    client.chat_postMessage(channel=amina.id, text="x")
