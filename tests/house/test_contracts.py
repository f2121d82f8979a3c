"""The import contracts fail closed: what nobody thought of when they were written breaks them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

PLANTED = {
    "a new folder in no layer": (
        "gpbot/planted/workflow.py",
        "from gpbot.people.workflow import People",
        "- gpbot.planted\n",
    ),
    "a new file in no room": (
        "gpbot/reports/whatever.py",
        "from gpbot.reports.types import Case",
        "- gpbot.reports.whatever\n",
    ),
    "a lower workflow that imports an upper one": (
        "gpbot/people/roles.py",
        "from gpbot.reports.types import Case",
        "gpbot.people.roles -> gpbot.reports.types",
    ),
    "a use case that imports its listeners": (
        "gpbot/questions/workflow.py",
        "from gpbot.questions.listeners import QuestionListeners",
        "gpbot.questions.workflow -> gpbot.questions.listeners",
    ),
    "a use case that sees Slack": (
        "gpbot/reports/cases.py",
        "from gpbot.slack.blocks import View",
        "- gpbot.reports.cases -> gpbot.slack.blocks",
    ),
    "a new file that sees Slack": (
        "gpbot/quiet/whatever.py",
        "from slack_sdk import WebClient",
        "- gpbot.quiet.whatever -> slack_sdk",
    ),
    "a use case that sees Slack by way of another workflow's window": (
        "gpbot/questions/access.py",
        "from gpbot.people.views import organisation_form",
        "- gpbot.questions.access -> gpbot.people.views",
    ),
    "a second door to the tables of reports": (
        "gpbot/reports/whatever.py",
        "from gpbot.reports.models import Report",
        "- gpbot.reports.whatever -> gpbot.reports.models",
    ),
    "another workflow at the tables of reports": (
        "gpbot/questions/store.py",
        "from gpbot.reports.models import Report",
        "- gpbot.questions.store -> gpbot.reports.models",
    ),
    "a workflow that knows practice": (
        "gpbot/proposals/names.py",
        "from gpbot.practice.workspace import Workspace",
        "- gpbot.proposals.names -> gpbot.practice.workspace",
    ),
    "practice that knows gpbot": (
        "gpbot/practice/state.py",
        "from gpbot.crypto import Vault",
        "gpbot.practice.state -> gpbot.crypto",
    ),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of gpbot with everything planted in it."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "gpbot", copy / "gpbot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name, line, _ in PLANTED.values():
        place = copy / name
        if not place.parent.exists():
            place.parent.mkdir()
            (place.parent / "__init__.py").touch()
        before = place.read_text() if place.exists() else ""
        place.write_text(f"{before}\n{line}\n")
    return linted(copy)


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_import_is_refused(refused: str, planted: str) -> None:
    *_, said = PLANTED[planted]
    assert said in refused


def test_nothing_is_refused_without_a_plant() -> None:
    """The control: it is the plants that are refused."""
    said = linted(ROOT)
    assert " 0 broken." in said
    assert not [planted for planted, (*_, refusal) in PLANTED.items() if refusal in said]


def linted(where: Path) -> str:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(  # noqa: S603
        [linter, "--no-cache"], cwd=where, capture_output=True, text=True, check=False
    )
    return run.stdout
