"""The pages people read about gpbot: complete, linked, and cited where the code depends on them."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.running import ROOT

PARTS = ("Decided", "Why", "Weighed", "Costs", "Look again")
WORDS_ON_ONE_PAGE = 350
NOT_OURS = {".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}


def files(root: Path, *endings: str) -> list[Path]:
    """Every file below `root` that ends so, except what tools keep there."""
    return sorted(
        path
        for ending in endings
        for path in root.rglob(f"*{ending}")
        if path.is_file() and not NOT_OURS & set(path.relative_to(root).parts)
    )


def decision_pages(root: Path) -> list[Path]:
    return sorted((root / "docs" / "decisions").glob("[0-9]*.md"))


def wrong_citations(root: Path) -> list[str]:
    """Where code or a page names a page under docs/ that does not exist."""
    return [
        f"{path.relative_to(root)}: {cited}"
        for path in files(root, ".py", ".md", ".toml", "Makefile", ".env.example", ".html", ".js")
        for cited in re.findall(r"(?<![\w/.])docs/[\w./-]+\.md", path.read_text())
        if not (root / cited).is_file()
    ]


def not_indexed(root: Path) -> list[str]:
    """Decisions that their index does not list, or lists with another title or more than once."""
    rows = Counter((root / "docs" / "decisions" / "README.md").read_text().splitlines())
    wanted = {page: f"- [{page.name[:4]}]({page.name}) {title(page)}" for page in decision_pages(root)}
    return [page.name for page, row in wanted.items() if rows[row] != 1]


def title(page: Path) -> str:
    first, _, _ = page.read_text().partition("\n")
    return first.removeprefix(f"# {page.name[:4]}. ")


def test_every_page_that_is_cited_exists() -> None:
    assert wrong_citations(ROOT) == []


def test_the_index_of_decisions_lists_every_page_under_its_own_title() -> None:
    assert decision_pages(ROOT)
    assert not_indexed(ROOT) == []


def test_no_two_decisions_have_the_same_number() -> None:
    numbers = Counter(page.name[:4] for page in decision_pages(ROOT))
    assert [number for number, times in numbers.items() if times > 1] == []


@pytest.mark.parametrize("page", decision_pages(ROOT), ids=lambda page: page.stem)
def test_a_decision_says_what_why_what_else_what_it_costs_and_when_to_look_again(page: Path) -> None:
    text = page.read_text()
    assert re.findall(r"^\*\*(.+?)[.*]", text, re.MULTILINE) == list(PARTS)
    assert len(text.split()) <= WORDS_ON_ONE_PAGE


def test_a_page_that_nobody_listed_and_a_citation_that_leads_nowhere_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "decisions"
    folder.mkdir(parents=True)
    for name in ("0001-listed.md", "0002-forgotten.md"):
        (folder / name).write_text(f"# {name[:4]}. Something\n")
    rows = ["- [0001](0001-listed.md) Something", "- [0002](0002-forgotten.md) Another title"]
    (folder / "README.md").write_text("\n".join(rows))
    cited = [folder.relative_to(tmp_path) / name for name in ("0001-listed.md", "0009-gone.md")]
    (tmp_path / "one.py").write_text("".join(f"# See {page}\n" for page in cited))
    assert not_indexed(tmp_path) == ["0002-forgotten.md"]
    assert wrong_citations(tmp_path) == [f"one.py: {cited[1]}"]
