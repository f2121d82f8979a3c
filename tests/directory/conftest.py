"""The community without a channel of its own for proposals, so that these tests name every public channel there is."""

import pytest

from tests.stage import Stage


@pytest.fixture
def community(community: Stage) -> Stage:
    community.later(minutes=10)
    community.workspace.run_due()  # what Slack could not tell before gpbot was there
    community.workspace.delete_channel(community.proposals)
    community.settle()
    return community
