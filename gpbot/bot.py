"""The bot: everything plugged in; it starts, tells its health, and stops."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import App

from gpbot.kit import Kit, Surface
from gpbot.outbox import Courier
from gpbot.records import ByName
from gpbot.slack.pulse import Pulse


@dataclass(frozen=True, kw_only=True)
class Gpbot(ByName):
    """Everything, wired and not yet running."""

    kit: Kit
    surface: Surface
    app: App
    courier: Courier
    pulse: Pulse

    def begin(self) -> None:
        """What every start does first, each workflow after those it stands on; nothing is sent yet."""
        with self.kit.database.without_hurry():
            for do in self.surface.at_start:
                do()

    def start(self) -> None:
        self.begin()
        self.courier.start()
        self.pulse.start()

    def settle(self) -> None:
        """Until no modal waits to be opened and no job is due at this moment (for tests and the tour)."""
        self.windows.settle()
        while self.courier.run_due():
            self.windows.settle()

    def stop(self) -> None:
        """Let what is running finish; jobs that wait stay on disk."""
        self.pulse.stop()
        self.windows.stop()
        self.courier.stop()
        self.kit.database.close()

    def health(self) -> dict[str, Any]:
        """Counts and states, never content."""
        with self.kit.database.read() as session:
            outbox = self.kit.outbox.health(session)
            has_newest_key = self.kit.keyring.has_newest(session)
        database, slack = self.kit.database.trouble, self.pulse.trouble
        is_sure = not self.kit.database.agreed.is_in_doubt
        can_work = database is None and slack is None and outbox["paused"] is None and is_sure and has_newest_key
        shown: dict[str, Any] = {
            "database": database or "ok",
            "slack": slack or "ok",
            "clock": self.kit.database.agreed.trouble or "ok",
            "outbox": dict(outbox),
            "keys": "ok" if has_newest_key else "the newest is not in GPBOT_KEYS of this process: restart it",
        }
        parts = [part() for part in self.kit.health]
        for each in parts:
            shown |= each.shows
        return {"ok": can_work and all(each.ok for each in parts), **shown}
