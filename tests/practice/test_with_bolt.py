"""The whole way round: a person does something, a real Bolt app answers, the person sees it."""

from typing import Any

import pytest
from slack_bolt import Ack, Respond, Say

from gpbot.practice import PracticeProblem, Screen, Workspace
from tests.practice.blocks import buttons, home, labelled, modal, options, section, text_input
from tests.practice.conftest import Bot


def opened(bot: Bot, view: dict[str, Any]) -> None:
    """From now on `/report` opens this view."""

    @bot.bolt.command("/report")
    def open_it(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        bot.client.views_open(trigger_id=body["trigger_id"], view=view)


def in_front(screen: Screen | None) -> Screen:
    assert screen is not None
    return screen


def test_a_command_opens_a_form_that_is_filled_in_and_sent(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor", display_name="amina")
    ben = workspace.add_person("Ben Adeyemi", display_name="ben")
    read: list[dict[str, Any]] = []
    opened(
        anyhow,
        modal(
            text_input(),
            labelled("Who is it about", {"type": "multi_users_select"}, optional=True),
            labelled("Show my name", {"type": "radio_buttons", "options": options("No", "Yes")}),
            labelled("Keep out", {"type": "checkboxes", "options": options("Ben Adeyemi", "Chidi")}, optional=True),
        ),
    )

    @anyhow.bolt.view("form")
    def submitted(ack: Ack, view: dict[str, Any], body: dict[str, Any]) -> None:
        read.append(view["state"]["values"])
        ack()
        anyhow.client.chat_postMessage(channel=body["user"]["id"], text="Saved, <@" + body["user"]["id"] + ">.")

    assert amina.command("/report", "hello").ok
    assert in_front(amina.modal).fields == ["What happened", "Who is it about", "Show my name", "Keep out"]
    amina.fill("what", "It rained.\nA lot.")
    amina.fill("Who", [ben])
    amina.fill("Show", "no")
    amina.fill("Keep", ["Ben"])
    assert "@ben" in in_front(amina.modal).text
    assert amina.submit().ok
    assert read == [
        {
            "what": {"it": {"type": "plain_text_input", "value": "It rained.\nA lot."}},
            "who": {"it": {"type": "multi_users_select", "selected_users": [ben.id]}},
            "show": {"it": {"type": "radio_buttons", "selected_option": read[0]["show"]["it"]["selected_option"]}},
            "keep": {"it": {"type": "checkboxes", "selected_options": read[0]["keep"]["it"]["selected_options"]}},
        }
    ]
    assert read[0]["keep"]["it"]["selected_options"][0]["value"] == "ben adeyemi"
    assert amina.modals == []
    assert [screen.text for screen in amina.inbox] == ["Saved, @amina."]
    assert ben.inbox == []
    workspace.check()


def test_a_command_is_answered_for_one_person_alone(workspace: Workspace, anyhow: Bot) -> None:
    general = workspace.add_channel("general")
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    general.invite(amina)
    general.invite(ben)

    @anyhow.bolt.command("/report")
    def answer(ack: Ack) -> None:
        ack("Only you see this.")

    assert amina.command("/report", channel=general).text == "Only you see this."
    assert amina.read(general)[-1].text == "Only you see this."
    assert all("Only you" not in sight.text for sight in ben.seen)
    body = anyhow.last("/report")
    assert body["channel_name"] == "general"
    assert body["user_id"] == amina.id


def test_a_button_opens_a_modal_and_the_message_is_replaced(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    posted = anyhow.client.chat_postMessage(channel=amina.id, text="Look", blocks=[section("Look"), buttons("Open")])

    @anyhow.bolt.action("open")
    def open_it(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        anyhow.client.views_open(trigger_id=body["trigger_id"], view=modal())
        respond(text="It is open.", blocks=[section("It is open.")], replace_original=True)

    old = amina.inbox[-1]
    assert old.text == "Look\n[ Open ]"
    assert amina.press("Open").ok
    assert in_front(amina.modal).title == "A form"
    assert amina.inbox[-1].text == "It is open."
    body = anyhow.last("block_actions")
    assert body["message"]["ts"] == posted["ts"] == body["container"]["message_ts"]
    assert body["actions"][0]["value"] == "about Open"
    assert body["channel"] == {"id": posted["channel"], "name": "directmessage"}

    # The old button lives on, as it does on a screen that was not refreshed.
    amina.dismiss()
    assert amina.press("Open", within=old).ok
    workspace.check()


def test_home_is_published_when_it_is_opened_and_its_buttons_carry_the_view(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")

    @anyhow.on("app_home_opened")
    def publish(event: dict[str, Any]) -> None:
        anyhow.client.views_publish(user_id=event["user"], view=home(section("Hello."), buttons("Report")))

    @anyhow.bolt.action("report")
    def report(ack: Ack) -> None:
        ack()

    assert in_front(amina.open_home()).text == "Hello.\n[ Report ]"
    assert amina.press("Report").ok
    body = anyhow.last("block_actions")
    assert body["view"]["type"] == "home"
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert "message" not in body
    assert "response_url" not in body
    amina.open_home()
    assert anyhow.events("app_home_opened")[-1]["view"]["id"] == body["view"]["id"]
    workspace.check()


def test_what_people_write_reaches_the_app_and_its_own_words_come_back(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor", display_name="amina")

    @anyhow.on("message")
    def greet(event: dict[str, Any], say: Say) -> None:
        if "bot_id" not in event and "subtype" not in event:
            say("hello yourself")

    said = amina.say("hello @amina, see https://example.org/a & <b>")
    assert said.text == "hello @amina, see https://example.org/a & <b>"
    first = anyhow.events("message")[0]
    assert first["text"] == f"hello <@{amina.id}>, see <https://example.org/a> &amp; &lt;b&gt;"
    assert first["channel_type"] == "im"
    amina.edit(said, "bye")
    amina.delete(said)
    workspace.settle()
    kinds = [(event.get("subtype"), event.get("bot_id") is not None) for event in anyhow.events("message")]
    assert sorted(kinds, key=str) == [
        ("message_changed", False),
        ("message_deleted", False),
        (None, False),
        (None, True),
    ]
    changed = next(event for event in anyhow.events("message") if event.get("subtype") == "message_changed")
    assert changed["message"]["text"] == "bye"
    assert changed["previous_message"]["text"].startswith("hello")
    assert [screen.text for screen in amina.inbox] == ["hello yourself"]


def test_shortcuts_global_and_beside_a_message(workspace: Workspace, anyhow: Bot) -> None:
    general = workspace.add_channel("general")
    amina, ben = workspace.add_person("Amina Okafor"), workspace.add_person("Ben Adeyemi")
    general.invite(ben)
    said = ben.say("buy my book", to=general)

    @anyhow.bolt.shortcut("report")
    def report(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        anyhow.client.views_open(trigger_id=body["trigger_id"], view=modal(title="From the menu"))

    @anyhow.bolt.shortcut("report_it")
    def report_it(ack: Ack, respond: Respond) -> None:
        ack()
        respond("Noted.")

    amina.shortcut("Report a concern")
    assert in_front(amina.modal).title == "From the menu"
    assert "response_url" not in anyhow.last("shortcut")
    amina.dismiss()
    amina.message_shortcut("Report to the Champions", said)
    body = anyhow.last("message_action")
    assert body["message"]["text"] == "buy my book"
    assert body["message"]["user"] == ben.id
    assert amina.read(general)[-1].text == "Noted."
    assert ben.read(general)[-1].text == "buy my book"


def test_errors_stand_under_their_fields_until_they_are_mended(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    opened(anyhow, modal())

    @anyhow.bolt.view("form")
    def check(ack: Ack, view: dict[str, Any]) -> None:
        if view["state"]["values"]["what"]["it"]["value"] == "x":
            ack(response_action="errors", errors={"what": "Say more."})
        else:
            ack(response_action="update", view=modal(section("Thank you."), title="Done"))

    amina.command("/report")
    amina.fill("What", "x")
    assert not amina.submit().ok
    assert in_front(amina.modal).errors == {"What happened": "Say more."}
    assert "⚠ Say more." in in_front(amina.modal).text
    amina.fill("What", "It rained.")
    assert amina.submit().ok
    assert in_front(amina.modal).title == "Done"
    assert in_front(amina.modal).errors == {}
    workspace.check()


def test_a_view_is_pushed_three_deep_and_cleared_at_once(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    opened(anyhow, modal(title="1"))

    @anyhow.bolt.view("form")
    def deeper(ack: Ack, view: dict[str, Any]) -> None:
        depth = int(view["title"]["text"])
        if view["state"]["values"]["what"]["it"]["value"] == "enough":
            ack(response_action="clear")
        else:
            ack(response_action="push", view=modal(title=str(depth + 1)))

    amina.command("/report")
    for _ in range(2):
        amina.fill("What", "more")
        assert amina.submit().ok
    assert [screen.title for screen in amina.modals] == ["1", "2", "3"]
    last = anyhow.last("view_submission")["view"]
    assert last["root_view_id"] == amina.modals[0].id
    assert last["previous_view_id"] == amina.modals[0].id

    amina.fill("What", "more")
    assert amina.submit().text == "We had some trouble connecting. Try again?"
    assert "push_limit_reached" in workspace.problems[-1]
    amina.fill("What", "enough")
    amina.submit()
    assert amina.modals == []


def test_a_bad_view_in_an_answer_gives_the_app_no_error_but_fails_the_check(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    opened(anyhow, modal())

    @anyhow.bolt.view("form")
    def answer(ack: Ack) -> None:
        ack(response_action="update", view=modal(title="A title of more than twenty-four characters"))

    amina.command("/report")
    amina.fill("What", "x")
    assert amina.submit().text == "We had some trouble connecting. Try again?"
    assert in_front(amina.modal).errors == {"": "We had some trouble connecting. Try again?"}
    with pytest.raises(PracticeProblem, match="/view/title/text"):
        workspace.check()


def test_closing_is_told_to_the_app_where_it_asked_for_it(workspace: Workspace, anyhow: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    opened(anyhow, modal(notify_on_close=True))
    closed: list[bool] = []

    @anyhow.bolt.view_closed("form")
    def note(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        closed.append(body["is_cleared"])

    amina.command("/report")
    amina.dismiss()
    amina.command("/report")
    amina.dismiss(all=True)
    assert closed == [False, True]
    assert amina.modals == []
    workspace.check()


@pytest.mark.parametrize("together", [False, True])
def test_submitting_twice_sends_the_same_twice(workspace: Workspace, over_http: Bot, *, together: bool) -> None:
    amina = workspace.add_person("Amina Okafor")
    opened(over_http, modal())

    @over_http.bolt.view("form")
    def take(ack: Ack) -> None:
        ack()

    amina.command("/report")
    amina.fill("What", "x")
    assert amina.submit(times=2, together=together).ok
    first, second = (body for body in over_http.heard if body.get("type") == "view_submission")
    assert first == second
    assert amina.modals == []


def test_a_listener_that_raises_leaves_the_form_and_its_words(workspace: Workspace, over_http: Bot) -> None:
    amina = workspace.add_person("Amina Okafor")
    opened(over_http, modal())

    @over_http.bolt.view("form")
    def fail() -> None:
        raise RuntimeError

    amina.command("/report")
    amina.fill("What", "precious words")
    assert not amina.submit().ok
    assert "precious words" in in_front(amina.modal).text
    assert workspace.problems == ["The view_submission form was answered with HTTP 500."]
