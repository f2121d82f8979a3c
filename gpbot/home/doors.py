"""The buttons people come in by, wherever they are offered."""

from gpbot.home import ids
from gpbot.slack.blocks import Element, button


def report() -> Element:
    return button("Report a concern", ids.REPORT)


def ask() -> Element:
    return button("Ask the champions", ids.ASK)


def find_channels(place: str) -> Element:
    """`place` keeps it apart from others in the same message."""
    return button("Find channels", f"{ids.FIND_CHANNELS}:{place}")
