"""gpbot in its pages, and people with browsers; without Chromium these tests say so and are left out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from gpbot.tour.chromium import NoBrowser, chromium, chromium_path
from gpbot.tour.neighbourhood import Neighbourhood, neighbourhood
from gpbot.tour.pages import frame, furnish
from tests.waiting import HANGING

Opens = Callable[..., Page]

PATIENCE_MS = HANGING * 1000  # how long a browser looks for something


def _without_browser() -> str:
    """Why the pages cannot be tried here, or nothing."""
    try:
        chromium_path()
    except NoBrowser as why:
        return f"The pages were not tried in a browser. {why}"
    return ""


_WHY_NOT = _without_browser()
# A mark, and not a skip at import: test modules import from each other, with Chromium or without.
IN_A_BROWSER = pytest.mark.skipif(bool(_WHY_NOT), reason=_WHY_NOT)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    with neighbourhood(tmp_path_factory.mktemp("pages").resolve(), pages=True) as here:
        furnish(here)
        here.open_pages(frame(here, reset=lambda: None))
        yield here
        assert here.workspace.problems == []


@pytest.fixture
def opened(browser: Browser, place: Neighbourhood) -> Iterator[Opens]:
    """Opens a page, each in a browser of its own: `opened("/guide")`, `opened("mona")`, `opened("ben", "home")`."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def is_ours(asked: Request) -> None:
        if not asked.url.startswith(f"{place.workspace.base_url}/"):
            troubles.append(f"asked for {asked.url}")

    def is_no_error(said: ConsoleMessage) -> None:
        if said.type == "error":
            troubles.append(said.text)

    def open_page(who: str, where: str = "messages", **options: Any) -> Page:
        context = browser.new_context(base_url=place.workspace.base_url, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", is_no_error)
        page.on("request", is_ours)
        page.goto(who if who.startswith("/") else f"/as/{place[who].user.name}/{where}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    for person in place.people.values():
        if person.modals:
            person.dismiss(all=True)
    assert troubles == []
