"""The jobs of screens."""

from dataclasses import field
from uuid import UUID

from gpbot.outbox.typed import LEFT_OUT, none_as
from gpbot.sealed.jobs import SealedJob


class HomeJob(SealedJob):
    pass


class Unsend(HomeJob, task="unsend"):
    """Deletes a message."""

    channel: str
    ts: str


class Blank(HomeJob, task="blank", by_turns=True):
    """Leaves no word and no button in a message that Slack does not let us delete."""

    channel: str
    ts: str


class Home(HomeJob, task="home", by_turns=True):
    """Shows them their App Home as it is when this is sent; changes that come together are shown together."""

    to: str


class Window(HomeJob, task="window"):
    """Shows in an open modal what its viewer may see of `report` now: any subject, whatever it is; None: a list."""

    view: str
    viewer: str
    report: UUID | None = field(metadata=none_as(""))
    again: str = field(default="", metadata=LEFT_OUT)  # "yes": it was emptied before

    @property
    def place(self) -> tuple[str, str, UUID | None]:
        return self.view, self.viewer, self.report
