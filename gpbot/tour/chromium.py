"""A browser on this machine, to draw pages with and to try them in."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class NoBrowser(Exception):
    """There is no Chromium here; the message says what to do."""


def chromium_path() -> str:
    """Where Chromium is. Raises NoBrowser."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoBrowser("This needs Chromium or Chrome, and finds none on the PATH. Install one, for example: "
                    "apt-get install chromium")  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, without a window. Raises NoBrowser."""
    path = chromium_path()
    # As root, as in most containers, it starts without its sandbox only; it opens nothing but this machine's pages.
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=args)
        try:
            yield browser
        finally:
            browser.close()
