"""The pages people read about gpbot: complete, linked, short, and cited where the code depends on them."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from gpbot.cli import app
from gpbot.slack.manifest import SCOPES, TO_SEE_WHEN_SOMEBODY_WROTE
from gpbot.tables import metadata
from tests.running import ROOT
from tests.stage import Stage

PARTS = ("Decided", "Why", "Weighed", "Costs", "Look again")
WORDS_ON_ONE_PAGE = 350
WORDS_IN_THE_README = 1400
TERMS = 25
# Kept by tools, and by nobody who reads or writes here.
NOT_OURS = {".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OUR_PATH = re.compile(r"`((?:gpbot|tests|migrations|benchmarks|docs|requirements|\.ci)/[\w./-]*)`")
CITED = re.compile(r"(?<![\w/.])docs/[\w./-]+\.md")


def files(root: Path, *endings: str) -> list[Path]:
    """Every file below `root` that ends so, except what tools keep there."""
    return sorted(
        path
        for ending in endings
        for path in root.rglob(f"*{ending}")
        if path.is_file() and not NOT_OURS & set(path.relative_to(root).parts)
    )


def pages(root: Path) -> list[Path]:
    """What people read: the README, and everything below docs/."""
    return [root / "README.md", *files(root / "docs", ".md")]


def decisions(root: Path) -> list[Path]:
    return sorted((root / "docs" / "decisions").glob("[0-9]*.md"))


def words_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text()


# Links and citations.


def wrong_citations(root: Path) -> list[str]:
    """Where code or a page names a page under docs/ that does not exist."""
    return [
        f"{path.relative_to(root)}: {cited}"
        for path in files(root, ".py", ".md", ".toml", "Makefile", ".env.example", ".html", ".js")
        for cited in CITED.findall(path.read_text())
        if not (root / cited).is_file()
    ]


def anchors(page: Path) -> set[str]:
    """What a link may name after #: each heading in small letters, with - for blanks."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(root: Path) -> Iterator[str]:
    for page in pages(root):
        for link in LINK.findall(page.read_text()):
            address, _, anchor = link.partition("#")
            if "://" in address:
                continue
            found = (page.parent / address).resolve() if address else page
            if not found.exists() or (anchor and anchor not in anchors(found)):
                yield f"{page.relative_to(root)}: {link}"


def missing_paths(root: Path) -> list[str]:
    """Paths of ours that a page names and that are not there."""
    return [
        f"{page.relative_to(root)}: {path}"
        for page in pages(root)
        for path in OUR_PATH.findall(page.read_text())
        if not (root / path).exists()
    ]


def test_every_page_that_is_cited_exists() -> None:
    assert wrong_citations(ROOT) == []


def test_every_link_between_pages_leads_somewhere() -> None:
    assert list(broken_links(ROOT)) == []


def test_every_path_that_a_page_names_is_there() -> None:
    assert missing_paths(ROOT) == []


def test_the_readme_leads_to_every_page_but_the_single_decisions() -> None:
    linked = {(ROOT / link).resolve() for link in LINK.findall((ROOT / "README.md").read_text()) if "://" not in link}
    assert [page.name for page in {*pages(ROOT)} - linked - {*decisions(ROOT), ROOT / "README.md"}] == []


def test_what_leads_nowhere_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "decisions"
    folder.mkdir(parents=True)
    for name in ("0001-listed.md", "0002-forgotten.md"):
        (folder / name).write_text(f"# {name[:4]}. Something\n")
    rows = ["- [0001](0001-listed.md) Something", "- [0002](0002-forgotten.md) Another title"]
    (folder / "README.md").write_text("\n".join(rows))
    cited = [folder.relative_to(tmp_path) / name for name in ("0001-listed.md", "0009-gone.md")]
    (tmp_path / "one.py").write_text("".join(f"# See {page}\n" for page in cited))
    (page, path) = (f"docs/{name}" for name in ("none.md", "none"))
    (tmp_path / "README.md").write_text(f"# A title\n[here](#a-title) [not](#a-tittle) [gone]({page}) `{path}`\n")
    assert not_indexed(tmp_path) == ["0002-forgotten.md"]
    assert sorted(wrong_citations(tmp_path)) == [f"README.md: {page}", f"one.py: {cited[1]}"]
    assert list(broken_links(tmp_path)) == ["README.md: #a-tittle", f"README.md: {page}"]
    assert missing_paths(tmp_path) == [f"README.md: {path}"]


