"""A community that asks about quiet channels, with #harbour, which gpbot opened and Tom and Nadia look after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.quiet.harbour import Harbour, open_harbour
from tests.stage import stage


@pytest.fixture
def harbour(database_url: str, tmp_path: Path) -> Iterator[Harbour]:
    """Mona proposed it, Amina approved it; it was opened on a Monday in March."""
    with stage(tmp_path, database_url=database_url) as community:
        yield open_harbour(community)
