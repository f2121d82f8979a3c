"""What is owed to screens."""

from enum import StrEnum


class Task(StrEnum):
    UNSEND = "unsend"
    BLANK = "blank"
    HOME = "home"
    WINDOW = "window"
