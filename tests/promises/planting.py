"""Workflows that break a promise on purpose: a net has to catch them without being told their names."""

from collections.abc import Callable
from threading import Barrier

import pytest
from sqlalchemy import func, select

from gpbot import bootstrap, rights
from gpbot.kit import Kit, Surface, Workflow
from gpbot.reports.models import ReportRow
from gpbot.slack import on
from gpbot.slack.answers import Answer, Nothing
from gpbot.slack.requests import Click
from tests.waiting import HANGING

Made = Callable[[Kit, Surface], object]


def plant(patch: pytest.MonkeyPatch, listeners: type, made: Made) -> None:
    """One more workflow in every bot that is built from now on."""

    def surface(kit: Kit, slack: Surface) -> None:
        slack.listen(made(kit, slack))

    planted = Workflow(name="planted", use_cases=lambda _kit: None, surface=surface, listeners=(listeners,))
    patch.setattr(bootstrap, "WORKFLOWS", (*bootstrap.WORKFLOWS, planted))


class Counting:
    """Tells any champion how many reports there are, also those about them."""

    def __init__(self, kit: Kit, slack: Surface) -> None:
        self._database, self._windows = kit.database, slack.windows

    @on.click("planted.count", may=rights.CHAMPIONS)
    def count(self, asked: Click) -> Answer:
        with self._database.read() as session:
            number = session.scalar(select(func.count()).select_from(ReportRow))
        self._windows.tell(asked, f"There are {number} reports.")
        return Nothing()


class Colliding:
    """Breaks when two press at once, and never else."""

    def __init__(self, _kit: Kit, _slack: Surface) -> None:
        self._both = Barrier(2)

    @on.click("planted.collide", may=rights.ANYONE)
    def collide(self, _asked: Click) -> Answer:
        self._both.wait(HANGING)
        raise RuntimeError
