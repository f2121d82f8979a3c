"""Modals that list what waits: remembered, so that nothing withdrawn stays in one."""

from collections.abc import Callable

from gpbot.db import Database
from gpbot.home.screens import Screens
from gpbot.slack.blocks import View
from gpbot.slack.requests import Click
from gpbot.slack.windows import Again, Windows


class Lists:
    def __init__(self, database: Database, screens: Screens, windows: Windows) -> None:
        self._database = database
        self._screens = screens
        self._windows = windows

    def show(self, asked: Click, build: Callable[[], View], *, again: Again) -> None:
        """In the modal the click came from, or in a new one."""
        listed: list[View] = []

        def draw() -> View:
            listed.append(build())
            return listed[-1]

        def opened(view_id: str) -> None:
            viewer = asked.user_id
            with self._database.begin() as session:
                self._screens.note_window(session, view_id, viewer, None, self._database.clock.now())
            if build() != listed[-1]:  # it changed before the window was known
                with self._database.begin() as session:
                    self._screens.draw_again(session, view_id, viewer, None)

        self._windows.show(asked, draw, opened=opened, again=again)
