"""How long files get, and whose queries they may run."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from tests.running import ROOT

MOST_LINES = 500
MOST_LINES_OF_THE_WIRING = 350
MAY_BE_LONGER = ("gpbot/practice", "gpbot/tour", "tests", ".ci")  # what .ci holds practice against is a test
CODE = ("app.py", ".ci/*.py", "benchmarks/**/*.py", "gpbot/**/*.py", "migrations/**/*.py", "tests/**/*.py")


def files(root: Path) -> Iterator[Path]:
    for pattern in CODE:
        yield from root.glob(pattern)


def too_long(root: Path) -> list[str]:
    """Named with how many lines they have."""
    lengths = {path.relative_to(root): len(path.read_text().splitlines()) for path in files(root)}
    return [
        f"{name}: {length}"
        for name, length in sorted(lengths.items())
        if length > MOST_LINES and not any(name.is_relative_to(folder) for folder in MAY_BE_LONGER)
    ]


def stores_of_others(name: str, source: str) -> set[str]:
    """The stores of other folders that a file of this name imports."""
    own = f"{'.'.join(PurePosixPath(name).parts[:2])}.store"
    return {each for each in _stores(_imported(ast.parse(source))) if each != own}


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _stores(imported: Iterable[str]) -> Iterator[str]:
    for name in imported:
        top, _, rest = name.partition(".")
        folder, _, inside = rest.partition(".")
        if top == "gpbot" and inside.split(".")[0] == "store":
            yield f"gpbot.{folder}.store"


def test_no_file_outside_practice_the_tour_and_tests_is_too_long() -> None:
    assert len(list(files(ROOT))) > 400
    assert too_long(ROOT) == []


def test_what_every_workflow_goes_through_stays_small() -> None:
    files = [(ROOT / "gpbot" / f"{name}.py").read_text() for name in ("bootstrap", "bot", "kit")]
    assert sum(len(each.splitlines()) for each in files) <= MOST_LINES_OF_THE_WIRING


def test_a_file_that_grew_would_be_found(tmp_path: Path) -> None:
    """The control: one line too many, one that is just short enough, and one that may be longer."""
    for name, lines in (("gpbot/quiet/grown.py", 501), ("gpbot/quiet/just.py", 500), ("gpbot/practice/long.py", 900)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("pass\n" * lines)
    assert too_long(tmp_path) == ["gpbot/quiet/grown.py: 501"]


def test_no_folder_imports_the_store_of_another() -> None:
    folders = list((ROOT / "gpbot").glob("*/**/*.py"))
    own = [path for path in folders if "store" in path.read_text()]
    assert len(own) > 20
    found = {str(path.relative_to(ROOT)): path.read_text() for path in folders}
    assert {name: others for name, text in found.items() if (others := stores_of_others(name, text))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "from gpbot.reports import store",
        "from gpbot.reports import ids, store as reports",
        "from gpbot.reports.store import Store",
        "from gpbot.reports.store.door import Door",
        "import gpbot.reports.store",
        "def ask():\n    from gpbot.reports.store import Store",
    ],
)
def test_the_store_of_another_folder_would_be_found(planted: str) -> None:
    assert stores_of_others("gpbot/questions/workflow.py", planted) == {"gpbot.reports.store"}
    assert stores_of_others("gpbot/reports/cases.py", planted) == set()
