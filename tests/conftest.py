"""The stage that scenarios and promises play on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import Stage, stage


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Stage]:
    """Three champions (amina, ben, chloe), two contacts (edith, farid), members mona, tom and nadia."""
    with stage(tmp_path) as here:
        yield here
