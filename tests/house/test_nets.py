"""What the nets have to know of a workflow stands beside its tests; where it is missing, they say what to write."""

import pytest

from gpbot.bootstrap import WORKFLOWS
from gpbot.kit import Workflow
from gpbot.reports import ids
from gpbot.rights import Subject, personal
from tests import nets
from tests.nets import Nets
from tests.promises.pressing import people_with, value_in
from tests.promises.worlds import World
from tests.stage import Stage

PLANTED = Subject(name="something planted")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.name)
def test_every_workflow_says_something_to_the_nets(workflow: Workflow) -> None:
    assert nets.of(workflow.name) != Nets()


@pytest.mark.parametrize("folder", ["planted", "house"])
def test_a_workflow_that_says_nothing_is_told_what_to_write(folder: str) -> None:
    with pytest.raises(AssertionError, match=rf"gpbot/{folder} has no tests/{folder}/nets.py: write one with `NETS = "):
        nets.of(folder)


def test_a_subject_and_a_right_of_which_nothing_is_said_are_told_too(community: Stage) -> None:
    world = World(c=community, has_report=False)
    assert value_in(world, ids.REPORT)
    assert people_with(ids.READER) == {"ben"}
    with pytest.raises(AssertionError, match="what something planted is in a world"):
        value_in(world, PLANTED)
    with pytest.raises(AssertionError, match="who in a town is “who planted it”"):
        people_with(personal("who planted it", PLANTED))
