"""The opening machine, ready to be given an approved proposal."""

from collections.abc import Iterator

import pytest

from gpbot.db import Database
from gpbot.practice import Server, Workspace
from tests.clocks import StoppedClock
from tests.opening.rig import Rig, build
from tests.running import app_manifest_over_http


@pytest.fixture
def rig(database_url: str) -> Iterator[Rig]:
    """Amina and Ben are champions; Mona, Tom and Nadia are members."""
    clock = StoppedClock()
    database = Database(database_url, clock=clock)
    workspace = Workspace("Good Practice Network", clock=clock)
    with Server(workspace) as server:
        yield build(database, clock, workspace, server, app_manifest_over_http())
        workspace.check()
    database.close()
