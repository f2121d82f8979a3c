"""The Web API refuses what Slack refuses, in Slack's words."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from gpbot.practice import App, Server, Workspace, web_api
from tests.clocks import StoppedClock
from tests.practice.blocks import buttons, home, modal, section
from tests.practice.conftest import MANIFEST


def refused(call: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refusal:
        call(*args, **kwargs)
    data: dict[str, Any] = refusal.value.response.data
    return data


def test_tokens_are_looked_at_first(client: WebClient, app: App, server: Server) -> None:
    assert client.auth_test()["user_id"] == app.bot_user_id
    other = WebClient(base_url=server.api_url)
    assert refused(other.auth_test)["error"] == "not_authed"
    assert refused(other.auth_test, token="xoxb-other")["error"] == "invalid_auth"
    assert refused(other.users_list, token=app.app_token)["error"] == "not_allowed_token_type"
    assert refused(client.apps_connections_open, app_token=app.bot_token)["error"] == "not_allowed_token_type"
    assert refused(client.api_call, "chat.telepathy")["error"] == "unknown_method"


def test_a_scope_that_is_missing_is_named(workspace: Workspace, client: WebClient) -> None:
    few = MANIFEST | {"oauth_config": {"scopes": {"bot": ["commands"]}}}
    workspace.install(few)
    answer = refused(client.chat_postMessage, channel="C1", text="x")
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "commands")


def test_the_kind_of_conversation_decides_which_scope_is_needed(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    dm = client.conversations_open(users=amina.id)["channel"]["id"]
    assert refused(client.conversations_info, channel=dm)["needed"] == "im:read"
    secret = workspace.add_channel("secret", private=True, members=[workspace.app])
    assert client.conversations_info(channel=secret.id)["channel"]["is_private"]
    assert refused(client.conversations_history, channel=secret.id)["needed"] == "groups:history"


def test_a_required_argument_that_is_missing_is_named(client: WebClient) -> None:
    answer = refused(client.api_call, "conversations.history")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_a_json_body_is_not_looked_at_where_the_method_takes_none(client: WebClient, app: App) -> None:
    as_form = client.api_call("users.info", params={"user": app.bot_user_id})
    assert as_form["user"]["is_bot"]
    assert refused(client.api_call, "users.info", json={"user": app.bot_user_id})["error"] == "invalid_arguments"


def test_a_private_channel_the_bot_is_not_in_does_not_exist(workspace: Workspace, client: WebClient) -> None:
    workspace.add_channel("general", members=[workspace.app])
    secret = workspace.add_channel("secret", private=True)
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert [channel["name"] for channel in listed] == ["general"]
    for call in (client.conversations_info, client.conversations_members):
        assert refused(call, channel=secret.id)["error"] == "channel_not_found"
    assert refused(client.chat_postMessage, channel=secret.id, text="x")["error"] == "channel_not_found"


def test_a_public_channel_can_be_seen_from_outside_but_not_read_or_posted_in(
    workspace: Workspace, client: WebClient
) -> None:
    general = workspace.add_channel("general")
    assert not client.conversations_info(channel=general.id)["channel"]["is_member"]
    assert refused(client.conversations_history, channel=general.id)["error"] == "not_in_channel"
    assert refused(client.chat_postMessage, channel=general.id, text="x")["error"] == "not_in_channel"
    client.conversations_join(channel=general.id)
    assert client.chat_postMessage(channel=general.id, text="x")["message"]["text"] == "x"


def test_a_message_to_a_person_lands_in_their_direct_message(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    posted = client.chat_postMessage(channel=amina.id, text="Hello &amp; &lt;b&gt;")
    assert posted["channel"] == client.conversations_open(users=amina.id)["channel"]["id"]
    assert [screen.text for screen in amina.inbox] == ["Hello & <b>"]


def test_people_who_left_and_bots_cannot_be_written_to(workspace: Workspace, client: WebClient) -> None:
    amina, robot = workspace.add_person("Amina Okafor"), workspace.add_person("Robot", bot=True)
    dm = client.conversations_open(users=amina.id)["channel"]["id"]
    workspace.deactivate(amina)
    assert refused(client.conversations_open, users=amina.id)["error"] == "user_disabled"
    assert refused(client.chat_postMessage, channel=amina.id, text="x")["error"] == "user_disabled"
    assert refused(client.chat_postMessage, channel=dm, text="x")["error"] == "user_disabled"
    assert refused(client.chat_postMessage, channel=robot.id, text="x")["error"] == "channel_not_found"
    assert refused(client.chat_postMessage, channel="U0", text="x")["error"] == "channel_not_found"


def test_a_messages_tab_that_is_off_takes_no_messages(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    features = MANIFEST["features"] | {"app_home": {"home_tab_enabled": False, "messages_tab_enabled": False}}
    workspace.install(MANIFEST | {"features": features})
    assert refused(client.chat_postMessage, channel=amina.id, text="x")["error"] == "messages_tab_disabled"
    assert refused(client.views_publish, user_id=amina.id, view=home())["error"] == "not_enabled"


def test_what_a_message_says_is_checked(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor").id
    post = client.chat_postMessage
    assert refused(client.api_call, "chat.postMessage", json={"channel": amina})["error"] == "no_text"
    assert refused(post, channel=amina, text="x" * 40_001)["error"] == "msg_too_long"
    assert refused(post, channel=amina, text="x", blocks="{")["error"] == "invalid_blocks_format"
    answer = refused(post, channel=amina, text="x", blocks=[section("")])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0].endswith("[json-pointer:/blocks/0/text/text]")
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {error}" for error in answer["errors"]]
    assert refused(post, channel=amina, text="x", metadata={"a": 1})["error"] == "invalid_metadata_format"
    archived = workspace.add_channel("old", members=[workspace.app])
    workspace.archive(archived)
    assert refused(post, channel=archived.id, text="x")["error"] == "is_archived"


def test_metadata_comes_back_only_when_asked_for(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    metadata = {"event_type": "gpbot", "event_payload": {"id": "7"}}
    dm = client.chat_postMessage(channel=amina.id, text="x", metadata=metadata)["channel"]
    assert "metadata" not in client.conversations_history(channel=dm)["messages"][0]
    told = client.conversations_history(channel=dm, include_all_metadata=True)["messages"][0]
    assert told["metadata"] == metadata


def test_an_update_keeps_blocks_and_metadata_it_does_not_mention(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    metadata = {"event_type": "gpbot", "event_payload": {"id": "7"}}
    posted = client.chat_postMessage(
        channel=amina.id, text="x", blocks=[section("Still here"), buttons("Open")], metadata=metadata
    )
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_update(**where, text="changed")
    assert amina.inbox[-1].text == "Still here\n[ Open ]"
    client.chat_update(**where, text="changed", blocks=[])
    assert amina.inbox[-1].text == "changed"
    assert amina.inbox[-1].raw["metadata"] == metadata
    assert refused(client.chat_update, **where, text="x" * 4_001)["error"] == "msg_too_long"


def test_only_its_own_messages_can_be_changed(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    said = amina.say("mine")
    where = {"channel": said.channel, "ts": said.ts}
    assert refused(client.chat_update, **where, text="x")["error"] == "cant_update_message"
    assert refused(client.chat_delete, **where)["error"] == "cant_delete_message"
    gone = {"channel": said.channel, "ts": "1.000001"}
    assert refused(client.chat_update, **gone, text="x")["error"] == "message_not_found"
    assert refused(client.chat_delete, **gone)["error"] == "message_not_found"


def test_an_ephemeral_message_is_for_one_member_and_in_no_history(workspace: Workspace, client: WebClient) -> None:
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    general = workspace.add_channel("general", members=[amina, workspace.app])
    client.chat_postEphemeral(channel=general.id, user=amina.id, text="psst")
    assert amina.read(general)[-1].text == "psst"
    assert ben.read(general) == []
    assert client.conversations_history(channel=general.id)["messages"] == []
    answer = refused(client.chat_postEphemeral, channel=general.id, user=ben.id, text="psst")
    assert answer["error"] == "user_not_in_channel"


def test_lists_come_in_pages(workspace: Workspace, client: WebClient) -> None:
    for number in range(5):
        workspace.add_person(f"Person {number}")
    found, cursor = [], ""
    while True:
        page = client.users_list(limit=2, cursor=cursor)
        found += [member["real_name"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == ["Slackbot", "helper", *(f"Person {number}" for number in range(5))]
    assert refused(client.users_list, limit=2, cursor="bogus")["error"] == "invalid_cursor"


def test_history_is_newest_first_within_the_times_asked_for(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    stamps = [client.chat_postMessage(channel=amina.id, text=str(n))["ts"] for n in range(4)]
    dm = client.conversations_open(users=amina.id)["channel"]["id"]
    page = client.conversations_history(channel=dm, limit=3)
    assert [message["text"] for message in page["messages"]] == ["3", "2", "1"]
    assert page["has_more"]
    rest = client.conversations_history(channel=dm, limit=3, cursor=page["response_metadata"]["next_cursor"])
    assert [message["text"] for message in rest["messages"]] == ["0"]
    since = client.conversations_history(channel=dm, oldest=stamps[1])
    assert [message["text"] for message in since["messages"]] == ["3", "2"]
    since = client.conversations_history(channel=dm, oldest=stamps[1], inclusive=True)
    assert [message["text"] for message in since["messages"]] == ["3", "2", "1"]
    assert refused(client.conversations_history, channel=dm, oldest="soon")["error"] == "invalid_ts_oldest"


def test_people_who_left_stay_listed_and_addresses_need_their_scope(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor", email="amina@harbour.example", title="Harbour Aid")
    user = client.users_info(user=amina.id)["user"]
    assert (user["profile"]["email"], user["profile"]["title"]) == ("amina@harbour.example", "Harbour Aid")
    workspace.deactivate(amina)
    assert [m["deleted"] for m in client.users_list()["members"] if m["id"] == amina.id] == [True]
    scopes = [scope for scope in MANIFEST["oauth_config"]["scopes"]["bot"] if scope != "users:read.email"]
    workspace.install(MANIFEST | {"oauth_config": {"scopes": {"bot": scopes}}})
    assert "email" not in client.users_info(user=amina.id)["user"]["profile"]
    slackbot = client.users_info(user="USLACKBOT")["user"]
    assert not slackbot["is_bot"]


def test_pins(workspace: Workspace, client: WebClient) -> None:
    desk = workspace.add_channel("desk", private=True, members=[workspace.app])
    ts = client.chat_postMessage(channel=desk.id, text="The Desk")["ts"]
    client.pins_add(channel=desk.id, timestamp=ts)
    assert client.pins_list(channel=desk.id)["items"][0]["message"]["ts"] == ts
    assert refused(client.pins_add, channel=desk.id, timestamp=ts)["error"] == "already_pinned"
    assert refused(client.pins_add, channel=desk.id, timestamp="1.1")["error"] == "message_not_found"
    assert refused(client.pins_add, channel=desk.id)["error"] == "no_item_specified"


def test_channels_are_made_once_and_named_by_the_rules(workspace: Workspace, client: WebClient) -> None:
    workspace.add_channel("secret", private=True)
    made = client.conversations_create(name="fundraising-tech")["channel"]
    assert made["is_member"]
    for name, error in {
        "fundraising-tech": "name_taken",
        "secret": "name_taken",
        "Loud": "invalid_name_specials",
        "two words": "invalid_name_specials",
        "--": "invalid_name_punctuation",
        "x" * 81: "invalid_name_maxlength",
    }.items():
        assert refused(client.conversations_create, name=name)["error"] == error, name


def test_one_bad_id_fails_an_invitation_unless_it_is_forced(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    place = client.conversations_create(name="new")["channel"]["id"]
    answer = refused(client.conversations_invite, channel=place, users=[amina.id, "U0"])
    assert answer["errors"] == [{"user": "U0", "ok": False, "error": "user_not_found"}]
    assert amina.id not in client.conversations_members(channel=place)["members"]
    client.conversations_invite(channel=place, users=[amina.id, "U0"], force=True)
    assert amina.id in client.conversations_members(channel=place)["members"]


def test_a_channel_takes_a_short_burst_and_then_a_message_a_second(
    workspace: Workspace, client: WebClient, clock: StoppedClock
) -> None:
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    for _ in range(5):
        client.chat_postMessage(channel=amina.id, text="x")
    with pytest.raises(SlackApiError) as refusal:
        client.chat_postMessage(channel=amina.id, text="x")
    assert refusal.value.response.status_code == 429
    assert refusal.value.response.headers["Retry-After"] == "1"
    assert refusal.value.response["error"] == "ratelimited"
    dm = client.conversations_open(users=amina.id)["channel"]["id"]
    assert refused(client.chat_postMessage, channel=dm, text="x")["error"] == "ratelimited"
    client.chat_postMessage(channel=ben.id, text="x")
    clock.advance(seconds=1)
    client.chat_postMessage(channel=amina.id, text="x")
    assert len(amina.inbox) == 6


def test_a_method_takes_as_many_calls_a_minute_as_its_tier_says(client: WebClient, clock: StoppedClock) -> None:
    for _ in range(20):
        client.users_list()
    assert refused(client.users_list)["error"] == "ratelimited"
    clock.advance(seconds=3)
    client.users_list()


def test_triggers_are_good_for_three_seconds_and_one_view(
    workspace: Workspace, client: WebClient, clock: StoppedClock
) -> None:
    amina = workspace.add_person("Amina Okafor")
    trigger = workspace.views.trigger(amina.id)
    assert refused(client.views_open, trigger_id=trigger, view=modal(title="x" * 25))["error"] == "invalid_arguments"
    client.views_open(trigger_id=trigger, view=modal())
    assert refused(client.views_open, trigger_id=trigger, view=modal())["error"] == "exchanged_trigger_id"
    late = workspace.views.trigger(amina.id)
    clock.advance(seconds=3.1)
    assert refused(client.views_open, trigger_id=late, view=modal())["error"] == "expired_trigger_id"
    assert refused(client.views_open, trigger_id="1.2.x", view=modal())["error"] == "invalid_trigger_id"


def test_an_invalid_view_is_refused_with_the_place_that_is_wrong(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    answer = refused(client.views_open, trigger_id=workspace.views.trigger(amina.id), view=modal(title="x" * 25))
    assert any("[json-pointer:/view/title/text]" in line for line in answer["response_metadata"]["messages"])
    big = modal(section("x"), private_metadata="x" * 3001)
    answer = refused(client.views_open, trigger_id=workspace.views.trigger(amina.id), view=big)
    assert any("/view/private_metadata" in line for line in answer["response_metadata"]["messages"])
    huge = modal(*[section("x" * 2990) for _ in range(90)])
    answer = refused(client.views_open, trigger_id=workspace.views.trigger(amina.id), view=huge)
    assert answer["error"] == "view_too_large"


def test_a_view_is_updated_under_its_hash_while_it_is_open(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    view = client.views_open(trigger_id=workspace.views.trigger(amina.id), view=modal())["view"]
    amina.fill("What", "half a sentence")
    again = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(title="Second"))["view"]
    assert again["hash"] != view["hash"]
    assert amina.modal is not None
    assert (amina.modal.title, "half a sentence" in amina.modal.text) == ("Second", True)
    conflict = refused(client.views_update, view_id=view["id"], hash=view["hash"], view=modal())
    assert conflict["error"] == "hash_conflict"
    amina.dismiss()
    assert refused(client.views_update, view_id=view["id"], view=modal())["error"] == "not_found"


def test_views_are_pushed_three_deep(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    assert (
        refused(client.views_push, trigger_id=workspace.views.trigger(amina.id), view=modal())["error"] == "not_found"
    )
    client.views_open(trigger_id=workspace.views.trigger(amina.id), view=modal())
    for _ in range(2):
        client.views_push(trigger_id=workspace.views.trigger(amina.id), view=modal())
    answer = refused(client.views_push, trigger_id=workspace.views.trigger(amina.id), view=modal())
    assert answer["error"] == "push_limit_reached"


def test_an_external_id_is_used_once_at_a_time(workspace: Workspace, client: WebClient) -> None:
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    client.views_open(trigger_id=workspace.views.trigger(amina.id), view=modal(external_id="one"))
    trigger = workspace.views.trigger(ben.id)
    answer = refused(client.views_open, trigger_id=trigger, view=modal(external_id="one"))
    assert answer["error"] == "duplicate_external_id"
    client.views_update(external_id="one", view=modal(title="Found"))
    amina.dismiss()
    client.views_open(trigger_id=trigger, view=modal(external_id="one"))


def test_homes_are_published_under_their_hash(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    first = client.views_publish(user_id=amina.id, view=home())["view"]
    client.views_publish(user_id=amina.id, view=home(), hash=first["hash"])
    assert refused(client.views_publish, user_id=amina.id, view=home(), hash=first["hash"])["error"] == "hash_conflict"
    assert refused(client.views_publish, user_id=amina.id, view=modal())["error"] == "invalid_arguments"


def test_every_method_has_its_rules_its_errors_and_its_handler() -> None:
    assert web_api.METHODS.keys() == web_api.ERRORS.keys() == web_api._HANDLERS.keys()
    assert not any(web_api.COMMON_ERRORS & errors for errors in web_api.ERRORS.values())


def test_calls_are_noted_without_their_token(workspace: Workspace, client: WebClient) -> None:
    client.auth_test()
    call = workspace.calls[-1]
    assert (call.method, call.token, call.status) == ("auth.test", "bot", 200)
    assert "xoxb" not in repr(workspace.calls)


def test_a_preference_can_leave_channels_and_pins_to_admins(workspace: Workspace, client: WebClient) -> None:
    harbour = client.conversations_create(name="harbour")["channel"]["id"]
    said = client.chat_postMessage(channel=harbour, text="hello")["ts"]
    workspace.restricted |= {"archive", "create", "pin"}
    assert refused(client.conversations_create, name="quay")["error"] == "restricted_action"
    assert refused(client.conversations_archive, channel=harbour)["error"] == "restricted_action"
    assert refused(client.pins_add, channel=harbour, timestamp=said)["error"] == "restricted_action"
    workspace.restricted.clear()
    client.pins_add(channel=harbour, timestamp=said)
    client.conversations_archive(channel=harbour)


def test_words_that_slack_keeps_for_itself_are_taken(client: WebClient) -> None:
    assert refused(client.conversations_create, name="here")["error"] == "name_taken"


def test_guests_and_strangers_are_not_invited_by_an_app(workspace: Workspace, client: WebClient) -> None:
    harbour = client.conversations_create(name="harbour")["channel"]["id"]
    guest = workspace.add_person("Gus Guest", guest=True)
    stranger = workspace.add_person("Sam Stranger", external=True)
    amina = workspace.add_person("Amina Okafor")
    invite = client.conversations_invite
    answer = invite(channel=harbour, users=[guest.id, stranger.id, amina.id], force=True)
    assert [(one["user"], one["error"]) for one in answer["errors"]] == [
        (guest.id, "user_is_restricted"),
        (stranger.id, "cant_invite"),
    ]
    assert amina.id in workspace.channels[harbour].members
    assert refused(invite, channel=harbour, users=[guest.id], force=True)["error"] == "user_is_restricted"


def test_a_channel_keeps_the_names_it_had(workspace: Workspace, client: WebClient) -> None:
    harbour = client.conversations_create(name="harbour")["channel"]["id"]
    workspace.rename_channel(workspace.channels[harbour], "port")
    shape = client.conversations_info(channel=harbour)["channel"]
    assert (shape["name"], shape["previous_names"]) == ("port", ["harbour"])


def test_a_channel_takes_a_hundred_pins(workspace: Workspace, client: WebClient) -> None:
    workspace.rate_limits = False
    harbour = client.conversations_create(name="harbour")["channel"]["id"]
    said = [client.chat_postMessage(channel=harbour, text="hello")["ts"] for _ in range(101)]
    for ts in said[:100]:
        client.pins_add(channel=harbour, timestamp=ts)
    assert refused(client.pins_add, channel=harbour, timestamp=said[100])["error"] == "too_many_pins"


def test_a_deleted_channel_is_gone(workspace: Workspace, client: WebClient) -> None:
    harbour = client.conversations_create(name="harbour")["channel"]["id"]
    workspace.delete_channel(workspace.channels[harbour])
    assert refused(client.conversations_info, channel=harbour)["error"] == "channel_not_found"
    assert client.conversations_list()["channels"] == []
