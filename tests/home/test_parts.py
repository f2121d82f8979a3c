"""Screens put together from what workflows bring, none of which is known here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from gpbot.clock import SystemClock
from gpbot.community import Community
from gpbot.db import Database
from gpbot.home.parts import Parts, TakenTwice
from gpbot.slack.blocks import Block, View, modal, section

BEN = "U0BEN"
MINE = uuid4()


def says(words: str) -> Callable[[str], list[Block]]:
    return lambda viewer: [section(f"{words} for {viewer}")]


def shows(subject: UUID, title: str) -> Callable[[str, UUID | None], View | None]:
    return lambda _viewer, asked: modal(title, [section("...")], "shown") if asked == subject else None


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    database = Database(f"sqlite:///{tmp_path / 'parts.sqlite3'}", clock=SystemClock())
    community = Community(
        name="Good Practice", emergency_number="112", external_help="help", reply_within_days=3, keep_closed_days=90
    )
    yield Parts(community, database)
    database.close()


def test_sections_stand_by_their_place_no_matter_who_brings_them_first(parts: Parts) -> None:
    parts.section(20, says("second"), waiting=says("waits second"))
    parts.section(30, lambda _viewer: [])
    parts.section(10, says("first"), waiting=says("waits first"))
    home = str(parts.home(BEN))
    assert home.index(f"first for {BEN}") < home.index(f"second for {BEN}")
    assert [block["text"]["text"] for block in parts.waiting(BEN)] == [
        f"waits first for {BEN}",
        f"waits second for {BEN}",
    ]


def test_two_sections_for_one_place_are_found_when_they_are_brought(parts: Parts) -> None:
    parts.section(10, says("first"))
    with pytest.raises(TakenTwice):
        parts.section(10, says("second"))


def test_somebody_it_is_not_for_reads_why_and_nothing_else(parts: Parts) -> None:
    parts.section(10, says("first"))
    parts.first_ask(lambda viewer: "Not for you." if viewer == BEN else "")
    assert "Not for you." in str(parts.home(BEN))
    assert "first" not in str(parts.home(BEN))
    assert "first" in str(parts.home("U0MONA"))


def test_a_window_is_drawn_by_the_one_who_brought_it_and_rests_on_what_they_say(parts: Parts) -> None:
    parts.window(shows(MINE, "Mine"), state=lambda _viewer, asked: True if asked == MINE else None)
    other = uuid4()
    parts.window(shows(other, "Other"))
    drawn = [parts.render(BEN, subject) for subject in (MINE, other, uuid4())]
    assert [view and view["title"]["text"] for view in drawn] == ["Mine", "Other", None]
    assert parts.state(BEN, MINE) is True
    assert parts.state(BEN, other) == drawn[1]
    assert parts.state(BEN, uuid4()) is None
