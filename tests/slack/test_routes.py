"""Each id is answered by one listener, and a second registration of it is an error."""

import pytest

from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.requests import Asked
from gpbot.slack.routes import Routes, TakenTwice, action_key


def first(_asked: Asked) -> Answer:
    return Nothing()


def second(_asked: Asked) -> Answer:
    return Nothing()


def test_an_id_is_registered_once() -> None:
    routes = Routes()
    routes.command("/report", first, description="…")
    routes.action("report.open", first)
    routes.submission("report.form", first)
    routes.closed("report.form", first)
    with pytest.raises(TakenTwice, match="/report"):
        routes.command("/report", second, description="…")
    with pytest.raises(TakenTwice, match=r"report\.open"):
        routes.action("report.open", second)
    with pytest.raises(TakenTwice, match=r"report\.form"):
        routes.submission("report.form", second)
    with pytest.raises(TakenTwice, match=r"report\.form"):
        routes.closed("report.form", second)
    assert routes.commands["/report"].listener is first
    assert routes.actions["report.open"] is first
    assert routes.submissions["report.form"] is first
    assert routes.closings["report.form"] is first


def test_both_kinds_of_shortcut_share_one_list_of_ids_as_in_slack() -> None:
    routes = Routes()
    routes.shortcut("report.new", first, name="Report", description="…")
    with pytest.raises(TakenTwice):
        routes.message_shortcut("report.new", second, name="Report this", description="…")
    with pytest.raises(TakenTwice):
        routes.shortcut("report.new", second, name="Report again", description="…")


def test_a_route_may_decorate_its_listener() -> None:
    routes = Routes()

    @routes.action("report.open")
    def listener(_asked: Asked) -> Answer:
        return Nothing()

    assert routes.actions == {"report.open": listener}


def test_what_follows_the_colon_keeps_ids_apart_in_a_view_and_is_no_part_of_the_route() -> None:
    assert action_key("report.open:3") == action_key("report.open") == "report.open"
    with pytest.raises(ValueError, match="for views"):
        Routes().action("report.open:3", first)
