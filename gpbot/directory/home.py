"""Channels on App Home."""

from collections.abc import Callable

from gpbot.directory import ids
from gpbot.directory.types import NotForYou
from gpbot.directory.workflow import Directory
from gpbot.slack.blocks import Block, Element, actions, button, section


class DirectorySection:
    def __init__(self, directory: Directory, *, also: Callable[[str], list[Element]] | None = None) -> None:
        """`also(user_id)`: more buttons about channels."""
        self._directory = directory
        self._also = also

    def __call__(self, user_id: str) -> list[Block]:
        with self._directory.database.read() as session:
            try:
                self._directory.let_in(session, user_id)
            except NotForYou:
                return []
        more = self._also(user_id) if self._also else []
        return [
            section("*Channels*\nFind the channels for what you work on, and join them."),
            actions(button("Find channels", f"{ids.OPEN}:home"), *more),
        ]
