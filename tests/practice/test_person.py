"""A person can do what Slack's client lets them do, and sees what Slack shows them."""

import threading
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from gpbot.practice import CannotDo, Person, Workspace
from tests.practice.blocks import buttons, home, labelled, modal, options, section, text_input
from tests.practice.conftest import MANIFEST, Bot


@pytest.fixture
def amina(workspace: Workspace, client: WebClient) -> Person:
    return workspace.add_person("Amina Okafor", display_name="amina")


def show(workspace: Workspace, client: WebClient, person: Person, view: dict[str, Any]) -> None:
    client.views_open(trigger_id=workspace.views.trigger(person.id), view=view)


def test_what_is_not_there_cannot_be_done_and_the_sentence_says_what_is(
    workspace: Workspace, client: WebClient, amina: Person
) -> None:
    with pytest.raises(CannotDo, match="no “Open”; there is: nothing"):
        amina.press("Open")
    client.chat_postMessage(channel=amina.id, text="x", blocks=[buttons("Continue", "Delete")])
    with pytest.raises(CannotDo, match="no “Open”; there is: “Continue”, “Delete”"):
        amina.press("Open")
    show(workspace, client, amina, modal())
    with pytest.raises(CannotDo, match="there is: “What happened”"):
        amina.fill("Who", "x")
    with pytest.raises(CannotDo, match="there is: nothing"):
        amina.press("Continue")  # a modal covers what is behind it
    amina.dismiss()
    with pytest.raises(CannotDo, match="no modal open"):
        amina.submit()


