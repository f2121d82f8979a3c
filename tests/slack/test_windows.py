"""Modals are opened from a small pool; what cannot be opened is said or offered again."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any, Literal

import pytest

from gpbot.refusals import Refusal
from gpbot.slack.blocks import View, modal, section
from gpbot.slack.errors import Funnel
from gpbot.slack.requests import Click, Command, OpenView
from gpbot.slack.windows import NOT_SHOWN, QUEUE, SLOW, THREADS, Again, TooBusy, Windows
from tests.slack.conftest import Slack
from tests.stage import HELP, Stage
from tests.waiting import HANGING


class NotToday(Refusal):
    words = "Not today."


def one() -> View:
    return modal("One", [section("one")], "one")


def refuse() -> View:
    raise NotToday


def break_down() -> View:
    raise RuntimeError("canary")


@pytest.fixture
def windows(slack: Slack) -> Iterator[Windows]:
    windows = Windows(slack.gateway, Funnel(HELP))
    yield windows
    windows.stop()


def command(slack: Slack, **other: Any) -> Command:
    """Mona has just typed it."""
    given: dict[str, Any] = {
        "trigger_id": slack.workspace.views.trigger(slack.mona.id),
        "response_url": slack.workspace.messages.response_url(slack.mona.id, slack.workspace.dm(slack.mona.id)),
    }
    return Command(user_id=slack.mona.id, name="/report", **given | other)


def shown_to_mona(slack: Slack) -> str:
    return "\n".join(slack.mona.screens().values())


def test_what_was_built_is_opened_and_its_id_told(slack: Slack, windows: Windows) -> None:
    opened: list[str] = []
    windows.open(command(slack), one, opened=opened.append)
    assert windows.settle()
    assert slack.mona.modal is not None
    assert opened == [slack.mona.modal.id]


def test_a_refusal_or_an_error_while_building_opens_a_modal_that_says_so(slack: Slack, windows: Windows) -> None:
    opened: list[str] = []
    for build, said in ((refuse, "Not today."), (break_down, HELP)):
        windows.open(command(slack), build, opened=opened.append)
        windows.settle()
        assert slack.mona.modal is not None
        assert said in slack.mona.modal.text
        assert "canary" not in slack.mona.modal.text
        slack.mona.dismiss()
    assert opened == []


def test_when_the_trigger_is_spent_a_button_is_offered_and_what_was_typed_is_kept_first(
    slack: Slack, windows: Windows
) -> None:
    kept: list[str] = []

    def keep() -> str:
        kept.append("words")
        return "draft-1"

    asked = command(slack)
    slack.clock.advance(seconds=4)
    windows.open(asked, one, again=Again(action_id="report.open_form", value=keep, words="Open the form"))
    windows.settle()
    assert slack.mona.modal is None
    assert kept == ["words"]
    [said] = slack.mona.inbox
    assert SLOW in said.text
    [press] = said.controls
    assert (press.action_id, press.element["value"], press.words) == ("report.open_form", "draft-1", "Open the form")


def test_without_a_button_to_offer_people_are_asked_to_try_again(slack: Slack, windows: Windows) -> None:
    windows.open(command(slack, trigger_id=None), one)
    windows.settle()
    assert f"{SLOW} Please try again." in shown_to_mona(slack)


def test_when_what_was_typed_cannot_be_kept_it_is_said(slack: Slack, windows: Windows) -> None:
    def cannot() -> str:
        raise NotToday

    windows.open(command(slack, trigger_id=None), one, again=Again(action_id="a", value=cannot))
    windows.settle()
    assert "Not today." in shown_to_mona(slack)


def test_a_modal_slack_refuses_is_said_and_not_offered_again(slack: Slack, windows: Windows) -> None:
    slack.workspace.faults.add(method="views.open", error="invalid_arguments")
    windows.open(command(slack), one, again=Again(action_id="a"))
    windows.settle()
    assert HELP in shown_to_mona(slack)
    assert not slack.mona.inbox[0].controls


def test_an_answer_goes_by_direct_message_when_its_address_no_longer_works(slack: Slack, windows: Windows) -> None:
    windows.respond(command(slack, response_url=None), "A neutral sentence.")
    windows.settle()
    [said] = slack.mona.inbox
    assert (said.kind, said.text) == ("message", "A neutral sentence.")


def test_what_goes_wrong_in_a_modal_is_never_told_in_a_message(slack: Slack, windows: Windows) -> None:
    asked = Click(user_id=slack.mona.id, action_id="report.open", trigger_id="spent")
    windows.tell(asked, "You are not a reader of OAK.")
    windows.settle()
    [said] = slack.mona.inbox
    assert said.text == NOT_SHOWN


def test_an_update_of_a_view_that_was_replaced_meanwhile_is_left_out(slack: Slack, windows: Windows) -> None:
    windows.open(command(slack), one)
    windows.settle()
    assert slack.mona.modal is not None
    view_id, stale = slack.mona.modal.id, slack.mona.modal.raw["hash"]
    windows.update(view_id, lambda: modal("Two", [section("two")], "two"), hash=stale)
    windows.settle()
    windows.update(view_id, one, hash=stale)
    windows.settle()
    assert title_in_front(slack) == "Two"


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_view_that_may_stand_there_is_told_too(
    slack: Slack, windows: Windows, drop: Literal["before", "after"]
) -> None:
    """What keeps a record of screens must know of it, to take it away again."""
    windows.open(command(slack), one)
    windows.settle()
    assert slack.mona.modal is not None
    opened: list[str] = []
    slack.workspace.faults.add(method="views.update", drop=drop)
    windows.update(slack.mona.modal.id, one, opened=opened.append)
    windows.settle()
    assert opened == [slack.mona.modal.id]


def test_a_view_that_slack_refuses_is_not_told(slack: Slack, windows: Windows) -> None:
    opened: list[str] = []
    windows.update("V0GONE", one, opened=opened.append)
    windows.settle()
    assert opened == []


def title_in_front(slack: Slack) -> str:
    assert slack.mona.modal is not None
    return slack.mona.modal.title


def titled(title: str) -> View:
    return modal(title, [section("...")], "titled")


def clicks(slack: Slack) -> tuple[Click, Click]:
    """Two, so quick that both come from the window as it was before the first."""
    assert slack.mona.modal is not None
    view = OpenView.read(slack.mona.modal.raw)
    first, second = (Click(user_id=slack.mona.id, action_id="tick", view=view, at=at) for at in (1.0, 2.0))
    return first, second


@pytest.mark.parametrize("late", [False, True])
def test_of_two_quick_clicks_the_window_follows_the_later_in_whatever_order_they_are_drawn(
    slack: Slack, windows: Windows, *, late: bool
) -> None:
    windows.open(command(slack), one)
    windows.settle()
    first, second = clicks(slack)
    both = [(first, lambda: titled("First")), (second, lambda: titled("Second"))]
    for click, build in reversed(both) if late else both:
        windows.follow(click, build)
        windows.settle()
    assert title_in_front(slack) == "Second"


@pytest.mark.parametrize("late", [False, True])
def test_of_two_quick_clicks_that_show_something_else_the_later_stays_and_both_are_done(
    slack: Slack, windows: Windows, *, late: bool
) -> None:
    windows.open(command(slack), one)
    windows.settle()
    first, second = clicks(slack)
    done: list[str] = []

    def build(title: str) -> View:
        done.append(title)
        return titled(title)

    both = [(first, "Notes"), (second, "Note")]
    for click, title in reversed(both) if late else both:
        windows.show(click, partial(build, title))
        windows.settle()
    assert sorted(done) == ["Note", "Notes"]
    assert title_in_front(slack) == "Note"


@pytest.mark.parametrize("late", [False, True])
def test_what_a_quick_click_showed_is_not_replaced_by_what_follows_another(
    slack: Slack, windows: Windows, *, late: bool
) -> None:
    windows.open(command(slack), one)
    windows.settle()
    first, second = reversed(clicks(slack)) if late else clicks(slack)
    windows.show(first, lambda: titled("Form"))
    windows.settle()
    windows.follow(second, lambda: titled("Ticked"))
    windows.settle()
    assert title_in_front(slack) == "Form"


def test_what_was_put_there_since_is_not_replaced_by_what_follows_a_click(slack: Slack, windows: Windows) -> None:
    windows.open(command(slack), one)
    windows.settle()
    first, second = clicks(slack)
    windows.follow(first, lambda: titled("First"))
    windows.settle()
    assert slack.mona.modal is not None
    windows.update(slack.mona.modal.id, lambda: titled("Sent"))
    windows.settle()
    windows.follow(second, lambda: titled("Second"))
    windows.settle()
    assert title_in_front(slack) == "Sent"


def test_a_full_pool_refuses_in_words_and_still_has_room_to_say_so(slack: Slack, windows: Windows) -> None:
    go_on = threading.Event()

    def wait() -> View:
        go_on.wait(HANGING)
        return one()

    for _ in range(THREADS + QUEUE):
        windows.update("V404", wait)
    with pytest.raises(TooBusy):
        windows.open(command(slack), one)
    assert not windows.settle(0.05)
    windows.tell(command(slack), TooBusy.words)
    go_on.set()
    assert windows.settle()
    assert TooBusy.words in shown_to_mona(slack)


def test_a_command_that_finds_gpbot_too_busy_is_answered_in_words(community: Stage) -> None:
    go_on = threading.Event()

    def wait() -> View:
        go_on.wait(HANGING)
        return one()

    for _ in range(THREADS + QUEUE):
        community.bot.windows.update("V404", wait)
    answer = community.mona.command("/report")
    go_on.set()
    community.bot.windows.settle()
    assert answer.text == TooBusy.words
    community.report(community.mona)


def test_once_stopped_nothing_more_is_taken(slack: Slack) -> None:
    windows = Windows(slack.gateway, Funnel(HELP))
    windows.stop()
    with pytest.raises(TooBusy):
        windows.open(command(slack), one)
    assert windows.settle(0)


def test_what_slack_delivers_twice_opens_one_window_and_offers_no_button(slack: Slack, windows: Windows) -> None:
    asked = command(slack)
    built: list[int] = []

    def build() -> View:
        built.append(1)
        return one()

    for _ in range(2):
        windows.open(asked, build, again=Again(action_id="again"))
    assert windows.settle()
    assert len(slack.mona.modals) == len(built) == 1
    assert SLOW not in shown_to_mona(slack)


def test_what_is_enqueued_too_is_said_nowhere_else_when_it_cannot_be_said_at_once(
    slack: Slack, windows: Windows
) -> None:
    slack.workspace.faults.add(method="response_url", status=500, times=None)
    windows.replace(command(slack), "You agreed.", [section("You agreed.")])
    assert windows.settle()
    assert "You agreed." not in shown_to_mona(slack)
