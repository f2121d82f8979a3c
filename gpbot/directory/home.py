"""Channels on App Home."""

from collections.abc import Callable

from gpbot.directory import ids
from gpbot.directory.types import NotForYou
from gpbot.directory.workflow import Directory
from gpbot.slack.blocks import Block, Element, actions, button, section


class DirectorySection:
    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._also: list[Callable[[str], list[Element]]] = []

    def also(self, buttons: Callable[[str], list[Element]]) -> None:
        """`buttons(user_id)`: more of them about channels."""
        self._also.append(buttons)

    def __call__(self, user_id: str) -> list[Block]:
        with self._directory.database.read() as session:
            try:
                self._directory.let_in(session, user_id)
            except NotForYou:
                return []
        more = [button for buttons in self._also for button in buttons(user_id)]
        return [
            section("*Channels*\nFind the channels for what you work on, and join them."),
            actions(button("Find channels", f"{ids.OPEN}:home"), *more),
        ]
