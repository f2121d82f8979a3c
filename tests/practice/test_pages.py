"""The workspace's pages without any app process: who sees what, what a form does, and who may send one."""

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from gpbot.practice import App, Channel, MovedClock, Person, Server, Workspace
from gpbot.practice.pages import Chapter, Frame, Role, Site, Step
from gpbot.practice.pages.forms import press_of, pressed
from gpbot.practice.person import CannotDo
from tests.practice.conftest import MANIFEST
from tests.waiting import HANGING

HOSTILE = '<script>alert("x")</script>\' onload="1" \u202eevil\u200b &amp; *no*'


@dataclass
class Pages:
    """A workspace with pages, and a browser that is only HTTP."""

    workspace: Workspace
    server: Server
    app: App
    client: WebClient
    mona: Person
    ben: Person
    general: Channel

    def ask(self, method: str, path: str, *, body: str = "", **headers: str) -> tuple[int, str, str]:
        """The status, the body, and where it sends the browser."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=HANGING)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body or None, headers=sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers.get("Location", "")
        finally:
            connection.close()

    def look(self, path: str) -> str:
        status, page, _ = self.ask("GET", path, X_Practice="outer")
        assert status == 200, page
        return page

    def send(self, path: str, *fields: tuple[str, str]) -> str:
        """Send a form as a page of this workspace does; where the browser is sent on."""
        status, page, to = self.ask(
            "POST",
            path,
            body=urlencode(fields),
            Origin=self.workspace.base_url,
            Content_Type="application/x-www-form-urlencoded",
            X_Practice="outer",
        )
        assert status in {204, 303}, page
        return to


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    clock = MovedClock(tmp_path / "clock")
    workspace = Workspace("Good Practice Network", clock=clock)
    site = Site(workspace)
    with Server(workspace, site=site) as server:
        app = workspace.install(MANIFEST)
        mona, ben = workspace.add_person("Mona Said"), workspace.add_person("Ben Adeyemi")
        general = workspace.add_channel("general", members=[mona, ben, app])
        site.open(
            Frame(
                about="A try.",
                roles=[Role(heading="Members", one="Member", people=[mona.id, ben.id])],
                clock=clock,
                chapters=[Chapter(title="One", words="…", steps=[Step(who=mona.id, where="messages", words="looks")])],
                app_runs=lambda: True,
                kill_app=lambda: None,
                start_app=lambda: None,
                app_log=lambda: "(log)",
                reset=lambda: None,
                moved=lambda: None,
            )
        )
        client = WebClient(app.bot_token, base_url=server.api_url, retry_handlers=[])
        yield Pages(workspace, server, app, client, mona, ben, general)


EVERY_ELEMENT: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "A header <b>"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*bold* &lt;b&gt;"},
     "accessory": {"type": "overflow", "action_id": "more", "options": [
         {"text": {"type": "plain_text", "text": "First entry"}, "value": "1"},
         {"text": {"type": "plain_text", "text": "Second entry"}, "value": "2"}]}},
    {"type": "section", "fields": [{"type": "plain_text", "text": "left *plain*"}, {"type": "mrkdwn", "text": "_r_"}]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "small print"},
                                     {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "an icon"}]},
    {"type": "divider"},
    {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "a boat",
     "title": {"type": "plain_text", "text": "Boat"}},
    {"type": "actions", "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go <i>"}, "style": "primary"},
        {"type": "button", "action_id": "stop", "text": {"type": "plain_text", "text": "Stop"}, "style": "danger",
         "confirm": {"title": {"type": "plain_text", "text": "Sure?"}, "text": {"type": "mrkdwn", "text": "*It* ends."},
                     "confirm": {"type": "plain_text", "text": "End it"},
                     "deny": {"type": "plain_text", "text": "Keep it"}}}]},
    {"type": "input", "block_id": "text", "label": {"type": "plain_text", "text": "Words"},
     "hint": {"type": "plain_text", "text": "A hint"}, "element": {
         "type": "plain_text_input", "action_id": "a", "multiline": True, "initial_value": "</textarea>first",
         "placeholder": {"type": "plain_text", "text": "Write here"}}},
    {"type": "input", "block_id": "radio", "optional": True, "label": {"type": "plain_text", "text": "One of two"},
     "element": {"type": "radio_buttons", "action_id": "a", "options": [
         {"text": {"type": "plain_text", "text": "Same"}, "value": "x"},
         {"text": {"type": "plain_text", "text": "Same"}, "value": "y"}]}},
    {"type": "input", "block_id": "check", "optional": True, "label": {"type": "plain_text", "text": "Some"},
     "element": {"type": "checkboxes", "action_id": "a", "options": [
         {"text": {"type": "plain_text", "text": "Tick"}, "value": "x",
          "description": {"type": "plain_text", "text": "described"}}]}},
    {"type": "input", "block_id": "select", "optional": True, "label": {"type": "plain_text", "text": "A menu"},
     "element": {"type": "static_select", "action_id": "a", "option_groups": [
         {"label": {"type": "plain_text", "text": "G1"},
          "options": [{"text": {"type": "plain_text", "text": "In one"}, "value": "1"}]},
         {"label": {"type": "plain_text", "text": "G2"},
          "options": [{"text": {"type": "plain_text", "text": "In two"}, "value": "2"}]}]}},
    {"type": "input", "block_id": "people", "optional": True, "label": {"type": "plain_text", "text": "People"},
     "element": {"type": "multi_users_select", "action_id": "a"}},
    {"type": "input", "block_id": "someone", "optional": True, "label": {"type": "plain_text", "text": "Someone"},
     "element": {"type": "users_select", "action_id": "a"}},
    {"type": "input", "block_id": "where", "optional": True, "label": {"type": "plain_text", "text": "Where"},
     "element": {"type": "channels_select", "action_id": "a"}},
    {"type": "input", "block_id": "many", "optional": True, "label": {"type": "plain_text", "text": "Several"},
     "element": {"type": "multi_static_select", "action_id": "a", "options": [
         {"text": {"type": "plain_text", "text": "M1"}, "value": "1"},
         {"text": {"type": "plain_text", "text": "M2"}, "value": "2"}]}},
    {"type": "input", "block_id": "day", "optional": True, "label": {"type": "plain_text", "text": "Day"},
     "element": {"type": "datepicker", "action_id": "a"}},
    {"type": "input", "block_id": "hour", "optional": True, "label": {"type": "plain_text", "text": "Hour"},
     "element": {"type": "timepicker", "action_id": "a"}},
    {"type": "input", "block_id": "moment", "optional": True, "label": {"type": "plain_text", "text": "Moment"},
     "element": {"type": "datetimepicker", "action_id": "a"}},
    {"type": "input", "block_id": "mail", "optional": True, "label": {"type": "plain_text", "text": "E-mail"},
     "element": {"type": "email_text_input", "action_id": "a"}},
    {"type": "input", "block_id": "number", "optional": True, "label": {"type": "plain_text", "text": "Number"},
     "element": {"type": "number_input", "action_id": "a", "is_decimal_allowed": False}},
    {"type": "input", "block_id": "rich", "optional": True, "label": {"type": "plain_text", "text": "Rich"},
     "element": {"type": "rich_text_input", "action_id": "a"}},
]  # fmt: skip


@pytest.fixture
def modal(pages: Pages) -> Iterator[str]:
    """A modal with every element, in front of Mona; gives what forms call it."""
    view = {
        "type": "modal",
        "callback_id": "all",
        "title": {"type": "plain_text", "text": "Everything"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": EVERY_ELEMENT,
    }
    with pages.workspace.acting():
        trigger = pages.workspace.views.trigger(pages.mona.id)
    opened = pages.client.views_open(trigger_id=trigger, view=view)
    yield f"modal:{opened['view']['id']}"
    assert not pages.workspace.problems or "not answered" in pages.workspace.problems[0]


def test_every_part_of_block_kit_is_drawn(pages: Pages, modal: str) -> None:
    page = pages.look("/as/mona.said/messages")
    assert modal in page
    for words in (
        "A header &lt;b&gt;", "<strong>bold</strong> &lt;b&gt;", "First entry", "left *plain*", "<em>r</em>",
        "small print", "an icon", "a boat", "Boat", "Go &lt;i&gt;", "&lt;/textarea&gt;first", "Write here", "A hint",
        "described", "In two", "optgroup", 'type="date"', 'type="time"', 'type="datetime-local"', 'type="email"',
    ):  # fmt: skip
        assert words in page, words
    assert "practice does not draw" not in page
    assert "cannot fill in" not in page
    assert "x.example" not in re.sub(r'title="[^"]*"', "", page)  # no picture is fetched from elsewhere


def test_what_is_filled_in_is_what_slack_would_send(pages: Pages, modal: str) -> None:
    names = "text radio check select people someone where many day hour moment mail number rich".split()
    values = [
        ("text/a", "two\r\nlines"), ("radio/a", "1"), ("check/a", "0"), ("select/a", "1"), ("people/a", pages.ben.id),
        ("people/a", pages.mona.id), ("someone/a", pages.ben.id), ("where/a", pages.general.id), ("many/a", "0"),
        ("many/a", "1"), ("day/a", "2026-03-01"), ("hour/a", "09:30"), ("moment/a", "2026-03-01T09:30"),
        ("mail/a", "a@b.org"), ("number/a", "7"), ("rich/a", "words"),
    ]  # fmt: skip
    has = [("has", f"{name}/a") for name in names]
    pages.send("/as/mona.said/messages", ("what", "act"), ("on", modal), ("do", "keep"), *has, *values)
    screen = pages.mona.modal
    assert screen is not None
    state = {block: entry["a"] for block, entry in screen.raw["state"]["values"].items() if "a" in entry}
    assert state["text"]["value"] == "two\nlines"
    assert state["radio"]["selected_option"]["value"] == "y"  # by its place, though both say the same
    assert [option["value"] for option in state["check"]["selected_options"]] == ["x"]
    assert state["select"]["selected_option"]["value"] == "2"
    assert state["people"]["selected_users"] == [pages.ben.id, pages.mona.id]
    assert state["someone"]["selected_user"] == pages.ben.id
    assert state["where"]["selected_channel"] == pages.general.id
    assert [option["value"] for option in state["many"]["selected_options"]] == ["1", "2"]
    assert state["day"]["selected_date"] == "2026-03-01"
    assert state["hour"]["selected_time"] == "09:30"
    assert isinstance(state["moment"]["selected_date_time"], int)
    assert state["mail"]["value"] == "a@b.org"
    assert state["number"]["value"] == "7"
    assert "words" in json.dumps(state["rich"])

    page = pages.look("/as/mona.said/messages")
    assert "two\nlines" in page
    assert 'value="2026-03-01"' in page
    assert 'value="2026-03-01T09:30"' in page

    pages.send("/as/mona.said/messages", ("what", "act"), ("on", modal), ("do", "keep"), *has)
    screen = pages.mona.modal
    assert screen is not None
    emptied = screen.raw["state"]["values"]
    assert not emptied["text"]["a"]["value"]
    assert emptied["people"]["a"]["selected_users"] == []


def test_what_the_client_would_not_take_is_said_under_its_field(pages: Pages, modal: str) -> None:
    fields = [("has", "mail/a"), ("mail/a", "nonsense"), ("has", "text/a"), ("text/a", "kept")]
    pages.send("/as/mona.said/messages", ("what", "act"), ("on", modal), ("do", "submit"), *fields)
    page = pages.look("/as/mona.said/messages")
    assert "takes an e-mail address" in page
    assert "kept" in page
    assert not [call for call in pages.workspace.problems if "view_submission" in call]  # it was not sent


def test_slack_asks_before_a_button_that_wants_it(pages: Pages, modal: str) -> None:
    blocks = json.loads(json.dumps(pages.mona.modal.raw["blocks"] if pages.mona.modal else []))
    block_id = next(block["block_id"] for block in blocks if block["type"] == "actions")
    to = pages.send("/as/mona.said/messages", ("what", "act"), ("on", modal), ("press", f"{block_id}/stop"))
    page = pages.look(to)
    assert "Sure?" in page
    assert "<strong>It</strong> ends." in page
    assert "End it" in page
    assert "Keep it" in page
    assert not pages.workspace.problems  # nothing was sent to the app yet
    assert "Sure?" not in pages.look("/as/mona.said/messages?on=modal:V1&ask=nothing/there")


def test_hostile_words_and_names_stay_text(pages: Pages) -> None:
    pages.workspace.rename(pages.ben, display_name=HOSTILE, title=HOSTILE)
    pages.ben.say(HOSTILE, to=pages.general)
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": HOSTILE}},
        {"type": "actions", "elements": [{"type": "button", "action_id": "b", "text": {"type": "plain_text",
         "text": HOSTILE[:70]}, "accessibility_label": HOSTILE[:70]}]},
    ]  # fmt: skip
    pages.client.chat_postMessage(channel=pages.general.id, text=HOSTILE, blocks=blocks)
    paths = ("/", "/as/mona.said/channel/general", "/as/ben.adeyemi/messages", "/behind", "/seen/mona.said", "/two")
    for path in paths:
        page = pages.look(path)
        assert "<script>alert" not in page, path
        assert not re.search(r"<[^>]*\sonload=\"1\"", page), path
    assert HOSTILE in unescape(pages.look("/as/mona.said/channel/general"))


def test_an_ephemeral_message_is_on_no_page_but_its_reader_s(pages: Pages) -> None:
    pages.client.chat_postEphemeral(channel=pages.general.id, user=pages.mona.id, text="for Mona alone")
    hers = pages.look("/as/mona.said/channel/general")
    assert "for Mona alone" in hers
    assert "Only you can see this" in hers
    everything_of_ben_s = "".join(
        pages.look(path)
        for path in ("/as/ben.adeyemi/channel/general", "/as/ben.adeyemi/messages", "/as/ben.adeyemi/home",
                     "/seen/ben.adeyemi")
    )  # fmt: skip
    assert "for Mona alone" not in everything_of_ben_s


def test_a_private_channel_is_not_there_for_those_outside(pages: Pages) -> None:
    secret = pages.workspace.add_channel("secret-plans", private=True, members=[pages.ben])
    pages.ben.say("hush", to=secret)
    assert "secret-plans" not in pages.look("/as/mona.said/messages")
    status, page, _ = pages.ask("GET", "/as/mona.said/channel/secret-plans")
    absent = pages.ask("GET", "/as/mona.said/channel/never-was")
    assert (status, page) == absent[:2]  # not theirs, and never was: the same page
    assert status == 404
    assert "hush" in pages.look("/as/ben.adeyemi/channel/secret-plans")
    assert pages.send("/as/mona.said/channel/secret-plans", ("what", "say"), ("words", "let me in"))
    assert [said.text for said in pages.ben.peek(secret)] == ["hush"]


def test_unread_marks_count_what_others_said_until_it_is_looked_at(pages: Pages) -> None:
    pages.ben.say("one", to=pages.general)
    pages.ben.say("two", to=pages.general)
    pages.mona.say("mine", to=pages.general)
    assert '<span class="badge">2<' in pages.look("/as/mona.said/messages")
    pages.look("/as/mona.said/channel/general")
    assert 'class="badge"' not in pages.look("/as/mona.said/messages")


def test_people_say_delete_and_answer_in_threads(pages: Pages) -> None:
    here = "/as/mona.said/channel/general"
    pages.send(here, ("what", "say"), ("words", "hello @Ben Adeyemi\r\nsecond line"))
    (said,) = pages.ben.peek(pages.general)
    assert said.text == "hello @Ben Adeyemi\nsecond line"
    assert f"<@{pages.ben.id}>" in said.raw["text"]
    to = pages.send("/as/ben.adeyemi/channel/general", ("what", "say"), ("words", "yes?"), ("thread", said.ts))
    assert f"thread={said.ts}" in to
    assert "1 reply" in pages.look(here)
    pages.send(to, ("what", "say"), ("words", "/report now"), ("thread", said.ts))
    assert "not supported in threads" in pages.look("/as/ben.adeyemi/channel/general")
    pages.send("/as/ben.adeyemi/channel/general", ("what", "delete"), ("on", f"message:{pages.general.id}:{said.ts}"))
    assert len(pages.ben.peek(pages.general)) == 2  # somebody else's message is not theirs to delete
    pages.send(here, ("what", "delete"), ("on", f"message:{pages.general.id}:{said.ts}"))
    assert [one.text for one in pages.ben.peek(pages.general)] == ["yes?"]


def test_what_slack_says_itself_is_shown(pages: Pages) -> None:
    pages.send("/as/mona.said/channel/general", ("what", "say"), ("words", "/repot it"))
    assert "/repot is not a valid command." in pages.look("/as/mona.said/channel/general")
    pages.send("/as/mona.said/channel/general", ("what", "say"), ("words", "/report"))  # no app is connected
    assert "/report failed with the error" in pages.look("/as/mona.said/channel/general")
    assert "failed with the error" not in pages.look("/as/ben.adeyemi/channel/general")


def test_what_slack_would_refuse_is_shown_with_its_message(pages: Pages) -> None:
    with pytest.raises(SlackApiError):
        pages.client.chat_postMessage(
            channel=pages.general.id,
            text="x",
            blocks=[{"type": "header", "text": {"type": "mrkdwn", "text": "no"}}],
        )
    behind = pages.look("/behind")
    assert "invalid_blocks" in behind
    assert "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]" in behind
    pages.workspace.trouble("The answer to the form all is not one Slack knows.")
    assert "Slack would have refused something" in pages.look("/as/mona.said/messages")
    assert "The answer to the form all is not one Slack knows." in pages.look("/behind")


def test_trouble_is_made_shown_and_ended(pages: Pages) -> None:
    pages.send("/trouble", ("kind", "down"))
    assert "Slack is down" in pages.look("/as/mona.said/messages")
    with pytest.raises(SlackApiError):
        pages.client.auth_test()
    pages.send("/trouble", ("kind", "none"))
    assert "Slack is down" not in pages.look("/as/mona.said/messages")
    assert pages.client.auth_test()["ok"]


def test_time_moves_forward_for_everybody_who_goes_by_it(pages: Pages, tmp_path: Path) -> None:
    before = pages.workspace.clock.now()
    pages.send("/time", ("by", "week"))
    pages.send("/time", ("by", "hour"))
    assert timedelta(days=7, hours=1) <= pages.workspace.clock.now() - before < timedelta(days=7, hours=2)
    assert MovedClock(tmp_path / "clock").ahead == timedelta(days=7, hours=1)  # as another process reads it
    assert "(7 days and 1 hour ahead)" in pages.look("/")
    with pytest.raises(ValueError, match="forward only"):
        MovedClock(tmp_path / "clock").move(timedelta(hours=-1))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_no_other_site_can_send_a_form_here(pages: Pages, headers: dict[str, str]) -> None:
    body = urlencode({"what": "say", "words": "forged"})
    sent = {"Content_Type": "application/x-www-form-urlencoded", **headers}
    status, _, _ = pages.ask("POST", "/as/mona.said/channel/general", body=body, **sent)
    assert status == 403
    assert pages.mona.peek(pages.general) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in ("/", "/as/mona.said/messages", "/behind", "/events", "/static/practice.js")),
        *(("GET", "/link/"), ("GET", "/api/auth.test"), ("POST", "/api/auth.test"), ("POST", "/response/T1/1/x")),
        ("GET", "/not/there"),
    ],
)
def test_everything_here_is_for_this_machine_s_own_name_only(pages: Pages, method: str, path: str) -> None:
    elsewhere = ["evil.example", f"127.0.0.1.evil.example:{pages.server.port}", "127.0.0.1:x", "["]
    elsewhere += [] if path.startswith(("/api/", "/response/", "/link/")) else ["127.0.0.1:1"]
    assert {host: pages.ask(method, path, Host=host)[0] for host in elsewhere} == dict.fromkeys(elsewhere, 403)
    assert pages.ask("GET", "/", Host=f"localhost:{pages.server.port}")[0] == 200


FORGED: list[tuple[str, dict[str, str]]] = [
    ("/as/mona.said/channel/general", {"what": "act"}),
    ("/as/mona.said/channel/general", {"what": "act", "on": "x", "press": "y"}),
    ("/as/mona.said/home", {"what": "act", "on": "home:", "do": "submit"}),
    ("/as/mona.said/channel/general", {"what": "delete"}),
    ("/as/mona.said/channel/general", {"what": "say", "words": "x", "thread": "never"}),
    ("/as/mona.said/channel/general", {"message_shortcut": "x"}),
    ("/as/mona.said/channel/general", {"share": "x", "on": "x"}),
    ("/as/mona.said/channel/general", {"share": "general"}),
    ("/as/mona.said/channel/general", {"shortcut": "never"}),
    ("/as/mona.said/channel/general", {"channel": "create"}),
    ("/guide", {"do": "do", "step": "x"}),
    ("/guide", {"do": "go", "step": "-9"}),
    ("/guide", {"do": "next", "step": "9" * 5000}),
    ("/time", {"by": "never"}),
    ("/trouble", {"kind": "never"}),
    ("/process", {"do": "never"}),
]


@pytest.mark.parametrize(("path", "fields"), FORGED)
def test_a_forged_form_is_no_error_of_ours(pages: Pages, path: str, fields: dict[str, str]) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "x/y"):
        sent = {"Origin": pages.workspace.base_url, "Content_Type": kind}
        status, _, _ = pages.ask("POST", path, body=urlencode(fields), **sent)
        assert status in {303, 400, 404}, (kind, status)


def test_a_button_pressed_in_a_form_that_names_none_is_refused(pages: Pages) -> None:
    said = pages.ben.say("hello", to=pages.general)
    on = f"message:{pages.general.id}:{said.ts}"
    for fields in ({"what": "act", "on": on, "press": "no-slash"}, {"what": "act", "on": on, "press": "a/b/c/d"}):
        body = urlencode(fields)
        sent = {"Origin": pages.workspace.base_url, "Content_Type": "application/x-www-form-urlencoded"}
        assert pages.ask("POST", "/as/mona.said/channel/general", body=body, **sent)[0] in {303, 400}


def test_a_button_of_a_message_that_was_edited_meanwhile_is_pressed(pages: Pages) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = str(pages.client.chat_postMessage(channel=pages.general.id, text="One", blocks=blocks)["ts"])
    screen = pages.mona.read(pages.general)[-1]
    key = next(control.key for control in screen.controls if control.words == "Go")
    pages.client.chat_update(channel=pages.general.id, ts=ts, text="Two", blocks=[*blocks, {"type": "divider"}])
    now = pages.mona.read(pages.general)[-1]
    assert key not in [control.key for control in now.controls]
    assert pressed(now, press_of(*key)).words == "Go"
    with pytest.raises(CannotDo):
        pressed(now, press_of(key[0], "stop"))


def test_pages_load_nothing_from_elsewhere_and_files_only_their_own(pages: Pages) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", pages.server.port, timeout=HANGING)
    connection.request("GET", "/as/mona.said/messages")
    answer = connection.getresponse()
    policy = answer.headers["Content-Security-Policy"]
    page = answer.read().decode()
    connection.close()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"(?:src|href)=\"(?!/|#)", page)
    assert pages.ask("GET", "/static/../site.py")[0] == 404
    assert pages.ask("GET", "/static/%2e%2e%2fsite.py")[0] == 404
    assert pages.ask("GET", "/static/practice.css")[0] == 200


def test_nobody_by_that_name_is_said_kindly(pages: Pages) -> None:
    status, page, _ = pages.ask("GET", "/as/no.body/messages")
    assert status == 404
    assert "There is nobody of that name here." in page
    assert pages.ask("GET", "/two?left=https://evil.example/")[0] == 404


def test_before_the_app_is_there_the_pages_ask_for_patience(tmp_path: Path) -> None:
    workspace = Workspace(clock=MovedClock(tmp_path / "clock"))
    with Server(workspace, site=Site(workspace)) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=HANGING)
        connection.request("GET", "/")
        assert "is starting" in connection.getresponse().read().decode()
        connection.close()


def test_the_guide_counts_what_was_done_and_skips_nothing(pages: Pages) -> None:
    assert "Begin" in pages.look("/guide")
    pages.send("/guide", ("step", "0"), ("do", "go"))
    assert "<strong>Mona Said</strong> looks" in pages.look("/as/mona.said/messages")
    pages.send("/guide", ("step", "0"), ("do", "next"))
    pages.send("/guide", ("step", "0"), ("do", "next"))  # a second click
    assert "Done" in pages.look("/guide")
    pages.send("/guide", ("do", "leave"))
    assert "looks" not in pages.look("/as/mona.said/messages")


def test_people_make_join_archive_and_bring_back_channels(pages: Pages) -> None:
    to = pages.send("/as/mona.said/channel/general", ("channel", "create"), ("name", "harbour"))
    assert to == "/as/mona.said/channel/harbour"
    assert "Archive it" in pages.look(to)
    (harbour,) = (place for place in pages.workspace.channels.values() if place.name == "harbour")
    assert "Join it" in pages.look("/as/ben.adeyemi/channel/harbour")
    pages.send("/as/ben.adeyemi/channel/harbour", ("channel", "join"))
    assert harbour.members == [pages.mona.id, pages.ben.id]
    pages.send("/as/mona.said/channel/harbour", ("channel", "leave"))
    pages.send("/as/ben.adeyemi/channel/harbour", ("channel", "archive"))
    assert (harbour.members, harbour.is_archived) == ([pages.ben.id], True)
    pages.send("/as/ben.adeyemi/channel/harbour", ("channel", "unarchive"))
    assert not harbour.is_archived
    pages.send("/as/mona.said/messages", ("channel", "create"), ("name", "harbour"))
    assert "already taken" in pages.look("/as/mona.said/messages")
    pages.send("/as/mona.said/messages", ("channel", "archive"))
    assert "not a channel" in pages.look("/as/mona.said/messages")