@pytest.mark.parametrize(
    ("element", "value", "trouble"),
    [
        ({"type": "plain_text_input", "max_length": 3}, "long", "at most 3 characters"),
        ({"type": "plain_text_input"}, "two\nlines", "is one line"),
        ({"type": "plain_text_input", "multiline": True}, "x" * 3001, "at most 3000"),
        ({"type": "number_input", "is_decimal_allowed": False}, "many", "takes a number"),
        ({"type": "email_text_input"}, "nobody", "an e-mail address"),
        ({"type": "datepicker"}, "tomorrow", "a date like"),
        ({"type": "static_select", "options": options("Yes", "No")}, "Perhaps", "no option begins with"),
        ({"type": "checkboxes", "options": options("Yes", "Yesterday")}, ["Ye"], "several options"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1", "U2"], "at most 1"),
        ({"type": "users_select"}, "U0", "nobody like that"),
    ],
)
def test_the_client_does_not_let_in_what_the_field_does_not_take(
    workspace: Workspace, client: WebClient, amina: Person, *, element: dict[str, Any], value: Any, trouble: str
) -> None:
    show(workspace, client, amina, modal(labelled("Field", element)))
    with pytest.raises(CannotDo, match=trouble):
        amina.fill("Field", value)


def test_an_empty_required_field_is_noticed_before_anything_is_sent(
    workspace: Workspace, client: WebClient, amina: Person
) -> None:
    show(workspace, client, amina, modal(text_input(min_length=5), labelled("Who", {"type": "users_select"})))
    assert not amina.submit().ok
    assert amina.modal is not None
    assert set(amina.modal.errors) == {"What happened", "Who"}
    amina.fill("Who", amina)
    amina.fill("What", "abc")
    assert amina.submit().text == "Please write at least 5 characters."
    workspace.check()


def test_an_emptied_field_is_empty_though_the_app_had_preset_it(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    preset = labelled("Words", {"type": "plain_text_input", "initial_value": "preset"}, optional=True)
    show(workspace, over_http.client, amina, modal(preset))

    @over_http.bolt.view("form")
    def take(ack: Ack) -> None:
        ack()

    assert amina.modal is not None
    assert "preset" in amina.modal.text
    amina.fill("Words", None)
    amina.submit()
    state = over_http.last("view_submission")["view"]["state"]["values"]
    assert state == {"words": {"it": {"type": "plain_text_input", "value": None}}}


def test_a_field_that_acts_at_once_tells_the_bot_and_keeps_its_answer(workspace: Workspace, over_http: Bot) -> None:
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    who = labelled("Who", {"type": "multi_users_select"}, dispatch_action=True)
    show(workspace, over_http.client, amina, modal(who, text_input()))

    @over_http.bolt.action("it")
    def take(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        view = modal(who, text_input(), title="Noted")
        over_http.client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    amina.fill("What", "started")
    amina.fill("Who", [ben])
    body = over_http.last("block_actions")
    assert body["actions"][0]["selected_users"] == [ben.id]
    assert body["view"]["state"]["values"]["what"]["it"]["value"] == "started"
    assert amina.modal is not None
    assert amina.modal.title == "Noted"
    assert "started" in amina.modal.text
    workspace.check()


def test_a_menu_entry_is_pressed_by_its_words(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    menu = {"type": "overflow", "action_id": "more", "options": options("Withdraw", "Hand over")}
    over_http.client.chat_postMessage(channel=amina.id, text="x", blocks=[section("A report", accessory=menu)])

    @over_http.bolt.action("more")
    def take(ack: Ack) -> None:
        ack()

    amina.press("Hand over")
    assert over_http.last("block_actions")["actions"][0]["selected_option"]["value"] == "hand over"


def test_the_newest_of_several_buttons_is_pressed_unless_another_is_meant(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    for text in ("old", "new"):
        over_http.client.chat_postMessage(channel=amina.id, text=text, blocks=[section(text), buttons("Open")])

    @over_http.bolt.action("open")
    def take(ack: Ack) -> None:
        ack()

    amina.press("Open")
    assert over_http.last("block_actions")["message"]["text"] == "new"
    amina.press("Open", nth=0)
    assert over_http.last("block_actions")["message"]["text"] == "old"
    amina.press("Open", within=amina.inbox[0])
    assert over_http.last("block_actions")["message"]["text"] == "old"


def test_a_button_of_a_message_that_is_gone_works_only_by_force(workspace: Workspace, over_http: Bot) -> None:
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    posted = over_http.client.chat_postMessage(channel=amina.id, text="x", blocks=[buttons("Open")])

    @over_http.bolt.action("open")
    def take(ack: Ack) -> None:
        ack()

    old = amina.inbox[0]
    with pytest.raises(CannotDo, match="cannot read this direct message"):
        ben.press("Open", within=old)
    over_http.client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    with pytest.raises(CannotDo, match="no longer there"):
        amina.press("Open", within=old)
    assert amina.press("Open", within=old, force=True).ok
    assert over_http.last("block_actions")["message"]["ts"] == posted["ts"]


def test_a_modal_that_is_closed_works_only_by_force(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    show(workspace, over_http.client, amina, modal(buttons("Claim"), text_input()))

    @over_http.bolt.action("claim")
    def take(ack: Ack) -> None:
        ack()

    old = amina.modal
    assert amina.press("Claim", within=old).ok
    amina.dismiss()
    with pytest.raises(CannotDo, match="not on their screen"):
        amina.press("Claim", within=old)
    assert amina.press("Claim", within=old, force=True).ok


def test_anybody_can_forge_anything_but_who_they_are(workspace: Workspace, over_http: Bot) -> None:
    ben = workspace.add_person("Ben Adeyemi")
    over_http.bolt.action("report.open")(lambda ack: ack())

    @over_http.bolt.view("report.form")
    def refuse(ack: Ack) -> None:
        ack(response_action="update", view=modal(section("This is not available to you."), title="Sorry"))

    ben.send_action("report.open", "somebody-else's")
    body = over_http.last("block_actions")
    assert (body["user"]["id"], body["actions"][0]["value"]) == (ben.id, "somebody-else's")
    answer = ben.send_view_submission({"callback_id": "report.form", "private_metadata": "guessed"})
    assert "This is not available to you." in answer.text
    assert over_http.last("view_submission")["view"]["private_metadata"] == "guessed"
    assert ben.seen[-1].text == answer.text
    workspace.check()


def test_what_is_edited_or_deleted_has_been_seen_all_the_same(
    workspace: Workspace, client: WebClient, amina: Person
) -> None:
    posted = client.chat_postMessage(channel=amina.id, text="notification words", blocks=[section("first words")])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_update(**where, text="later", blocks=[section("second words")])
    client.chat_delete(**where)
    show(workspace, client, amina, modal(section("modal words"), text_input(), private_metadata="opaque"))
    amina.dismiss()
    client.views_publish(user_id=amina.id, view=home(section("home words")))
    seen = [(sight.where, sight.text) for sight in amina.seen]
    assert ("notification", "notification words") in seen
    assert [text for where_, text in seen if where_ == "direct message"] == [
        "first words",
        "second words",
        "(deleted)",
    ]
    assert any(where_ == "modal" and "modal words" in text for where_, text in seen)
    assert ("home", "home words") in seen
    assert any("opaque" in str(sight.raw) for sight in amina.seen)
    assert amina.inbox == []


def test_people_see_their_own_channels_and_nobody_elses(workspace: Workspace, client: WebClient) -> None:
    amina = workspace.add_person("Amina Okafor")
    guest = workspace.add_person("Gus", guest=True)
    stranger = workspace.add_person("Sam", external=True)
    general = workspace.add_channel("general", members=[workspace.app])
    secret = workspace.add_channel("secret", private=True, members=[amina, workspace.app])
    client.chat_postMessage(channel=general.id, text="for all members")
    client.chat_postMessage(channel=secret.id, text="for few")
    late = workspace.add_person("Late Arrival")

    def knows(person: Person, words: str) -> bool:
        return any(words in sight.text for sight in person.seen)

    assert [knows(p, "for all") for p in (amina, guest, stranger, late)] == [True, False, False, True]
    assert [knows(p, "for few") for p in (amina, guest, stranger, late)] == [True, False, False, False]
    with pytest.raises(CannotDo, match="cannot read #secret"):
        guest.read(secret)
    secret.invite(guest)
    assert knows(guest, "for few")
    secret.remove(guest)
    client.chat_postMessage(channel=secret.id, text="after he left")
    assert not knows(guest, "after he left")
    assert set(amina.screens()) == {"#general", "#secret"}


def test_somebody_without_an_account_does_nothing_any_more(workspace: Workspace, amina: Person) -> None:
    workspace.deactivate(amina)
    with pytest.raises(CannotDo, match="no account any more"):
        amina.command("/report")
    workspace.reactivate(amina)
    assert not amina.command("/report").ok  # nobody is connected, but Slack took it


def test_only_what_the_manifest_has_is_there(workspace: Workspace, amina: Person) -> None:
    assert "not a valid command" in amina.command("/other").text
    with pytest.raises(CannotDo, match="there is: “Report a concern”"):
        amina.shortcut("Report to the Champions")
    features = MANIFEST["features"] | {"app_home": {"home_tab_enabled": False, "messages_tab_enabled": False}}
    workspace.install(MANIFEST | {"features": features})
    with pytest.raises(CannotDo, match="no Home tab"):
        amina.open_home()
    with pytest.raises(CannotDo, match="takes no messages"):
        amina.say("hello")
    with pytest.raises(ValueError, match="the scope `commands`"):
        workspace.install(MANIFEST | {"oauth_config": {"scopes": {"bot": []}}})


def test_mentions_in_a_command_are_escaped_where_the_manifest_says_so(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor", display_name="amina")
    for name in ("/report", "/plain"):
        over_http.bolt.command(name)(lambda ack: ack())
    amina.command("/report", f"{amina.mention} and @amina <b>")
    assert over_http.last("/report")["text"] == f"<@{amina.id}|amina> and <@{amina.id}|amina> &lt;b&gt;"
    amina.command("/plain", f"{amina.mention} and @amina <b>")
    assert over_http.last("/plain")["text"] == "@amina and @amina <b>"


def test_messages_without_a_user_or_without_words_exist(workspace: Workspace, over_http: Bot) -> None:
    robot, amina = workspace.add_person("Robot", bot=True), workspace.add_person("Amina Okafor")
    general = workspace.add_channel("general", members=[robot, amina, workspace.app])
    over_http.bolt.shortcut("report_it")(lambda ack: ack())
    amina.message_shortcut("Report to the Champions", robot.say("beep", to=general))
    message = over_http.last("message_action")["message"]
    assert "user" not in message
    assert (message["subtype"], message["username"]) == ("bot_message", "Robot")
    said = amina.say("", to=general, files=["their-name.pdf"])
    assert said.text == "[their-name.pdf]"
    amina.message_shortcut("Report to the Champions", said)
    message = over_http.last("message_action")["message"]
    assert (message["text"], message["files"][0]["name"]) == ("", "their-name.pdf")


def test_what_is_shared_comes_below_with_its_author_and_again_below_what_shares_it(
    workspace: Workspace, over_http: Bot
) -> None:
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    general = workspace.add_channel("general", members=[amina, ben])
    hallway = workspace.add_channel("hallway", private=True, members=[amina])
    over_http.bolt.shortcut("report_it")(lambda ack: ack())
    said = amina.say(f"hello {ben.mention}", to=hallway, files=["a.pdf"])
    with pytest.raises(CannotDo):
        ben.share(said, to=general)
    again = ben.share(amina.share(said, to=general), to=general, comment="look")
    assert again.text == "look\n> Amina Okafor\n> > Amina Okafor\n> > hello @Ben Adeyemi"
    ben.message_shortcut("Report to the Champions", again)
    message = over_http.last("message_action")["message"]
    [shared] = message["attachments"]
    assert (message["text"], shared["text"], shared["author_id"]) == ("look", "", amina.id)
    [inner] = shared["attachments"]
    assert (inner["text"], inner["author_id"], inner["channel_id"]) == (f"hello {ben.mention}", amina.id, hallway.id)
    assert (inner["ts"], inner["footer"]) == (said.ts, "Posted in a private conversation")
    assert inner["files"][0]["name"] == "a.pdf"


def test_patience_waits_for_what_is_not_there_yet(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    workspace.patience = 5
    over_http.bolt.command("/report")(lambda ack: ack())
    amina.command("/report")
    trigger = over_http.last("/report")["trigger_id"]

    opening = threading.Timer(0.05, lambda: over_http.client.views_open(trigger_id=trigger, view=modal()))
    opening.start()
    amina.fill("What", "there")
    opening.join()


def test_a_new_name_is_shown_everywhere_at_once(workspace: Workspace, client: WebClient, amina: Person) -> None:
    client.chat_postMessage(channel=amina.id, text=f"Hello {amina.mention}")
    workspace.rename(amina, display_name="mina")
    assert amina.inbox[0].text == "Hello @mina"


def test_members_make_join_leave_archive_and_bring_back_channels(workspace: Workspace, amina: Person) -> None:
    ben, guest = workspace.add_person("Ben Adeyemi"), workspace.add_person("Gus Guest", guest=True)
    harbour = amina.create_channel("harbour")
    assert (harbour.creator, harbour.members) == (amina.id, [amina.id])
    ben.join(harbour)
    assert harbour.members == [amina.id, ben.id]
    amina.leave(harbour)
    with pytest.raises(CannotDo):
        amina.archive(harbour)
    ben.archive(harbour)
    with pytest.raises(CannotDo):
        amina.join(harbour)
    with pytest.raises(CannotDo, match="already taken"):
        amina.create_channel("harbour")
    amina.unarchive(harbour)
    amina.join(harbour)
    with pytest.raises(CannotDo, match="small letters"):
        amina.create_channel("Harbour two")
    with pytest.raises(CannotDo):
        guest.create_channel("guests")
    with pytest.raises(CannotDo):
        guest.join(harbour)
    workspace.restricted |= {"archive", "create"}
    with pytest.raises(CannotDo):
        amina.create_channel("quay")
    with pytest.raises(CannotDo):
        amina.archive(harbour)


def test_nobody_leaves_or_archives_the_channel_that_everybody_is_in(workspace: Workspace, amina: Person) -> None:
    general = workspace.add_channel("general", members=[amina])
    for do in (amina.leave, amina.archive):
        with pytest.raises(CannotDo):
            do(general)