# Decisions.


def not_indexed(root: Path) -> list[str]:
    """Decisions that their index does not list, or lists with another title or more than once."""
    rows = Counter((root / "docs" / "decisions" / "README.md").read_text().splitlines())
    wanted = {page: f"- [{page.name[:4]}]({page.name}) {title(page)}" for page in decisions(root)}
    return [page.name for page, row in wanted.items() if rows[row] != 1]


def title(page: Path) -> str:
    first, _, _ = page.read_text().partition("\n")
    return first.removeprefix(f"# {page.name[:4]}. ")


def test_the_index_of_decisions_lists_every_page_under_its_own_title() -> None:
    assert decisions(ROOT)
    assert not_indexed(ROOT) == []


def test_no_two_decisions_have_the_same_number() -> None:
    numbers = Counter(page.name[:4] for page in decisions(ROOT))
    assert [number for number, times in numbers.items() if times > 1] == []


@pytest.mark.parametrize("page", decisions(ROOT), ids=lambda page: page.stem)
def test_a_decision_says_what_why_what_else_what_it_costs_and_when_to_look_again(page: Path) -> None:
    text = page.read_text()
    assert re.findall(r"^\*\*(.+?)[.*]", text, re.MULTILINE) == list(PARTS)
    assert len(text.split()) <= WORDS_ON_ONE_PAGE


# What is complete, told from what there is.


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().split()) <= WORDS_IN_THE_README


def commands() -> Iterator[str]:
    def walk(command: object, path: tuple[str, ...]) -> Iterator[str]:
        below: dict[str, object] = getattr(command, "commands", {})
        for name, each in below.items():
            yield from walk(each, (*path, name))
        if not below:
            yield " ".join(path)

    yield from walk(typer.main.get_command(app), ())


def cannot_be_typed(words: str) -> list[str]:
    """Of what stands after `python -m gpbot`: a command or an option that there is not."""
    command: object = typer.main.get_command(app)
    for word in shlex.split(words):
        below: dict[str, object] = getattr(command, "commands", {})
        if below and word not in below:
            return [word]
        command = below.get(word, command)
        known = {each for parameter in getattr(command, "params", []) for each in parameter.opts}
        if word.startswith("--") and word not in known:
            return [word]
    return []


def test_every_command_on_a_page_can_be_typed() -> None:
    typed = [
        words
        for page in [*pages(ROOT), ROOT / ".env.example"]
        for words in re.findall(r"python -m gpbot ([a-z][^`\n]*)", page.read_text())
    ]
    assert len(typed) > 1
    assert [words for words in typed if cannot_be_typed(words)] == []


def test_a_command_that_cannot_be_typed_is_found() -> None:
    assert not cannot_be_typed('guidelines publish FILE --major --changes "Our first version."')
    assert cannot_be_typed("guidelines unpublish") == ["unpublish"]
    assert cannot_be_typed("jobs --later") == ["--later"]


def test_the_operators_page_names_every_command() -> None:
    found = list(commands())
    assert "keys rotate" in found
    page = words_of("operate.md")
    assert [each for each in found if f"`{each}`" not in page] == []


def test_the_operators_page_explains_everything_that_health_says(community: Stage) -> None:
    page = words_of("operate.md")
    assert [each for each in community.bot.health() if f"`{each}`" not in page and f'`"{each}"`' not in page] == []


def test_the_page_about_security_says_why_each_scope_is_asked_for() -> None:
    page = words_of("security.md")
    assert [scope for scope in (*SCOPES, TO_SEE_WHEN_SOMEBODY_WROTE) if f"`{scope}`" not in page] == []


def test_the_page_about_data_protection_names_every_table() -> None:
    named = set(re.findall(r"`([a-z_]+)`", words_of("data-protection.md")))
    assert sorted(set(metadata.tables) - named) == []


def test_the_glossary_is_short() -> None:
    _, _, glossary = words_of("contributing.md").partition("## Glossary")
    terms = re.findall(r"^\| (?!word |---)(.+?) \|", glossary, re.MULTILINE)
    assert 0 < len(terms) <= TERMS
    assert len(set(terms)) == len(terms)
