"""A community that asks about quiet channels, with #harbour, which gpbot opened and Tom and Nadia look after."""

import pytest

from tests.quiet.harbour import Harbour, open_harbour
from tests.stage import Stage


@pytest.fixture
def harbour(community: Stage) -> Harbour:
    """Mona proposed it, Amina approved it; it was opened on a Monday in March."""
    return open_harbour(community)
