"""Draws the albums' pictures as PNG files, for review and for the README."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from gpbot.tour.albums import ALBUMS
from gpbot.tour.chromium import chromium
from gpbot.tour.neighbourhood import Neighbourhood, neighbourhood
from gpbot.tour.pages import frame, furnish
from gpbot.tour.pictures import Album, Look, Picture

_ONE_WINDOW: Final = 704  # from this width on, only a conversation scrolls, and not the page


def draw_all(own: Path, folder: Path, only: str = "") -> Iterator[Path]:
    """Draw what has `only` in its name into `folder`; the communities it is played in live in the folder `own`.

    Of each album, no more is played than the pictures need. Raises NoBrowser, BotDied, CannotDo.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for album in ALBUMS:
            if any(only in picture.name for picture in album.pictures):
                yield from _draw_album(browser, album, own / album.name, folder, only)


def _draw_album(browser: Browser, album: Album, own: Path, folder: Path, only: str) -> Iterator[Path]:
    own.mkdir()
    last = max(number for number, picture in enumerate(album.pictures) if only in picture.name)
    with neighbourhood(own, pages=True, settings=album.settings) as place:
        furnish(place)
        place.open_pages(frame(place, reset=lambda: None))
        pages = _Pages(browser, place)
        for picture in album.pictures[: last + 1]:
            if picture.do is not None:
                picture.do(place)
                place.settle()
            if only in picture.name:
                for look in picture.looks:
                    yield pages.draw(picture, look, folder)


class _Pages:
    """One page for each look, used again and again."""

    def __init__(self, browser: Browser, place: Neighbourhood) -> None:
        self._browser = browser
        self._place = place
        self._pages: dict[Look, Page] = {}

    def draw(self, picture: Picture, look: Look, folder: Path) -> Path:
        page = self._page(look)
        path = picture.path or f"/as/{self._place[picture.who].user.name}/{picture.where}"
        page.goto(self._place.workspace.base_url + path, wait_until="load")
        if picture.path.startswith("/two"):
            for shown in page.frames[1:]:
                shown.wait_for_load_state("load")
        if (
            not picture.path
            and picture.where != "home"
            and look.width < _ONE_WINDOW
            and not page.locator("dialog[open]").count()
        ):
            page.evaluate("scrollTo(0, document.body.scrollHeight)")  # to the newest message, as Slack does
        if picture.click:
            page.get_by_role("button", name=picture.click, exact=True).last.click()
            page.locator("dialog.confirm[data-shown]").wait_for()
        file = folder / ("-".join(filter(None, [picture.name, look.name])) + ".png")
        page.screenshot(path=file, animations="disabled")
        return file

    def _page(self, look: Look) -> Page:
        if look not in self._pages:
            context = self._browser.new_context(
                viewport={"width": look.width, "height": look.height},
                color_scheme="dark" if look.dark else "light",
                device_scale_factor=look.scale,
                reduced_motion="reduce",
                locale="en-GB",
            )
            self._pages[look] = context.new_page()
        return self._pages[look]
