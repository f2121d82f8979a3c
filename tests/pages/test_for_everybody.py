"""The pages for people who see, hear or hold things differently: axe-core, narrow screens, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from gpbot.tour.neighbourhood import Neighbourhood
from tests.halves import LONG
from tests.pages.conftest import IN_A_BROWSER, Opens

pytestmark = [LONG, IN_A_BROWSER]

PAGES = [
    "/",
    "/guide/start",
    "/guide",
    "/behind",
    "/two",
    "home of ben",
    "messages of ben",
    "channel/general of mona",
    "form of mona",
]


def shown(page: str, place: Neighbourhood, opened: Opens, **options: object) -> Page:
    where, _, who = page.partition(" of ")
    if not who:
        return opened(page, **options)
    if where == "form":
        place[who].command("/report")
        place.until(lambda: place[who].modal)
        where = "messages"
    if who == "ben" and where == "messages" and not place["ben"].inbox:
        place["nadia"].command("/report")
        place["nadia"].fill("What happened", "A small thing.")
        place["nadia"].submit()
        place["nadia"].fill(LABEL, [NONE_OF_THEM])
        place["nadia"].submit()
        place.until(lambda: place["ben"].inbox)
    return opened(who, where, **options)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme: str, place: Neighbourhood, opened: Opens) -> None:
    # In the dark only colours differ.
    options = {"runOnly": ["color-contrast"]} if scheme == "dark" else {"resultTypes": ["violations"]}
    found = {}
    for name in PAGES:
        page = shown(name, place, opened, color_scheme=scheme)
        page.wait_for_load_state("load")
        results = Axe().run(page, options=options).response["violations"]
        found[name] = [
            (each["id"], [node["html"][:160] for node in each["nodes"]])
            for each in results
            if each["impact"] in {"serious", "critical"}
        ]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_nothing_is_wider_than_the_smallest_screen(place: Neighbourhood, opened: Opens) -> None:
    wide = {}
    for name in PAGES:
        page = shown(name, place, opened, viewport={"width": 320, "height": 640})
        page.wait_for_load_state("load")
        wide[name] = page.evaluate("document.scrollingElement.scrollWidth")
    assert {name: width for name, width in wide.items() if width > 320} == {}


@pytest.mark.parametrize("width", [390, 320])
def test_every_channel_is_reached_on_a_small_screen(width: int, place: Neighbourhood, opened: Opens) -> None:
    page = opened("mona", viewport={"width": width, "height": 640})
    page.wait_for_load_state("load")
    names = page.locator(".places li a").all_inner_texts()
    assert {"general", "channel-proposals", "teaching-english"} <= {each.strip() for each in names}
    seen = page.evaluate(
        """() => [...document.querySelectorAll(".places li a")].filter((one) => {
            one.scrollIntoView();
            const [list, box] = [one.closest("ul"), one.getBoundingClientRect()];
            const name = one.querySelector(".spot-words");
            return box.left >= 0 && box.right <= innerWidth && list.scrollWidth <= list.clientWidth
                && name.scrollWidth <= name.clientWidth && one.contains(document.elementFromPoint(
                    box.left + box.width / 2, box.top + box.height / 2));
        }).length"""
    )
    assert seen == len(names)


def test_what_is_pressed_is_large_enough_to_hit(place: Neighbourhood, opened: Opens) -> None:
    page = shown("form of mona", place, opened, viewport={"width": 320, "height": 640}, has_touch=True)
    expect(page.locator("dialog h2")).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll("dialog button:not(.sr), dialog summary, dialog label.choice")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24)
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert small == []
